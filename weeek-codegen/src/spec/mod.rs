//! From text to a document that is safe to lower.

pub(crate) mod audit;
pub(crate) mod context;
mod grammar;
pub(crate) mod lint;
pub(crate) mod load;
pub(crate) mod node;
pub(crate) mod opinion;
pub(crate) mod resolve;
mod text;
mod validate;
pub(crate) mod words;

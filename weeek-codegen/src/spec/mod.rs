//! Reads the spec: a tree with spans, and the checks that need nothing but the tree.

pub(crate) mod context;
pub(crate) mod cross_check;
mod deserialize;
mod grammar;
pub(crate) mod lint;
pub(crate) mod load;
pub(crate) mod node;
pub(crate) mod openapi;
pub(crate) mod path_parameters;
mod references;
pub(crate) mod resolve;
pub(crate) mod structure;
pub(crate) mod suggest;
mod syntax;
mod validate;

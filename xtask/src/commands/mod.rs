//! The commands.

pub(crate) mod upstream;

//! One module per command, with its options and `run`.

pub mod add;
pub mod codegen;
mod diagnostics;
pub mod diff;
#[cfg(feature = "live")]
mod evidence;
pub mod lint;
pub mod live;
#[cfg(feature = "live")]
pub mod mock;
pub mod operations;
#[cfg(feature = "live")]
pub mod probe;
pub mod release_notes;
#[cfg(feature = "live")]
pub mod replay;
pub mod upstream;

//! Tests of the commands and of what they stand on: one program links once, and runs them side by side.

#![allow(missing_docs)]

#[cfg(feature = "live")]
mod drift;
#[cfg(unix)]
mod gate;
mod imports;
#[cfg(feature = "live")]
mod live;
mod merge;
mod upstream;

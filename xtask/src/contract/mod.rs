//! The spec with locations, and everything that compares responses with it.

mod client;
mod compare;
mod drift;
pub mod evidence;
pub mod recording;
pub mod report;
mod route;
pub mod schema;
mod spec;

pub use client::{Decoded, decode};
pub use compare::{Comparison, compare, validate, without_indices};
pub use drift::{Drift, DriftKind, Severity};
pub use route::Route;
#[cfg(test)]
pub(crate) use spec::SPEC;
pub use spec::{Operation, Pagination, Parameter, Response, Spec};

//! The spec with locations, and everything that compares responses with it.

#[cfg(feature = "live")]
pub mod schema;

mod compare;
mod drift;
mod envelope;
pub mod evidence;
mod lenient;
pub mod recording;
pub mod report;
mod route;
mod scalar;
mod spec;

pub use compare::{Comparison, compare, compare_with_facts};
pub use drift::{Drift, DriftKind, Severity};

pub use route::Route;
pub use spec::{Operation, Pagination, Parameter, Response, Spec};

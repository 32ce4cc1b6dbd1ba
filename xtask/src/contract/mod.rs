//! The spec with locations, and everything that compares responses with it.

#[cfg(feature = "live")]
pub mod schema;

mod drift;
mod envelope;
mod lenient;
pub mod pointer;
pub mod recording;
pub mod report;
mod route;
mod scalar;
mod spec;
mod yaml;

pub use drift::{Drift, DriftKind, Severity};
pub use lenient::compare;
pub use route::Route;
pub use spec::{Operation, Pagination, Parameter, Response, Spec};

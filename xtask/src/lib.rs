//! The commands that hold the document against reality: recorded answers, and behind the feature `live` a mock server and
//! a probe of the live API.
//!
//! It is a library so that tests, the client's among them, can use its parts. Nothing here knows the client.

pub mod departure;
pub mod document;
mod form;
#[cfg(feature = "live")]
pub mod mock;
pub mod outcome;
#[cfg(feature = "live")]
pub mod probe;
pub mod recording;
pub mod replay;
pub mod report;
#[cfg(feature = "live")]
pub mod schema;
pub mod upstream;

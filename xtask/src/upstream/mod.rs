//! In step with what Weeek publishes: the last reviewed document, a newer one and ours, compared place by place.
//!
//! Everything here is a function of texts. A place is written in terms of the published document: `GET /tm/tasks query.day`,
//! `POST /tm/tasks body.title`, or `Task.title` where a schema has a name.

pub mod adopt;
pub mod compare;
pub mod departures;
pub mod model;
pub mod normal;
pub mod pin;
pub mod report;
pub mod review;
pub mod rules;
mod scalars;
pub mod sha256;
mod weight;

//! In step with what Weeek publishes. Everything here is a function of texts.
//!
//! [`normal`] reduces a document to facts, place by place. [`compare`] lines up three of them: the last reviewed document, which is the
//! pin, a newer one, and our spec. [`review`] decides what a difference is. A rule of [`rules`] or an entry of `spec/departures.yaml`
//! explains it, or it goes into a list: new, settled, moved, unexplained or stale. [`report`] shows the lists, and [`adopt`] drafts
//! what our spec lacks.
//!
//! A place is written in terms of the published document: `GET /tm/tasks query.day`,
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

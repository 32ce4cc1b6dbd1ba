//! Maintenance commands for the spec and the client: `cargo xtask help`.
//!
//! To read the code, begin at the top of this list. A module imports only from those above it (`tests/suite/imports`):
//!
//! - `printable`, [`outcome`], [`mod@format`], `text_formats`, [`mod@pointer`], `yaml`, `files`, [`workspace`]: text for a terminal,
//!   exit statuses, output formats, string formats, JSON pointers, YAML with lines, reading and writing, the workspace root.
//! - [`upstream`]: what Weeek publishes, the last review of it and the spec, compared place by place.
//! - `contract`, behind the feature `live` like the next two: the spec with locations, its JSON Schema, drift of responses, which it
//!   decodes with the client, recordings, reports.
//! - `mock` and `probe`: a server made from the spec, and a reader of the live API.
//! - [`commands`]: one module per command, with its options and `run`, and the flags.
//! - `main.rs` and `bin/live.rs`: dispatch. The second program has the commands that need the network or the client, so the
//!   generator builds without either.
//!
//! The modules are a library because tests use them, including those of the client. Only `contract` depends on the client.

pub mod commands;
#[cfg(feature = "live")]
pub mod contract;
mod files;
pub mod format;
#[cfg(feature = "live")]
pub mod mock;
pub mod outcome;
pub mod pointer;
mod printable;
#[cfg(feature = "live")]
pub mod probe;
#[cfg(feature = "live")]
mod text_formats;
pub mod upstream;
pub mod workspace;
mod yaml;

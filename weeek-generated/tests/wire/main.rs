//! Calls every operation over a real socket. A validator that shares no code with the generator checks requests, responses and
//! examples against the spec. The calls are those of `tests/generated`; a test by hand is only for what no example can say.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

mod by_hand;
mod examples;
mod ids;
mod operations;
mod schema;
mod spec;
#[path = "../support/mod.rs"]
mod support;
mod wire;

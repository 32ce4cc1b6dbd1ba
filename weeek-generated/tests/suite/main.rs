//! Most tests of the client: one program links once, and runs them side by side.

#![allow(missing_docs, dead_code, unreachable_pub, reason = "`main` of the examples is not called")]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

mod corpus;
mod examples;
mod guesses;
mod mock;
mod programs;
mod replay;
mod stored;
#[path = "../support/mod.rs"]
mod support;
mod testing;
#[path = "../support/variations.rs"]
mod variations;
mod wire;

use std::sync::{Arc, LazyLock};

use xtask::contract::Spec;
use xtask::contract::schema::Schemas;

/// The spec, read once.
static SPEC: LazyLock<Arc<Spec>> = LazyLock::new(|| Arc::new(Spec::load(None).unwrap()));
static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas::closed(SPEC.clone()));

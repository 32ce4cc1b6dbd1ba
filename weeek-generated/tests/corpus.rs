//! Runs the fuzz target on its corpus and on mutations of it. CONTRIBUTING.md says how to fuzz longer.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

#[path = "../fuzz/near.rs"]
mod near;
#[path = "../fuzz/response.rs"]
mod response;
#[allow(dead_code, reason = "nothing is sent")]
mod support;

use std::fs;

fn corpus() -> Vec<Vec<u8>> {
    let folder = fs::read_dir(xtask::workspace::root().unwrap().join("weeek-generated/fuzz/corpus/response")).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 100, "{} files", paths.len());
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn any_response_is_a_value_or_an_error() {
    corpus().iter().for_each(|input| response::run(input));
}

/// Run with `WEEEK_RESPONSES=10000000 cargo test --release …` for longer.
#[test]
fn a_mutated_response_is_a_value_or_an_error() {
    let count = std::env::var("WEEEK_RESPONSES").map_or(3_000, |count| count.parse().unwrap());
    near::run(&corpus(), count, response::run);
}

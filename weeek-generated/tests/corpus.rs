//! What fuzzing found worth keeping, as a plain test. CONTRIBUTING.md says how to fuzz on.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

#[path = "../fuzz/answer.rs"]
mod answer;
#[path = "../fuzz/near.rs"]
mod near;
#[allow(dead_code, reason = "nothing is sent")]
mod support;

use std::fs;

fn corpus() -> Vec<Vec<u8>> {
    let folder = fs::read_dir(xtask::workspace::root().unwrap().join("weeek-generated/fuzz/corpus/answer")).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 100, "{} files", paths.len());
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn any_answer_is_a_value_or_an_error() {
    corpus().iter().for_each(|input| answer::run(input));
}

/// `WEEEK_ANSWERS=10000000 cargo test --release …` for the long run.
#[test]
fn answers_near_those_of_the_corpus_are_too() {
    let count = std::env::var("WEEEK_ANSWERS").map_or(3_000, |count| count.parse().unwrap());
    near::run(&corpus(), count, answer::run);
}

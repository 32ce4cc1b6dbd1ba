//! Runs the fuzz targets on their corpora and on mutations of them. fuzz/README.md says how to fuzz longer.

#[path = "../../fuzz/error.rs"]
mod error;
#[path = "../../fuzz/near.rs"]
mod near;
#[path = "../../fuzz/response.rs"]
mod response;

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

use crate::SPEC;
use crate::variations::variations;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = xtask::workspace::root().unwrap().join("weeek-generated/fuzz/corpus").join(target);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 50, "{} files", paths.len());
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Runs the target on mutations; `WEEEK_INPUTS=10000000 cargo test --release …` on more.
fn mutate(target: &str, run: fn(&[u8])) {
    let count = std::env::var("WEEEK_INPUTS").map_or(3_000, |count| count.parse().unwrap());
    near::run(&corpus(target), count, run);
}

#[test]
fn any_response_is_a_value_or_an_error() {
    corpus("response").iter().for_each(|input| response::run(input));
}

#[test]
fn a_mutated_response_is_a_value_or_an_error() {
    mutate("response", response::run);
}

#[test]
fn any_error_response_is_read_within_bounds() {
    corpus("error").iter().for_each(|input| error::run(input));
}

#[test]
fn a_mutated_error_response_is_read_within_bounds() {
    mutate("error", error::run);
}

/// The stack of a test thread is 2 MiB, as that of a Tokio worker.
#[test]
fn nesting_never_overflows_the_stack() {
    const LEVELS: usize = 2_000;
    let nested = [("[", "]"), ("{\"0\":", "}"), ("{\"id\":", "}"), ("{\"error\":", "}"), ("[{\"errors\":", "}]")]
        .map(|(open, close)| open.repeat(LEVELS) + "1" + &close.repeat(LEVELS));
    let (spec, mut shapes, mut tried) = (&*SPEC, BTreeSet::new(), 0);
    for operation in spec.operations() {
        let example = spec.success(operation).unwrap().example.cloned().unwrap_or_default();
        let marked = variations(&example, &mut shapes, &|_| vec![Some(json!("@"))]);
        for nested in &nested {
            for body in marked.iter().chain([&json!("@")]) {
                let body = body.to_string().replace(r#""@""#, nested);
                response::run(format!("{} 200\n{body}", operation.id).as_bytes());
                tried += 1;
            }
            response::run(format!("{} 400\n{nested}", operation.id).as_bytes());
        }
    }
    assert!(tried > 2_000, "{tried}");
}

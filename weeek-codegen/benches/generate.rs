//! Linting and generating the client of our spec.

#![allow(missing_docs)]

use divan::black_box;

const SPEC: &str = include_str!("../../spec/openapi.yaml");

fn main() {
    divan::main();
}

#[divan::bench]
fn lint() -> weeek_codegen::Counts {
    weeek_codegen::lint(black_box(SPEC)).expect("the spec has no errors")
}

#[divan::bench]
fn generate() -> weeek_codegen::Client {
    weeek_codegen::generate(black_box(SPEC)).expect("the spec has no errors")
}

//! Generating the client, whole and stage by stage, of our document and of lawful ones many times its size.
//!
//! The items of a second are operations: what is linear has as many of them at every size.

#![allow(missing_docs)]
#![allow(clippy::wildcard_imports, reason = "the module is a part of the file")]

#[path = "support/enlarge.rs"]
mod enlarge;

use std::sync::LazyLock;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use weeek_codegen::stages::{Api, Document, Tokens};

/// Not optimized, as in a smoke test, the large ones would take minutes.
const SIZES: &[usize] = if cfg!(debug_assertions) { &[1, 2] } else { &[1, 10, 100] };

const OPERATIONS: usize = 157;

static DOCUMENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let ours = include_str!("../../spec/openapi.yaml");
    SIZES.iter().map(|size| enlarge::enlarge(ours, *size)).collect()
});

fn main() {
    divan::main();
}

fn text(size: usize) -> &'static str {
    let at = SIZES.iter().position(|known| *known == size);
    at.map_or("", |at| &DOCUMENTS[at])
}

fn document(size: usize) -> Document<'static> {
    Document::load(text(size)).expect("the document is YAML")
}

fn api(size: usize) -> Api {
    document(size).lower().expect("the document has a meaning")
}

#[divan::bench(args = SIZES, max_time = 10)]
fn whole(bencher: Bencher, size: usize) {
    let text = text(size);
    bencher.counter(ItemsCount::new(size * OPERATIONS)).bench_local(|| {
        let client = weeek_codegen::generate(black_box(text)).expect("the document is clean");
        assert_eq!(client.counts.operations, size * OPERATIONS);
        client
    });
}

mod stage {
    use super::*;

    #[divan::bench(args = SIZES, max_time = 5)]
    fn a_load(bencher: Bencher, size: usize) {
        let text = text(size);
        bencher.counter(ItemsCount::new(size * OPERATIONS)).bench_local(|| Document::load(black_box(text)).unwrap());
    }

    #[divan::bench(args = SIZES, max_time = 5)]
    fn b_audit(bencher: Bencher, size: usize) {
        let document = document(size);
        bencher.counter(ItemsCount::new(size * OPERATIONS)).bench_local(|| document.audit().unwrap());
    }

    #[divan::bench(args = SIZES, max_time = 5)]
    fn c_lint(bencher: Bencher, size: usize) {
        let document = document(size);
        bencher.counter(ItemsCount::new(size * OPERATIONS)).bench_local(|| document.lint().unwrap());
    }

    #[divan::bench(args = SIZES, max_time = 5)]
    fn d_lower(bencher: Bencher, size: usize) {
        let document = document(size);
        bencher.counter(ItemsCount::new(size * OPERATIONS)).bench_local(|| document.lower().unwrap());
    }

    #[divan::bench(args = SIZES, max_time = 5)]
    fn e_balance(bencher: Bencher, size: usize) {
        let (document, api) = (document(size), api(size));
        bencher.counter(ItemsCount::new(size * OPERATIONS)).bench_local(|| document.balance(&api).unwrap());
    }

    #[divan::bench(args = SIZES, max_time = 5)]
    fn f_emit(bencher: Bencher, size: usize) {
        let api = api(size);
        bencher.counter(ItemsCount::new(size * OPERATIONS)).bench_local(|| api.emit());
    }

    #[divan::bench(args = SIZES, max_time = 5)]
    fn g_render(bencher: Bencher, size: usize) {
        let tokens = api(size).emit();
        let bencher = bencher.counter(ItemsCount::new(size * OPERATIONS));
        bencher.with_inputs(|| tokens.clone()).bench_local_values(Tokens::render);
    }
}

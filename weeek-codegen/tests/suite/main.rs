//! Tests of the generator: one program links once, and runs them side by side.

#![allow(missing_docs)]

mod aliases;
mod bounds;
mod clean;
mod corpus;
mod damage;
mod diff_proof;
mod diff_text;
#[path = "../../fuzz/document.rs"]
mod document;
mod edits;
#[path = "../../../xtask/tests/suite/imports/graph.rs"]
mod graph;
mod hostile;
mod invariants;
mod mutations;
#[path = "../package/mod.rs"]
mod package;
mod planted;
mod reserved_names;
mod runtime;
mod shapes;
mod sources;
mod texts;
mod tokens;

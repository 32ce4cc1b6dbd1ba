//! Tests of the generator: one program links once, and runs them side by side.

#![allow(missing_docs)]

mod aliases;
mod bounds;
mod compiled;
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
mod real;
mod reserved_names;
mod shapes;
mod sources;
mod texts;
mod tokens;

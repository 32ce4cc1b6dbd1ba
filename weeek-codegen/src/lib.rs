//! Generates the source of a Rust client from the OpenAPI spec of the Weeek API.
//!
//! [`generate`] is a pure function of the spec's text: it reads no file, no environment and no clock. [`lint`] checks a spec
//! the same way and generates nothing.
//!
//! To read the crate, start with `analysis`, which calls the stages in order. Each is a module that knows only its neighbors:
//!
//! | stage | module | from | to |
//! | --- | --- | --- | --- |
//! | load | `spec::load` | text | a tree with spans |
//! | structure | `spec::structure` | the tree | errors against the grammar of OpenAPI and our keys |
//! | lint | `spec::lint` | the tree | errors against OpenAPI's rules and the house rules |
//! | lower | `lower` | the tree | `ir`, the client as plain data |
//! | cross-check | `spec::cross_check`, `completeness` | the tree | errors where `openapiv3` reads another spec than ours |
//! | emit | `emit`, with `source` | `ir` | files |
//!
//! Who is authoritative for what: everything generated comes from the tree, which alone has spans and every key. `openapiv3`
//! only checks that the spec is OpenAPI and that nothing of it got lost. The tests and `xtask` read specs with readers of their
//! own, on purpose: an error that all readers shared would go unnoticed.

mod analysis;
mod completeness;
mod cycles;
mod diagnostic;
pub mod diff;
mod emit;
mod files;
mod ir;
mod lower;
mod naming;
mod operations;
mod public_api;
mod rules;
mod source;
mod spec;
mod version;

use analysis::{HouseRules, analyze};
use version::Version;

pub use completeness::Counts;
pub use diagnostic::{Diagnostic, Diagnostics, Fix, Related};
pub use files::{FileChange, FileSet, FileStatus, MARKER};
pub use operations::Operation;
pub use rules::Rule;

/// A generated client.
#[derive(Clone, Debug)]
pub struct Client {
    /// The files, by path below the output folder.
    pub files: FileSet,
    /// The files beside the output folder, by path below the crate: calls for its tests, and `llms.txt`.
    pub beside: FileSet,
    /// How much was generated.
    pub counts: Counts,
}

/// Generates the client of a spec, or returns everything that is wrong with the spec.
pub fn generate(text: &str) -> Result<Client, Diagnostics> {
    let (api, counts) = analyze(text, HouseRules::Apply)?;
    Ok(Client { files: emit::client(&api), beside: emit::beside(&api), counts })
}

/// Checks everything that [`generate`] checks, and returns how much was checked.
pub fn lint(text: &str) -> Result<Counts, Diagnostics> {
    analyze(text, HouseRules::Apply).map(|(_, counts)| counts)
}

/// The spec with `version` at each alias that has none, or `None` if all have one or the spec is no YAML.
pub fn with_version(text: &str, version: Version) -> Option<String> {
    let root = spec::load::tree(text, &mut Diagnostics::default())?;
    Some(lower::aliases::with_version(text, &root, version)).filter(|dated| dated != text)
}

/// The operations of a spec, in the order of their resources.
pub fn operations(text: &str) -> Result<Vec<Operation>, Diagnostics> {
    analyze(text, HouseRules::Apply).map(|(api, _)| operations::of(&api))
}

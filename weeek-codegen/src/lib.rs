//! Turns the OpenAPI document of the Weeek API into the source of a Rust client.
//!
//! [`generate`] is a function of the document's text: it reads no file, no environment and no clock. [`lint`] checks a
//! document the same way and generates nothing.

mod diagnostic;
pub mod diff;
mod emit;
mod files;
mod ir;
mod ledger;
mod lower;
mod naming;
mod operations;
mod render;
mod rules;
mod spec;
pub mod stages;

pub use diagnostic::{Diagnostic, Related, Report};
pub use files::{Change, FileSet, MARKER, Reason};
pub use ledger::Counts;
pub use operations::Operation;
pub use rules::Rule;

/// A generated client.
#[derive(Clone, Debug)]
pub struct Client {
    /// The files, by path below the output folder.
    pub files: FileSet,
    /// How much was generated.
    pub counts: Counts,
}

/// Generates the client that `text` describes, or reports everything that is wrong with it.
pub fn generate(text: &str) -> Result<Client, Report> {
    let (api, counts) = read(text)?;
    let files = render::render(emit::emit(&api));
    Ok(Client { files, counts })
}

/// Checks everything that [`generate`] checks, and says how much there was to check.
pub fn lint(text: &str) -> Result<Counts, Report> {
    read(text).map(|(_, counts)| counts)
}

/// The operations that `text` describes, in the order of their resources.
pub fn operations(text: &str) -> Result<Vec<Operation>, Report> {
    read(text).map(|(api, _)| operations::of(&api))
}

fn read(text: &str) -> Result<(ir::Api, Counts), Report> {
    let mut report = Report::default();
    let Some(root) = spec::load::tree(text, &mut report) else { return Err(report.finish(text, |_| None)) };
    if spec::audit::audit(&root, &mut report) {
        let examples = spec::lint::lint(text, &root, &mut report);
        let api = lower::lower(&root, &mut report);
        let counts = ledger::balance(text, &root, &api, examples, &mut report);
        if report.is_clean() {
            return Ok((api, counts));
        }
    }
    Err(report.finish(text, |at| spec::context::of(&root, at)))
}

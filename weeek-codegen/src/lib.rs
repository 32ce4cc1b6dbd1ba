//! Turns the OpenAPI document of the Weeek API into the source of a Rust client.
//!
//! [`generate`] is a function of the document's text: it reads no file, no environment and no clock.

mod diagnostic;
pub mod diff;
mod emit;
mod files;
mod ir;
mod ledger;
mod lower;
mod naming;
mod render;
mod spec;

pub use diagnostic::{Diagnostic, Report};
pub use files::{Change, FileSet, MARKER, Reason};
pub use ledger::Counts;

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
    let mut report = Report::default();
    let Some(root) = spec::load::tree(text, &mut report) else { return Err(report) };
    let finish = |report: Report| report.finish(|at| spec::context::of(&root, at));
    spec::audit::audit(&root, &mut report);
    if !report.is_clean() {
        return Err(finish(report));
    }
    let Some(openapi) = spec::load::typed(text, &mut report) else { return Err(finish(report)) };
    let api = lower::lower(&root, &mut report);
    if !report.is_clean() {
        return Err(finish(report));
    }
    let counts = ledger::balance(&openapi, &root, &api, &mut report);
    if !report.is_clean() {
        return Err(finish(report));
    }
    let files = render::render(emit::emit(&api));
    Ok(Client { files, counts })
}

//! Turns the OpenAPI document of the Weeek API into the source of a Rust client.
//!
//! [`generate`] is a function of the document's text: it reads no file, no environment and no clock, and how many processors it finds
//! changes nothing but the time it takes. [`lint`] checks a document the same way and generates nothing.

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

use std::panic::resume_unwind;
use std::thread;

use spec::node::Node;

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
    let (files, counts) = read(text, |api| render::render(&emit::emit(api)))?;
    Ok(Client { files, counts })
}

/// Checks everything that [`generate`] checks, and says how much there was to check.
pub fn lint(text: &str) -> Result<Counts, Report> {
    read(text, |_| ()).map(|((), counts)| counts)
}

/// The operations that `text` describes, in the order of their resources.
pub fn operations(text: &str) -> Result<Vec<Operation>, Report> {
    read(text, operations::of).map(|(operations, _)| operations)
}

/// Reads the document, and makes of its meaning what is asked for.
fn read<T>(text: &str, make: impl FnOnce(&ir::Api) -> T) -> Result<(T, Counts), Report> {
    let mut report = Report::default();
    let Some(root) = spec::load::tree(text, &mut report) else { return Err(report.finish(text, |_| None)) };
    let read = if spec::audit::audit(&root, &mut report) { judge(text, &root, make, &mut report) } else { None };
    read.filter(|_| report.is_clean()).ok_or_else(|| report.finish(text, |at| spec::context::of(&root, at)))
}

/// What comes after the grammar. `openapiv3` reads a document that fits it meanwhile, and has the last word.
fn judge<T>(text: &str, root: &Node, make: impl FnOnce(&ir::Api) -> T, report: &mut Report) -> Option<(T, Counts)> {
    thread::scope(|scope| {
        let parts = report.is_clean().then(|| spec::opinion::Parts::of(text, root));
        let second = parts.map(|parts| scope.spawn(|| parts.read()));
        let examples = spec::lint::lint(text, root, report);
        let api = lower::lower(root, report);
        let made = report.is_clean().then(|| (make(&api), ledger::count(root, &api, examples)));
        match (second?.join(), &made) {
            // Nobody asks what a reader of sound documents makes of a faulty one.
            (_, None) => {}
            (Ok(Ok(opinion)), _) => ledger::balance(root, &api, &opinion, report),
            (Ok(Err(found)), _) => report.absorb(found),
            (Err(panic), _) => resume_unwind(panic),
        }
        made
    })
}

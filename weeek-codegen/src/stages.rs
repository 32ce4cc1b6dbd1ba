//! The steps of [`generate`](crate::generate) one by one, for whoever measures them. Each takes what the one before made.

use crate::diagnostic::Report;
use crate::files::FileSet;
use crate::spec::node::Node;
use crate::{emit, ir, ledger, lower, render, spec};

/// A document, read as a tree.
#[derive(Debug)]
pub struct Document<'text> {
    text: &'text str,
    root: Node,
}

/// A client as plain data.
#[derive(Debug)]
pub struct Api(ir::Api);

/// Files of tokens.
#[derive(Clone)]
pub struct Tokens(Vec<emit::File>);

impl<'text> Document<'text> {
    /// Reads the text.
    pub fn load(text: &'text str) -> Result<Self, Report> {
        let mut report = Report::default();
        spec::load::tree(text, &mut report).map(|root| Self { text, root }).ok_or(report)
    }

    /// Holds the document against the grammar of OpenAPI.
    pub fn audit(&self) -> Result<(), Report> {
        let mut report = Report::default();
        spec::audit::audit(&self.root, &mut report);
        clean((), report)
    }

    /// Checks the house rules, and says how many examples there were.
    pub fn lint(&self) -> Result<usize, Report> {
        let mut report = Report::default();
        let examples = spec::lint::lint(self.text, &self.root, &mut report);
        clean(examples, report)
    }

    /// Turns the document into plain data.
    pub fn lower(&self) -> Result<Api, Report> {
        let mut report = Report::default();
        let api = lower::lower(&self.root, &mut report);
        clean(Api(api), report)
    }

    /// Compares what `openapiv3` reads with what was lowered.
    pub fn balance(&self, Api(api): &Api) -> Result<(), Report> {
        let mut report = Report::default();
        match spec::opinion::Parts::of(self.text, &self.root).read() {
            Ok(opinion) => ledger::balance(&self.root, api, &opinion, &mut report),
            Err(found) => report.absorb(found),
        }
        clean((), report)
    }
}

impl Api {
    /// Writes the client as tokens.
    pub fn emit(&self) -> Tokens {
        Tokens(emit::emit(&self.0).iter().map(|draft| draft()).collect())
    }
}

impl Tokens {
    /// Writes the tokens as text.
    pub fn render(self) -> FileSet {
        self.0.into_iter().map(render::text).collect()
    }
}

fn clean<T>(value: T, report: Report) -> Result<T, Report> {
    if report.is_clean() { Ok(value) } else { Err(report) }
}

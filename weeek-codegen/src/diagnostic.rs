//! Faults of a document, each with its place.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Bytes of the document that are at fault.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right, where that is known.
    pub help: Option<String>,
    /// The other place that the fault is about, and what stands there.
    pub other: Option<(Range<usize>, String)>,
    /// The operation or schema that the place belongs to, such as `components.schemas.Task`.
    pub context: Option<String>,
}

/// All faults that a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    faults: Vec<Diagnostic>,
}

impl Report {
    /// Adds a fault without advice.
    pub(crate) fn fault(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.push(span, message, None);
    }

    /// Adds a fault and what would mend it.
    pub(crate) fn fault_with_help(&mut self, span: &Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.push(span, message, Some(help.into()));
    }

    /// Adds a fault between two places.
    pub(crate) fn fault_between(
        &mut self,
        span: &Range<usize>,
        message: impl Into<String>,
        other: (Range<usize>, String),
    ) {
        self.add(Diagnostic {
            span: span.clone(),
            message: message.into(),
            help: None,
            other: Some(other),
            context: None,
        });
    }

    fn push(&mut self, span: &Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.add(Diagnostic { span: span.clone(), message: message.into(), help, other: None, context: None });
    }

    fn add(&mut self, fault: Diagnostic) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    /// Sorts by place and names for each fault what it belongs to.
    pub(crate) fn finish(mut self, context: impl Fn(usize) -> Option<String>) -> Self {
        self.faults.sort_by(|a, b| (a.span.start, &a.message).cmp(&(b.span.start, &b.message)));
        for fault in &mut self.faults {
            fault.context = context(fault.span.start);
        }
        self
    }

    /// The faults, sorted by place.
    pub fn faults(&self) -> &[Diagnostic] {
        &self.faults
    }

    /// The report as text, each fault with its source line; `path` is how the document is called.
    pub fn render(&self, path: &str, text: &str, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut out = String::new();
        for fault in &self.faults {
            let mark = AnnotationKind::Primary.span(fault.span.clone());
            let mark = match &fault.help {
                Some(help) => mark.label(help.as_str()),
                None => mark,
            };
            let mut snippet = Snippet::source(text).path(path).annotation(mark);
            if let Some((span, label)) = &fault.other {
                snippet = snippet.annotation(AnnotationKind::Context.span(span.clone()).label(label.as_str()));
            }
            let mut group = Level::ERROR.primary_title(fault.message.as_str()).element(snippet);
            if let Some(context) = &fault.context {
                group = group.element(Level::NOTE.message(format!("in {context}")));
            }
            let _ = writeln!(out, "{}\n", renderer.render(&[group]));
        }
        let count = self.faults.len();
        let problems = if count == 1 { "problem" } else { "problems" };
        let _ = writeln!(out, "error: {path} has {count} {problems}; nothing was written");
        out
    }
}

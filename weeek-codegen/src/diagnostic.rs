//! Faults of a document, each with its place.

mod json;
mod scopes;
mod text;

use std::ops::Range;

pub(crate) use self::scopes::Scopes;
use crate::rules::Rule;

/// More faults than this are counted, not kept: nobody reads them, and a document of nothing but faults stays cheap.
const MAX_FAULTS: usize = 1000;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: Rule,
    /// Bytes of the document that are at fault.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right, where that is known.
    pub help: Option<String>,
    /// The operation or schema that the place belongs to, such as `components.schemas.Task`.
    pub context: Option<String>,
    /// The other place of a fault that takes two.
    pub related: Option<Related>,
}

/// A second place, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Bytes of the document.
    pub span: Range<usize>,
    /// What is there.
    pub note: String,
}

impl Diagnostic {
    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn related(&mut self, span: &Range<usize>, note: impl Into<String>) -> &mut Self {
        self.related = Some(Related { span: span.clone(), note: note.into() });
        self
    }
}

/// All faults that a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    faults: Vec<Diagnostic>,
    unsound: Scopes,
    further: usize,
}

impl Report {
    /// Adds a fault; what it returns takes advice and a second place.
    pub(crate) fn fault(&mut self, rule: Rule, span: &Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        if self.faults.len() > MAX_FAULTS {
            self.faults.truncate(MAX_FAULTS);
            self.further += 1;
        }
        let at = self.faults.len();
        let message = message.into();
        self.faults.push(Diagnostic { rule, span: span.clone(), message, help: None, context: None, related: None });
        &mut self.faults[at]
    }

    /// Marks a part of the document whose meaning is lost by a fault: later stages say nothing about it.
    pub(crate) fn unsound(&mut self, span: &Range<usize>) {
        self.unsound.add(span);
    }

    /// Whether a fault has taken the meaning of some part of `span`.
    pub(crate) fn is_unsound(&self, span: &Range<usize>) -> bool {
        self.unsound.touch(span)
    }

    /// Every part of the document that nothing can be said of.
    pub(crate) fn unsound_parts(&self) -> &Scopes {
        &self.unsound
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    pub(crate) fn count(&self) -> usize {
        self.faults.len() + self.further
    }

    /// A report for the next stage, which knows what is unsound so far.
    pub(crate) fn next_stage(&self) -> Self {
        Self { unsound: self.unsound.clone(), ..Self::default() }
    }

    /// Takes what a later stage found, without what earlier faults explain: one cause, one fault.
    pub(crate) fn absorb(&mut self, later: Self) {
        let known: std::collections::BTreeSet<(usize, usize)> =
            self.faults.iter().map(|fault| (fault.span.start, fault.span.end)).collect();
        let is_new = |fault: &Diagnostic| {
            !known.contains(&(fault.span.start, fault.span.end)) && !self.unsound.hold(&fault.span)
        };
        let new: Vec<_> = later.faults.into_iter().filter(is_new).collect();
        self.faults.extend(new);
        self.further += later.further;
    }

    /// Takes what a later stage found together with what it took the meaning of.
    pub(crate) fn adopt(&mut self, later: Self) {
        let unsound = later.unsound.clone();
        self.absorb(later);
        self.unsound.extend(&unsound);
    }

    /// Sorts by place, names for each fault what it belongs to, and cuts every place to its first line.
    pub(crate) fn finish(mut self, text: &str, context: impl Fn(usize) -> Option<String>) -> Self {
        for fault in &mut self.faults {
            fault.span = first_line(text, &fault.span);
            fault.context = context(fault.span.start);
            if let Some(related) = &mut fault.related {
                related.span = first_line(text, &related.span);
            }
        }
        self.faults.sort_by(|a, b| (a.span.start, &a.message, a.rule).cmp(&(b.span.start, &b.message, b.rule)));
        self.faults.dedup();
        if self.faults.len() > MAX_FAULTS {
            self.further += self.faults.len() - MAX_FAULTS;
            self.faults.truncate(MAX_FAULTS);
        }
        self
    }

    /// The faults, sorted by place: the first thousand of them.
    pub fn faults(&self) -> &[Diagnostic] {
        &self.faults
    }

    /// How many faults there are, in words: `spec/openapi.yaml has 2 problems`.
    pub fn summary(&self, path: &str) -> String {
        let count = self.count();
        format!("{path} has {count} {}", if count == 1 { "problem" } else { "problems" })
    }

    /// The report as text, each fault with its source line; `path` is how the document is called.
    pub fn render(&self, path: &str, text: &str, color: bool) -> String {
        text::render(self, path, text, color)
    }

    /// The report as one JSON document, for editors and for annotations. Lines and columns count from one, columns in
    /// characters; the end is the first column that is not at fault any more.
    pub fn to_json(&self, path: &str, text: &str) -> String {
        json::render(self, path, text)
    }
}

/// An underline below many lines would hide the fault.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let (start, end) = (boundary(span.start), boundary(span.end));
    let end = end.max(start);
    let line = text[start..end].lines().next().unwrap_or_default().trim_end();
    start..start + line.len()
}

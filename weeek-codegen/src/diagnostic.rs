//! Diagnostics: what is wrong with a spec, and where.

mod json;
mod span_set;
mod text;

use std::collections::BTreeSet;
use std::ops::Range;
use std::slice;

pub(crate) use self::span_set::SpanSet;
use crate::rules::Rule;

/// More diagnostics than this are counted, not kept: a spec with very many errors stays cheap to report.
const MAX_KEPT: usize = 1000;

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is violated.
    pub rule: Rule,
    /// The bytes of the spec that are wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to fix it, if known.
    pub help: Option<String>,
    /// The operation or component that contains the span, such as `components.schemas.Task`.
    pub context: Option<String>,
    /// Other locations that belong to the error.
    pub related: Vec<Related>,
    /// The change that certainly fixes the error, if there is one.
    pub fix: Option<Fix>,
}

/// Another location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The bytes of the spec.
    pub span: Range<usize>,
    /// What is there.
    pub note: String,
}

/// A change of the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The bytes that are replaced.
    pub span: Range<usize>,
    /// What replaces them.
    pub text: String,
}

impl Diagnostic {
    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn related(&mut self, span: &Range<usize>, note: impl Into<String>) -> &mut Self {
        self.related.push(Related { span: span.clone(), note: note.into() });
        self
    }

    /// Replaces the wrong bytes.
    pub(crate) fn fix(&mut self, text: impl Into<String>) -> &mut Self {
        self.fix_at(&self.span.clone(), text)
    }

    pub(crate) fn fix_at(&mut self, span: &Range<usize>, text: impl Into<String>) -> &mut Self {
        let text = text.into();
        self.help = Some(match self.help.take() {
            Some(help) if help.contains(&text) => help,
            Some(help) => format!("{help}: `{text}`"),
            None => format!("write `{text}`"),
        });
        self.fix = Some(Fix { span: span.clone(), text });
        self
    }
}

/// The errors of a spec.
///
/// One cause is reported once. A stage taints the span whose meaning an error destroys; a later stage works on a fork that
/// knows the tainted spans, and `merge` drops what it reports inside one, or again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    tainted: SpanSet,
    /// How many are counted, not kept.
    suppressed: usize,
}

impl Diagnostics {
    /// Adds an error; the returned one takes help and other locations.
    pub(crate) fn error(&mut self, rule: Rule, span: &Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        if self.kept.len() > MAX_KEPT {
            self.kept.truncate(MAX_KEPT);
            self.suppressed += 1;
        }
        let at = self.kept.len();
        let message = message.into();
        let (help, context, related, fix) = (None, None, Vec::new(), None);
        self.kept.push(Diagnostic { rule, span: span.clone(), message, help, context, related, fix });
        &mut self.kept[at]
    }

    /// The error of a rule at a span.
    pub(crate) fn find(&mut self, rule: Rule, span: &Range<usize>) -> Option<&mut Diagnostic> {
        self.kept.iter_mut().find(|error| error.rule == rule && error.span == *span)
    }

    /// Sets the help of the last error, if there is a better one.
    pub(crate) fn help_last(&mut self, help: Option<String>) {
        if let (Some(last), Some(help)) = (self.kept.last_mut(), help) {
            last.help = Some(help);
        }
    }

    /// Marks a span whose meaning an error destroys: later stages report nothing inside it.
    pub(crate) fn taint(&mut self, span: &Range<usize>) {
        self.tainted.add(span);
    }

    /// Whether an error destroys the meaning of a part of `span`.
    pub(crate) fn is_tainted(&self, span: &Range<usize>) -> bool {
        self.tainted.overlaps(span)
    }

    pub(crate) fn tainted_spans(&self) -> &SpanSet {
        &self.tainted
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many errors there are, those that are not kept included.
    pub(crate) fn count(&self) -> usize {
        self.kept.len() + self.suppressed
    }

    /// The diagnostics of a later stage: empty, with the spans that are tainted so far.
    pub(crate) fn fork(&self) -> Self {
        Self { tainted: self.tainted.clone(), ..Self::default() }
    }

    /// Adds the errors of a later stage that no earlier error explains.
    pub(crate) fn merge(&mut self, later: Self) {
        let key = |error: &Diagnostic| (error.span.start, error.span.end, error.rule);
        let known: BTreeSet<_> = self.kept.iter().map(key).collect();
        let is_new = |error: &Diagnostic| {
            let (start, end, _) = key(error);
            // A wrong value of an enumeration has no variant either.
            let is_consequence = known.contains(&(start, end, Rule::EnumValues));
            !known.contains(&key(error)) && !is_consequence && !self.tainted.contains(&error.span)
        };
        let new: Vec<_> = later.kept.into_iter().filter(is_new).collect();
        self.kept.extend(new);
        self.suppressed += later.suppressed;
    }

    /// Adds the errors of a later stage, and the spans that it tainted.
    pub(crate) fn merge_tainted(&mut self, mut later: Self) {
        let tainted = std::mem::take(&mut later.tainted);
        self.merge(later);
        self.tainted.extend(&tainted);
    }

    /// Sorts the errors by location, adds their context, and cuts each span to its first line.
    pub(crate) fn finish(mut self, text: &str, context: impl Fn(usize) -> Option<String>) -> Self {
        for error in &mut self.kept {
            error.span = first_line(text, &error.span);
            if is_cut_off(text, &error.span) {
                error.help = Some("`#` after a space starts a comment: quote the string".to_owned());
                let end = text[error.span.end..].find('\n').map_or(text.len(), |length| error.span.end + length);
                let whole = error.span.start..error.span.start + text[error.span.start..end].trim_end().len();
                error.fix_at(&whole, quoted(&text[whole.clone()]));
            }
            error.context = context(error.span.start);
            for related in &mut error.related {
                related.span = first_line(text, &related.span);
            }
        }
        self.kept.sort_by(|a, b| (a.span.start, &a.message, a.rule).cmp(&(b.span.start, &b.message, b.rule)));
        self.kept.dedup();
        if self.kept.len() > MAX_KEPT {
            self.suppressed += self.kept.len() - MAX_KEPT;
            self.kept.truncate(MAX_KEPT);
        }
        self
    }

    /// The errors by location: at most the first 1,000.
    pub fn iter(&self) -> slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }

    /// The number of errors in words: `2 errors in spec/openapi.yaml`.
    pub fn summary(&self, path: &str) -> String {
        let count = self.count();
        format!("{count} {} in {path}", if count == 1 { "error" } else { "errors" })
    }

    /// The errors as text, each below its source line; `path` is the name of the spec.
    pub fn render(&self, path: &str, text: &str, color: bool) -> String {
        text::render(self, path, text, color)
    }

    /// The errors as a JSON object, for editors and CI annotations. Lines and columns count from one, columns in characters;
    /// the end is the first column after the span.
    pub fn to_json(&self, path: &str, text: &str) -> String {
        json::render(self, path, text)
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A string as YAML with quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether a value is followed by a comment on its line, which can be a part of the string.
pub(crate) fn is_cut_off(text: &str, span: &Range<usize>) -> bool {
    text[..span.start].ends_with(": ") && text[span.end..].trim_start_matches(' ').starts_with('#')
}

/// The first line of a span: an underline below many lines would hide the error.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let (start, end) = (boundary(span.start), boundary(span.end));
    let end = end.max(start);
    let line = text[start..end].lines().next().unwrap_or_default().trim_end();
    start..start + line.len()
}

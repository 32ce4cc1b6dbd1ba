//! Diagnostics as text, below their source lines.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Related};

/// Lines of further locations that are listed.
const MAX_LINES: usize = 20;

/// A line is cut this many bytes before and after a span: the renderer reads the whole line for each error.
const AROUND: usize = 400;

pub(super) fn render(diagnostics: &Diagnostics, path: &str, text: &str, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    let lines: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let source = Source { path, text, lines };
    for error in &diagnostics.kept {
        let _ = writeln!(out, "{}\n", renderer.render(&[source.group(error)]));
    }
    if diagnostics.suppressed > 0 {
        let _ = writeln!(out, "… and {} more\n", diagnostics.suppressed);
    }
    out
}

struct Source<'a> {
    path: &'a str,
    text: &'a str,
    /// The start of each line.
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    fn group(&self, error: &'a Diagnostic) -> Group<'a> {
        let group = Level::ERROR.primary_title(error.message.as_str()).id(error.rule.id());
        let mut group =
            self.snippet(Group::with_title(group), &error.span, AnnotationKind::Primary, error.help.as_deref());
        if let Some(related) = error.related.first() {
            group = self.snippet(group, &related.span, AnnotationKind::Context, Some(&related.note));
        }
        if let [_, others @ ..] = &error.related[..]
            && !others.is_empty()
        {
            group = group.element(Level::NOTE.message(self.others(others)));
        }
        match &error.context {
            Some(context) => group.element(Level::NOTE.message(format!("in {context}"))),
            None => group,
        }
    }

    /// The locations that are not shown.
    fn others(&self, related: &[Related]) -> String {
        let lines: BTreeSet<usize> = related.iter().map(|related| self.line(related.span.start)).collect();
        let shown: Vec<String> = lines.iter().take(MAX_LINES).map(ToString::to_string).collect();
        let more = if lines.len() > MAX_LINES { ", …" } else { "" };
        let (noun, lines) = (if lines.len() == 1 { "line" } else { "lines" }, shown.join(", "));
        format!("{} more at {noun} {lines}{more}", related.len())
    }

    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).max(1)
    }

    fn snippet(
        &self,
        group: Group<'a>,
        span: &Range<usize>,
        kind: AnnotationKind,
        label: Option<&'a str>,
    ) -> Group<'a> {
        let line = self.line(span.start);
        let line_start = self.lines[line - 1];
        let start = line_start.max(boundary(self.text, span.start.saturating_sub(AROUND)));
        let end = boundary(self.text, (span.end + AROUND).min(self.text.len()));
        let end = self.text[span.end..end].find('\n').map_or(end, |length| span.end + length);
        let mark = kind.span(span.start - start..span.end - start);
        let mark = match label {
            Some(label) => mark.label(label),
            None => mark,
        };
        let snippet = Snippet::source(&self.text[start..end]).line_start(line).annotation(mark);
        if start == line_start {
            return group.element(snippet.path(self.path));
        }
        let column = self.text[line_start..span.start].chars().count() + 1;
        group.element(Origin::path(self.path).line(line).char_column(column)).element(snippet)
    }
}

fn boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

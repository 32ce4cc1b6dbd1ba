//! Diagnostics as text, below their source lines.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Diagnostics};

pub(super) fn render(diagnostics: &Diagnostics, path: &str, text: &str, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    let (mut line, mut at) = (1, 0);
    for error in &diagnostics.kept {
        // Errors are sorted, so the lines are counted in one pass.
        let start = line_of(text, &error.span).start;
        line += text[at..start].matches('\n').count();
        at = start;
        let _ = writeln!(out, "{}\n", renderer.render(&[group(error, path, text, line)]));
    }
    if diagnostics.suppressed > 0 {
        let _ = writeln!(out, "… and {} more\n", diagnostics.suppressed);
    }
    out
}

fn group<'a>(error: &'a Diagnostic, path: &'a str, text: &'a str, line: usize) -> Group<'a> {
    let mut group = Level::ERROR.primary_title(error.message.as_str()).id(error.rule.id()).element(snippet(
        path,
        text,
        &error.span,
        line,
        AnnotationKind::Primary,
        error.help.as_deref(),
    ));
    if let Some(related) = &error.related {
        let line = text[..related.span.start].matches('\n').count() + 1;
        let note = Some(related.note.as_str());
        group = group.element(snippet(path, text, &related.span, line, AnnotationKind::Context, note));
    }
    match &error.context {
        Some(context) => group.element(Level::NOTE.message(format!("in {context}"))),
        None => group,
    }
}

/// Only the line of the span goes to the renderer, which reads all of its input for each error.
fn snippet<'a>(
    path: &'a str,
    text: &'a str,
    span: &Range<usize>,
    line: usize,
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let whole = line_of(text, span);
    let mark = kind.span(span.start - whole.start..span.end - whole.start);
    let mark = match label {
        Some(label) => mark.label(label),
        None => mark,
    };
    Snippet::source(&text[whole]).line_start(line).path(path).annotation(mark)
}

fn line_of(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |length| span.end + length);
    start..end
}

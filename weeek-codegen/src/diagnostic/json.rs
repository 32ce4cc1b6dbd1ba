//! Diagnostics as JSON.

use std::ops::Range;

use serde_json::{Value, json};

use super::{Diagnostic, Diagnostics};

pub(super) fn render(diagnostics: &Diagnostics, path: &str, text: &str) -> String {
    let lines: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let errors: Vec<Value> = diagnostics.iter().map(|error| diagnostic(error, path, text, &lines)).collect();
    let count = diagnostics.count();
    let report = json!({ "ok": count == 0, "count": count, "diagnostics": errors });
    format!("{report:#}\n")
}

fn diagnostic(error: &Diagnostic, path: &str, text: &str, lines: &[usize]) -> Value {
    let mut value = location(&error.span, path, text, lines);
    value["severity"] = "error".into();
    value["rule"] = error.rule.id().into();
    value["message"] = error.message.as_str().into();
    value["help"] = error.help.as_deref().into();
    value["context"] = error.context.as_deref().into();
    let related = error.related.iter().map(|related| {
        let mut other = location(&related.span, path, text, lines);
        other["message"] = related.note.as_str().into();
        other
    });
    value["related"] = related.collect();
    value["fix"] = error.fix.as_ref().map_or(Value::Null, |fix| {
        let mut change = location(&fix.span, path, text, lines);
        change["text"] = fix.text.as_str().into();
        change
    });
    value
}

fn location(span: &Range<usize>, path: &str, text: &str, lines: &[usize]) -> Value {
    let position = |at: usize| {
        let line = lines.partition_point(|start| *start <= at).max(1);
        (line, text[lines[line - 1]..at].chars().count() + 1)
    };
    let (start, end) = (position(span.start), position(span.end));
    json!({ "file": path, "line": start.0, "column": start.1, "endLine": end.0, "endColumn": end.1 })
}

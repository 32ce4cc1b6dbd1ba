//! Faults as data.

use std::ops::Range;

use serde_json::{Value, json};

use super::{Diagnostic, Report};

pub(super) fn render(report: &Report, path: &str, text: &str) -> String {
    let lines: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let problems: Vec<Value> = report.faults.iter().map(|fault| problem(fault, path, text, &lines)).collect();
    let count = report.count();
    let document = json!({ "clean": count == 0, "count": count, "problems": problems });
    format!("{document:#}\n")
}

fn problem(fault: &Diagnostic, path: &str, text: &str, lines: &[usize]) -> Value {
    let mut problem = place(&fault.span, path, text, lines);
    problem["severity"] = "error".into();
    problem["rule"] = fault.rule.id().into();
    problem["message"] = fault.message.as_str().into();
    problem["help"] = fault.help.as_deref().into();
    problem["context"] = fault.context.as_deref().into();
    problem["related"] = fault.related.as_ref().map_or(Value::Null, |related| {
        let mut other = place(&related.span, path, text, lines);
        other["message"] = related.note.as_str().into();
        other
    });
    problem
}

fn place(span: &Range<usize>, path: &str, text: &str, lines: &[usize]) -> Value {
    let position = |at: usize| {
        let line = lines.partition_point(|start| *start <= at).max(1);
        (line, text[lines[line - 1]..at].chars().count() + 1)
    };
    let (start, end) = (position(span.start), position(span.end));
    json!({ "file": path, "line": start.0, "column": start.1, "endLine": end.0, "endColumn": end.1 })
}

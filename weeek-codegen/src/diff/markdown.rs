//! The differences as Markdown.

use std::fmt::Write as _;

use super::{Change, Diff, DiffLabels, Impact};

pub(super) fn write(diff: &Diff, labels: &DiffLabels) -> String {
    let mut out = "## Changes for users of the client\n\n".to_owned();
    let _ = writeln!(out, "From {} to {}.", code(&labels.old), code(&labels.new));
    let Some(release) = diff.release(labels.version) else {
        out.push_str("\nNo changes.\n");
        return out;
    };
    let _ = writeln!(out, "\n**{}**: next version is **{}** ({}).", diff.summary(), release.version, release.rule);
    if labels.is_too_low(diff) {
        let _ = writeln!(out, "\nThe version is {}, which is too low.", labels.current);
    }
    for section in diff.sections() {
        let _ = writeln!(out, "\n### {}\n", section.title);
        for entry in section.entries {
            let names = entry.names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
            if !entry.is_line() {
                let _ = writeln!(out, "- {names}");
            }
            for change in &entry.changes {
                let (mark, text) = (mark(change), text(&change.text));
                let line =
                    if entry.is_line() { format!("- {mark}{names}: {text}") } else { format!("  - {mark}{text}") };
                let _ = writeln!(out, "{line}");
            }
        }
    }
    out
}

fn mark(change: &Change) -> String {
    match change.impact {
        Impact::Additive => String::new(),
        impact => format!("**{}** ", impact.name()),
    }
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

/// Escapes text outside of code spans, because text of a spec can contain Markdown and HTML.
fn text(doc_changes: &str) -> String {
    let parts = doc_changes.split('`').enumerate();
    let escaped = parts.map(|(at, part)| match at % 2 {
        0 => {
            part.replace('&', "&amp;").replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_").replace('[', "\\[")
        }
        _ => part.to_owned(),
    });
    escaped.collect::<Vec<_>>().join("`")
}

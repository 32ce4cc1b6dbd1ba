//! The difference for a comment or a job's summary.

use std::fmt::Write as _;

use super::{Change, Diff, Sides, Weight};

pub(super) fn write(diff: &Diff, sides: &Sides) -> String {
    let mut out = "## What changes for users of the client\n\n".to_owned();
    let _ = writeln!(out, "From {} to {}.", code(&sides.old), code(&sides.new));
    let Some(release) = diff.release(sides.version) else {
        out.push_str("\nNothing differs.\n");
        return out;
    };
    let _ = writeln!(
        out,
        "\n**{}**: asks for **{}** after {}, as {}.",
        diff.summary(),
        release.version,
        sides.version,
        release.rule
    );
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
    match change.weight {
        Weight::Additive => String::new(),
        weight => format!("**{}** ", weight.name()),
    }
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

/// Words of the document may hold what Markdown reads as a tag; code may hold anything.
fn text(words: &str) -> String {
    let parts = words.split('`').enumerate();
    let escaped = parts.map(|(at, part)| match at % 2 {
        0 => {
            part.replace('&', "&amp;").replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_").replace('[', "\\[")
        }
        _ => part.to_owned(),
    });
    escaped.collect::<Vec<_>>().join("`")
}

//! The differences as text.

use std::fmt::Write as _;

use super::{Diff, DiffLabels};

pub(super) fn write(diff: &Diff, labels: &DiffLabels) -> String {
    let mut out = format!("{} -> {}\n", labels.old, labels.new);
    let Some(release) = diff.release(labels.version) else {
        out.push_str("no changes for users\n");
        return out;
    };
    for section in diff.sections() {
        let _ = writeln!(out, "\n{}", section.title);
        for entry in section.entries {
            let names = entry.names.join(", ");
            if !entry.is_line() {
                let _ = writeln!(out, "  {names}");
            }
            for change in &entry.changes {
                let (sign, text) = (change.impact.sign(), &change.text);
                let line =
                    if entry.is_line() { format!("  {sign} {names}: {text}") } else { format!("    {sign} {text}") };
                let _ = writeln!(out, "{line}");
            }
        }
    }
    let _ = writeln!(out, "\n! breaking   ~ behavior   + additive   . docs");
    let _ = writeln!(out, "{}: next version is {} ({})", diff.summary(), release.version, release.rule);
    if labels.is_too_low(diff) {
        let _ = writeln!(out, "the version is {}, which is too low", labels.current);
    }
    out
}

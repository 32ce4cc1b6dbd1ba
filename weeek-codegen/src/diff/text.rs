//! The difference for a terminal.

use std::fmt::Write as _;

use super::{Diff, Sides};

pub(super) fn write(diff: &Diff, sides: &Sides) -> String {
    let mut out = format!("{} -> {}\n", sides.old, sides.new);
    let Some(release) = diff.release(sides.version) else {
        out.push_str("nothing differs for users of the client\n");
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
                let (sign, text) = (change.weight.sign(), &change.text);
                let line =
                    if entry.is_line() { format!("  {sign} {names}: {text}") } else { format!("    {sign} {text}") };
                let _ = writeln!(out, "{line}");
            }
        }
    }
    let _ = writeln!(out, "\n! breaking   ~ on the wire   + additive   . wording");
    let _ =
        writeln!(out, "{}: asks for {} after {}, as {}", diff.summary(), release.version, sides.version, release.rule);
    out
}

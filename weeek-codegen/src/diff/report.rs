//! The differences as text and as Markdown.

use std::fmt::Write as _;

use super::sections::Entry;
use super::{Change, Diff, DiffLabels, Impact};

impl Diff {
    /// The differences as text.
    pub fn text(&self, labels: &DiffLabels) -> String {
        let mut out = format!("{} -> {}\n", labels.old, labels.new);
        let Some(release) = self.release(labels.version) else { return out + "no changes for users\n" };
        for section in self.sections() {
            let _ = writeln!(out, "\n{}", section.title);
            for entry in section.entries {
                let spell = |change: &Change| (format!("{} ", change.impact.sign()), change.text.clone());
                write(&mut out, &entry, &entry.names.join(", "), ["  ", "    "], spell);
            }
        }
        let _ = writeln!(out, "\n! breaking   ~ behavior   + additive   . docs");
        let _ = writeln!(out, "{}: next version is {} ({})", self.summary(), release.version, release.rule);
        if labels.is_too_low(self) {
            let _ = writeln!(out, "the version is {}, which is too low", labels.current);
        }
        out
    }

    /// The differences as Markdown.
    pub fn markdown(&self, labels: &DiffLabels) -> String {
        let mut out = format!("## Changes for users of the client\n\nFrom `{}` to `{}`.\n", labels.old, labels.new);
        let Some(release) = self.release(labels.version) else { return out + "\nNo changes.\n" };
        let _ = writeln!(out, "\n**{}**: next version is **{}** ({}).", self.summary(), release.version, release.rule);
        if labels.is_too_low(self) {
            let _ = writeln!(out, "\nThe version is {}, which is too low.", labels.current);
        }
        for section in self.sections() {
            let _ = writeln!(out, "\n### {}\n", section.title);
            for entry in section.entries {
                let names = entry.names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let mark = |impact| match impact {
                    Impact::Additive => String::new(),
                    impact => format!("**{}** ", impact.name()),
                };
                write(&mut out, &entry, &names, ["- ", "  - "], |change| (mark(change.impact), escaped(&change.text)));
            }
        }
        out
    }
}

/// Writes the names, and below them the changes, which `spell` makes a mark and a text of; or one line for all.
fn write(
    out: &mut String,
    entry: &Entry,
    names: &str,
    [outer, inner]: [&str; 2],
    spell: impl Fn(&Change) -> (String, String),
) {
    if !entry.is_line() {
        let _ = writeln!(out, "{outer}{names}");
    }
    for (mark, text) in entry.changes.iter().map(|change| spell(change)) {
        let (bullet, names) = if entry.is_line() { (outer, format!("{names}: ")) } else { (inner, String::new()) };
        let _ = writeln!(out, "{bullet}{mark}{names}{text}");
    }
}

/// Escapes text outside of code spans, because text of a spec can contain Markdown and HTML.
fn escaped(text: &str) -> String {
    let escape = |part: &str| {
        part.replace('&', "&amp;").replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_").replace('[', "\\[")
    };
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 0 { escape(part) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("`")
}

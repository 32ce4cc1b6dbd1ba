//! The rules that a spec has to follow, in the order in which they are checked.

mod table;

use std::fmt::Write as _;
use std::str::FromStr;

use crate::spec::suggest;
use table::TABLE;

pub use table::Rule;

impl Rule {
    /// All rules, in the order in which a spec is checked.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.rule)
    }

    /// The id in diagnostics: `unknown-key`.
    pub fn id(self) -> &'static str {
        TABLE[self as usize].id
    }

    /// What the rule requires.
    pub fn summary(self) -> &'static str {
        TABLE[self as usize].summary
    }

    /// The rule in full: what it requires and why, and an example with its report.
    pub fn explanation(self) -> String {
        let row = &TABLE[self as usize];
        let mut out = format!("{}: {}\n\n{}\n", row.id, row.summary, row.reason);
        let Some((head, report)) = row.fixture.split_once("=== report\n") else { return out };
        let (title, example) = head.split_once("=== ").unwrap_or((head, ""));
        let (kind, example) = example.split_once('\n').unwrap_or(("", example));
        let signs = if kind == "change" { "Lines with `-` are right, lines with `+` are wrong.\n" } else { "" };
        let _ = write!(out, "\nExample: {}\n{signs}\n", title.trim());
        for line in example.lines() {
            let _ = writeln!(out, "    {line}");
        }
        let _ = write!(out, "\nReport:\n\n{report}");
        out
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, String> {
        Self::all().find(|rule| rule.id() == id).ok_or_else(|| {
            let help = suggest::did_you_mean(id, Self::all().map(Self::id));
            help.map_or_else(|| format!("no rule `{id}`"), |help| format!("no rule `{id}`; {help}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained() {
        let ids: std::collections::BTreeSet<_> = Rule::all().map(Rule::id).collect();
        assert_eq!(ids.len(), TABLE.len());
        assert!(TABLE.iter().all(|row| row.reason.ends_with('.')));
        let text = Rule::SamePath.explanation();
        for part in ["same-path: ", "No server can tell", "\n    -", "\n    +", "error[same-path]: "] {
            assert!(text.contains(part), "{text}");
        }
    }
}

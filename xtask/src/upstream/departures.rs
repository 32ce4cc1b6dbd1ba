//! `spec/departures.yaml`: every deliberate difference between what Weeek publishes and our spec, with its reason.

use std::fmt::Write as _;

use super::model::shape;
use super::pin::quoted;
use crate::yaml::Part;

/// Where it is.
pub const FILE: &str = "spec/departures.yaml";
/// What is around the list of departures in `spec/README.md`.
const LIST: [&str; 2] = [
    "<!-- departures: `cargo xtask upstream --write` writes this list from departures.yaml -->\n",
    "<!-- end of departures -->\n",
];
const EVIDENCE: [&str; 5] = ["live", "third-party", "documented", "inferred", "contradictory"];
const WIDTH: usize = 120;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Departures {
    /// In the order of the file.
    pub entries: Vec<Entry>,
    /// In the order of the file.
    pub rules: Vec<Named>,
}

/// One place that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The place, in terms of the published document.
    pub at: String,
    /// What is published, as far as it differs.
    pub upstream: String,
    /// What our spec has.
    pub ours: String,
    /// The reason; empty in a draft.
    pub why: String,
    /// How sure the reason is.
    pub evidence: String,
    /// Where the entry starts.
    pub line: usize,
}

/// A rule that holds, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name in the code.
    pub rule: String,
    /// The reason.
    pub why: String,
    /// How sure the reason is.
    pub evidence: String,
    /// Where the entry starts.
    pub line: usize,
}

impl Departures {
    /// Reads the file.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut read = Self::default();
        if text.lines().all(|line| line.trim().is_empty() || line.starts_with('#')) {
            return Ok(read);
        }
        for item in Part::read(text)?.items() {
            let keys = item.entries().iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>();
            let line = item.line;
            let text = |key: &str| item.text_at(key).map(str::to_owned);
            let why = text("why").ok_or_else(|| format!("line {line}: an entry needs `why`"))?;
            let evidence = text("evidence").ok_or_else(|| format!("line {line}: an entry needs `evidence`"))?;
            if !EVIDENCE.contains(&evidence.as_str()) {
                return Err(format!("line {line}: evidence is one of {}, not `{evidence}`", EVIDENCE.join(", ")));
            }
            match (text("rule"), text("at"), text("upstream"), text("ours")) {
                (Some(rule), None, None, None) if keys.len() == 3 => {
                    read.rules.push(Named { rule, why, evidence, line });
                }
                (None, Some(at), Some(upstream), Some(ours)) if keys.len() == 5 => {
                    let at = shape(&at);
                    if let Some(other) = read.entries.iter().find(|entry: &&Entry| entry.at == at) {
                        return Err(format!("line {line}: `{at}` has an entry on line {} already", other.line));
                    }
                    read.entries.push(Entry { at, upstream, ours, why, evidence, line });
                }
                _ => {
                    let form = "`rule`, `why`, `evidence` or `at`, `upstream`, `ours`, `why`, `evidence`";
                    return Err(format!("line {line}: an entry has {form}"));
                }
            }
        }
        Ok(read)
    }

    /// `spec/README.md` with the list of departures brought up to date.
    pub fn update_page(&self, page: &str) -> Result<String, String> {
        let [start, end] = LIST;
        let found = page.split_once(start).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
        let (before, after) =
            found.ok_or_else(|| format!("spec/README.md lacks the lines {} and {}", start.trim(), end.trim()))?;
        Ok(format!("{before}{start}\n{}\n{end}{after}", self.list()))
    }

    /// The list for people, in Markdown: each reason once, with the places that it holds for.
    fn list(&self) -> String {
        let mut list = String::from("Everywhere:\n\n");
        for rule in &self.rules {
            item(&mut list, &rule.why, &rule.evidence, &[]);
        }
        list.push_str("\nPlace by place:\n\n");
        let mut reasons: Vec<(&Entry, Vec<&str>)> = Vec::new();
        for entry in self.entries.iter().filter(|entry| !entry.why.is_empty()) {
            match reasons.iter_mut().find(|(other, _)| (&other.why, &other.evidence) == (&entry.why, &entry.evidence)) {
                Some((_, places)) => places.push(&entry.at),
                None => reasons.push((entry, vec![&entry.at])),
            }
        }
        for (entry, places) in reasons {
            item(&mut list, &entry.why, &entry.evidence, &places);
        }
        list
    }
}

fn item(list: &mut String, why: &str, evidence: &str, places: &[&str]) {
    let why = why.trim_end_matches('.');
    let places: Vec<_> = places.iter().map(|place| format!("`{place}`")).collect();
    let places = if places.is_empty() { String::new() } else { format!(" {}", places.join(", ")) };
    let _ = writeln!(list, "- {}", wrapped(&format!("{why} ({evidence}).{places}"), 2));
}

/// The text of an entry; `why` is left open in a draft.
pub fn write(entry: &Entry) -> String {
    let mut text = String::new();
    for (key, value) in [("- at", &entry.at), ("  upstream", &entry.upstream), ("  ours", &entry.ours)] {
        let _ = writeln!(text, "{key}: {}", quoted(value));
    }
    let why = if entry.why.is_empty() { "''".to_owned() } else { fold(&entry.why) };
    let _ = writeln!(text, "  why: {why}\n  evidence: {}", entry.evidence);
    text
}

/// A sentence as a scalar, folded where it is long.
fn fold(text: &str) -> String {
    if text.len() + 9 <= WIDTH {
        return quoted(text);
    }
    format!(">-\n    {}", wrapped(text, 4))
}

/// A text in lines of at most [`WIDTH`] columns, all but the first indented.
fn wrapped(text: &str, indent: usize) -> String {
    let (mut lines, mut width) = (String::new(), indent);
    for word in text.split(' ') {
        if width > indent && width + 1 + word.chars().count() > WIDTH {
            let _ = write!(lines, "\n{}", " ".repeat(indent));
            width = indent;
        } else if width > indent {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += word.chars().count();
    }
    lines
}

/// The file with `ours` brought up to date, places renamed, and drafts added.
pub fn rewrite(text: &str, ours: &[(usize, String)], renamed: &[(usize, String)], drafts: &[Entry]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (line, value) in renamed {
        if let Some(text) = line.checked_sub(1).and_then(|at| lines.get_mut(at)) {
            *text = format!("- at: {}", quoted(value));
        }
    }
    for (line, value) in ours {
        let rest = lines.iter_mut().skip(line.saturating_sub(1));
        if let Some(text) = rest.into_iter().find(|text| text.starts_with("  ours:")) {
            *text = format!("  ours: {}", quoted(value));
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    for draft in drafts {
        text.push_str(&write(draft));
    }
    text
}

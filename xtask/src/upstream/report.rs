//! A review for a terminal, a page or a program.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};
use weeek_codegen::diff::Impact;

use super::review::{Item, Review};

/// How many functions one line names.
const FUNCTIONS: usize = 3;

/// What the sides are called.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The new document.
    pub new: &'a str,
    /// The date of the pin.
    pub pin: &'a str,
    /// Our spec.
    pub ours: &'a str,
    /// The file of departures.
    pub departures: &'a str,
}

/// For a terminal.
pub fn text(review: &Review, names: Names<'_>) -> String {
    let mut out = format!("{}\n", title(review, names));
    for (_, title, items) in review.lists().into_iter().filter(|(.., items)| !items.is_empty()) {
        let functions: BTreeSet<&String> = items.iter().flat_map(|item| &item.functions).collect();
        let _ = writeln!(out, "\n{title} ({}, of {} functions)", items.len(), functions.len());
        for item in items {
            let _ = writeln!(out, "{} {}: {}", sign(item.weight), item.at, item.text);
            let about = about(item, names);
            if !about.is_empty() {
                let _ = writeln!(out, "    {}", about.join("; "));
            }
        }
    }
    for (title, lines) in notes(review) {
        let _ = writeln!(out, "\n{title} ({})", lines.len());
        out.extend(lines.iter().map(|line| format!("  {line}\n")));
    }
    out
}

/// For an issue or a page.
pub fn markdown(review: &Review, names: Names<'_>) -> String {
    let mut out = format!("{}\n", title(review, names));
    for (_, title, items) in review.lists().into_iter().filter(|(.., items)| !items.is_empty()) {
        let _ = writeln!(out, "\n## {title}\n");
        for item in items {
            let weight = item.weight.map(|weight| format!("**{}** ", weight.name())).unwrap_or_default();
            let about = about(item, names);
            let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join("; ")) };
            let _ = writeln!(out, "- {weight}`{}`: {}{about}", item.at, item.text);
        }
    }
    for (title, lines) in notes(review) {
        let _ = writeln!(out, "\n## {title}\n");
        out.extend(lines.iter().map(|line| format!("- {line}\n")));
    }
    out
}

/// For a program.
pub fn json(review: &Review, names: Names<'_>) -> String {
    let item = |item: &Item| {
        json!({
            "at": item.at,
            "text": item.text,
            "weight": item.weight.map(Impact::name),
            "disposition": item.disposition,
            "line": item.line,
            "functions": item.functions,
            "entry": item.entry,
        })
    };
    let mut report = json!({
        "new": [], "pin": names.pin, "document": names.new, "clean": review.is_clean(),
        "renamedParameters": review.renamed_parameters, "defects": review.defects,
    });
    for (name, _, items) in review.lists() {
        report[name] = Value::Array(items.iter().map(item).collect());
    }
    format!("{report:#}\n")
}

fn title(review: &Review, names: Names<'_>) -> String {
    let counts = review.lists().map(|(name, _, items)| format!("{} {name}", items.len()));
    let sides = format!("{} against the pin of {} and {}", names.new, names.pin, names.ours);
    if review.is_clean() {
        let (all, left) = (review.differences, review.remaining);
        return format!("{sides}: in step; {all} differences are explained, {left} of them by entries");
    }
    let open = review.new.iter().filter(|item| item.disposition.is_none()).count();
    format!("{sides}: {} ({open} of the new ones undecided)", counts.join(", "))
}

fn sign(weight: Option<Impact>) -> char {
    match weight {
        Some(Impact::Breaking) => '!',
        Some(Impact::Behavior) => '~',
        Some(Impact::Additive) => '+',
        Some(Impact::Docs) => '.',
        None => '-',
    }
}

/// What it concerns, and what was decided.
fn about(item: &Item, names: Names<'_>) -> Vec<String> {
    let mut about: Vec<String> = item.disposition.iter().cloned().collect();
    about.extend(item.entry.map(|line| format!("{}:{line}", names.departures)));
    about.extend(item.line.map(|line| format!("{}:{line}", names.ours)));
    let more = item.functions.len().saturating_sub(FUNCTIONS);
    let mut functions = item.functions.iter().take(FUNCTIONS).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 {
        let _ = write!(functions, " and {more} more");
    }
    about.extend((!functions.is_empty()).then_some(functions));
    about
}

/// What needs no decision.
fn notes(review: &Review) -> impl Iterator<Item = (&'static str, &[String])> {
    let notes = [
        ("Path parameters have other names, which changes nothing", &review.renamed_parameters[..]),
        ("Defects of the published document", &review.defects[..]),
    ];
    notes.into_iter().filter(|(_, lines)| !lines.is_empty())
}

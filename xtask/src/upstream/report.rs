//! A review for a terminal, a page or a program.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};
use weeek_codegen::diff::Impact;

use super::departures;
use super::review::{Item, Review};
use crate::format::Format;
use crate::workspace::SPEC;

/// How many functions one line names.
const FUNCTIONS: usize = 3;

/// The review of the document `new` against the pin of a date.
pub fn render(review: &Review, format: Format, new: &str, pin: &str) -> String {
    if format == Format::Json {
        return json(review, new, pin);
    }
    let is_page = format == Format::Markdown;
    let heading = |title: &str, about: &str| {
        if is_page { format!("\n## {title}\n\n") } else { format!("\n{title} ({about})\n") }
    };
    let mut out = title(review, new, pin);
    for (_, title, items) in review.lists().into_iter().filter(|(.., items)| !items.is_empty()) {
        let functions: BTreeSet<&String> = items.iter().flat_map(|item| &item.functions).collect();
        out += &heading(title, &format!("{}, of {} functions", items.len(), functions.len()));
        for item in items {
            let (Item { at, text, weight, .. }, about) = (item, about(item));
            let _ = if is_page {
                let weight = weight.map(|weight| format!("**{}** ", weight.name())).unwrap_or_default();
                let about = if about.is_empty() { about } else { format!(" ({about})") };
                writeln!(out, "- {weight}`{at}`: {text}{about}")
            } else {
                let about = if about.is_empty() { about } else { format!("\n    {about}") };
                writeln!(out, "{} {at}: {text}{about}", weight.map_or('-', Impact::sign))
            };
        }
    }
    // What needs no decision.
    for (title, lines) in [
        ("Path parameters have other names, which changes nothing", &review.renamed_parameters),
        ("Defects of the published document", &review.defects),
    ] {
        if !lines.is_empty() {
            out += &heading(title, &lines.len().to_string());
            out.extend(lines.iter().map(|line| format!("{} {line}\n", if is_page { "-" } else { " " })));
        }
    }
    out
}

fn json(review: &Review, new: &str, pin: &str) -> String {
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
        "new": [], "pin": pin, "document": new, "clean": review.is_clean(),
        "renamedParameters": review.renamed_parameters, "defects": review.defects,
    });
    for (name, _, items) in review.lists() {
        report[name] = Value::Array(items.iter().map(item).collect());
    }
    format!("{report:#}\n")
}

fn title(review: &Review, new: &str, pin: &str) -> String {
    let sides = format!("{new} against the pin of {pin} and {SPEC}");
    if review.is_clean() {
        let (all, left) = (review.differences, review.remaining);
        return format!("{sides}: in step; {all} differences are explained, {left} of them by entries\n");
    }
    let counts = review.lists().map(|(name, _, items)| format!("{} {name}", items.len())).join(", ");
    let open = review.new.iter().filter(|item| item.disposition.is_none()).count();
    format!("{sides}: {counts} ({open} of the new ones undecided)\n")
}

/// What it concerns, and what was decided.
fn about(item: &Item) -> String {
    let mut about: Vec<String> = item.disposition.iter().cloned().collect();
    about.extend(item.entry.map(|line| format!("{}:{line}", departures::FILE)));
    about.extend(item.line.map(|line| format!("{SPEC}:{line}")));
    let (named, others) = item.functions.split_at(item.functions.len().min(FUNCTIONS));
    let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
    about.extend((!named.is_empty()).then(|| named.join(", ") + &more));
    about.join("; ")
}

//! Drift of many responses, grouped and counted.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::compare::{Comparison, compare};
use super::drift::{Drift, Severity};
use super::evidence::{Fact, confirmed};
use super::recording::Recording;
use super::schema::Schemas;
use crate::format::{Format, counted};
use crate::printable::printable;

const CONFIRMED: &str = "documented facts that these responses confirm; `--write` raises their evidence to `live`\n\n";

/// The drift of a set of responses.
#[derive(Debug)]
pub struct Report {
    responses: usize,
    groups: Vec<Group>,
    operations: usize,
    /// The documented facts that the responses confirm.
    pub confirmed: Vec<Fact>,
}

/// The drift of one operation, or of a path without an operation.
#[derive(Debug)]
struct Group {
    id: Option<String>,
    route: String,
    responses: usize,
    /// With the number of responses that have it.
    found: BTreeMap<Drift, usize>,
}

impl Report {
    /// Compares responses with the spec, whose schemas are closed.
    pub fn new(schemas: &Schemas, recordings: &[Recording]) -> Self {
        let spec = schemas.spec();
        // In the order of the spec; unknown paths come first, sorted.
        let mut groups: BTreeMap<(usize, String), Group> = BTreeMap::new();
        let comparisons: Vec<_> = recordings.iter().map(|recording| compare(schemas, recording)).collect();
        for (recording, Comparison { operation, drift, .. }) in recordings.iter().zip(&comparisons) {
            let (id, route, line) = match operation {
                Some(operation) => {
                    let route = format!("{} {}", operation.method, operation.template);
                    (Some(operation.id.clone()), route, spec.line(&operation.pointer))
                }
                None => (None, format!("{} {}", recording.method, spec.relative_path(&recording.path)), 0),
            };
            let new = || Group { id, route: route.clone(), responses: 0, found: BTreeMap::new() };
            let group = groups.entry((line, route.clone())).or_insert_with(new);
            group.responses += 1;
            for drift in drift {
                *group.found.entry(drift.clone()).or_default() += 1;
            }
        }
        let groups: Vec<_> = groups.into_values().collect();
        let operations = groups.iter().filter(|group| group.id.is_some()).count();
        Self { responses: recordings.len(), groups, operations, confirmed: confirmed(spec, &comparisons) }
    }

    /// Whether the client cannot decode some response.
    pub fn has_undecodable(&self) -> bool {
        self.count(Severity::Undecodable) > 0
    }

    /// The number of distinct drifts with this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.groups.iter().flat_map(|group| group.found.keys()).filter(|found| found.severity == severity).count()
    }

    /// Renders the report; `spec` is the name of the spec file.
    pub fn render(&self, format: Format, spec: &str) -> String {
        match format {
            Format::Text => self.text(spec),
            Format::Markdown => self.markdown(spec),
            Format::Json => format!("{:#}\n", self.json()),
        }
    }

    fn text(&self, spec: &str) -> String {
        let rows = || self.groups.iter().flat_map(|group| group.rows(spec));
        let width = |column: usize| rows().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2), width(3)];
        let mut out = String::new();
        for group in self.groups.iter().filter(|group| !group.found.is_empty()) {
            let _ = writeln!(out, "{}", group.title());
            for row in group.rows(spec) {
                let cells = row.iter().zip(widths).map(|(cell, width)| format!("  {cell:<width$}"));
                let _ = writeln!(out, "{}  {}", cells.collect::<String>(), row[4]);
            }
            out.push('\n');
        }
        let width = self.confirmed.iter().map(|fact| fact.name.len()).max().unwrap_or(0);
        out + &self.end(|Fact { name, line }| format!("  {name:<width$}  {spec}:{line}\n"))
    }

    fn markdown(&self, spec: &str) -> String {
        let mut out = String::new();
        for group in self.groups.iter().filter(|group| !group.found.is_empty()) {
            let _ = writeln!(out, "### {}\n\n| severity | where | drift | responses | spec |", group.title());
            out.push_str("| --- | --- | --- | --- | --- |\n");
            for row in group.rows(spec) {
                let _ = writeln!(out, "| {} |", row.map(|cell| cell.replace('|', "\\|")).join(" | "));
            }
            out.push('\n');
        }
        out + &self.end(|Fact { name, line }| format!("- `{name}` ({spec}:{line})\n"))
    }

    /// The confirmed facts, and the totals.
    fn end(&self, fact: impl Fn(&Fact) -> String) -> String {
        let (head, gap) = if self.confirmed.is_empty() { ("", "") } else { (CONFIRMED, "\n") };
        let facts: String = self.confirmed.iter().map(fact).collect();
        let verdict = match (self.count(Severity::Undecodable), self.count(Severity::Tolerated)) {
            (0, 0) => "no drift".to_owned(),
            (undecodable, tolerated) => format!("{undecodable} undecodable, {tolerated} tolerated"),
        };
        let (responses, operations) = (counted(self.responses, "response"), counted(self.operations, "operation"));
        format!("{head}{facts}{gap}{responses}, {operations}: {verdict}\n")
    }

    fn json(&self) -> Value {
        let drift = self.groups.iter().flat_map(|group| {
            group.found.iter().map(move |(found, responses)| {
                json!({
                    "operation": group.id, "route": group.route, "jsonPath": found.json_path,
                    "kind": found.kind.name(), "message": found.kind.to_string(), "severity": found.severity.name(),
                    "responses": responses, "of": group.responses, "line": found.line,
                })
            })
        });
        let confirmed = self.confirmed.iter().map(|fact| json!({"fact": fact.name, "line": fact.line}));
        json!({
            "responses": self.responses, "operations": self.operations,
            "undecodable": self.count(Severity::Undecodable), "tolerated": self.count(Severity::Tolerated),
            "drift": drift.collect::<Vec<_>>(), "confirmed": confirmed.collect::<Vec<_>>(),
        })
    }
}

impl Group {
    fn title(&self) -> String {
        let id = self.id.as_ref().map(|id| format!("{id}  ")).unwrap_or_default();
        format!("{id}{}", printable(&self.route))
    }

    /// Severity, location, kind, share of the responses, and location in the spec.
    fn rows(&self, spec: &str) -> impl Iterator<Item = [String; 5]> {
        self.found.iter().map(move |(found, responses)| {
            let path = if found.json_path.is_empty() { "(response)".to_owned() } else { printable(&found.json_path) };
            let share = format!("{responses} of {}", self.responses);
            [found.severity.name().to_owned(), path, found.kind.to_string(), share, format!("{spec}:{}", found.line)]
        })
    }
}

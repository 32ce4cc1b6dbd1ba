//! Departures of many answers, put together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::departure::{self, Departure, Weight};
use crate::document::Document;
use crate::form::printable;
use crate::recording::Recording;

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// How a set of answers departs from the document.
#[derive(Debug)]
pub struct Report {
    answers: usize,
    groups: Vec<Group>,
    operations: usize,
}

/// The departures of one operation, or of a path that belongs to none.
#[derive(Debug)]
struct Group {
    id: Option<String>,
    route: String,
    answers: usize,
    /// With how many answers showed it.
    found: BTreeMap<Departure, usize>,
}

impl Report {
    /// Compares answers with the document.
    pub fn new(document: &Document, recordings: &[Recording]) -> Self {
        // In the order of the document; what it does not know comes first, by its path.
        let mut groups: BTreeMap<(usize, String), Group> = BTreeMap::new();
        for recording in recordings {
            let (operation, found) = departure::compare(document, recording);
            let (id, route, line) = match operation {
                Some(operation) => {
                    let route = format!("{} {}", operation.method, operation.template);
                    (Some(operation.id.clone()), route, document.line(&operation.pointer))
                }
                None => (None, format!("{} {}", recording.method, document.below_server(&recording.path)), 0),
            };
            let fresh = || Group { id, route: route.clone(), answers: 0, found: BTreeMap::new() };
            let group = groups.entry((line, route.clone())).or_insert_with(fresh);
            group.answers += 1;
            for departure in found.into_iter().collect::<BTreeSet<_>>() {
                *group.found.entry(departure).or_default() += 1;
            }
        }
        let groups: Vec<_> = groups.into_values().collect();
        let operations = groups.iter().filter(|group| group.id.is_some()).count();
        Self { answers: recordings.len(), groups, operations }
    }

    /// Whether the client fails on any of the answers.
    pub fn breaks(&self) -> bool {
        self.count(Weight::Breaks) > 0
    }

    /// How many different departures weigh this much.
    pub fn count(&self, weight: Weight) -> usize {
        self.groups.iter().flat_map(|group| group.found.keys()).filter(|found| found.weight == weight).count()
    }

    /// The report as text; `document` is what the document is called.
    pub fn render(&self, format: Format, document: &str) -> String {
        match format {
            Format::Text => self.text(document),
            Format::Json => format!("{:#}\n", self.json()),
        }
    }

    fn text(&self, document: &str) -> String {
        let all = || self.groups.iter().flat_map(|group| &group.found);
        let width =
            |text: fn(&Departure) -> String| all().map(|(found, _)| text(found).chars().count()).max().unwrap_or(0);
        let (places, faults) = (width(place), width(|found| found.fault.to_string()));
        let mut out = String::new();
        for group in self.groups.iter().filter(|group| !group.found.is_empty()) {
            let id = group.id.as_ref().map(|id| format!("{id}  ")).unwrap_or_default();
            let _ = writeln!(out, "{id}{}", group.route);
            for (found, answers) in &group.found {
                let weight = if found.weight == Weight::Breaks { "breaks" } else { "read" };
                let (place, fault, share) =
                    (place(found), found.fault.to_string(), format!("{answers} of {}", group.answers));
                let line = found.line;
                let _ =
                    writeln!(out, "  {weight:<6}  {place:<places$}  {fault:<faults$}  {share:<8}  {document}:{line}");
            }
            out.push('\n');
        }
        let (breaks, reads) = (self.count(Weight::Breaks), self.count(Weight::Read));
        let verdict = match (breaks, reads) {
            (0, 0) => "no departure from the document".to_owned(),
            (0, _) => format!("{}, all of which the client reads", counted(reads, "departure")),
            (_, 0) => format!("{} that {} the client", counted(breaks, "departure"), verb(breaks)),
            _ => format!("{} that {} the client, {reads} that it reads", counted(breaks, "departure"), verb(breaks)),
        };
        let (answers, operations) = (counted(self.answers, "answer"), counted(self.operations, "operation"));
        let _ = writeln!(out, "{answers}, {operations}: {verdict}");
        out
    }

    fn json(&self) -> Value {
        let departures = self.groups.iter().flat_map(|group| {
            group.found.iter().map(move |(found, answers)| {
                json!({
                    "operation": group.id, "route": group.route, "place": found.place, "fault": found.fault.name(),
                    "text": found.fault.to_string(), "breaks": found.weight == Weight::Breaks, "answers": answers,
                    "of": group.answers, "line": found.line,
                })
            })
        });
        json!({
            "answers": self.answers, "operations": self.operations, "breaks": self.count(Weight::Breaks),
            "read": self.count(Weight::Read), "departures": departures.collect::<Vec<_>>(),
        })
    }
}

fn place(found: &Departure) -> String {
    if found.place.is_empty() { "(the answer)".to_owned() } else { printable(&found.place) }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn verb(count: usize) -> &'static str {
    if count == 1 { "breaks" } else { "break" }
}

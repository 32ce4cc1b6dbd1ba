//! Differences of docs, and other facts that do not affect programs.

use crate::ir::note;

const NOTES: [&str; 4] = [note::DEPRECATED, note::DOCUMENTED, note::UNVERIFIED, note::CONTRADICTORY];

/// The doc changes of one type.
#[derive(Default)]
pub(super) struct DocChanges {
    reworded: Vec<String>,
    facts: Vec<(String, Vec<String>)>,
}

impl DocChanges {
    /// Compares the docs of the part `name`, without its limits.
    pub(super) fn compare_without(&mut self, name: &str, old: (&str, &str), new: (&str, &str)) {
        let without = |(docs, limits): (&str, &str)| match limits {
            "" => docs.to_owned(),
            limits => docs.replacen(limits, "", 1).replace(" \n\n", "\n\n"),
        };
        self.compare(name, without(old).trim(), without(new).trim());
    }

    /// Compares the docs of the part `name`.
    pub(super) fn compare(&mut self, name: &str, old: &str, new: &str) {
        let text = |docs| paragraphs(docs).filter(|part| !NOTES.contains(part)).collect::<Vec<_>>();
        if text(old) != text(new) {
            self.reworded.push(name.to_owned());
        }
        for note in NOTES {
            let has = |docs| paragraphs(docs).any(|part| part == note);
            match (has(old), has(new)) {
                (false, true) => self.fact(name, format!("“{note}”")),
                (true, false) => self.fact(name, format!("no longer “{note}”")),
                _ => {}
            }
        }
    }

    /// Adds a fact about the part `name`.
    pub(super) fn fact(&mut self, name: &str, fact: String) {
        match self.facts.iter_mut().find(|(known, _)| *known == fact) {
            Some((_, names)) => names.push(name.to_owned()),
            None => self.facts.push((fact, vec![name.to_owned()])),
        }
    }

    /// The facts, each with its parts.
    pub(super) fn facts(&self) -> impl Iterator<Item = String> {
        self.facts.iter().map(|(fact, names)| format!("{}: {fact}", names.join(", ")))
    }

    /// The parts with different docs.
    pub(super) fn reworded(&self) -> Option<String> {
        (!self.reworded.is_empty()).then(|| self.reworded.join(", "))
    }
}

fn paragraphs(docs: &str) -> impl Iterator<Item = &str> {
    docs.split("\n\n").map(str::trim)
}

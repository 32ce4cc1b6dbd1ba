//! What a change of the document does to programs that use the client.
//!
//! Both documents are lowered by this generator, so the difference is that of the Rust it would write: a change weighs what
//! it weighs for a caller, whatever it looks like in YAML.

mod json;
mod markdown;
mod operations;
mod pairs;
mod text;
mod types;
mod version;
mod words;

use std::fmt;

use crate::diagnostic::Report;
use crate::emit;
use crate::files::FileSet;
use crate::ir::Api;
use crate::lower;
use crate::render;
use crate::spec;

pub use version::{Release, Version};

/// A document, read as far as it takes to compare it.
#[derive(Clone, Debug)]
pub struct Document {
    api: Api,
}

impl Document {
    /// Reads a document, or reports why its client can't be told.
    pub fn read(text: &str) -> Result<Self, Report> {
        let mut report = Report::default();
        let Some(root) = spec::load::tree(text, &mut report) else { return Err(report.finish(text, |_| None)) };
        // House rules are not asked for: they may be younger than the document.
        if spec::audit::audit(&root, &mut report) {
            let api = lower::lower(&root, &mut report);
            if report.is_clean() {
                return Ok(Self { api });
            }
        }
        Err(report.finish(text, |at| spec::context::of(&root, at)))
    }

    /// The client of the document: what [`generate`](crate::generate) makes of it, house rules aside.
    pub fn files(&self) -> FileSet {
        render::render(&emit::emit(&self.api))
    }
}

/// What a change means for a program that uses the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Only descriptions differ.
    Wording,
    /// There is something new; what was there is as it was.
    Additive,
    /// Programs compile as before, and what they send or read differs.
    Wire,
    /// There is a program that compiled before and doesn't now, or one that now says something else.
    Breaking,
}

impl Weight {
    const ALL: [Self; 4] = [Self::Breaking, Self::Wire, Self::Additive, Self::Wording];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Wire => "on the wire",
            Self::Additive => "additive",
            Self::Wording => "wording",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Breaking => '!',
            Self::Wire => '~',
            Self::Additive => '+',
            Self::Wording => '.',
        }
    }
}

/// What kind of thing a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A function of a handle, or the handle itself.
    Operation,
    /// A type of the models.
    Type,
    /// The client as a whole.
    Client,
}

/// What happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another name.
    Renamed,
    /// It is there as before, and something about it differs.
    Changed,
    /// Only its description differs.
    Reworded,
}

/// One difference, in terms of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind of thing that differs.
    pub subject: Subject,
    /// What happened to it.
    pub action: Action,
    /// What callers know it as: `tasks().list_comments`, `Task`.
    pub name: String,
    /// What it means for callers.
    pub weight: Weight,
    /// The difference, in words.
    pub text: String,
}

/// All differences between two documents: what differs about things that were there, then what is new, and what was only
/// reworded last; operations before types, then by action, name and weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    changes: Vec<Change>,
}

impl Diff {
    /// What turns the client of `old` into that of `new`.
    pub fn between(old: &Document, new: &Document) -> Self {
        let paired = pairs::pair(&old.api, &new.api);
        let mut changes = Changes::default();
        if paired.old.server != new.api.server {
            let text = format!("calls go to {}, before to {}", new.api.server, paired.old.server);
            changes.add(Subject::Client, Action::Changed, "Client", Weight::Wire, text);
        }
        operations::compare(&paired, &new.api, &mut changes);
        types::compare(&paired, &new.api, &mut changes);
        let mut changes = changes.0;
        changes.sort_by(|a, b| {
            // What may need a reader's hand comes first.
            let part = |action| match action {
                Action::Removed | Action::Renamed | Action::Changed => 0,
                Action::Added => 1,
                Action::Reworded => 2,
            };
            let key = |change: &Change| (part(change.action), change.subject, change.action);
            (key(a), &a.name, b.weight).cmp(&(key(b), &b.name, a.weight))
        });
        changes.dedup();
        Self { changes }
    }

    /// The differences.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The heaviest weight, where anything differs.
    pub fn weight(&self) -> Option<Weight> {
        self.changes.iter().map(|change| change.weight).max()
    }

    /// How many changes have this weight.
    pub fn count(&self, weight: Weight) -> usize {
        self.changes.iter().filter(|change| change.weight == weight).count()
    }

    /// The difference for a terminal.
    pub fn text(&self, sides: &Sides) -> String {
        text::write(self, sides)
    }

    /// The difference for a comment or a job's summary.
    pub fn markdown(&self, sides: &Sides) -> String {
        markdown::write(self, sides)
    }

    /// The difference for a program.
    pub fn json(&self, sides: &Sides) -> String {
        json::write(self, sides)
    }

    /// `2 breaking, 1 additive`
    fn summary(&self) -> String {
        let parts: Vec<_> = Weight::ALL
            .into_iter()
            .map(|weight| (self.count(weight), weight.name()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        parts.join(", ")
    }

    /// The changes under their headings.
    fn sections(&self) -> Vec<Section<'_>> {
        let mut sections: Vec<Section> = Vec::new();
        for change in &self.changes {
            let title = title(change.subject, change.action);
            if sections.last().is_none_or(|last| last.title != title) {
                sections.push(Section { title, entries: Vec::new() });
            }
            let Some(section) = sections.last_mut() else { continue };
            match section.entries.last_mut() {
                Some(entry) if entry.names == [change.name.as_str()] => entry.changes.push(change),
                Some(entry) if change.action == Action::Reworded && entry.changes[0].text == change.text => {
                    entry.names.push(&change.name);
                }
                _ => section.entries.push(Entry { names: vec![&change.name], changes: vec![change] }),
            }
        }
        sections
    }
}

struct Section<'a> {
    title: String,
    entries: Vec<Entry<'a>>,
}

/// What one thing, or several things alike, have for changes.
struct Entry<'a> {
    names: Vec<&'a str>,
    changes: Vec<&'a Change>,
}

impl Entry<'_> {
    /// Whether one line tells it all.
    fn is_line(&self) -> bool {
        self.changes.len() == 1 && self.changes[0].action != Action::Changed
    }
}

fn title(subject: Subject, action: Action) -> String {
    let what = match subject {
        Subject::Operation => "operations",
        Subject::Type => "types",
        Subject::Client => return "The client".to_owned(),
    };
    let how = match action {
        Action::Added => "New",
        Action::Removed => "Removed",
        Action::Renamed => "Renamed",
        Action::Changed => "Changed",
        Action::Reworded => "Reworded",
    };
    format!("{how} {what}")
}

/// What the two documents are called, and the version that the client has now.
#[derive(Clone, Debug)]
pub struct Sides {
    /// The document that users have.
    pub old: String,
    /// The document that they would get.
    pub new: String,
    /// The version of the client before the change is released.
    pub version: Version,
}

#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn add(
        &mut self,
        subject: Subject,
        action: Action,
        name: impl fmt::Display,
        weight: Weight,
        text: impl Into<String>,
    ) {
        self.0.push(Change { subject, action, name: name.to_string(), weight, text: text.into() });
    }
}

//! How a spec change affects programs that use the client.
//!
//! Both specs are lowered by this generator, so their difference is that of the generated Rust: the impact of a change is its
//! impact on callers, not by its YAML.

mod doc_changes;
mod json;
mod markdown;
mod operations;
mod pairs;
mod structs;
mod text;
mod types;
mod version;

use std::fmt;

use crate::analysis::{HouseRules, analyze};
use crate::diagnostic::Diagnostics;
use crate::files::FileSet;
use crate::ir::Api;
use crate::{emit, render};

pub use version::{Release, Version};

/// A spec that is lowered for comparison.
#[derive(Clone, Debug)]
pub struct Spec {
    api: Api,
}

impl Spec {
    /// Lowers a spec. It does not have to follow the house rules, because they can be younger than it.
    pub fn read(text: &str) -> Result<Self, Diagnostics> {
        analyze(text, HouseRules::Skip).map(|(api, _)| Self { api })
    }

    /// The files that [`generate`](crate::generate) makes of the spec.
    pub fn files(&self) -> FileSet {
        render::render(emit::emit(&self.api))
    }
}

/// The impact of a change on programs that use the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    /// Only docs differ.
    Docs,
    /// Something is new, and nothing else differs.
    Additive,
    /// Programs compile as before, but send or read something else.
    Behavior,
    /// A program that compiled does not compile any more, or means something else.
    Breaking,
}

impl Impact {
    const ALL: [Self; 4] = [Self::Breaking, Self::Behavior, Self::Additive, Self::Docs];

    /// The impact in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Behavior => "behavior",
            Self::Additive => "additive",
            Self::Docs => "docs",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Breaking => '!',
            Self::Behavior => '~',
            Self::Additive => '+',
            Self::Docs => '.',
        }
    }
}

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A function of a handle, or the handle.
    Operation,
    /// A type.
    Type,
    /// The whole client.
    Client,
}

/// How it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is new.
    Added,
    /// It is removed.
    Removed,
    /// It is renamed.
    Renamed,
    /// Something about it differs.
    Changed,
    /// Only its docs differ.
    Reworded,
}

/// A difference in terms of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changes.
    pub subject: Subject,
    /// How it changes.
    pub action: Action,
    /// Its name for callers: `tasks().list_comments`, `Task`.
    pub name: String,
    /// The impact on callers.
    pub impact: Impact,
    /// The difference in words.
    pub text: String,
}

/// All differences between two clients: changes first, then additions, then docs; operations before types, then by action, name
/// and impact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    changes: Vec<Change>,
}

impl Diff {
    /// The differences between the clients of two specs.
    pub fn between(old: &Spec, new: &Spec) -> Self {
        let paired = pairs::pair(&old.api, &new.api);
        let mut changes = Changes::default();
        if paired.old.server != new.api.server {
            let text = format!("the base URL is {} (was {})", new.api.server, paired.old.server);
            changes.add(Subject::Client, Action::Changed, "Client", Impact::Behavior, text);
        }
        operations::compare(&paired, &new.api, &mut changes);
        types::compare(&paired, &new.api, &mut changes);
        let mut changes = changes.0;
        changes.sort_by(|a, b| {
            // What callers may have to act on comes first.
            let part = |action| match action {
                Action::Removed | Action::Renamed | Action::Changed => 0,
                Action::Added => 1,
                Action::Reworded => 2,
            };
            let key = |change: &Change| (part(change.action), change.subject, change.action);
            (key(a), &a.name, b.impact).cmp(&(key(b), &b.name, a.impact))
        });
        changes.dedup();
        Self { changes }
    }

    /// The differences.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The largest impact, if anything differs.
    pub fn impact(&self) -> Option<Impact> {
        self.changes.iter().map(|change| change.impact).max()
    }

    /// The number of changes with this impact.
    pub fn count(&self, impact: Impact) -> usize {
        self.changes.iter().filter(|change| change.impact == impact).count()
    }

    /// The differences as text.
    pub fn text(&self, labels: &DiffLabels) -> String {
        text::write(self, labels)
    }

    /// The differences as Markdown.
    pub fn markdown(&self, labels: &DiffLabels) -> String {
        markdown::write(self, labels)
    }

    /// The differences as JSON.
    pub fn json(&self, labels: &DiffLabels) -> String {
        json::write(self, labels)
    }

    /// `2 breaking, 1 additive`
    fn summary(&self) -> String {
        let parts: Vec<_> = Impact::ALL
            .into_iter()
            .map(|impact| (self.count(impact), impact.name()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        parts.join(", ")
    }

    /// The changes by heading.
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

/// The changes of one name, or the same change of several names.
struct Entry<'a> {
    names: Vec<&'a str>,
    changes: Vec<&'a Change>,
}

impl Entry<'_> {
    /// Whether the entry is one line.
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

/// The names of the two specs, and the current version of the client.
#[derive(Clone, Debug)]
pub struct DiffLabels {
    /// The name of the spec that users have.
    pub old: String,
    /// The name of the spec that they would get.
    pub new: String,
    /// The version of the client without the changes.
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
        impact: Impact,
        text: impl Into<String>,
    ) {
        self.0.push(Change { subject, action, name: name.to_string(), impact, text: text.into() });
    }
}

//! How a spec change affects programs that use the client.
//!
//! Both specs are lowered by this generator, so their difference is that of the generated Rust: the impact of a change is its
//! impact on callers, not by its YAML. What the generator itself and the hand-written code change is compared by its source.

mod code;
mod doc_changes;
mod json;
mod locate;
mod operations;
mod pairs;
mod report;
mod requests;
mod sections;
mod structs;
mod types;
mod version;

use std::collections::BTreeMap;
use std::fmt;

use crate::analysis::{HouseRules, analyze};
use crate::diagnostic::Diagnostics;
use crate::emit;
use crate::files::FileSet;
use crate::ir::Api;

pub use self::version::Release;
pub use crate::version::Version;

/// A spec that is lowered for comparison.
#[derive(Clone, Debug)]
pub struct Spec {
    api: Api,
    /// The lines of operations, by id, and of types, by name.
    lines: BTreeMap<String, usize>,
}

impl Spec {
    /// Lowers a spec. It does not have to follow the house rules, because they can be younger than it.
    pub fn read(text: &str) -> Result<Self, Diagnostics> {
        let (api, _) = analyze(text, HouseRules::Skip)?;
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        let line = |at: usize| ends.partition_point(|end| *end < at) + 1;
        let lines = api.spans.iter().map(|(name, span)| (name.clone(), line(span.start))).collect();
        Ok(Self { api, lines })
    }

    /// The files that [`generate`](crate::generate) makes of the spec.
    pub fn files(&self) -> FileSet {
        emit::client(&self.api)
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

    /// The impact as a character, which the report explains.
    pub fn sign(self) -> char {
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

/// What causes a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The spec.
    Spec,
    /// The generator: it makes other code of the same spec.
    Generator,
    /// The code of the client that is written by hand.
    Runtime,
}

/// Where the spec describes what changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Whether it is in the old spec, because the new one no longer has it.
    pub is_old: bool,
    /// The line.
    pub line: usize,
    /// The operation id, if an operation changes.
    pub operation: Option<String>,
}

/// A difference in terms of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What causes it.
    pub cause: Cause,
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
    /// The resource it belongs to, such as `tasks`; empty for what belongs to none.
    pub resource: String,
    /// Where the spec describes it.
    pub location: Option<Location>,
}

/// All differences between two clients.
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
        changes.0.iter_mut().for_each(|change| locate::locate(change, old, new));
        let mut diff = Self { changes: changes.0 };
        diff.sort();
        diff
    }

    /// Adds the differences of the public API between two sources of the client, as paths and texts. Without `old`, a file that
    /// is not Rust is an error.
    pub fn add_code<'a>(
        &mut self,
        cause: Cause,
        old: impl IntoIterator<Item = (&'a str, &'a str)>,
        new: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), String> {
        self.changes.extend(code::compare(cause, old, new)?);
        self.sort();
        Ok(())
    }

    /// Changes first, then additions by resource, then docs; operations before types, then by action, name and impact.
    fn sort(&mut self) {
        self.changes.sort_by(sections::order);
        self.changes.dedup();
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

    /// `2 breaking, 1 additive`
    fn summary(&self) -> String {
        let counts = Impact::ALL.map(|impact| (self.count(impact), impact.name()));
        let parts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}"));
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// The names of the two specs, and the versions of the client.
#[derive(Clone, Debug)]
pub struct DiffLabels {
    /// The name of the spec that users have.
    pub old: String,
    /// The name of the spec that they would get.
    pub new: String,
    /// The version of the client without the changes.
    pub version: Version,
    /// The version that the client with the changes has now.
    pub current: Version,
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
        let (cause, resource, location) = (Cause::Spec, String::new(), None);
        let (name, text) = (name.to_string(), text.into());
        self.0.push(Change { cause, subject, action, name, impact, text, resource, location });
    }
}

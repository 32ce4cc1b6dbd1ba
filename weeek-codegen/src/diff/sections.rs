//! The headings of a report.

use std::cmp::Ordering;

use super::{Action, Cause, Change, Diff, Impact, Subject};

/// The changes below a heading.
pub(super) struct Section<'a> {
    pub(super) title: String,
    pub(super) entries: Vec<Entry<'a>>,
}

/// The changes of one name, or the same change of several names.
pub(super) struct Entry<'a> {
    pub(super) names: Vec<&'a str>,
    pub(super) changes: Vec<&'a Change>,
}

impl Entry<'_> {
    /// Whether the entry is one line.
    pub(super) fn is_line(&self) -> bool {
        self.changes.len() == 1 && self.changes[0].action != Action::Changed
    }
}

impl Diff {
    /// The changes by heading.
    pub(super) fn sections(&self) -> Vec<Section<'_>> {
        let mut sections: Vec<Section> = Vec::new();
        for change in self.changes() {
            let title = title(change);
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

/// Changes by section, operations before types, then by action, name and impact.
pub(super) fn order(a: &Change, b: &Change) -> Ordering {
    fn key(change: &Change) -> (u8, &str, u8, Subject, Action) {
        let is_code = change.cause != Cause::Spec;
        let rank = if is_code { Impact::Breaking as u8 - change.impact as u8 } else { 0 };
        (part(change), group(change), rank, change.subject, change.action)
    }
    (key(a), &a.name, b.impact).cmp(&(key(b), &b.name, a.impact))
}

/// What callers may have to act on comes first, then what is new, then docs; last what the spec does not cause.
fn part(change: &Change) -> u8 {
    match (change.cause, change.action) {
        (Cause::Generator, _) => 3,
        (Cause::Runtime, _) => 4,
        (_, Action::Reworded) => 2,
        (_, Action::Added | Action::Changed) if change.impact == Impact::Additive => 1,
        _ => 0,
    }
}

/// New things are grouped by resource, so that they are ready for a changelog.
fn group(change: &Change) -> &str {
    if part(change) == 1 { &change.resource } else { "" }
}

fn title(change: &Change) -> String {
    let what = match (part(change), change.subject) {
        (1, _) if change.resource.is_empty() => return "New".to_owned(),
        (1, _) => return format!("New in {}", change.resource.replace('_', " ")),
        (3, _) => return "Changed by the generator".to_owned(),
        (4, _) => return "Changed in the hand-written code".to_owned(),
        (_, Subject::Operation) => "operations",
        (_, Subject::Type) => "types",
        (_, Subject::Client) => return "The client".to_owned(),
    };
    let how = match change.action {
        Action::Added => "New",
        Action::Removed => "Removed",
        Action::Renamed => "Renamed",
        Action::Changed => "Changed",
        Action::Reworded => "Reworded",
    };
    format!("{how} {what}")
}

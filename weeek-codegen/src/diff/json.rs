//! The difference for a program.

use serde_json::json;

use super::{Action, Change, Diff, Sides, Subject, Weight};

pub(super) fn write(diff: &Diff, sides: &Sides) -> String {
    let release = diff.release(sides.version);
    let document = json!({
        "old": sides.old,
        "new": sides.new,
        "version": sides.version.to_string(),
        "nextVersion": release.map(|release| release.version.to_string()),
        "rule": release.map(|release| release.rule),
        "weight": diff.weight().map(weight),
        "changes": diff.changes().iter().map(change).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn change(change: &Change) -> serde_json::Value {
    json!({
        "subject": match change.subject {
            Subject::Operation => "operation",
            Subject::Type => "type",
            Subject::Client => "client",
        },
        "action": match change.action {
            Action::Added => "added",
            Action::Removed => "removed",
            Action::Renamed => "renamed",
            Action::Changed => "changed",
            Action::Reworded => "reworded",
        },
        "name": change.name,
        "weight": weight(change.weight),
        "text": change.text,
    })
}

fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Breaking => "breaking",
        Weight::Wire => "wire",
        Weight::Additive => "additive",
        Weight::Wording => "wording",
    }
}

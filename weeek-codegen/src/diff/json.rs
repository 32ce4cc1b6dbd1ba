//! The differences as JSON.

use serde_json::json;

use super::{Action, Change, Diff, DiffLabels, Impact, Subject};

pub(super) fn write(diff: &Diff, labels: &DiffLabels) -> String {
    let release = diff.release(labels.version);
    let document = json!({
        "old": labels.old,
        "new": labels.new,
        "version": labels.version.to_string(),
        "nextVersion": release.map(|release| release.version.to_string()),
        "rule": release.map(|release| release.rule),
        "impact": diff.impact().map(impact),
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
        "impact": impact(change.impact),
        "text": change.text,
    })
}

fn impact(impact: Impact) -> &'static str {
    match impact {
        Impact::Breaking => "breaking",
        Impact::Behavior => "behavior",
        Impact::Additive => "additive",
        Impact::Docs => "docs",
    }
}

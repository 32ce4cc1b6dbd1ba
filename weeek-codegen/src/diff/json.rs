//! The differences as JSON.

use serde_json::json;

use super::{Action, Cause, Change, Diff, DiffLabels, Impact, Subject};

pub(super) fn write(diff: &Diff, labels: &DiffLabels) -> String {
    let release = diff.release(labels.version);
    let document = json!({
        "old": labels.old,
        "new": labels.new,
        "version": labels.version.to_string(),
        "currentVersion": labels.current.to_string(),
        "nextVersion": release.map(|release| release.version.to_string()),
        "rule": release.map(|release| release.rule),
        "impact": diff.impact().map(impact),
        "changes": diff.changes().iter().map(change).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn change(change: &Change) -> serde_json::Value {
    let location = change.location.as_ref();
    json!({
        "cause": match change.cause {
            Cause::Spec => "spec",
            Cause::Generator => "generator",
            Cause::Runtime => "runtime",
        },
        "resource": change.resource,
        "side": location.map(|location| if location.is_old { "old" } else { "new" }),
        "line": location.map(|location| location.line),
        "operation": location.and_then(|location| location.operation.as_deref()),
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

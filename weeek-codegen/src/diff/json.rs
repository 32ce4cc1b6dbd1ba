//! The differences as JSON.

use std::fmt::Debug;

use serde_json::json;

use super::{Change, Diff, DiffLabels, Impact};

impl Diff {
    /// The differences as JSON.
    pub fn json(&self, labels: &DiffLabels) -> String {
        let release = self.release(labels.version);
        let document = json!({
            "old": labels.old,
            "new": labels.new,
            "version": labels.version.to_string(),
            "currentVersion": labels.current.to_string(),
            "nextVersion": release.map(|release| release.version.to_string()),
            "rule": release.map(|release| release.rule),
            "impact": self.impact().map(Impact::name),
            "changes": self.changes().iter().map(change).collect::<Vec<_>>(),
        });
        format!("{document:#}\n")
    }
}

fn change(change: &Change) -> serde_json::Value {
    let location = change.location.as_ref();
    json!({
        "cause": keyword(&change.cause),
        "resource": change.resource,
        "side": location.map(|location| if location.is_old { "old" } else { "new" }),
        "line": location.map(|location| location.line),
        "operation": location.and_then(|location| location.operation.as_deref()),
        "subject": keyword(&change.subject),
        "action": keyword(&change.action),
        "name": change.name,
        "impact": change.impact.name(),
        "text": change.text,
    })
}

/// The name of a variant, which is one word.
fn keyword(variant: &impl Debug) -> String {
    format!("{variant:?}").to_lowercase()
}

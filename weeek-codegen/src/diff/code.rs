//! Differences of the public API that the spec does not cause.

use super::{Action, Cause, Change, Impact, Subject};
use crate::public_api;

/// The differences between two sources, by name.
pub(super) fn compare<'a>(
    cause: Cause,
    old: impl IntoIterator<Item = (&'a str, &'a str)>,
    new: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<Change>, String> {
    let (old, new) = (public_api::read(old)?, public_api::read(new)?);
    let change = |action, name: &str, impact, text| {
        let (subject, name, resource) = (Subject::Client, name.to_owned(), String::new());
        Change { cause, subject, action, name, impact, text, resource, location: None }
    };
    let code = |signatures: Vec<&String>| {
        let signatures = signatures.into_iter().filter(|signature| !signature.is_empty());
        signatures.map(|signature| format!("`{signature}`")).collect::<Vec<_>>().join(", ")
    };
    let mut changes = Vec::new();
    for (name, was) in &old {
        let Some(now) = new.get(name) else {
            changes.push(change(Action::Removed, name, Impact::Breaking, "is removed".to_owned()));
            continue;
        };
        let (gone, fresh) = (code(was.difference(now).collect()), code(now.difference(was).collect()));
        match (gone.is_empty(), fresh.is_empty()) {
            (true, true) => {}
            (true, false) => changes.push(change(Action::Changed, name, Impact::Additive, format!("also has {fresh}"))),
            (false, true) => {
                changes.push(change(Action::Changed, name, Impact::Breaking, format!("no longer has {gone}")));
            }
            _ => changes.push(change(Action::Changed, name, Impact::Breaking, format!("is {fresh} (was {gone})"))),
        }
    }
    for (name, now) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let signatures = code(now.iter().collect());
        let text = if signatures.is_empty() { "is new".to_owned() } else { format!("is new: {signatures}") };
        changes.push(change(Action::Added, name, Impact::Additive, text));
    }
    Ok(changes)
}

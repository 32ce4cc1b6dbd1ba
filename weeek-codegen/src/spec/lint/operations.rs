//! What an operation is called, and what it says of itself.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::Report;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve::{self, Place};
use crate::spec::words::did_you_mean;

/// The vocabulary: what a function's name may begin with, and the methods that go with it.
const VERBS: [(&str, &[&str]); 18] = [
    ("add", CHANGES),
    ("archive", CHANGES),
    ("complete", CHANGES),
    ("create", &["post"]),
    ("delete", &["delete"]),
    ("get", &["get"]),
    ("list", &["get"]),
    ("move", CHANGES),
    ("patch", &["patch"]),
    ("remove", &["delete"]),
    ("reopen", CHANGES),
    ("set", CHANGES),
    ("start", CHANGES),
    ("stop", CHANGES),
    ("transfer", CHANGES),
    ("unarchive", CHANGES),
    ("update", &["put", "patch"]),
    ("upload", &["post"]),
];
const CHANGES: &[&str] = &["post", "put", "patch"];

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    let tags: BTreeSet<&str> = root.items_at("tags").iter().filter_map(|tag| tag.text_at("name")).collect();
    for place in resolve::operations(root) {
        operation_id(&tags, place, report);
        if let Some(summary) = place.node.get("summary") {
            sentence(summary, report);
        }
    }
    for (path, item) in root.entries_at("paths").iter().filter(|(_, item)| item.entries().is_empty()) {
        if item.get("$ref").is_none() {
            report.fault(Rule::EmptyPath, &path.span, format!("`{}` has no operation", path.name));
        }
    }
    unused_tags(root, report);
}

fn operation_id(tags: &BTreeSet<&str>, place: Place, report: &mut Report) {
    let [tag] = place.node.items_at("tags") else { return };
    let (Some(tag), Some(id)) = (tag.text(), place.node.get("operationId")) else { return };
    if !tags.contains(tag) {
        return;
    }
    let text = id.text().unwrap_or_default();
    let prefix = naming::handle(tag);
    let function = match text.split_once('.') {
        Some((before, function))
            if before == prefix && naming::handle(function) == function && !function.is_empty() =>
        {
            function
        }
        _ => {
            let help = format!("an operation of `{tag}` is called `{prefix}.verb`, in camelCase");
            report.fault(Rule::OperationId, &id.span, format!("operationId `{text}` breaks the rule")).help(help);
            return;
        }
    };
    let verb = function.find(|letter: char| letter.is_ascii_uppercase()).map_or(function, |end| &function[..end]);
    let verbs = VERBS.iter().map(|(verb, _)| *verb);
    match VERBS.iter().find(|(known, _)| *known == verb) {
        None => {
            let help = did_you_mean(verb, verbs.clone())
                .unwrap_or_else(|| format!("one of {}", verbs.collect::<Vec<_>>().join(", ")));
            report.fault(Rule::Verb, &id.span, format!("`{verb}` is not a verb of the vocabulary")).help(help);
        }
        Some((_, methods)) if !methods.contains(&place.method.name.as_str()) => {
            let method = place.method.name.to_uppercase();
            let fault = report.fault(Rule::Verb, &id.span, format!("`{verb}` does not go with {method}"));
            fault
                .help(format!("it goes with {}", methods.join(", ").to_uppercase()))
                .related(&place.method.span, "the method");
        }
        Some(_) => {}
    }
}

/// One sentence that tells what to do: `List the tags.`
fn sentence(summary: &Node, report: &mut Report) {
    let text = summary.text().unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or_default();
    let told = |first: &str| first.ends_with('s') && !first.ends_with("ss");
    let help = if !text.ends_with('.') {
        "end it with a full stop"
    } else if text.trim_end_matches('.').contains(". ") || text.contains('\n') {
        "one sentence; the rest goes into `description`"
    } else if !first.starts_with(char::is_uppercase) {
        "begin it with a capital letter"
    } else if told(first) {
        "say what to do, as in `List the tags.`"
    } else {
        return;
    };
    report.fault(Rule::Summary, &summary.span, "a summary is one sentence in the imperative").help(help);
}

fn unused_tags(root: &Node, report: &mut Report) {
    // An operation without a tag may be the one that the tag is for.
    if resolve::operations(root).any(|place| place.node.items_at("tags").len() != 1) {
        return;
    }
    let used: BTreeSet<&str> = resolve::operations(root).flat_map(|place| place.node.texts("tags")).collect();
    for name in root.items_at("tags").iter().filter_map(|tag| tag.get("name")) {
        let Some(text) = name.text().filter(|text| !used.contains(text)) else { continue };
        // A misspelt tag of an operation is the fault then.
        let is_meant = used.iter().any(|other| {
            did_you_mean(other, std::iter::once(text)).is_some()
                && !root.items_at("tags").iter().any(|tag| tag.text_at("name") == Some(*other))
        });
        if !is_meant {
            report.fault(Rule::UnusedTag, &name.span, format!("no operation has the tag `{text}`"));
        }
    }
}

//! Operation ids, summaries and tags of operations.

use std::collections::BTreeSet;

use super::LintContext;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve::{self, OperationNode};
use crate::spec::suggest::did_you_mean;

/// The verbs that a function's name can start with, each with its HTTP methods.
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

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    let tags: BTreeSet<&str> = root.items_at("tags").iter().filter_map(|tag| tag.text_at("name")).collect();
    for operation in resolve::operations(root) {
        operation_id(&tags, operation, diagnostics);
        if let Some(node) = operation.node.get("summary") {
            summary(node, diagnostics);
        }
    }
    unused_tags(root, diagnostics);
}

fn operation_id(tags: &BTreeSet<&str>, operation: OperationNode, diagnostics: &mut Diagnostics) {
    let [tag] = operation.node.items_at("tags") else { return };
    let (Some(tag), Some(id)) = (tag.text(), operation.node.get("operationId")) else { return };
    if !tags.contains(tag) {
        return;
    }
    let text = id.text().unwrap_or_default();
    let prefix = naming::operation_prefix(tag);
    let function = text.split_once('.').filter(|(before, function)| {
        *before == prefix && naming::operation_prefix(function) == *function && !function.is_empty()
    });
    let Some((_, function)) = function else {
        let help = format!("the id of an operation of `{tag}` is `{prefix}.verb`, in camelCase");
        let message = format!("operation id `{text}` is not `{prefix}.verb`");
        diagnostics.error(Rule::OperationId, &id.span, message).help(help);
        return;
    };
    let verb = function.find(|letter: char| letter.is_ascii_uppercase()).map_or(function, |end| &function[..end]);
    let verbs = VERBS.iter().map(|(verb, _)| *verb);
    match VERBS.iter().find(|(known, _)| *known == verb) {
        None => {
            let help = did_you_mean(verb, verbs.clone());
            let help = help.unwrap_or_else(|| format!("use one of {}", verbs.collect::<Vec<_>>().join(", ")));
            diagnostics.error(Rule::Verb, &id.span, format!("`{verb}` is not an allowed verb")).help(help);
        }
        Some((_, methods)) if !methods.contains(&operation.method.name.as_str()) => {
            let message = format!("`{verb}` is not allowed for {}", operation.method.name.to_uppercase());
            let error = diagnostics.error(Rule::Verb, &id.span, message);
            error
                .help(format!("it is allowed for {}", methods.join(", ").to_uppercase()))
                .related(&operation.method.span, "the method");
        }
        Some(_) => {}
    }
}

/// A summary is one sentence in the imperative: `List the tags.`
fn summary(summary: &Node, diagnostics: &mut Diagnostics) {
    let text = summary.text().unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or_default();
    let help = if !text.ends_with('.') {
        "end it with a full stop"
    } else if text.trim_end_matches('.').contains(". ") || text.contains('\n') {
        "keep one sentence, and move the rest to `description`"
    } else if !first.starts_with(char::is_uppercase) {
        "start it with a capital letter"
    } else if first.ends_with('s') && !first.ends_with("ss") {
        "start with a verb in the imperative, as in `List the tags.`"
    } else {
        return;
    };
    diagnostics.error(Rule::Summary, &summary.span, "a summary must be one sentence in the imperative").help(help);
}

fn unused_tags(root: &Node, diagnostics: &mut Diagnostics) {
    // An operation without a tag could be the one that has it.
    if resolve::operations(root).any(|operation| operation.node.items_at("tags").len() != 1) {
        return;
    }
    let used: BTreeSet<&str> = resolve::operations(root).flat_map(|operation| operation.node.texts("tags")).collect();
    for name in root.items_at("tags").iter().filter_map(|tag| tag.get("name")) {
        let Some(text) = name.text().filter(|text| !used.contains(text)) else { continue };
        // If an operation misspells the tag, that is the error.
        let is_misspelled = used.iter().any(|other| {
            did_you_mean(other, std::iter::once(text)).is_some()
                && !root.items_at("tags").iter().any(|tag| tag.text_at("name") == Some(*other))
        });
        if !is_misspelled {
            diagnostics.error(Rule::UnusedTag, &name.span, format!("no operation has the tag `{text}`"));
        }
    }
}

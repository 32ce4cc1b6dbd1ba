//! How lists page.

use super::Subject;
use crate::diagnostic::Report;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;
use crate::spec::words::did_you_mean;

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    for place in resolve::operations(root) {
        let Some(paging) = place.node.get("x-weeek-paging") else { continue };
        let answers = place.node.entries_at("responses").iter();
        let success = answers.filter(|(status, _)| status.name.starts_with('2')).map(|(_, answer)| answer).next();
        if let Some(answer) = success {
            names(root, place.node, resolve::follow(root, "responses", answer), paging, report);
        }
    }
}

/// What the paging names has to be there: parameters to send, and a flag to read.
fn names(root: &Node, node: &Node, response: &Node, paging: &Node, report: &mut Report) {
    let is_lost = resolve::parameters(root, node).any(|(_, declared)| report.is_unsound(&declared.span));
    if is_lost || report.is_unsound(&node.span) || report.is_unsound(&response.span) {
        return;
    }
    let schema = resolve::media(response).first().and_then(|(_, media)| media.get("schema"));
    let properties = schema.map(|schema| resolve::follow(root, "schemas", schema).entries_at("properties"));
    let item = response.text_at("x-weeek-item");
    let list = properties.and_then(|properties| properties.iter().find(|(key, _)| Some(key.name.as_str()) == item));
    // What is no list can't page at all, which is told once the answer is lowered.
    if list.and_then(|(_, list)| list.text_at("type")) != Some("array") {
        return;
    }
    let queries: Vec<(&str, &Node)> = resolve::parameters(root, node)
        .filter(|(_, declared)| declared.text_at("in") == Some("query"))
        .filter_map(|(_, declared)| Some((declared.text_at("name")?, declared)))
        .collect();
    for role in ["limit", "offset"] {
        let Some(name) = paging.get(role) else { continue };
        let text = name.text().unwrap_or_default();
        match queries.iter().find(|(known, _)| *known == text) {
            None => {
                let help = did_you_mean(text, queries.iter().map(|(known, _)| *known));
                let message = format!("no query parameter is called `{text}`");
                report.fault(Rule::Paging, &name.span, message).help = help;
            }
            Some((_, declared)) => {
                let schema = declared.get("schema");
                if declared.is_true("required") || schema.and_then(|schema| schema.text_at("type")) != Some("integer") {
                    let message = format!("`{text}` has to be an integer that may be left out");
                    report.fault(Rule::Paging, &name.span, message).related(&declared.head(), "the parameter");
                }
            }
        }
    }
    if let Some(size) = paging.get("pageSize").filter(|size| size.integer() == Some(0)) {
        report.fault(Rule::Paging, &size.span, "a page holds at least one row");
    }
    let (Some(more), Some(properties)) = (paging.get("hasMore"), properties) else { return };
    let text = more.text().unwrap_or_default();
    match properties.iter().find(|(key, _)| key.name == text) {
        None => {
            let help = did_you_mean(text, properties.iter().map(|(key, _)| key.name.as_str()));
            let message = format!("the answer has no property `{text}`");
            report.fault(Rule::Paging, &more.span, message).help = help;
        }
        Some((key, property)) if property.text_at("type") != Some("boolean") => {
            let message = format!("`{text}` has to be a boolean");
            report.fault(Rule::Paging, &more.span, message).related(&key.span, "the property");
        }
        Some(_) => {}
    }
}

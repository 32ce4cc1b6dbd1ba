//! Rules for paginated lists.

use super::LintContext;
use crate::diagnostic::Diagnostics;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;
use crate::spec::suggest::did_you_mean;

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    for operation in resolve::operations(root) {
        let Some(paging) = operation.node.get("x-weeek-paging") else { continue };
        let mut responses = operation.node.entries_at("responses").iter();
        if let Some((_, response)) = responses.find(|(status, _)| status.name.starts_with('2')) {
            check(root, operation.node, resolve::resolve_ref(root, "responses", response), paging, diagnostics);
        }
    }
}

/// Paging names query parameters of the operation and a flag of its response.
fn check(root: &Node, node: &Node, response: &Node, paging: &Node, diagnostics: &mut Diagnostics) {
    let is_lost = resolve::parameters(root, node).any(|(_, declared)| diagnostics.is_tainted(&declared.span));
    if is_lost || diagnostics.is_tainted(&node.span) || diagnostics.is_tainted(&response.span) {
        return;
    }
    let schema = resolve::media(response).first().and_then(|(_, media)| media.get("schema"));
    let schema = schema.map(|schema| resolve::resolve_ref(root, "schemas", schema));
    let properties = schema.filter(|schema| !resolve::requires_unknown(schema)).and_then(|it| it.get("properties"));
    let item = properties.and_then(|properties| properties.get(response.text_at("x-weeek-item")?));
    // `lower` reports an item that is not an array.
    let Some(properties) = properties.filter(|_| item.and_then(|item| item.text_at("type")) == Some("array")) else {
        return;
    };
    let queries: Vec<(&str, &Node)> = resolve::parameters(root, node)
        .filter(|(_, declared)| declared.text_at("in") == Some("query"))
        .filter_map(|(_, declared)| Some((declared.text_at("name")?, declared)))
        .collect();
    for name in ["limit", "offset"].into_iter().filter_map(|role| paging.get(role)) {
        let text = name.text().unwrap_or_default();
        match queries.iter().find(|(known, _)| *known == text) {
            None => {
                let help = did_you_mean(text, queries.iter().map(|(known, _)| *known));
                let message = format!("the operation has no query parameter `{text}`");
                diagnostics.error(Rule::Paging, &name.span, message).help = help;
            }
            Some((_, declared)) => {
                let schema = declared.get("schema");
                if declared.is_true("required") || schema.and_then(|schema| schema.text_at("type")) != Some("integer") {
                    let message = format!("`{text}` is not an optional integer");
                    diagnostics
                        .error(Rule::Paging, &name.span, message)
                        .related(&declared.first_token(), "the parameter");
                }
            }
        }
    }
    if let Some(size) = paging.get("pageSize").filter(|size| size.integer() == Some(0)) {
        diagnostics.error(Rule::Paging, &size.span, "`pageSize` must be at least 1");
    }
    let Some(flag) = paging.get("hasMore") else { return };
    let text = flag.text().unwrap_or_default();
    match properties.entry(text) {
        None => {
            let help = did_you_mean(text, properties.entries().iter().map(|(key, _)| key.name.as_str()));
            let message = format!("the response has no property `{text}`");
            diagnostics.error(Rule::Paging, &flag.span, message).help = help;
        }
        Some((key, property)) if property.text_at("type") != Some("boolean") => {
            let message = format!("`{text}` is not a boolean");
            diagnostics.error(Rule::Paging, &flag.span, message).related(&key.span, "the property");
        }
        Some(_) => {}
    }
}

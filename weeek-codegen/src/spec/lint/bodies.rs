//! What an operation sends.

use super::Subject;
use crate::diagnostic::Report;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    for place in resolve::operations(root) {
        let Some((key, body)) = place.node.entries().iter().find(|(key, _)| key.name == "requestBody") else {
            continue;
        };
        if place.method.name == "get" {
            report.fault(Rule::RequestBody, &key.span, "a GET has no body").help("send query parameters");
        } else if !body.is_true("required") {
            let help = "say `required: true`; a call that says nothing without its body has to have one";
            report.fault(Rule::RequestBody, &key.span, "a request body is required").help(help);
        }
        arguments(root, key, body, report);
    }
}

/// One value is an argument of the function; anything else makes a type.
fn arguments(root: &Node, key: &Key, body: &Node, report: &mut Report) {
    let Some((_, media)) = resolve::media(body).iter().find(|(media, _)| media.name == "application/json") else {
        return;
    };
    let Some(schema) = media.get("schema").map(|schema| resolve::follow(root, "schemas", schema)) else { return };
    if report.is_unsound(&body.span) || report.is_unsound(&schema.span) {
        return;
    }
    let [(property, _)] = schema.entries_at("properties") else {
        if let Some((key, _)) = body.entries().iter().find(|(key, _)| key.name == "x-weeek-arguments") {
            let message = "only a body of one property is spread into arguments";
            report.fault(Rule::Arguments, &key.span, message).help("two or more make a type");
        }
        return;
    };
    let is_required = schema.texts("required").any(|name| name == property.name);
    if is_required && !body.is_true("x-weeek-arguments") {
        let message = format!("the body has nothing but `{}`", property.name);
        let help = "say `x-weeek-arguments: true`, so that it becomes an argument";
        report.fault(Rule::Arguments, &key.span, message).help(help);
    }
}

//! Rules for request bodies.

use super::LintContext;
use crate::diagnostic::Diagnostics;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    for operation in resolve::operations(root) {
        let Some((key, body)) = operation.node.entry("requestBody") else { continue };
        if operation.method.name == "get" {
            let error = diagnostics.error(Rule::RequestBody, &key.span, "a GET can't have a body");
            error.help("send query parameters");
        } else if body.get("required").is_none_or(|required| required.boolean() == Some(false))
            && !resolve::is_misspelled(body, "required")
        {
            let help = "add `required: true`";
            diagnostics.error(Rule::RequestBody, &key.span, "a request body must be required").help(help);
        }
        arguments(root, key, body, diagnostics);
    }
}

/// A body of one required property becomes an argument; any other becomes a type.
fn arguments(root: &Node, key: &Key, body: &Node, diagnostics: &mut Diagnostics) {
    let Some(media) = body.get("content").and_then(|content| content.get("application/json")) else { return };
    let Some(schema) = media.get("schema").map(|schema| resolve::resolve_ref(root, "schemas", schema)) else { return };
    if diagnostics.is_tainted(&body.span) || diagnostics.is_tainted(&schema.span) {
        return;
    }
    let [(property, _)] = schema.entries_at("properties") else {
        if let Some((key, _)) = body.entry("x-weeek-arguments") {
            let message = "only a body of one property can be spread into arguments";
            diagnostics.error(Rule::Arguments, &key.span, message).help("remove the key");
        }
        return;
    };
    let is_required = schema.texts("required").any(|name| name == property.name);
    if is_required && !body.is_true("x-weeek-arguments") {
        let message = format!("the body has only `{}`, which must be an argument", property.name);
        let help = "add `x-weeek-arguments: true`";
        diagnostics.error(Rule::Arguments, &key.span, message).help(help);
    }
}

//! Rules for responses.

use std::collections::BTreeSet;
use std::ops::Range;

use super::LintContext;
use crate::diagnostic::{Diagnostics, quoted};
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve::{self, OperationNode};

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for operation in resolve::operations(root) {
        let Some((key, responses)) = operation.node.entry("responses") else { continue };
        for (status, response) in responses.entries() {
            self::status(status, diagnostics);
            named(status, response, diagnostics);
        }
        envelopes(root, responses, &mut seen, diagnostics);
        if !responses.entries().is_empty() {
            errors(root, operation, (&key.span, responses), diagnostics);
        }
    }
}

fn status(status: &Key, diagnostics: &mut Diagnostics) {
    let text = &status.name;
    let is_status =
        text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) && matches!(text.as_bytes()[0], b'1'..=b'5');
    if !is_status {
        let error = diagnostics.error(Rule::Status, &status.span, format!("`{text}` is not a status code"));
        error.help("list each status code, such as '200'");
    } else if !status.quoted {
        let error = diagnostics.error(Rule::Status, &status.span, "status codes must be quoted");
        error.help(format!("write '{text}'")).fix(quoted(text));
    }
}

fn named(status: &Key, response: &Node, diagnostics: &mut Diagnostics) {
    if response.get("$ref").is_none() {
        let message = format!("the response of `{}` has no name", status.name);
        let help = "move it to `components.responses` and refer to it with `$ref`";
        diagnostics.error(Rule::NamedResponse, &status.span, message).help(help);
    }
}

/// An envelope whose `success` is optional could hide a failure. It is optional only if recorded responses contradict each other.
fn envelopes(root: &Node, responses: &Node, seen: &mut BTreeSet<usize>, diagnostics: &mut Diagnostics) {
    let successes = responses.entries().iter().filter(|(status, _)| status.name.starts_with('2'));
    let successes = successes.map(|(_, response)| resolve::resolve_ref(root, "responses", response));
    let schemas = successes.flat_map(resolve::media).filter_map(|(_, media)| media.get("schema"));
    for schema in schemas.map(|schema| resolve::resolve_ref(root, "schemas", schema)) {
        let Some((key, success)) = schema.get("properties").and_then(|properties| properties.entry("success")) else {
            continue;
        };
        let is_contradictory = success.text_at("x-weeek-evidence") == Some("contradictory");
        if !is_contradictory
            && seen.insert(schema.span.start)
            && !schema.texts("required").any(|name| name == "success")
        {
            let error = diagnostics.error(Rule::Envelope, &key.span, "`success` of an envelope must be required");
            error.help("list it under `required`");
        }
    }
}

/// The error responses that follow from the path and the request of an operation.
fn errors(
    root: &Node,
    operation: OperationNode,
    (key_span, responses): (&Range<usize>, &Node),
    diagnostics: &mut Diagnostics,
) {
    let parameters: Vec<&Node> = resolve::parameters(root, operation.node).map(|(_, parameter)| parameter).collect();
    let has_id = operation.path.name.contains('{');
    let has_input = operation.node.get("requestBody").is_some()
        || parameters.iter().any(|parameter| parameter.text_at("in") == Some("query"));
    // A tainted parameter could be one of the query.
    let is_known = parameters.iter().all(|parameter| !diagnostics.is_tainted(&parameter.span));
    let implied = [
        ("401", true, "the token can be invalid"),
        ("403", true, "the token can lack a permission"),
        ("400", has_id, "the id in the path can be unknown"),
        ("404", has_id, "the id in the path can be unknown"),
        ("422", has_input, "the body or query can be invalid"),
    ];
    for (status, is_implied, reason) in implied {
        match responses.entry(status) {
            _ if status == "422" && !is_known => {}
            None if is_implied => {
                let message = format!("the operation has no `{status}` response");
                diagnostics.error(Rule::ErrorResponses, key_span, message).help(reason);
            }
            Some((key, _)) if !is_implied => {
                let message = format!("the operation can't have a `{status}` response");
                let help = match status {
                    "422" => "it has neither a body nor a query",
                    _ => "it has no id in its path",
                };
                diagnostics.error(Rule::ErrorResponses, &key.span, message).help(help);
            }
            _ => {}
        }
    }
}

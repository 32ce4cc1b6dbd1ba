//! What an operation may answer.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Subject;
use crate::diagnostic::Report;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve::{self, Place};

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for place in resolve::operations(root) {
        let Some((key, responses)) = place.node.entries().iter().find(|(key, _)| key.name == "responses") else {
            continue;
        };
        for (status, answer) in responses.entries() {
            self::status(status, report);
            named(status, answer, report);
        }
        envelopes(root, responses, &mut seen, report);
        refusals(root, place, (&key.span, responses), report);
    }
}

fn status(status: &Key, report: &mut Report) {
    let text = &status.name;
    let is_status =
        text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) && matches!(text.as_bytes()[0], b'1'..=b'5');
    if !is_status {
        let fault = report.fault(Rule::Status, &status.span, format!("`{text}` is not a status"));
        fault.help("name each status that is answered, such as '200'");
    } else if !status.quoted {
        report
            .fault(Rule::Status, &status.span, "a status is quoted, for a key is a text")
            .help(format!("write '{text}'"));
    }
}

fn named(status: &Key, answer: &Node, report: &mut Report) {
    if resolve::reference(answer).is_none() {
        let message = format!("the answer of `{}` has no name", status.name);
        let help = "write it under `components.responses` and refer to it with `$ref`";
        report.fault(Rule::NamedAnswer, &status.span, message).help(help);
    }
}

/// Every answer of success says so, and an envelope that may leave it out would hide a refusal; but for one of which some
/// recorded answers have it and some do not.
fn envelopes(root: &Node, responses: &Node, seen: &mut BTreeSet<usize>, report: &mut Report) {
    let successes = responses.entries().iter().filter(|(status, _)| status.name.starts_with('2'));
    let answers = successes.map(|(_, answer)| resolve::follow(root, "responses", answer));
    let schemas = answers.flat_map(resolve::media).filter_map(|(_, media)| media.get("schema"));
    for schema in schemas.map(|schema| resolve::follow(root, "schemas", schema)) {
        let Some((key, success)) = schema.entries_at("properties").iter().find(|(key, _)| key.name == "success") else {
            continue;
        };
        let is_disputed = success.text_at("x-weeek-evidence") == Some("contradictory");
        if !is_disputed && seen.insert(schema.span.start) && !schema.texts("required").any(|name| name == "success") {
            let fault = report.fault(Rule::Envelope, &key.span, "an envelope requires its `success`");
            fault.help("name it under `required`");
        }
    }
}

/// The refusals that follow from the form of an operation.
fn refusals(root: &Node, place: Place, (place_of, responses): (&Range<usize>, &Node), report: &mut Report) {
    let parameters: Vec<&Node> = resolve::parameters(root, place.node).map(|(_, parameter)| parameter).collect();
    let identifies = place.path.name.contains('{');
    // A parameter that is not what it should be may have been a filter.
    let is_known = parameters.iter().all(|parameter| !report.is_unsound(&parameter.span));
    let is_filtered = place.node.get("requestBody").is_some()
        || parameters.iter().any(|parameter| parameter.text_at("in") == Some("query"));
    let implied = [
        ("401", true, "a call without a valid token is refused"),
        ("403", true, "a call without the right is refused"),
        ("400", identifies, "what the path identifies may not exist"),
        ("404", identifies, "what the path identifies may not exist"),
        ("422", is_filtered, "what is sent may be refused"),
    ];
    for (status, is_implied, reason) in implied {
        let declared = responses.entries().iter().find(|(key, _)| key.name == status);
        match declared {
            _ if status == "422" && !is_known => {}
            None if is_implied => {
                let message = format!("an operation of this form declares its `{status}` answer");
                report.fault(Rule::ErrorAnswers, place_of, message).help(reason);
            }
            Some((key, _)) if !is_implied => {
                let message = format!("nothing of this operation leads to a `{status}` answer");
                let help = match status {
                    "422" => "it sends neither a body nor a query",
                    _ => "its path identifies nothing",
                };
                report.fault(Rule::ErrorAnswers, &key.span, message).help(help);
            }
            _ => {}
        }
    }
}

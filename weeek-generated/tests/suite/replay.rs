//! Decodes recorded and odd responses, and compares the reported drift with the schemas of the spec.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};
use xtask::contract::recording::{self, Body, Recording};
use xtask::contract::{Drift, DriftKind, Severity, compare, decode, validate, without_indices};

use crate::SCHEMAS;
use crate::variations::variations;

/// Our recordings match the spec exactly, and differ from its examples.
#[test]
fn recorded_responses_are_decoded_without_drift() {
    let folder = xtask::workspace::root().unwrap().join("weeek-generated/tests/replays");
    for recording in recording::read(&[folder]).unwrap() {
        assert_eq!(compare(&SCHEMAS, &recording).drift, [], "{recording:?}");
    }
}

/// Replaces each value of each response with some twenty odd ones. The client never panics and reports every value that does not
/// match. `replays/lost.txt` counts the kinds of drift that lose a response, by location; `BLESS=1` updates it.
#[test]
fn odd_responses_are_decoded_and_every_loss_is_reported() {
    let (mut seen, mut shapes) = (BTreeSet::new(), BTreeSet::new());
    let (spec, mut tried, mut table, mut failures) = (SCHEMAS.spec(), 0, String::new(), Vec::new());
    for operation in spec.operations() {
        let response = spec.success(operation).unwrap();
        if !seen.insert(spec.resolve(&format!("{}/responses/{}", operation.pointer, response.status)).0) {
            continue;
        }
        let mut bodies = vec![Body::Empty, Body::Text("<html>".to_owned())];
        bodies.extend(
            [json!(null), json!([]), json!({}), json!("x"), json!(true), json!({"success": 0})].map(Body::Json),
        );
        if let Some(example) = response.example {
            bodies.push(Body::Json(example.clone()));
            bodies.extend(response.item.map(|item| Body::Json(example[item].clone())));
            bodies.extend(variations(example, &mut shapes, &substitutes).into_iter().map(Body::Json));
        }
        let mut lost: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for body in bodies {
            let (method, path) = (operation.method.clone(), operation.template.replace(['{', '}'], ""));
            let recording = Recording { method, path, status: response.status, body };
            let found = compare(&SCHEMAS, &recording).drift;
            let mut errors = found.iter().filter(|found| found.severity == Severity::Undecodable).peekable();
            let (is_lost, decoded) = (errors.peek().is_some(), decode(&operation.id, &recording));
            for Drift { json_path, kind, .. } in errors {
                let path = if json_path.is_empty() { "(response)" } else { json_path };
                lost.entry(path.to_owned()).or_default().insert(kind.to_string());
            }
            tried += 1;
            // An undeclared body has no values to lose.
            let is_declared = !found.iter().any(|found| found.kind == DriftKind::UnexpectedBody);
            if is_declared && !is_lost && decoded.error.is_none() {
                for found in unexpected(&validate(&SCHEMAS, operation, &recording), &decoded.drift) {
                    failures.push(format!("{}: {found}: {:?}", operation.id, recording.body));
                }
            }
        }
        let lost: Vec<_> = lost.iter().map(|(path, kinds)| format!("{path} {}", kinds.len())).collect();
        writeln!(table, "{}: {}", operation.id, lost.join(", ")).unwrap();
    }
    assert!(tried > 5000 && failures.is_empty(), "{tried}\n{}", failures.join("\n"));
    let file = xtask::workspace::root().unwrap().join("weeek-generated/tests/replays/lost.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(file, table).unwrap();
    } else {
        assert!(
            fs::read_to_string(file).unwrap() == table,
            "other responses are lost: BLESS=1 updates the table\n{table}"
        );
    }
}

/// The violations that the client can detect and does not report nearby, and the other way round. The client checks no bounds, and no
/// other formats of strings than dates, and keeps an unknown variant as it is. To a schema 1e300 is an integer, and it does not know that
/// the form of a custom field's value depends on its type.
fn unexpected(violations: &[Drift], reported: &[weeek_generated::Drift]) -> Vec<String> {
    let is_known = |kind: &DriftKind| match kind {
        DriftKind::OutOfBounds(_) => false,
        DriftKind::WrongFormat(format) => format == "date" || format == "date-time",
        _ => true,
    };
    let reported: Vec<_> = reported.iter().map(|drift| (without_indices(&drift.json_path), &drift.expected)).collect();
    let is_near = |one: &str, (other, expected): &(String, &Cow<str>)| {
        let kept =
            other.rsplit_once('.').filter(|_| expected.starts_with("a known")).map_or(&**other, |(kept, _)| kept);
        one.starts_with(kept) || other.starts_with(one)
    };
    let path_of = |found: &'_ Drift| found.json_path.clone();
    let known = violations.iter().filter(|found| is_known(&found.kind)).map(path_of);
    let missed = known
        .filter(|path| !path.contains("customFields[].value"))
        .filter(|path| !reported.iter().any(|reported| is_near(path, reported)))
        .map(|path| format!("{path} is not reported"));
    let more = reported.iter().filter(|(path, expected)| {
        let is_known = *expected == "an integer" || path.contains("customFields[].value");
        let is_near = |found: &Drift| found.json_path.starts_with(path) || path.starts_with(&found.json_path);
        !is_known && !violations.iter().any(is_near)
    });
    missed.chain(more.map(|(path, expected)| format!("{path} is reported: {expected}"))).collect()
}

/// Odd values in place of a part, and its removal.
fn substitutes(part: &Value) -> Vec<Option<Value>> {
    let scalars = [json!(null), json!(""), json!("x"), json!("0"), json!("false"), json!(false), json!(0), json!(1.5)];
    let limits = [json!(-1), json!(u64::MAX), json!(1e300), json!("2026-02-30"), json!("2026-02-30T00:00:00Z")];
    let nested = [json!({}), json!([]), json!([part]), json!({"0": part}), json!({"x": part}), json!([[]])];
    scalars.into_iter().chain(limits).chain(nested).map(Some).chain([None]).collect()
}

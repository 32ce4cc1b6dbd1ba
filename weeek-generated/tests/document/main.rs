//! The document against itself and against the client: every example is what its schema says, every request example is what
//! the typed setters write, every answer example is read without a departure.

#![allow(missing_docs)]
#![expect(deprecated, reason = "what Weeek deprecates is still there")]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

mod requests;
mod schemas;

use std::collections::BTreeSet;

use schemas::Document;
use serde_json::{Value, json};

/// Every schema and media type that has an example, with the way there.
fn examples<'d>(node: &'d Value, way: &str, found: &mut Vec<(String, &'d Value, &'d Value)>) {
    match node {
        Value::Object(entries) => {
            if let Some(example) = entries.get("example") {
                found.push((way.to_owned(), entries.get("schema").unwrap_or(node), example));
            }
            for (key, child) in entries.iter().filter(|(key, _)| key.as_str() != "example") {
                examples(child, &format!("{way}/{key}"), found);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| examples(item, &format!("{way}/{at}"), found));
        }
        _ => {}
    }
}

#[test]
fn every_example_is_what_its_schema_says() {
    let document = Document::read();
    let mut found = Vec::new();
    examples(document.root(), "", &mut found);
    assert!(found.len() > 140, "{} examples", found.len());
    let wrong: Vec<String> = found
        .iter()
        .flat_map(|(way, schema, example)| {
            document.faults(schema, example).into_iter().map(move |fault| format!("{way}: {fault}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_validator_finds_what_is_wrong() {
    let document = Document::read();
    let task = json!({"$ref": "#/components/schemas/UpdateTask"});
    assert!(document.faults(&task, &json!({"title": "x", "priority": 2, "dueDate": null})).is_empty());
    for wrong in [
        json!({"titel": "x"}),
        json!({"title": 5}),
        json!({"priority": 9}),
        json!({"tags": null}),
        json!({"dueDate": "27.11.2026"}),
        json!([]),
    ] {
        assert!(!document.faults(&task, &wrong).is_empty(), "{wrong}");
    }
}

#[test]
fn every_operation_has_an_example_for_each_body() {
    let document = Document::read();
    for operation in weeek_generated::operations() {
        let node = document.operation(operation.path(), operation.method().as_str());
        assert_eq!(node["operationId"], operation.id());
        let request = &node["requestBody"]["content"]["application/json"];
        assert!(request.is_null() || !request["example"].is_null(), "{}", operation.id());
        let answer = &document.success(node).1["content"]["application/json"];
        assert!(answer.is_null() || !answer["example"].is_null(), "{}", operation.id());
    }
}

#[test]
fn every_request_example_is_what_the_setters_write() {
    let document = Document::read();
    let mut seen = BTreeSet::new();
    for (operation, sent) in requests::all() {
        let node = document.operation(operation.path(), operation.method().as_str());
        let content = &node["requestBody"]["content"]["application/json"];
        let sent: Value = serde_json::from_slice(&sent).unwrap();
        assert_eq!(sent, content["example"], "{}", operation.id());
        document.check(&content["schema"], &sent, operation.id());
        assert!(seen.insert(operation.id()), "{} twice", operation.id());
    }
    let expected: BTreeSet<_> = weeek_generated::operations()
        .filter(|operation| {
            let node = document.operation(operation.path(), operation.method().as_str());
            !node["requestBody"]["content"]["application/json"].is_null()
        })
        .map(weeek_generated::Operation::id)
        .collect();
    assert_eq!(seen, expected, "each operation with a JSON body has its line in requests.rs");
}

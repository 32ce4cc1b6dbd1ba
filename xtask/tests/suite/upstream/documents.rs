//! Documents by any maker: read whole, or not at all.

use xtask::upstream::model::Api;
use xtask::upstream::{normal, pin};

/// One API as OpenAPI 3.1 in JSON, written inline.
const INLINE: &str = include_str!("documents/inline.json");

/// The same as OpenAPI 3.0 in YAML, with names for everything.
const NAMED: &str = include_str!("documents/named.yaml");

/// A document in which much is wrong, and nothing is fatal.
const DEFECTIVE: &str = include_str!("documents/defective.json");

#[test]
fn one_api_has_the_same_facts_in_every_form() {
    let [inline, named] = [INLINE, NAMED].map(|text| normal::read(text).unwrap());
    let table = xtask::upstream::compare::compare(&inline, &named, &named);
    let differences: Vec<_> = table.rows.iter().map(|(place, row)| (place, row.differences(0, 1))).collect();
    assert!(differences.len() > 10, "{differences:?}");
    let differences: Vec<_> = differences.into_iter().filter(|(_, differences)| !differences.is_empty()).collect();
    assert!(differences.is_empty(), "{differences:#?}");
    assert_eq!(inline.defects.len(), 2, "{:?}", inline.defects);
}

#[test]
fn what_is_wrong_with_a_document_is_listed() {
    let api = normal::read(DEFECTIVE).unwrap();
    let defects: Vec<&str> = api.defects.iter().map(String::as_str).collect();
    assert_eq!(
        defects,
        [
            "GET /a/{}: `#/components/schemas/No` leads nowhere",
            "GET /a/{}: the path has no parameter `y`",
            "GET /a/{}: the path parameter `x` is not declared",
            "GET /a/{}: the path parameter `z` is not declared",
            "GET /a/{}: two paths differ in the names of their parameters only",
            "GET /crm/statuses{}: `x-200:Success` is no status",
            "GET /crm/statuses{}: the path is wrong: `statuses{id}` is no whole segment",
            "GET /crm/statuses{}: the path parameter `id` is not declared",
            "Loop: schemas are merged without an end",
            "One, Time entry, Two: one shape under several names",
            "Time entry: a property has no name",
            "Time entry: requires `b`, which it does not describe",
            "Time entry: the name of the schema has spaces",
        ]
    );
}

#[test]
fn what_is_no_document_is_an_error() {
    let deep = format!("openapi: 3.0.0\nx:\n  {}a", "- ".repeat(5000));
    let merged = (0..9).map(|at| format!("{{$ref: '#/components/schemas/A{at}'}}")).collect::<Vec<_>>().join(", ");
    let schemas: Vec<_> = (0..9).map(|at| format!("A{at}: {{allOf: [{merged}]}}")).collect();
    let schemas = schemas.join(", ");
    let slow = format!("openapi: 3.0.0\npaths: {{/x: {{get: {{}}}}}}\ncomponents: {{schemas: {{{schemas}}}}}\n");
    let cases = [
        (slow.as_str(), "its schemas contain more than 50000 others"),
        ("", "the file is empty"),
        ("{", "line "),
        ("<html></html>", "not an OpenAPI 3 document"),
        ("{\"swagger\": \"2.0\"}", "not an OpenAPI 3 document"),
        ("openapi: 3.0.0\npaths: {/x: {}}\n", "the document has no operations"),
        ("openapi: 3.0.0\npaths: &a {x: *a}\n", "YAML aliases are not supported"),
        (deep.as_str(), "nested deeper than 200 levels"),
    ];
    for (text, error) in cases {
        let found = normal::read(text).unwrap_err();
        assert!(found.contains(error), "{found}");
    }
}

/// Reading ends with a result for any document that is cut or changed.
#[test]
fn damaged_documents_are_read_or_rejected() {
    let mut read = 0;
    for text in [INLINE, NAMED, DEFECTIVE] {
        for at in (0..text.len()).step_by(7) {
            let cut = text.get(..at).unwrap_or_default().to_owned();
            let bent = format!("{cut}[{}", text.get(at..).unwrap_or_default());
            let swapped = format!("{cut}{}", text.get(at + 1..).unwrap_or_default());
            for damaged in [cut, bent, swapped] {
                read += usize::from(normal::read(&damaged).is_ok_and(|api: Api| api.count() > 0));
            }
        }
    }
    assert!(read > 50, "{read}");
}

#[test]
fn a_pin_keeps_every_fact() {
    for text in [INLINE, NAMED, DEFECTIVE] {
        let api = normal::read(text).unwrap();
        let pin = pin::Pin { date: "2026-10".to_owned(), sha256: "0".to_owned(), api };
        let read = pin::Pin::read(&pin.write()).unwrap();
        assert_eq!(read.write(), pin.write());
        assert_eq!(read.api.count(), pin.api.count(), "{}", pin.write());
    }
}

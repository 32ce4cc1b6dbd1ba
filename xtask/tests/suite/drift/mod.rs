//! Responses that do not match the spec: each mismatch is found at its location, and the scrubber keeps it.

mod lint;
mod scrubbing;

use std::sync::LazyLock;

use serde_json::{Value, json};
use xtask::contract::recording::{Body, Recording};
use xtask::contract::schema::Schemas;
use xtask::contract::{Drift, Operation, Spec, compare, validate};
use xtask::workspace::NamedPath;

/// A declared response with its example.
struct Sample<'s> {
    operation: &'s Operation,
    recording: Recording,
}

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas::closed(Spec::load(None).unwrap().into()));

/// The declared responses of all operations.
fn samples(spec: &Spec) -> Vec<Sample<'_>> {
    let mut all = Vec::new();
    for operation in spec.operations() {
        for status in spec.statuses(operation) {
            let response = spec.response(operation, status).unwrap();
            if let Some(example) = response.example {
                let (method, path) = (operation.method.clone(), operation.template.replace(['{', '}'], ""));
                let recording = Recording { method, path, status, body: Body::Json(example.clone()) };
                all.push(Sample { operation, recording });
            }
        }
    }
    all
}

/// An operation, the location of a value in its example, another value or none, the drift, and the key at its line of the spec.
const CASES: &str = r#"
tasks.list | /tasks/0/id | | undecodable tasks[].id: missing required property | id
tasks.list | /tasks/0/x | 1 | tolerated tasks[].x: unknown property | properties
tasks.list | /tasks/0/tags/0 | "3" | tolerated tasks[].tags[]: expected an integer, found a string | tags
tasks.list | /tasks/0/type | "quest" | tolerated tasks[].type: unknown enum value `quest` | type
tasks.list | /tasks/0/type | "Ivan" | tolerated tasks[].type: unknown enum value | type
tasks.list | /tasks/0/type | null | tolerated tasks[].type: null but not nullable | type
tasks.list | /tasks/0/dueDate | "1.1.26" | tolerated tasks[].dueDate: invalid format, expected date | dueDate
# The validator knows nothing of the sibling that selects the form of the value.
tasks.list | /tasks/0/customFields/0/value | [1] | tolerated tasks[].customFields[].value: expected a string, found an array | value
tasks.list | /tasks | null | tolerated tasks: null but not nullable | tasks
tasks.list | /hasMore | | tolerated hasMore: missing required property | hasMore
tasks.get | /task/id | "x" | undecodable task.id: expected an integer, found a string | id
tasks.get | /task | | undecodable task: missing required property | task
tasks.get | /success | false | tolerated : `success: false` with a 2xx status | responses
tags.list | /tags/0/id | 0 | tolerated tags[].id: violates `minimum: 1` | id
tags.list | /tags/0 | [] | tolerated tags[]: expected an object, found an array | items
tags.list | /tags | {"0": {"id": 3}} | tolerated tags: expected an array, found an object | tags
# A tag that selects no variant is one drift.
projects.createCustomField | /customField/config/type | "x" | tolerated customField.config.type: unknown enum value `x` | CustomFieldConfig
"#;

#[test]
fn each_drift_is_found_at_its_location() {
    let text = NamedPath::spec(None).unwrap().read().unwrap();
    for case in CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let [operation, pointer, value, drift, key] = case.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{case}")
        };
        let value = (!value.is_empty()).then(|| serde_json::from_str(value).unwrap());
        let sample = samples(SCHEMAS.spec()).into_iter().find(|sample| sample.operation.id == operation).unwrap();
        let Body::Json(mut body) = sample.recording.body else { unreachable!() };
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match (body.pointer_mut(parent).unwrap(), value) {
            (Value::Object(object), Some(value)) => drop(object.insert(name.to_owned(), value)),
            (Value::Object(object), None) => drop(object.remove(name)),
            (other, value) => other[name.parse::<usize>().unwrap()] = value.unwrap(),
        }
        let found = compare(&SCHEMAS, &Recording { body: Body::Json(body), ..sample.recording }).drift;
        let [Drift { severity, json_path, kind, line }] = &found[..] else { panic!("{pointer}: {found:#?}") };
        assert_eq!(format!("{} {json_path}: {kind}", severity.name()), drift);
        let line = text.lines().nth(line - 1).unwrap();
        assert!(line.trim_start().starts_with(&format!("{key}:")), "{pointer}: {line}");
    }
}

#[test]
fn drift_of_whole_responses_is_found() {
    for Sample { operation, recording, .. } in samples(SCHEMAS.spec()) {
        let check = |change: Recording, kind: &str| {
            let found = compare(&SCHEMAS, &change).drift;
            let kinds: Vec<_> = found.iter().map(|found| (found.kind.name(), found.json_path.as_str())).collect();
            assert_eq!(kinds, [(kind.to_owned(), "")], "{} {}", operation.id, recording.status);
        };
        check(Recording { path: "/planted".to_owned(), ..recording.clone() }, "unknownOperation");
        let undeclared = if recording.status < 300 { 299 } else { 499 };
        check(Recording { status: undeclared, ..recording.clone() }, "undeclaredStatus");
        check(Recording { body: Body::Empty, ..recording.clone() }, "emptyBody");
        check(Recording { body: Body::Text("<html>".to_owned()), ..recording.clone() }, "notJson");
        assert_eq!(compare(&SCHEMAS, &recording).drift, [], "{}", operation.id);
    }
}

/// A former key counts where the present one is missing, and what is there counts as any value.
#[test]
fn a_former_key_is_no_drift() {
    let text = NamedPath::spec(None).unwrap().read().unwrap();
    let at = text.find("\n    Tag:\n").unwrap();
    let renamed = text[at..].replacen("        title: {", "        title: {x-weeek-aliases: [name@0.2.0], ", 1);
    let schemas = Schemas::closed(Spec::parse(&format!("{}{renamed}", &text[..at])).unwrap().into());
    let sample = samples(schemas.spec()).into_iter().find(|sample| sample.operation.id == "tags.get").unwrap();
    for (tag, drift) in [
        (json!({"id": 1, "color": "light_blue", "title": "a"}), ""),
        (json!({"id": 1, "color": "light_blue", "name": "a"}), ""),
        (json!({"id": 1, "color": "light_blue", "title": "a", "name": "b"}), ""),
        (json!({"id": 1, "color": "light_blue"}), "tolerated tag.title: missing required property"),
        (json!({"id": 1, "color": "light_blue", "name": {}}), "tolerated tag.name: expected a string, found an object"),
        (json!({"id": 1, "color": "light_blue", "title": "a", "names": "b"}), "tolerated tag.names: unknown property"),
    ] {
        let body = Body::Json(json!({"success": true, "tag": tag}));
        let found = validate(&schemas, sample.operation, &Recording { body, ..sample.recording.clone() });
        let found = found
            .iter()
            .map(|Drift { severity, json_path, kind, .. }| format!("{} {json_path}: {kind}", severity.name()));
        assert_eq!(found.collect::<Vec<_>>().join(", "), drift);
    }
}

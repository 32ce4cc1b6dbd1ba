//! Plants drift of every kind at every location of every declared response: each is found there, and nothing else is.

#![allow(missing_docs)]

#[cfg(feature = "live")]
mod lint;
mod planter;
#[cfg(feature = "live")]
mod scrubbing;
#[cfg(feature = "live")]
mod validator;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use planter::{Plant, plants};
use serde_json::{Value, json};
use xtask::commands::replay::{self, Options};
use xtask::contract::recording::{Body, Recording};
use xtask::contract::{Drift, Operation, Spec, compare};
use xtask::format::Format;

/// A declared response with its example.
struct Sample<'s> {
    operation: &'s Operation,
    recording: Recording,
    schema: String,
}

/// The declared responses of all operations.
fn samples(spec: &Spec) -> Vec<Sample<'_>> {
    let mut all = Vec::new();
    for operation in spec.operations() {
        for status in spec.statuses(operation) {
            let response = spec.response(operation, status).unwrap();
            if let (Some(schema), Some(example)) = (response.schema, response.example) {
                let (method, path) = (operation.method.clone(), operation.template.replace(['{', '}'], ""));
                let recording = Recording { method, path, status, body: Body::Json(example.clone()) };
                all.push(Sample { operation, recording, schema });
            }
        }
    }
    all
}

fn summary(found: &[Drift]) -> Vec<(&str, &str, usize)> {
    found.iter().map(|found| (found.kind.name(), found.json_path.as_str(), found.line)).collect()
}

#[test]
fn each_drift_is_found_where_it_was_planted_and_nothing_else() {
    let spec = Spec::load(None).unwrap();
    let (mut planted, mut kinds, mut seen) = (0, BTreeSet::new(), BTreeSet::new());
    for (at, sample) in samples(&spec).into_iter().enumerate() {
        let Body::Json(example) = &sample.recording.body else { unreachable!() };
        let mut plants = plants(&spec, &sample.schema, example);
        if !seen.insert(sample.schema.clone()) {
            // The same component of another operation: one plant, a different one each time.
            plants = vec![plants.swap_remove(at % plants.len())];
        }
        for plant in plants {
            let recording = Recording { body: Body::Json(plant.body(example)), ..sample.recording.clone() };
            let (operation, found) = compare(&spec, &recording);
            assert_eq!(operation, Some(sample.operation));
            let Plant { kind, json_path, line, .. } = &plant;
            assert_eq!(summary(&found), [(*kind, json_path.as_str(), *line)], "{} {plant:?}", sample.operation.id);
            kinds.insert(*kind);
            planted += 1;
        }
    }
    let all = ["missingField", "null", "outOfBounds", "unknownField", "unknownValue", "wrongFormat", "wrongType"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all);
    assert!(planted > 3000, "{planted}");
}

#[test]
fn drift_of_whole_responses_is_found() {
    let spec = Spec::load(None).unwrap();
    for Sample { operation, recording, schema } in samples(&spec) {
        let line = |pointer: &str| spec.line(pointer);
        let check = |change: Recording, kind: &str, line: usize| {
            let (_, found) = compare(&spec, &change);
            assert_eq!(summary(&found), [(kind, "", line)], "{} {}", operation.id, recording.status);
        };
        check(Recording { path: "/planted".to_owned(), ..recording.clone() }, "unknownOperation", line("/paths"));
        let responses = line(&format!("{}/responses", operation.pointer));
        let undeclared = if recording.status < 300 { 299 } else { 499 };
        check(Recording { status: undeclared, ..recording.clone() }, "undeclaredStatus", responses);
        check(Recording { body: Body::Empty, ..recording.clone() }, "emptyBody", line(&schema));
        check(Recording { body: Body::Text("<html>".to_owned()), ..recording.clone() }, "notJson", line(&schema));
        assert_eq!(compare(&spec, &recording).1, [], "{}", operation.id);
    }
}

/// The client reads a former key, and what it finds there counts as any value.
#[test]
fn a_former_key_is_no_drift() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.yaml");
    let text = fs::read_to_string(xtask::workspace::root().unwrap().join("spec/openapi.yaml")).unwrap();
    let (start, title) = ("\n    Tag:\n", "        title: {");
    let at = text.find(start).unwrap();
    let renamed = text[at..].replacen(title, &format!("{title}x-weeek-aliases: [name@0.2.0], "), 1);
    fs::write(&file, format!("{}{renamed}", &text[..at])).unwrap();
    let spec = Spec::load(Some(&file)).unwrap();
    let get = |tag: Value| {
        let body = Body::Json(json!({"success": true, "tag": tag}));
        let (method, path) = ("get".to_owned(), "/ws/tags/1".to_owned());
        let (_, found) = compare(&spec, &Recording { method, path, status: 200, body });
        found.iter().map(|found| format!("{}: {}", found.json_path, found.kind.name())).collect::<Vec<_>>().join(", ")
    };
    let tag = json!({"id": 1, "title": "a", "color": "light_blue"});
    let with = |key: &str, value: Value| {
        let mut tag = tag.clone();
        tag[key] = value;
        tag
    };
    let mut former = with("name", "a".into());
    former.as_object_mut().unwrap().remove("title");
    assert_eq!([get(tag.clone()), get(with("name", "b".into())), get(former)], ["", "", ""]);
    assert_eq!(get(with("name", json!({}))), "tag.name: wrongType");
    assert_eq!(get(with("names", "b".into())), "tag.names: unknownField");
}

/// Runs the command on three responses of each operation: the second has one plant, the third has two.
#[test]
fn the_report_counts_each_drift_of_each_operation() {
    let (spec, folder) = (Spec::load(None).unwrap(), tempfile::tempdir().unwrap());
    let mut expected = BTreeMap::new();
    for (at, sample) in samples(&spec).into_iter().filter(|sample| sample.recording.status < 300).enumerate() {
        let Body::Json(example) = &sample.recording.body else { unreachable!() };
        let plants = plants(&spec, &sample.schema, example);
        // Two plants at separate locations.
        let one = &plants[at % plants.len()];
        let other = plants.iter().find(|other| !other.touches(one));
        let once = one.body(example);
        let both = other.map(|other| other.body(&once));
        let id = sample.operation.id.as_str();
        let mut expect = |plant: &Plant, count: usize| {
            expected.insert((id.to_owned(), plant.kind.to_owned(), plant.json_path.clone()), (count, plant.line));
        };
        expect(one, 1 + usize::from(both.is_some()));
        other.into_iter().for_each(|other| expect(other, 1));
        let responses = [Some(example.clone()), Some(once), both].into_iter().flatten();
        let responses =
            responses.map(|body| Recording { body: Body::Json(body), ..sample.recording.clone() }.to_json());
        let nested = folder.path().join(&sample.operation.method).join("nested");
        fs::create_dir_all(&nested).unwrap();
        fs::write(nested.join(format!("{id}.json")), responses.collect::<Value>().to_string()).unwrap();
    }
    let outcome =
        replay::run(&Options { paths: vec![folder.path().to_owned()], format: Format::Json, spec: None, write: false })
            .unwrap();
    let report: Value = serde_json::from_str(&outcome.out).unwrap();
    let drift = report["drift"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let found: BTreeSet<_> = drift
        .iter()
        .map(|found| {
            let what = (text(&found["operation"]), text(&found["kind"]), text(&found["jsonPath"]));
            (what, (number(&found["responses"]), number(&found["line"])))
        })
        .collect();
    let expected: BTreeSet<_> = expected.into_iter().collect();
    assert_eq!(found.symmetric_difference(&expected).collect::<Vec<_>>(), [] as [&_; 0]);
    assert_eq!(drift.len(), expected.len());
    let undecodable = drift.iter().any(|found| found["severity"] == "undecodable");
    assert_eq!((outcome.status, undecodable, report["operations"] == json!(null)), (1, true, false));
}

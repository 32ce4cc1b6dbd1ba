//! Departures of every kind, planted at every place of every declared answer: each is found where it was planted, and nothing
//! else is.

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
use xtask::departure::{Departure, compare};
use xtask::document::{Document, Operation};
use xtask::recording::{Body, Recording};
use xtask::replay::{self, Options};
use xtask::report::Format;

/// A declared answer with its example.
struct Sample<'d> {
    operation: &'d Operation,
    recording: Recording,
    schema: String,
}

/// The declared answers of all operations; those that share a component differ by operation alone.
fn samples(document: &Document) -> Vec<Sample<'_>> {
    let mut all = Vec::new();
    for operation in document.operations() {
        for status in document.statuses(operation) {
            let answer = document.answer(operation, status).unwrap();
            if let (Some(schema), Some(example)) = (answer.schema, answer.example) {
                let (method, path) = (operation.method.clone(), operation.template.replace(['{', '}'], ""));
                let recording = Recording { method, path, status, body: Body::Json(example.clone()) };
                all.push(Sample { operation, recording, schema });
            }
        }
    }
    all
}

fn told(found: &[Departure]) -> Vec<(&str, &str, usize)> {
    found.iter().map(|found| (found.fault.name(), found.place.as_str(), found.line)).collect()
}

#[test]
fn each_departure_is_found_where_it_was_planted_and_nothing_else() {
    let document = Document::load(None).unwrap();
    let (mut planted, mut kinds, mut seen) = (0, BTreeSet::new(), BTreeSet::new());
    for (at, sample) in samples(&document).into_iter().enumerate() {
        let Body::Json(example) = &sample.recording.body else { unreachable!() };
        let mut plants = plants(&document, &sample.schema, example);
        if !seen.insert(sample.schema.clone()) {
            // The same component under another operation: one plant, another one each time.
            plants = vec![plants.swap_remove(at % plants.len())];
        }
        for plant in plants {
            let recording = Recording { body: Body::Json(plant.body(example)), ..sample.recording.clone() };
            let (operation, found) = compare(&document, &recording);
            assert_eq!(operation, Some(sample.operation));
            let Plant { fault, place, line, .. } = &plant;
            assert_eq!(told(&found), [(*fault, place.as_str(), *line)], "{} {plant:?}", sample.operation.id);
            kinds.insert(*fault);
            planted += 1;
        }
    }
    let all = ["missingField", "null", "outOfLimits", "unknownField", "unknownValue", "wrongForm", "wrongType"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all);
    assert!(planted > 3000, "{planted}");
}

#[test]
fn departures_of_whole_answers_are_found() {
    let document = Document::load(None).unwrap();
    for Sample { operation, recording, schema } in samples(&document) {
        let line = |pointer: &str| document.line(pointer);
        let check = |change: Recording, fault: &str, line: usize| {
            let (_, found) = compare(&document, &change);
            assert_eq!(told(&found), [(fault, "", line)], "{} {}", operation.id, recording.status);
        };
        check(Recording { path: "/planted".to_owned(), ..recording.clone() }, "unknownOperation", line("/paths"));
        let responses = line(&format!("{}/responses", operation.pointer));
        let undeclared = if recording.status < 300 { 299 } else { 499 };
        check(Recording { status: undeclared, ..recording.clone() }, "undeclaredStatus", responses);
        check(Recording { body: Body::Empty, ..recording.clone() }, "noBody", line(&schema));
        check(Recording { body: Body::Text("<html>".to_owned()), ..recording.clone() }, "notJson", line(&schema));
        assert_eq!(compare(&document, &recording).1, [], "{}", operation.id);
    }
}

/// The command, on folders of files: three answers of each operation, the second with one plant and the third with two.
#[test]
fn the_report_counts_each_departure_of_each_operation() {
    let (document, folder) = (Document::load(None).unwrap(), tempfile::tempdir().unwrap());
    let mut expected = BTreeMap::new();
    for (at, sample) in samples(&document).into_iter().filter(|sample| sample.recording.status < 300).enumerate() {
        let Body::Json(example) = &sample.recording.body else { unreachable!() };
        let plants = plants(&document, &sample.schema, example);
        // Two plants in different places, so that both can be there.
        let one = &plants[at % plants.len()];
        let other = plants.iter().find(|other| !other.touches(one));
        let once = one.body(example);
        let both = other.map(|other| other.body(&once));
        let id = sample.operation.id.as_str();
        let mut expect = |plant: &Plant, count: usize| {
            expected.insert((id.to_owned(), plant.fault.to_owned(), plant.place.clone()), (count, plant.line));
        };
        expect(one, 1 + usize::from(both.is_some()));
        other.into_iter().for_each(|other| expect(other, 1));
        let answers = [Some(example.clone()), Some(once), both].into_iter().flatten();
        let answers = answers.map(|body| Recording { body: Body::Json(body), ..sample.recording.clone() }.to_json());
        let nested = folder.path().join(&sample.operation.method).join("nested");
        fs::create_dir_all(&nested).unwrap();
        fs::write(nested.join(format!("{id}.json")), answers.collect::<Value>().to_string()).unwrap();
    }
    let outcome = replay::run(&Options { paths: vec![folder.path().to_owned()], format: Format::Json, spec: None });
    let report: Value = serde_json::from_str(&outcome.out).unwrap();
    let departures = report["departures"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let found: BTreeSet<_> = departures
        .iter()
        .map(|found| {
            let what = (text(&found["operation"]), text(&found["fault"]), text(&found["place"]));
            (what, (number(&found["answers"]), number(&found["line"])))
        })
        .collect();
    let expected: BTreeSet<_> = expected.into_iter().collect();
    assert_eq!(found.symmetric_difference(&expected).collect::<Vec<_>>(), [] as [&_; 0]);
    assert_eq!(departures.len(), expected.len());
    let breaks = departures.iter().any(|found| found["breaks"] == true);
    assert_eq!((outcome.status, breaks, report["operations"] == json!(null)), (1, true, false));
}

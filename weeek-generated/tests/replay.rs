//! Recorded answers, read by the generated functions over a real socket. `WEEEK_REPLAYS` names another folder of them, from the
//! top of the repository.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

mod support;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use weeek_generated::{Client, Error, RetryPolicy, operations};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};
use xtask::contract::recording::{self, Body, Recording};
use xtask::contract::{Severity, Spec, compare};

/// A server that gives one recorded answer after another, and a client of it.
struct Stage {
    _server: MockServer,
    weeek: Client,
    answer: Current,
}

#[derive(Clone)]
struct Current(Arc<Mutex<Recording>>);

impl Respond for Current {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let recording = self.0.lock().unwrap();
        ResponseTemplate::new(recording.status).set_body_bytes(recording.body.bytes())
    }
}

impl Stage {
    async fn new() -> Self {
        let server = MockServer::builder().disable_request_recording().start().await;
        let nothing = Recording { method: String::new(), path: String::new(), status: 500, body: Body::Empty };
        let answer = Current(Arc::new(Mutex::new(nothing)));
        Mock::given(any()).respond_with(answer.clone()).mount(&server).await;
        let weeek = Client::builder("t").base_url(server.uri()).retry(RetryPolicy::never()).build().unwrap();
        Self { _server: server, weeek, answer }
    }

    /// What the function of the operation makes of the answer.
    async fn replay(&self, operation: &str, recording: &Recording) -> Result<String, Error> {
        *self.answer.0.lock().unwrap() = recording.clone();
        let call = support::call(&self.weeek, operation);
        call.unwrap_or_else(|| panic!("{operation} has no call in tests/support")).await
    }
}

#[tokio::test]
async fn recorded_answers_are_read_and_refusals_are_errors() {
    let top = xtask::workspace::root().unwrap();
    let other = std::env::var_os("WEEEK_REPLAYS").map(|folder| top.join(folder));
    let folder = other.clone().unwrap_or_else(|| top.join("weeek-generated/tests/replays"));
    let recordings = recording::read(&[folder]).unwrap();
    let (document, stage) = (Spec::load(None).unwrap(), Stage::new().await);
    let (mut faults, mut read, mut refused) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for recording in &recordings {
        let name = format!("{} {} {}", recording.method, recording.path, recording.status);
        let (Some(operation), found) = compare(&document, recording) else {
            // No function of the client answers there.
            assert!(other.is_some(), "{name}: the document has no such operation");
            continue;
        };
        match stage.replay(&operation.id, recording).await {
            Err(error) if error.is_api_error() => drop(refused.insert(operation.id.as_str())),
            Err(error) => faults.push(format!("{name}: {error}")),
            Ok(_) => drop(read.insert(operation.id.as_str())),
        }
        // What is recorded here is what the document says, to the letter.
        if other.is_none() {
            assert_eq!(found, [], "{name}");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    if other.is_none() {
        let all: BTreeSet<_> = operations().map(weeek_generated::Operation::id).collect();
        assert_eq!(read, all, "each operation has a recorded success");
        assert_eq!(refused, all, "each operation has a recorded refusal");
    }
}

/// Departures of every kind, at every place of every answer: `cargo xtask replay` has to know what the client makes of them.
#[tokio::test]
async fn what_breaks_the_client_is_foretold() {
    let (document, stage) = (Spec::load(None).unwrap(), Stage::new().await);
    let (mut seen, mut shapes, mut tried, mut broken) = (BTreeSet::new(), BTreeSet::new(), 0, 0);
    for operation in document.operations() {
        let answer = document.success(operation).unwrap();
        if !seen.insert(document.resolve(&format!("{}/responses/{}", operation.pointer, answer.status)).0) {
            continue;
        }
        let path = operation.template.replace(['{', '}'], "");
        let mut bodies = vec![Body::Empty, Body::Text("<html>".to_owned())];
        bodies.extend([json!(null), json!([]), json!({}), json!("x"), json!({"success": 0})].map(Body::Json));
        if let Some(example) = answer.example {
            bodies.push(Body::Json(example.clone()));
            bodies.extend(answer.item.map(|item| Body::Json(example[item].clone())));
            bodies.extend(variations(example, &mut shapes).into_iter().map(Body::Json));
        }
        // HTTP has no bodies under 204, and the client makes no difference between statuses of success.
        let status = if answer.status == 204 { 299 } else { answer.status };
        for body in bodies {
            let recording = Recording { method: operation.method.clone(), path: path.clone(), status, body };
            let (_, found) = compare(&document, &recording);
            let foretold = found.iter().any(|drift| drift.severity == Severity::Undecodable);
            let outcome = stage.replay(&operation.id, &recording).await;
            let fails = outcome.as_ref().is_err_and(Error::is_decode);
            assert_eq!(fails, foretold, "{}: {recording:?}\n{outcome:?}\n{found:#?}", operation.id);
            tried += 1;
            broken += usize::from(fails);
        }
    }
    assert!(broken > 100 && tried > 2 * broken, "{broken} of {tried}");
}

/// The value with each part of it replaced or left out in turn. An object with the properties of one that was varied before
/// is of the same type, and left alone.
fn variations(value: &Value, shapes: &mut BTreeSet<Vec<String>>) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(object) if shapes.insert(object.keys().cloned().collect()) => {
            for (key, part) in object {
                let mut without = object.clone();
                without.remove(key);
                all.push(Value::Object(without));
                for other in substitutes(part, shapes) {
                    all.push(Value::Object(object.clone().into_iter().chain([(key.clone(), other)]).collect()));
                }
            }
        }
        Value::Array(items) => {
            for (at, part) in items.iter().enumerate() {
                for other in substitutes(part, shapes) {
                    let mut items = items.clone();
                    items[at] = other;
                    all.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    all
}

fn substitutes(part: &Value, shapes: &mut BTreeSet<Vec<String>>) -> Vec<Value> {
    let mut others = variations(part, shapes);
    others.extend([json!(null), json!(""), json!("x"), json!("0"), json!("false"), json!(false), json!(0), json!(1.5)]);
    others.extend([json!(-1), json!(u64::MAX), json!(1e300), json!("2026-02-30"), json!("2026-02-30T00:00:00Z")]);
    others.extend([json!({}), json!([]), json!([part]), json!({"0": part}), json!({"x": part}), json!([[]])]);
    others
}

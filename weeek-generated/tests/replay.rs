//! Decodes recorded responses with the generated functions over a real socket, and compares the reported drift with the spec.
//! `WEEEK_REPLAYS` sets another folder of recordings, relative to the repository.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

mod support;
#[path = "support/variations.rs"]
mod variations;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use variations::variations;
use weeek_generated::{Client, Error, RetryPolicy};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};
use xtask::contract::recording::{self, Body, Recording};
use xtask::contract::{Drift, DriftKind, Severity, Spec, compare};

/// A server that returns one recorded response after another, and a client with a drift hook.
struct ReplayServer {
    _server: MockServer,
    weeek: Client,
    response: Current,
    reported: Arc<Mutex<BTreeSet<String>>>,
}

#[derive(Clone)]
struct Current(Arc<Mutex<Recording>>);

impl Respond for Current {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let recording = self.0.lock().unwrap();
        ResponseTemplate::new(recording.status).set_body_bytes(recording.body.bytes())
    }
}

/// The result of a call for which the server returns a recording.
#[derive(Debug)]
struct Outcome {
    result: Result<String, Error>,
    /// The locations of the reported drift, without indices.
    reported: BTreeSet<String>,
}

impl ReplayServer {
    async fn new() -> Self {
        let server = MockServer::builder().disable_request_recording().start().await;
        let nothing = Recording { method: String::new(), path: String::new(), status: 500, body: Body::Empty };
        let response = Current(Arc::new(Mutex::new(nothing)));
        Mock::given(any()).respond_with(response.clone()).mount(&server).await;
        let reported = Arc::new(Mutex::new(BTreeSet::new()));
        let hook = {
            let reported = Arc::clone(&reported);
            move |drift: &weeek_generated::Drift| {
                reported.lock().unwrap().insert(without_indices(&drift.json_path));
            }
        };
        let builder = Client::builder("t").base_url(server.uri()).retry(RetryPolicy::never()).on_drift(hook);
        Self { _server: server, weeek: builder.build().unwrap(), response, reported }
    }

    async fn replay(&self, operation: &str, recording: &Recording) -> Outcome {
        *self.response.0.lock().unwrap() = recording.clone();
        let call = support::call(&self.weeek, operation);
        let result = call.unwrap_or_else(|| panic!("{operation} has no call in tests/support")).await;
        Outcome { result, reported: std::mem::take(&mut *self.reported.lock().unwrap()) }
    }
}

impl Outcome {
    /// Whether the call fails to decode the response, or an item of a page.
    fn is_undecodable(&self) -> bool {
        match &self.result {
            Ok(value) => value.contains("UnreadableItem {"),
            Err(error) => error.is_decode(),
        }
    }
}

fn without_indices(path: &str) -> String {
    path.split('[')
        .map(|part| part.trim_start_matches(|letter: char| letter.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join("[")
}

/// The locations of drift that the client can detect. It checks no bounds, and no other formats of strings than dates.
fn known_to_client(found: &[Drift]) -> BTreeSet<String> {
    let formats = ["yyyy-mm-dd", "yyyy-mm-ddThh:mm:ssZ"];
    let is_known = |kind: &DriftKind| match kind {
        DriftKind::OutOfBounds(_) | DriftKind::UndeclaredStatus(_) => false,
        DriftKind::WrongFormat(format) => formats.contains(format),
        _ => true,
    };
    found.iter().filter(|drift| is_known(&drift.kind)).map(|drift| drift.json_path.clone()).collect()
}

#[tokio::test]
async fn recorded_responses_are_decoded_and_error_responses_are_errors() {
    let other = std::env::var_os("WEEEK_REPLAYS").map(|folder| xtask::workspace::root().unwrap().join(folder));
    let folder =
        other.clone().unwrap_or_else(|| xtask::workspace::root().unwrap().join("weeek-generated/tests/replays"));
    let recordings = recording::read(&[folder]).unwrap();
    let (spec, server) = (Spec::load(None).unwrap(), ReplayServer::new().await);
    let mut failures = Vec::new();
    for recording in &recordings {
        let name = format!("{} {} {}", recording.method, recording.path, recording.status);
        let (Some(operation), found) = compare(&spec, recording) else {
            assert!(other.is_some(), "{name}: the spec has no such operation");
            continue;
        };
        let outcome = server.replay(&operation.id, recording).await;
        if outcome.result.is_ok() {
            assert_eq!(outcome.reported, known_to_client(&found), "{name}");
        }
        match outcome.result {
            Err(error) if !error.is_api_error() => failures.push(format!("{name}: {error}")),
            _ => {}
        }
        // The recordings of the project match the spec exactly, and differ from its examples.
        if other.is_none() {
            assert_eq!(found, [], "{name}");
        }
    }
    assert!(!recordings.is_empty() && failures.is_empty(), "{}", failures.join("\n"));
}

/// Replaces each value of each response with some twenty odd ones. The client never panics and reports every value it loses, and
/// `cargo xtask replay` predicts the result.
#[tokio::test]
async fn odd_responses_are_decoded_as_predicted_and_every_loss_is_reported() {
    let (spec, server) = (Spec::load(None).unwrap(), ReplayServer::new().await);
    let (mut seen, mut shapes, mut tried, mut undecodable) = (BTreeSet::new(), BTreeSet::new(), 0, 0);
    for operation in spec.operations() {
        let response = spec.success(operation).unwrap();
        if !seen.insert(spec.resolve(&format!("{}/responses/{}", operation.pointer, response.status)).0) {
            continue;
        }
        let path = operation.template.replace(['{', '}'], "");
        let mut bodies = vec![Body::Empty, Body::Text("<html>".to_owned())];
        bodies.extend(
            [json!(null), json!([]), json!({}), json!("x"), json!(true), json!({"success": 0})].map(Body::Json),
        );
        if let Some(example) = response.example {
            bodies.push(Body::Json(example.clone()));
            bodies.extend(response.item.map(|item| Body::Json(example[item].clone())));
            bodies.extend(variations(example, &mut shapes, &substitutes).into_iter().map(Body::Json));
        }
        // A response with status 204 cannot have a body, and all 2xx statuses are the same to the client.
        let status = if response.status == 204 { 299 } else { response.status };
        for body in bodies {
            let recording = Recording { method: operation.method.clone(), path: path.clone(), status, body };
            let (_, found) = compare(&spec, &recording);
            let predicted = found.iter().any(|drift| drift.severity == Severity::Undecodable);
            let outcome = server.replay(&operation.id, &recording).await;
            let context = || format!("{}: {recording:?}\n{outcome:#?}\n{found:#?}", operation.id);
            assert_eq!(outcome.is_undecodable(), predicted, "{}", context());
            // An undeclared body has no values to lose.
            let is_declared = !found.iter().any(|drift| drift.kind == DriftKind::UnexpectedBody);
            if outcome.result.is_ok() && !predicted && is_declared {
                let known = known_to_client(&found);
                assert_eq!(outcome.reported, known, "{}", context());
            }
            tried += 1;
            undecodable += usize::from(predicted);
        }
    }
    assert!(undecodable > 100 && tried > 2 * undecodable, "{undecodable} of {tried}");
}

/// Odd values in place of a part, and its removal.
fn substitutes(part: &Value) -> Vec<Option<Value>> {
    let scalars = [json!(null), json!(""), json!("x"), json!("0"), json!("false"), json!(false), json!(0), json!(1.5)];
    let limits = [json!(-1), json!(u64::MAX), json!(1e300), json!("2026-02-30"), json!("2026-02-30T00:00:00Z")];
    let nested = [json!({}), json!([]), json!([part]), json!({"0": part}), json!({"x": part}), json!([[]])];
    scalars.into_iter().chain(limits).chain(nested).map(Some).chain([None]).collect()
}

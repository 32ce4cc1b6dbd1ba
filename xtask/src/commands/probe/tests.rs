//! The probe against the mock server.

use std::collections::BTreeSet;
use std::fs;
use std::future::pending;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use serde_json::Value;

use super::*;
use crate::contract::SPEC;
use crate::contract::recording::{self, Body};
use crate::mock::{self, Mock};

/// It looks like the name of a property, which the scrubber keeps.
pub(super) const TOKEN: &str = "aSecretToken";

pub(super) static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas::closed(SPEC.clone()));

struct Run {
    outcome: Outcome,
    progress: Vec<String>,
    /// What the server saw.
    log: Vec<String>,
}

async fn probe(options: &Options, items: Option<usize>) -> Run {
    probe_of(options, mock::Options { items, ..mock::Options::default() }).await
}

async fn probe_of(options: &Options, behavior: mock::Options) -> Run {
    let log = Arc::new(Mutex::new(Vec::new()));
    let lines = log.clone();
    let server = Mock::start(SPEC.clone(), &behavior, move |exchange| lines.lock().unwrap().push(exchange.to_string()));
    let server = server.await.unwrap();
    let target = Target { base: Some(server.url()), token: TOKEN.to_owned(), min_interval: Duration::ZERO };
    let mut progress = Vec::new();
    let outcome = run_with(&SCHEMAS, options, &target, |line| progress.push(line.to_owned()), pending()).await;
    let outcome = outcome.unwrap_or_else(|err| Outcome { status: 2, err, ..Outcome::default() });
    let log = log.lock().unwrap().clone();
    Run { outcome, progress, log }
}

pub(super) fn options() -> Options {
    limited(200)
}

fn limited(max_requests: usize) -> Options {
    let limits = Limits { max_requests, max_per_operation: 2, page_size: 5 };
    Options { record: None, limits, format: Format::Text, spec: None, write: false }
}

#[tokio::test]
async fn every_operation_that_reads_is_called_and_no_other() {
    let run = probe(&options(), Some(3)).await;
    assert_eq!(run.outcome.status, 0, "{}{}", run.outcome.out, run.outcome.err);
    assert!(run.log.iter().all(|line| line.starts_with("GET ") && line.contains("  200  ")), "{:#?}", run.log);
    let spec = &*SPEC;
    for operation in spec.operations().iter().filter(|operation| operation.method == "GET") {
        assert!(run.log.iter().any(|line| line.ends_with(&format!("  {}", operation.id))), "{}", operation.id);
    }
    assert_eq!(run.log.len(), run.progress.len());
    let printed = format!("{}{}{}", run.outcome.out, run.outcome.err, run.progress.concat());
    assert!(!printed.contains(TOKEN), "{printed}");
    assert!(run.outcome.out.ends_with("no drift\n"), "{}", run.outcome.out);
}

#[tokio::test]
async fn a_failing_request_is_retried() {
    let shaky = mock::Options { failure_rate: 0.3, seed: 5, ..mock::Options::default() };
    let run = probe_of(&limited(12), shaky).await;
    assert_eq!(run.log.len(), 12, "retries count: {:#?}", run.log);
    let responses: usize = run.outcome.out.lines().last().unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((4..12).contains(&responses), "{}", run.outcome.out);
}

#[tokio::test]
async fn requests_are_limited() {
    let run = probe(&limited(7), None).await;
    assert_eq!(run.log.len(), 7);
}

#[tokio::test]
async fn recordings_contain_nothing_private() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("responses");
    let options = Options { record: Some(kept.clone()), ..options() };
    probe(&options, None).await;
    let spec = &*SPEC;
    let mut private = BTreeSet::new();
    for operation in spec.operations().iter().filter(|operation| operation.method == "GET") {
        texts(spec.success(operation).unwrap().example.unwrap(), &mut private);
    }
    let kept_words: BTreeSet<_> = private.iter().filter(|text| is_word_of(spec, text)).cloned().collect();
    let recordings = recording::read(&[kept]).unwrap();
    let mut left = BTreeSet::new();
    for recording in &recordings {
        let Body::Json(body) = &recording.body else { panic!("{recording:?}") };
        texts(body, &mut left);
        left.extend(recording.path.split(['/', '?', '&', '=']).map(str::to_owned));
    }
    let survivors: Vec<_> = private.intersection(&left).filter(|text| !kept_words.contains(*text)).collect();
    assert!(survivors.is_empty() && private.len() > 60, "{survivors:?} of {}", private.len());
    assert!(recordings.len() > 25 && !Report::new(&SCHEMAS, &recordings).has_undecodable());
    // The probe can write to its own folder again.
    assert_eq!(probe(&options, None).await.outcome.status, 0);
}

fn texts(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if !text.is_empty() => drop(into.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(object) => object.values().for_each(|value| texts(value, into)),
        _ => {}
    }
}

/// A value of an enumeration of the spec.
fn is_word_of(spec: &Spec, text: &str) -> bool {
    let schemas = spec.at("/components/schemas").as_object().unwrap();
    schemas
        .values()
        .any(|schema| schema["enum"].as_array().is_some_and(|values| values.iter().any(|value| value == text)))
}

#[tokio::test]
async fn a_folder_with_other_files_is_rejected_before_any_request() {
    for name in ["notes.txt", "tasks.json", "tasks.list.json"] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), "mine").unwrap();
        let run = probe(&Options { record: Some(folder.path().to_owned()), ..options() }, None).await;
        assert_eq!((run.outcome.status, run.log.len()), (2, 0), "{name}");
        assert!(run.outcome.err.contains(&format!("{name} was not recorded by the probe")), "{}", run.outcome.err);
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "mine");
    }
}

#[tokio::test]
async fn plain_http_is_rejected() {
    let base = Some("http://api.example.com".to_owned());
    let target = Target { base, token: TOKEN.to_owned(), min_interval: Duration::ZERO };
    let error = run_with(&SCHEMAS, &options(), &target, |_| (), pending()).await.unwrap_err();
    assert!(error.contains("https only"), "{error}");
}

#[tokio::test]
async fn a_connection_error_does_not_show_the_token() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Some(format!("http://{}", listener.local_addr().unwrap()));
    drop(listener);
    let target = Target { base, token: TOKEN.to_owned(), min_interval: Duration::ZERO };
    let error = run_with(&SCHEMAS, &options(), &target, |_| (), pending()).await.unwrap_err();
    assert!(error.contains("user.get") && !error.contains(TOKEN), "{error}");
}

//! The feature `tracing` records each call as a span.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::*;

type Fields = BTreeMap<&'static str, String>;

/// Records the fields of each span and event.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<Fields>>>);

struct RecordValues<'a>(&'a mut Fields);

impl Visit for RecordValues<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("weeek")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::from([("span", span.metadata().name().to_owned())]);
        span.record(&mut RecordValues(&mut fields));
        let mut records = self.0.lock().unwrap();
        records.push(fields);
        Id::from_u64(records.len().try_into().unwrap())
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let at = usize::try_from(id.into_u64()).unwrap() - 1;
        values.record(&mut RecordValues(&mut self.0.lock().unwrap()[at]));
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::from([("level", event.metadata().level().to_string())]);
        event.record(&mut RecordValues(&mut fields));
        self.0.lock().unwrap().push(fields);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl Recorder {
    /// The records that have this value of a field.
    fn with(&self, field: &str, value: &str) -> Vec<Fields> {
        let records = self.0.lock().unwrap();
        records.iter().filter(|record| record.get(field).is_some_and(|found| found == value)).cloned().collect()
    }
}

/// Asserts the values of fields.
#[track_caller]
fn assert_fields(record: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(record.get(name).map(String::as_str), Some(*value), "{name}: {record:?}");
    }
}

#[tokio::test]
async fn spans_are_calls_and_attempts_and_a_failed_attempt_is_an_event() {
    let (_, weeek) = mock(|_| Reply::bytes("secret-token").status(503));
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    weeek.tasks().delete(4711).await.unwrap_err();

    let (calls, attempts) = (recorder.with("span", "weeek.call"), recorder.with("span", "weeek.attempt"));
    assert_eq!((calls.len(), attempts.len()), (1, 3));
    for span in calls.iter().chain(&attempts) {
        assert!(span.contains_key("duration_ms"));
        assert_fields(span, &[("operation", "tasks.delete"), ("url.template", "/tm/tasks/{taskId}")]);
        assert_fields(span, &[("http.request.method", "DELETE"), ("http.response.status_code", "503")]);
        assert_fields(span, &[("server.address", "api.weeek.net"), ("server.port", "443"), ("error.type", "503")]);
    }
    assert_fields(&calls[0], &[("otel.kind", "internal"), ("http.request.resend_count", "2")]);
    for (attempt, resend_count) in attempts.iter().zip(["0", "1", "2"]) {
        assert_fields(attempt, &[("otel.kind", "client"), ("http.request.resend_count", resend_count)]);
    }
    let failures = recorder.with("level", "DEBUG");
    assert_eq!(failures.len(), 3, "one for each failed attempt");
    for (failure, is_last) in failures.iter().zip([false, false, true]) {
        assert_fields(failure, &[("message", "attempt failed"), ("reason", "API error"), ("status", "503")]);
        assert_eq!(failure.contains_key("retry_in_ms"), !is_last);
    }
    let text = format!("{:?}", recorder.0.lock().unwrap());
    assert!(!text.contains("secret-token") && !text.contains("4711"), "{text}");
}

#[tokio::test]
async fn a_response_that_cannot_be_decoded_is_an_error_of_the_call() {
    let (_, weeek) = mock_json(json!({"success": true}));
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    weeek.tasks().get(1).await.unwrap_err();
    assert_fields(&recorder.with("span", "weeek.call")[0], &[("error.type", "cannot_decode_response")]);
    let attempt = &recorder.with("span", "weeek.attempt")[0];
    assert!(!attempt.contains_key("error.type") && attempt["http.response.status_code"] == "200");
}

#[test]
fn a_value_that_does_not_match_the_spec_is_a_warning() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let body = r#"{"success":true,"tag":{"id":1,"title":"private","color":7}}"#;
    offline().tags().get(1).decode(StatusCode::OK, body).unwrap();
    let warnings = format!("{:?}", recorder.with("level", "WARN"));
    for part in ["tags.get", "tag.color", "a string", "an integer"] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
    assert!(!warnings.contains("private"), "{warnings}");
}

#[tokio::test]
async fn each_request_of_a_file_is_a_span() {
    let (api, weeek) = mock(|_| Reply::example());
    api.on_path("/offer.pdf").reply_in_turn([Reply::error(503), Reply::bytes("%PDF")]);
    let mut file = Attachment::example();
    (file.url, file.size) = ("https://storage.example.com/offer.pdf?signature=private".to_owned(), None);
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let _download = weeek.attachments().download(&file).await.unwrap();

    let downloads = recorder.with("span", "weeek.download");
    for (download, (status, resend_count)) in downloads.iter().zip([("503", "0"), ("200", "1")]) {
        assert_fields(download, &[("operation", "attachments.get"), ("server.address", "storage.example.com")]);
        assert_fields(download, &[("http.response.status_code", status), ("http.request.resend_count", resend_count)]);
        assert!(download.contains_key("duration_ms") && !download.contains_key("url.template"));
    }
    assert_eq!((downloads.len(), recorder.with("level", "DEBUG").len()), (2, 1));
    assert!(!format!("{:?}", recorder.0.lock().unwrap()).contains("private"));
}

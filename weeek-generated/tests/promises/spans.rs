//! The feature `tracing` records each call as a span.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::*;

type Fields = BTreeMap<&'static str, String>;

/// Records the fields of the span, and all values of spans and events.
#[derive(Clone, Default)]
struct Recorder {
    span: Arc<Mutex<Fields>>,
    values: Arc<Mutex<Vec<String>>>,
}

struct RecordValues<'a>(&'a Recorder);

impl Visit for RecordValues<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let value = format!("{value:?}");
        self.0.values.lock().unwrap().push(value.clone());
        self.0.span.lock().unwrap().insert(field.name(), value);
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("weeek")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut RecordValues(self));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut RecordValues(self));
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut RecordValues(self));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_is_a_span_without_the_token() {
    let (_server, weeek) = serve(ResponseTemplate::new(503).set_body_string("secret-token")).await;
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    weeek.tasks().delete(4711).await.unwrap_err();
    let span = recorder.span.lock().unwrap().clone();
    let field = |name: &str| span.get(name).map(String::as_str);
    assert_eq!(field("operation"), Some("\"tasks.delete\""));
    assert_eq!(
        (field("http.request.method"), field("url.template")),
        (Some("\"DELETE\""), Some("\"/tm/tasks/{taskId}\""))
    );
    assert_eq!((field("http.response.status_code"), field("http.request.resend_count")), (Some("503"), Some("2")));
    assert!(span.contains_key("duration_ms") && span.contains_key("wait_ms"));
    let values = recorder.values.lock().unwrap();
    assert!(!values.iter().any(|text| text.contains("secret-token") || text.contains("4711")), "{values:?}");
}

#[test]
fn a_value_that_does_not_match_the_spec_is_a_warning() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let body = r#"{"success":true,"tag":{"id":1,"title":"private","color":7}}"#;
    Client::new("t").unwrap().tags().get(1).decode(StatusCode::OK, body).unwrap();
    let values = recorder.values.lock().unwrap();
    for part in ["\"tags.get\"", "\"tag.color\"", "a string", "an integer"] {
        assert!(values.iter().any(|text| text == part), "{part}: {values:?}");
    }
    assert!(!values.iter().any(|text| text.contains("private")), "{values:?}");
}

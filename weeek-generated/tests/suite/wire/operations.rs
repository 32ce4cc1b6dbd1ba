//! Calls every operation with the values of its example. The mock server checks each request against the spec, and returns the
//! example of the spec.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::mpsc;

use serde_json::Value;
use weeek_generated::{Call, Client, RetryPolicy, operations};
use xtask::contract::Operation;
use xtask::contract::schema::Violations;
use xtask::mock::{Exchange, Mock, Options};

use super::{SCHEMAS, SPEC};
use crate::support::{self, CallVisitor, DebugFuture};

/// The line of the mock's log, the body of the request and that of the response.
type Logged = (String, Vec<u8>, Value);

async fn start() -> (Mock, Client, mpsc::Receiver<Logged>) {
    let (sender, requests) = mpsc::channel();
    let log = move |exchange: &Exchange<'_>| {
        sender.send((exchange.to_string(), exchange.sent.to_vec(), exchange.body.clone())).unwrap();
    };
    let mock = Mock::start(SPEC.clone(), &Options::default(), log).await.unwrap();
    let client = Client::builder("secret").base_url(mock.url()).retry(RetryPolicy::never());
    // A response that equals its example never drifts.
    let client = client.on_drift(|drift| panic!("the example does not match the spec: {drift}")).build().unwrap();
    (mock, client, requests)
}

#[tokio::test]
async fn every_operation_sends_its_example_and_decodes_its_response() {
    let (_mock, client, requests) = start().await;
    assert_eq!(operations().count(), SPEC.operations().len());
    let mut stored = 0;
    for operation in SPEC.operations() {
        let Operation { id, method, pointer, .. } = operation;
        let call = support::call(&client, id).unwrap_or_else(|| panic!("{id} has no generated call"));
        call.await.unwrap_or_else(|error| panic!("{error:?}"));
        let (line, sent, received) = requests.try_recv().unwrap();
        // A note at the end of the line would name what the spec does not declare.
        let declared = SPEC.success(operation).unwrap();
        let (target, end) = line.strip_prefix(&format!("{method} ")).unwrap().split_once("  ").unwrap();
        assert_eq!(end, format!("{}  {id}", declared.status));
        let parameters = SPEC.parameters(operation).into_iter().filter(|parameter| !parameter.in_path);
        assert_eq!(names(target), parameters.map(|parameter| parameter.name).collect(), "{id}");

        let content = &SPEC.at(&format!("{pointer}/requestBody"))["content"];
        let sent = String::from_utf8_lossy(&sent);
        if let Some(json) = content.get("application/json") {
            assert_eq!(serde_json::from_str::<Value>(&sent).unwrap(), json["example"], "{id}");
            stored += usize::from(is_read_again(id, &json["example"]));
        } else if content.is_object() {
            assert!(sent.contains("; filename=\"a.txt\"") && sent.matches("; filename=").count() == 2, "{sent}");
        } else {
            assert_eq!(sent, "", "{id}");
        }
        match declared.schema {
            Some(schema) => assert_eq!(SCHEMAS.check(&schema, &received), Violations::new(), "{id}: {received}"),
            None => assert!(received.is_null(), "{id}: {received}"),
        }
    }
    assert!(stored > 0, "no body is read again");
}

/// Checks that a body can be stored and read again, if it has a type, and that a misspelled property is an error.
fn is_read_again(id: &str, example: &Value) -> bool {
    let Some(again) = support::calls::reread(id, example.clone()) else { return false };
    assert_eq!(again.unwrap(), *example, "{id}");
    let mut misspelled = example.clone();
    if let Some(properties) = misspelled.as_object_mut() {
        properties.insert("noSuchProperty".to_owned(), 1.into());
        let error = support::calls::reread(id, misspelled).unwrap().unwrap_err().to_string();
        assert!(error.starts_with("at ") && error.contains("noSuchProperty"), "{id}: {error}");
    }
    true
}

/// The names in the query, without the indices of lists of objects.
fn names(target: &str) -> BTreeSet<String> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let names = query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty());
    let declared = |name: &str| match name.split_once('[') {
        Some((list, rest)) if rest != "]" => list.to_owned(),
        _ => name.to_owned(),
    };
    names.map(declared).collect()
}

/// Sends the call, and asks for a response with this status.
struct Prefer(u16);

impl CallVisitor for Prefer {
    type Outcome = DebugFuture;

    fn visit<T: Debug + Send + 'static>(self, call: Call<T>) -> DebugFuture {
        let call = call.header("Prefer", &format!("code={}", self.0));
        Box::pin(async move { call.await.map(|value| format!("{value:?}")) })
    }
}

#[tokio::test]
async fn every_declared_error_response_is_the_error_that_it_describes() {
    let (_mock, client, _requests) = start().await;
    for operation in SPEC.operations() {
        for status in SPEC.statuses(operation).into_iter().filter(|status| *status >= 300) {
            let place = format!("{} {status}", operation.id);
            let example = SPEC.response(operation, status).unwrap().example;
            let example = example.unwrap_or_else(|| panic!("{place} has no example"));
            let error = support::visit(&client, &operation.id, Prefer(status)).unwrap().await.unwrap_err();
            assert!(error.is_api_error(), "{place}: {error}");
            assert_eq!(error.operation().map(weeek_generated::Operation::id), Some(&*operation.id), "{place}");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{place}");
            let expected = (example["message"].as_str(), example["code"].as_i64());
            assert_eq!((error.message(), error.code()), expected, "{place}");
            let fields = example["errors"].as_object().into_iter().flatten().map(|(field, _)| field);
            assert!(error.field_errors().keys().eq(fields), "{place}: {error:?}");
            let kinds = [error.is_unauthorized(), error.is_forbidden(), error.is_not_found(), error.is_validation()];
            let is_unknown = status == 404 || example["code"] == 1_000_001;
            assert_eq!(kinds, [status == 401, status == 403, is_unknown, status == 422], "{place}");
        }
    }
}

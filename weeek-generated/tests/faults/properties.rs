//! What holds for any text and any JSON.

use proptest::collection::{btree_map, vec};
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use weeek_generated::models::*;
use weeek_generated::{Method, Nullable};
use wiremock::matchers::path_regex;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

/// Made once: setting up TLS takes longer than a thousand calls that are never sent.
fn nowhere() -> Client {
    static NOWHERE: LazyLock<Client> =
        LazyLock::new(|| Client::builder("t").base_url("https://example.com/v1").build().unwrap());
    NOWHERE.clone()
}

/// What a server makes of a path segment or query value.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Amounts of money. Sixteen digits and more may come back off by the last one, as serde_json reads numbers fast.
fn cents() -> impl Strategy<Value = f64> {
    (-100_000_000_000_i64..100_000_000_000).prop_map(|cents| cents.to_string().parse::<f64>().unwrap() / 100.0)
}

/// JSON with the keys and values that answers are made of, and with others.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        Just("id"),
        Just("title"),
        Just("tags"),
        Just("type"),
        Just("customFields"),
        Just("value"),
        Just("createdAt"),
        Just("dueDate"),
        Just("locations"),
        Just("success"),
        Just("task"),
        Just("tasks"),
        Just("hasMore"),
        Just("0"),
        Just("config"),
        Just("options"),
        Just("priority"),
        Just("timeEntries"),
        Just("x"),
    ];
    let text = prop_oneof![".*", Just(String::new()), Just("text".to_owned()), Just("2026-11-24".to_owned())];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(key.clone().prop_map(str::to_owned), inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_id_stays_one_segment_and_arrives_as_it_was(id in prop_oneof![".*", "[./\\\\%?#a\u{e4} ]{0,4}"]) {
        let call = nowhere().request(Method::Get, "/crm/deals/{deal}/tasks").id(&id).read::<Value>();
        let deal = nowhere();
        let deal = deal.deals().get(id.as_str());
        if matches!(id.as_str(), "" | "." | "..") {
            let error = tokio::runtime::Runtime::new().unwrap().block_on(deal.into_future()).unwrap_err();
            prop_assert!(error.is_request());
        } else {
            let url = reqwest::Url::parse(&format!("https://example.com/v1{}", call.request().path())).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 5);
            prop_assert_eq!(decoded(segments[3]), id.clone());
            prop_assert_eq!(decoded(deal.request().path().rsplit('/').next().unwrap()), id);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }

    #[test]
    fn any_query_value_arrives_as_it_was(search in ".*") {
        let weeek = nowhere();
        let call = weeek.tasks().list(ListTasks::new().search(search.as_str()).project_id(4));
        let url = reqwest::Url::parse(&format!("https://example.com/?{}", call.request().query())).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(pairs, [("projectId".to_owned(), "4".to_owned()), ("search".to_owned(), search)]);
    }

    #[test]
    fn presence_and_values_survive(title in proptest::option::of(".*"), amount in proptest::option::of(proptest::option::of(cents()))) {
        let mut change = UpdateDeal::new();
        let mut expected = serde_json::Map::new();
        if let Some(title) = &title {
            change = change.title(title.as_str());
            expected.insert("title".into(), json!(title));
        }
        if let Some(amount) = amount {
            change = change.amount(Nullable::from(amount));
            expected.insert("amount".into(), json!(amount));
        }
        let weeek = nowhere();
        let call = weeek.deals().update("d", change);
        let sent: Value = serde_json::from_slice(call.request().json().unwrap()).unwrap();
        prop_assert_eq!(sent, Value::Object(expected));
    }
}

#[test]
fn any_json_is_an_answer_or_an_error_and_never_a_panic() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(MockServer::start());
    let weeek = Client::builder("t").base_url(server.uri()).on_drift(|drift| drop(drift.to_string())).build().unwrap();
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(item in any_json(), enveloped in any::<bool>())| {
        let body = if enveloped { json!({"success": true, "task": item, "tasks": item, "deal": item}) } else { item };
        runtime.block_on(async {
            server.reset().await;
            Mock::given(path_regex("^")).respond_with(ResponseTemplate::new(200).set_body_json(&body)).mount(&server).await;
            for outcome in [
                weeek.tasks().get(1).await.map(drop),
                weeek.tasks().list(ListTasks::new()).await.map(drop),
                weeek.deals().get("d").await.map(drop),
                weeek.boards().list(1).await.map(drop),
            ] {
                if let Err(error) = outcome {
                    assert!(error.is_decode() || error.is_refused(), "{error:?}");
                    assert!(!error.body().is_empty());
                }
            }
        });
    });
}

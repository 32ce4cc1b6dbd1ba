//! Properties that hold for any string and any JSON.

use proptest::collection::{btree_map, vec};
use std::sync::LazyLock;

use proptest::prelude::*;
use reqwest::StatusCode;
use serde_json::{Value, json};
use weeek_generated::models::*;
use weeek_generated::testing::{MockApi, Reply};
use weeek_generated::{Call, Method, Nullable};
use xtask::pointer::decode as percent_decoded;

use super::*;

/// Built once, because setting up TLS is slow.
fn offline() -> Client {
    static CLIENT: LazyLock<Client> =
        LazyLock::new(|| Client::builder("t").base_url("https://example.com/v1").build().unwrap());
    CLIENT.clone()
}

/// Amounts of money, with less than 16 digits: serde_json can change the last digit of longer numbers.
fn cents() -> impl Strategy<Value = f64> {
    (-100_000_000_000_i64..100_000_000_000).prop_map(|cents| cents.to_string().parse::<f64>().unwrap() / 100.0)
}

/// JSON with the keys and values of responses, and with others.
fn any_json() -> impl Strategy<Value = Value> {
    json_of(any::<f64>())
}

/// The same with these numbers only.
fn json_of(numbers: impl Strategy<Value = f64> + 'static) -> impl Strategy<Value = Value> {
    let key = proptest::sample::select(
        "id title tags type customFields value createdAt dueDate locations success task tasks hasMore 0 config options priority \
         timeEntries x"
            .split(' ')
            .collect::<Vec<_>>(),
    );
    let text = prop_oneof![".*", Just(String::new()), Just("text".to_owned()), Just("2026-11-24".to_owned())];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        numbers.prop_map(Value::from),
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
    fn any_id_stays_one_segment_and_is_unchanged(id in prop_oneof![".*", "[./\\\\%?#a\u{e4} ]{0,4}"]) {
        let call = offline().request(Method::GET, "/crm/deals/{deal}/tasks").path_param(&id).decode_as::<Value>();
        let weeek = offline();
        let deal = weeek.deals().get(id.as_str());
        if matches!(id.as_str(), "" | "." | "..") {
            let error = tokio::runtime::Runtime::new().unwrap().block_on(deal.into_future()).unwrap_err();
            prop_assert!(error.is_builder());
        } else {
            let url = reqwest::Url::parse(&format!("https://example.com/v1{}", call.request().path())).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 5);
            prop_assert_eq!(percent_decoded(segments[3]), id.clone());
            prop_assert_eq!(percent_decoded(deal.request().path().rsplit('/').next().unwrap()), id);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }

    #[test]
    fn any_query_value_is_unchanged(search in ".*") {
        let weeek = offline();
        let call = weeek.tasks().list(ListTasks::new().search(search.as_str()).project_id(4));
        let url = reqwest::Url::parse(&format!("https://example.com/?{}", call.request().query())).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(pairs, [("projectId".to_owned(), "4".to_owned()), ("search".to_owned(), search)]);
    }

    #[test]
    fn only_properties_that_are_set_are_sent(title in proptest::option::of(".*"), amount in proptest::option::of(proptest::option::of(cents()))) {
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
        prop_assume!(!expected.is_empty());
        let weeek = offline();
        let call = weeek.deals().update("d", change);
        let sent: Value = serde_json::from_slice(call.request().json_body().unwrap()).unwrap();
        prop_assert_eq!(sent, Value::Object(expected));
    }

    #[test]
    fn known_and_unknown_enum_values_round_trip(text in ".+", number in any::<i64>()) {
        let weeek = offline();
        let body = json!({"success": true, "task": {"id": 1, "type": text, "priority": number}}).to_string();
        let task = weeek.tasks().get(1).decode(StatusCode::OK, body).unwrap();
        let (kind, priority) = (task.kind.unwrap(), task.priority.unwrap());
        prop_assert_eq!(kind.as_str(), text.as_str());
        prop_assert_eq!(sent(&weeek.tasks().update(1, UpdateTask::new().priority(priority))), json!({"priority": number}));
        prop_assert_eq!(sent(&weeek.tasks().create(CreateTask::new().kind(kind.clone()))), json!({"type": text}));
        let query = weeek.tasks().list(ListTasks::new().kind(kind)).request().query();
        prop_assert_eq!(percent_decoded(query.strip_prefix("type=").unwrap()), text);
    }

    /// A sent custom field value decodes to the same value, and a value in an unknown format is sent unchanged.
    #[test]
    fn custom_field_values_round_trip(
        kind in prop_oneof![
            proptest::sample::select(&["text", "number", "boolean", "datetime", "select", "multiselect", "member", "link"][..])
                .prop_map(str::to_owned),
            "[a-z]{1,8}",
        ],
        value in json_of(cents()),
    ) {
        let weeek = offline();
        let decode = |value: &Value| {
            let field = json!({"id": "f", "type": kind, "value": value});
            let body = json!({"success": true, "task": {"id": 1, "customFields": [field]}}).to_string();
            weeek.tasks().get(1).decode(StatusCode::OK, body).unwrap().custom_fields.remove(0).value
        };
        let decoded = decode(&value);
        prop_assert_eq!(decoded.is_none(), value.is_null());
        if let Some(decoded) = decoded {
            let values = CustomFieldValues::new().set("f", decoded.clone());
            let mut encoded = sent(&weeek.tasks().update(1, UpdateTask::new().custom_fields(values)));
            let encoded = encoded["customFields"]["f"].take();
            if let CustomFieldValue::Unknown(_) = decoded {
                prop_assert_eq!(&encoded, &value);
            }
            prop_assert_eq!(decode(&encoded), Some(decoded));
        }
    }
}

/// The JSON body of a call.
fn sent<T>(call: &Call<T>) -> Value {
    serde_json::from_slice(call.request().json_body().unwrap()).unwrap()
}

/// Uses a real socket, to include what the URL parser of reqwest changes.
#[tokio::test]
async fn the_server_receives_ids_and_query_values_unchanged() {
    let printable = "a/b a\\b %2e%2e ..; ... .%2e a?b a#b a%00b + a+b &x=1 = [0] {id} //example.com https://example.com/ ~ '\"<>`|^";
    let others = ["\0", "a b", "\r\nX-Evil: 1", "\u{202e}", "\u{feff}", "\u{e4}\u{308}", "\u{1f980}"];
    let odd: Vec<&str> = printable.split(' ').chain(others).collect();
    let response = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 30\r\n\r\n\
        {\"deal\":{\"id\":\"d\"},\"tasks\":[]}";
    let server = Server::start([Behavior::Respond(response.to_vec())]);
    let weeek = client(&server);
    for (at, text) in odd.iter().copied().enumerate() {
        weeek.deals().get(text).await.unwrap();
        weeek.tasks().list(ListTasks::new().search(text)).await.unwrap();
        let requests = server.requests();
        let target = |at: usize| requests[at].split(' ').nth(1).unwrap().to_owned();
        assert_eq!(percent_decoded(target(2 * at).strip_prefix("/crm/deals/").unwrap()), text);
        assert_eq!(percent_decoded(target(2 * at + 1).strip_prefix("/tm/tasks?search=").unwrap()), text);
        assert_eq!(requests[2 * at].matches("\r\n\r\n").count(), 1);
    }
    for rejected in ["", ".", ".."] {
        assert!(weeek.deals().get(rejected).await.unwrap_err().is_builder());
    }
    assert_eq!(server.connections(), 2 * odd.len());
}

#[test]
fn any_json_is_a_value_or_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let api = MockApi::new();
    let weeek = api.builder().on_drift(|drift| drop(drift.to_string())).build().unwrap();
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(item in any_json(), enveloped in any::<bool>())| {
        let body = if enveloped { json!({"success": true, "task": item, "tasks": item, "deal": item}) } else { item };
        api.on_request(|_| true).reply(Reply::json(&body));
        runtime.block_on(async {
            for outcome in [
                weeek.tasks().get(1).await.map(drop),
                weeek.tasks().list(ListTasks::new()).await.map(drop),
                weeek.deals().get("d").await.map(drop),
                weeek.boards().list(1).await.map(drop),
            ] {
                if let Err(error) = outcome {
                    assert!(error.is_decode() || error.is_api_error(), "{error:?}");
                    assert!(!error.body().is_empty());
                }
            }
        });
    });
}

//! The stand-in for Weeek of the feature `testing`, over whole calls.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use weeek_generated::models::*;
use weeek_generated::testing::{MockApi, Reply};
use weeek_generated::{Error, Operation, RetryPolicy, StatusCode, Upload, operations};

use crate::support;

#[tokio::test]
async fn every_operation_gets_the_example_of_the_spec() {
    let (api, drift) = (MockApi::new(), Arc::new(Mutex::new(Vec::new())));
    let found = drift.clone();
    let weeek = api.builder().on_drift(move |drift| found.lock().unwrap().push(drift.to_string())).build().unwrap();
    for id in operations().map(Operation::id) {
        support::call(&weeek, id).unwrap().await.unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!(
        api.operations(),
        operations().map(Operation::id).collect::<Vec<_>>(),
        "each path leads to its operation"
    );
    assert_eq!(*drift.lock().unwrap(), [""; 0]);
    assert_eq!(weeek.tasks().get(17).await.unwrap(), Task::example());
}

#[tokio::test]
async fn lists_are_cut_into_pages() {
    let api = MockApi::new();
    let weeek = api.client();
    let all = |filter: ListTasks| weeek.tasks().list_all(filter).try_collect::<Vec<Task>>();
    assert_eq!(all(ListTasks::new()).await.unwrap(), [Task::example()]);

    api.on("tasks.list").reply(Reply::items((1..=250).map(|id| json!({"id": id}))));
    assert_eq!(all(ListTasks::new()).await.unwrap().len(), 250);
    let page = weeek.tasks().list(ListTasks::new().limit(20).offset(240)).await.unwrap();
    assert_eq!((page.items.len(), page.items[0].id, page.has_more), (10, TaskId::from(241), Some(false)));
    api.on("organizations.list").reply(Reply::items([Organization::example()]));
    let organizations: Vec<_> = weeek.organizations().list_all(ListOrganizations::new()).try_collect().await.unwrap();
    assert_eq!(organizations, [Organization::example()], "a list without a flag ends with an empty page");
    api.on("tags.list").reply(Reply::items([Tag::example(), Tag::example()]));
    assert_eq!(weeek.tags().list().await.unwrap().len(), 2, "a list without pages");
}

#[tokio::test(start_paused = true)]
async fn failures_delays_and_sequences_are_met_by_the_real_retries() {
    let api = MockApi::new();
    let weeek = api.client();
    api.on("tasks.get").reply_in_turn([Reply::error(503), Reply::connection_lost()]);
    assert_eq!(weeek.tasks().get(17).await.unwrap(), Task::example());
    assert_eq!(api.operations(), ["tasks.get"; 3]);

    api.on("tasks.create").reply_in_turn([Reply::connection_refused(), Reply::connection_lost()]);
    let error = weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    assert!(error.may_have_been_received() && error.attempts() == 2, "{error}");
    assert!(error.to_string().starts_with("tasks.create: connection lost: connection reset"), "{error}");

    let start = Instant::now();
    api.on("tasks.get").reply_in_turn([Reply::error(429).header("Retry-After", "30"), Reply::example()]);
    weeek.tasks().get(17).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(30));
    api.on("tasks.get").reply(Reply::example().delay(Duration::from_secs(90)));
    let error = weeek.tasks().get(17).retry(RetryPolicy::never()).await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_been_received(), "{error}");
}

type Check = fn(&Error) -> bool;

#[tokio::test]
async fn errors_have_the_shapes_of_weeek() {
    let api = MockApi::new();
    let weeek = api.builder().retry(RetryPolicy::never()).build().unwrap();
    let kinds: [(u16, Check); 8] = [
        (400, |error| error.is_not_found() && error.code() == Some(1_000_001)),
        (401, Error::is_unauthorized),
        (403, Error::is_forbidden),
        (404, |error| error.is_not_found() && !error.is_route_not_found()),
        (422, |error| error.is_validation() && error.field_errors().contains_key("title")),
        (429, Error::is_rate_limited),
        (500, Error::is_server_error),
        (503, Error::is_server_error),
    ];
    for (status, is_kind) in kinds {
        api.on("tasks.get").reply(Reply::error(status));
        let error = weeek.tasks().get(17).await.unwrap_err();
        assert!(is_kind(&error) && error.is_api_error(), "{error}");
        let made = Error::from_response(StatusCode::from_u16(status).unwrap(), error.body().to_vec());
        assert!(is_kind(&made) && made.operation().is_none(), "{made}");
        assert_eq!(format!("tasks.get: {made}"), error.to_string());
    }
    api.on("tasks.get").reply(Reply::invalid("boardId", "There is no such board."));
    assert!(weeek.tasks().get(17).await.unwrap_err().field_errors().contains_key("boardId"));
}

#[tokio::test]
async fn requests_are_recorded_with_their_files() {
    let api = MockApi::new();
    let weeek = api.client();
    let text = b"\r\n--a line\r\n\r\n".to_vec();
    let files = [Upload::bytes("é \"b\" \\.txt", text.clone()).content_type("text/plain"), Upload::bytes("c", "")];
    let uploaded = weeek.tasks().upload_attachments(7, files).await.unwrap();
    let request = &api.requests()[0];
    let files: Vec<_> = request.files().into_iter().map(|file| (file.part, file.content_type, file.content)).collect();
    assert_eq!(request.files()[0].file_name, "é \"b\" \\.txt");
    let part = || "files[]".to_owned();
    assert_eq!(files, [(part(), Some("text/plain".to_owned()), text.into()), (part(), None, "".into())]);
    assert_eq!((request.path(), request.json().is_null()), ("/tm/tasks/7/attachments", true));

    api.on_path("/files/offer.pdf").reply(Reply::bytes(vec![0; 184_320]));
    let mut file = uploaded[0].clone();
    file.url = "https://storage.example.com/files/offer.pdf?signature=1".to_owned();
    assert_eq!(weeek.attachments().download(&file).await.unwrap().bytes().await.unwrap().len(), 184_320);
    assert!(!api.requests()[1].headers.contains_key("authorization"), "the token stays away from the storage");
}

#[tokio::test]
async fn the_last_rule_that_matches_counts() {
    let api = MockApi::new();
    let weeek = api.client();
    api.on("tasks.get").reply_with(|request| Reply::item(json!({"id": 1, "title": request.path()})));
    let recorder = api.clone();
    api.on_request(move |request| request.path() == "/tm/tasks/2" && recorder.requests().len() == 2)
        .reply(Reply::error(404));
    let title = async |id| weeek.tasks().get(id).await.map(|task| task.title.unwrap_or_default());
    assert_eq!(title(2).await.unwrap(), "/tm/tasks/2");
    assert!(title(2).await.unwrap_err().is_not_found());
    assert_eq!(title(2).await.unwrap(), "/tm/tasks/2");
    api.on_path("/tm/tasks/2").reply(Reply::json(json!({"success": true, "task": {"id": 2, "title": 3}})));
    assert_eq!(title(2).await.unwrap(), "3");

    let call = weeek.request(weeek_generated::Method::GET, "/tm/weather").decode_as::<serde_json::Value>();
    let error = call.clone().await.unwrap_err();
    assert!(
        error.is_builder() && error.to_string().contains("no rule for GET https://api.weeek.net/public/v1/tm/weather")
    );
    api.on_path("/tm/weather").reply(Reply::json(json!({"sunny": true})));
    assert_eq!(call.await.unwrap(), json!({"sunny": true}));
}

#[test]
#[should_panic(expected = "no operation is called \"tasks.gett\"")]
fn a_rule_for_an_unknown_operation_panics() {
    drop(MockApi::new().on("tasks.gett"));
}

//! What the client promises, each promise on a real socket.

#![allow(missing_docs)]
#![cfg(all(feature = "task-manager", feature = "crm"))]

use std::time::Duration;

use futures_util::TryStreamExt;
use serde_json::{Value, json};
use weeek_generated::models::*;
use weeek_generated::{Client, Result, RetryPolicy};
use wiremock::matchers::{any, method, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

fn client(server: &MockServer) -> Client {
    let quick = RetryPolicy::default().base(Duration::from_millis(1));
    Client::builder("secret-token").base_url(server.uri()).retry(quick).build().unwrap()
}

async fn answering(template: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(template).mount(&server).await;
    let client = client(&server);
    (server, client)
}

async fn json_answer(body: Value) -> (MockServer, Client) {
    answering(ResponseTemplate::new(200).set_body_json(body)).await
}

async fn attempts(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn the_first_program_runs() -> Result<()> {
    let server = MockServer::start().await;
    let reply = |body| ResponseTemplate::new(200).set_body_json(body);
    let deal = json!({"success": true, "deal": {"id": "6p5fXr0hTzB1xE2k", "winStatus": "won"}});
    Mock::given(method("PUT")).respond_with(reply(deal)).mount(&server).await;
    for (offset, more) in [("0", true), ("2", false)] {
        let rows = json!([{"id": 1, "title": "a"}, {"id": 2, "title": null}]);
        let page = json!({"success": true, "tasks": rows, "hasMore": more});
        Mock::given(query_param("offset", offset)).respond_with(reply(page)).mount(&server).await;
    }
    let missing = ResponseTemplate::new(400)
        .set_body_json(json!({"success": false, "code": 1_000_001, "message": "Model not found"}));
    Mock::given(any()).respond_with(missing).mount(&server).await;
    let weeek = client(&server);

    let change = UpdateDeal::new().title("Renewal 2027").win_status(WinStatus::Won).amount(None);
    let deal = weeek.deals().update("6p5fXr0hTzB1xE2k", &change).await?;
    assert_eq!((deal.id.as_str(), deal.win_status), ("6p5fXr0hTzB1xE2k", Some(WinStatus::Won)));

    let mut titles = Vec::new();
    let mut tasks = weeek.tasks().list_all(ListTasks::new().project_id(4).completed(false));
    while let Some(task) = tasks.try_next().await? {
        titles.push(task.title.as_deref().unwrap_or("(untitled)").to_owned());
    }
    assert_eq!(titles, ["a", "(untitled)", "a", "(untitled)"]);

    let error = weeek.tasks().get(999_999).await.unwrap_err();
    assert!(error.is_not_found() && !error.is_validation());
    assert_eq!(error.to_string(), "tasks.get: refused with HTTP 400, code 1000001: Model not found");
    Ok(())
}

#[tokio::test]
async fn live_oddities_lose_nothing() -> Result<()> {
    let odd = json!({"success": 1, "task": {
        "id": "17", "title": 5, "isCompleted": 1, "isDeleted": null, "tags": {}, "assignees": null, "type": "dream",
        "priority": 9, "dueDate": "", "startDate": "05.10.2022", "createdAt": "2026-08-30T11:24:15+00:00",
        "updatedAt": "2026-08-30 11:24:15", "locations": {"1": {"projectId": 4}}, "customFields": [
            {"id": "a", "type": "select", "value": null, "config": []},
            {"id": "b", "type": "hologram", "value": {"x": 1}},
            {"id": "c", "type": "text", "value": "hi", "options": null}
        ], "surprise": [1]
    }});
    let (_server, weeek) = json_answer(odd).await;
    let task = weeek.tasks().get(17).await?;
    assert_eq!(task.id, 17.into());
    assert_eq!(task.title.as_deref(), Some("5"));
    assert!(task.is_completed && task.tags.is_empty() && task.assignees.is_empty());
    assert_eq!(task.kind, Some(TaskType::Unknown("dream".to_owned())));
    assert_eq!(task.priority, Some(TaskPriority::Unknown(9)));
    assert_eq!((task.due_date, task.start_date.map(jiff::civil::Date::month)), (None, Some(10)));
    assert_eq!(task.created_at, task.updated_at);
    assert_eq!(task.locations[0].project_id, Some(4.into()));
    assert_eq!(task.custom_fields[0].value, None);
    assert_eq!(task.custom_fields[1].value, Some(CustomFieldContent::Unknown(json!({"x": 1}))));
    assert_eq!(task.custom_fields[2].value, Some(CustomFieldContent::Text("hi".to_owned())));
    Ok(())
}

#[tokio::test]
async fn an_upload_may_answer_one_attachment_or_a_list() -> Result<()> {
    let one = json!({"id": "a", "name": "x", "url": "https://example.com/x"});
    for data in [one.clone(), json!([one])] {
        let (_server, weeek) = json_answer(json!({"success": true, "data": data})).await;
        assert_eq!(weeek.attachments().get("a").await?.id.as_str(), "a");
        let file = weeek_generated::Upload::bytes("x", "y");
        assert_eq!(weeek.tasks().upload_attachments(1, [file]).await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn errors_answer_questions_whatever_their_shape() {
    let invalid = json!({"success": false, "errors": {"tags.0": ["bad tag"], "x": "alone"}});
    let (_server, weeek) = answering(ResponseTemplate::new(422).set_body_json(invalid)).await;
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert!(error.is_validation() && error.is_refused());
    assert_eq!(error.field_errors()["tags.0"], ["bad tag"]);
    assert_eq!(error.field_errors()["x"], ["alone"]);

    let (_server, weeek) = json_answer(json!({"success": false, "reason": "limit"})).await;
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert!(error.is_refused());
    assert_eq!((error.status().unwrap().as_u16(), error.message()), (200, Some("limit")));

    for body in ["<html>gone</html>", "", "{\"message\":\"Record not found\"}"] {
        let (_server, weeek) = answering(ResponseTemplate::new(404).set_body_string(body)).await;
        let error = weeek.tasks().delete(1).await.unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.body(), body.as_bytes());
    }

    let body = json!({"success": false, "code": "2000000", "message": "Unauthenticated."});
    let (_server, weeek) = answering(ResponseTemplate::new(401).set_body_json(body)).await;
    let error = weeek.user().get().await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(error.code(), Some(2_000_000));
}

#[tokio::test]
async fn a_decode_error_names_its_place_and_keeps_the_body() {
    let (_server, weeek) = json_answer(json!({"success": true, "tasks": [{"id": 1}, {"title": "no id"}]})).await;
    let error = weeek.tasks().list(ListTasks::new()).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.operation().unwrap().id(), "tasks.list");
    let message = error.message().unwrap();
    assert!(message.contains("tasks[1]") && message.contains("missing field `id`"), "{message}");
    assert!(error.body().starts_with(b"{"));
}

#[tokio::test]
async fn only_what_is_harmless_is_repeated() {
    let (server, weeek) = answering(ResponseTemplate::new(503)).await;
    assert!(weeek.tasks().get(1).await.unwrap_err().is_server_error());
    assert_eq!(attempts(&server).await, 3);

    let (server, weeek) = answering(ResponseTemplate::new(503)).await;
    weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    assert_eq!(attempts(&server).await, 1, "a POST may have arrived");

    let (server, weeek) = answering(ResponseTemplate::new(503)).await;
    weeek.tasks().add_assignees(1, ["a"]).await.unwrap_err();
    assert_eq!(attempts(&server).await, 3, "assigning twice changes nothing");

    let (server, weeek) = answering(ResponseTemplate::new(429).insert_header("Retry-After", "0")).await;
    let error = weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((attempts(&server).await, error.retry_after()), (3, Some(Duration::ZERO)));

    let (server, weeek) = answering(ResponseTemplate::new(429).insert_header("Retry-After", "3600")).await;
    weeek.tasks().get(1).await.unwrap_err();
    assert_eq!(attempts(&server).await, 1, "an hour is longer than the policy waits");
}

#[tokio::test]
async fn a_refused_connection_and_a_timeout_say_so() {
    let weeek = Client::builder("t").base_url("http://127.0.0.1:1").retry(RetryPolicy::never()).build().unwrap();
    assert!(weeek.user().get().await.unwrap_err().is_connect());

    let (_server, weeek) = answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    let call = weeek.tasks().create(CreateTask::new()).timeout(Duration::from_millis(50));
    assert!(call.await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_list_ends_on_an_empty_page_and_never_loops() {
    let (server, weeek) = json_answer(json!({"tasks": [], "hasMore": true})).await;
    let rows: Vec<Task> = weeek.tasks().list_all(ListTasks::new()).try_collect().await.unwrap();
    assert_eq!((rows.len(), attempts(&server).await), (0, 1));

    let (server, weeek) = json_answer(json!({"tasks": [{"id": 1}], "hasMore": true})).await;
    let rows: Result<Vec<Task>> = weeek.tasks().list_all(ListTasks::new()).try_collect().await;
    assert!(rows.unwrap_err().to_string().contains("two pages in a row alike"));
    assert_eq!(attempts(&server).await, 2);
}

#[tokio::test]
async fn pages_are_asked_for_by_rows_seen() {
    let server = MockServer::start().await;
    let page = |request: &Request| {
        let pairs: std::collections::HashMap<_, _> = request.url.query_pairs().into_owned().collect();
        let (offset, limit): (usize, usize) = (pairs["offset"].parse().unwrap(), pairs["perPage"].parse().unwrap());
        let rows: Vec<_> = (offset..7.min(offset + limit)).map(|id| json!({"id": id + 1})).collect();
        ResponseTemplate::new(200).set_body_json(json!({"tasks": rows, "hasMore": offset + limit < 7}))
    };
    Mock::given(any()).respond_with(page).mount(&server).await;
    let rows = client(&server).tasks().list_all(ListTasks::new().per_page(3).offset(1));
    let ids: Vec<i64> = rows.map_ok(|task| task.id.get()).try_collect().await.unwrap();
    assert_eq!(ids, [2, 3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn an_id_never_changes_the_path() {
    let (server, weeek) = json_answer(json!({"deal": {"id": "x"}})).await;
    for id in ["", ".", ".."] {
        assert!(weeek.deals().get(id).await.unwrap_err().is_request());
    }
    assert_eq!(attempts(&server).await, 0);
    for id in ["a/b", "../x", "a?b=c", "a#b", "%2e%2e", "ä b", "a\\b"] {
        weeek.deals().get(id).await.unwrap();
        let request = server.received_requests().await.unwrap().pop().unwrap();
        let segments: Vec<_> = request.url.path_segments().unwrap().collect();
        assert_eq!(segments.len(), 3, "{id}: {}", request.url);
        assert_eq!(request.url.query(), None);
    }
}

#[tokio::test]
async fn a_call_can_be_looked_at_and_changed_before_it_is_sent() {
    let (server, weeek) = json_answer(json!({"task": {"id": 1}})).await;
    let call = weeek.tasks().update(1, UpdateTask::new().title("x")).header("X-Trace", "7");
    assert_eq!((call.request().path(), call.request().json()), ("/tm/tasks/1", Some(&br#"{"title":"x"}"#[..])));
    assert_eq!(attempts(&server).await, 0);
    let response = call.with_response().await.unwrap();
    assert_eq!((response.status.as_u16(), response.value.id), (200, 1.into()));
    assert_eq!(server.received_requests().await.unwrap()[0].headers["x-trace"], "7");
}

#[tokio::test]
async fn the_token_is_never_shown() {
    let (_server, weeek) = answering(ResponseTemplate::new(500).set_body_string("oops")).await;
    let error = weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    let call = weeek.tasks().get(1);
    for text in [format!("{weeek:?}"), format!("{error:?} {error}"), format!("{call:?} {:?}", call.request())] {
        assert!(!text.contains("secret-token"), "{text}");
    }
    let error = Client::builder("secret-token\n!").build().unwrap_err();
    assert!(!format!("{error:?}").contains("secret-token"));
}

#[test]
fn the_token_needs_https_except_on_loopback() {
    let build = |base: &str| Client::builder("t").base_url(base).build();
    for refused in [
        "http://example.com",
        "ftp://localhost",
        "nonsense",
        "https://user@example.com",
        "http://127.0.0.1.example.com",
    ] {
        assert!(build(refused).is_err(), "{refused}");
    }
    for accepted in ["https://example.com/v1/", "http://localhost:8080", "http://[::1]:1"] {
        assert!(build(accepted).is_ok(), "{accepted}");
    }
    assert!(Client::builder(" ").build().is_err());
}

#[test]
fn clients_calls_and_errors_cross_threads() {
    fn check<T: Send + Sync>() {}
    check::<Client>();
    check::<weeek_generated::Error>();
    check::<weeek_generated::Call<Task>>();
}

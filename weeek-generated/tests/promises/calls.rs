//! A call is sent when it is awaited. Before, it can be inspected and changed.

use futures_util::StreamExt as _;

use super::*;

#[tokio::test]
async fn a_call_can_be_inspected_and_changed_before_it_is_sent() {
    let (api, weeek) = mock_json(json!({"task": {"id": 1}}));
    let call = weeek.tasks().update(1, UpdateTask::new().title("x")).header("X-Trace", "7");
    assert_eq!((call.request().path(), call.request().json_body()), ("/tm/tasks/1", Some(&br#"{"title":"x"}"#[..])));
    assert!(api.requests().is_empty());
    let response = call.with_response().await.unwrap();
    assert_eq!((response.status.as_u16(), response.value.id), (200, 1.into()));
    assert_eq!(api.requests()[0].headers["x-trace"], "7");
}

#[tokio::test]
async fn what_this_version_does_not_know_can_be_sent() {
    let (api, weeek) = mock_json(json!({"task": {"id": 1}}));
    let list = weeek.tasks().list(ListTasks::new().limit(5).tags([1])).query_param("limit", 7).query_param("tags[]", 2);
    assert_eq!(list.request().query(), "tags[]=1&perPage=5&limit=7&tags[]=2");
    assert_eq!(list.query_param("perPage", 6).request().query(), "tags[]=1&limit=7&tags[]=2&perPage=6");

    let amounts = UpdateDeal::new().amount(12_345_678.9).title("x");
    let deal = weeek.deals().update("d", amounts).property("title", "y").property("new", json!({"a": [1.5]}));
    let body = str::from_utf8(deal.request().json_body().unwrap()).unwrap();
    assert_eq!(body, r#"{"amount":12345678.9,"new":{"a":[1.5]},"title":"y"}"#);

    weeek.tasks().update(1, UpdateTask::new()).property("newField", 1).await.unwrap();
    weeek.tasks().complete(1).property("newField", 1).with_response().await.unwrap();
    let requests = api.requests();
    assert!(requests.iter().all(|request| request.json() == json!({"newField": 1})), "{requests:?}");
    for (error, text) in [
        (weeek.tasks().get(1).property("x", 1).await.unwrap_err(), "cannot set x: the body is not a JSON object"),
        (weeek.tasks().update(1, UpdateTask::new()).await.unwrap_err(), "the change is empty"),
    ] {
        assert!(error.is_builder() && error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn a_call_is_a_future() {
    let (_, weeek) = mock_json(json!({"task": {"id": 1}}));
    let spawned = tokio::spawn(weeek.tasks().get(1).send());
    let joined = futures_util::future::join_all([1, 2].map(|id| weeek.tasks().get(id).send())).await;
    let chunks = futures_util::stream::iter(1..5).map(|id| weeek.tasks().get(id).send());
    let streamed: Vec<Task> = chunks.buffer_unordered(2).try_collect().await.unwrap();
    assert!(spawned.await.unwrap().is_ok() && joined.iter().all(Result::is_ok));
    assert_eq!(streamed.len(), 4);
}

#[test]
fn clients_calls_and_errors_are_send_and_sync() {
    fn check<T: Send + Sync>() {}
    fn check_future<T: Send + Unpin + 'static>() {}
    check_future::<weeek_generated::CallFuture<Task>>();
    check_future::<weeek_generated::Items<Task>>();
    check::<Client>();
    check::<weeek_generated::Error>();
    check::<weeek_generated::Call<Task>>();
}

//! Streams over pages.

use std::collections::HashMap;

use super::*;

#[tokio::test]
async fn a_list_ends_on_an_empty_page_and_never_loops() {
    let (server, weeek) = json_answer(json!({"tasks": [], "hasMore": true})).await;
    let rows: Vec<Task> = weeek.tasks().list_all(ListTasks::new()).try_collect().await.unwrap();
    assert_eq!((rows.len(), attempts(&server).await), (0, 1));

    let (server, weeek) = json_answer(json!({"tasks": [{"id": 1}], "hasMore": true})).await;
    let rows: Result<Vec<Task>> = weeek.tasks().list_all(ListTasks::new()).try_collect().await;
    let error = rows.unwrap_err();
    assert!(error.is_pagination() && !error.is_builder() && error.may_have_been_received(), "{error}");
    assert_eq!(attempts(&server).await, 2);
}

/// A server of task pages by the number of the request, and what a stream over them yields.
async fn stream(page: impl Fn(usize) -> Value + Send + Sync + 'static) -> (Vec<Result<i64>>, usize) {
    let (server, count) = (MockServer::start().await, std::sync::atomic::AtomicUsize::new(0));
    let respond = move |_: &Request| {
        let at = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        ResponseTemplate::new(200).set_body_json(page(at))
    };
    Mock::given(any()).respond_with(respond).mount(&server).await;
    let mut items = client(&server).tasks().list_all(ListTasks::new());
    let mut yielded = Vec::new();
    while let Some(item) = futures_util::StreamExt::next(&mut items).await {
        yielded.push(item.map(|task| task.id.as_i64()));
    }
    (yielded, attempts(&server).await)
}

#[tokio::test]
async fn a_server_that_ignores_the_offset_never_loops() {
    let at_once = |at: usize| json!({"tasks": [{"id": 1}, {"id": 2}], "hasMore": true, "time": at});
    let in_turn =
        |at: usize| json!({"tasks": [{"id": at % 2}], "hasMore": true, "url": format!("https://x/?sig={at}")});
    for (yielded, requests, expected) in
        [(stream(at_once).await, 2, 2), (stream(in_turn).await, 3, 2)].map(|((a, b), c, d)| (a, (b, c), d))
    {
        assert_eq!(requests.0, requests.1);
        assert_eq!(yielded.iter().filter(|item| item.is_ok()).count(), expected);
        assert!(yielded.last().unwrap().as_ref().unwrap_err().is_pagination());
    }
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_an_error_and_the_stream_goes_on() {
    let page = |at: usize| match at {
        0 => json!({"tasks": [{"id": 1}, {"title": "lost"}, {"id": 3}], "hasMore": true}),
        1 => json!({"tasks": [null, null], "hasMore": true}),
        _ => json!({"tasks": [{"id": 6}], "hasMore": false}),
    };
    let (yielded, requests) = stream(page).await;
    assert_eq!(requests, 3);
    let ids: Vec<_> = yielded.iter().filter_map(|item| item.as_ref().ok()).collect();
    assert_eq!(ids, [&1, &3, &6]);
    let errors: Vec<_> = yielded.iter().filter_map(|item| item.as_ref().err()).collect();
    assert_eq!(
        (errors.len(), errors[0].json_path(), errors[0].body()),
        (1, Some("tasks[1]"), &br#"{"title":"lost"}"#[..])
    );
}

#[tokio::test]
async fn the_next_page_starts_after_what_was_sent() {
    let server = MockServer::start().await;
    let page = |request: &Request| {
        let pairs: HashMap<_, _> = request.url.query_pairs().into_owned().collect();
        let offset: i64 = pairs["offset"].parse().unwrap();
        let items = json!([{"id": offset}, null, {"id": offset + 2}]);
        ResponseTemplate::new(200).set_body_json(json!({"tasks": items, "hasMore": offset < 6}))
    };
    Mock::given(any()).respond_with(page).mount(&server).await;
    let tasks: Vec<Task> = client(&server).tasks().list_all(ListTasks::new()).try_collect().await.unwrap();
    assert_eq!(tasks.iter().map(|task| task.id.as_i64()).collect::<Vec<_>>(), [0, 2, 3, 5, 6, 8]);
}

#[tokio::test]
async fn pages_are_asked_for_by_rows_seen() {
    let server = MockServer::start().await;
    let page = |request: &Request| {
        let pairs: HashMap<_, _> = request.url.query_pairs().into_owned().collect();
        let (offset, limit): (usize, usize) = (pairs["offset"].parse().unwrap(), pairs["perPage"].parse().unwrap());
        let rows: Vec<_> = (offset..7.min(offset + limit)).map(|id| json!({"id": id + 1})).collect();
        ResponseTemplate::new(200).set_body_json(json!({"tasks": rows, "hasMore": offset + limit < 7}))
    };
    Mock::given(any()).respond_with(page).mount(&server).await;
    let rows = client(&server).tasks().list_all(ListTasks::new().limit(3).offset(1));
    let ids: Vec<i64> = rows.map_ok(|task| task.id.as_i64()).try_collect().await.unwrap();
    assert_eq!(ids, [2, 3, 4, 5, 6, 7]);
}

/// Items one to `count`, in pages no longer than `most`, without a flag.
async fn contacts(count: usize, most: usize) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let page = move |request: &Request| {
        let pairs: HashMap<_, _> = request.url.query_pairs().into_owned().collect();
        let (offset, limit): (usize, usize) = (pairs["offset"].parse().unwrap(), pairs["limit"].parse().unwrap());
        let rows: Vec<_> =
            (offset..count.min(offset + limit.min(most))).map(|id| json!({"id": id.to_string()})).collect();
        ResponseTemplate::new(200).set_body_json(json!({"success": true, "contacts": rows}))
    };
    Mock::given(any()).respond_with(page).mount(&server).await;
    let client = client(&server);
    (server, client)
}

#[tokio::test]
async fn a_server_that_cuts_pages_short_loses_no_row() {
    let (server, weeek) = contacts(7, 3).await;
    let rows: Vec<_> = weeek.contacts().list_all(ListContacts::new().limit(5)).try_collect().await.unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.id.as_str().to_owned()).collect();
    assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6"]);
    assert_eq!(attempts(&server).await, 4, "three pages and the empty one");
}

#[tokio::test]
async fn a_server_that_ignores_the_offset_of_a_short_list_ends_it() {
    let (server, weeek) = json_answer(json!({"contacts": [{"id": "a"}, {"id": "b"}]})).await;
    let rows: Vec<_> = weeek.contacts().list_all(ListContacts::new()).try_collect().await.unwrap();
    assert_eq!((rows.len(), attempts(&server).await), (2, 2));
}

#[tokio::test]
async fn rows_come_page_by_page_where_wanted() {
    let (_server, weeek) = contacts(5, 2).await;
    let pages: Vec<_> = weeek.contacts().list_all(ListContacts::new()).into_pages().try_collect().await.unwrap();
    let lengths: Vec<_> = pages.iter().map(|page| page.items.len()).collect();
    assert_eq!(lengths, [2, 2, 1, 0]);
}

#[tokio::test]
async fn nothing_is_fetched_before_it_is_needed_nor_after_the_stream_is_dropped() {
    let (server, weeek) = contacts(100, 2).await;
    let mut rows = weeek.contacts().list_all(ListContacts::new());
    assert_eq!(attempts(&server).await, 0);
    for _ in 0..2 {
        rows.try_next().await.unwrap().unwrap();
    }
    assert_eq!(attempts(&server).await, 1);
    rows.try_next().await.unwrap().unwrap();
    drop(rows);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(attempts(&server).await, 2);
}

#[tokio::test]
async fn an_error_is_told_once_and_ends_the_stream() {
    let (server, weeek) = answering(ResponseTemplate::new(403)).await;
    let mut rows = weeek.tasks().list_all(ListTasks::new());
    assert!(rows.try_next().await.unwrap_err().is_forbidden());
    assert!(rows.try_next().await.unwrap().is_none());
    assert_eq!(attempts(&server).await, 1);
}

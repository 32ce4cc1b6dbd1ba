//! Streams of the items of all pages.

use futures_util::FutureExt;
use weeek_generated::{Page, Response};

use super::*;

#[tokio::test]
async fn an_empty_page_ends_a_list() {
    let (api, weeek) = mock_json(json!({"tasks": [], "hasMore": true}));
    let items: Vec<Task> = weeek.tasks().list_all(ListTasks::new()).try_collect().await.unwrap();
    assert_eq!((items.len(), api.requests().len()), (0, 1));
}

/// Streams tasks from a server that sends `page(n)` to request `n`. Returns what the stream yields and the number of requests.
async fn stream(page: impl Fn(usize) -> Value + Send + Sync + 'static) -> (Vec<Result<i64>>, usize) {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let (api, weeek) = mock(move |_| Reply::json(page(count.fetch_add(1, std::sync::atomic::Ordering::SeqCst))));
    let mut items = weeek.tasks().list_all(ListTasks::new());
    let mut yielded = Vec::new();
    while let Some(item) = futures_util::StreamExt::next(&mut items).await {
        yielded.push(item.map(|task| task.id.as_i64()));
    }
    (yielded, api.requests().len())
}

#[tokio::test]
async fn a_server_that_ignores_the_offset_causes_an_error_and_no_loop() {
    let at_once = |at: usize| json!({"tasks": [{"id": 1}, {"id": 2}], "hasMore": true, "time": at});
    let in_turn =
        |at: usize| json!({"tasks": [{"id": at % 2}], "hasMore": true, "url": format!("https://x/?sig={at}")});
    for ((yielded, requests), expected) in [(stream(at_once).await, 2), (stream(in_turn).await, 3)] {
        assert_eq!(requests, expected);
        assert_eq!(yielded.iter().filter(|item| item.is_ok()).count(), 2);
        let error = yielded.last().unwrap().as_ref().unwrap_err();
        assert!(error.is_pagination() && !error.is_builder() && error.may_have_been_received(), "{error}");
    }
}

#[tokio::test]
async fn an_undecodable_item_is_an_error_and_the_stream_continues() {
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
async fn the_next_offset_counts_null_items() {
    let (_, weeek) = mock(|request| {
        let offset = number(request, "offset").unwrap();
        let items = json!([{"id": offset}, null, {"id": offset + 2}]);
        Reply::json(json!({"tasks": items, "hasMore": offset < 6}))
    });
    let tasks: Vec<Task> = weeek.tasks().list_all(ListTasks::new()).try_collect().await.unwrap();
    assert_eq!(tasks.iter().map(|task| task.id.as_i64()).collect::<Vec<_>>(), [0, 2, 3, 5, 6, 8]);
    let page = weeek.tasks().list(ListTasks::new().offset(0)).await.unwrap();
    assert_eq!((page.len(), page.sent), (2, 3));
}

#[tokio::test]
async fn the_next_offset_adds_the_items_received() {
    let (_, weeek) = mock(|request| {
        let (offset, limit) = (number(request, "offset").unwrap(), number(request, "perPage").unwrap());
        let items: Vec<_> = (offset..7.min(offset + limit)).map(|id| json!({"id": id + 1})).collect();
        Reply::json(json!({"tasks": items, "hasMore": offset + limit < 7}))
    });
    let items = weeek.tasks().list_all(ListTasks::new().limit(3).offset(1));
    let ids: Vec<i64> = items.map_ok(|task| task.id.as_i64()).try_collect().await.unwrap();
    assert_eq!(ids, [2, 3, 4, 5, 6, 7]);
}

/// A stand-in with `count` contacts that sends at most `max` on a page, and no `hasMore`.
fn contacts(count: usize, max: usize) -> (MockApi, Client) {
    mock(move |request| {
        let (offset, limit) = (number(request, "offset").unwrap(), number(request, "limit").unwrap());
        let contacts: Vec<_> =
            (offset..count.min(offset + limit.min(max))).map(|id| json!({"id": id.to_string()})).collect();
        Reply::json(json!({"success": true, "contacts": contacts})).delay(Duration::from_millis(1))
    })
}

#[tokio::test]
async fn pages_shorter_than_the_limit_lose_no_item() {
    let (api, weeek) = contacts(7, 3);
    let contacts: Vec<_> = weeek.contacts().list_all(ListContacts::new().limit(5)).try_collect().await.unwrap();
    let ids: Vec<_> = contacts.iter().map(|contact| contact.id.as_str().to_owned()).collect();
    assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6"]);
    assert_eq!(api.requests().len(), 4, "three pages and the empty one");
}

#[tokio::test]
async fn a_repeated_page_ends_a_list_without_has_more() {
    let (api, weeek) = mock_json(json!({"contacts": [{"id": "a"}, {"id": "b"}]}));
    let items: Vec<_> = weeek.contacts().list_all(ListContacts::new()).try_collect().await.unwrap();
    assert_eq!((items.len(), api.requests().len()), (2, 2));
}

#[tokio::test]
async fn items_can_be_streamed_page_by_page() {
    let (_, weeek) = contacts(5, 2);
    let pages: Vec<_> = weeek.contacts().list_all(ListContacts::new()).into_pages().try_collect().await.unwrap();
    let lengths: Vec<_> = pages.iter().map(|page| page.items.len()).collect();
    assert_eq!(lengths, [2, 2, 1, 0]);
}

#[tokio::test]
async fn pages_have_their_responses_beside_them() {
    let (_, weeek) = contacts(3, 2);
    let list = || weeek.contacts().list_all(ListContacts::new()).into_pages();
    let pages: Vec<Response<Page<Contact>>> = list().with_response().try_collect().await.unwrap();
    let bodies = [json!([{"id": "0"}, {"id": "1"}]), json!([{"id": "2"}]), json!([])];
    let plain: Vec<Page<Contact>> = list().try_collect().await.unwrap();
    assert_eq!((pages.len(), plain.len()), (3, 3));
    for ((page, plain), contacts) in pages.iter().zip(&plain).zip(bodies) {
        assert_eq!((&page.value, page.status.as_u16()), (plain, 200));
        assert_eq!(page.headers["content-type"], "application/json");
        let body: serde_json::Value = serde_json::from_slice(&page.raw_body).unwrap();
        assert_eq!(body, json!({"success": true, "contacts": contacts}));
    }

    // A page that was requested without its response is requested again, and none is left out.
    let mut half = list();
    assert!(half.next().now_or_never().is_none());
    let page = half.with_response().next().await.unwrap().unwrap();
    assert_eq!(page.value, plain[0]);

    let (_, weeek) = mock_json(json!({"success": false, "message": "no"}));
    let mut pages = weeek.contacts().list_all(ListContacts::new()).into_pages().with_response();
    assert!(pages.try_next().await.unwrap_err().is_api_error());
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn pages_are_fetched_on_demand() {
    let (api, weeek) = contacts(100, 2);
    let mut items = weeek.contacts().list_all(ListContacts::new());
    assert_eq!(api.requests().len(), 0);
    for _ in 0..2 {
        items.try_next().await.unwrap().unwrap();
    }
    assert_eq!(api.requests().len(), 1);
    items.try_next().await.unwrap().unwrap();
    drop(items);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(api.requests().len(), 2);
}

#[tokio::test]
async fn an_error_ends_the_stream() {
    let (api, weeek) = mock(|_| Reply::error(403));
    let mut items = weeek.tasks().list_all(ListTasks::new());
    assert!(items.try_next().await.unwrap_err().is_forbidden());
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(api.requests().len(), 1);
}

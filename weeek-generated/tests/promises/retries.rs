//! Timeouts and retries.

use std::sync::Mutex;
use std::time::Instant;

use futures_util::{StreamExt as _, stream};

use super::*;

#[tokio::test]
async fn a_post_is_not_retried_once_it_may_have_been_received() {
    let (server, weeek) = serve(ResponseTemplate::new(503)).await;
    assert!(weeek.tasks().get(1).await.unwrap_err().is_server_error());
    assert_eq!(attempts(&server).await, 3);

    let (server, weeek) = serve(ResponseTemplate::new(503)).await;
    weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    assert_eq!(attempts(&server).await, 1, "the POST may have been received");

    let (server, weeek) = serve(ResponseTemplate::new(503)).await;
    weeek.tasks().add_assignees(1, ["a"]).await.unwrap_err();
    assert_eq!(attempts(&server).await, 3, "adding an assignee is idempotent");

    let (server, weeek) = serve(ResponseTemplate::new(429).insert_header("Retry-After", "3600")).await;
    weeek.tasks().get(1).await.unwrap_err();
    assert_eq!(attempts(&server).await, 1, "an hour is longer than `max_backoff`");
}

#[tokio::test]
async fn refused_connections_and_timeouts_are_distinguished() {
    let weeek = Client::builder("t").base_url("http://127.0.0.1:1").retry(RetryPolicy::never()).build().unwrap();
    let unreachable = weeek.user().get().await.unwrap_err();
    assert!(unreachable.is_connect() && !unreachable.may_have_been_received());
    let text = unreachable.to_string();
    assert!(text.starts_with("user.get: connection failed: 127.0.0.1:1: ") && text.contains("refused"), "{text}");

    let (_server, weeek) = serve(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    let call = weeek.tasks().create(CreateTask::new()).attempt_timeout(Duration::from_millis(50));
    assert!(call.await.unwrap_err().is_timeout());
}

/// A server that allows so many requests in each interval.
async fn limited(requests: usize, interval: Duration, retry_after: Option<&'static str>) -> (MockServer, RetryPolicy) {
    let (server, window) = (MockServer::start().await, Mutex::new((Instant::now(), 0)));
    let respond = move |_: &Request| {
        let mut window = window.lock().unwrap();
        if window.0.elapsed() > interval {
            *window = (Instant::now(), 0);
        }
        window.1 += 1;
        match (window.1 <= requests, retry_after) {
            (true, _) => ResponseTemplate::new(200).set_body_json(json!({"success": true, "task": {"id": 1}})),
            (false, Some(seconds)) => ResponseTemplate::new(429).insert_header("Retry-After", seconds),
            (false, None) => ResponseTemplate::new(429),
        }
    };
    Mock::given(any()).respond_with(respond).mount(&server).await;
    let policy = RetryPolicy::default().initial_backoff(Duration::from_millis(20)).max_backoff(Duration::from_secs(10));
    (server, policy)
}

#[tokio::test]
async fn a_rate_limit_holds_back_all_calls_and_fails_none() {
    for retry_after in [None, Some("0"), Some("1")] {
        let interval = Duration::from_millis(if retry_after == Some("1") { 900 } else { 50 });
        let (server, policy) = limited(5, interval, retry_after).await;
        let weeek = Client::builder("t").base_url(server.uri()).retry(policy).build().unwrap();
        let create = |_| weeek.tasks().create(CreateTask::new()).into_future();
        let results: Vec<Result<Task>> = stream::iter(0..20).map(create).buffer_unordered(8).collect().await;
        let failed: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
        assert!(failed.is_empty(), "{failed:?}");
        let requests = attempts(&server).await;
        assert!(requests < 80, "{requests} requests for 20 calls");
    }
}

#[tokio::test]
async fn a_call_is_held_back_by_another_no_longer_than_max_backoff() {
    let server = MockServer::start().await;
    let limited = ResponseTemplate::new(429).insert_header("Retry-After", "60");
    Mock::given(any()).respond_with(limited).up_to_n_times(1).mount(&server).await;
    let task = ResponseTemplate::new(200).set_body_json(json!({"success": true, "task": {"id": 1}}));
    Mock::given(any()).respond_with(task).mount(&server).await;
    let weeek = Client::builder("t").base_url(server.uri()).build().unwrap();
    let held_back = tokio::spawn(weeek.tasks().get(1).into_future());
    while attempts(&server).await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let impatient = RetryPolicy::default().max_backoff(Duration::from_millis(300));
    let start = Instant::now();
    weeek.tasks().get(1).retry(impatient).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(300) && !held_back.is_finished());
    held_back.abort();
}

#[tokio::test]
async fn a_call_waits_for_a_rate_limit_no_longer_than_max_backoff() {
    let (server, policy) = limited(0, Duration::from_secs(60), None).await;
    let policy = policy.initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_millis(100));
    let weeek = Client::builder("t").base_url(server.uri()).retry(policy).build().unwrap();
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert!(error.is_rate_limited() && error.attempts() > 3, "{error}, {} attempts", error.attempts());
    assert_eq!(attempts(&server).await, error.attempts() as usize);
    let error = weeek.tasks().get(1).retry(RetryPolicy::never()).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_call_can_override_the_retry_policy() {
    let (server, weeek) = serve(ResponseTemplate::new(503)).await;
    weeek.tasks().get(1).retry(RetryPolicy::never()).await.unwrap_err();
    assert_eq!(attempts(&server).await, 1);
    let policy = RetryPolicy::default().max_attempts(5).initial_backoff(Duration::from_millis(1));
    weeek.tasks().get(1).retry(policy).await.unwrap_err();
    assert_eq!(attempts(&server).await, 6);
}

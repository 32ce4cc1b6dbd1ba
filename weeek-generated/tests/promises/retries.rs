//! Timeouts and retries.

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

    let (server, weeek) = serve(ResponseTemplate::new(429).insert_header("Retry-After", "0")).await;
    let error = weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((attempts(&server).await, error.retry_after()), (3, Some(Duration::ZERO)));

    let (server, weeek) = serve(ResponseTemplate::new(429).insert_header("Retry-After", "3600")).await;
    weeek.tasks().get(1).await.unwrap_err();
    assert_eq!(attempts(&server).await, 1, "an hour is longer than `max_backoff`");
}

#[tokio::test]
async fn refused_connections_and_timeouts_are_distinguished() {
    let weeek = Client::builder("t").base_url("http://127.0.0.1:1").retry(RetryPolicy::never()).build().unwrap();
    let refused = weeek.user().get().await.unwrap_err();
    assert!(refused.is_connect() && !refused.may_have_been_received());
    let text = refused.to_string();
    assert!(text.starts_with("user.get: connection failed: 127.0.0.1:1: ") && text.contains("refused"), "{text}");

    let (_server, weeek) = serve(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    let call = weeek.tasks().create(CreateTask::new()).attempt_timeout(Duration::from_millis(50));
    assert!(call.await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn retry_after_may_be_a_date() {
    let past = "Wed, 21 Oct 2015 07:28:00 GMT";
    let (server, weeek) = serve(ResponseTemplate::new(429).insert_header("Retry-After", past)).await;
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert_eq!((attempts(&server).await, error.retry_after()), (3, Some(Duration::ZERO)));
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

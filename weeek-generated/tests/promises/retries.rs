//! Timeouts and retries.

use tokio::time::Instant;

use super::*;

#[tokio::test]
async fn a_post_is_retried_only_if_it_is_idempotent() {
    let (api, weeek) = mock(|_| Reply::error(503));
    weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    assert_eq!(api.requests().len(), 1, "the POST may have been received");
    assert_eq!(weeek.tasks().add_assignees(1, ["a"]).await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn refused_connections_and_timeouts_are_distinguished() {
    let weeek = Client::builder("t").base_url("http://127.0.0.1:1").retry(RetryPolicy::never()).build().unwrap();
    let unreachable = weeek.user().get().await.unwrap_err();
    assert!(unreachable.is_connect() && !unreachable.may_have_been_received());
    let text = unreachable.to_string();
    assert!(text.starts_with("user.get: connection failed: 127.0.0.1:1: ") && text.contains("refused"), "{text}");

    let (_, weeek) = mock(|_| Reply::example().delay(Duration::from_secs(30)));
    let call = weeek.tasks().create(CreateTask::new()).attempt_timeout(Duration::from_millis(50));
    assert!(call.await.unwrap_err().is_timeout());
}

#[tokio::test(start_paused = true)]
async fn a_call_is_held_back_by_another_no_longer_than_max_backoff() {
    let api = MockApi::new();
    api.on("tasks.get").reply_in_turn([Reply::error(429).header("Retry-After", "60")]);
    let weeek = api.client();
    let held_back = tokio::spawn(weeek.tasks().get(1).send());
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(api.requests().len(), 1);
    let impatient = RetryPolicy::default().max_backoff(Duration::from_millis(300));
    let start = Instant::now();
    weeek.tasks().get(1).retry(impatient).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(300) && !held_back.is_finished());
    held_back.abort();
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_not_repeated_holds_back_the_others() {
    let (default, never) = (RetryPolicy::default(), RetryPolicy::never());
    for (status, retry_after, policy, held_back) in [
        (503, "30", &default, 30),
        (503, "30", &never, 30),
        (429, "30", &never, 30),
        (503, "60", &default, 60),
        (503, "61", &default, 0),
        (503, "soon", &default, 0),
        (502, "30", &default, 0),
    ] {
        let api = MockApi::new();
        api.on("tasks.create").reply(Reply::error(status).header("Retry-After", retry_after));
        let weeek = api.client();
        weeek.tasks().create(CreateTask::new()).retry(policy.clone()).await.unwrap_err();
        let start = Instant::now();
        weeek.clone().tasks().get(1).await.unwrap();
        let waited = start.elapsed().as_secs();
        assert!((held_back..=held_back + 1).contains(&waited), "{status} {retry_after}: {waited} s");
        assert_eq!(api.requests().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_a_rate_limit_no_longer_than_max_backoff() {
    let (api, weeek) = mock(|_| Reply::error(429));
    let policy =
        RetryPolicy::default().initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_millis(100));
    let error = weeek.tasks().get(1).retry(policy).await.unwrap_err();
    assert!(error.is_rate_limited() && error.attempts() > 3, "{error}, {} attempts", error.attempts());
    assert_eq!(api.requests().len(), error.attempts() as usize);
    let error = weeek.tasks().get(1).retry(RetryPolicy::never()).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    let hasty = RetryPolicy::default().initial_backoff(Duration::ZERO);
    assert_eq!(weeek.tasks().get(1).retry(hasty).await.unwrap_err().attempts(), 11);
}

#[tokio::test]
async fn a_response_that_is_an_error_counts_its_attempts() {
    for body in [json!({"success": false}), json!({"success": true})] {
        let api = MockApi::new();
        api.on("tasks.get").reply_in_turn([Reply::error(503), Reply::json(body)]);
        let policy = RetryPolicy::default().initial_backoff(Duration::from_millis(1));
        let error = api.client().tasks().get(1).retry(policy).await.unwrap_err();
        assert!(error.attempts() == 2 && error.to_string().ends_with("(2 attempts)"), "{error}");
    }
}

#[tokio::test]
async fn a_call_can_override_the_retry_policy() {
    let (api, weeek) = mock(|_| Reply::error(503));
    weeek.tasks().get(1).retry(RetryPolicy::never()).await.unwrap_err();
    assert_eq!(api.requests().len(), 1);
    let policy = RetryPolicy::default().max_attempts(5).initial_backoff(Duration::from_millis(1));
    weeek.tasks().get(1).retry(policy).await.unwrap_err();
    assert_eq!(api.requests().len(), 6);
}

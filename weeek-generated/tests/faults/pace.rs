//! The limits of a client: rate, concurrency and retries, shared by its clones.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;
use weeek_generated::models::*;
use weeek_generated::testing::{MockApi, RecordedRequest, Reply};
use weeek_generated::{CallFuture, ClientBuilder, Result};

use super::*;

/// A stand-in that makes these replies to every request.
fn mock(reply: impl Fn() -> Reply + Send + Sync + 'static) -> MockApi {
    let api = MockApi::new();
    api.on_request(|_| true).reply_with(move |_| reply());
    api
}

/// Starts a call, so that it takes its place among those that wait.
async fn start<T>(mut call: CallFuture<T>) -> CallFuture<T> {
    let is_done = futures_util::poll!(&mut call).is_ready();
    assert!(!is_done);
    call
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_kept_by_all_clones_in_the_order_of_the_calls() {
    let api = mock(|| Reply::example().delay(millis(1)));
    let weeek = api.builder().max_requests_per_second(50).build().unwrap();
    let begin = Instant::now();
    let mut calls = Vec::new();
    for id in 0..20 {
        calls.push(start(weeek.clone().tasks().get(id).send()).await);
    }
    // A call that is dropped gives its time to the next one.
    drop(calls.drain(5..10));
    assert!(join_all(calls).await.iter().all(Result::is_ok));
    let elapsed = begin.elapsed();
    assert!(elapsed >= millis(14 * 20) && elapsed < millis(20 * 20), "{elapsed:?}");
    let expected = (0..5).chain(10..20).map(|id| format!("/tm/tasks/{id}"));
    assert!(api.requests().iter().map(RecordedRequest::path).eq(expected));
}

#[tokio::test]
async fn no_more_requests_are_on_their_way_than_allowed() {
    let server = Server::start([Behavior::Stall]);
    let weeek = Client::builder("t").base_url(server.url()).max_concurrent_requests(3).build().unwrap();
    let mut calls =
        stream::iter(0..10).then(|id| start(weeek.clone().tasks().get(id).send())).collect::<Vec<_>>().await;
    let seen = |count| {
        let server = &server;
        async move {
            while server.connections() < count {
                tokio::time::sleep(millis(5)).await;
            }
            tokio::time::sleep(millis(50)).await;
            assert_eq!(server.connections(), count);
        }
    };
    let waiting = tokio::spawn(join_all(calls.split_off(3)));
    let running = tokio::spawn(join_all(calls));
    seen(3).await;
    running.abort();
    seen(6).await;
    waiting.abort();
}

/// The body of a loop over `buffer_unordered` calls too, and does not poll the calls of the stream meanwhile.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_not_polled_holds_back_no_other() {
    let api = mock(|| Reply::example().delay(millis(10)));
    let limits: [fn(ClientBuilder) -> ClientBuilder; 2] =
        [|builder| builder.max_concurrent_requests(2), |builder| builder.max_requests_per_second(50)];
    for limit in limits {
        let weeek = limit(api.builder()).build().unwrap();
        let mut tasks = stream::iter(0..8).map(|id| weeek.tasks().get(id).send()).buffer_unordered(4);
        let complete_all = async {
            while let Some(task) = tasks.next().await {
                weeek.tasks().complete(task.unwrap().id).await.unwrap();
            }
        };
        tokio::time::timeout(millis(60_000), complete_all).await.expect("the calls wait for each other");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_gives_back_its_place() {
    let api = mock(|| Reply::example().delay(millis(1)));
    let weeek = api.builder().max_concurrent_requests(1).max_requests_per_second(100).build().unwrap();
    for pauses in 0..12 {
        let mut call = weeek.tasks().get(1).send();
        for pause in 0..pauses {
            if futures_util::poll!(&mut call).is_ready() {
                break;
            }
            if pause % 3 == 2 { tokio::time::sleep(millis(1)).await } else { tokio::task::yield_now().await }
        }
        drop(call);
        weeek.tasks().get(2).timeout(millis(60_000)).await.unwrap();
    }
}

#[tokio::test]
async fn a_limit_that_lets_no_call_pass_is_rejected() {
    let builder = || Client::builder("t");
    for builder in [
        builder().max_requests_per_second(0),
        builder().max_requests_per_second(-1.5),
        builder().max_requests_per_second(f64::NAN),
        builder().max_concurrent_requests(0),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.is_builder() && error.to_string().ends_with("let no call pass"), "{error}");
    }
}

/// 100 calls against a server of five a second, eight at once.
#[tokio::test(start_paused = true)]
async fn the_default_policy_loses_no_call_to_a_rate_limit() {
    for retry_after in [None, Some("0"), Some("1")] {
        let window = std::sync::Mutex::new((Instant::now(), 0));
        let api = mock(move || {
            let mut window = window.lock().unwrap();
            if window.0.elapsed() > millis(1_000) {
                *window = (Instant::now(), 0);
            }
            window.1 += 1;
            match (window.1 <= 5, retry_after) {
                (true, _) => Reply::example(),
                (false, None) => Reply::error(429),
                (false, Some(seconds)) => Reply::error(429).header("Retry-After", seconds),
            }
        });
        let weeek = api.builder().retry(RetryPolicy::default()).build().unwrap();
        let begin = Instant::now();
        let create = |_| weeek.tasks().create(CreateTask::new()).send();
        let results: Vec<Result<Task>> = stream::iter(0..100).map(create).buffer_unordered(8).collect().await;
        let failed: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
        let requests = api.requests().len();
        eprintln!("100 calls, Retry-After {retry_after:?}: {requests} requests in {:?}", begin.elapsed());
        assert!(failed.is_empty(), "{failed:?}");
        assert!(requests > 100 && requests < 200, "{requests} requests");
    }
}

#[tokio::test]
async fn retries_stop_when_the_budget_is_used_up_and_first_attempts_do_not() {
    let is_up = Arc::new(AtomicBool::new(false));
    let up = Arc::clone(&is_up);
    let api = mock(move || if up.load(Ordering::SeqCst) { Reply::example() } else { Reply::error(503) });
    let weeek = api.builder().retry_budget(3).build().unwrap();
    let mut errors = Vec::new();
    for id in 0..4 {
        errors.push(weeek.clone().tasks().get(id).await.unwrap_err());
    }
    assert_eq!(errors.iter().map(weeek_generated::Error::attempts).collect::<Vec<_>>(), [3, 2, 1, 1]);
    assert!(errors[3].to_string().contains("(1 attempt; the client has used up its budget"), "{}", errors[3]);
    is_up.store(true, Ordering::SeqCst);
    for id in 0..5 {
        weeek.tasks().get(id).await.unwrap();
    }
    is_up.store(false, Ordering::SeqCst);
    assert_eq!(weeek.tasks().get(9).await.unwrap_err().attempts(), 2, "five successes pay for a retry");
    assert_eq!(api.requests().len(), 7 + 5 + 2);
}

#[tokio::test]
async fn a_closure_decides_what_is_retried() {
    let api = mock(|| Reply::error(500));
    let policy = RetryPolicy::default().initial_backoff(millis(1)).max_attempts(5);
    let weeek = api.client();
    for (decide, requests) in [
        ((|error, attempt| error.is_server_error() && attempt < 4) as fn(&weeek_generated::Error, u32) -> bool, 4),
        (|_, _| true, 5),
        (|_, _| false, 1),
    ] {
        let before = api.requests().len();
        let error = weeek.tasks().create(CreateTask::new()).retry(policy.clone().retry_if(decide)).await.unwrap_err();
        assert_eq!((error.attempts() as usize, api.requests().len() - before), (requests, requests), "{error}");
    }
}

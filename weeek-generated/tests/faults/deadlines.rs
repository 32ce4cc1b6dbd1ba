//! The timeout of a call bounds all its attempts and every wait.

use std::convert::Infallible;
use std::time::Instant;

use futures_util::{StreamExt as _, stream};
use serde_json::json;
use weeek_generated::models::*;
use weeek_generated::{StatusCode, Upload};

use super::*;

const BUSY: &str =
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const UPLOADED: &str =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 26\r\n\r\n{\"success\":true,\"data\":[]}";

fn respond(text: &str) -> Behavior {
    Behavior::Respond(text.as_bytes().to_vec())
}

#[tokio::test]
async fn a_silent_server_costs_the_timeout_of_the_call() {
    let server = Server::start([Behavior::Stall]);
    for (of_client, attempt_timeout, attempts) in
        [(true, millis(150), 3), (false, millis(150), 3), (true, millis(20_000), 1), (false, millis(20_000), 1)]
    {
        let policy = RetryPolicy::default().initial_backoff(millis(1)).max_attempts(100);
        let builder = Client::builder("t").base_url(server.url()).retry(policy).attempt_timeout(attempt_timeout);
        let builder = if of_client { builder.timeout(millis(400)) } else { builder };
        let call = builder.build().unwrap().tasks().get(1);
        let call = if of_client { call } else { call.timeout(millis(400)) };
        let start = Instant::now();
        let error = call.await.unwrap_err();
        assert!(start.elapsed() >= millis(300) && start.elapsed() < millis(5_000), "{:?}", start.elapsed());
        assert!(error.is_timeout() && error.may_have_been_received() && error.attempts() <= attempts, "{error}");
        assert!(error.to_string().ends_with("; the timeout of the call leaves no time for another)"), "{error}");
    }
}

#[tokio::test]
async fn a_wait_that_would_pass_the_timeout_is_not_begun() {
    let server = Server::start([respond(BUSY)]);
    let weeek = || Client::builder("t").base_url(server.url()).build().unwrap();
    let start = Instant::now();
    let error = weeek().tasks().create(CreateTask::new()).timeout(millis(20_000)).await.unwrap_err();
    assert!(error.is_rate_limited() && !error.is_timeout(), "{error}");
    assert!(error.to_string().ends_with("(1 attempt; the timeout of the call leaves no time for another)"), "{error}");

    // A call with more time waits, and holds back the others.
    let weeek = weeek();
    let patient = tokio::spawn(weeek.tasks().get(1).into_future());
    while server.requests().len() < 2 {
        tokio::time::sleep(millis(5)).await;
    }
    tokio::time::sleep(millis(100)).await;
    let error = weeek.tasks().create(CreateTask::new()).timeout(millis(20_000)).await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_received() && error.attempts() == 0, "{error}");
    assert!(start.elapsed() < millis(20_000) && !patient.is_finished() && server.requests().len() == 2);
    patient.abort();
}

#[tokio::test]
async fn an_upload_is_cut_off_only_by_a_timeout_of_its_own() {
    let server = Server::start([respond(UPLOADED)]);
    let weeek = Client::builder("t").base_url(server.url()).timeout(millis(100)).build().unwrap();
    let upload = || {
        let chunks = stream::iter(0..10).then(|_| async {
            tokio::time::sleep(millis(40)).await;
            Ok::<_, Infallible>("x")
        });
        weeek.tasks().upload_attachments(1, [Upload::stream("x", Box::pin(chunks)).content_length(10)])
    };
    upload().await.unwrap();
    let error = upload().timeout(millis(200)).await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_been_received(), "{error}");
}

#[tokio::test]
async fn a_download_is_cut_off_only_by_a_timeout_of_its_own() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n".to_vec();
    let server = Server::start([Behavior::Drip(head)]);
    let weeek = Client::builder("t").base_url(server.url()).timeout(millis(1500)).build().unwrap();
    let data = json!({"data": {"id": "a", "name": "a", "url": server.url()}}).to_string();
    let attachment = weeek.attachments().get("a").decode(StatusCode::OK, data).unwrap();
    let (files, brief) = (weeek.attachments(), millis(100));
    assert_eq!(files.download(&attachment).await.unwrap().bytes().await.unwrap().len(), 90);
    let error = files.download(&attachment).await.unwrap().timeout(brief).bytes().await.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("longer than its timeout"), "{error}");
}

/// Lets one request at a time pass.
#[tokio::test]
async fn a_timeout_covers_the_wait_for_a_service() {
    let server = Server::start([Behavior::Stall]);
    let service = tower::ServiceBuilder::new().concurrency_limit(1).service(reqwest::Client::new());
    let weeek = Client::builder("t").base_url(server.url()).service(service).build().unwrap();
    let first = tokio::spawn(weeek.tasks().get(1).into_future());
    while server.requests().is_empty() {
        tokio::time::sleep(millis(5)).await;
    }
    let error = weeek.tasks().create(CreateTask::new()).timeout(millis(100)).await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_received() && error.attempts() == 0, "{error}");
    first.abort();
}

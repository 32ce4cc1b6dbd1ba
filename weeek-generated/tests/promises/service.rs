//! An HTTP service of the caller's own: requests of every kind pass through it, timeouts hold, and its errors are classified.

use std::convert::Infallible;
use std::future::{Pending, pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use reqwest::ResponseBuilderExt as _;
use tower::util::BoxCloneService;
use tower::{Service, ServiceBuilder, service_fn};
use weeek_generated::Upload;

use super::*;

const TASK: &str = r#"{"success": true, "task": {"id": 1}}"#;

fn builder() -> weeek_generated::ClientBuilder {
    let quick = RetryPolicy::default().initial_backoff(Duration::from_millis(1));
    Client::builder("secret-token").retry(quick).attempt_timeout(Duration::from_millis(100))
}

fn response(body: impl Into<reqwest::Body>) -> reqwest::Response {
    http::Response::new(body.into()).into()
}

#[tokio::test]
async fn calls_uploads_and_downloads_pass_through_the_service() {
    let (server, _) = serve(Reply::bytes("hello"));
    let file = json!({"id": "a", "name": "a.txt", "url": format!("{}/storage/a.txt", server.url())});
    server.on("tasks.uploadAttachments").reply(Reply::json(json!({"success": true, "data": [file]})));
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let service = ServiceBuilder::new()
        .layer_fn(BoxCloneService::new)
        .concurrency_limit(2)
        .buffer(1)
        .rate_limit(50, Duration::from_millis(1))
        .map_request(move |request: reqwest::Request| {
            counter.fetch_add(1, Ordering::Relaxed);
            request
        })
        .service(reqwest::Client::new());
    let weeek = builder().base_url(server.url()).service(service).build().unwrap();

    let error = weeek.tasks().get(1).await.unwrap_err();
    assert!(error.is_decode() && error.body() == b"hello", "{error}");
    let attachments = weeek.tasks().upload_attachments(7, [Upload::bytes("a.txt", "hello")]).await.unwrap();
    let download = weeek.attachments().download(&attachments[0]).await.unwrap();
    assert_eq!((&*download.bytes().await.unwrap(), count.load(Ordering::Relaxed)), (&b"hello"[..], 3));
    let upload = &server.requests()[1];
    let length: usize = upload.headers["content-length"].to_str().unwrap().parse().unwrap();
    assert_eq!(length, upload.body.len());
    assert!(upload.headers["content-type"].to_str().unwrap().starts_with("multipart/form-data; boundary="));
}

#[tokio::test]
async fn a_failure_of_the_service_counts_as_perhaps_received_unless_it_says_more() {
    let connect_error = reqwest::Client::builder().no_proxy().build().unwrap().get("http://127.0.0.1:1").send();
    let connect_error = Arc::new(std::sync::Mutex::new(Some(connect_error.await.unwrap_err())));
    let weeek = builder().service(service_fn(move |_| {
        ready(match connect_error.lock().unwrap().take() {
            Some(error) => Err(Box::<dyn std::error::Error + Send + Sync>::from(error)),
            None => Ok(response(TASK)),
        })
    }));
    let call = weeek.build().unwrap().tasks().create(CreateTask::new());
    assert_eq!(call.await.unwrap().id, 1, "a POST is sent again if connecting failed");

    let weeek = builder().service(service_fn(|_| ready(Err::<reqwest::Response, _>("too warm")))).build().unwrap();
    let error = weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "tasks.create: HTTP service failed: too warm");
    assert!(error.may_have_been_received() && !error.is_connect() && !error.is_timeout());
    assert_eq!(error.attempts(), 1);
    assert_eq!(weeek.tasks().get(1).await.unwrap_err().attempts(), 3);

    let own = || ready(Err::<reqwest::Response, _>(Client::new("").unwrap_err()));
    let weeek = builder().service(service_fn(move |_| own())).build().unwrap();
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert!(error.is_builder() && error.to_string().starts_with("tasks.get: invalid configuration: "), "{error}");
}

/// A service that is never ready.
#[derive(Clone)]
struct Closed;

impl Service<reqwest::Request> for Closed {
    type Response = reqwest::Response;
    type Error = &'static str;
    type Future = Pending<Result<reqwest::Response, &'static str>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        Poll::Ready(Err("closed"))
    }

    fn call(&mut self, _: reqwest::Request) -> Self::Future {
        unreachable!("it is not ready")
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_service_that_is_not_ready() {
    let weeek = builder().service(Closed).build().unwrap();
    let error = weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    assert!(error.is_connect() && !error.may_have_been_received() && error.attempts() == 3, "{error}");
    assert_eq!(error.message(), Some("closed"));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_starts_when_the_service_is_ready() {
    let slow = service_fn(|request: reqwest::Request| async move {
        assert_eq!(request.timeout(), Some(&Duration::from_millis(100)));
        tokio::time::sleep(Duration::from_millis(60)).await;
        Ok::<_, Infallible>(response(TASK))
    });
    let service = ServiceBuilder::new().concurrency_limit(1).service(slow);
    let weeek = builder().service(service).build().unwrap();
    let get = || weeek.tasks().get(1).into_future();
    let start = tokio::time::Instant::now();
    tokio::try_join!(get(), get(), get()).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(180), "one at a time");

    let silent = service_fn(|_| pending::<Result<reqwest::Response, Infallible>>());
    let endless = service_fn(|_| {
        let body = futures_util::stream::pending::<Result<&str, Infallible>>();
        ready(Ok::<_, Infallible>(response(reqwest::Body::wrap_stream(body))))
    });
    for builder in [builder().service(silent), builder().service(endless)] {
        let error = builder.build().unwrap().tasks().create(CreateTask::new()).await.unwrap_err();
        assert!(error.is_timeout() && error.may_have_been_received(), "{error}");
    }
}

#[tokio::test]
async fn a_response_may_lack_a_url_but_not_come_from_another_server() {
    let weeek = |url: Option<&'static str>| {
        let service = service_fn(move |_| {
            let builder = http::Response::builder();
            let builder = url.map_or(http::Response::builder(), |url| builder.url(url.parse().unwrap()));
            ready(Ok::<_, Infallible>(builder.body(TASK).unwrap().into()))
        });
        builder().service(service).build().unwrap()
    };
    for url in [None, Some("https://api.weeek.net/public/v1/tm/tasks/1")] {
        assert_eq!(weeek(url).tasks().get(1).await.unwrap().id, 1);
    }
    let error = weeek(Some("https://example.com/")).tasks().get(1).await.unwrap_err();
    assert!(error.to_string().contains("followed a redirect to example.com"), "{error}");
}

//! The client talks only to its base URL: it uses no proxy for loopback, follows no redirect, and is not affected by features that
//! other crates turn on.

use std::process::Command;
use std::time::Instant;

use tokio::net::{TcpSocket, TcpStream};

use super::*;

fn reqwest_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().no_proxy()
}

/// Starts itself as a child process that calls, because environment variables belong to a process.
#[tokio::test]
async fn calls_to_loopback_bypass_proxies() {
    if std::env::var_os("CHILD").is_some() {
        assert_eq!(Client::from_env().unwrap().tasks().get(1).await.unwrap().id, 1);
        return;
    }
    let (proxy, _) = serve(Reply::json(json!({"task": {"id": 99}})));
    let (weeek, _) = serve(Reply::json(json!({"task": {"id": 1}})));
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "network::calls_to_loopback_bypass_proxies"]).env("CHILD", "1");
    for variable in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        child.env(variable, proxy.url());
    }
    child.env("WEEEK_TOKEN", "secret-token").env("WEEEK_BASE_URL", weeek.url());
    let output = child.env_remove("NO_PROXY").env_remove("no_proxy").env_remove("REQUEST_METHOD").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!((proxy.requests().len(), weeek.requests().len()), (0, 1));
}

/// The dev-dependencies turn on decompression in reqwest, as another crate could.
#[tokio::test]
async fn a_response_is_never_decompressed() {
    /// `{"task": {"id": 1}}`, compressed.
    const GZIP: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 73, 44, 206, 86, 178, 82, 168, 86, 202, 76, 1, 82, 134, 181, 181,
        0, 228, 87, 234, 45, 19, 0, 0, 0,
    ];
    let (server, weeek) = serve(Reply::bytes(GZIP).header("Content-Encoding", "gzip"));
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert!(error.is_decode() && error.body() == GZIP, "{error}");
    let headers = &server.requests()[0].headers;
    assert!(!headers.contains_key("accept-encoding"), "{headers:?}");

    // With the caller's own HTTP client, the limit counts decompressed bytes.
    let builder = Client::builder("t").base_url(server.url()).http_client(reqwest_builder().build().unwrap());
    assert_eq!(builder.clone().build().unwrap().tasks().get(1).await.unwrap().id, 1);
    let error = builder.max_response_bytes(18).build().unwrap().tasks().get(1).await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("more than 18 bytes"), "{error}");
}

/// A listener whose queue is full accepts no more connections, like a host that drops packets.
#[tokio::test]
async fn connecting_has_its_own_timeout() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        queue.push(stream);
        assert!(queue.len() < 100, "the queue of the listener never fills");
    }
    let builder = Client::builder("t").base_url(format!("http://{address}")).retry(RetryPolicy::never());
    let weeek = builder.connect_timeout(Duration::from_millis(100)).build().unwrap();
    let start = Instant::now();
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_response_from_another_server_is_an_error() {
    let (other, _) = serve(Reply::json(json!({"task": {"id": 2}})));
    let (server, weeek) = serve(redirect(303, &format!("{}/elsewhere", other.url())));
    assert_eq!(weeek.tasks().create(CreateTask::new()).await.unwrap_err().status(), Some(StatusCode::SEE_OTHER));
    assert!(other.requests().is_empty());

    let following = Client::builder("t").base_url(server.url()).http_client(reqwest_builder().build().unwrap());
    let error = following.build().unwrap().tasks().create(CreateTask::new()).await.unwrap_err();
    assert!(error.to_string().contains("followed a redirect to 127.0.0.1"), "{error}");
    assert_eq!(server.requests().len(), 2, "one call each");
}

#[tokio::test]
async fn callers_cannot_set_headers_that_the_client_controls() {
    let (api, weeek) = mock_json(json!({"task": {"id": 1}}));
    let error = weeek.tasks().get(1).header("Authorization", "Bearer other").await.unwrap_err();
    assert!(error.is_builder() && error.to_string().contains("is set by the client"), "{error}");
    assert!(api.requests().is_empty());
    weeek.tasks().get(1).header("Accept-Language", "ru").await.unwrap();
}

#[test]
fn the_builder_and_its_errors_never_show_a_password() {
    for base in ["https://user:hunter2@example.com", "https://:hunter2@example.com:x", "hunter2:x@example.com"] {
        let builder = Client::builder("secret-token").base_url(base);
        let text = format!("{builder:?} {:?}", builder.clone().build().unwrap_err());
        assert!(!text.contains("hunter2") && !text.contains("secret-token"), "{text}");
    }
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[test]
fn without_tls_the_error_names_the_missing_feature() {
    let error = Client::new("t").unwrap_err();
    assert!(error.is_builder() && error.to_string().contains("enable the feature `rustls`"), "{error}");
    assert!(Client::builder("t").base_url("http://127.0.0.1:1").build().is_ok());
    assert!(Client::builder("t").http_client(reqwest::Client::new()).build().is_ok());
}

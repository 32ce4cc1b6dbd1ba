use std::time::Instant;

use super::*;

/// A server for Weeek that redirects to a second server, the storage.
fn weeek_and_storage() -> (Server, Server, Client) {
    let (weeek, storage) = (Server::start(), Server::start());
    let target = format!("{}/bucket/file-1?signature=s", storage.url());
    weeek.on_path("/ws/1/files/file-1").reply(redirect(303, &target));
    storage.on_path("/bucket/file-1").reply(Reply::bytes("%PDF-1.7").header("Content-Type", "application/pdf"));
    let client = client(&weeek);
    (weeek, storage, client)
}

async fn download(weeek: &Client, url: &str) -> Result<weeek_generated::Download> {
    weeek.attachments().download(&attachment(weeek, url)).await
}

/// Downloads a file from a server with these responses. Returns the content and the heads of the requests.
async fn bytes_from(responses: Vec<String>) -> (Result<String>, Vec<String>) {
    let server = RawServer::with_responses(responses);
    let weeek = local_client(Duration::from_secs(20));
    let bytes = match download(&weeek, &server.url).await {
        Ok(download) => download.bytes().await.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()),
        Err(error) => Err(error),
    };
    (bytes, server.requests())
}

fn response(status: &str, headers: &[&str], body: &str) -> String {
    let headers: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
    format!("HTTP/1.1 {status}\r\n{headers}\r\n{body}")
}

#[tokio::test]
async fn a_download_follows_redirects_without_the_token() {
    let (weeek, storage, client) = weeek_and_storage();
    let download =
        download(&client, &format!("{}/ws/1/files/file-1?expires=1&signature=s", weeek.url())).await.unwrap();
    assert_eq!((download.content_length(), download.content_type()), (Some(8), Some("application/pdf")));
    assert!(!format!("{download:?}").contains("signature"), "{download:?}");
    assert_eq!(download.bytes().await.unwrap(), "%PDF-1.7");
    for server in [weeek, storage] {
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert!(!requests[0].headers.contains_key("authorization"));
    }
}

#[tokio::test]
async fn an_expired_url_is_renewed_once() {
    let (weeek, storage, client) = weeek_and_storage();
    let denied = Reply::bytes("<Error><Code>AccessDenied</Code></Error>").status(403);
    storage.on_path("/bucket/old").reply(denied);
    let fresh = format!("{}/ws/1/files/file-1?expires=2", weeek.url());
    let data = json!({"success": true, "data": {"id": "file-1", "name": "x", "url": fresh}});
    weeek.on("attachments.get").reply(Reply::json(data));
    let old = format!("{}/bucket/old", storage.url());
    assert_eq!(download(&client, &old).await.unwrap().bytes().await.unwrap(), "%PDF-1.7");

    let before = weeek.requests().len();
    let data = json!({"success": true, "data": {"id": "file-1", "name": "x", "url": old}});
    weeek.on("attachments.get").reply(Reply::json(data));
    let error = download(&client, &old).await.unwrap_err();
    assert!(error.is_forbidden() && error.body().starts_with(b"<Error>"));
    assert_eq!(weeek.requests().len() - before, 1, "renewed once, then given up");
}

#[tokio::test]
async fn a_download_rejects_unsafe_urls_and_redirects() {
    let (weeek, _storage, client) = weeek_and_storage();
    for url in ["http://example.com/x", "ftp://example.com/x", "nonsense", ""] {
        assert!(download(&client, url).await.unwrap_err().is_builder(), "{url}");
    }
    weeek.on_path("/redirect").reply(redirect(302, "http://example.com/x"));
    let error = download(&client, &format!("{}/redirect", weeek.url())).await.unwrap_err();
    assert!(error.to_string().contains("is not https"), "{error}");
    weeek.on_path("/round").reply(redirect(302, "/round"));
    let error = download(&client, &format!("{}/round", weeek.url())).await.unwrap_err();
    assert!(error.to_string().contains("more than 5 redirects"), "{error}");
    let elsewhere = json!({"id": "file-1", "name": "x", "service": "dropbox", "url": "https://example.com/x"});
    let error = client.attachments().download(&attachment_with(&client, &elsewhere)).await.unwrap_err();
    assert!(error.to_string().contains("stored by dropbox"), "{error}");
}

/// Redirects that the caller's own HTTP client follows are checked too.
#[tokio::test]
async fn a_download_is_not_redirected_to_plain_http() {
    let server = Server::start();
    let url = format!("{}/file", server.url());
    let data = json!({"data": {"id": "file-1", "name": "x", "service": "weeek", "url": url}});
    server.on_request(|_| true).reply(Reply::json(data));
    server.on_path("/file").reply(redirect(302, "http://storage.example/stored"));
    let http = reqwest::Client::builder().no_proxy().resolve("storage.example", server.address).build().unwrap();
    let weeek = Client::builder("t").base_url(server.url()).http_client(http).build().unwrap();
    let file = weeek.attachments().get("file-1").await.unwrap();
    let error = weeek.attachments().download(&file).await.unwrap_err();
    assert!(error.to_string().contains("is not https"), "{error}");
}

/// Otherwise anyone who can attach a link could make the user's server send requests to its own services.
#[tokio::test]
async fn a_loopback_url_requires_a_loopback_base_url() {
    let server = RawServer::with_responses(vec![response("200 OK", &["Content-Length: 1"], "x")]);
    let weeek = Client::builder("t").base_url("https://weeek.example").build().unwrap();
    let error = download(&weeek, &server.url).await.unwrap_err();
    assert!(error.is_builder() && error.to_string().contains("this machine"), "{error}");
    assert_eq!(server.requests().len(), 0);
    assert!(download(&local_client(Duration::from_secs(20)), &server.url).await.is_ok());
}

#[tokio::test]
async fn only_http_200_is_a_file() {
    for status in ["201 Created", "202 Accepted", "204 No Content", "206 Partial Content"] {
        let length = if status.starts_with("204") { "X: 1" } else { "Content-Length: 4" };
        let (bytes, requests) = bytes_from(vec![response(status, &[length], "half")]).await;
        let error = bytes.unwrap_err();
        assert!(error.to_string().contains("expected HTTP 200"), "{status}: {error}");
        assert_eq!((error.status().unwrap().as_str(), requests.len()), (&status[..3], 1));
    }
}

#[tokio::test]
async fn a_file_shorter_than_its_declared_size_is_an_error() {
    let weeek = local_client(Duration::from_secs(20));
    for (size, headers, ok) in [
        (json!(10), &[][..], false),
        (json!(10), &["Content-Length: 5"], false),
        (json!(5), &[], true),
        (json!(5), &["Content-Length: 5"], true),
        (json!(null), &[], true),
        (json!(0), &[], true),
    ] {
        let server = RawServer::with_responses(vec![response("200 OK", headers, "01234")]);
        let file = json!({"id": "file-1", "name": "x", "service": "weeek", "url": server.url, "size": size});
        let outcome =
            async { weeek.attachments().download(&attachment_with(&weeek, &file)).await?.bytes().await }.await;
        match outcome {
            Ok(bytes) => assert!(ok && bytes == "01234", "{size} {headers:?}"),
            Err(error) => {
                assert!(!ok, "{size} {headers:?}");
                assert!(error.to_string().contains("the file ended after 5 of 10 bytes"), "{error}");
                // A complete response is not retried, because it would have the same length.
                assert_eq!(server.requests().len(), if headers.is_empty() { 3 } else { 1 });
            }
        }
    }
}

#[tokio::test]
async fn the_body_of_an_error_response_is_limited() {
    let server = RawServer::start(|_, socket| {
        let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        while socket.write_all(&[b'x'; 1 << 14]).is_ok() {}
    });
    let data = json!({"success": true, "data": {"id": "file-1", "name": "x", "url": server.url}});
    let (_weeek, client) = serve(Reply::json(data));
    let outcome = tokio::time::timeout(Duration::from_secs(10), download(&client, &server.url)).await;
    let error = outcome.expect("an endless response is cut off").unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.body().len()), (400, 64 << 10));
}

#[tokio::test]
async fn a_download_without_data_times_out() {
    let server = RawServer::start(|_, socket| {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        let _ = socket.read(&mut [0]);
    });
    let weeek = local_client(Duration::from_millis(50));
    let mut download = download(&weeek, &server.url).await.unwrap();
    assert_eq!(download.chunk().await.unwrap().unwrap(), "half");
    assert!(download.chunk().await.unwrap_err().is_timeout());
    assert!(download.chunk().await.unwrap().is_none(), "an error is reported once");
}

/// The time that the caller takes between two reads does not count.
#[tokio::test]
async fn a_slow_reader_does_not_time_out() {
    let server = RawServer::start(|_, socket| {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
        std::thread::sleep(Duration::from_millis(30));
        let _ = socket.write_all(b"half");
        std::thread::sleep(Duration::from_millis(600));
        let _ = socket.write_all(b"half");
    });
    let weeek = local_client(Duration::from_millis(400));
    let mut download = download(&weeek, &server.url).await.unwrap();
    assert_eq!(download.chunk().await.unwrap().unwrap(), "half");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(download.chunk().await.unwrap().unwrap(), "half");
    assert!(download.chunk().await.unwrap().is_none());
}

#[tokio::test]
async fn an_unlimited_timeout_does_not_panic() {
    let (weeek, _storage, _) = weeek_and_storage();
    let client = Client::builder("t").base_url(weeek.url()).attempt_timeout(Duration::MAX).build().unwrap();
    let url = format!("{}/ws/1/files/file-1", weeek.url());
    assert_eq!(download(&client, &url).await.unwrap().bytes().await.unwrap(), "%PDF-1.7");
    assert_eq!(client.tasks().get(1501).await.unwrap().id, 1501);
}

const V1: &str = "ETag: \"v1\"";

/// A response that ends after five of its ten bytes.
fn partial(headers: &[&str]) -> String {
    response("200 OK", &[&["Content-Length: 10"], headers].concat(), "01234")
}

fn complete(etag: &str, body: &str) -> String {
    response("200 OK", &["Content-Length: 10", etag], body)
}

fn rest(range: &str, etag: &str, body: &str) -> String {
    let (range, length) = (format!("Content-Range: bytes {range}"), format!("Content-Length: {}", body.len()));
    response("206 Partial Content", &[&range, &length, etag], body)
}

#[tokio::test]
async fn an_interrupted_download_resumes() {
    let (bytes, requests) = bytes_from(vec![partial(&[V1]), rest("5-9/10", V1, "56789")]).await;
    assert_eq!(bytes.unwrap(), "0123456789");
    assert!(
        requests[1].contains("range: bytes=5-\r\n") && requests[1].contains("if-range: \"v1\"\r\n"),
        "{requests:?}"
    );
    assert_eq!(requests.len(), 2);

    // Resumes twice, the first time from a server that sends no length.
    let open_end = response("200 OK", &[V1], "01");
    let server = RawServer::with_responses(vec![open_end, rest("2-4/10", V1, "234"), rest("5-9/10", V1, "56789")]);
    let weeek = local_client(Duration::from_secs(20));
    let file = attachment_with(&weeek, &json!({"id": "file-1", "name": "x", "url": server.url, "size": 10}));
    let bytes = weeek.attachments().download(&file).await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes, "0123456789");
}

/// Without proof that the rest belongs to the start, the file is downloaded again from its beginning.
#[tokio::test]
async fn an_interrupted_download_restarts_if_it_cannot_resume() {
    let new = || complete("ETag: \"v2\"", "abcdefghij");
    let old = || complete(V1, "0123456789");
    for (name, responses, expected, count) in [
        ("no ETag", vec![partial(&[]), old()], "0123456789", 2),
        ("a weak ETag", vec![partial(&["ETag: W/\"v1\""]), old()], "0123456789", 2),
        ("ranges are ignored", vec![partial(&[V1]), old()], "0123456789", 2),
        ("another file", vec![partial(&[V1]), new()], "abcdefghij", 2),
        (
            "the rest of another file",
            vec![partial(&[V1]), rest("5-9/10", "ETag: \"v2\"", "fghij"), new()],
            "abcdefghij",
            3,
        ),
        ("the rest without an ETag", vec![partial(&[V1]), rest("5-9/10", "X: 1", "fghij"), new()], "abcdefghij", 3),
        ("another start", vec![partial(&[V1]), rest("4-9/10", V1, "456789"), old()], "0123456789", 3),
        ("another size", vec![partial(&[V1]), rest("5-9/11", V1, "56789"), old()], "0123456789", 3),
        ("no range", vec![partial(&[V1]), response("206 Partial Content", &[V1], "56789"), old()], "0123456789", 3),
        ("no such range", vec![partial(&[V1]), response("416 Range Not Satisfiable", &[], ""), old()], "0123456789", 3),
    ] {
        let (bytes, requests) = bytes_from(responses).await;
        assert_eq!((bytes.unwrap().as_str(), requests.len()), (expected, count), "{name}");
        let is_resumed = |request: &String| request.contains("\r\nrange: bytes=5-\r\n");
        assert_eq!(is_resumed(&requests[1]), !name.contains("ETag") || count == 3, "{name}: {requests:?}");
        assert!(count == 2 || !is_resumed(&requests[2]), "{name}: {requests:?}");
    }
}

#[tokio::test]
async fn a_download_fails_after_repeated_interruptions() {
    let (bytes, requests) = bytes_from(vec![partial(&[])]).await;
    let error = bytes.unwrap_err();
    assert!(error.to_string().contains("connection lost"), "{error}");
    assert_eq!(requests.len(), 3, "as many as the retry policy allows");
}

#[tokio::test]
async fn an_interrupted_download_renews_an_expired_url() {
    let storage = RawServer::with_responses(vec![
        partial(&[V1]),
        response("403 Forbidden", &["Content-Length: 0"], ""),
        rest("5-9/10", V1, "56789"),
    ]);
    let data = json!({"success": true, "data": {"id": "file-1", "name": "x", "url": format!("{}/fresh", storage.url)}});
    let (weeek, client) = serve(Reply::json(data));
    let bytes = download(&client, &storage.url).await.unwrap().bytes().await.unwrap();
    assert_eq!((&bytes[..], weeek.requests().len()), (&b"0123456789"[..], 1));
    assert!(storage.requests()[2].starts_with("get /fresh "));
}

/// Bytes that the caller has received cannot be replaced.
#[tokio::test]
async fn a_partly_read_download_continues_and_does_not_restart() {
    for (headers, then, expected, count) in [
        (&[V1][..], rest("5-9/10", V1, "56789"), Some("56789"), 2),
        (&[V1], complete(V1, "0123456789"), None, 2),
        (&[V1], rest("5-9/10", "ETag: \"v2\"", "fghij"), None, 3),
        (&[], complete(V1, "0123456789"), None, 1),
    ] {
        let server = RawServer::with_responses(vec![partial(headers), then, complete(V1, "0123456789")]);
        let weeek = local_client(Duration::from_secs(20));
        let mut download = download(&weeek, &server.url).await.unwrap();
        assert_eq!(download.chunk().await.unwrap().unwrap(), "01234");
        match (download.bytes().await, expected) {
            (Ok(bytes), Some(expected)) => assert_eq!(bytes, expected),
            (Err(error), None) => assert!(error.is_connection_lost(), "{error}"),
            (bytes, _) => panic!("{bytes:?}"),
        }
        assert_eq!(server.requests().len(), count);
    }
}

#[tokio::test]
async fn a_download_is_retried_soon_when_the_connection_fails() {
    let start = Instant::now();
    let (bytes, requests) = bytes_from(vec![String::new(), complete(V1, "0123456789")]).await;
    assert_eq!((bytes.unwrap().as_str(), requests.len()), ("0123456789", 2));
    assert!(start.elapsed() < Duration::from_secs(10));
}

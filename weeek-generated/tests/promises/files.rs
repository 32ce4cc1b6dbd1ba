//! Files go up from memory, paths and streams, and come down without the token.

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use futures_util::stream;
use weeek_generated::Upload;
use wiremock::matchers::path;

use super::*;

fn uploaded() -> ResponseTemplate {
    let attachment = json!({"id": "a", "name": "x", "url": "https://example.com/x"});
    ResponseTemplate::new(200).set_body_json(json!({"success": true, "data": [attachment]}))
}

async fn bodies(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|request| String::from_utf8_lossy(&request.body).into_owned()).collect()
}

#[tokio::test]
async fn files_are_sent_from_memory_a_path_and_a_stream_at_once() {
    let (server, weeek) = answering(uploaded()).await;
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.txt");
    std::fs::write(&report, "from the disk").unwrap();
    let chunks = stream::iter(["in ", "pieces"].map(Ok::<_, Infallible>));
    let files = [
        Upload::bytes("a.txt", "from memory").media_type("text/plain"),
        Upload::path(&report),
        Upload::stream("c.txt", chunks).length(9),
    ];
    weeek.tasks().upload_attachments(1, files).await.unwrap();
    let body = &bodies(&server).await[0];
    for (name, content) in [("a.txt", "from memory"), ("report.txt", "from the disk"), ("c.txt", "in pieces")] {
        assert!(body.contains(&format!("name=\"files[]\"; filename=\"{name}\"")), "{body}");
        assert!(body.contains(&format!("\r\n\r\n{content}\r\n--")), "{body}");
    }
    let request = &server.received_requests().await.unwrap()[0];
    assert_eq!(request.headers["content-length"].to_str().unwrap(), body.len().to_string());
}

#[tokio::test]
async fn a_repeated_upload_reads_again_what_can_be_read_again() {
    let server = MockServer::start().await;
    let busy = ResponseTemplate::new(429).insert_header("Retry-After", "0");
    Mock::given(any()).respond_with(busy).up_to_n_times(1).mount(&server).await;
    Mock::given(any()).respond_with(uploaded()).mount(&server).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "again and again").unwrap();
    client(&server).tasks().upload_attachments(1, [Upload::path(file.path())]).await.unwrap();
    let bodies = bodies(&server).await;
    assert_eq!(bodies.len(), 2);
    assert!(bodies.iter().all(|body| body.contains("again and again")), "{bodies:?}");
}

#[tokio::test]
async fn a_stream_that_was_read_is_not_sent_again() {
    let (server, weeek) = answering(ResponseTemplate::new(429).insert_header("Retry-After", "0")).await;
    let file = Upload::stream("x", stream::iter([Ok::<_, Infallible>("once")]));
    let call = weeek.tasks().upload_attachments(1, [file]);
    assert!(call.clone().await.unwrap_err().is_rate_limited());
    assert_eq!(attempts(&server).await, 1);
    assert!(call.await.unwrap_err().to_string().contains("has been read before"));
    assert_eq!(attempts(&server).await, 1);
}

#[tokio::test]
async fn a_stream_that_fails_fails_the_call() {
    let (server, weeek) = answering(uploaded()).await;
    let chunks = stream::iter([Ok("a"), Err("the camera fell over")]);
    let error = weeek.tasks().upload_attachments(1, [Upload::stream("x", chunks)]).await.unwrap_err();
    let host = server.address();
    let text = format!("tasks.uploadAttachments: connection lost: {host}: the camera fell over");
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn a_file_that_can_not_be_read_is_named_and_nothing_is_sent() {
    let (server, weeek) = answering(uploaded()).await;
    let error = weeek.tasks().upload_attachments(1, [Upload::path("no/such/file.pdf")]).await.unwrap_err();
    assert!(error.is_io() && error.to_string().contains("no/such/file.pdf"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    assert!(weeek.tasks().upload_attachments(1, [Upload::path(folder.path())]).await.is_err());
    assert!(weeek.tasks().upload_attachments(1, []).await.unwrap_err().is_builder());
    assert_eq!(attempts(&server).await, 0);
}

/// An attachment whose address is `url`, as a task holds it.
async fn attachment(url: &str, service: &str) -> Attachment {
    let data = json!({"id": "file-1", "name": "offer.pdf", "service": service, "url": url});
    let (_server, weeek) = json_answer(json!({"success": true, "data": data})).await;
    weeek.attachments().get("file-1").await.unwrap()
}

/// Weeek, which redirects to a storage of another host.
async fn weeek_and_storage() -> (MockServer, MockServer, Client) {
    let (weeek, storage) = (MockServer::start().await, MockServer::start().await);
    let there = format!("{}/bucket/file-1?signature=s", storage.uri());
    let away = ResponseTemplate::new(303).insert_header("Location", there.as_str());
    Mock::given(path("/ws/1/files/file-1")).respond_with(away).mount(&weeek).await;
    let bytes = ResponseTemplate::new(200).set_body_raw("%PDF-1.7", "application/pdf");
    Mock::given(path("/bucket/file-1")).respond_with(bytes).mount(&storage).await;
    let client = client(&weeek);
    (weeek, storage, client)
}

#[tokio::test]
async fn a_download_follows_to_the_storage_and_never_takes_the_token_there() {
    let (weeek, storage, client) = weeek_and_storage().await;
    let file = attachment(&format!("{}/ws/1/files/file-1?expires=1&signature=s", weeek.uri()), "weeek").await;
    let download = client.attachments().download(&file).await.unwrap();
    assert_eq!((download.length(), download.media_type()), (Some(8), Some("application/pdf")));
    assert_eq!(download.bytes().await.unwrap(), "%PDF-1.7");
    for server in [weeek, storage] {
        let requests = server.received_requests().await.unwrap();
        assert_eq!(requests.len(), 1);
        assert!(!requests[0].headers.contains_key("authorization"));
    }
}

#[tokio::test]
async fn an_expired_address_is_renewed_once() {
    let (weeek, storage, client) = weeek_and_storage().await;
    let old = ResponseTemplate::new(403).set_body_string("<Error><Code>AccessDenied</Code></Error>");
    Mock::given(path("/bucket/old")).respond_with(old).mount(&storage).await;
    let fresh = format!("{}/ws/1/files/file-1?expires=2", weeek.uri());
    let data = json!({"success": true, "data": {"id": "file-1", "name": "x", "url": fresh}});
    let renewed = ResponseTemplate::new(200).set_body_json(data);
    Mock::given(path("/ws/attachments/file-1")).respond_with(renewed).mount(&weeek).await;
    let file = attachment(&format!("{}/bucket/old", storage.uri()), "weeek").await;
    assert_eq!(client.attachments().download(&file).await.unwrap().bytes().await.unwrap(), "%PDF-1.7");

    weeek.reset().await;
    let data = json!({"success": true, "data": {"id": "file-1", "name": "x", "url": file.url}});
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(data)).mount(&weeek).await;
    let error = client.attachments().download(&file).await.unwrap_err();
    assert!(error.is_forbidden() && error.body().starts_with(b"<Error>"));
    assert_eq!(attempts(&weeek).await, 1, "renewed once, then given up");
}

#[tokio::test]
async fn a_download_goes_nowhere_it_should_not() {
    let (weeek, _storage, client) = weeek_and_storage().await;
    for url in ["http://example.com/x", "ftp://example.com/x", "nonsense", ""] {
        assert!(
            client.attachments().download(&attachment(url, "weeek").await).await.unwrap_err().is_builder(),
            "{url}"
        );
    }
    let away = ResponseTemplate::new(302).insert_header("Location", "http://example.com/x");
    Mock::given(path("/away")).respond_with(away).mount(&weeek).await;
    let file = attachment(&format!("{}/away", weeek.uri()), "weeek").await;
    assert!(client.attachments().download(&file).await.unwrap_err().to_string().contains("plain http"));
    let round = ResponseTemplate::new(302).insert_header("Location", "/round");
    Mock::given(path("/round")).respond_with(round).mount(&weeek).await;
    let file = attachment(&format!("{}/round", weeek.uri()), "weeek").await;
    assert!(client.attachments().download(&file).await.unwrap_err().to_string().contains("led on more than 5 times"));
    let file = attachment("https://example.com/x", "dropbox").await;
    let error = client.attachments().download(&file).await.unwrap_err();
    assert!(error.to_string().contains("kept by dropbox"), "{error}");
}

#[tokio::test]
async fn a_saved_download_is_whole_or_not_there() {
    let (weeek, _storage, client) = weeek_and_storage().await;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("offer.pdf");
    std::fs::write(&target, "an older offer").unwrap();

    let half = half_an_answer();
    let download = client.attachments().download(&attachment(&half, "weeek").await).await.unwrap();
    assert!(download.save(&target).await.is_err());
    assert_eq!(std::fs::read(&target).unwrap(), b"an older offer");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing partial stays");

    let file = attachment(&format!("{}/ws/1/files/file-1", weeek.uri()), "weeek").await;
    assert_eq!(client.attachments().download(&file).await.unwrap().save(&target).await.unwrap(), 8);
    assert_eq!(std::fs::read(&target).unwrap(), b"%PDF-1.7");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);

    let download = client.attachments().download(&file).await.unwrap();
    assert!(download.save(folder.path().join("no/such/folder/x")).await.unwrap_err().is_io());
}

/// The address of a server that promises ten bytes, sends four and hangs up.
fn half_an_answer() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 4096]);
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    });
    format!("http://{address}/x")
}

#[tokio::test]
async fn a_download_that_falls_silent_fails() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (_hold, wait) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 4096]);
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        let _ = wait.recv();
    });
    let weeek = Client::builder("t").attempt_timeout(Duration::from_millis(50)).build().unwrap();
    let file = attachment(&format!("http://{address}/x"), "weeek").await;
    let mut download = weeek.attachments().download(&file).await.unwrap();
    assert_eq!(download.chunk().await.unwrap().unwrap(), "half");
    assert!(download.chunk().await.unwrap_err().is_timeout());
}

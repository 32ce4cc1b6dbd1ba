use std::convert::Infallible;
use std::path::Path;
use std::time::Instant;

use futures_util::{Stream, StreamExt as _, stream};
use weeek_generated::Upload;

use super::*;

fn uploaded() -> Reply {
    let attachment = json!({"id": "a", "name": "x", "url": "https://example.com/x"});
    Reply::json(json!({"success": true, "data": [attachment]}))
}

/// HTTP 429, to be repeated at once.
fn busy() -> Reply {
    Reply::error(429).header("Retry-After", "0")
}

fn bodies(server: &Server) -> Vec<String> {
    server.requests().iter().map(|request| String::from_utf8_lossy(&request.body).into_owned()).collect()
}

/// A stream that waits before each chunk.
fn slow(chunks: usize, wait: Duration) -> impl Stream<Item = Result<Vec<u8>, Infallible>> + Send {
    stream::unfold(0, move |number| async move {
        tokio::time::sleep(wait).await;
        (number < chunks).then_some((Ok(vec![b'x'; 1000]), number + 1))
    })
}

async fn upload(weeek: &Client, files: impl IntoIterator<Item = Upload>) -> Result<()> {
    weeek.tasks().upload_attachments(1, files).await.map(drop)
}

#[tokio::test]
async fn one_call_uploads_from_memory_disk_and_a_stream() {
    let (server, weeek) = serve(uploaded());
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.txt");
    let long = "a line of a long report\n".repeat(10_000);
    std::fs::write(&report, &long).unwrap();
    let chunks = stream::iter(["in ", "pieces"].map(Ok::<_, Infallible>));
    let files = [
        Upload::bytes("a.txt", "from memory").content_type("text/plain"),
        Upload::file(&report),
        Upload::stream("c.txt", chunks).content_length(9),
        Upload::bytes("empty.txt", ""),
        Upload::file(&report).file_name("again.txt"),
        Upload::reader("reader.txt", std::io::Cursor::new(long.clone())).content_length(long.len() as u64),
    ];
    upload(&weeek, files).await.unwrap();
    let body = &bodies(&server)[0];
    for (name, content) in [
        ("a.txt", "from memory"),
        ("report.txt", &long),
        ("c.txt", "in pieces"),
        ("empty.txt", ""),
        ("again.txt", &long),
        ("reader.txt", &long),
    ] {
        assert!(body.contains(&format!("name=\"files[]\"; filename=\"{name}\"")), "{name}");
        assert!(body.contains(&format!("\r\n\r\n{content}\r\n--")), "{name}");
    }
    let request = &server.requests()[0];
    assert_eq!(request.headers["content-length"].to_str().unwrap(), body.len().to_string());
}

#[tokio::test]
async fn a_retried_upload_reads_the_file_again() {
    let (server, weeek) = serve(uploaded());
    server.on_request(|_| true).reply_in_turn([busy()]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "again and again").unwrap();
    upload(&weeek, [Upload::file(file.path())]).await.unwrap();
    let bodies = bodies(&server);
    assert_eq!(bodies.len(), 2);
    assert!(bodies.iter().all(|body| body.contains("again and again")), "{bodies:?}");
}

#[tokio::test]
async fn a_stream_is_not_sent_twice() {
    let (server, weeek) = serve(busy());
    let file = Upload::stream("x", stream::iter([Ok::<_, Infallible>("once")]));
    let call = weeek.tasks().upload_attachments(1, [file]);
    assert!(call.clone().await.unwrap_err().is_rate_limited());
    assert_eq!(server.requests().len(), 1);
    assert!(call.await.unwrap_err().to_string().contains("has been read before"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn two_calls_never_share_a_stream() {
    let (server, weeek) = serve(uploaded());
    let file = Upload::stream("x", slow(5, Duration::from_millis(5)));
    let call = weeek.tasks().upload_attachments(1, [file]);
    let (first, second) = tokio::join!(call.clone(), call);
    assert!(first.is_ok() != second.is_ok());
    let error = first.err().or(second.err()).unwrap().to_string();
    assert!(error.contains("has been read before"), "{error}");
    let complete = format!("\r\n\r\n{}\r\n--", "x".repeat(5000));
    assert!(bodies(&server).iter().all(|body| body.contains(&complete)));
}

#[tokio::test]
async fn a_failing_stream_fails_the_call() {
    let (server, weeek) = serve(uploaded());
    let chunks = stream::iter([Ok("a"), Err("the camera fell over")]);
    let error = upload(&weeek, [Upload::stream("x", chunks)]).await.unwrap_err();
    let host = server.address;
    let text = format!("tasks.uploadAttachments: connection lost: {host}: the camera fell over");
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn an_unreadable_file_is_named_and_nothing_is_sent() {
    let (server, weeek) = serve(uploaded());
    let error = upload(&weeek, [Upload::file("no/such/file.pdf")]).await.unwrap_err();
    assert!(error.is_io() && error.to_string().contains("no/such/file.pdf"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    assert!(upload(&weeek, [Upload::file(folder.path())]).await.unwrap_err().is_builder());
    assert!(upload(&weeek, []).await.unwrap_err().is_builder());
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn invalid_names_and_content_types_are_rejected() {
    let (server, weeek) = serve(uploaded());
    for file in [
        Upload::bytes("a.pdf\r\nContent-Type: text/html", "x"),
        Upload::bytes("a\nb", "x"),
        Upload::bytes("a\0b", "x"),
        Upload::bytes("a", "x").file_name("\u{85}"),
        Upload::bytes("", "x"),
        Upload::bytes("a", "x").content_type("text/plain\r\nX-Evil: 1"),
        Upload::bytes("a", "x").content_type("text/plain; a=\"\n\""),
        Upload::bytes("a", "x").content_type("no type"),
    ] {
        let error = upload(&weeek, [file]).await.unwrap_err();
        assert!(error.is_builder() && !error.to_string().contains(['\r', '\n']), "{error}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_rejected_before_it_is_opened() {
    let (server, weeek) = serve(uploaded());
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe.as_path(), Path::new("/dev/null")] {
        let outcome = tokio::time::timeout(Duration::from_secs(5), upload(&weeek, [Upload::file(path)])).await;
        let error = outcome.expect("opening a pipe waits for a writer").unwrap_err();
        assert!(error.is_builder() && error.to_string().contains("not a regular file"), "{error}");
    }
    assert_eq!(server.requests().len(), 0);
}

/// Uploads a file that `change` changes after its size was read and before it is sent.
async fn upload_changing(change: impl Fn(&Path) + Send + 'static) -> (String, Server) {
    let (server, weeek) = serve(uploaded());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.txt");
    std::fs::write(&path, "ten bytes.").unwrap();
    let changed = path.clone();
    let first = stream::iter([()]).map(move |()| {
        change(&changed);
        Ok::<_, Infallible>("first")
    });
    let files = [Upload::stream("first", first).content_length(5), Upload::file(&path)];
    let error = upload(&weeek, files).await.unwrap_err();
    assert!(error.is_io(), "{error:?}");
    (error.to_string(), server)
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_sent_fails_the_call() {
    let (error, server) = upload_changing(|path| std::fs::write(path, "more than ten bytes").unwrap()).await;
    assert!(error.contains("log.txt: it has more than 10 bytes; it changed"), "{error}");
    assert_eq!(server.requests().len(), 0, "no complete form was received");
    let (error, server) = upload_changing(|path| std::fs::write(path, "less").unwrap()).await;
    assert!(error.contains("log.txt: it has 4 of 10 bytes; it changed"), "{error}");
    assert_eq!(server.requests().len(), 0, "no complete form was received");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_without_a_fixed_size_is_rejected() {
    let (server, weeek) = serve(uploaded());
    let error = upload(&weeek, [Upload::file("/proc/self/status")]).await.unwrap_err();
    assert!(error.is_io() && error.to_string().contains("has no fixed size"), "{error}");
    assert_eq!(server.requests().len(), 0, "no complete form was received");
}

#[tokio::test]
async fn a_stream_of_another_length_than_declared_fails_the_call() {
    let (server, weeek) = serve(uploaded());
    for (declared, found) in [(4, "more than 4"), (20, "9 of 20")] {
        let chunks = stream::iter(["in ", "pieces"].map(Ok::<_, Infallible>));
        let error = upload(&weeek, [Upload::stream("x", chunks).content_length(declared)]).await.unwrap_err();
        assert!(error.to_string().contains(&format!("the stream of `x` has {found} declared bytes")), "{error}");
    }
    assert_eq!(server.requests().len(), 0, "no complete form was received");
}

#[tokio::test]
async fn an_upload_that_makes_progress_does_not_time_out() {
    let (_server, weeek) = serve(uploaded());
    let file = Upload::stream("x", slow(10, Duration::from_millis(60)));
    weeek.tasks().upload_attachments(1, [file]).attempt_timeout(Duration::from_millis(400)).await.unwrap();
}

/// Sending one large buffer over a slow network counts as progress.
#[tokio::test]
async fn a_slow_network_does_not_time_out() {
    let server = RawServer::start(|_, socket| {
        let mut buffer = vec![0; 1 << 20];
        let mut left = 24 << 20;
        while left > 0 {
            std::thread::sleep(Duration::from_millis(15));
            left -= socket.read(&mut buffer).unwrap().min(left);
        }
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"data\":[]}");
        let _ = socket.read(&mut buffer);
    });
    let weeek = Client::builder("t").base_url(&server.url).attempt_timeout(Duration::from_millis(300)).build().unwrap();
    let start = Instant::now();
    upload(&weeek, [Upload::bytes("x", vec![0; 24 << 20])]).await.unwrap();
    assert!(start.elapsed() > Duration::from_millis(300), "the timeout was shorter than the upload");
}

#[tokio::test]
async fn a_stalled_upload_times_out() {
    let chunks = stream::iter([Ok::<_, Infallible>("a")]).chain(stream::pending());
    for (file, reply) in [
        (Upload::stream("x", chunks), uploaded()),
        // The body is sent, but no response arrives.
        (Upload::bytes("x", "x"), uploaded().delay(Duration::from_secs(30))),
    ] {
        let (_server, weeek) = serve(reply);
        let call = weeek.tasks().upload_attachments(1, [file]).attempt_timeout(Duration::from_millis(100));
        let outcome = tokio::time::timeout(Duration::from_secs(5), call.into_future()).await;
        assert!(outcome.expect("the timeout of the call ends it").unwrap_err().is_timeout());
    }
}

#[tokio::test]
async fn a_success_before_the_end_of_the_upload_is_an_error() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"data\":[]}";
    let server = RawServer::start(move |_, socket| {
        let _ = socket.write_all(ok.as_bytes());
        while matches!(socket.read(&mut [0; 4096]), Ok(1..)) {}
    });
    let weeek = Client::builder("t").base_url(&server.url).build().unwrap();
    let file = Upload::stream("x", slow(20, Duration::from_millis(20)));
    let error = upload(&weeek, [file]).await.unwrap_err();
    assert!(error.to_string().contains("before the files were sent"), "{error}");
}

#[tokio::test]
async fn callers_cannot_set_the_content_type_of_a_form() {
    let (server, weeek) = serve(uploaded());
    let call = weeek.tasks().upload_attachments(1, [Upload::bytes("x", "x")]);
    assert!(call.header("Content-Type", "application/json").await.unwrap_err().is_builder());
    assert_eq!(server.requests().len(), 0);
}

//! The probe against servers that misbehave.

use std::fs;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::tests::{SCHEMAS, TOKEN, options};
use super::*;

const USER: &str = r#""user":{"id":"5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34"}"#;

/// A server that sends the response of a function of the request's path. One without an end goes on forever.
struct Server {
    base: String,
    paths: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn start(respond: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let paths = Arc::new(Mutex::new(Vec::new()));
        let seen = paths.clone();
        let task = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut head = vec![0; 1 << 20];
                let size = stream.read(&mut head).await.unwrap();
                let head = String::from_utf8_lossy(&head[..size]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default();
                seen.lock().unwrap().push(path.to_owned());
                let response = respond(path);
                let is_endless = response.contains("chunked");
                let _ = stream.write_all(response.as_bytes()).await;
                while is_endless
                    && stream.write_all(format!("10000\r\n{}\r\n", "x".repeat(1 << 16)).as_bytes()).await.is_ok()
                {
                }
            }
        });
        Self { base, paths, task }
    }

    async fn probe(&self, options: &Options) -> Result<Outcome, String> {
        self.probe_until(options, pending()).await
    }

    async fn probe_until(&self, options: &Options, interrupt: impl Future<Output = ()>) -> Result<Outcome, String> {
        let base = Some(self.base.clone());
        let target = Target { base, token: TOKEN.to_owned(), min_interval: Duration::ZERO };
        let mut progress = String::new();
        let result = run_with(&SCHEMAS, options, &target, |line| progress.push_str(line), interrupt).await;
        let printed = format!("{result:?}{progress}");
        assert!(!printed.contains(TOKEN), "{printed}");
        result
    }

    fn paths(&self) -> Vec<String> {
        self.paths.lock().unwrap().clone()
    }
}

fn response(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn success(path: &str) -> String {
    response("200 OK", if path == "/user/me" { r#"{"success":true,"user":null}"# } else { r#"{"success":true}"# })
}

#[tokio::test]
async fn rejections_stop_the_probe() {
    for (status, requests, message) in [
        ("401 Unauthorized", 1, "rejected the token"),
        ("429 Too Many Requests\r\nretry-after: 3600", 1, "asks to wait 3600 seconds"),
        ("429 Too Many Requests\r\nretry-after: 0", 4, "still responds with 429"),
    ] {
        let server = Server::start(move |_| response(status, "")).await;
        let error = server.probe(&options()).await.unwrap_err();
        assert!(error.contains(message) && server.paths().len() == requests, "{error}");
    }
}

#[tokio::test]
async fn ids_never_lead_to_another_path() {
    let ids = format!(
        r#"{{"success":true,"funnels":[{{"id":"{}"}},{{"id":".."}},{{"id":"."}},{{"id":"a/../b"}}]}}"#,
        "x".repeat(70_000)
    );
    let server =
        Server::start(move |path| if path == "/crm/funnels" { response("200 OK", &ids) } else { success(path) }).await;
    let outcome = server.probe(&options()).await.unwrap();
    assert!(outcome.out.contains("funnels.list"), "{}", outcome.out);
    let paths = server.paths();
    assert!(paths.iter().any(|path| path == "/crm/funnels/a%2F%2E%2E%2Fb"), "{paths:?}");
    assert!(paths.iter().all(|path| path.len() < 200 && path != "/crm/" && !path.contains("..")), "{paths:?}");
    assert!(!paths.iter().any(|path| path.starts_with("/crm/statuses")), "{paths:?}");
}

#[tokio::test]
async fn an_endless_response_is_skipped() {
    let endless = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let server = Server::start(move |path| if path == "/ws" { endless.to_owned() } else { success(path) }).await;
    let outcome = server.probe(&options()).await.unwrap();
    assert_eq!((outcome.status, outcome.err.as_str()), (2, "error: workspace.get: the response is too large\n"));
    assert!(outcome.out.contains("user.get") && server.paths().len() > 5, "{}", outcome.out);
}

#[tokio::test]
async fn responses_are_limited_together() {
    let tags: Vec<String> = (1..50).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let body = format!(r#"{{"success":true,"tags":[{}],"x":"{}"}}"#, tags.join(","), "x".repeat(4_000_000));
    let server = Server::start(move |_| response("200 OK", &body)).await;
    let limits = Limits { max_requests: 100, max_per_operation: 50, page_size: 1 };
    let outcome = server.probe(&Options { limits, ..options() }).await.unwrap();
    assert_eq!(outcome.err, "error: stopped early: the responses exceed 32 MiB\n");
    assert_eq!(server.paths().len(), 9);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_not_written_through() {
    let folder = tempfile::tempdir().unwrap();
    let (victim, record) = (folder.path().join("victim.json"), folder.path().join("record"));
    let link = record.join("user.get.json");
    let mine = r#"{"method":"GET","path":"/user/me","status":200,"body":null}"#;
    fs::write(&victim, mine).unwrap();
    fs::create_dir(&record).unwrap();
    let plant = {
        let (victim, link) = (victim.clone(), link.clone());
        move || std::os::unix::fs::symlink(&victim, &link)
    };
    let options = Options { record: Some(record), ..options() };
    // Before the first request, and while the probe runs.
    plant().unwrap();
    let server = Server::start(success).await;
    let error = server.probe(&options).await.unwrap_err();
    assert!(error.contains("user.get.json was not recorded by the probe") && server.paths().is_empty(), "{error}");
    fs::remove_file(&link).unwrap();
    let server = Server::start(move |path| {
        let _ = plant();
        success(path)
    });
    server.await.probe(&options).await.unwrap();
    assert_eq!(fs::read_to_string(victim).unwrap(), mine);
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
}

#[tokio::test]
async fn the_screen_shows_neither_the_token_nor_private_keys() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let body = format!(
        r#"{{"success":true,{USER},"{TOKEN}":1,"Ivan Petrov":{{"{TOKEN}":["{TOKEN}"]}},"ivan@petrov.ru":2,"newField":"{TOKEN}"}}"#
    );
    let server = Server::start(move |_| response("200 OK", &body)).await;
    let outcome = server.probe(&Options { record: Some(record.clone()), ..options() }).await.unwrap();
    assert!(outcome.out.contains("newField"), "{}", outcome.out);
    for private in ["Ivan", "petrov"] {
        assert!(!outcome.out.contains(private), "{}", outcome.out);
    }
    let recorded = fs::read_to_string(record.join("user.get.json")).unwrap();
    assert!(recorded.contains("newField") && !recorded.contains(TOKEN), "{recorded}");
}

#[tokio::test]
async fn the_report_survives_a_failure_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let planted = record.join("user.get.json");
    let server = Server::start(move |path| {
        let _ = fs::create_dir_all(planted.join("x"));
        success(path)
    });
    let options = Options { record: Some(record), ..options() };
    let outcome = server.await.probe(&options).await.unwrap();
    assert!(outcome.status == 2 && outcome.err.starts_with("error: cannot write "), "{}", outcome.err);
    assert!(outcome.out.contains("responses, "), "{}", outcome.out);
}

#[tokio::test]
async fn an_interrupted_probe_reports_and_writes() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let (requests, interrupt) = (Arc::new(Mutex::new(0)), Arc::new(Notify::new()));
    let notify = interrupt.clone();
    let server = Server::start(move |path| {
        *requests.lock().unwrap() += 1;
        if *requests.lock().unwrap() == 3 {
            notify.notify_one();
        }
        success(path)
    });
    let server = server.await;
    let options = Options { record: Some(record.clone()), ..options() };
    let outcome = server.probe_until(&options, interrupt.notified()).await.unwrap();
    assert_eq!((outcome.status, outcome.err.as_str()), (2, "error: stopped early: interrupted\n"));
    assert!(outcome.out.contains("responses, "), "{}", outcome.out);
    assert!(server.paths().len() < 6 && record.join("user.get.json").exists(), "{:?}", server.paths());
}

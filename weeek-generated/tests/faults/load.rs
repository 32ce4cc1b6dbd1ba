//! Many concurrent calls, some of which fail, and futures that are dropped before they complete.

use std::collections::HashSet;
use std::future::{IntoFuture, poll_fn};
use std::io::{BufRead as _, Write as _};
use std::ops::Range;
use std::pin::pin;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use weeek_generated::Upload;
use weeek_generated::models::*;

use super::*;

/// What a server received.
#[derive(Clone, Default)]
struct Received {
    count: Arc<AtomicUsize>,
    /// The ids in the paths of POST requests that it did not answer with HTTP 429.
    posts: Arc<Mutex<Vec<String>>>,
}

/// A keep-alive server that returns the requested task. Every twentieth request fails.
async fn faulty_server() -> (String, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let received = Received::default();
    let counted = received.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Received { count, posts } = counted.clone();
            tokio::spawn(async move {
                let mut socket = BufReader::new(socket);
                loop {
                    let (mut id, mut is_post, mut body) = (String::new(), false, Vec::new());
                    loop {
                        let mut line = String::new();
                        if socket.read_line(&mut line).await.unwrap_or(0) == 0 {
                            return;
                        }
                        if let Some((method, path)) = line.split_once(" /tm/tasks/") {
                            is_post = method == "POST";
                            id = path.split([' ', '/']).next().unwrap_or_default().to_owned();
                        }
                        if let Some(length) = line.to_lowercase().strip_prefix("content-length: ") {
                            body.resize(length.trim().parse().unwrap(), 0);
                        }
                        if line == "\r\n" {
                            break;
                        }
                    }
                    if socket.read_exact(&mut body).await.is_err() {
                        return;
                    }
                    let key = if is_post { "comment" } else { "task" };
                    let body = format!("{{\"success\":true,\"{key}\":{{\"id\":{id}}}}}");
                    let number = count.fetch_add(1, Ordering::Relaxed) % 60;
                    if is_post && number != 39 {
                        posts.lock().unwrap().push(id);
                    }
                    let (status, body) = match number {
                        19 => ("503 Away", String::new()),
                        39 => ("429 Busy", String::new()),
                        59 => return,
                        _ => ("200 OK", body),
                    };
                    let response = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                    if socket.get_mut().write_all(response.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (url, received)
}

fn persistent_client(url: &str) -> Client {
    let retry = RetryPolicy::default().max_attempts(10).initial_backoff(Duration::from_millis(1));
    Client::builder("t").base_url(url).retry(retry).attempt_timeout(Duration::from_secs(60)).build().unwrap()
}

/// Gets every task of `ids`, 256 at a time.
async fn get_all(weeek: &Client, ids: Range<i64>) -> Vec<TaskId> {
    let calls = stream::iter(ids).map(|id| {
        let call = weeek.tasks().get(id);
        async move { call.await.map(|task| task.id) }
    });
    calls.buffer_unordered(256).try_collect().await.unwrap()
}

/// Runs a test in a child process, so that memory of other tests does not count.
fn alone(test: &str, work: impl Future<Output = ()>) {
    if std::env::var_os("WEEEK_LOAD_ALONE").is_none() {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", test, "--nocapture"]);
        return assert!(child.env("WEEEK_LOAD_ALONE", "1").status().unwrap().success());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(work);
}

/// Set `WEEEK_LOAD=100000` for a long run.
#[test]
fn each_of_many_calls_gets_its_own_response() {
    alone("load::each_of_many_calls_gets_its_own_response", many_calls());
}

/// A keep-alive server of a list of `count` tasks.
fn list_server(count: usize) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let number = |line: &str, name: &str| line.split_once(name)?.1.split(['&', ' ']).next()?.parse::<usize>().ok();
    let serve = move |mut socket: std::net::TcpStream| {
        let lines = std::io::BufReader::new(socket.try_clone().unwrap()).lines().map_while(Result::ok);
        for line in lines.filter(|line| line.starts_with("GET ")) {
            let (from, limit) = (number(&line, "offset=").unwrap(), number(&line, "perPage=").unwrap());
            let tasks = (from..count.min(from + limit)).map(|id| format!("{{\"id\":{id},\"title\":\"Task {id}\"}}"));
            let (tasks, has_more) = (tasks.collect::<Vec<_>>().join(","), from + limit < count);
            let body = format!("{{\"success\":true,\"tasks\":[{tasks}],\"hasMore\":{has_more}}}");
            let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            socket.write_all(response.as_bytes()).unwrap();
        }
    };
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            std::thread::spawn(move || serve(socket.unwrap()));
        }
    });
    url
}

/// Set `WEEEK_LOAD=1000000` for a long run.
#[test]
fn a_long_list_is_streamed_in_flat_memory() {
    alone("load::a_long_list_is_streamed_in_flat_memory", async {
        let count = load(20_000);
        let weeek = persistent_client(&list_server(count));
        for prefetch in [false, true] {
            let items = weeek.tasks().list_all(ListTasks::new().limit(100));
            let mut items = if prefetch { items.prefetch() } else { items };
            let (start, mut early) = (std::time::Instant::now(), None);
            for id in 0..count {
                assert_eq!(items.try_next().await.unwrap().unwrap().id.as_i64(), i64::try_from(id).unwrap());
                // The first pages allocate the connection and buffers.
                if id == count / 10 {
                    early = memory();
                }
            }
            assert!(items.try_next().await.unwrap().is_none());
            if let (Some(early), Some(late)) = (early, memory()) {
                let time = start.elapsed().as_secs_f64();
                eprintln!(
                    "{count} tasks, prefetch {prefetch}: {time:.1} s, {early} KiB after a tenth, {late} KiB at the end"
                );
                assert!(late < early + 4 * 1024, "{early} KiB after a tenth of the tasks, {late} KiB at the end");
            }
        }
    });
}

async fn many_calls() {
    let calls = i64::try_from(load(3_000)).unwrap();
    let (url, Received { count, .. }) = faulty_server().await;
    let weeek = persistent_client(&url);
    let tasks = tokio::runtime::Handle::current().metrics();
    // The first half allocates connections and buffers. In the second half, only a leak adds memory.
    let first = calls / 2;
    let mut received = get_all(&weeek, 0..first).await;
    let before = memory();
    received.extend(get_all(&weeek, first..calls).await);
    assert_eq!(received.len(), usize::try_from(calls).unwrap());
    assert_eq!(received.iter().collect::<HashSet<_>>().len(), received.len());
    let served = count.load(Ordering::Relaxed);
    assert!(served > received.len() + received.len() / 30, "no request failed: {served}");
    if let (Some(before), Some(after)) = (before, memory()) {
        eprintln!("{calls} calls, {served} requests, {before} KiB after half of them, {after} KiB after all");
        assert!(after < before + 16 * 1024, "{before} KiB after half of the calls, {after} KiB after all");
    }
    drop(weeek);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(tasks.num_alive_tasks() < 16, "{} tasks are still alive", tasks.num_alive_tasks());
}

#[tokio::test]
async fn no_post_is_sent_again_after_it_may_have_been_received() {
    let calls = load(1_000);
    let (url, Received { posts, .. }) = faulty_server().await;
    let weeek = persistent_client(&url);
    let create = |id: usize| {
        let comment = CreateTaskComment::new("text");
        weeek.tasks().create_comment(i64::try_from(id).unwrap(), comment).send()
    };
    let results: Vec<_> = stream::iter(0..calls).map(create).buffer_unordered(256).collect().await;
    let errors: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(errors.iter().all(|error| error.may_have_been_received()), "{errors:?}");
    let posts = posts.lock().unwrap();
    eprintln!("{calls} POST requests, {} failed, none was received twice", errors.len());
    assert!(errors.len() > calls / 60 && posts.len() == calls, "{} of {calls} were received", posts.len());
    assert_eq!(posts.iter().collect::<HashSet<_>>().len(), calls);
}

/// The number of calls to make: `WEEEK_LOAD`, or a default for the suite.
fn load(default: usize) -> usize {
    std::env::var("WEEEK_LOAD").ok().and_then(|count| count.parse().ok()).unwrap_or(default)
}

/// The resident memory of the process in KiB, if the system reports it.
fn memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Polls the future at most `times` times and drops it. Returns whether it completed.
async fn completes_within(future: impl Future, mut times: usize) -> bool {
    let mut future = pin!(future);
    poll_fn(|context| {
        if times == 0 {
            return Poll::Ready(false);
        }
        times -= 1;
        future.as_mut().poll(context).map(|_| true)
    })
    .await
}

#[tokio::test]
async fn a_call_can_be_dropped_at_any_point() {
    let (url, _) = faulty_server().await;
    let weeek = persistent_client(&url);
    let runtime = tokio::runtime::Handle::current().metrics();
    let (mut completed, mut dropped) = (0, 0);
    for _ in 0..load(640) / 32 {
        for times in 0..8 {
            let get = completes_within(weeek.tasks().get(7).into_future(), times).await;
            let create = completes_within(weeek.tasks().create(CreateTask::new()).into_future(), times).await;
            let list = completes_within(weeek.tasks().list_all(ListTasks::new()).try_collect::<Vec<_>>(), times).await;
            let file = [Upload::bytes("a.txt", vec![b'x'; 1 << 20])];
            let upload = completes_within(weeek.tasks().upload_attachments(1, file).into_future(), times).await;
            for is_complete in [get, create, list, upload] {
                *(if is_complete { &mut completed } else { &mut dropped }) += 1;
            }
        }
    }
    eprintln!("{completed} futures completed, {dropped} were dropped");
    assert!(completed > 20 && dropped > 100, "{completed} completed, {dropped} were dropped");
    assert!(runtime.num_alive_tasks() < 64, "{} tasks are still alive", runtime.num_alive_tasks());
    for micros in (0..2_000).step_by(50) {
        let _ = tokio::time::timeout(Duration::from_micros(micros), weeek.tasks().get(7)).await;
    }
    assert_eq!(weeek.tasks().get(8).await.unwrap().id, 8, "the client still works");
}

//! Makes calls, to count their instructions: `steps CALLER page|odd|tag COUNT`. The server runs in a child process.
//!
//! README.md has the commands. Without arguments, the program makes a few calls of each kind.

#![allow(missing_docs)]
#![recursion_limit = "256"]

mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use support::{by_hand, responses, server};
use weeek_generated::Client;
use weeek_generated::models::ListTasks;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", what] => server::run(&body(what)),
        [who, what, count] => calls(who, what, count.parse().unwrap()),
        _ => {
            let blocking = ["blocking", "hand-blocking"].into_iter().filter(|_| cfg!(feature = "blocking"));
            for who in ["weeek", "watched", "hand"].into_iter().chain(blocking) {
                ["page", "tag"].iter().for_each(|what| calls(who, what, 3));
            }
            ["weeek", "watched"].iter().for_each(|who| calls(who, "odd", 3));
        }
    }
}

/// The tasks of an odd page have a number in place of a boolean.
fn body(what: &str) -> Vec<u8> {
    let page = || String::from_utf8(responses::page(50)).unwrap();
    match what {
        "tag" => responses::tag(),
        "odd" => page().replace("\"isCompleted\":false", "\"isCompleted\":0").into_bytes(),
        _ => page().into_bytes(),
    }
}

/// The server process and its URL. Dropping it ends the process.
struct ServerProcess(Child, String);

impl ServerProcess {
    fn start(what: &str) -> Self {
        let mut server = Command::new(std::env::current_exe().unwrap());
        let mut server = server.args(["serve", what]).stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self(server, url.trim().to_owned())
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// `weeek` and `hand`; `watched` has a drift hook, and `blocking` and `hand-blocking` are without async.
fn calls(who: &str, what: &str, count: usize) {
    let server = ServerProcess::start(what);
    let url = match what {
        "tag" => format!("{}/ws/tags/{}", server.1, 3),
        _ => format!("{}/tm/tasks?projectId={}&completed=0&perPage={}&offset={}", server.1, 4, 50, 0),
    };
    #[cfg(feature = "blocking")]
    match who {
        "blocking" => return blocking(&client(&server.1, who), what, count),
        "hand-blocking" => {
            let http = reqwest::blocking::Client::builder().no_gzip().build().unwrap();
            return (0..count).for_each(|_| check(what, &by_hand::get_blocking(&http, &url)));
        }
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        if who == "hand" {
            let http = reqwest::Client::builder().no_gzip().build().unwrap();
            for _ in 0..count {
                check(what, &by_hand::get(&http, &url).await);
            }
            return;
        }
        let weeek = client(&server.1, who);
        for _ in 0..count {
            if what == "tag" {
                assert_eq!(weeek.tags().get(3).await.unwrap().title, "Urgent");
            } else {
                assert_eq!(weeek.tasks().list(filter()).await.unwrap().items.len(), 50);
            }
        }
    });
}

fn client(url: &str, who: &str) -> Client {
    let client = Client::builder("secret").base_url(url);
    let watch = |drift: &weeek_generated::Drift| drop(std::hint::black_box(drift.to_string()));
    if who == "watched" { client.on_drift(watch) } else { client }.build().unwrap()
}

fn filter() -> ListTasks {
    ListTasks::new().project_id(4).completed(false).limit(50).offset(0)
}

#[cfg(feature = "blocking")]
fn blocking(weeek: &Client, what: &str, count: usize) {
    for _ in 0..count {
        if what == "tag" {
            assert_eq!(weeek.tags().get(3).call_blocking().unwrap().title, "Urgent");
        } else {
            assert_eq!(weeek.tasks().list(filter()).call_blocking().unwrap().items.len(), 50);
        }
    }
}

/// Decodes a body with strict structs.
fn check(what: &str, body: &[u8]) {
    if what == "tag" {
        let response: by_hand::TagResponse = serde_json::from_slice(body).unwrap();
        assert!(response.success && response.tag.title == "Urgent");
    } else {
        let page: by_hand::Tasks = serde_json::from_slice(body).unwrap();
        assert!(page.success && page.tasks.len() == 50);
    }
}

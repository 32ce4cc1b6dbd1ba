//! Makes calls, to count their instructions: `steps weeek|hand page|tag COUNT`. The server runs in a child process.
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
            for who in ["weeek", "hand"] {
                ["page", "tag"].iter().for_each(|what| calls(who, what, 3));
            }
        }
    }
}

fn body(what: &str) -> Vec<u8> {
    if what == "page" { responses::page(50) } else { responses::tag() }
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

fn calls(who: &str, what: &str, count: usize) {
    let server = ServerProcess::start(what);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match who {
            "weeek" => {
                let weeek = Client::builder("secret").base_url(&server.1).build().unwrap();
                for _ in 0..count {
                    if what == "page" {
                        let filter = ListTasks::new().project_id(4).completed(false).limit(50).offset(0);
                        assert_eq!(weeek.tasks().list(filter).await.unwrap().items.len(), 50);
                    } else {
                        assert_eq!(weeek.tags().get(3).await.unwrap().title, "Urgent");
                    }
                }
            }
            _ => {
                let http = reqwest::Client::builder().no_gzip().build().unwrap();
                for _ in 0..count {
                    if what == "page" {
                        let (project, limit, offset) = (4, 50, 0);
                        let query = format!("projectId={project}&completed=0&perPage={limit}&offset={offset}");
                        let body = by_hand::get(&http, &format!("{}/tm/tasks?{query}", server.1)).await;
                        let page: by_hand::Tasks = serde_json::from_slice(&body).unwrap();
                        assert!(page.success && page.tasks.len() == 50);
                    } else {
                        let body = by_hand::get(&http, &format!("{}/ws/tags/{}", server.1, 3)).await;
                        let response: by_hand::TagResponse = serde_json::from_slice(&body).unwrap();
                        assert!(response.success && response.tag.title == "Urgent");
                    }
                }
            }
        }
    });
}

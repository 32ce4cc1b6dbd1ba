//! Decoding responses, encoding requests and calls over loopback, each beside code without the client.

#![allow(missing_docs)]
#![allow(clippy::wildcard_imports, reason = "each module is one comparison")]
#![recursion_limit = "256"]

mod support;

use divan::{Bencher, black_box};
use futures_util::{StreamExt as _, stream};
use reqwest::StatusCode;
use support::{by_hand, responses, server};
use tokio::runtime::Runtime;
use weeek_generated::Client;
use weeek_generated::models::{CreateTask, CreateTaskLocation, ListTasks};

fn main() {
    divan::main();
}

/// The base URL of clients that send nothing; it takes no TLS.
const OFFLINE: &str = "http://127.0.0.1:1";

fn client(url: &str) -> Client {
    Client::builder("secret").base_url(url).build().unwrap()
}

/// A client that formats each drift.
fn with_drift_hook() -> Client {
    let client = Client::builder("secret").base_url(OFFLINE);
    client.on_drift(|drift| drop(black_box(drift.to_string()))).build().unwrap()
}

mod decode_a_page_of_100_tasks {
    use super::*;

    #[divan::bench]
    fn weeek(bencher: Bencher) {
        let (weeek, page) = (client(OFFLINE), bytes::Bytes::from(responses::page(100)));
        let call = weeek.tasks().list(ListTasks::new());
        bencher.bench(|| call.decode(StatusCode::OK, page.clone()).unwrap());
    }

    #[divan::bench]
    fn structs_by_hand(bencher: Bencher) {
        let page = responses::page(100);
        bencher.bench(|| serde_json::from_slice::<by_hand::Tasks>(black_box(&page)).unwrap());
    }

    #[divan::bench]
    fn json_value(bencher: Bencher) {
        let page = responses::page(100);
        bencher.bench(|| serde_json::from_slice::<serde_json::Value>(black_box(&page)).unwrap());
    }
}

/// The time is linear in the number of items.
#[divan::bench(args = [1_000, 10_000, 100_000])]
fn decode_small_items(bencher: Bencher, count: usize) {
    let tag = |id: usize| serde_json::json!({"id": id, "title": format!("Tag {id}"), "color": "#FF6AA9"});
    let tags: Vec<_> = (0..count).map(tag).collect();
    let list = bytes::Bytes::from(serde_json::json!({"success": true, "tags": tags}).to_string());
    let call = client(OFFLINE).tags().list();
    bencher.bench(|| call.decode(StatusCode::OK, list.clone()).unwrap());
}

/// The time is linear in the size of the response, even if every item has drift.
mod decode_with_a_drift_hook {
    use super::*;

    #[divan::bench(args = [50, 500, 5_000])]
    fn every_item_has_drift(bencher: Bencher, tasks: usize) {
        let weeek = with_drift_hook();
        let page =
            String::from_utf8(responses::page(tasks)).unwrap().replace("\"isCompleted\":false", "\"isCompleted\":0");
        let (call, page) = (weeek.tasks().list(ListTasks::new()), bytes::Bytes::from(page));
        bencher.bench(|| call.decode(StatusCode::OK, page.clone()).unwrap());
    }

    #[divan::bench(args = [50, 500, 5_000])]
    fn no_drift(bencher: Bencher, tasks: usize) {
        let weeek = with_drift_hook();
        let (call, page) = (weeek.tasks().list(ListTasks::new()), bytes::Bytes::from(responses::page(tasks)));
        bencher.bench(|| call.decode(StatusCode::OK, page.clone()).unwrap());
    }
}

mod encode_a_task {
    use super::*;

    #[divan::bench]
    fn weeek(bencher: Bencher) {
        let weeek = client(OFFLINE);
        bencher.bench(|| {
            let task = CreateTask::new().title("Offer").assignees(["a"]).locations([CreateTaskLocation::new(4, None)]);
            weeek.tasks().create(task)
        });
    }

    #[divan::bench]
    fn json_by_hand() -> Vec<u8> {
        let location = serde_json::json!({"projectId": 4, "boardColumnId": null});
        let task = serde_json::json!({"title": "Offer", "assignees": ["a"], "locations": [location]});
        serde_json::to_vec(&task).unwrap()
    }
}

mod one_call {
    use super::*;

    #[divan::bench]
    fn weeek(bencher: Bencher) {
        let (runtime, weeek) = (Runtime::new().unwrap(), client(&server::start(&responses::tag())));
        bencher.bench_local(|| runtime.block_on(weeek.tags().get(3).into_future()).unwrap());
    }

    #[divan::bench]
    fn reqwest_by_hand(bencher: Bencher) {
        let runtime = Runtime::new().unwrap();
        let (http, url) =
            (reqwest::Client::builder().no_gzip().build().unwrap(), server::start(&responses::tag()) + "/ws/tags/3");
        bencher.bench_local(|| {
            let body = runtime.block_on(by_hand::get(&http, &url));
            serde_json::from_slice::<by_hand::TagResponse>(&body).unwrap()
        });
    }
}

/// A thousand calls, at most 64 at once.
#[divan::bench_group(sample_count = 10)]
mod a_thousand_calls {
    use super::*;

    #[divan::bench]
    fn weeek(bencher: Bencher) {
        let (runtime, weeek) = (Runtime::new().unwrap(), client(&server::start(&responses::tag())));
        bencher.bench_local(|| {
            let calls = stream::iter(0..1000).map(|id| weeek.tags().get(id).into_future()).buffer_unordered(64);
            runtime.block_on(calls.for_each(|tag| async { drop(tag.unwrap()) }));
        });
    }

    #[divan::bench]
    fn reqwest_by_hand(bencher: Bencher) {
        let runtime = Runtime::new().unwrap();
        let (http, url) =
            (reqwest::Client::builder().no_gzip().build().unwrap(), server::start(&responses::tag()) + "/ws/tags/3");
        bencher.bench_local(|| {
            let calls = stream::iter(0..1000).map(|_| by_hand::get(&http, &url)).buffer_unordered(64);
            let decode = |body: Vec<u8>| drop(serde_json::from_slice::<by_hand::TagResponse>(&body).unwrap());
            runtime.block_on(calls.for_each(|body| async { decode(body) }));
        });
    }
}

/// Ten pages, each of which takes the server 10 ms, and the program as long.
#[divan::bench_group(sample_count = 5)]
mod a_list_from_a_slow_server {
    use std::time::Duration;

    use super::*;

    const TIME: Duration = Duration::from_millis(10);

    fn page(head: &str) -> Vec<u8> {
        let offset = head.split_once("offset=").unwrap().1.split(['&', ' ']).next().unwrap().parse::<usize>().unwrap();
        std::thread::sleep(TIME);
        let tasks: Vec<_> = (offset..offset + 100).map(|id| serde_json::json!({"id": id})).collect();
        server::response(serde_json::json!({"tasks": tasks, "hasMore": offset < 900}).to_string().as_bytes())
    }

    #[divan::bench(args = [false, true])]
    fn with_prefetch(bencher: Bencher, prefetch: bool) {
        let (runtime, weeek) = (Runtime::new().unwrap(), client(&server::start_with(page)));
        bencher.bench_local(|| {
            let pages = weeek.tasks().list_all(ListTasks::new().limit(100)).into_pages();
            let pages = if prefetch { pages.prefetch() } else { pages };
            let work = async |page: weeek_generated::Result<_>| {
                drop(page.unwrap());
                tokio::time::sleep(TIME).await;
            };
            runtime.block_on(pages.for_each(work));
        });
    }
}

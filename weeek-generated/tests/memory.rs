//! Decoding takes at most ten times the size of the response. Each case runs in a child process, to measure its peak memory.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", target_os = "linux"))]

use std::process::Command;

use reqwest::StatusCode;
use weeek_generated::{Client, models::ListTasks};

const SIZE: usize = 4 << 20;
const CASE: &str = "WEEEK_MEMORY_CASE";

/// A body of about [`SIZE`] with as many copies of `item` between `start` and `end` as fit.
fn body(start: &str, item: &str, end: &str) -> Vec<u8> {
    let count = (SIZE - start.len() - end.len()) / (item.len() + 1);
    let mut body = start.as_bytes().to_vec();
    for at in 0..count {
        body.extend_from_slice(if at == 0 { b"" } else { b"," });
        body.extend_from_slice(item.as_bytes());
    }
    body.extend_from_slice(end.as_bytes());
    body
}

const VALUE: &str = r#"{"success":true,"tasks":[{"id":1,"customFields":[{"id":"a","type":"dream","value":["#;

/// Responses that take the most memory for their size: name, status, and the start, the item and the end of the body.
const CASES: [(&str, u16, &str, &str, &str); 10] = [
    ("an error of small fields", 500, r#"{"errors":{"a":["#, r#"{"":0}"#, "]}}"),
    ("an error with many fields", 422, r#"{"errors":{"#, r#""a":[0]"#, "}}"),
    ("a page of ids", 200, r#"{"success":true,"tasks":["#, r#"{"id":1}"#, r#"],"hasMore":false}"#),
    ("a page of nulls", 200, r#"{"success":true,"tasks":["#, "null", r#"],"hasMore":false}"#),
    ("a page of empty objects", 200, r#"{"success":true,"tasks":["#, "{}", r#"],"hasMore":false}"#),
    ("an unknown value of maps", 200, VALUE, r#"{"":0}"#, "]}]}]}"),
    ("an unknown value of arrays", 200, VALUE, "[[]]", "]}]}]}"),
    ("an unknown property", 200, r#"{"tasks":[{"id":1,"x":["#, r#"{"":0}"#, "]}]}"),
    ("unknown properties", 200, r#"{"tasks":[{"id":1,"#, r#""x":0"#, "}]}"),
    ("an object in place of an array", 200, r#"{"tasks":{"#, r#""":{}"#, "}}"),
];

/// A number of kilobytes in `/proc/self/status`.
fn kilobytes(key: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn decoding_takes_at_most_ten_times_the_size_of_a_response() {
    if let Ok(case) = std::env::var(CASE) {
        return run(&case);
    }
    for (name, ..) in CASES {
        let test = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "decoding_takes_at_most_ten_times_the_size_of_a_response", "--nocapture"])
            .env(CASE, name)
            .output()
            .unwrap();
        assert!(test.status.success(), "{name}: {}", String::from_utf8_lossy(&test.stderr));
    }
}

fn run(case: &str) {
    let weeek = Client::builder("t").on_drift(|drift| drop(drift.to_string())).build().unwrap();
    let (_, status, start, item, end) = CASES.into_iter().find(|(name, ..)| *name == case).unwrap();
    let body = bytes::Bytes::from(body(start, item, end));
    // Resets the peak.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = kilobytes("VmRSS:") - body.len() / 1024;
    let decoded = weeek.tasks().list(ListTasks::new()).decode(StatusCode::from_u16(status).unwrap(), body.clone());
    let peak = kilobytes("VmHWM:") - before;
    let factor = peak * 1024 / body.len();
    assert!(factor <= 10, "{case}: {factor} times the {} bytes of the body; {:?}", body.len(), decoded.err());
    println!("{case}: {factor}");
}

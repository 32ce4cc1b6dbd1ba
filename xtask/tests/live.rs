//! The program with the commands that need the network, as a process.

#![allow(missing_docs)]
#![cfg(feature = "live")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn live(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask-live"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn the_mock_continues_when_nobody_reads_its_log() {
    let mut mock = Process(live(&["mock", "--port", "0"]).spawn().unwrap());
    let mut output = BufReader::new(mock.0.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let url = line.strip_prefix("listening on ").unwrap().split(';').next().unwrap();
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    // A pipe holds 64 KiB, and the queue 1,000 lines.
    for _ in 0..1200 {
        let request = http.get(format!("{url}/public/v1/ws?x={}", "x".repeat(500))).bearer_auth("t");
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

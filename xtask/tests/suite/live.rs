//! The program with the commands that need the network, as a process.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};
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

/// A mock server, its output and its URL.
fn mock(arguments: &[&str]) -> (Process, BufReader<ChildStdout>, String) {
    let mut mock = Process(live(&[&["mock", "--port", "0"], arguments].concat()).spawn().unwrap());
    let mut output = BufReader::new(mock.0.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let url = line.strip_prefix("listening on ").unwrap().split(';').next().unwrap().to_owned();
    (mock, output, url)
}

fn probe(url: &str, arguments: &[&str]) -> Command {
    let mut probe = live(&[&["probe"], arguments].concat());
    probe.env("WEEEK_TOKEN", "a-secret-token").env("WEEEK_BASE_URL", url);
    probe
}

#[tokio::test]
async fn the_mock_continues_when_nobody_reads_its_log() {
    let (_mock, _output, url) = mock(&[]);
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    // A pipe holds 64 KiB, and the queue 1,000 lines.
    for _ in 0..1200 {
        let request = http.get(format!("{url}/public/v1/ws?x={}", "x".repeat(500))).bearer_auth("t");
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_verbose_mock_prints_bodies() {
    let (_mock, output, url) = mock(&["--verbose"]);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request =
        http.post(format!("{url}/ws/tags")).bearer_auth("a-secret-token").header("content-type", "application/json");
    assert_eq!(request.body("{\"title\":\n\"Urgent\"}").send().await.unwrap().status(), 200);
    let lines: Vec<String> = output.lines().skip(1).take(3).map(Result::unwrap).collect();
    assert_eq!(lines[..2], ["POST /ws/tags  200  tags.create", "  > {\"title\":\\n\"Urgent\"}"]);
    assert!(lines[2].starts_with("  < {") && lines[2].contains("\"title\":\"Urgent\""), "{}", lines[2]);
}

#[test]
fn a_missing_token_is_explained() {
    let output = probe("http://127.0.0.1:1", &[]).env_remove("WEEEK_TOKEN").output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.starts_with("error: WEEEK_TOKEN is not set\nhelp: create a token in the settings"), "{errors}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn an_unknown_operation_is_an_error() {
    let output = live(&["mock", "--port", "0", "--reply", "tasks.make=422"]).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.starts_with("error: unknown operation `tasks.make` in `--reply`\n"), "{errors}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_proxy_does_not_receive_the_token_for_loopback() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let (_mock, _output, url) = mock(&[]);
    let mut probe = probe(&url, &["--max-requests", "1"]);
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        probe.env(variable, format!("http://{}", proxy.local_addr().unwrap()));
    }
    let output = probe.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    assert!(proxy.accept().is_err(), "a request went to the proxy");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), text.as_str()), (Some(0), "1 response, 1 operation: no drift\n"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_probe_with_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let (_mock, _output, url) = mock(&[]);
    let mut probe = Process(probe(&url, &["--record", record.to_str().unwrap()]).spawn().unwrap());
    let mut progress = BufReader::new(probe.0.stderr.take().unwrap());
    progress.read_line(&mut String::new()).unwrap();
    let interrupted = Command::new("kill").args(["-INT", &probe.0.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    let mut out = String::new();
    probe.0.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert!(out.ends_with(": no drift\n"), "{out}");
    assert_eq!(probe.0.wait().unwrap().code(), Some(2));
    assert!(record.join("user.get.json").exists());
}

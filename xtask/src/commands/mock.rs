//! `cargo xtask mock`: runs a mock server from the spec.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender};

use clap::Args;

use crate::contract::Spec;
use crate::mock::{self, Exchange, Mock};
use crate::outcome::Outcome;
use crate::printable::printable;

/// Run a mock server from the spec: it checks requests, and replies with examples.
///
/// `Prefer: code=422` requests the example of any declared status, and 429 or 503. Exit status: 2 usage or I/O.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    mock: mock::Options,
    /// The spec to serve.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Print the bodies of requests and responses, up to 4 KiB of each.
    #[arg(long, short)]
    verbose: bool,
}

/// Serves until the process is stopped. Returns only on failure.
pub async fn run(options: &Options) -> Result<Outcome, String> {
    let (spec, port) = (Arc::new(Spec::load(options.spec.as_deref())?), options.mock.port);
    if let Some((id, _)) = options.mock.replies.iter().find(|(id, _)| spec.operation(id).is_none()) {
        return Err(format!(
            "unknown operation `{id}` in `--reply`\nhelp: `cargo xtask operations --format json` lists the ids"
        ));
    }
    let printer = Arc::new(Printer::new());
    let (log, is_verbose) = (printer.clone(), options.verbose);
    let print = move |exchange: &Exchange<'_>| {
        let bodies = if is_verbose { bodies(exchange) } else { String::new() };
        log.print(format!("{exchange}{bodies}"));
    };
    let mock = Mock::start(spec, &options.mock, print).await;
    let mock = mock.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!(
                "port {port} is already in use\nhelp: `--port 0` picks a free port, any other number is a port to try"
            )
        }
        _ => format!("cannot listen on port {port}: {error}"),
    })?;
    printer.print(format!("listening on {}; any token is accepted; Ctrl-C stops\n", mock.url()));
    std::future::pending().await
}

/// The bodies of a request and its response, each as an indented line.
fn bodies(exchange: &Exchange<'_>) -> String {
    let received = if exchange.body.is_null() { String::new() } else { exchange.body.to_string() };
    let mut lines = String::new();
    for (mark, body) in [('>', exchange.sent), ('<', received.as_bytes())] {
        let start = String::from_utf8_lossy(&body[..body.len().min(4096)]);
        let rest = if body.len() > 4096 { format!(" … {} bytes", body.len()) } else { String::new() };
        if !body.is_empty() {
            let _ = write!(lines, "\n  {mark} {}{rest}", printable(&start));
        }
    }
    lines
}

/// Prints lines on its own thread: a pipe without a reader blocks the writer, but must not block the server.
struct Printer {
    lines: SyncSender<String>,
    dropped: AtomicUsize,
}

impl Printer {
    fn new() -> Self {
        let (sender, lines) = mpsc::sync_channel(1000);
        // The server continues even if the reader is gone.
        std::thread::spawn(move || lines.into_iter().for_each(|line: String| drop(writeln!(io::stdout(), "{line}"))));
        Self { lines: sender, dropped: AtomicUsize::new(0) }
    }

    /// Prints a line, or drops and counts it if too many are waiting.
    fn print(&self, line: String) {
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        let line = if dropped == 0 { line } else { format!("({dropped} lines dropped)\n{line}") };
        if self.lines.try_send(line).is_err() {
            self.dropped.fetch_add(dropped + 1, Ordering::Relaxed);
        }
    }
}

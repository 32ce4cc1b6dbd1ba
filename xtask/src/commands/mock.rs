//! `cargo xtask mock`: runs a mock server from the spec.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender};

use clap::Args;

use crate::contract::Spec;
use crate::mock::{self, Mock};
use crate::outcome::Outcome;

/// Run a mock server from the spec: it checks requests, and replies with examples.
///
/// `Prefer: code=422` requests the example of any declared status. Exit status: 2 usage or I/O.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    mock: mock::Options,
    /// The spec to serve.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

/// Serves until the process is stopped. Returns only on failure.
pub async fn run(options: &Options) -> Result<Outcome, String> {
    let (spec, port) = (Arc::new(Spec::load(options.spec.as_deref())?), options.mock.port);
    let printer = Arc::new(Printer::new());
    let log = printer.clone();
    let mock = Mock::start(spec, &options.mock, move |exchange| log.print(exchange.to_string())).await;
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

/// Prints lines on its own thread: a pipe that nobody reads blocks the writer, but must not block the server.
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

//! `cargo xtask mock`: runs a mock server from the spec.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

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
    let mock = Mock::start(spec, &options.mock, |exchange| print(&exchange.to_string())).await;
    let mock = mock.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!(
                "port {port} is already in use\nhelp: `--port 0` picks a free port, any other number is a port to try"
            )
        }
        _ => format!("cannot listen on port {port}: {error}"),
    })?;
    print(&format!("listening on {}; any token is accepted; Ctrl-C stops\n", mock.url()));
    std::future::pending().await
}

/// Prints a line. The server continues even if the reader is gone.
fn print(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

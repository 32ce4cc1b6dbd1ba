//! `cargo xtask mock`: a server that knows of Weeek what the document says, and nothing else.

mod check;
mod reply;
mod server;
mod storage;

use std::fmt;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::document::Document;
use crate::form::printable;
use crate::schema::Schemas;
use server::Server;
use storage::Storage;

/// How the mock behaves.
#[derive(Clone, Debug, Default, Args)]
pub struct Options {
    /// The port on this machine; 0 picks a free one.
    #[arg(long, default_value_t = 8737)]
    pub port: u16,
    /// How many rows every list has; without it, those of the document's example.
    #[arg(long, value_name = "N")]
    pub rows: Option<usize>,
    /// How much of all requests fails: 0.05 is one in twenty, as 429, as 503 or by a broken connection.
    ///
    /// A file's address may also have expired (403).
    #[arg(long, value_name = "RATE", default_value_t = 0.0, value_parser = rate)]
    pub faults: f64,
    /// Which of them: the same seed fails the same requests.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub seed: u64,
    /// The document to serve.
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
}

fn rate(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|rate| (0.0..=1.0).contains(rate))
        .ok_or_else(|| "has to be a number from 0 to 1".to_owned())
}

/// Serves until it is stopped. Returns only with what kept it from that.
pub async fn run(options: &Options) -> String {
    let document = match Document::load(options.spec.as_deref()) {
        Ok(document) => Arc::new(document),
        Err(error) => return error,
    };
    match Mock::start(document, options, |exchange| say(&exchange.to_string())).await {
        Ok(mock) => {
            say(&format!("listening on {}; any token will do, and Ctrl-C ends it\n", mock.url()));
            std::future::pending().await
        }
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            format!(
                "cannot listen on port {}: something else does\nhelp: `--port 0` picks a free one, any other number is a port to try",
                options.port
            )
        }
        Err(error) => format!("cannot listen on port {}: {error}", options.port),
    }
}

/// Nobody may be listening any more, and the server goes on all the same.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Mock {
    address: SocketAddr,
    tasks: [tokio::task::JoinHandle<()>; 2],
}

impl Mock {
    /// Starts a server on loopback. `log` is told every request, those to the storage of files among them.
    pub async fn start(
        document: Arc<Document>,
        options: &Options,
        log: impl Fn(&Exchange<'_>) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let storage = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let files = Storage::new(&document, &url(address), &url(storage.local_addr()?));
        let spec = Spec { schemas: Schemas::new(document.clone()), document };
        let server = Arc::new(Server::new(spec, files, options, log));
        let tasks = [
            tokio::spawn(server::accept(listener, server.clone(), server::Side::Api)),
            tokio::spawn(server::accept(storage, server, server::Side::Storage)),
        ];
        Ok(Self { address, tasks })
    }

    /// Where it listens, as a base URL.
    pub fn url(&self) -> String {
        url(self.address)
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// A request and what became of it. As text it is one line, which never holds the token.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The id of the operation, where there is one.
    pub operation: Option<&'a str>,
    /// The status of the answer; none where the connection was dropped.
    pub status: Option<u16>,
    /// The answer's JSON; null where it has none.
    pub body: &'a Value,
    request: &'a str,
    note: &'a str,
}

impl fmt::Display for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.request)?;
        if let Some(status) = self.status {
            write!(f, "  {status}")?;
        }
        if let Some(operation) = self.operation {
            write!(f, "  {operation}")?;
        }
        let gap = match (self.note, self.operation) {
            ("", _) => "",
            (_, Some(_)) => ": ",
            (_, None) => "  ",
        };
        write!(f, "{gap}{}", printable(self.note))
    }
}

/// The document, and validators of its schemas.
struct Spec {
    document: Arc<Document>,
    schemas: Schemas,
}

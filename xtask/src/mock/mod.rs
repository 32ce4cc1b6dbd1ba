//! `cargo xtask mock`: a server that knows of Weeek what the document says, and nothing else.

mod check;
mod reply;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming as Stream};
use hyper::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::document::{Document, Operation, Route};
use crate::schema::{Faults, Schemas};

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
    text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate)).ok_or_else(|| "a number from 0 to 1".to_owned())
}

/// Serves until it is stopped. Returns only with what kept it from that.
pub async fn run(options: &Options) -> String {
    let document = match Document::load(options.spec.as_deref()) {
        Ok(document) => Arc::new(document),
        Err(error) => return error,
    };
    match Mock::start(document, options, |line| println!("{line}")).await {
        Ok(mock) => {
            println!("listening on {}; any token will do\n", mock.url());
            std::future::pending().await
        }
        Err(error) => format!("cannot listen on port {}: {error}", options.port),
    }
}

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Mock {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Mock {
    /// Starts a server on loopback. `log` is told every request in one line, which never holds the token.
    pub async fn start(
        document: Arc<Document>,
        options: &Options,
        log: impl Fn(&str) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let server = Arc::new(Server {
            spec: Spec { schemas: Schemas::new(document.clone()), document },
            rows: options.rows,
            faults: options.faults,
            chance: Mutex::new(fastrand::Rng::with_seed(options.seed)),
            log: Box::new(log),
        });
        Ok(Self { address, task: tokio::spawn(accept(listener, server)) })
    }

    /// Where it listens, as a base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The document, and validators of its schemas.
struct Spec {
    document: Arc<Document>,
    schemas: Schemas,
}

struct Server {
    spec: Spec,
    rows: Option<usize>,
    faults: f64,
    chance: Mutex<fastrand::Rng>,
    log: Box<dyn Fn(&str) + Send + Sync>,
}

/// A request as it came.
struct Incoming {
    method: String,
    path: String,
    query: String,
    headers: HeaderMap,
    content_type: String,
    body: Bytes,
}

struct Reply {
    status: u16,
    headers: Vec<(hyper::header::HeaderName, String)>,
    body: Value,
    note: String,
}

impl Reply {
    fn new(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body, note: String::new() }
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn header(mut self, name: hyper::header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

async fn accept(listener: TcpListener, server: Arc<Server>) {
    // Connections end with the server.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let server = server.clone();
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let server = server.clone();
                async move { server.serve(request).await }
            });
            // A connection that breaks is the other end's affair, or a fault that was asked for.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// A fault that was asked for: hyper closes the connection without an answer.
#[derive(Debug)]
struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("dropped on purpose")
    }
}

impl std::error::Error for Dropped {}

impl Server {
    async fn serve(&self, request: Request<Stream>) -> Result<Response<Full<Bytes>>, Dropped> {
        let (parts, body) = request.into_parts();
        let text =
            |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
        let content_type = text(CONTENT_TYPE).to_owned();
        let incoming = Incoming {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            content_type,
            body: body.collect().await.map_err(|_| Dropped)?.to_bytes(),
        };
        let asked = format!("{} {}", incoming.method, parts.uri.path_and_query().map_or("/", |path| path.as_str()));
        let Some(reply) = self.reply(&incoming).await else {
            (self.log)(&format!("{asked}  connection dropped on purpose"));
            return Err(Dropped);
        };
        let gap = if reply.note.is_empty() { "" } else { "  " };
        (self.log)(&format!("{asked}  {}{gap}{}", reply.status, reply.note));
        let body = if reply.body.is_null() { Bytes::new() } else { reply.body.to_string().into() };
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = hyper::StatusCode::from_u16(reply.status).map_err(|_| Dropped)?;
        if !reply.body.is_null() {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in reply.headers {
            response.headers_mut().insert(name, HeaderValue::try_from(value).map_err(|_| Dropped)?);
        }
        Ok(response)
    }

    /// The answer; none is a broken connection.
    async fn reply(&self, incoming: &Incoming) -> Option<Reply> {
        let document = &self.spec.document;
        let route = format!("{}{}", document.base_path(), document.below_server(&incoming.path));
        let route = route.trim_start_matches('/');
        let (operation, segments) = match document.route(&incoming.method, &incoming.path) {
            Route::Operation(operation, segments) => (operation, segments),
            Route::Unknown => {
                let message = format!("The route {route} could not be found.");
                return Some(Reply::new(404, json!({"message": message})).note("no such route"));
            }
            Route::OtherMethods(methods) => {
                let (methods, method) = (methods.join(", "), &incoming.method);
                let message =
                    format!("The {method} method is not supported for route {route}. Supported methods: {methods}.");
                return Some(Reply::new(405, json!({"message": message})).header(ALLOW, methods));
            }
        };
        let id = operation.id.as_str();
        if !has_token(&incoming.headers) {
            return Some(self.declared(operation, 401).note(format!("{id}: no `Authorization: Bearer …`")));
        }
        if let Some(fault) = self.fault() {
            return fault.map(|reply| reply.note(format!("{id}: on purpose")));
        }
        if let Some(status) = preferred(&incoming.headers) {
            return Some(self.prefer(operation, status));
        }
        let mut ids = BTreeMap::new();
        for parameter in document.parameters(operation).iter().filter(|parameter| parameter.in_path) {
            let text = segments.get(&parameter.name).map(String::as_str).unwrap_or_default();
            let value = check::id(&self.spec, parameter, text);
            if !self.spec.schemas.fits(&parameter.schema, &value) {
                let status = if document.answer(operation, 404).is_some() { 404 } else { 422 };
                return Some(self.declared(operation, status).note(format!("{id}: no id: {text}")));
            }
            ids.insert(parameter.name.clone(), value);
        }
        let checked = check::check(&self.spec, operation, incoming).await;
        if !checked.faults.is_empty() {
            let places = checked.faults.keys().cloned().collect::<Vec<_>>().join(", ");
            return Some(refusal(&checked.faults).note(format!("{id}: {places}")));
        }
        let status = document.success(operation).map_or(200, |answer| answer.status);
        let body = reply::success(&self.spec, operation, &ids, &checked.sent, self.rows);
        let ignored = checked.ignored.join(", ");
        let note = if ignored.is_empty() { id.to_owned() } else { format!("{id}: ignored: {ignored}") };
        Some(Reply::new(status, body.unwrap_or_default()).note(note))
    }

    /// The example of a declared status.
    fn declared(&self, operation: &Operation, status: u16) -> Reply {
        let example = self.spec.document.answer(operation, status).and_then(|answer| answer.example.cloned());
        Reply::new(status, example.unwrap_or_default())
    }

    fn prefer(&self, operation: &Operation, status: u16) -> Reply {
        let id = &operation.id;
        if self.spec.document.answer(operation, status).is_some() {
            return self.declared(operation, status).note(format!("{id}: as preferred"));
        }
        let statuses: Vec<_> = self.spec.document.statuses(operation).iter().map(u16::to_string).collect();
        let text = format!("{id} declares no status {status}, only {}.", statuses.join(", "));
        let faults = Faults::from([("prefer".to_owned(), vec![text])]);
        refusal(&faults).note(format!("{id}: prefer"))
    }

    /// Whether this request fails, and how: by an answer, or by none.
    #[expect(clippy::option_option, reason = "no fault, a fault that is answered, a fault that is not")]
    fn fault(&self) -> Option<Option<Reply>> {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        let fails = chance.f64() < self.faults;
        let kind = chance.u8(0..3);
        drop(chance);
        fails.then(|| match kind {
            0 => Some(Reply::new(429, json!({"message": "Too Many Attempts."})).header(RETRY_AFTER, "1")),
            1 => Some(Reply::new(503, json!({"message": "Service Unavailable"}))),
            _ => None,
        })
    }
}

fn refusal(faults: &Faults) -> Reply {
    let first = faults.values().flatten().next();
    Reply::new(422, json!({"success": false, "message": first, "errors": faults}))
}

fn has_token(headers: &HeaderMap) -> bool {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|token| !token.trim().is_empty())
}

/// `Prefer: code=422`
fn preferred(headers: &HeaderMap) -> Option<u16> {
    let value = headers.get("prefer")?.to_str().ok()?;
    value.split([',', ';']).find_map(|part| part.trim().strip_prefix("code=")?.parse().ok())
}

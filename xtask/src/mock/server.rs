//! Requests to answers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming as Stream};
use hyper::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::storage::{self, Storage};
use super::{Exchange, Options, Spec, check, reply};
use crate::document::{Operation, Route};
use crate::schema::Faults;

/// Who is asked: each has a port of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Api,
    Storage,
}

pub(super) struct Server {
    spec: Spec,
    files: Storage,
    rows: Option<usize>,
    faults: f64,
    chance: Mutex<fastrand::Rng>,
    log: Box<dyn Fn(&Exchange<'_>) + Send + Sync>,
}

/// A request as it came.
pub(super) struct Incoming {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) content_type: String,
    pub(super) body: Bytes,
}

struct Reply<'s> {
    operation: Option<&'s str>,
    status: u16,
    headers: Vec<(HeaderName, String)>,
    content: Content,
    note: String,
}

enum Content {
    /// Null is no body at all.
    Json(Value),
    Bytes(&'static str, Bytes),
}

impl<'s> Reply<'s> {
    fn new(status: u16, body: Value) -> Self {
        let (headers, content) = (Vec::new(), Content::Json(body));
        Self { operation: None, status, headers, content, note: String::new() }
    }

    fn bytes(status: u16, media_type: &'static str, bytes: Bytes) -> Self {
        Self { content: Content::Bytes(media_type, bytes), ..Self::new(status, Value::Null) }
    }

    fn of(self, operation: &'s Operation) -> Self {
        Self { operation: Some(&operation.id), ..self }
    }

    fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn into_response(self) -> Option<Response<Full<Bytes>>> {
        let (media_type, bytes) = match self.content {
            Content::Json(Value::Null) => (None, Bytes::new()),
            Content::Json(body) => (Some("application/json"), body.to_string().into()),
            Content::Bytes(media_type, bytes) => (Some(media_type), bytes),
        };
        let mut response = Response::new(Full::new(bytes));
        *response.status_mut() = StatusCode::from_u16(self.status).ok()?;
        let headers = response.headers_mut();
        headers.extend(media_type.map(|media_type| (CONTENT_TYPE, HeaderValue::from_static(media_type))));
        for (name, value) in self.headers {
            headers.insert(name, HeaderValue::try_from(value).ok()?);
        }
        Some(response)
    }
}

pub(super) async fn accept(listener: TcpListener, server: Arc<Server>, side: Side) {
    // Connections end with the server.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many files are open, or the other end has gone: the next connection may be better off.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let server = server.clone();
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let server = server.clone();
                async move { server.serve(request, side).await }
            });
            // A connection that breaks is the other end's affair, or a fault that was asked for.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// There is no answer: hyper closes the connection.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is dropped")
    }
}

impl std::error::Error for Dropped {}

impl Server {
    pub(super) fn new(
        spec: Spec,
        files: Storage,
        options: &Options,
        log: impl Fn(&Exchange<'_>) + Send + Sync + 'static,
    ) -> Self {
        let chance = Mutex::new(fastrand::Rng::with_seed(options.seed));
        Self { spec, files, rows: options.rows, faults: options.faults, chance, log: Box::new(log) }
    }

    async fn serve(&self, request: Request<Stream>, side: Side) -> Result<Response<Full<Bytes>>, Dropped> {
        let (parts, body) = request.into_parts();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let asked = format!("{} {target}", parts.method);
        let dropped = |note: &str| {
            (self.log)(&Exchange { operation: None, status: None, body: &Value::Null, request: &asked, note });
            Dropped
        };
        let body = body.collect().await.map_err(|_| dropped("the request broke off"))?.to_bytes();
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let incoming = Incoming {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            content_type: content_type.unwrap_or_default().to_owned(),
            headers: parts.headers,
            body,
        };
        let reply = match side {
            Side::Api => self.reply(&incoming).await,
            Side::Storage => self.file(&incoming),
        };
        let reply = reply.ok_or_else(|| dropped("connection dropped on purpose"))?;
        let Reply { operation, status, .. } = reply;
        let body = if let Content::Json(body) = &reply.content { body } else { &Value::Null };
        (self.log)(&Exchange { operation, status: Some(status), body, request: &asked, note: &reply.note });
        reply.into_response().ok_or(Dropped)
    }

    /// What the storage has; none is a broken connection.
    fn file(&self, incoming: &Incoming) -> Option<Reply<'_>> {
        let refused = |status, code, message| Reply::bytes(status, "application/xml", storage::refusal(code, message));
        if !self.files.has(&incoming.path) {
            return Some(refused(404, "NoSuchKey", "The specified key does not exist.").note("no such file"));
        }
        if incoming.headers.contains_key(AUTHORIZATION) {
            let reply = refused(400, "InvalidArgument", "Only one auth mechanism allowed.");
            return Some(reply.note("the token was sent to the storage, where it never belongs"));
        }
        if let Some(fault) = self.fault() {
            return match fault {
                Fault::Busy => Some(refused(403, "AccessDenied", "Request has expired.")),
                Fault::Unavailable => Some(refused(503, "SlowDown", "Please reduce your request rate.")),
                Fault::Dropped => None,
            }
            .map(|reply| reply.note("on purpose"));
        }
        let bytes = storage::bytes(&incoming.query);
        Some(Reply::bytes(200, "application/octet-stream", bytes).note("a file"))
    }

    /// The answer; none is a broken connection.
    async fn reply(&self, incoming: &Incoming) -> Option<Reply<'_>> {
        let document = &self.spec.document;
        let route = format!("{}{}", document.base_path(), document.below_server(&incoming.path));
        let route = route.trim_start_matches('/');
        let (operation, segments) = match document.route(&incoming.method, &incoming.path) {
            Route::Operation(operation, segments) => (operation, segments),
            Route::Unknown if incoming.method == "GET" && self.files.has(&incoming.path) => {
                let location = self.files.location(&incoming.path, &incoming.query);
                return Some(Reply::new(303, Value::Null).header(LOCATION, location).note("to the storage"));
            }
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
        if !has_token(&incoming.headers) {
            return Some(self.declared(operation, 401).note("no `Authorization: Bearer …`"));
        }
        if let Some(fault) = self.fault() {
            return match fault {
                Fault::Busy => Some(Reply::new(429, json!({"message": "Too Many Attempts."})).header(RETRY_AFTER, "1")),
                Fault::Unavailable => Some(Reply::new(503, json!({"message": "Service Unavailable"}))),
                Fault::Dropped => None,
            }
            .map(|reply| reply.of(operation).note("on purpose"));
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
                return Some(self.declared(operation, status).note(format!("no {}: {text}", parameter.name)));
            }
            ids.insert(parameter.name.clone(), value);
        }
        let checked = check::check(&self.spec, operation, incoming).await;
        if !checked.faults.is_empty() {
            let places = checked.faults.keys().cloned().collect::<Vec<_>>().join(", ");
            return Some(refusal(&checked.faults).of(operation).note(places));
        }
        let answer = document.success(operation)?;
        let body = reply::success(&self.spec, operation, &ids, &checked, self.rows);
        let body = self.with_files(answer.schema.as_deref(), body);
        let ignored = checked.ignored.join(", ");
        let note = if ignored.is_empty() { String::new() } else { format!("ignored: {ignored}") };
        Some(Reply::new(answer.status, body).of(operation).note(note))
    }

    /// The example of a declared status.
    fn declared<'s>(&'s self, operation: &'s Operation, status: u16) -> Reply<'s> {
        let answer = self.spec.document.answer(operation, status);
        let (schema, example) = answer.map_or((None, None), |answer| (answer.schema, answer.example.cloned()));
        Reply::new(status, self.with_files(schema.as_deref(), example)).of(operation)
    }

    /// A body whose files are here; null where there is none.
    fn with_files(&self, schema: Option<&str>, body: Option<Value>) -> Value {
        let mut body = body.unwrap_or_default();
        if let Some(schema) = schema {
            self.files.lead_here(&self.spec.document, schema, &mut body);
        }
        body
    }

    fn prefer<'s>(&'s self, operation: &'s Operation, status: u16) -> Reply<'s> {
        let id = &operation.id;
        if self.spec.document.answer(operation, status).is_some() {
            return self.declared(operation, status).note("as preferred");
        }
        let statuses: Vec<_> = self.spec.document.statuses(operation).iter().map(u16::to_string).collect();
        let text = format!("{id} declares no status {status}, only {}.", statuses.join(", "));
        let faults = Faults::from([("prefer".to_owned(), vec![text])]);
        refusal(&faults).of(operation).note("prefer")
    }

    /// How this request fails, if it does.
    fn fault(&self) -> Option<Fault> {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        let fails = chance.f64() < self.faults;
        let kind = [Fault::Busy, Fault::Unavailable, Fault::Dropped][chance.usize(0..3)];
        fails.then_some(kind)
    }
}

/// A failure that was asked for.
#[derive(Clone, Copy)]
enum Fault {
    /// The API answers 429; at the storage the address has expired.
    Busy,
    Unavailable,
    Dropped,
}

fn refusal<'s>(faults: &Faults) -> Reply<'s> {
    let all = faults.values().flatten().count();
    let message = faults.values().flatten().next().map(|first| match all - 1 {
        0 => first.clone(),
        1 => format!("{first} (and 1 more error)"),
        more => format!("{first} (and {more} more errors)"),
    });
    Reply::new(422, json!({"success": false, "message": message, "errors": faults}))
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

//! Decides what to reply to a request.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::header::{ALLOW, AUTHORIZATION, HeaderName, LOCATION, RETRY_AFTER};
use serde_json::{Value, json};

use super::example;
use super::request::{Request, check, path_parameter};
use super::storage::{self, Storage};
use crate::contract::schema::{Schemas, Violations};
use crate::contract::{Operation, Route, Spec};

/// The behavior of the mock server.
#[derive(Clone, Debug, Default, Args)]
#[group(skip)]
pub struct Options {
    /// Port on this machine; 0 picks a free one.
    #[arg(long, default_value_t = 8737)]
    pub port: u16,
    /// Number of items in every list [default: those of the example]
    #[arg(long, value_name = "N")]
    pub items: Option<usize>,
    /// Fraction of requests that fail, e.g. 0.05: with 429, 503 or a dropped connection.
    ///
    /// The URL of a file may also expire (403).
    #[arg(long, value_name = "RATE", default_value_t = 0.0, value_parser = rate)]
    pub failure_rate: f64,
    /// Random seed for failures.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub seed: u64,
    /// Status of an operation, such as tasks.create=422; may be repeated. A `Prefer` header wins.
    #[arg(long = "reply", value_name = "OPERATION=STATUS", value_parser = chosen_status)]
    pub replies: Vec<(String, u16)>,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    rate.ok_or_else(|| "must be a number from 0 to 1".to_owned())
}

fn chosen_status(text: &str) -> Result<(String, u16), String> {
    let parts = text.split_once('=').and_then(|(operation, status)| Some((operation.to_owned(), status.parse().ok()?)));
    parts.ok_or_else(|| "must be an operation and a status, such as tasks.create=422".to_owned())
}

/// A response, and what the log says of it.
pub(super) struct Reply<'r> {
    pub(super) operation: Option<&'r str>,
    pub(super) status: u16,
    pub(super) headers: Vec<(HeaderName, String)>,
    pub(super) content: Content,
    pub(super) note: String,
}

/// The content of a response.
pub(super) enum Content {
    /// Null is an empty body.
    Json(Value),
    Bytes(&'static str, Bytes),
}

impl<'r> Reply<'r> {
    fn new(status: u16, body: Value) -> Self {
        Self { operation: None, status, headers: Vec::new(), content: Content::Json(body), note: String::new() }
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let message = format!("The body is larger than {} MiB.", limit >> 20);
        Self::new(413, json!({"message": message})).note("the body is too large")
    }

    fn storage_error(status: u16, code: &str, message: &str) -> Self {
        Self {
            content: Content::Bytes("application/xml", storage::error_body(code, message)),
            ..Self::new(status, Value::Null)
        }
    }

    /// The error that names the violations of a request.
    fn violations(violations: &Violations) -> Self {
        let count = violations.values().flatten().count();
        let message = violations.values().flatten().next().map(|first| match count - 1 {
            0 => first.clone(),
            1 => format!("{first} (and 1 more error)"),
            more => format!("{first} (and {more} more errors)"),
        });
        Self::new(422, json!({"success": false, "message": message, "errors": violations}))
    }

    fn of(self, operation: &'r Operation) -> Self {
        Self { operation: Some(&operation.id), ..self }
    }

    fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Makes replies from the spec.
pub(super) struct Replies {
    schemas: Schemas,
    storage: Storage,
    options: Options,
    random: Mutex<fastrand::Rng>,
}

/// A failure that the options ask for.
#[derive(Clone, Copy)]
enum InjectedFailure {
    /// 429; at the storage an expired URL.
    Busy,
    Unavailable,
    Dropped,
}

impl Replies {
    pub(super) fn new(spec: Arc<Spec>, storage: Storage, options: &Options) -> Self {
        let random = Mutex::new(fastrand::Rng::with_seed(options.seed));
        Self { schemas: Schemas::new(spec), storage, options: options.clone(), random }
    }

    /// The reply of the storage; `None` drops the connection.
    pub(super) fn file(&self, request: &Request) -> Option<Reply<'_>> {
        if !self.storage.has(&request.path) {
            let message = "The specified key does not exist.";
            return Some(Reply::storage_error(404, "NoSuchKey", message).note("unknown file"));
        }
        if request.headers.contains_key(AUTHORIZATION) {
            let reply = Reply::storage_error(400, "InvalidArgument", "Only one auth mechanism allowed.");
            return Some(reply.note("the token was sent to the storage"));
        }
        let (reply, note) = match self.injected_failure() {
            Some(InjectedFailure::Dropped) => return None,
            Some(InjectedFailure::Busy) => {
                (Reply::storage_error(403, "AccessDenied", "Request has expired."), "injected failure")
            }
            Some(InjectedFailure::Unavailable) => {
                (Reply::storage_error(503, "SlowDown", "Please reduce your request rate."), "injected failure")
            }
            None => {
                let content = Content::Bytes("application/octet-stream", storage::bytes(&request.query));
                (Reply { content, ..Reply::new(200, Value::Null) }, "a file")
            }
        };
        Some(reply.note(note))
    }

    /// The reply of the API; `None` drops the connection.
    pub(super) async fn api(&self, request: &Request) -> Option<Reply<'_>> {
        let spec = self.schemas.spec();
        let (operation, segments) = match spec.route(&request.method, &request.path) {
            Route::Operation(operation, segments) => (operation, segments),
            Route::Unknown if request.method == "GET" && self.storage.has(&request.path) => {
                let location = self.storage.location(&request.path, &request.query);
                return Some(Reply::new(303, Value::Null).header(LOCATION, location).note("to the storage"));
            }
            other => return Some(self.no_operation(request, &other)),
        };
        if !has_token(&request.headers) {
            return Some(self.declared(operation, 401).note("no `Authorization: Bearer …`"));
        }
        if let Some(failure) = self.injected_failure() {
            let reply = match failure {
                InjectedFailure::Busy => busy(),
                InjectedFailure::Unavailable => unavailable(),
                InjectedFailure::Dropped => return None,
            };
            return Some(reply.of(operation).note("injected failure"));
        }
        let chosen = self.options.replies.iter().rev().find(|(id, _)| *id == operation.id).map(|(_, status)| *status);
        if let Some(status) = preferred(&request.headers).or(chosen) {
            return Some(self.preferred(operation, status));
        }
        let mut ids = BTreeMap::new();
        for parameter in spec.parameters(operation).iter().filter(|parameter| parameter.in_path) {
            let text = segments.get(&parameter.name).map(String::as_str).unwrap_or_default();
            let value = path_parameter(&self.schemas, parameter, text);
            if !self.schemas.fits(&parameter.schema, &value) {
                let status = if spec.response(operation, 404).is_some() { 404 } else { 422 };
                return Some(self.declared(operation, status).note(format!("invalid {}: {text}", parameter.name)));
            }
            ids.insert(parameter.name.clone(), value);
        }
        let checked = check(&self.schemas, operation, request).await;
        if !checked.violations.is_empty() {
            let locations = checked.violations.keys().cloned().collect::<Vec<_>>().join(", ");
            return Some(Reply::violations(&checked.violations).of(operation).note(locations));
        }
        let response = spec.success(operation)?;
        let body = example::success(&self.schemas, operation, &ids, &checked, self.options.items);
        let body = self.with_urls(response.schema.as_deref(), body);
        let ignored = checked.ignored.join(", ");
        let note = if ignored.is_empty() { String::new() } else { format!("ignored: {ignored}") };
        Some(Reply::new(response.status, body).of(operation).note(note))
    }

    fn no_operation(&self, request: &Request, route: &Route<'_>) -> Reply<'_> {
        let spec = self.schemas.spec();
        let path = format!("{}{}", spec.base_path(), spec.relative_path(&request.path));
        let path = path.trim_start_matches('/');
        let Route::OtherMethods(methods) = route else {
            let message = format!("The route {path} could not be found.");
            return Reply::new(404, json!({"message": message})).note("unknown route");
        };
        let (methods, method) = (methods.join(", "), &request.method);
        let message = format!("The {method} method is not supported for route {path}. Supported methods: {methods}.");
        Reply::new(405, json!({"message": message})).header(ALLOW, methods)
    }

    /// The example of a declared status.
    fn declared<'r>(&'r self, operation: &'r Operation, status: u16) -> Reply<'r> {
        let response = self.schemas.spec().response(operation, status);
        let (schema, example) = response.map_or((None, None), |response| (response.schema, response.example.cloned()));
        Reply::new(status, self.with_urls(schema.as_deref(), example)).of(operation)
    }

    /// The body, or null, with the URLs of files rewritten.
    fn with_urls(&self, schema: Option<&str>, body: Option<Value>) -> Value {
        let mut body = body.unwrap_or_default();
        if let Some(schema) = schema {
            self.storage.rewrite_urls(self.schemas.spec(), schema, &mut body);
        }
        body
    }

    /// The reply that a `Prefer` header asks for. Any operation can be rate limited or unavailable.
    fn preferred<'r>(&'r self, operation: &'r Operation, status: u16) -> Reply<'r> {
        let spec = self.schemas.spec();
        let reply = match status {
            _ if spec.response(operation, status).is_some() => Some(self.declared(operation, status)),
            429 => Some(busy().of(operation)),
            503 => Some(unavailable().of(operation)),
            _ => None,
        };
        if let Some(reply) = reply {
            return reply.note("as preferred");
        }
        let statuses: Vec<_> = spec.statuses(operation).iter().map(u16::to_string).collect();
        let text = format!("{} declares no status {status}, only {}, 429 and 503.", operation.id, statuses.join(", "));
        Reply::violations(&Violations::from([("prefer".to_owned(), vec![text])])).of(operation).note("prefer")
    }

    /// The failure of this request, if any.
    fn injected_failure(&self) -> Option<InjectedFailure> {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let fails = random.f64() < self.options.failure_rate;
        let kind = [InjectedFailure::Busy, InjectedFailure::Unavailable, InjectedFailure::Dropped][random.usize(0..3)];
        fails.then_some(kind)
    }
}

fn busy<'r>() -> Reply<'r> {
    Reply::new(429, json!({"message": "Too Many Attempts."})).header(RETRY_AFTER, "1")
}

fn unavailable<'r>() -> Reply<'r> {
    Reply::new(503, json!({"message": "Service Unavailable"}))
}

fn has_token(headers: &HeaderMap) -> bool {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|token| !token.trim().is_empty())
}

/// Reads `Prefer: code=422`.
fn preferred(headers: &HeaderMap) -> Option<u16> {
    let value = headers.get("prefer")?.to_str().ok()?;
    value.split([',', ';']).find_map(|part| part.trim().strip_prefix("code=")?.parse().ok())
}

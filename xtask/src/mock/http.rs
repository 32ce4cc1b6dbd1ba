//! Receives requests and sends responses.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

use super::reply::{Content, Replies, Reply};
use super::request::Request;
use crate::text_formats::printable;

/// The port that a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Port {
    Api,
    Storage,
}

/// A request and its reply. As text it is one line without the token.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The id of the operation, if there is one.
    pub operation: Option<&'a str>,
    /// The status of the response; `None` if the connection was dropped.
    pub status: Option<u16>,
    /// The JSON of the response, or null.
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

/// The connections of both ports.
pub(super) struct Server {
    replies: Replies,
    log: Box<dyn Fn(&Exchange<'_>) + Send + Sync>,
}

pub(super) async fn accept(listener: TcpListener, server: Arc<Server>, port: Port) {
    // Connections end with the server.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many files are open, or the client has gone: the next connection may succeed.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let server = server.clone();
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let server = server.clone();
                async move { server.serve(request, port).await }
            });
            // The client closed the connection, or a failure was injected.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Makes hyper close the connection without a response.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection dropped")
    }
}

impl std::error::Error for Dropped {}

impl Server {
    pub(super) fn new(replies: Replies, log: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        Self { replies, log: Box::new(log) }
    }

    async fn serve(&self, request: hyper::Request<Incoming>, port: Port) -> Result<Response<Full<Bytes>>, Dropped> {
        let (parts, body) = request.into_parts();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let line = format!("{} {target}", parts.method);
        let dropped = |note: &str| {
            (self.log)(&Exchange { operation: None, status: None, body: &Value::Null, request: &line, note });
            Dropped
        };
        let body = body.collect().await.map_err(|_| dropped("the request ended early"))?.to_bytes();
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let request = Request {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            content_type: content_type.unwrap_or_default().to_owned(),
            headers: parts.headers,
            body,
        };
        let reply = match port {
            Port::Api => self.replies.api(&request).await,
            Port::Storage => self.replies.file(&request),
        };
        let reply = reply.ok_or_else(|| dropped("injected failure: connection dropped"))?;
        let Reply { operation, status, .. } = reply;
        let body = if let Content::Json(body) = &reply.content { body } else { &Value::Null };
        (self.log)(&Exchange { operation, status: Some(status), body, request: &line, note: &reply.note });
        response(reply).ok_or(Dropped)
    }
}

fn response(reply: Reply<'_>) -> Option<Response<Full<Bytes>>> {
    let (content_type, bytes) = match reply.content {
        Content::Json(Value::Null) => (None, Bytes::new()),
        Content::Json(body) => (Some("application/json"), body.to_string().into()),
        Content::Bytes(content_type, bytes) => (Some(content_type), bytes),
    };
    let mut response = Response::new(Full::new(bytes));
    *response.status_mut() = StatusCode::from_u16(reply.status).ok()?;
    let headers = response.headers_mut();
    headers.extend(content_type.map(|content_type| (CONTENT_TYPE, HeaderValue::from_static(content_type))));
    for (name, value) in reply.headers {
        headers.insert(name, HeaderValue::try_from(value).ok()?);
    }
    Some(response)
}

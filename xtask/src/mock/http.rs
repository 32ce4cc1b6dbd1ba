//! Receives requests and sends responses.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::reply::{Content, Replies, Reply};
use super::request::Request;
use crate::printable::printable;

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
    /// The body of the request.
    pub sent: &'a [u8],
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

/// What a client may ask of the server.
struct Limits {
    /// The maximum size of a request body; it is kept in memory.
    body: usize,
    /// The maximum wait for the head of a request, and for each part of its body.
    wait: Duration,
}

const LIMITS: Limits = Limits { body: 256 << 20, wait: Duration::from_secs(60) };

/// The connections of both ports.
pub(super) struct Server {
    replies: Replies,
    limits: Limits,
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
        let (server, wait) = (server.clone(), server.limits.wait);
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let server = server.clone();
                async move { server.serve(request, port).await }
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(wait);
            // The client closed the connection, or a failure was injected.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

impl Server {
    pub(super) fn new(replies: Replies, log: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        Self { replies, limits: LIMITS, log: Box::new(log) }
    }

    /// Reads a body; `None` is one that is too large.
    async fn read(&self, mut body: Incoming) -> Result<Option<Bytes>, &'static str> {
        let mut bytes = Vec::new();
        let is_too_large = |size: u64| size > self.limits.body as u64;
        if is_too_large(body.size_hint().lower()) {
            return Ok(None);
        }
        while let Some(frame) =
            timeout(self.limits.wait, body.frame()).await.map_err(|_| "the request is incomplete")?
        {
            let frame = frame.map_err(|_| "the request ended early")?;
            bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
            if is_too_large(bytes.len() as u64) {
                return Ok(None);
            }
        }
        Ok(Some(bytes.into()))
    }

    /// An error makes hyper close the connection without a response.
    async fn serve(&self, request: hyper::Request<Incoming>, port: Port) -> io::Result<Response<Full<Bytes>>> {
        let (parts, body) = request.into_parts();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let line = format!("{} {target}", parts.method);
        let dropped = |note: &str| {
            let (operation, status, sent, body) = (None, None, &[][..], &Value::Null);
            (self.log)(&Exchange { operation, status, sent, body, request: &line, note });
            io::Error::other("connection dropped")
        };
        let body = self.read(body).await.map_err(&dropped)?;
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let request = Request {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            content_type: content_type.unwrap_or_default().to_owned(),
            headers: parts.headers,
            body: body.clone().unwrap_or_default(),
        };
        let reply = match port {
            _ if body.is_none() => Some(Reply::too_large(self.limits.body)),
            Port::Api => self.replies.api(&request).await,
            Port::Storage => self.replies.file(&request),
        };
        let reply = reply.ok_or_else(|| dropped("injected failure: connection dropped"))?;
        let Reply { operation, status, .. } = reply;
        let body = if let Content::Json(body) = &reply.content { body } else { &Value::Null };
        let sent = &request.body;
        (self.log)(&Exchange { operation, status: Some(status), sent, body, request: &line, note: &reply.note });
        response(reply).ok_or_else(|| io::Error::other("invalid response"))
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::super::reply::Options;
    use super::super::storage::Storage;
    use super::*;
    use crate::contract::SPEC;

    /// Sends bytes, keeps the connection open, and returns what the server sends until it closes the connection.
    async fn exchange(sent: &str) -> String {
        let spec = SPEC.clone();
        let replies = Replies::new(spec.clone(), Storage::new(&spec, "http://a", "http://b"), &Options::default());
        let limits = Limits { body: 10, wait: Duration::from_millis(100) };
        let server = Arc::new(Server { limits, ..Server::new(replies, |_| ()) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let server = tokio::spawn(accept(listener, server, Port::Api));
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut received = Vec::new();
        let closed = timeout(Duration::from_secs(10), stream.read_to_end(&mut received)).await;
        server.abort();
        assert!(closed.is_ok(), "the connection stays open: {sent}");
        String::from_utf8(received).unwrap()
    }

    #[tokio::test]
    async fn a_request_that_stays_incomplete_ends() {
        for sent in
            ["", "GET /public/v1/ws HTTP/1.1\r\nhost: a\r\nx", "POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc"]
        {
            let received = exchange(sent).await;
            assert!(received.is_empty() || received.starts_with("HTTP/1.1 408"), "{received}");
        }
    }

    #[tokio::test]
    async fn a_large_body_is_rejected() {
        let chunks = "6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n";
        for (headers, body) in [("content-length: 4000000000", "a"), ("transfer-encoding: chunked", chunks)] {
            let received = exchange(&format!("POST /ws/tags HTTP/1.1\r\n{headers}\r\n\r\n{body}")).await;
            assert!(received.starts_with("HTTP/1.1 413 "), "{received}");
        }
    }
}

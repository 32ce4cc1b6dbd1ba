//! Requests to answers, as often as it takes.

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{RequestBuilder, StatusCode, Url};

use crate::answer::Raw;
use crate::call::Options;
use crate::client::{self, Client};
use crate::error::{Error, Result};
use crate::operation::{Method, Operation};
use crate::request::{Body, Request};
use crate::trace::Span;
use crate::upload;

impl Client {
    /// Sends a request until it is answered or not to be repeated, and answers with what a success brought.
    pub(crate) async fn execute(&self, request: &Request, options: &Options) -> Result<Raw> {
        let operation = request.operation();
        request.check().and_then(|()| options.check()).map_err(|error| error.of(operation))?;
        let span = Span::new(operation);
        span.around(self.attempts(request, options, &span)).await.map_err(|error| error.of(operation))
    }

    async fn attempts(&self, request: &Request, options: &Options, span: &Span) -> Result<Raw> {
        let policy = options.retry.as_ref().unwrap_or(&self.inner().retry);
        let mut attempt = 1;
        loop {
            span.attempt(attempt);
            let error = match self.attempt(request, options).await {
                Ok(raw) if raw.status.is_success() => return Ok(raw),
                Ok(raw) => Error::refused(&raw),
                Err(error) => error,
            };
            let may_repeat = may_repeat(request, &error);
            policy.pause(attempt, error, may_repeat).await?;
            attempt += 1;
        }
    }

    async fn attempt(&self, request: &Request, options: &Options) -> Result<Raw> {
        let operation = request.operation();
        let inner = self.inner();
        let limit = options.timeout.unwrap_or(inner.timeout);
        let builder = self.prepare(request, options);
        let Body::Files(part, files) = request.body() else {
            return self.exchange(builder.timeout(limit), operation, options).await;
        };
        let exchange = |form| self.exchange(builder.multipart(form), operation, options);
        upload::send(part, files, limit, operation, exchange).await
    }

    async fn exchange(&self, builder: RequestBuilder, operation: &'static Operation, options: &Options) -> Result<Raw> {
        let inner = self.inner();
        let broken = |error| Error::transport(Some(operation), error);
        let mut answer = builder.send().await.map_err(broken)?;
        let drift = options.drift.as_ref().or(inner.drift.as_ref()).cloned();
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let mut raw = Raw { operation, status, headers, body: Bytes::new(), drift };
        client::check_server(&inner.base, answer.url(), &raw)?;
        let mut body = Chunks::default();
        loop {
            let chunk = answer.chunk().await;
            if let Ok(Some(chunk)) = chunk {
                body.push(chunk);
                if body.len() <= inner.answer_limit {
                    continue;
                }
                raw.body = body.join();
                return Err(Error::decode(&raw, format!("the answer has more than {} bytes", inner.answer_limit)));
            }
            raw.body = body.join();
            return match chunk {
                Err(error) => Err(broken(error).with_answer(&raw)),
                Ok(_) => Ok(raw),
            };
        }
    }

    /// The request without its files.
    fn prepare(&self, request: &Request, options: &Options) -> RequestBuilder {
        let inner = self.inner();
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, inner.user_agent.clone());
        if !options.headers.is_empty() {
            headers.extend(options.headers.clone());
        }
        headers.insert(AUTHORIZATION, inner.token.header());
        let builder = inner.http.request(method(request.method()), url(&inner.base, request));
        let builder = match request.body() {
            Body::None | Body::Files(..) => builder,
            Body::Json(json) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                builder.body(json.clone())
            }
        };
        builder.headers(headers)
    }
}

/// The base is parsed once: to parse a host takes longer than all else that is done to a URL.
fn url(base: &Url, request: &Request) -> Url {
    let mut url = base.clone();
    url.set_path(&[base.path().trim_end_matches('/'), request.path()].concat());
    let query = request.query();
    url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    url
}

fn may_repeat(request: &Request, error: &Error) -> bool {
    if !request.can_repeat() {
        return false;
    }
    if error.is_connect() || error.is_rate_limited() {
        return true;
    }
    let passing = matches!(
        error.status(),
        Some(StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT)
    );
    request.operation().is_idempotent() && (passing || error.is_transport())
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

/// A body in the making; one that comes in a single chunk is never copied.
#[derive(Default)]
struct Chunks {
    first: Bytes,
    all: BytesMut,
}

impl Chunks {
    fn push(&mut self, chunk: Bytes) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&chunk);
    }

    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn join(&mut self) -> Bytes {
        if self.all.is_empty() { std::mem::take(&mut self.first) } else { std::mem::take(&mut self.all).freeze() }
    }
}

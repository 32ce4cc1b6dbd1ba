//! Sends requests, with retries.

pub(crate) mod deadline;
mod pause;
pub(crate) mod retry;
pub(crate) mod service;
pub(crate) mod token;
mod trace;
pub(crate) mod url;

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};

use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::request::{Body, Request, upload};
use crate::response::RawResponse;
use crate::response::drift::DriftHook;
use deadline::Deadline;
use pause::Pause;
use retry::{Attempts, RetryPolicy};
use service::{HttpService, ReadyService, response_url, with_timeout};
use token::Token;
use trace::Span;

/// Why the timeout of a call passed before it was sent.
pub(crate) const NOT_SENT: &str = "nothing was sent, because the call had to wait for others";

/// The most that is read of an error response.
const MAX_ERROR_BYTES: usize = 256 << 10;

/// What sends requests. Clones share connections.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    config: Arc<Config>,
    pause: Arc<Pause>,
}

/// What a client is configured to do.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) http: HttpService,
    pub(crate) base: Url,
    pub(crate) token: Token,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) user_agent: HeaderValue,
    pub(crate) max_response_bytes: usize,
    pub(crate) drift: Option<DriftHook>,
}

/// Options of a call that override the client's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) headers: HeaderMap,
    pub(crate) drift: Option<DriftHook>,
    pub(crate) error: Option<String>,
}

impl Transport {
    pub(crate) fn new(config: Config) -> Self {
        Self { config: Arc::new(config), pause: Arc::default() }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Sends a request with retries; returns the successful response.
    pub(crate) async fn send(&self, request: &Request, options: &Options) -> Result<RawResponse> {
        let operation = request.operation();
        let url = validate(request, options)
            .and_then(|()| url::build(&self.config.base, request))
            .map_err(|message| Error::request(message).with_operation(operation))?;
        let span = Span::new(operation);
        span.instrument(self.send_with_retries(&url, request, options, &span))
            .await
            .map_err(|error| error.with_operation(operation))
    }

    async fn send_with_retries(
        &self,
        url: &Url,
        request: &Request,
        options: &Options,
        span: &Span,
    ) -> Result<RawResponse> {
        let policy = options.retry.as_ref().unwrap_or(&self.config.retry);
        let mut attempts = Attempts::new(policy, Deadline::after(options.timeout));
        let mut failure = None;
        loop {
            span.record_attempt(attempts.number());
            let Some(service) = self.take_turn(policy, attempts.deadline, request.operation()).await else {
                let not_sent = || Error::not_sent(request.operation(), NOT_SENT);
                return Err(failure.map_or_else(not_sent, |error| attempts.out_of_time(error)));
            };
            attempts.deadline = attempts.deadline.or(|| self.default_deadline(request));
            let result = match service {
                Ok(service) => self.send_once(service, url, request, options, attempts.deadline).await,
                Err(error) => Err(error),
            };
            let error = match result {
                Ok(response) if response.status.is_success() => return Ok(response),
                Ok(response) => Error::api(&response),
                Err(error) => error,
            };
            let Some(wait) = attempts.next(&error, request.is_replayable()) else {
                return Err(attempts.fail(error));
            };
            trace::log_retry(&error, wait);
            if error.is_rate_limited() || error.retry_after().is_some() {
                self.pause.extend(wait);
            } else {
                tokio::time::sleep(wait).await;
            }
            failure = Some(error);
        }
    }

    /// Waits until the server does not limit the rate and the service is ready. Returns `None` if that would pass the deadline.
    async fn take_turn(
        &self,
        policy: &RetryPolicy,
        deadline: Deadline,
        operation: &'static Operation,
    ) -> Option<Result<ReadyService<'_>>> {
        let max_wait = if policy.is_never() { Duration::ZERO } else { policy.max_backoff };
        let rest = self.pause.rest().unwrap_or_default().min(max_wait);
        if !rest.is_zero() {
            deadline.allows(rest).then_some(())?;
            deadline.bound(self.pause.wait(max_wait)).await?;
        }
        deadline.bound(self.config.http.ready(operation)).await
    }

    /// An upload may take long, as long as it makes progress.
    fn default_deadline(&self, request: &Request) -> Deadline {
        let is_upload = matches!(request.body(), Body::Files(..));
        Deadline::after((!is_upload).then_some(self.config.timeout))
    }

    async fn send_once(
        &self,
        service: ReadyService<'_>,
        url: &Url,
        request: &Request,
        options: &Options,
        deadline: Deadline,
    ) -> Result<RawResponse> {
        let operation = request.operation();
        let timeout = options.attempt_timeout.unwrap_or(self.config.attempt_timeout);
        let mut message = self.build(url, request, options);
        let Body::Files(part, files) = request.body() else {
            // Reqwest's client keeps this timeout; another service may not.
            *message.timeout_mut() = Some(timeout);
            let timeout = service.is_custom().then_some(timeout);
            let exchange = self.exchange(service, url, message, operation, options);
            return with_timeout(timeout, operation, exchange).await;
        };
        let exchange = async |form| {
            let message = service.add_form(message, form)?;
            self.exchange(service, url, message, operation, options).await
        };
        let too_late = || Err(Error::timed_out(operation, "the upload takes longer than the timeout of the call"));
        deadline.bound(upload::send(part, files, timeout, operation, exchange)).await.unwrap_or_else(too_late)
    }

    async fn exchange(
        &self,
        service: ReadyService<'_>,
        url: &Url,
        message: reqwest::Request,
        operation: &'static Operation,
        options: &Options,
    ) -> Result<RawResponse> {
        let config = self.config();
        let failed = |error| Error::transport(Some(operation), error);
        let mut response = service.send(message, operation).await?;
        let drift = options.drift.as_ref().or(config.drift.as_ref()).cloned();
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let limit = if status.is_success() { config.max_response_bytes } else { MAX_ERROR_BYTES };
        let mut raw =
            RawResponse { headers, drift, token: Some(config.token.clone()), ..RawResponse::new(operation, status) };
        url::check_server(&config.base, response_url(&response, url), &raw)?;
        let mut body = BodyBuffer::default();
        while body.len() <= limit {
            match response.chunk().await {
                Ok(Some(chunk)) => body.push(chunk),
                outcome => {
                    raw.body = body.join();
                    return match outcome {
                        Err(error) => Err(failed(error).with_response(&raw)),
                        Ok(_) => Ok(raw),
                    };
                }
            }
        }
        raw.body = body.join();
        raw.body.truncate(limit);
        // An error response is an error in any case, and its first bytes say why.
        let message = || format!("the response has more than {limit} bytes; see ClientBuilder::max_response_bytes");
        if status.is_success() { Err(Error::decode(&raw, None, message())) } else { Ok(raw) }
    }

    /// Builds the message, without its files.
    fn build(&self, url: &Url, request: &Request, options: &Options) -> reqwest::Request {
        let config = self.config();
        let mut message = reqwest::Request::new(request.method().clone(), url.clone());
        let headers = message.headers_mut();
        headers.reserve(4);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, config.user_agent.clone());
        if !options.headers.is_empty() {
            headers.extend(options.headers.clone());
        }
        headers.insert(AUTHORIZATION, config.token.header());
        if let Body::Json(json) = request.body() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *message.body_mut() = Some(json.clone().into());
        }
        message
    }
}

fn validate(request: &Request, options: &Options) -> Result<(), String> {
    request.validate()?;
    options.error.clone().map_or(Ok(()), Err)
}

/// The body of a response while it arrives. A body of one chunk is never copied.
#[derive(Default)]
struct BodyBuffer {
    first: Bytes,
    all: BytesMut,
}

impl BodyBuffer {
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

//! Sends requests, with retries.

pub(crate) mod budget;
pub(crate) mod deadline;
pub(crate) mod pace;
mod pause;
pub(crate) mod retry;
pub(crate) mod service;
pub(crate) mod token;
pub(crate) mod trace;
pub(crate) mod url;

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};

use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::request::upload::{self, Upload};
use crate::request::{Body, Request};
use crate::response::RawResponse;
use crate::response::drift::DriftHook;
use deadline::Deadline;
use pace::{Pace, Place};
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
    pace: Arc<Pace>,
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
}

impl Transport {
    pub(crate) fn new(config: Config, pace: Pace) -> Self {
        Self { config: Arc::new(config), pace: Arc::new(pace) }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Whether calls wait for each other.
    pub(crate) fn is_limited(&self) -> bool {
        self.pace.is_limited()
    }

    pub(crate) fn attempts<'t>(&'t self, policy: &'t RetryPolicy, deadline: Deadline) -> Attempts<'t> {
        Attempts::new(policy, deadline, &self.pace.budget)
    }

    /// Sends a request with retries; returns the successful response, and the span to decode it in.
    pub(crate) async fn send(&self, request: &Request, options: &Options) -> Result<(RawResponse, Span)> {
        let operation = request.operation();
        let url = request
            .validate()
            .and_then(|()| url::build(&self.config.base, request))
            .map_err(|message| Error::request(message).with_operation(operation))?;
        let span = Span::of_call(operation, &url);
        let start = Instant::now();
        let sending = Sending { transport: self, operation, url: &url, request, options };
        let sent = span.instrument(sending.with_retries(&span)).await;
        span.record_outcome(start, &sent, |raw| raw.status);
        sent.map(|raw| (raw, span)).map_err(|error| error.with_operation(operation))
    }
}

/// A call that is being sent.
struct Sending<'c> {
    transport: &'c Transport,
    operation: &'static Operation,
    url: &'c Url,
    request: &'c Request,
    options: &'c Options,
}

impl Sending<'_> {
    async fn with_retries(&self, span: &Span) -> Result<RawResponse> {
        let Transport { config, pace } = self.transport;
        let policy = self.options.retry.as_ref().unwrap_or(&config.retry);
        let mut attempts = self.transport.attempts(policy, Deadline::after(self.options.timeout));
        let mut failure = None;
        loop {
            let Some((place, service)) = self.take_turn(policy, &attempts).await else {
                let not_sent = || Error::not_sent(self.operation, NOT_SENT);
                return Err(failure.map_or_else(not_sent, |error| attempts.out_of_time(error)));
            };
            attempts.deadline = attempts.deadline.or(|| self.default_deadline());
            span.record_attempt(attempts.number());
            let result = match service {
                Ok(service) => self.once(service, &attempts).await,
                Err(error) => Err(error),
            };
            drop(place);
            let error = match result {
                Ok(response) => {
                    pace.budget.refill();
                    pace.pause.count_success();
                    return Ok(RawResponse { attempts: attempts.number(), ..response });
                }
                Err(error) => error,
            };
            // All calls share a rate limit. By its own count, a call that meets it for the first time would bring the others back too early.
            let failures = if error.is_rate_limited() { pace.pause.count_rate_limit() } else { attempts.number() };
            let wait = attempts.next(&error, self.request.is_replayable(), failures);
            trace::log_failure(&error, wait);
            let pause = policy.pause(&error, wait);
            if let Some(pause) = pause {
                pace.pause.extend(pause);
            }
            let Some(wait) = wait else { return Err(attempts.fail(error)) };
            if pause.is_none() {
                tokio::time::sleep(wait).await;
            }
            failure = Some(error);
        }
    }

    /// Waits until the pace allows a request and the service is ready. Returns `None` if that would pass the deadline.
    async fn take_turn(
        &self,
        policy: &RetryPolicy,
        attempts: &Attempts<'_>,
    ) -> Option<(Place<'_>, Result<ReadyService<'_>>)> {
        let Transport { config, pace } = self.transport;
        let max_pause = if policy.is_never() { Duration::ZERO } else { policy.max_backoff };
        let rest = pace.pause.rest().unwrap_or_default().min(max_pause);
        if !rest.is_zero() && !attempts.deadline.allows(rest) {
            return None;
        }
        let turn = pin!(async {
            (pace.turn(max_pause, attempts.rate_limits()).await, config.http.ready(self.operation).await)
        });
        attempts.deadline.bound(turn).await
    }

    /// An upload may take long, as long as it makes progress.
    fn default_deadline(&self) -> Deadline {
        let is_upload = matches!(self.request.body(), Body::Files(..));
        Deadline::after((!is_upload).then_some(self.transport.config.timeout))
    }

    /// Makes one attempt, in a span of its own. Returns a successful response.
    async fn once(&self, service: ReadyService<'_>, attempts: &Attempts<'_>) -> Result<RawResponse> {
        let span = Span::of_attempt(self.operation, self.url, attempts.number());
        let start = Instant::now();
        let deadline = attempts.deadline;
        let sent = match self.request.body() {
            // Boxed, so that the futures of other calls stay small.
            Body::Files(part, files) => span.instrument(Box::pin(self.upload(service, part, files, deadline))).await,
            Body::None | Body::Json(_) => span.instrument(self.send_json(service, deadline)).await,
        };
        let sent = sent.and_then(|raw| if raw.status.is_success() { Ok(raw) } else { Err(Error::api(&raw)) });
        span.record_outcome(start, &sent, |raw| raw.status);
        sent
    }

    async fn send_json(&self, service: ReadyService<'_>, deadline: Deadline) -> Result<RawResponse> {
        let mut message = self.message();
        let timeout = deadline.left(self.attempt_timeout());
        // Reqwest's client keeps this timeout; another service may not.
        *message.timeout_mut() = Some(timeout);
        let timeout = service.is_custom().then_some(timeout);
        let exchange = pin!(self.exchange(service, message));
        with_timeout(timeout, self.operation, exchange).await
    }

    async fn upload(
        &self,
        service: ReadyService<'_>,
        part: &str,
        files: &[Upload],
        deadline: Deadline,
    ) -> Result<RawResponse> {
        let exchange = async |form| {
            let message = service.add_form(self.message(), form)?;
            self.exchange(service, message).await
        };
        let upload = pin!(upload::send(part, files, self.attempt_timeout(), self.operation, exchange));
        let too_late = || Err(Error::timed_out(self.operation, "the upload takes longer than the timeout of the call"));
        deadline.bound(upload).await.unwrap_or_else(too_late)
    }

    fn attempt_timeout(&self) -> Duration {
        self.options.attempt_timeout.unwrap_or(self.transport.config.attempt_timeout)
    }

    async fn exchange(&self, service: ReadyService<'_>, message: reqwest::Request) -> Result<RawResponse> {
        let (config, operation) = (self.transport.config(), self.operation);
        let mut response = service.send(message, operation).await?;
        let drift = self.options.drift.as_ref().or(config.drift.as_ref()).cloned();
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let limit = if status.is_success() { config.max_response_bytes } else { MAX_ERROR_BYTES };
        let mut raw =
            RawResponse { headers, drift, token: Some(config.token.clone()), ..RawResponse::new(operation, status) };
        url::check_server(&config.base, response_url(&response, self.url), &raw)?;
        let mut body = BodyBuffer::default();
        while body.len() <= limit {
            match response.chunk().await {
                Ok(Some(chunk)) => body.push(chunk),
                Ok(None) => {
                    raw.body = body.join();
                    return Ok(raw);
                }
                Err(error) => {
                    raw.body = body.join();
                    return Err(Error::transport(Some(operation), error).with_response(&raw));
                }
            }
        }
        raw.body = body.join();
        raw.body.truncate(limit);
        // An error response is an error in any case, and its first bytes say why.
        let message = || format!("the response has more than {limit} bytes; see ClientBuilder::max_response_bytes");
        if status.is_success() { Err(Error::decode(&raw, None, message())) } else { Ok(raw) }
    }

    /// The message, without its files.
    fn message(&self) -> reqwest::Request {
        let config = self.transport.config();
        let mut message = reqwest::Request::new(self.request.method().clone(), self.url.clone());
        let headers = message.headers_mut();
        headers.reserve(4);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, config.user_agent.clone());
        if !self.options.headers.is_empty() {
            headers.extend(self.options.headers.clone());
        }
        headers.insert(AUTHORIZATION, config.token.header());
        if let Body::Json(json) = self.request.body() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *message.body_mut() = Some(json.clone().into());
        }
        message
    }
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

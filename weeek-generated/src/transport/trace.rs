//! `tracing` spans for each call, attempt and download, with OpenTelemetry's names for HTTP clients. They never have a query, a body or the
//! token, and the path is the template, so they have no ids either.

use std::time::{Duration, Instant};

use reqwest::{StatusCode, Url};

use crate::error::{Error, Result};
use crate::operation::Operation;

/// The span of a call, an attempt or a download; empty without the feature.
pub(crate) struct Span(#[cfg(feature = "tracing")] tracing::Span);

#[cfg(feature = "tracing")]
macro_rules! span {
    ($level:ident, $name:literal, $kind:literal, $operation:expr, $template:expr, $url:expr, $resend_count:expr) => {
        Self(tracing::span!(
            tracing::Level::$level,
            $name,
            otel.kind = $kind,
            operation = $operation.id(),
            http.request.method = $operation.method().as_str(),
            url.template = $template,
            server.address = $url.host_str(),
            server.port = $url.port_or_known_default(),
            http.response.status_code = tracing::field::Empty,
            http.request.resend_count = $resend_count,
            duration_ms = tracing::field::Empty,
            "error.type" = tracing::field::Empty,
        ))
    };
}

#[cfg(feature = "tracing")]
impl Span {
    pub(crate) fn of_call(operation: &Operation, url: &Url) -> Self {
        let template = operation.path_template();
        span!(INFO, "weeek.call", "internal", operation, template, url, tracing::field::Empty)
    }

    pub(crate) fn of_attempt(operation: &Operation, url: &Url, number: u32) -> Self {
        span!(DEBUG, "weeek.attempt", "client", operation, operation.path_template(), url, number - 1)
    }

    /// A request of a file. Its URL has no template: it is signed, and leads to a storage.
    pub(crate) fn of_download(operation: &Operation, url: &Url, number: u32) -> Self {
        span!(INFO, "weeek.download", "client", operation, tracing::field::Empty, url, number - 1)
    }

    /// Does the work inside the span.
    pub(crate) fn instrument<F: Future>(&self, work: F) -> tracing::instrument::Instrumented<F> {
        tracing::Instrument::instrument(work, self.0.clone())
    }

    pub(crate) fn record_outcome<T>(&self, start: Instant, result: &Result<T>, status: impl Fn(&T) -> StatusCode) {
        let status = result.as_ref().map_or_else(Error::status, |response| Some(status(response)));
        if let Some(status) = status {
            self.0.record("http.response.status_code", status.as_u16());
        }
        self.record_error(result.as_ref().err());
        self.0.record("duration_ms", milliseconds(start.elapsed()));
    }

    /// Decodes a response inside the span.
    pub(crate) fn decode<T>(&self, decode: impl FnOnce() -> Result<T>) -> Result<T> {
        let result = self.0.in_scope(decode);
        self.record_error(result.as_ref().err());
        result
    }

    pub(crate) fn record_attempt(&self, number: u32) {
        self.0.record("http.request.resend_count", number - 1);
    }

    fn record_error(&self, error: Option<&Error>) {
        if let Some(error) = error {
            self.0.record("error.type", error_type(error));
        }
    }
}

/// The status of an error response, or the kind of failure, such as `timed_out`.
#[cfg(feature = "tracing")]
fn error_type(error: &Error) -> String {
    match error.status().filter(|status| error.is_api_error() && !status.is_success()) {
        Some(status) => status.as_str().to_owned(),
        None => error.category().replace(' ', "_"),
    }
}

/// Logs an attempt that failed, and the wait before the next one, if there is one.
#[cfg(feature = "tracing")]
pub(crate) fn log_failure(error: &Error, wait: Option<Duration>) {
    let status = error.status().map(|status| status.as_u16());
    tracing::debug!(reason = error.category(), status, retry_in_ms = wait.map(milliseconds), "attempt failed");
}

#[cfg(feature = "tracing")]
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(not(feature = "tracing"))]
#[expect(clippy::unused_self, reason = "the other half of what the feature switches")]
impl Span {
    pub(crate) fn of_call(_: &Operation, _: &Url) -> Self {
        Self()
    }

    pub(crate) fn of_attempt(_: &Operation, _: &Url, _: u32) -> Self {
        Self()
    }

    pub(crate) fn of_download(_: &Operation, _: &Url, _: u32) -> Self {
        Self()
    }

    pub(crate) fn instrument<F: Future>(&self, work: F) -> F {
        work
    }

    pub(crate) fn record_outcome<T>(&self, _: Instant, _: &Result<T>, _: impl Fn(&T) -> StatusCode) {}

    pub(crate) fn decode<T>(&self, decode: impl FnOnce() -> Result<T>) -> Result<T> {
        decode()
    }

    pub(crate) fn record_attempt(&self, _: u32) {}
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn log_failure(_: &Error, _: Option<Duration>) {}

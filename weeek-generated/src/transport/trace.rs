//! `tracing` spans for each call, attempt and download, with OpenTelemetry's names for HTTP clients. They never have a query, a body or the
//! token, and the path is the template, so they have no ids either.

#![cfg_attr(
    not(feature = "tracing"),
    allow(unused_variables, clippy::unused_self, reason = "without the feature, spans are empty")
)]

use std::time::{Duration, Instant};

use reqwest::{StatusCode, Url};

use crate::error::{Error, Result};
use crate::operation::Operation;

/// The span of a call, an attempt or a download; empty without the feature.
pub(crate) struct Span {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

macro_rules! span {
    ($level:ident, $name:literal, $kind:literal, $operation:expr, $template:expr, $url:expr, $resend_count:expr) => {
        Self {
            #[cfg(feature = "tracing")]
            span: tracing::span!(
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
            ),
        }
    };
}

impl Span {
    pub(crate) fn of_call(operation: &Operation, url: &Url) -> Self {
        span!(INFO, "weeek.call", "internal", operation, operation.path_template(), url, None::<u32>)
    }

    pub(crate) fn of_attempt(operation: &Operation, url: &Url, number: u32) -> Self {
        span!(DEBUG, "weeek.attempt", "client", operation, operation.path_template(), url, number - 1)
    }

    /// A request of a file. Its URL has no template: it is signed, and leads to a storage.
    pub(crate) fn of_download(operation: &Operation, url: &Url, number: u32) -> Self {
        span!(INFO, "weeek.download", "client", operation, None::<&str>, url, number - 1)
    }

    /// Does the work inside the span.
    pub(crate) fn instrument<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        #[cfg(feature = "tracing")]
        let work = tracing::Instrument::instrument(work, self.span.clone());
        work
    }

    pub(crate) fn record_outcome<T>(&self, start: Instant, result: &Result<T>, status: impl Fn(&T) -> StatusCode) {
        #[cfg(feature = "tracing")]
        {
            let status = result.as_ref().map_or_else(Error::status, |response| Some(status(response)));
            self.span.record("http.response.status_code", status.map(|status| status.as_u16()));
            self.span.record("duration_ms", milliseconds(start.elapsed()));
        }
        self.record_error(result.as_ref().err());
    }

    /// Decodes a response inside the span.
    pub(crate) fn decode<T>(&self, decode: impl FnOnce() -> Result<T>) -> Result<T> {
        #[cfg(feature = "tracing")]
        let decode = || self.span.in_scope(decode);
        decode().inspect_err(|error| self.record_error(Some(error)))
    }

    pub(crate) fn record_attempt(&self, number: u32) {
        #[cfg(feature = "tracing")]
        self.span.record("http.request.resend_count", number - 1);
    }

    /// The status of an error response, or the kind of failure, such as `timed_out`.
    fn record_error(&self, error: Option<&Error>) {
        #[cfg(feature = "tracing")]
        if let Some(error) = error {
            let kind = match error.status().filter(|status| error.is_api_error() && !status.is_success()) {
                Some(status) => status.as_str().to_owned(),
                None => error.category().replace(' ', "_"),
            };
            self.span.record("error.type", kind);
        }
    }
}

/// Logs an attempt that failed, and the wait before the next one, if there is one.
pub(crate) fn log_failure(error: &Error, wait: Option<Duration>) {
    #[cfg(feature = "tracing")]
    {
        let status = error.status().map(|status| status.as_u16());
        tracing::debug!(reason = error.category(), status, retry_in_ms = wait.map(milliseconds), "attempt failed");
    }
}

#[cfg(feature = "tracing")]
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

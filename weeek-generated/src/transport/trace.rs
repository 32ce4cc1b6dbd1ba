//! A `tracing` span for each call, with operation, method, path template, status and attempts. It never has a query, a body or the
//! token, and the path is the template, so it has no ids either.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::response::RawResponse;

/// The span of a call; empty without the feature.
pub(crate) struct Span(#[cfg(feature = "tracing")] tracing::Span);

#[cfg(feature = "tracing")]
impl Span {
    pub(crate) fn new(operation: &Operation) -> Self {
        use tracing::field::Empty;
        Self(tracing::info_span!(
            "weeek",
            operation = operation.id(),
            http.request.method = operation.method().as_str(),
            url.template = operation.path_template(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            duration_ms = Empty,
            "error.type" = Empty,
        ))
    }

    /// Runs a call inside the span and records its outcome.
    pub(crate) async fn instrument(
        &self,
        work: impl Future<Output = Result<RawResponse>> + Send,
    ) -> Result<RawResponse> {
        let start = std::time::Instant::now();
        let result = tracing::Instrument::instrument(work, self.0.clone()).await;
        let status = result.as_ref().map_or_else(Error::status, |raw| Some(raw.status));
        if let Some(status) = status {
            self.0.record("http.response.status_code", status.as_u16());
        }
        if let Err(error) = &result {
            self.0.record("error.type", error.category());
        }
        self.0.record("duration_ms", milliseconds(start.elapsed()));
        result
    }

    pub(crate) fn record_attempt(&self, number: u32) {
        self.0.record("http.request.resend_count", number - 1);
    }
}

#[cfg(feature = "tracing")]
pub(crate) fn log_retry(error: &Error, wait: Duration) {
    let status = error.status().map(|status| status.as_u16());
    tracing::debug!(reason = error.category(), status, wait_ms = milliseconds(wait), "retrying");
}

#[cfg(feature = "tracing")]
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(not(feature = "tracing"))]
#[expect(clippy::unused_self, reason = "the other half of what the feature switches")]
impl Span {
    pub(crate) fn new(_: &Operation) -> Self {
        Self()
    }

    pub(crate) async fn instrument(
        &self,
        work: impl Future<Output = Result<RawResponse>> + Send,
    ) -> Result<RawResponse> {
        work.await
    }

    pub(crate) fn record_attempt(&self, _: u32) {}
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn log_retry(_: &Error, _: Duration) {}

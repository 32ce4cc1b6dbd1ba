//! What a call tells of itself to `tracing`: a span with operation, method, path template, status, attempts and duration.
//! The path is the template and nothing of the query or a body is told, so that neither ids nor texts nor the token show.

use std::time::Duration;

use crate::answer::Raw;
use crate::error::{Error, Result};
use crate::operation::Operation;

/// The span of one call; nothing where the feature is off.
pub(crate) struct Span(#[cfg(feature = "tracing")] tracing::Span);

#[cfg(feature = "tracing")]
impl Span {
    pub(crate) fn new(operation: &Operation) -> Self {
        use tracing::field::Empty;
        Self(tracing::info_span!(
            "weeek",
            operation = operation.id(),
            method = operation.method().as_str(),
            path = operation.path(),
            status = Empty,
            attempts = Empty,
            duration_ms = Empty,
            error = Empty,
        ))
    }

    /// Does the work of the call inside the span, and tells its outcome.
    pub(crate) async fn around(&self, work: impl Future<Output = Result<Raw>> + Send) -> Result<Raw> {
        let start = std::time::Instant::now();
        let result = tracing::Instrument::instrument(work, self.0.clone()).await;
        let status = result.as_ref().map_or_else(Error::status, |raw| Some(raw.status));
        if let Some(status) = status {
            self.0.record("status", status.as_u16());
        }
        if let Err(error) = &result {
            self.0.record("error", error.category());
        }
        self.0.record("duration_ms", milliseconds(start.elapsed()));
        result
    }

    pub(crate) fn attempt(&self, number: u32) {
        self.0.record("attempts", number);
    }
}

#[cfg(feature = "tracing")]
pub(crate) fn repeated(error: &Error, wait: Duration) {
    let status = error.status().map(|status| status.as_u16());
    tracing::debug!(error = error.category(), status, wait_ms = milliseconds(wait), "the call will be repeated");
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

    pub(crate) async fn around(&self, work: impl Future<Output = Result<Raw>> + Send) -> Result<Raw> {
        work.await
    }

    pub(crate) fn attempt(&self, _: u32) {}
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn repeated(_: &Error, _: Duration) {}

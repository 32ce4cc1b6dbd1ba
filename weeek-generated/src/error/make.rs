//! Makes errors.

use std::sync::Arc;

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::retry_after::parse_retry_after;
use super::text::{host, root_cause};
use super::{BoxError, Error, Inner, Kind, Phase, Received, Source};
use crate::operation::Operation;
use crate::response::RawResponse;
use crate::response::error_body::ErrorBody;

impl Error {
    pub(super) fn new(operation: Option<&'static Operation>, kind: Kind) -> Self {
        Self(Box::new(Inner { operation, path: None, attempts: 0, limit: None, kind }))
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(None, Kind::Config(message.into()))
    }

    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(None, Kind::Request(message.into()))
    }

    pub(crate) fn pagination(operation: &'static Operation, message: impl Into<String>) -> Self {
        Self::new(Some(operation), Kind::Pagination(message.into()))
    }

    pub(crate) fn transport(operation: Option<&'static Operation>, source: reqwest::Error) -> Self {
        let phase = match () {
            () if source.is_connect() => Phase::Connect,
            () if source.is_timeout() => Phase::Timeout,
            () => Phase::Lost,
        };
        let host = source.url().and_then(host).map(|host| format!("{host}: ")).unwrap_or_default();
        // A URL may contain what a caller searched for.
        let source = source.without_url();
        let message = format!("{host}{}", root_cause(&source));
        Self::connection(operation, phase, message, Some(Arc::new(source)))
    }

    /// A failure of an HTTP service of the caller's own, which may have sent the request, unless the error is known to say more.
    pub(crate) fn service(operation: &'static Operation, source: BoxError) -> Self {
        let source = match source.downcast::<Self>() {
            Ok(error) => return error.with_operation(operation),
            Err(source) => source,
        };
        match source.downcast::<reqwest::Error>() {
            Ok(error) => Self::transport(Some(operation), *error),
            Err(source) => Self::connection(Some(operation), Phase::Service, root_cause(&*source), Some(source.into())),
        }
    }

    /// An HTTP service that was given no request, because it failed before it was ready.
    pub(crate) fn service_not_ready(operation: &'static Operation, source: BoxError) -> Self {
        Self::connection(Some(operation), Phase::Connect, root_cause(&*source), Some(source.into()))
    }

    pub(crate) fn timed_out(operation: &'static Operation, message: &str) -> Self {
        Self::connection(Some(operation), Phase::Timeout, message.to_owned(), None)
    }

    /// The timeout of a call passed before its first attempt.
    pub(crate) fn not_sent(operation: &'static Operation, message: &str) -> Self {
        Self::connection(Some(operation), Phase::NotSent, message.to_owned(), None)
    }

    pub(crate) fn connection_lost(operation: &'static Operation, message: String) -> Self {
        Self::connection(Some(operation), Phase::Lost, message, None)
    }

    pub(super) fn connection(
        operation: Option<&'static Operation>,
        phase: Phase,
        message: String,
        source: Option<Source>,
    ) -> Self {
        Self::new(operation, Kind::Transport { phase, message, received: None, source })
    }

    pub(crate) fn io(message: &str, source: std::io::Error) -> Self {
        Self::new(None, Kind::Io { message: format!("{message}: {source}"), source: Arc::new(source) })
    }

    pub(crate) fn decode(raw: &RawResponse, json_path: Option<String>, message: impl Into<String>) -> Self {
        let (json_path, message) = (json_path.map(|path| raw.redact(path)), raw.redact(message.into()));
        let kind = Kind::Decode { received: Received::new(raw), json_path, message };
        Self::new(Some(raw.operation), kind).with_attempts(raw.attempts, None)
    }

    /// An item of a page that cannot be read. Its body is the item alone.
    pub(crate) fn decode_item(operation: &'static Operation, json_path: String, reason: String, json: String) -> Self {
        let received = Received { status: StatusCode::OK, headers: HeaderMap::new(), body: json.into() };
        Self::new(Some(operation), Kind::Decode { received, json_path: Some(json_path), message: reason })
    }

    pub(crate) fn api(raw: &RawResponse) -> Self {
        let header = |name| raw.headers.get(name).and_then(|value| value.to_str().ok());
        let retry_after = header(RETRY_AFTER).and_then(|wait| parse_retry_after(wait, header(DATE)));
        let received = Received::new(raw);
        let kind = Kind::Api { body: ErrorBody::read(&received.body), received, retry_after };
        Self::new(Some(raw.operation), kind).with_attempts(raw.attempts, None)
    }

    /// Keeps what came of the response before the connection failed.
    pub(crate) fn with_response(mut self, raw: &RawResponse) -> Self {
        if let Kind::Transport { received, .. } = &mut self.0.kind {
            *received = Some(Received::new(raw));
        }
        self
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    pub(crate) fn with_path(mut self, path: &str) -> Self {
        self.0.path = Some(path.to_owned());
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32, limit: Option<&'static str>) -> Self {
        (self.0.attempts, self.0.limit) = (attempts, limit);
        self
    }
}

impl Received {
    fn new(raw: &RawResponse) -> Self {
        Self { status: raw.status, headers: raw.redacted_headers(), body: raw.redacted_body() }
    }
}

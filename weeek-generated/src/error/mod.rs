//! What can go wrong, and the questions that a caller asks about it.

mod display;
mod make;
mod retry_after;
#[cfg(feature = "testing")]
mod testing;
mod text;

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::operation::Operation;
use crate::response::error_body::ErrorBody;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
///
/// The error keeps the body of the response. It never contains the token.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    operation: Option<&'static Operation>,
    /// The path of a raw call, whose operation has none.
    path: Option<String>,
    attempts: u32,
    /// What forbade a further attempt, if it is not for the error itself.
    limit: Option<&'static str>,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Config(String),
    Request(String),
    Transport { phase: Phase, message: String, received: Option<Received>, source: Option<Source> },
    Api { received: Received, body: ErrorBody, retry_after: Option<Duration> },
    Decode { received: Received, json_path: Option<String>, message: String },
    Pagination(String),
    Io { message: String, source: Source },
}

/// How far a request got when its connection failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The timeout of the call passed before its turn.
    NotSent,
    Connect,
    Timeout,
    Lost,
    /// In a service of the caller's own.
    Service,
}

/// What came of a response.
#[derive(Clone)]
struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

type Source = Arc<dyn StdError + Send + Sync>;
type BoxError = Box<dyn StdError + Send + Sync>;

/// The code with which Weeek reports an unknown object, under status 400.
const MODEL_NOT_FOUND: i64 = 1_000_001;

impl Error {
    /// The HTTP status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.received().map(|received| received.status)
    }

    /// The headers of the response; empty if there was none.
    pub fn headers(&self) -> &HeaderMap {
        static NONE: LazyLock<HeaderMap> = LazyLock::new(HeaderMap::new);
        self.received().map_or(&NONE, |received| &received.headers)
    }

    /// The id that the server gave the request, from `x-request-id` or Cloudflare's `cf-ray`. Weeek's support can look it up.
    pub fn request_id(&self) -> Option<&str> {
        let header = |name| self.headers().get(name)?.to_str().ok();
        header("x-request-id").or_else(|| header("cf-ray"))
    }

    /// The body of the response as it came; empty if there was none.
    pub fn body(&self) -> &[u8] {
        self.received().map_or(&[], |received| &received.body)
    }

    /// Weeek's error code. Two are known: 1000001, the object does not exist; 2000000, the token is not accepted.
    pub fn code(&self) -> Option<i64> {
        self.api_body().and_then(|body| body.code)
    }

    /// The message, from Weeek or the client. After a failed connection it names the host and the system's reason.
    pub fn message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Api { body, .. } => body.message.as_deref().or(body.reason.as_deref()),
            Kind::Transport { message, .. } => Some(message).filter(|message| !message.is_empty()).map(String::as_str),
            Kind::Config(message)
            | Kind::Request(message)
            | Kind::Pagination(message)
            | Kind::Decode { message, .. }
            | Kind::Io { message, .. } => Some(message),
        }
    }

    /// The messages by field, with the field names of the response. An item of an array is named by its index: `tags.0`.
    pub fn field_errors(&self) -> &BTreeMap<String, Vec<String>> {
        static NONE: BTreeMap<String, Vec<String>> = BTreeMap::new();
        self.api_body().map_or(&NONE, |body| &body.fields)
    }

    /// The location in the response that cannot be decoded, such as `tasks[3].id`.
    pub fn json_path(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode { json_path, .. } => json_path.as_deref(),
            _ => None,
        }
    }

    /// How long the server asks to wait before another call.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.kind {
            Kind::Api { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The operation that failed.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The number of attempts that were made; 0 if no request was made.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the object does not exist: HTTP 400 with code 1000001, or HTTP 404 for anything but a missing route.
    pub fn is_not_found(&self) -> bool {
        let is_missing_model = self.status() == Some(StatusCode::BAD_REQUEST) && self.code() == Some(MODEL_NOT_FOUND);
        is_missing_model || (self.status() == Some(StatusCode::NOT_FOUND) && !self.is_route_not_found())
    }

    /// Whether the API has no such path: the base URL is wrong, or Weeek removed the operation. The object may well exist.
    pub fn is_route_not_found(&self) -> bool {
        let is_route = |message: &str| message.starts_with("The route ") && message.contains("could not be found");
        self.status() == Some(StatusCode::NOT_FOUND) && self.message().is_some_and(is_route)
    }

    /// Whether the token is missing, wrong or revoked: HTTP 401.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Whether the owner of the token has no permission, or the plan has no such feature: HTTP 403.
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(StatusCode::FORBIDDEN)
    }

    /// Whether a limit of the workspace's plan is reached: `"reason": "limit"`. Nothing was changed.
    pub fn is_plan_limit(&self) -> bool {
        self.api_body().is_some_and(|body| body.reason.as_deref() == Some("limit"))
    }

    /// Whether a field or filter has an invalid value: HTTP 422. [`Error::field_errors`] names it.
    pub fn is_validation(&self) -> bool {
        self.status() == Some(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Whether there were too many calls in a short time: HTTP 429.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the status is 5xx.
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status.is_server_error())
    }

    /// Whether Weeek returned an error: by its status, or by `success: false` with HTTP 200.
    pub fn is_api_error(&self) -> bool {
        matches!(self.0.kind, Kind::Api { .. })
    }

    /// Whether a timeout passed, that of an attempt or that of the call.
    pub fn is_timeout(&self) -> bool {
        matches!(self.phase(), Some(Phase::Timeout | Phase::NotSent))
    }

    /// Whether connecting failed. Nothing was sent.
    pub fn is_connect(&self) -> bool {
        self.phase() == Some(Phase::Connect)
    }

    /// Whether the connection was lost after the request was sent in part or whole. [`Error::status`] and [`Error::body`] have what came
    /// of a response.
    pub fn is_connection_lost(&self) -> bool {
        self.phase() == Some(Phase::Lost)
    }

    /// Whether the response cannot be decoded; [`Error::json_path`] has the location, [`Error::body`] the response.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode { .. })
    }

    /// Whether the default retry policy repeats the call, if attempts and time are left.
    ///
    /// After a failed connection, and after HTTP 429, every call is repeated, because nothing was done. After HTTP 408, 425, 502, 503
    /// and 504, and after a connection that was lost or timed out later, a call is repeated only if it
    /// [is idempotent](Operation::is_idempotent).
    pub fn is_retryable(&self) -> bool {
        let is_idempotent = self.0.operation.is_some_and(Operation::is_idempotent);
        let is_transient_status = |status: StatusCode| matches!(status.as_u16(), 408 | 425 | 502 | 503 | 504);
        let is_transient = || self.status().is_some_and(is_transient_status) || self.phase().is_some();
        self.is_connect() || self.is_rate_limited() || (is_idempotent && is_transient())
    }

    /// Whether the client or the call was built wrongly. Nothing was sent.
    pub fn is_builder(&self) -> bool {
        matches!(self.0.kind, Kind::Request(_) | Kind::Config(_))
    }

    /// Whether the server repeats its pages, so that a stream over them would never end.
    pub fn is_pagination(&self) -> bool {
        matches!(self.0.kind, Kind::Pagination(_))
    }

    /// Whether a local file could not be read or written; [`Error::message`] has its path.
    pub fn is_io(&self) -> bool {
        matches!(self.0.kind, Kind::Io { .. })
    }

    /// The error of reqwest, the system or a service that caused this one, to downcast it. The text of this error has its text.
    pub fn get_ref(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        match &self.0.kind {
            Kind::Transport { source, .. } => source.as_deref(),
            Kind::Io { source, .. } => Some(&**source),
            _ => None,
        }
    }

    /// Whether Weeek may have received the request. If so, look before you repeat a call that is not idempotent.
    pub fn may_have_been_received(&self) -> bool {
        match &self.0.kind {
            Kind::Config(_) | Kind::Request(_) | Kind::Io { .. } => false,
            Kind::Transport { phase, .. } => !matches!(phase, Phase::Connect | Phase::NotSent),
            Kind::Api { .. } | Kind::Decode { .. } | Kind::Pagination(_) => true,
        }
    }

    /// The kind of failure in words, free of anything that came from a caller or a server.
    pub(crate) fn category(&self) -> &'static str {
        match self.0.kind {
            Kind::Config(_) => "invalid configuration",
            Kind::Request(_) => "invalid request",
            Kind::Transport { phase: Phase::Connect, .. } => "connection failed",
            Kind::Transport { phase: Phase::Timeout | Phase::NotSent, .. } => "timed out",
            Kind::Transport { phase: Phase::Lost, .. } => "connection lost",
            Kind::Transport { phase: Phase::Service, .. } => "HTTP service failed",
            Kind::Api { .. } => "API error",
            Kind::Decode { .. } => "cannot decode response",
            Kind::Pagination(_) => "cannot page",
            Kind::Io { .. } => "I/O error",
        }
    }

    fn phase(&self) -> Option<Phase> {
        match self.0.kind {
            Kind::Transport { phase, .. } => Some(phase),
            _ => None,
        }
    }

    fn received(&self) -> Option<&Received> {
        match &self.0.kind {
            Kind::Api { received, .. } | Kind::Decode { received, .. } => Some(received),
            Kind::Transport { received, .. } => received.as_ref(),
            Kind::Config(_) | Kind::Request(_) | Kind::Pagination(_) | Kind::Io { .. } => None,
        }
    }

    fn api_body(&self) -> Option<&ErrorBody> {
        match &self.0.kind {
            Kind::Api { body, .. } => Some(body),
            _ => None,
        }
    }
}

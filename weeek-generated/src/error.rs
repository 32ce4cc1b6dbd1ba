//! What can go wrong, and the questions a caller asks of it.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;

use crate::answer::Raw;
use crate::operation::Operation;
use crate::retry;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
///
/// The error keeps the body of the answer. It never holds the token.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    body: Bytes,
    code: Option<i64>,
    message: Option<String>,
    fields: BTreeMap<String, Vec<String>>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Configuration,
    Request,
    Transport { connect: bool, timeout: bool },
    Refused,
    Decode,
    File,
}

/// The code under which Weeek says «no such object», although the status is 400.
const MODEL_NOT_FOUND: i64 = 1_000_001;

impl Error {
    /// The HTTP status of the answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Weeek's own number of the fault. Two are known: 1000001, there is no such object; 2000000, the token is not accepted.
    pub fn code(&self) -> Option<i64> {
        self.0.code
    }

    /// What Weeek says is wrong, or what the client says; where no answer came, the host and what the system says.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Texts by field, as the answer named them; an item of a list is named by index: `tags.0`.
    pub fn field_errors(&self) -> &BTreeMap<String, Vec<String>> {
        &self.0.fields
    }

    /// The body of the answer as it came; empty where there was no answer.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// How long the server asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The operation that failed.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// There is no such object, in whichever form Weeek says so: HTTP 400 with code 1000001, or HTTP 404 with any body.
    pub fn is_not_found(&self) -> bool {
        let missing_model = self.0.status == Some(StatusCode::BAD_REQUEST) && self.0.code == Some(MODEL_NOT_FOUND);
        missing_model || self.0.status == Some(StatusCode::NOT_FOUND)
    }

    /// The token is missing, wrong or revoked: HTTP 401.
    pub fn is_unauthorized(&self) -> bool {
        self.0.status == Some(StatusCode::UNAUTHORIZED)
    }

    /// The token's owner lacks the right, or the plan lacks the feature: HTTP 403.
    pub fn is_forbidden(&self) -> bool {
        self.0.status == Some(StatusCode::FORBIDDEN)
    }

    /// A field or filter has a value that Weeek refuses: HTTP 422. [`Error::field_errors`] says which.
    pub fn is_validation(&self) -> bool {
        self.0.status == Some(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Too many calls in a short time: HTTP 429.
    pub fn is_rate_limited(&self) -> bool {
        self.0.status == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// The server or a proxy before it failed.
    pub fn is_server_error(&self) -> bool {
        self.0.status.is_some_and(|status| status.is_server_error())
    }

    /// Weeek answered, and refused: by its status, or by `success: false` under HTTP 200.
    pub fn is_refused(&self) -> bool {
        self.0.kind == Kind::Refused
    }

    /// The answer took too long.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Transport { timeout: true, .. })
    }

    /// No connection came about; nothing was sent.
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Transport { connect: true, .. })
    }

    /// The answer could not be understood; [`Error::message`] has the place, [`Error::body`] the answer.
    pub fn is_decode(&self) -> bool {
        self.0.kind == Kind::Decode
    }

    /// The call could not be made from its arguments; nothing was sent.
    pub fn is_request(&self) -> bool {
        matches!(self.0.kind, Kind::Request | Kind::Configuration)
    }

    /// A file of this machine could not be read or written; [`Error::message`] has its path.
    pub fn is_file(&self) -> bool {
        self.0.kind == Kind::File
    }

    /// The connection broke or fell silent: the call may have arrived or not, unless [`Error::is_connect`].
    pub(crate) fn is_transport(&self) -> bool {
        matches!(self.0.kind, Kind::Transport { .. })
    }

    /// The kind of fault in words, free of anything that came from a caller or a server.
    pub(crate) fn category(&self) -> &'static str {
        match self.0.kind {
            Kind::Configuration | Kind::Request => "the call was not sent",
            Kind::Transport { connect: true, .. } => "no connection",
            Kind::Transport { timeout: true, .. } => "no answer in time",
            Kind::Transport { .. } => "the connection failed",
            Kind::Refused => "refused",
            Kind::Decode => "the answer was not understood",
            Kind::File => "a file failed",
        }
    }

    fn new(kind: Kind, message: Option<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            status: None,
            body: Bytes::new(),
            code: None,
            message,
            fields: BTreeMap::new(),
            retry_after: None,
            source: None,
        }))
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration, Some(message.into()))
    }

    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(Kind::Request, Some(message.into()))
    }

    pub(crate) fn transport(operation: Option<&'static Operation>, source: reqwest::Error) -> Self {
        let kind = Kind::Transport { connect: source.is_connect(), timeout: source.is_timeout() };
        let place = source.url().and_then(host).map(|host| format!("{host}: ")).unwrap_or_default();
        // A URL may hold what a caller searched for.
        let source = source.without_url();
        let mut error = Self::new(kind, Some(format!("{place}{}", root_cause(&source))));
        error.0.operation = operation;
        error.0.source = Some(source.into());
        error
    }

    /// Nothing came for as long as the caller was ready to wait.
    pub(crate) fn silence(operation: &'static Operation) -> Self {
        Self::new(Kind::Transport { connect: false, timeout: true }, None).of(operation)
    }

    pub(crate) fn file(message: &str, source: std::io::Error) -> Self {
        let mut error = Self::new(Kind::File, Some(format!("{message}: {source}")));
        error.0.source = Some(source.into());
        error
    }

    pub(crate) fn decode(raw: &Raw, message: impl Into<String>) -> Self {
        let mut error = Self::new(Kind::Decode, Some(message.into()));
        error.keep(raw);
        error
    }

    /// Reads a refusal of any shape: JSON with any of its keys missing, HTML, plain text, nothing.
    pub(crate) fn refused(raw: &Raw) -> Self {
        let mut error = Self::new(Kind::Refused, None);
        error.keep(raw);
        let header = raw.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        error.0.retry_after = header.and_then(retry::retry_after);
        let Ok(body) = serde_json::from_slice::<serde_json::Value>(&raw.body) else { return error };
        let text = |key: &str| body.get(key).and_then(|value| value.as_str()).map(str::to_owned);
        error.0.message = text("message").or_else(|| text("reason"));
        let code = body.get("code");
        error.0.code = code.and_then(|code| code.as_i64().or_else(|| code.as_str()?.parse().ok()));
        for (field, texts) in body.get("errors").and_then(|errors| errors.as_object()).into_iter().flatten() {
            let texts = match texts {
                serde_json::Value::Array(texts) => texts.iter().map(plain).collect(),
                text => vec![plain(text)],
            };
            error.0.fields.insert(field.clone(), texts);
        }
        error
    }

    /// Keeps what had come of the answer before it failed.
    pub(crate) fn with_answer(mut self, raw: &Raw) -> Self {
        self.keep(raw);
        self
    }

    fn keep(&mut self, raw: &Raw) {
        self.0.operation = Some(raw.operation);
        self.0.status = Some(raw.status);
        self.0.body = raw.body.clone();
    }

    pub(crate) fn of(mut self, operation: &'static Operation) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }
}

/// The host, with its port where that is not the scheme's own.
fn host(url: &reqwest::Url) -> Option<String> {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    url.host_str().map(|host| format!("{host}{port}"))
}

/// What the system says, below what each layer adds to it.
fn root_cause(error: &dyn StdError) -> String {
    std::iter::successors(Some(error), |&error| error.source()).last().unwrap_or(error).to_string()
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{}: ", operation.id())?;
        }
        f.write_str(self.category())?;
        if let (Kind::Refused, Some(status)) = (self.0.kind, self.0.status) {
            write!(f, " with HTTP {}", status.as_u16())?;
        }
        if let Some(code) = self.0.code {
            write!(f, ", code {code}")?;
        }
        if let Some(message) = &self.0.message {
            write!(f, ": {message}")?;
        }
        for (field, texts) in &self.0.fields {
            write!(f, "; {field}: {}", texts.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = String::from_utf8_lossy(&self.0.body[..self.0.body.len().min(2000)]);
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.operation.map(Operation::id))
            .field("status", &self.0.status)
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("field_errors", &self.0.fields)
            .field("body", &body)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

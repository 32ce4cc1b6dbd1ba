//! A call that waits to be sent.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::answer::{Decode, Raw, Response};
use crate::client::Client;
use crate::drift::{Drift, Hook};
use crate::error::{Error, Result};
use crate::headers;
use crate::operation::Operation;
use crate::page::{Page, Rows};
use crate::request::{Body, Request};
use crate::retry::RetryPolicy;

/// A call that `.await` sends.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    client: Client,
    request: Request,
    options: Options,
    decode: Decode<T>,
}

/// What a single call does otherwise than its client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) headers: HeaderMap,
    pub(crate) drift: Option<Hook>,
    pub(crate) fault: Option<String>,
}

impl<T> Call<T> {
    pub(crate) fn new(client: &Client, request: Request, decode: Decode<T>) -> Self {
        Self { client: client.clone(), request, options: Options::default(), decode }
    }

    /// What will be sent.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The operation that is asked for.
    pub fn operation(&self) -> &'static Operation {
        self.request.operation()
    }

    /// Sets the timeout of each attempt. An upload can take longer while it makes progress; see [`ClientBuilder::timeout`].
    ///
    /// [`ClientBuilder::timeout`]: crate::ClientBuilder::timeout
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How often this call is tried.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Sets a header. Headers that the client sets itself, such as `Authorization` and `Content-Length`, are rejected.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => match headers::check(&name, matches!(self.request.body(), Body::Files(..))) {
                Ok(()) => drop(self.options.headers.insert(name, value)),
                Err(fault) => self.options.fault = Some(fault),
            },
            _ => self.options.fault = Some(format!("`{name}` can't be sent as a header")),
        }
        self
    }

    /// Is told whatever has to be tolerated in the answer, in place of the client's own hook; see [`Drift`].
    pub fn on_drift(mut self, hook: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        self.options.drift = Some(Hook::new(hook));
        self
    }

    /// Sends the call and answers with status, headers and raw body beside the value.
    pub async fn with_response(self) -> Result<Response<T>> {
        let raw = self.client.execute(&self.request, &self.options).await?;
        let value = (self.decode)(&raw)?;
        let Raw { status, headers, body, .. } = raw;
        Ok(Response { value, status, headers, body })
    }

    /// Reads an answer that came some other way, such as a recorded one; nothing is sent.
    pub fn decode(&self, status: StatusCode, body: impl Into<Bytes>) -> Result<T> {
        let drift = self.options.drift.clone().or_else(|| self.client.inner().drift.clone());
        let raw = Raw { operation: self.operation(), status, headers: HeaderMap::new(), body: body.into(), drift };
        if status.is_success() { (self.decode)(&raw) } else { Err(Error::refused(&raw)) }
    }

    async fn send(self) -> Result<T> {
        let raw = self.client.execute(&self.request, &self.options).await?;
        (self.decode)(&raw)
    }
}

impl<T> Call<Page<T>> {
    /// Every row of every page from here on.
    pub(crate) fn rows(self) -> Rows<T> {
        Rows::new(self)
    }

    pub(crate) fn request_mut(&mut self) -> &mut Request {
        &mut self.request
    }
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            request: self.request.clone(),
            options: self.options.clone(),
            decode: self.decode,
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({} {} {})", self.operation().id(), self.request.method(), self.request.path())
    }
}

impl<T: Send + 'static> IntoFuture for Call<T> {
    type Output = Result<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl Options {
    pub(crate) fn check(&self) -> Result<()> {
        self.fault.as_ref().map_or(Ok(()), |fault| Err(Error::request(fault.clone())))
    }
}

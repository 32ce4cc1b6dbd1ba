//! A request bound to a client; `.await` sends it.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
pub(crate) mod future;
pub(crate) mod page;
pub(crate) mod pages;
pub(crate) mod raw;

use std::fmt::{self, Display};
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::request::{Body, Request, RequestBuilder, headers};
use crate::response::drift::{Drift, DriftHook};
use crate::response::lenient::Lenient;
use crate::response::{RawResponse, Response, decode};
use crate::transport::retry::RetryPolicy;
use crate::transport::{Options, Transport};
use future::CallFuture;
use page::Page;

/// A request bound to a client. `.await` or [`Call::send`] sends it.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    transport: Transport,
    request: Request,
    options: Options,
    decoder: Decoder<T>,
}

/// What makes a value of a response.
enum Decoder<T> {
    Plain(fn(&RawResponse) -> Result<T>),
    Wrapped(Arc<Decode<T>>),
}

type Decode<T> = dyn Fn(&RawResponse) -> Result<T> + Send + Sync;

impl<T> Call<T> {
    pub(crate) fn new(transport: &Transport, request: Request, decode: fn(&RawResponse) -> Result<T>) -> Self {
        let decoder = Decoder::Plain(decode);
        Self { transport: transport.clone(), request, options: Options::default(), decoder }
    }

    pub(crate) fn with_decoder(
        transport: &Transport,
        request: Request,
        decode: impl Fn(&RawResponse) -> Result<T> + Send + Sync + 'static,
    ) -> Self {
        let decoder = Decoder::Wrapped(Arc::new(decode));
        Self { transport: transport.clone(), request, options: Options::default(), decoder }
    }

    /// The request that will be sent.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.request.operation()
    }

    /// Sets the timeout of the call: all attempts, and every wait before and between them. An upload too is cut off when it passes.
    ///
    /// A wait that would pass it is not begun; the call ends with the error of its last attempt. The default is
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout), which counts from the first attempt on.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sets the timeout of each attempt. Default: [`ClientBuilder::attempt_timeout`], which says what it means for an upload.
    ///
    /// [`ClientBuilder::attempt_timeout`]: crate::ClientBuilder::attempt_timeout
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the retry policy. Default: [`ClientBuilder::retry`](crate::ClientBuilder::retry).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Sets a header. Headers that the client sets itself, such as `Authorization` and `Content-Length`, are rejected.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let is_upload = matches!(self.request.body(), Body::Files(..));
        match headers::parse(name, value, is_upload) {
            Ok((name, value)) => drop(self.options.headers.insert(name, value)),
            Err(error) => self.request.set_error(error),
        }
        self
    }

    /// Sets a query parameter, also one that this version does not know. A name that ends in `[]` can be set several times. Weeek
    /// expects 0 and 1 for booleans.
    pub fn query_param(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.request.set_query_param(name.into(), value.to_string());
        self
    }

    /// Sets a property of the JSON body, also one that this version does not know. A number that is not finite is an error before anything
    /// is sent.
    ///
    /// ```no_run
    /// # use weeek_generated::{Client, models::*};
    /// # async fn run(weeek: Client) -> weeek_generated::Result<()> {
    /// weeek.tasks().update(17, UpdateTask::new()).property("newField", ["a", "b"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn property(mut self, name: &str, value: impl Serialize) -> Self {
        self.request.set_property(name, &value);
        self
    }

    /// Calls `hook`, in place of the client's own, for every value in the response that does not match the spec; see [`Drift`].
    pub fn on_drift(mut self, hook: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        self.options.drift = Some(DriftHook::new(hook));
        self
    }

    /// Returns a call whose value has the status, the headers and the raw body beside it.
    pub fn with_response(self) -> Call<Response<T>>
    where
        T: 'static,
    {
        let Self { transport, request, options, decoder } = self;
        let decode = move |raw: &RawResponse| Ok(Response::new(decoder.decode(raw)?, raw));
        Call { transport, request, options, decoder: Decoder::Wrapped(Arc::new(decode)) }
    }

    /// Decodes a response that was obtained elsewhere, such as a recording. Sends nothing.
    pub fn decode(&self, status: StatusCode, body: impl Into<Bytes>) -> Result<T> {
        let drift = self.options.drift.clone().or_else(|| self.transport.config().drift.clone());
        let raw = RawResponse { body: body.into(), drift, ..RawResponse::new(self.operation(), status) };
        let result = if status.is_success() { self.decoder.decode(&raw) } else { Err(Error::api(&raw)) };
        result.map_err(|error| locate(error, &self.request))
    }

    /// Sends the request and decodes the response. The same as `.await`, for what takes a future.
    pub fn send(self) -> CallFuture<T>
    where
        T: Send + 'static,
    {
        let (operation, is_limited) = (self.operation(), self.transport.is_limited());
        let call = CallFuture::new(async move {
            let sent = self.transport.send(&self.request, &self.options).await;
            let result = sent.and_then(|(raw, span)| span.decode(|| self.decoder.decode(&raw)));
            result.map_err(|error| locate(error, &self.request))
        });
        if is_limited { call.go_on_unpolled(operation) } else { call }
    }
}

/// Raw calls share their operations, so only the path tells them apart.
fn locate(error: Error, request: &Request) -> Error {
    let path = Some(request.path()).filter(|path| request.operation().path_template().is_empty() && !path.is_empty());
    match path {
        Some(path) => error.with_path(path),
        None => error,
    }
}

impl RequestBuilder {
    pub(crate) fn unit(self, transport: &Transport) -> Call<()> {
        Call::new(transport, self.finish(), decode::decode_unit)
    }

    pub(crate) fn item<T: Lenient>(self, transport: &Transport) -> Call<T> {
        Call::new(transport, self.finish(), decode::decode_item)
    }

    pub(crate) fn optional_item<T: Lenient>(self, transport: &Transport) -> Call<Option<T>> {
        Call::new(transport, self.finish(), decode::decode_optional_item)
    }

    pub(crate) fn page<T: Lenient>(self, transport: &Transport) -> Call<Page<T>> {
        Call::new(transport, self.finish(), page::decode)
    }

    pub(crate) fn body<T: Lenient>(self, transport: &Transport) -> Call<T> {
        Call::new(transport, self.finish(), decode::decode_body)
    }
}

impl<T> Decoder<T> {
    fn decode(&self, raw: &RawResponse) -> Result<T> {
        match self {
            Self::Plain(decode) => decode(raw),
            Self::Wrapped(decode) => decode(raw),
        }
    }
}

impl<T> Clone for Decoder<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Plain(decode) => Self::Plain(*decode),
            Self::Wrapped(decode) => Self::Wrapped(Arc::clone(decode)),
        }
    }
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        let Self { transport, request, options, decoder } = self;
        Self {
            transport: transport.clone(),
            request: request.clone(),
            options: options.clone(),
            decoder: decoder.clone(),
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
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

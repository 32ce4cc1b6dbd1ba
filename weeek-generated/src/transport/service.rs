//! The HTTP service that requests pass through: reqwest's client, or a service of the caller's own.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use reqwest::multipart::Form;
use reqwest::{Client, Request, RequestBuilder, Response, Url};
use tokio::time::timeout;
use tower_service::Service;

use crate::error::{Error, Result};
use crate::operation::Operation;

/// The host of a response that was not made by reqwest.
const NO_URL: &str = "no.url.provided.local";

type BoxError = Box<dyn StdError + Send + Sync>;
type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;
type SendOnce = Box<dyn FnOnce(Request) -> BoxFuture<Response> + Send>;
type GetReady = dyn Fn() -> BoxFuture<SendOnce> + Send + Sync;

/// What requests pass through.
#[derive(Clone)]
pub(crate) enum HttpService {
    Reqwest(Client),
    Custom(Arc<GetReady>),
}

/// A service that is ready for one request.
pub(crate) enum ReadyService<'s> {
    Reqwest(&'s Client),
    Custom(SendOnce),
}

impl HttpService {
    pub(crate) fn custom<S>(service: S) -> Self
    where
        S: Service<Request, Response = Response> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
    {
        // The lock stands in for `Sync`, which boxed services often are not.
        let service = Mutex::new(service);
        Self::Custom(Arc::new(move || {
            // Readiness belongs to the clone that was polled.
            let mut service = service.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Box::pin(async move {
                poll_fn(|context| service.poll_ready(context)).await.map_err(Into::into)?;
                let send: SendOnce =
                    Box::new(|request| Box::pin(async move { service.call(request).await.map_err(Into::into) }));
                Ok(send)
            })
        }))
    }

    /// Waits until the service accepts a request. Reqwest's client always does.
    pub(crate) async fn ready(&self, operation: &'static Operation) -> Result<ReadyService<'_>> {
        match self {
            Self::Reqwest(client) => Ok(ReadyService::Reqwest(client)),
            Self::Custom(get_ready) => match get_ready().await {
                Ok(send) => Ok(ReadyService::Custom(send)),
                Err(error) => Err(Error::service_not_ready(operation, error)),
            },
        }
    }
}

impl ReadyService<'_> {
    /// Sends a request, and returns the head of the response.
    pub(crate) async fn send(self, request: Request, operation: &'static Operation) -> Result<Response> {
        match self {
            Self::Reqwest(client) => {
                client.execute(request).await.map_err(|error| Error::transport(Some(operation), error))
            }
            Self::Custom(send) => send(request).await.map_err(|error| Error::service(operation, error)),
        }
    }

    pub(crate) fn is_custom(&self) -> bool {
        matches!(self, Self::Custom(_))
    }

    /// Adds a form to a request.
    pub(crate) fn add_form(&self, request: Request, form: Form) -> Result<Request> {
        // Only a client of reqwest's can make requests of forms. This one sends nothing.
        static CLIENT: LazyLock<reqwest::Result<Client>> = LazyLock::new(|| Client::builder().build());
        let failed = |error: &reqwest::Error| Error::request(format!("cannot write the form: {error}"));
        let client = match self {
            Self::Reqwest(client) => client,
            Self::Custom(_) => CLIENT.as_ref().map_err(failed)?,
        };
        RequestBuilder::from_parts(client.clone(), request).multipart(form).build().map_err(|error| failed(&error))
    }
}

/// Fails if an exchange takes longer than its limit, if it has one.
pub(crate) async fn with_timeout<T>(
    limit: Option<Duration>,
    operation: &'static Operation,
    exchange: impl Future<Output = Result<T>>,
) -> Result<T> {
    match limit {
        None => exchange.await,
        Some(limit) => timeout(limit, exchange).await.map_err(|_| Error::timed_out(operation, "no response"))?,
    }
}

/// The URL that a response came from. A response that a service made itself has none.
pub(crate) fn response_url<'r>(response: &'r Response, requested: &'r Url) -> &'r Url {
    let url = response.url();
    if url.host_str() == Some(NO_URL) { requested } else { url }
}

impl fmt::Debug for HttpService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reqwest(client) => client.fmt(f),
            Self::Custom(_) => f.write_str("Service"),
        }
    }
}

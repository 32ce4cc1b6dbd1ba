//! The client and its configuration.

use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::{Method, Url};

use crate::call::raw::RawCall;
use crate::error::{Error, Result};
use crate::generated::server::SERVER;
use crate::response::drift::{Drift, DriftHook};
use crate::transport::retry::RetryPolicy;
use crate::transport::token::Token;
use crate::transport::{Config, Transport, is_https_or_loopback};

/// A client of the API. Clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    transport: Transport,
}

/// Builds a [`Client`].
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    token: Result<Token, String>,
    base: String,
    http: Option<reqwest::Client>,
    attempt_timeout: Duration,
    retry: RetryPolicy,
    user_agent: String,
    max_response_bytes: usize,
    drift: Option<DriftHook>,
}

impl Client {
    /// Creates a client with a token and defaults for everything else.
    pub fn new(token: &str) -> Result<Self> {
        Self::builder(token).build()
    }

    /// Creates a client with the token in `WEEEK_TOKEN`, and the base URL in `WEEEK_BASE_URL` if that is set.
    pub fn from_env() -> Result<Self> {
        let token = std::env::var("WEEEK_TOKEN").map_err(|_| Error::config("WEEEK_TOKEN is not set"))?;
        let builder = Self::builder(&token);
        match std::env::var("WEEEK_BASE_URL") {
            Ok(base) if !base.is_empty() => builder.base_url(base).build(),
            _ => builder.build(),
        }
    }

    /// Returns a builder for a client with a token.
    pub fn builder(token: &str) -> ClientBuilder {
        ClientBuilder {
            token: Token::new(token),
            base: SERVER.to_owned(),
            http: None,
            attempt_timeout: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            user_agent: concat!("weeek-generated/", env!("CARGO_PKG_VERSION")).to_owned(),
            max_response_bytes: 8 << 20,
            drift: None,
        }
    }

    /// Returns a call to a path below the base URL, for operations that this crate has no function for.
    ///
    /// [`RawCall::path_param`] fills the placeholders in order. Token, retries, timeouts and errors are those of any other call;
    /// GET, PUT and DELETE count as idempotent.
    ///
    /// ```no_run
    /// # async fn run(weeek: weeek_generated::Client) -> weeek_generated::Result<()> {
    /// use weeek_generated::Method;
    ///
    /// let call = weeek.request(Method::GET, "/tm/tasks/{task}/history").path_param(17).query_param("limit", 5);
    /// let history: serde_json::Value = call.decode_as().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawCall {
        RawCall::new(&self.transport, &method, path.into())
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }
}

impl ClientBuilder {
    /// Sets the base URL, path included; the default is `https://api.weeek.net/public/v1`. Plain `http` is accepted only for loopback:
    /// `http://127.0.0.1:8737`.
    #[must_use]
    pub fn base_url(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// Uses your own HTTP client, of the crate `reqwest` 0.13. It must not forward the token on redirects.
    #[must_use]
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Sets the timeout of each attempt. The default is 60 seconds.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the retry policy.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the `User-Agent`.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the maximum size of a response body. The default is 8 MiB; decoded values take at most ten times that. Downloads are not
    /// limited.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Calls `hook` for every value in a response that does not match the spec; see [`Drift`].
    #[must_use]
    pub fn on_drift(mut self, hook: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        self.drift = Some(DriftHook::new(hook));
        self
    }

    /// Builds the client. An error says what is wrong with the configuration: a token is not sent over plain `http`, for example.
    pub fn build(self) -> Result<Client> {
        let token = self.token.map_err(Error::config)?;
        let base = parse_base_url(&self.base)?;
        let user_agent = HeaderValue::try_from(self.user_agent)
            .map_err(|_| Error::config("invalid user agent: not a valid header value"))?;
        let http = match self.http {
            Some(http) => http,
            None => reqwest::Client::builder()
                // The API answers in place. A redirect would carry the call, if not the token, to somewhere else.
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|error| Error::transport(None, error))?,
        };
        let Self { attempt_timeout, retry, max_response_bytes, drift, .. } = self;
        let config = Config { http, base, token, attempt_timeout, retry, user_agent, max_response_bytes, drift };
        Ok(Client { transport: Transport::new(config) })
    }
}

fn parse_base_url(text: &str) -> Result<Url> {
    let url =
        Url::parse(text.trim_end_matches('/')).map_err(|error| Error::config(format!("invalid base URL: {error}")))?;
    match url.scheme() {
        _ if is_https_or_loopback(&url) => {}
        "http" => return Err(Error::config("the token is not sent over plain http; use https")),
        scheme => return Err(Error::config(format!("the base URL has the scheme {scheme}; https is needed"))),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(Error::config("the base URL has more than a scheme, a host and a path"));
    }
    Ok(url)
}

//! The client: where calls go, with which token, how patiently.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{StatusCode, Url};

use crate::answer::Raw;
use crate::call::Options;
use crate::error::{Error, Result};
use crate::generated::SERVER;
use crate::operation::{Method, Operation};
use crate::request::{Body, Request};
use crate::retry::RetryPolicy;
use crate::token::Token;
use crate::upload;

/// A client of the API. Clones share connections.
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    http: reqwest::Client,
    base: String,
    token: Token,
    timeout: Duration,
    retry: RetryPolicy,
    user_agent: HeaderValue,
}

/// Makes a [`Client`].
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    token: Result<Token, String>,
    base: String,
    http: Option<reqwest::Client>,
    timeout: Duration,
    retry: RetryPolicy,
    user_agent: String,
}

impl Client {
    /// A client with a token and defaults for everything else.
    pub fn new(token: &str) -> Result<Self> {
        Self::builder(token).build()
    }

    /// A client with the token in `WEEEK_TOKEN`, at `WEEEK_BASE_URL` where that is set.
    pub fn from_env() -> Result<Self> {
        let token = std::env::var("WEEEK_TOKEN").map_err(|_| Error::configuration("WEEEK_TOKEN is not set"))?;
        let builder = Self::builder(&token);
        match std::env::var("WEEEK_BASE_URL") {
            Ok(base) if !base.is_empty() => builder.base_url(base).build(),
            _ => builder.build(),
        }
    }

    /// A client with a token, to be configured.
    pub fn builder(token: &str) -> ClientBuilder {
        ClientBuilder {
            token: Token::new(token).map_err(|error| error.message().unwrap_or_default().to_owned()),
            base: SERVER.to_owned(),
            http: None,
            timeout: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            user_agent: concat!("weeek-generated/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// Sends a request until it is answered or not to be repeated, and answers with what a success brought.
    pub(crate) async fn execute(&self, request: &Request, options: &Options) -> Result<Raw> {
        let operation = request.operation();
        request.check().and_then(|()| options.check()).map_err(|error| error.of(operation))?;
        let policy = options.retry.as_ref().unwrap_or(&self.0.retry);
        let mut attempt = 1;
        loop {
            let outcome = self.attempt(request, options).await;
            let error = match outcome {
                Ok(raw) if raw.status.is_success() => return Ok(raw),
                Ok(raw) => Error::refused(&raw),
                Err(error) => error.of(operation),
            };
            match may_repeat(operation, &error).then(|| policy.wait(attempt, error.retry_after())).flatten() {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
            attempt += 1;
        }
    }

    async fn attempt(&self, request: &Request, options: &Options) -> Result<Raw> {
        let operation = request.operation();
        let inner = &self.0;
        let query = request.query();
        let mark = if query.is_empty() { "" } else { "?" };
        let url = format!("{}{}{mark}{query}", inner.base, request.path());
        let url = Url::parse(&url).map_err(|error| Error::request(format!("not a URL: {error}")))?;
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, inner.user_agent.clone());
        headers.extend(options.headers.clone());
        headers.insert(AUTHORIZATION, inner.token.header());
        let mut builder = inner.http.request(method(operation), url).timeout(options.timeout.unwrap_or(inner.timeout));
        match request.body() {
            Body::None => {}
            Body::Json(json) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                builder = builder.body(json.clone());
            }
            Body::Files(part, files) => builder = builder.multipart(upload::form(part, files)?),
        }
        let transport = |error| Error::transport(Some(operation), error);
        let answer = builder.headers(headers).send().await.map_err(transport)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(transport)?;
        Ok(Raw { operation, status, headers, body })
    }
}

fn may_repeat(operation: &Operation, error: &Error) -> bool {
    if error.is_connect() || error.is_rate_limited() {
        return true;
    }
    let passing = matches!(
        error.status(),
        Some(StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT)
    );
    let broken = error.status().is_none() && !error.is_request();
    operation.is_idempotent() && (passing || broken)
}

fn method(operation: &Operation) -> reqwest::Method {
    match operation.method() {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

impl ClientBuilder {
    /// Where the API lives, if not at its usual place.
    #[must_use]
    pub fn base_url(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// An HTTP client of your own. See that it follows no redirect to another host with the token.
    #[must_use]
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// How long each attempt may take; a minute unless told.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a call is tried.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// What the client calls itself.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// The client, or what is wrong with its configuration. The token is refused over plain http, except on loopback.
    pub fn build(self) -> Result<Client> {
        let token = self.token.map_err(Error::configuration)?;
        let base = self.base.trim_end_matches('/').to_owned();
        check_base(&base)?;
        let user_agent = HeaderValue::try_from(self.user_agent)
            .map_err(|_| Error::configuration("the user agent has characters that a header can't carry"))?;
        let http = match self.http {
            Some(http) => http,
            None => reqwest::Client::builder()
                // The API answers in place. A redirect would carry the call, if not the token, to somewhere else.
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|error| Error::transport(None, error))?,
        };
        let (timeout, retry) = (self.timeout, self.retry);
        Ok(Client(Arc::new(Inner { http, base, token, timeout, retry, user_agent })))
    }
}

fn check_base(base: &str) -> Result<()> {
    let url = Url::parse(base).map_err(|error| Error::configuration(format!("the base URL is none: {error}")))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(Error::configuration("the token is not sent over plain http; use https")),
        scheme => return Err(Error::configuration(format!("the base URL has the scheme {scheme}; https is needed"))),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(Error::configuration("the base URL has more than a scheme, a host and a path"));
    }
    Ok(())
}

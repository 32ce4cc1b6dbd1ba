//! The client and its configuration.

use std::env::{self, VarError};
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Method, Url};
use tower_service::Service;

use crate::call::raw::RawCall;
use crate::error::{Error, Result};
use crate::generated::server::SERVER;
use crate::response::drift::{Drift, DriftHook};
use crate::transport::budget::Budget;
use crate::transport::pace::{Pace, Rate};
use crate::transport::retry::RetryPolicy;
use crate::transport::service::HttpService;
use crate::transport::token::Token;
use crate::transport::url::{is_https_or_loopback, is_loopback};
use crate::transport::{Config, Transport};

/// A client of the API. Clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    transport: Transport,
}

/// Builds a [`Client`].
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    token: Result<Token, String>,
    base: Result<Url, String>,
    http: Option<HttpService>,
    timeout: Duration,
    attempt_timeout: Duration,
    connect_timeout: Duration,
    retry: RetryPolicy,
    retry_budget: u32,
    max_requests_per_second: Option<f64>,
    max_concurrent_requests: Option<usize>,
    user_agent: String,
    max_response_bytes: usize,
    drift: Option<DriftHook>,
}

impl Client {
    /// Creates a client with a token and defaults for everything else.
    pub fn new(token: impl AsRef<str>) -> Result<Self> {
        Self::builder(token).build()
    }

    /// Creates a client with the token in `WEEEK_TOKEN`, and the base URL in `WEEEK_BASE_URL` if that is set.
    pub fn from_env() -> Result<Self> {
        let token = variable("WEEEK_TOKEN")?.ok_or_else(|| Error::config("WEEEK_TOKEN is not set"))?;
        let builder = Self::builder(token);
        match variable("WEEEK_BASE_URL")? {
            Some(base) if !base.is_empty() => builder.base_url(base).build(),
            _ => builder.build(),
        }
    }

    /// Returns a builder for a client with a token.
    pub fn builder(token: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder {
            token: Token::new(token.as_ref()),
            base: parse_base_url(SERVER),
            http: None,
            timeout: Duration::from_secs(75),
            attempt_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retry: RetryPolicy::default(),
            retry_budget: 100,
            max_requests_per_second: None,
            max_concurrent_requests: None,
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
        RawCall::new(&self.transport, method, path.into())
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }
}

/// The error does not show the value: that of `WEEEK_TOKEN` is a secret.
fn variable(name: &str) -> Result<Option<String>> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::config(format!("{name} is not valid Unicode"))),
    }
}

impl ClientBuilder {
    /// Sets the base URL, path included. Default: `https://api.weeek.net/public/v1`.
    ///
    /// Plain `http` is accepted only for loopback, such as `http://127.0.0.1:8737`. Requests to loopback use no proxy.
    #[must_use]
    pub fn base_url(mut self, base: impl Into<String>) -> Self {
        self.base = parse_base_url(&base.into());
        self
    }

    /// Uses your own HTTP client, of the reqwest 0.13 that this crate re-exports as [`reqwest`](crate::reqwest). It is then responsible
    /// for proxies, connect timeouts, decompression and redirects.
    ///
    /// Build it with [`reqwest::redirect::Policy::none`][none]. A client that follows redirects can send a `POST` twice: if the
    /// connection to the target of the redirect fails, it looks as if nothing had been sent, and the call is retried. A
    /// response from another host than that of the base URL is an error.
    ///
    /// With a proxy of yours, requests to an `http` base URL on loopback pass the proxy, token included. Without an HTTP client of yours,
    /// the proxy is that of the system or of `HTTPS_PROXY`.
    ///
    /// [none]: https://docs.rs/reqwest/latest/reqwest/redirect/struct.Policy.html#method.none
    ///
    /// ```no_run
    /// use weeek_generated::{Client, HeaderMap, reqwest};
    ///
    /// # fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let http = reqwest::Client::builder()
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .proxy(reqwest::Proxy::all("http://proxy.example.com:3128")?)
    ///     .default_headers(HeaderMap::from_iter([("x-team".parse()?, "sales".parse()?)]))
    ///     .connect_timeout(std::time::Duration::from_secs(5));
    /// let weeek = Client::builder("token").http_client(http.build()?).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(HttpService::Reqwest(http));
        self
    }

    /// Sends requests, uploads and downloads through your own [`tower_service::Service`][service], such as a client of reqwest's inside
    /// layers of tower.
    ///
    /// A layer that limits calls can make a program hang: a call that nobody polls, such as one in `buffer_unordered` while the body of
    /// the loop makes another call, keeps its place. [`ClientBuilder::max_concurrent_requests`] and
    /// [`ClientBuilder::max_requests_per_second`] do not.
    ///
    /// The service is cloned for each attempt. The timeout of an attempt starts when the clone is ready. Retries are above the service,
    /// so it sees each attempt.
    ///
    /// An error of reqwest's, or an [`Error`] of this crate, is taken as it is. After another one the request counts as perhaps received,
    /// so only idempotent calls are retried.
    ///
    /// The service must not follow redirects; see [`ClientBuilder::http_client`].
    ///
    /// [service]: https://docs.rs/tower-service/latest/tower_service/trait.Service.html
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use tower::ServiceBuilder;
    /// use weeek_generated::{Client, reqwest};
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    /// // At most four requests a second start, and at most eight are on their way. The buffer is small, so that calls wait for their
    /// // turn before their timeout starts. It needs tokio's runtime.
    /// let service = ServiceBuilder::new()
    ///     .concurrency_limit(8)
    ///     .buffer(1)
    ///     .rate_limit(4, Duration::from_secs(1))
    ///     .service(http);
    /// let weeek = Client::builder("token").service(service).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn service<S>(mut self, service: S) -> Self
    where
        S: Service<reqwest::Request, Response = reqwest::Response> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.http = Some(HttpService::custom(service));
        self
    }

    /// Sets the timeout of each call, from its first attempt on: all attempts, and the waits between them. Default: 75 seconds, so
    /// that a wait of a minute for a rate limit fits.
    ///
    /// A wait that would pass it is not begun; the call ends with the error of its last attempt. Uploads and downloads have no timeout
    /// of this kind unless [`Call::timeout`] or [`Download::timeout`] sets one.
    ///
    /// [`Call::timeout`]: crate::Call::timeout
    /// [`Download::timeout`]: crate::Download::timeout
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the timeout of each attempt. Default: 30 seconds.
    ///
    /// An upload or a download can take longer while it makes progress: it fails only if nothing is sent or received for
    /// this time.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the timeout for connecting to a server. Default: 10 seconds. Ignored with [`ClientBuilder::http_client`] and
    /// [`ClientBuilder::service`].
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the retry policy. Default: `RetryPolicy::default()`, which makes three attempts.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how many retries the client and its clones can make while no call succeeds. Default: 100.
    ///
    /// Five successful calls give back one retry. Without budget, a call makes its first attempt only, so a server that is down is not
    /// held down. Retries after HTTP 429 are not counted: the server paces them.
    #[must_use]
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// Limits the rate of requests, retries included, of the client and its clones. Default: not limited; HTTP 429 holds back calls in
    /// any case.
    ///
    /// Calls wait in their order. A call that was polled once goes on by itself, on a task of tokio's, so one that nobody polls holds back
    /// no other; it still stops when it is dropped. The wait for the first attempt is not part of [`ClientBuilder::timeout`], but of
    /// [`Call::timeout`](crate::Call::timeout). Downloads are from another server, and not limited.
    ///
    /// ```
    /// # fn run() -> weeek_generated::Result<()> {
    /// let weeek = weeek_generated::Client::builder("token").max_requests_per_second(4).max_concurrent_requests(8).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn max_requests_per_second(mut self, rate: impl Into<f64>) -> Self {
        self.max_requests_per_second = Some(rate.into());
        self
    }

    /// Limits how many requests of the client and its clones are on their way at once. Default: not limited. Calls wait in their order,
    /// as for [`ClientBuilder::max_requests_per_second`].
    #[must_use]
    pub fn max_concurrent_requests(mut self, requests: usize) -> Self {
        self.max_concurrent_requests = Some(requests);
        self
    }

    /// Sets the `User-Agent`. Default: the name and the version of this crate.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the maximum size of a response body. Default: 8 MiB. Decoded values take at most ten times that.
    /// Downloads are not limited.
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

    /// Builds the client. Fails if the configuration is invalid, or if the token would be sent over plain `http` to another
    /// machine.
    pub fn build(self) -> Result<Client> {
        let token = self.token.map_err(Error::config)?;
        let base = self.base.map_err(Error::config)?;
        let user_agent = HeaderValue::try_from(self.user_agent)
            .map_err(|_| Error::config("the user agent is not a valid header value"))?;
        let http = match self.http {
            Some(http) => http,
            None => HttpService::Reqwest(http_client(&base, self.connect_timeout)?),
        };
        let rate = self.max_requests_per_second.map(|rate| {
            Rate::new(rate).ok_or_else(|| Error::config(format!("{rate} requests per second let no call pass")))
        });
        if self.max_concurrent_requests == Some(0) {
            return Err(Error::config("0 concurrent requests let no call pass"));
        }
        let pace = Pace::new(Budget::new(self.retry_budget), rate.transpose()?, self.max_concurrent_requests);
        let Self { timeout, attempt_timeout, retry, max_response_bytes, drift, .. } = self;
        let config =
            Config { http, base, token, timeout, attempt_timeout, retry, user_agent, max_response_bytes, drift };
        Ok(Client { transport: Transport::new(config, pace) })
    }
}

fn http_client(base: &Url, connect_timeout: Duration) -> Result<reqwest::Client> {
    check_tls(base, cfg!(any(feature = "rustls", feature = "native-tls"))).map_err(Error::config)?;
    let builder = reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        // The API does not redirect. A redirect would send the call, if not the token, to another server.
        .redirect(Policy::none())
        // Another crate can turn on decompression in reqwest. A small response could then expand to gigabytes.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd();
    // A proxy would read the token, because requests to loopback are not encrypted.
    let builder = if is_loopback(base) { builder.no_proxy() } else { builder };
    builder.build().map_err(|error| Error::transport(None, error))
}

/// Without TLS, reqwest fails at the first request, with a message that does not lead to the cause.
fn check_tls(base: &Url, has_tls: bool) -> Result<(), &'static str> {
    if base.scheme() == "https" && !has_tls {
        return Err(
            "no TLS backend for an https base URL; enable the feature `rustls` or `native-tls` of weeek-generated, \
                    which `default-features = false` disables, or set an HTTP client of your own",
        );
    }
    Ok(())
}

/// The message never shows the URL, which may contain a password.
fn parse_base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim().trim_end_matches('/')).map_err(|error| format!("invalid base URL: {error}"))?;
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err("the token is not sent over plain http; use https".to_owned());
    }
    if !is_https_or_loopback(&url) {
        return Err("invalid base URL: it does not start with `https://`".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err("invalid base URL: it has more than a scheme, a host, a port and a path".to_owned());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_https_or_loopback_and_nothing_more() {
        for (text, reason) in [
            ("", "relative URL without a base"),
            ("api.weeek.net", "relative URL without a base"),
            ("http://example.com", "plain http"),
            ("http://127.0.0.1.example.com", "plain http"),
            ("http://localhost.example.com", "plain http"),
            ("http://0.0.0.0", "plain http"),
            ("ftp://localhost", "does not start with"),
            ("user:password@example.com", "does not start with"),
            ("https://user@example.com", "more than"),
            ("https://:password@example.com", "more than"),
            ("https://example.com?a=b", "more than"),
            ("https://example.com/#a", "more than"),
        ] {
            let error = parse_base_url(text).unwrap_err();
            assert!(error.contains(reason) && !error.contains("password"), "{text}: {error}");
        }
        for (text, url) in [
            ("https://example.com/v1/", "https://example.com/v1"),
            (" http://localhost:8080//\n", "http://localhost:8080/"),
            ("http://[::1]:1", "http://[::1]:1/"),
            ("http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]/"),
            ("http://127.1", "http://127.0.0.1/"),
        ] {
            assert_eq!(parse_base_url(text).unwrap().as_str(), url, "{text}");
        }
    }

    #[test]
    fn https_needs_a_tls_backend() {
        let (https, http) = (Url::parse("https://example.com").unwrap(), Url::parse("http://127.0.0.1").unwrap());
        assert!(check_tls(&https, false).unwrap_err().contains("`rustls`"));
        assert!([check_tls(&https, true), check_tls(&http, false), check_tls(&http, true)].iter().all(Result::is_ok));
    }
}

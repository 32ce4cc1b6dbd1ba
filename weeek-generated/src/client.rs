//! The client: where calls go, with which token, how patiently.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::drift::{Drift, Hook};
use crate::error::{Error, Result};
use crate::generated::SERVER;
use crate::retry::RetryPolicy;
use crate::token::Token;

/// A client of the API. Clones share connections.
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) token: Token,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) user_agent: HeaderValue,
    pub(crate) answer_limit: usize,
    pub(crate) drift: Option<Hook>,
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
    answer_limit: usize,
    drift: Option<Hook>,
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
            answer_limit: 64 << 20,
            drift: None,
        }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

impl ClientBuilder {
    /// Where the API lives, path included, if not at `https://api.weeek.net/public/v1`. Plain http is for this machine only:
    /// `http://127.0.0.1:8737`.
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

    /// How many bytes an answer may have before it is given up; 64 MiB unless told. Downloads are not limited.
    #[must_use]
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// Is told whatever has to be tolerated in an answer; see [`Drift`]. Without a hook, nothing is looked for.
    #[must_use]
    pub fn on_drift(mut self, hook: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        self.drift = Some(Hook::new(hook));
        self
    }

    /// The client, or what is wrong with its configuration. The token is refused over plain http, except on loopback.
    pub fn build(self) -> Result<Client> {
        let token = self.token.map_err(Error::configuration)?;
        let base = base(&self.base)?;
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
        let Self { timeout, retry, answer_limit, drift, .. } = self;
        Ok(Client(Arc::new(Inner { http, base, token, timeout, retry, user_agent, answer_limit, drift })))
    }
}

fn base(text: &str) -> Result<Url> {
    let url = Url::parse(text.trim_end_matches('/'))
        .map_err(|error| Error::configuration(format!("the base URL is none: {error}")))?;
    match url.scheme() {
        _ if is_covered(&url) => {}
        "http" => return Err(Error::configuration("the token is not sent over plain http; use https")),
        scheme => return Err(Error::configuration(format!("the base URL has the scheme {scheme}; https is needed"))),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(Error::configuration("the base URL has more than a scheme, a host and a path"));
    }
    Ok(url)
}

/// Whether what is said there stays between both ends: https, or http that does not leave this machine.
pub(crate) fn is_covered(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

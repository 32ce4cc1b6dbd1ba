//! Sends GET requests, not faster than allowed, and reads limited responses without the token.

use std::time::Duration;

use reqwest::header::{ACCEPT, RETRY_AFTER};
use serde_json::Value;
use tokio::time::{Instant, sleep_until};

use crate::contract::recording::Body;

/// The API to read, and how fast.
#[derive(Clone)]
pub struct Target {
    /// The base URL; `None` is that of the spec.
    pub base: Option<String>,
    /// The token.
    pub token: String,
    /// The minimum interval between requests.
    pub min_interval: Duration,
}

const NO_TOKEN: &str = "WEEEK_TOKEN is not set
help: create a token in the settings of your workspace in Weeek, under API, and pass it in the environment:
      WEEEK_TOKEN=… cargo xtask probe
      The probe only reads. It sees what the token's owner sees, and prints neither that nor the token.";

/// Four requests per second.
const MIN_INTERVAL: Duration = Duration::from_millis(250);

impl Target {
    /// Reads `WEEEK_TOKEN`, and `WEEEK_BASE_URL` if set.
    pub fn from_env() -> Result<Self, String> {
        let read = |name| std::env::var(name).ok().filter(|text: &String| !text.trim().is_empty());
        let token = read("WEEEK_TOKEN").ok_or(NO_TOKEN)?;
        Ok(Self { base: read("WEEEK_BASE_URL"), token: checked(&token)?, min_interval: MIN_INTERVAL })
    }
}

/// The token without spaces around it, if a header can have it.
fn checked(token: &str) -> Result<String, String> {
    let token = token.trim();
    let help = "copy it again from the settings of your workspace";
    let is_valid = token.bytes().all(|byte| byte.is_ascii_graphic());
    if is_valid {
        Ok(token.to_owned())
    } else {
        Err(format!("WEEEK_TOKEN has a character that no token has\nhelp: {help}"))
    }
}

/// The maximum size of a response. A page of real items is a tenth of it.
const MAX_RESPONSE_BYTES: usize = 4 << 20;

/// A response as received, without the token.
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    /// `None` if the body is too large.
    pub(super) body: Option<Body>,
    /// The size of the body.
    pub(super) size: usize,
}

/// The HTTP client.
pub(super) struct Client<'t> {
    target: &'t Target,
    base: String,
    http: reqwest::Client,
    next: Instant,
    /// The number of requests, retries included.
    pub(super) sent: usize,
}

impl<'t> Client<'t> {
    /// Rejects a base URL that would send the token in plain text to another host.
    pub(super) fn new(target: &'t Target, server: &str) -> Result<Self, String> {
        let base = target.base.as_deref().unwrap_or(server).trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base).map_err(|error| format!("invalid WEEEK_BASE_URL: {error}"))?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_loopback =
            host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback) {
            return Err("invalid WEEEK_BASE_URL: the token is sent over https only".to_owned());
        }
        let mut http = reqwest::Client::builder();
        if is_loopback {
            // A proxy would receive the token in plain text.
            http = http.no_proxy();
        }
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { target, base, http, next: Instant::now(), sent: 0 })
    }

    pub(super) fn min_interval(&self) -> Duration {
        self.target.min_interval
    }

    pub(super) async fn get(&mut self, path: &str) -> Result<Received, String> {
        sleep_until(self.next).await;
        self.next = Instant::now() + self.target.min_interval;
        self.sent += 1;
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.target.token);
        let failed = |error: reqwest::Error| self.without_token(&causes(&error.without_url()));
        let mut response = request.header(ACCEPT, "application/json").send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_RESPONSE_BYTES {
                break;
            }
        }
        let size = bytes.len();
        let body = (size <= MAX_RESPONSE_BYTES).then(|| self.body_without_token(Body::read(&bytes)));
        Ok(Received { status, retry_after: retry_after.map(Duration::from_secs), body, size })
    }

    /// Removes a token that the server echoes.
    fn body_without_token(&self, body: Body) -> Body {
        match body {
            Body::Empty => Body::Empty,
            Body::Json(value) => Body::Json(self.value_without_token(value)),
            Body::Text(text) => Body::Text(self.without_token(&text)),
        }
    }

    fn value_without_token(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.without_token(&text).into(),
            Value::Array(items) => items.into_iter().map(|item| self.value_without_token(item)).collect(),
            Value::Object(object) => {
                let entries = object.into_iter();
                entries.map(|(key, value)| (self.without_token(&key), self.value_without_token(value))).collect()
            }
            other => other,
        }
    }

    fn without_token(&self, text: &str) -> String {
        // A very short token is not one of Weeek, and may be part of any word.
        if self.target.token.len() < 8 { text.to_owned() } else { text.replace(&self.target.token, "[token]") }
    }
}

fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_into_a_header() {
        assert_eq!(checked(" 1a-b.c\n").as_deref(), Ok("1a-b.c"));
        for token in ["a b", "a\nb", "токен", "a\u{202e}"] {
            let error = checked(token).unwrap_err();
            assert!(error.contains("WEEEK_TOKEN") && !error.contains(token), "{error}");
        }
    }
}

//! URLs of requests, and what they may lead to.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::{Error, Result};
use crate::request::Request;
use crate::response::RawResponse;

/// The longest URL that the HTTP client sends.
const MAX_BYTES: usize = 65_000;

/// Clones the parsed base URL; parsing the host for each call is slow.
pub(crate) fn build(base: &Url, request: &Request) -> Result<Url, String> {
    let mut url = base.clone();
    url.set_path(&format!("{}{}", base.path().trim_end_matches('/'), request.path()));
    let query = request.query();
    url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    match url.as_str().len() {
        length if length > MAX_BYTES => Err(format!("the URL has {length} bytes, at most {MAX_BYTES} can be sent")),
        _ => Ok(url),
    }
}

/// Whether what is sent to the URL stays private: it is `https`, or `http` to loopback.
pub(crate) fn is_https_or_loopback(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Whether the URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// Rejects a response of another server. Only an HTTP client of the caller's own follows redirects.
pub(crate) fn check_server(base: &Url, response_url: &Url, raw: &RawResponse) -> Result<()> {
    let is_same_host = response_url.host_str() == base.host_str();
    if is_same_host && response_url.scheme() == base.scheme() && response_url.port() == base.port() {
        return Ok(());
    }
    let host = response_url.host_str().unwrap_or_default();
    let text = format!("the HTTP client followed a redirect to {host}; build it with `redirect::Policy::none()`");
    Err(Error::decode(raw, None, text))
}

//! Fetches the bytes of an attachment: redirects, retries, renewal of an expired URL, and the rest of a broken download.

use std::net::IpAddr;
use std::pin::pin;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_RANGE, LOCATION, RANGE, USER_AGENT,
};
use reqwest::{Method, Response, StatusCode, Url};
use tokio::time::timeout;

use crate::error::{Error, Result};
use crate::generated::endpoints::AttachmentsApi;
use crate::generated::models::{Attachment, AttachmentId, AttachmentService};
use crate::operation::Operation;
use crate::response::RawResponse;
use crate::transport::deadline::Deadline;
use crate::transport::service::{response_url, with_timeout};
use crate::transport::trace::{Span, log_failure};
use crate::transport::url::{is_https_or_loopback, is_loopback};
use crate::transport::{NOT_SENT, Transport};

const MAX_REDIRECTS: usize = 5;

/// How much of an error response is kept.
const MAX_ERROR_BYTES: usize = 64 << 10;

/// Where the bytes of an attachment are.
pub(crate) struct Source {
    pub(crate) transport: Transport,
    pub(crate) operation: &'static Operation,
    pub(crate) file_name: String,
    /// The size of the file, if Weeek knows it.
    pub(crate) size: Option<u64>,
    id: AttachmentId,
    url: String,
}

/// The rest of a file, from a byte on.
pub(crate) struct Rest {
    pub(crate) start: u64,
    pub(crate) total: Option<u64>,
    /// Identifies the version of the file whose first bytes were received.
    pub(crate) etag: HeaderValue,
}

impl Source {
    #[inline]
    pub(crate) fn new(transport: &Transport, attachment: &Attachment) -> Result<Self> {
        let operation = AttachmentsApi { transport }.get(&attachment.id).operation();
        if let Some(service) = attachment.service.as_ref().filter(|service| **service != AttachmentService::Weeek) {
            let text = format!("the file is stored by {service}, not by Weeek; open its URL");
            return Err(Error::request(text).with_operation(operation));
        }
        Ok(Self {
            transport: transport.clone(),
            operation,
            file_name: attachment.name.clone(),
            size: attachment.size.and_then(|size| size.try_into().ok()),
            id: attachment.id.clone(),
            url: attachment.url.clone(),
        })
    }

    /// Opens the file, or only the rest of it. A server can return the whole file where the rest was asked for.
    #[inline]
    pub(crate) async fn open(&mut self, rest: Option<&Rest>, deadline: Deadline) -> Result<Response> {
        match self.fetch(rest, deadline).await {
            Err(error) if is_expired(&error) => {
                let renew = AttachmentsApi { transport: &self.transport }.get(&self.id);
                let too_late = || Err(Error::timed_out(self.operation, "the file's URL was not renewed in time"));
                let renewed = deadline.bound(pin!(renew.send())).await.unwrap_or_else(too_late)?;
                self.size = renewed.size.and_then(|size| size.try_into().ok());
                self.url = renewed.url;
                self.fetch(rest, deadline).await
            }
            result => result,
        }
    }

    #[inline]
    async fn fetch(&self, rest: Option<&Rest>, deadline: Deadline) -> Result<Response> {
        let config = self.transport.config();
        let deadline = deadline.or(|| Deadline::after(Some(config.timeout)));
        let mut attempts = self.transport.attempts(&config.retry, deadline);
        let url = Url::parse(&self.url).map_err(|error| {
            Error::request(format!("the file has an invalid URL: {error}")).with_operation(self.operation)
        })?;
        loop {
            let span = Span::of_download(self.operation, &url, attempts.number());
            let start = Instant::now();
            let fetched = span.instrument(self.fetch_with_redirects(url.clone(), rest, deadline)).await;
            span.record_outcome(start, &fetched, Response::status);
            let error = match fetched {
                Err(error) => error.with_operation(self.operation),
                response => return response,
            };
            let wait = attempts.next(&error, true, attempts.number());
            log_failure(&error, wait);
            let Some(wait) = wait else { return Err(attempts.fail(error)) };
            tokio::time::sleep(wait).await;
        }
    }

    #[inline]
    async fn fetch_with_redirects(&self, mut url: Url, rest: Option<&Rest>, deadline: Deadline) -> Result<Response> {
        let inner = self.transport.config();
        for _ in 0..=MAX_REDIRECTS {
            check_url(&url, &inner.base)?;
            let not_ready = || Err(Error::not_sent(self.operation, NOT_SENT));
            let service = deadline.bound(pin!(inner.http.ready(self.operation))).await.unwrap_or_else(not_ready)?;
            let mut message = reqwest::Request::new(Method::GET, url.clone());
            *message.headers_mut() = self.headers(rest);
            let (sent, limit) = (service.send(message, self.operation), deadline.left(inner.attempt_timeout));
            let response = with_timeout(Some(limit), self.operation, sent).await?;
            let url_of_response = response_url(&response, &url);
            // An HTTP client of the caller's own can follow redirects by itself.
            check_url(url_of_response, &inner.base)?;
            match next_url(&response, url_of_response) {
                Some(next) => url = next,
                None => return self.accept(response, rest).await,
            }
        }
        Err(Error::request(format!("the file's URL leads to more than {MAX_REDIRECTS} redirects")))
    }

    /// The URL is signed, so the token is not among the headers.
    #[inline]
    fn headers(&self, rest: Option<&Rest>) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(USER_AGENT, self.transport.config().user_agent.clone());
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(rest) = rest {
            headers.insert(RANGE, HeaderValue::try_from(format!("bytes={}-", rest.start)).expect("digits are valid"));
            headers.insert(IF_RANGE, rest.etag.clone());
        }
        headers
    }

    /// Accepts the whole file, or exactly the rest that was asked for.
    #[inline]
    async fn accept(&self, mut response: Response, rest: Option<&Rest>) -> Result<Response> {
        let (status, headers) = (response.status(), response.headers().clone());
        if status == StatusCode::OK || rest.is_some_and(|rest| rest.is_in(status, &headers)) {
            return Ok(response);
        }
        let body = self.read_start(&mut response).await;
        let raw = RawResponse { headers, body, ..RawResponse::new(self.operation, status) };
        if status.is_success() {
            let text = format!("expected HTTP 200 with the file, got HTTP {}", status.as_u16());
            return Err(Error::decode(&raw, None, text));
        }
        Err(Error::api(&raw))
    }

    /// The start of an error response, as far as it arrives in time.
    #[inline]
    async fn read_start(&self, response: &mut Response) -> Bytes {
        let mut body = BytesMut::new();
        let read = async {
            while body.len() < MAX_ERROR_BYTES {
                let Ok(Some(chunk)) = response.chunk().await else { break };
                body.extend_from_slice(&chunk);
            }
        };
        // A body that does not arrive in time is cut off.
        let _ = timeout(self.transport.config().attempt_timeout, read).await;
        body.truncate(MAX_ERROR_BYTES);
        body.freeze()
    }
}

impl Rest {
    #[inline]
    fn is_in(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        let is_rest = content_range(headers)
            .is_some_and(|(start, total)| start == self.start && self.total.is_none_or(|expected| expected == total));
        status == StatusCode::PARTIAL_CONTENT && is_rest && headers.get(ETAG) == Some(&self.etag)
    }
}

/// The first byte of the part in a response, and the size of the whole file.
#[inline]
pub(crate) fn content_range(headers: &HeaderMap) -> Option<(u64, u64)> {
    parse_content_range(headers.get(CONTENT_RANGE)?.to_str().ok()?)
}

/// Parses a header such as `bytes 4-9/10`.
#[inline]
fn parse_content_range(range: &str) -> Option<(u64, u64)> {
    let (bytes, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = bytes.split_once('-')?;
    let (start, end, total) = (start.parse().ok()?, end.parse::<u64>().ok()?, total.parse().ok()?);
    (start <= end && end < total).then_some((start, total))
}

/// The storage returns 403 for an expired URL; other client errors may mean the same.
#[inline]
fn is_expired(error: &Error) -> bool {
    let is_other = error.is_rate_limited() || error.status() == Some(StatusCode::RANGE_NOT_SATISFIABLE);
    error.is_api_error() && error.status().is_some_and(|status| status.is_client_error()) && !is_other
}

/// Rejects what a server must not make this machine request: plain text, and services of this machine.
#[inline]
fn check_url(url: &Url, base: &Url) -> Result<()> {
    if !is_https_or_loopback(url) {
        return Err(Error::request("the file's URL is not https"));
    }
    if is_this_machine(url) && !is_loopback(base) {
        return Err(Error::request("the file's URL leads to this machine"));
    }
    Ok(())
}

/// Whether a connection to the URL ends at this machine, however its host is written.
#[inline]
fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let name = host.trim_end_matches('.');
    let is_unspecified =
        host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_unspecified());
    is_loopback(url) || is_unspecified || name == "localhost" || name.ends_with(".localhost")
}

#[inline]
fn next_url(response: &Response, url: &Url) -> Option<Url> {
    let location = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
    url.join(location.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_range_is_whole_or_none() {
        for (header, range) in [
            ("bytes 4-9/10", Some((4, 10))),
            ("bytes 0-0/1", Some((0, 1))),
            ("bytes 4-9/*", None),
            ("bytes */10", None),
            ("bytes 9-4/10", None),
            ("bytes 4-10/10", None),
            ("bytes 4-99999999999999999999/10", None),
            ("items 4-9/10", None),
            ("4-9/10", None),
            ("", None),
        ] {
            assert_eq!(parse_content_range(header), range, "{header}");
        }
    }

    #[test]
    fn only_a_client_of_this_machine_fetches_from_it() {
        let url = |text: &str| Url::parse(text).unwrap();
        let (weeek, local) = (url("https://api.weeek.net/public/v1"), url("http://127.0.0.1:8737"));
        for here in [
            "https://127.0.0.1/x",
            "https://localhost",
            "https://LOCALHOST.",
            "https://a.localhost",
            "https://[::1]",
            "https://0x7f.1",
            "https://[::ffff:127.0.0.1]",
            "https://0.0.0.0",
            "https://[::]",
        ] {
            assert!(check_url(&url(here), &weeek).is_err(), "{here}");
            assert!(check_url(&url(here), &local).is_ok(), "{here}");
        }
        for plain in ["http://example.com", "ftp://example.com", "file:///etc/passwd", "http://10.0.0.1"] {
            assert!(check_url(&url(plain), &local).is_err(), "{plain}");
        }
        assert!(check_url(&url("https://storage.example.com/x"), &weeek).is_ok());
    }
}

//! What came back from the API.

pub(crate) mod context;
pub(crate) mod decode;
pub(crate) mod deserialize;
pub(crate) mod drift;
mod envelope;
pub(crate) mod error_body;
pub(crate) mod json;
pub(crate) mod lenient;
mod list;
mod number;
pub(crate) mod object;
pub(crate) mod properties;
pub(crate) mod scalar;
pub(crate) mod tagged;

use std::fmt;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};

use crate::operation::Operation;
use crate::transport::token::Token;
use drift::DriftHook;

/// A response as it came, without its value.
#[derive(Clone, Debug)]
pub(crate) struct RawResponse {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The number of the attempt that it came from, counted from 1.
    pub(crate) attempts: u32,
    /// The drift hook, if set.
    pub(crate) drift: Option<DriftHook>,
    /// The token of the request, which no error text may show although a server may echo it.
    pub(crate) token: Option<Token>,
}

impl RawResponse {
    /// A response without headers and body, to be completed.
    pub(crate) fn new(operation: &'static Operation, status: StatusCode) -> Self {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Self { operation, status, headers, body, attempts: 0, drift: None, token: None }
    }

    /// The body without the token.
    pub(crate) fn redacted_body(&self) -> Bytes {
        // A long body is cut, perhaps inside of a character.
        let redacted = self.redacted(&String::from_utf8_lossy(&self.body));
        redacted.map_or_else(|| self.body.clone(), Into::into)
    }

    /// The headers without the token.
    pub(crate) fn redacted_headers(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        for value in headers.values_mut() {
            let redacted = value.to_str().ok().and_then(|text| self.redacted(text));
            if let Some(redacted) = redacted.and_then(|text| HeaderValue::try_from(text).ok()) {
                *value = redacted;
            }
        }
        headers
    }

    /// A text from the response without the token.
    pub(crate) fn redact(&self, text: String) -> String {
        self.redacted(&text).unwrap_or(text)
    }

    fn redacted(&self, text: &str) -> Option<String> {
        self.token.as_ref()?.redact(text)
    }
}

/// A value together with the response that it was decoded from.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Response<T> {
    /// The decoded value.
    pub value: T,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub raw_body: Bytes,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, raw: &RawResponse) -> Self {
        Self { value, status: raw.status, headers: raw.headers.clone(), raw_body: raw.body.clone() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("value", &self.value).field("status", &self.status).finish_non_exhaustive()
    }
}

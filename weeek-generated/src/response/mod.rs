//! What came back from the API.

pub(crate) mod context;
pub(crate) mod decode;
pub(crate) mod drift;
mod envelope;
pub(crate) mod error_body;
pub(crate) mod json;
pub(crate) mod lenient;
mod list;
pub(crate) mod object;
pub(crate) mod scalar;
pub(crate) mod tagged;

use std::fmt;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::operation::Operation;
use drift::DriftHook;

/// A response as it came, without its value.
#[derive(Clone, Debug)]
pub(crate) struct RawResponse {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The drift hook, if set.
    pub(crate) drift: Option<DriftHook>,
}

/// A value together with the response that it was decoded from.
#[derive(Clone)]
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

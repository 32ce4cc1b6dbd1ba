//! Errors for tests.

use bytes::Bytes;
use reqwest::{Method, StatusCode};

use super::{Error, Phase};
use crate::operation::{Evidence, Operation};
use crate::response::RawResponse;

static UNKNOWN: Operation = Operation::new("", Method::GET, "", Evidence::Inferred);

impl Error {
    /// Makes the error of a response, for tests. It is of no operation.
    ///
    /// ```
    /// use weeek_generated::{Error, StatusCode};
    ///
    /// let error = Error::from_response(StatusCode::BAD_REQUEST, r#"{"success": false, "code": 1000001}"#);
    /// assert!(error.is_not_found());
    /// ```
    pub fn from_response(status: StatusCode, body: impl Into<Bytes>) -> Self {
        let mut error = Self::api(&RawResponse { body: body.into(), ..RawResponse::new(&UNKNOWN, status) });
        error.0.operation = None;
        error
    }

    pub(crate) fn mock_connect() -> Self {
        Self::connection(None, Phase::Connect, "connection refused".to_owned(), None)
    }

    pub(crate) fn mock_lost() -> Self {
        Self::connection(None, Phase::Lost, "connection reset".to_owned(), None)
    }
}

//! Decodes recorded responses with the client.

use std::fmt::Debug;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use reqwest::StatusCode;
use support::CallVisitor;
use weeek_generated::{Call, Client, Drift, Error};

use super::recording::Recording;

#[allow(dead_code, clippy::wildcard_imports, reason = "nothing is sent; the models are many")]
#[path = "../../../weeek-generated/tests/support/mod.rs"]
mod support;

// Nothing is sent, so TLS is not needed.
static CLIENT: LazyLock<Client> =
    LazyLock::new(|| Client::builder("t").base_url("http://127.0.0.1").build().expect("a client"));

/// What the client makes of a response.
#[derive(Debug, Default)]
pub struct Decoded {
    /// The reported drift.
    pub drift: Vec<Drift>,
    /// Why there is no value.
    pub error: Option<Error>,
}

/// Decodes the response to an operation. An operation that the client does not have is not decoded.
pub fn decode(operation: &str, recording: &Recording) -> Decoded {
    support::visit(&CLIENT, operation, Decoder(recording)).unwrap_or_default()
}

struct Decoder<'a>(&'a Recording);

impl CallVisitor for Decoder<'_> {
    type Outcome = Decoded;

    fn visit<T: Debug + Send + 'static>(self, call: Call<T>) -> Decoded {
        let reported = Arc::new(Mutex::new(Vec::new()));
        let hook = {
            let reported = reported.clone();
            move |drift: &Drift| reported.lock().unwrap_or_else(PoisonError::into_inner).push(drift.clone())
        };
        let status = StatusCode::from_u16(self.0.status).unwrap_or_default();
        let error = call.on_drift(hook).decode(status, self.0.body.bytes()).err();
        let drift = std::mem::take(&mut *reported.lock().unwrap_or_else(PoisonError::into_inner));
        Decoded { drift, error }
    }
}

//! Decodes any bytes as the response to any operation, with the decoder that calls use.

use std::fmt::Debug;
use std::sync::LazyLock;

use reqwest::StatusCode;
use weeek_generated::{Call, Client, ClientBuilder, Error, Operation, operations};

use crate::support::{self, CallVisitor};

/// The first line of the input has an operation and a status, such as `tasks.get 200`. An unknown operation stands for an arbitrary
/// one, and an unknown status for 200.
pub(crate) fn run(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (head, body) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    let mut words = head.split(|byte| *byte == b' ');
    let operation = operation(words.next().unwrap_or_default());
    let status = words.next().and_then(|status| StatusCode::from_bytes(status).ok()).unwrap_or(StatusCode::OK);

    let decode =
        |weeek: &Client| support::visit(weeek, operation, Response { status, body }).expect("operation without a call");
    let (plain, watched) = (decode(&PLAIN), decode(&WATCHED));
    assert_eq!(plain, watched, "the drift hook changes the result of {operation}");
}

struct Response<'a> {
    status: StatusCode,
    body: &'a [u8],
}

impl CallVisitor for Response<'_> {
    type Outcome = String;

    fn visit<T: Debug + Send + 'static>(self, call: Call<T>) -> String {
        match call.decode(self.status, self.body.to_vec()) {
            Ok(value) => {
                assert!(self.status.is_success());
                format!("{value:?}")
            }
            Err(error) => describe(&error, self.status, self.body),
        }
    }
}

/// Checks the details of an error, and formats it.
fn describe(error: &Error, status: StatusCode, body: &[u8]) -> String {
    assert!(error.is_api_error() || (error.is_decode() && status.is_success()), "{error:?}");
    assert_eq!((error.status(), error.body()), (Some(status), body));
    assert!(!(error.is_timeout() || error.is_connect() || error.is_builder()));
    format!("{error} {error:?} {:?} {:?}", error.field_errors(), error.code())
}

/// Nothing is sent, and plain HTTP needs no TLS, which the fuzz targets do not have.
fn builder() -> ClientBuilder {
    Client::builder("t").base_url("http://127.0.0.1")
}

static PLAIN: LazyLock<Client> = LazyLock::new(|| builder().build().expect("a client"));
static WATCHED: LazyLock<Client> = LazyLock::new(|| {
    let hook = |drift: &weeek_generated::Drift| drop((drift.to_string(), format!("{drift:?}")));
    builder().on_drift(hook).build().expect("a client")
});
static OPERATIONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| operations().map(Operation::id).collect());

/// The operation with this id, or an arbitrary one.
fn operation(id: &[u8]) -> &'static str {
    let known = OPERATIONS.iter().find(|known| known.as_bytes() == id);
    let hash = id.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    known.unwrap_or(&OPERATIONS[hash % OPERATIONS.len()])
}

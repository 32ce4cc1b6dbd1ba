//! Any bytes as the answer to any operation, through the decoder that a call uses.

use std::fmt::Debug;
use std::sync::LazyLock;

use reqwest::StatusCode;
use weeek_generated::{Call, Client, Error, Operation, operations};

use crate::support::{self, Take};

/// The first line names an operation and a status, such as `tasks.get 200`; a line that does neither stands for one by chance.
pub(crate) fn run(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (head, body) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    let mut words = head.split(|byte| *byte == b' ');
    let operation = operation(words.next().unwrap_or_default());
    let status = words.next().and_then(|status| StatusCode::from_bytes(status).ok()).unwrap_or(StatusCode::OK);

    let read =
        |weeek: &Client| support::take(weeek, operation, Answer { status, body }).expect("every operation has a call");
    let (plain, watched) = (read(&PLAIN), read(&WATCHED));
    assert_eq!(plain, watched, "a hook changes what {operation} makes of an answer");
}

struct Answer<'a> {
    status: StatusCode,
    body: &'a [u8],
}

impl Take for Answer<'_> {
    type Outcome = String;

    fn take<T: Debug + Send + 'static>(self, call: Call<T>) -> String {
        match call.decode(self.status, self.body.to_vec()) {
            Ok(value) => {
                assert!(self.status.is_success());
                format!("{value:?}")
            }
            Err(error) => told(&error, self.status, self.body),
        }
    }
}

/// What an error says, once it is sure that it says enough.
fn told(error: &Error, status: StatusCode, body: &[u8]) -> String {
    assert!(error.is_api_error() || (error.is_decode() && status.is_success()), "{error:?}");
    assert_eq!((error.status(), error.body()), (Some(status), body));
    assert!(!(error.is_timeout() || error.is_connect() || error.is_builder()));
    format!("{error} {error:?} {:?} {:?}", error.field_errors(), error.code())
}

static PLAIN: LazyLock<Client> = LazyLock::new(|| Client::new("t").expect("a client"));
static WATCHED: LazyLock<Client> = LazyLock::new(|| {
    let told = |drift: &weeek_generated::Drift| drop((drift.to_string(), format!("{drift:?}")));
    Client::builder("t").on_drift(told).build().expect("a client")
});
static OPERATIONS: LazyLock<Vec<&'static str>> = LazyLock::new(|| operations().map(Operation::id).collect());

/// The operation with this id, or one by chance.
fn operation(id: &[u8]) -> &'static str {
    let known = OPERATIONS.iter().find(|known| known.as_bytes() == id);
    let chance = id.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    known.unwrap_or(&OPERATIONS[chance % OPERATIONS.len()])
}

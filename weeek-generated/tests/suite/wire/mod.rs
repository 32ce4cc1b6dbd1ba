//! What every operation sends and decodes, compared with the spec without code of the generator. The calls are those of
//! `tests/generated`; a test by hand is only for what no example can say.

mod by_hand;
mod ids;
mod operations;

use weeek_generated::Call;
use xtask::contract::Operation;

use crate::{SCHEMAS, SPEC};

fn declared<T: Send + 'static>(call: &Call<T>) -> &'static Operation {
    SPEC.operation(call.operation().id()).unwrap()
}

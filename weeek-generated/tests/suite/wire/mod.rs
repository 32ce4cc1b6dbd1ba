//! What every operation sends and decodes, compared with the spec without code of the generator. The calls are those of
//! `tests/generated`; a test by hand is only for what no example can say.

mod by_hand;
mod ids;
mod operations;

use std::sync::{Arc, LazyLock};

use weeek_generated::Call;
use xtask::contract::schema::Schemas;
use xtask::contract::{Operation, Spec};

static SPEC: LazyLock<Arc<Spec>> = LazyLock::new(|| Arc::new(Spec::load(None).unwrap()));
static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas::closed(SPEC.clone()));

fn declared<T: Send + 'static>(call: &Call<T>) -> &'static Operation {
    SPEC.operation(call.operation().id()).unwrap()
}

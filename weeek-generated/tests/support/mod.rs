//! One call of each operation, for tests that call every operation.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use weeek_generated::{Call, Client, Result};

/// A call that returns the `Debug` output of its value.
pub(crate) type DebugFuture = Pin<Box<dyn Future<Output = Result<String>> + Send>>;

/// A function over calls of any type.
pub(crate) trait CallVisitor {
    type Outcome;

    fn visit<T: Debug + Send + 'static>(self, call: Call<T>) -> Self::Outcome;
}

/// Sends the call.
struct Sender;

impl CallVisitor for Sender {
    type Outcome = DebugFuture;

    fn visit<T: Debug + Send + 'static>(self, call: Call<T>) -> DebugFuture {
        Box::pin(async move { call.await.map(|value| format!("{value:?}")) })
    }
}

/// Calls the operation with this id, if there is one.
pub(crate) fn call(weeek: &Client, id: &str) -> Option<DebugFuture> {
    visit(weeek, id, Sender)
}

macro_rules! calls {
    ($weeek:ident { $($id:literal => $call:expr,)+ }) => {
        /// Passes the call of the operation with this id to the visitor: with the example of its body, and with every parameter.
        #[expect(deprecated, reason = "deprecated operations are tested too")]
        pub(crate) fn visit<V: super::CallVisitor>($weeek: &weeek_generated::Client, id: &str, visitor: V) -> Option<V::Outcome> {
            Some(match id {
                $($id => visitor.visit($call),)+
                _ => return None,
            })
        }
    };
}

macro_rules! bodies {
    ($($id:literal => $ty:ty,)*) => {
        /// Reads the JSON as the type of the operation's body, if it has one, and writes it again.
        #[allow(dead_code, reason = "not every test stores bodies")]
        pub(crate) fn reread(id: &str, body: serde_json::Value) -> Option<serde_json::Result<serde_json::Value>> {
            Some(match id {
                $($id => serde_json::from_value::<$ty>(body).and_then(serde_json::to_value),)*
                _ => return None,
            })
        }
    };
}

#[rustfmt::skip]
#[allow(unused_imports, reason = "the imports do not depend on the calls")]
#[path = "../generated/calls.rs"]
pub(crate) mod calls;
pub(crate) use calls::visit;

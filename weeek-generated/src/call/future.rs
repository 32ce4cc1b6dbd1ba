//! A call on its way.

use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::JoinHandle;

use crate::error::{Error, Result};
use crate::operation::Operation;

/// A call on its way, as [`Call::send`](crate::Call::send) returns it. It is `Send`, `Unpin` and `'static`, so it can be spawned and
/// joined.
///
/// Nothing is sent before it is polled. A call that is dropped may have been received.
///
/// ```no_run
/// # use weeek_generated::{Client, models::*};
/// # async fn run(weeek: Client) -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::{StreamExt, future::join_all, stream};
///
/// let profile = tokio::spawn(weeek.user().get().send());
///
/// let few = join_all([1, 2, 3].map(|id| weeek.tasks().get(id).send())).await;
///
/// // At most eight at once.
/// let calls = stream::iter(1..1000).map(|id| weeek.tasks().get(id).send());
/// let many: Vec<weeek_generated::Result<Task>> = calls.buffer_unordered(8).collect().await;
/// # let _ = (profile.await??, few, many);
/// # Ok(())
/// # }
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct CallFuture<T>(Pin<Box<dyn Future<Output = Result<T>> + Send>>);

impl<T> CallFuture<T> {
    pub(crate) fn new(call: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        Self(Box::pin(call))
    }

    /// Goes on by itself after the first poll, which gives the call its place in the order. A call that has a place or the next turn
    /// would hold back all others while nobody polls it.
    pub(crate) fn go_on_unpolled(mut self, operation: &'static Operation) -> Self
    where
        T: Send + 'static,
    {
        Self::new(async move {
            match poll_fn(|context| Poll::Ready(Pin::new(&mut self).poll(context))).await {
                Poll::Ready(result) => result,
                Poll::Pending => self.spawn(operation).await,
            }
        })
    }

    /// Sends the call at once, on a task that is stopped when the future is dropped.
    pub(crate) fn spawn(self, operation: &'static Operation) -> Self
    where
        T: Send + 'static,
    {
        let mut task = StopOnDrop(tokio::spawn(self));
        Self::new(async move {
            match (&mut task.0).await {
                Ok(result) => result,
                Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
                Err(_) => Err(Error::connection_lost(operation, "the runtime of the call was shut down".to_owned())),
            }
        })
    }
}

struct StopOnDrop<T>(JoinHandle<T>);

impl<T> Drop for StopOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T> Future for CallFuture<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallFuture")
    }
}

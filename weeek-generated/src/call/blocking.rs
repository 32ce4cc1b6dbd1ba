//! Calls and lists without async.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::LazyLock;
use std::thread;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle};

use super::Call;
use super::future::CallFuture;
use super::page::Page;
use super::pages::{Items, PageResponses, Pages};
use crate::error::Result;
use crate::response::Response;

/// Drives the connections of blocking calls. The first one starts it, on a thread of its own, for as long as the process runs.
static RUNTIME: LazyLock<Handle> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().expect("the system has resources for a runtime");
    let handle = runtime.handle().clone();
    let run = move || runtime.block_on(std::future::pending::<()>());
    thread::Builder::new().name("weeek-blocking".to_owned()).spawn(run).expect("the system can start a thread");
    handle
});

/// Blocks the thread until the work is done. Panics in an async function.
#[track_caller]
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.block_on(work)
}

impl<T: Send + 'static> Call<T> {
    /// Sends the request and blocks the thread until the response is decoded.
    ///
    /// ```no_run
    /// # use weeek_generated::{Client, Upload, models::*};
    /// # fn main() -> weeek_generated::Result<()> {
    /// let weeek = Client::from_env()?;
    /// for task in weeek.tasks().list_all(ListTasks::new()).iter_blocking() {
    ///     weeek.tasks().upload_attachments(task?.id, [Upload::file("offer.pdf")]).call_blocking()?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Panics in an async function, which must use `.await`. A thread of `tokio::task::spawn_blocking` may block.
    #[track_caller]
    pub fn call_blocking(self) -> Result<T> {
        self.send().call_blocking()
    }
}

impl<T> CallFuture<T> {
    /// Blocks the thread until the call is complete.
    ///
    /// # Panics
    ///
    /// Panics in an async function, which must use `.await`.
    #[track_caller]
    pub fn call_blocking(self) -> Result<T> {
        block_on(self)
    }
}

impl<T: Send + Unpin + 'static> Items<T> {
    /// Returns an iterator of the items, which blocks the thread while a page is on its way, and panics in an async function.
    pub fn iter_blocking(self) -> impl Iterator<Item = Result<T>> + use<T> {
        BlockingIter(self)
    }
}

impl<T: Send + Unpin + 'static> Pages<T> {
    /// Returns an iterator of the pages, which blocks the thread while a page is on its way, and panics in an async function.
    pub fn iter_blocking(self) -> impl Iterator<Item = Result<Page<T>>> + use<T> {
        BlockingIter(self)
    }
}

impl<T: Send + Unpin + 'static> PageResponses<T> {
    /// Returns an iterator of the pages, which blocks the thread while a page is on its way, and panics in an async function.
    pub fn iter_blocking(self) -> impl Iterator<Item = Result<Response<Page<T>>>> + use<T> {
        BlockingIter(self)
    }
}

/// A stream as an iterator.
pub(crate) struct BlockingIter<S>(pub(crate) S);

impl<S: Stream + Unpin> Iterator for BlockingIter<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        block_on(poll_fn(|context| Pin::new(&mut self.0).poll_next(context)))
    }
}

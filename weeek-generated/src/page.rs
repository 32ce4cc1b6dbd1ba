//! Lists that page.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use crate::answer::Response;
use crate::call::Call;
use crate::error::{Error, Result};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Whether more rows follow, where the answer says so.
    pub has_more: Option<bool>,
}

type Fetch<T> = Pin<Box<dyn Future<Output = Result<Response<Page<T>>>> + Send>>;

/// Every row of every page, as a [`Stream`]; the next page is fetched when the rows of the last are used up.
///
/// The API pages by rows to skip, so rows may be missed or repeated where the list changes meanwhile.
#[must_use = "streams do nothing unless polled"]
pub struct Rows<T> {
    call: Call<Page<T>>,
    offset: usize,
    limit: usize,
    rows: VecDeque<T>,
    fetch: Option<Fetch<T>>,
    last: Option<Bytes>,
    done: bool,
}

impl<T> Rows<T> {
    pub(crate) fn new(call: Call<Page<T>>) -> Self {
        let paging = call.operation().paging();
        let asked = |name| call.request().pair(name).and_then(|value| value.parse().ok());
        let offset = paging.and_then(|paging| asked(paging.offset)).unwrap_or(0);
        let limit = paging.and_then(|paging| asked(paging.limit).filter(|limit| *limit > 0).or(Some(paging.size)));
        Self { offset, limit: limit.unwrap_or(0), call, rows: VecDeque::new(), fetch: None, last: None, done: false }
    }

    fn next_page(&mut self) -> Fetch<T>
    where
        T: Send + 'static,
    {
        let mut call = self.call.clone();
        if let Some(paging) = call.operation().paging() {
            let (limit, offset) = (self.limit, self.offset);
            call.request_mut().set_pair(paging.limit, limit);
            call.request_mut().set_pair(paging.offset, offset);
        }
        Box::pin(call.with_response())
    }

    /// Takes a page over, and decides whether it was the last.
    fn take(&mut self, answer: Response<Page<T>>) -> Result<()> {
        let Page { items, has_more } = answer.value;
        let more = has_more.unwrap_or(items.len() >= self.limit) && !items.is_empty();
        self.done = !more;
        if more && self.last.as_ref() == Some(&answer.body) {
            self.done = true;
            let text = "the server answered two pages in a row alike; it may not know how to page here";
            return Err(Error::request(text).of(self.call.operation()));
        }
        self.offset += items.len();
        self.rows.extend(items);
        self.last = Some(answer.body);
        Ok(())
    }
}

impl<T: Send + Unpin + 'static> Stream for Rows<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(row) = this.rows.pop_front() {
                return Poll::Ready(Some(Ok(row)));
            }
            if this.done && this.fetch.is_none() {
                return Poll::Ready(None);
            }
            let mut fetch = match this.fetch.take() {
                Some(fetch) => fetch,
                None => this.next_page(),
            };
            let Poll::Ready(answer) = fetch.as_mut().poll(context) else {
                this.fetch = Some(fetch);
                return Poll::Pending;
            };
            if let Err(error) = answer.and_then(|answer| this.take(answer)) {
                this.done = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("call", &self.call).field("offset", &self.offset).finish_non_exhaustive()
    }
}

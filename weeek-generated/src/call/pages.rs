//! Streams over lists that have pages.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Call;
use super::page::Page;
use crate::error::{Error, Result};
use crate::response::decode::UnreadableItem;

type Fetch<T> = Pin<Box<dyn Future<Output = Result<Page<T>>> + Send>>;

/// A stream of the pages of a list. A page is fetched on demand, and none after the stream is dropped.
///
/// The stream ends where the response says that no more items follow, or after an empty page. It ends after the first error.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T> {
    call: Call<Page<T>>,
    offset: usize,
    limit: usize,
    fetch: Option<Fetch<T>>,
    seen: HashSet<u64>,
    is_done: bool,
}

/// A stream of the items of a list. The next page is fetched when the items of the last are used up.
///
/// The API pages by offset, so items can be missed or repeated if the list changes between pages. An item that cannot be read is an
/// error of the stream, and the stream goes on after it; it ends after any other error.
#[must_use = "streams do nothing unless polled"]
pub struct Items<T> {
    pages: Pages<T>,
    items: VecDeque<Result<T>>,
}

impl<T> Call<Page<T>> {
    /// All items of all pages, from the offset of this call on.
    pub(crate) fn items(self) -> Items<T> {
        Items { pages: Pages::new(self), items: VecDeque::new() }
    }
}

impl<T> Items<T> {
    /// Returns the same list page by page.
    pub fn into_pages(self) -> Pages<T> {
        self.pages
    }
}

impl<T> Pages<T> {
    fn new(call: Call<Page<T>>) -> Self {
        let pagination = call.operation().pagination();
        let parameter = |name| call.request().query_param(name).and_then(|value| value.parse().ok());
        let offset = pagination.and_then(|pagination| parameter(pagination.offset)).unwrap_or(0);
        let limit = pagination.and_then(|pagination| {
            parameter(pagination.limit).filter(|limit| *limit > 0).or(Some(pagination.page_size))
        });
        Self { offset, limit: limit.unwrap_or(0), call, fetch: None, seen: HashSet::new(), is_done: false }
    }

    fn next_page(&self) -> Fetch<T>
    where
        T: Send + 'static,
    {
        let mut call = self.call.clone();
        if let Some(pagination) = call.operation().pagination() {
            call.request.set_query_param(pagination.limit, self.limit);
            call.request.set_query_param(pagination.offset, self.offset);
        }
        Box::pin(call.send())
    }

    /// Accepts a page and decides whether it is the last. `None` if it only repeats what came before.
    fn accept(&mut self, page: Page<T>) -> Result<Option<Page<T>>> {
        let is_repeated = page.sent > 0 && !self.seen.insert(page.identity);
        if is_repeated && page.has_more.is_none() && page.sent < self.limit {
            // Without a flag only an empty page is the end, and a server that does not page never sends one.
            return Ok(None);
        }
        if is_repeated {
            let text = "the server sent the same page twice; it seems to ignore the offset";
            return Err(Error::pagination(self.call.operation(), text));
        }
        self.is_done = page.sent == 0 || page.has_more == Some(false);
        self.offset += page.sent;
        Ok(Some(page))
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.is_done {
            return Poll::Ready(None);
        }
        let mut fetch = match this.fetch.take() {
            Some(fetch) => fetch,
            None => this.next_page(),
        };
        let Poll::Ready(page) = fetch.as_mut().poll(context) else {
            this.fetch = Some(fetch);
            return Poll::Pending;
        };
        let page = page.and_then(|page| this.accept(page)).transpose();
        this.is_done |= !matches!(page, Some(Ok(_)));
        Poll::Ready(page)
    }
}

impl<T: Send + Unpin + 'static> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.items.pop_front() {
                return Poll::Ready(Some(item));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => {
                    let operation = this.pages.call.operation();
                    this.items.extend(page.items.into_iter().map(Ok));
                    this.items.extend(page.unreadable.into_iter().map(|UnreadableItem { json_path, reason, json }| {
                        Err(Error::decode_item(operation, json_path, reason, json))
                    }));
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("call", &self.call).field("offset", &self.offset).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}

//! Lists that page.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

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

/// Every page of a list, as a [`Stream`]; a page is fetched when it is asked for, and none after the stream is dropped.
///
/// The end is where the answer says that no more rows follow, or where a page is empty. An error is told once and ends the
/// stream.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T> {
    call: Call<Page<T>>,
    offset: usize,
    limit: usize,
    fetch: Option<Fetch<T>>,
    last: Option<Bytes>,
    done: bool,
}

/// Every row of every page, as a [`Stream`]; the next page is fetched when the rows of the last are used up.
///
/// The API pages by rows to skip, so rows may be missed or repeated where the list changes meanwhile.
#[must_use = "streams do nothing unless polled"]
pub struct Rows<T> {
    pages: Pages<T>,
    rows: VecDeque<T>,
}

impl<T> Rows<T> {
    pub(crate) fn new(call: Call<Page<T>>) -> Self {
        Self { pages: Pages::new(call), rows: VecDeque::new() }
    }

    /// The same rows page by page.
    pub fn pages(self) -> Pages<T> {
        self.pages
    }
}

impl<T> Pages<T> {
    fn new(call: Call<Page<T>>) -> Self {
        let paging = call.operation().paging();
        let asked = |name| call.request().pair(name).and_then(|value| value.parse().ok());
        let offset = paging.and_then(|paging| asked(paging.offset)).unwrap_or(0);
        let limit = paging.and_then(|paging| asked(paging.limit).filter(|limit| *limit > 0).or(Some(paging.size)));
        Self { offset, limit: limit.unwrap_or(0), call, fetch: None, last: None, done: false }
    }

    fn next_page(&self) -> Fetch<T>
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

    /// Takes a page over, and decides whether it is the last. None where it only repeats the one before.
    fn take(&mut self, answer: Response<Page<T>>) -> Result<Option<Page<T>>> {
        let Response { value: page, body, .. } = answer;
        let repeated = !page.items.is_empty() && self.last.as_ref() == Some(&body);
        if repeated && page.has_more.is_none() && page.items.len() < self.limit {
            // Without a flag the end shows only in an empty page, and a server that pages nothing never answers one.
            return Ok(None);
        }
        if repeated {
            let text = "the server answered two pages in a row alike; it may not know how to page here";
            return Err(Error::request(text).of(self.call.operation()));
        }
        self.done = page.items.is_empty() || page.has_more == Some(false);
        self.offset += page.items.len();
        self.last = Some(body);
        Ok(Some(page))
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.done {
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
        let page = answer.and_then(|answer| this.take(answer)).transpose();
        this.done |= !matches!(page, Some(Ok(_)));
        Poll::Ready(page)
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
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => this.rows.extend(page.items),
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

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("pages", &self.pages).finish_non_exhaustive()
    }
}

//! Streams over lists that have pages.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::future::CallFuture;
use super::page::Page;
use super::{Call, Decoder};
use crate::error::{Error, Result};
use crate::operation::Pagination;
use crate::response::decode::UnreadableItem;
use crate::response::{RawResponse, Response};

/// A stream of the pages of a list. A page is fetched on demand, and none after the stream is dropped.
///
/// The stream ends where the response says that no more items follow, or after an empty page. It ends after the first error.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T> {
    call: Call<Page<T>>,
    pagination: Option<Pagination>,
    offset: usize,
    limit: usize,
    fetch: Option<CallFuture<Page<T>>>,
    seen: HashSet<u64>,
    is_prefetching: bool,
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
    /// The number of items that are still to be returned.
    left: usize,
}

/// A stream of the pages of a list, each with the response that it was decoded from.
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct PageResponses<T>(Pages<T>);

impl<T> Call<Page<T>> {
    /// Returns a stream of the items of all pages, from the offset of this call on. Each page is requested with the options of this
    /// call.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use weeek_generated::{Client, models::*};
    /// # async fn run(weeek: Client) -> weeek_generated::Result<()> {
    /// let call = weeek.tasks().list(ListTasks::new()).query_param("newFilter", 1).timeout(Duration::from_secs(10));
    /// let tasks: Vec<Task> = call.items().take(500).try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn items(self) -> Items<T> {
        let pagination = self.operation().pagination();
        self.items_by(pagination)
    }

    pub(super) fn items_by(self, pagination: Option<Pagination>) -> Items<T> {
        Items { pages: Pages::new(self, pagination), items: VecDeque::new(), left: usize::MAX }
    }
}

impl<T> Items<T> {
    /// Returns the same list page by page, from the page on that would be requested next. [`Items::take`] does not limit it.
    pub fn into_pages(self) -> Pages<T> {
        self.pages
    }

    /// Requests the next page while you use the items of the last one; see [`Pages::prefetch`].
    pub fn prefetch(mut self) -> Self {
        self.pages.is_prefetching = true;
        self
    }

    /// Ends the stream after `count` items.
    pub fn take(mut self, count: usize) -> Self {
        self.left = self.left.min(count);
        self
    }
}

/// The methods of streams that every program needs, so that it needs no other crate for them.
macro_rules! impl_stream_methods {
    ($ty:ident yields $item:ty, $noun:literal) => {
        impl<T: Send + Unpin + 'static> $ty<T> {
            #[doc = concat!("Returns the next ", $noun, ", or `None` at the end.")]
            pub async fn next(&mut self) -> Option<Result<$item>> {
                poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
            }

            #[doc = concat!("Returns the next ", $noun, ", or `None` at the end. The same as [`Self::next`], but for the operator `?`.")]
            pub async fn try_next(&mut self) -> Result<Option<$item>> {
                self.next().await.transpose()
            }

            #[doc = concat!("Collects every ", $noun, " into a `Vec` or another collection. Fails with the first error.")]
            pub async fn try_collect<C: Default + Extend<$item>>(mut self) -> Result<C> {
                let mut all = C::default();
                while let Some(item) = self.try_next().await? {
                    all.extend([item]);
                }
                Ok(all)
            }
        }
    };
}

impl_stream_methods!(Items yields T, "item");
impl_stream_methods!(Pages yields Page<T>, "page");
impl_stream_methods!(PageResponses yields Response<Page<T>>, "page");

impl<T> Pages<T> {
    fn new(call: Call<Page<T>>, pagination: Option<Pagination>) -> Self {
        let parameter = |name| call.request().query_param(name).and_then(|value| value.parse().ok());
        let offset = pagination.and_then(|pagination| parameter(pagination.offset)).unwrap_or(0);
        let limit = pagination.and_then(|pagination| {
            parameter(pagination.limit).filter(|limit| *limit > 0).or(Some(pagination.page_size))
        });
        Self {
            offset,
            limit: limit.unwrap_or(0),
            call,
            pagination,
            fetch: None,
            seen: HashSet::new(),
            is_prefetching: false,
            is_done: false,
        }
    }

    /// Requests the next page, on a task of tokio's, as soon as the last one is returned, so that it arrives while you use the last.
    ///
    /// At most one page waits in memory. A stream that is dropped early has sent a request in vain.
    ///
    /// ```no_run
    /// # use weeek_generated::{Client, models::*};
    /// # async fn store(_: Task) {}
    /// # async fn run(weeek: Client) -> weeek_generated::Result<()> {
    /// let mut tasks = weeek.tasks().list_all(ListTasks::new()).prefetch();
    /// while let Some(task) = tasks.try_next().await? {
    ///     store(task).await;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn prefetch(mut self) -> Self {
        self.is_prefetching = true;
        self
    }

    fn next_page(&self) -> CallFuture<Page<T>>
    where
        T: Send + 'static,
    {
        let mut call = self.call.clone();
        if let Some(pagination) = self.pagination {
            call.request.set_query_param(pagination.limit.to_owned(), self.limit.to_string());
            call.request.set_query_param(pagination.offset.to_owned(), self.offset.to_string());
        }
        call.send()
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

impl<T: Send + 'static> Pages<T> {
    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>>>> {
        if self.is_done {
            return Poll::Ready(None);
        }
        let mut fetch = match self.fetch.take() {
            Some(fetch) => fetch,
            None => self.next_page(),
        };
        let Poll::Ready(page) = Pin::new(&mut fetch).poll(context) else {
            self.fetch = Some(fetch);
            return Poll::Pending;
        };
        let page = page.and_then(|page| self.accept(page)).transpose();
        self.is_done |= !matches!(page, Some(Ok(_)));
        Poll::Ready(page)
    }

    /// Requests the next page if there may be one.
    fn fetch_ahead(&mut self) {
        if self.is_prefetching && !self.is_done {
            self.fetch = Some(self.next_page().spawn(self.call.operation()));
        }
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = ready!(self.poll_page(context));
        self.fetch_ahead();
        Poll::Ready(page)
    }
}

impl<T: 'static> Pages<T> {
    /// Returns the same pages, each with the status, the headers and the raw body beside it. A page that is on its way is requested
    /// again.
    ///
    /// ```no_run
    /// # use weeek_generated::{Client, models::*};
    /// # async fn run(weeek: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut pages = weeek.tasks().list_all(ListTasks::new()).into_pages().with_response();
    /// while let Some(page) = pages.try_next().await? {
    ///     let raw: serde_json::Value = serde_json::from_slice(&page.raw_body)?;
    ///     println!("{} tasks, the first as it came: {}", page.value.len(), raw["tasks"][0]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_response(mut self) -> PageResponses<T> {
        let decoder = self.call.decoder.clone();
        self.call.decoder = Decoder::Wrapped(Arc::new(move |raw: &RawResponse| {
            let response = Some(Box::new(Response::new((), raw)));
            Ok(Page { response, ..decoder.decode(raw)? })
        }));
        self.fetch = None;
        PageResponses(self)
    }
}

impl<T: Send + 'static> Stream for PageResponses<T> {
    type Item = Result<Response<Page<T>>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = ready!(Pin::new(&mut self.0).poll_next(context));
        Poll::Ready(page.map(|page| {
            let mut value = page?;
            let response = value.response.take().expect("the decoder of the call puts it there");
            let Response { status, headers, raw_body, value: () } = *response;
            Ok(Response { value, status, headers, raw_body })
        }))
    }
}

impl<T: Send + Unpin + 'static> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if this.left == 0 {
                return Poll::Ready(None);
            }
            if let Some(item) = this.items.pop_front() {
                this.left -= 1;
                return Poll::Ready(Some(item));
            }
            match ready!(this.pages.poll_page(context)) {
                Some(Ok(page)) => {
                    let operation = this.pages.call.operation();
                    this.items.extend(page.items.into_iter().map(Ok));
                    this.items.extend(page.unreadable.into_iter().map(|UnreadableItem { json_path, reason, json }| {
                        Err(Error::decode_item(operation, json_path, reason, json))
                    }));
                    if this.left > this.items.len() {
                        this.pages.fetch_ahead();
                    }
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

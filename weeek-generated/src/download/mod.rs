//! Downloads the bytes of attachments.
//!
//! The functions are `#[inline]`, so a program that downloads nothing does not compile them: without it, they are a third of the time
//! of a release build of this crate.

#[cfg(feature = "blocking")]
mod blocking;
mod fetch;
mod file_name;
mod save;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap};
use reqwest::{Response, StatusCode};
use tokio::time::{Sleep, sleep};

use crate::call::future::CallFuture;
use crate::error::{Error, Result};
use crate::generated::endpoints::AttachmentsApi;
use crate::generated::models::Attachment;
use crate::transport::deadline::Deadline;
use fetch::{Rest, Source, content_range};

impl AttachmentsApi<'_> {
    /// Downloads a file that is stored by Weeek.
    ///
    /// The URL of the file is signed and on another host; the token is not sent there. An expired URL is renewed by getting
    /// the attachment again. A URL on this machine is fetched only if the client's base URL is on this machine too.
    ///
    /// ```no_run
    /// # async fn run(weeek: weeek_generated::Client) -> weeek_generated::Result<()> {
    /// for attachment in &weeek.tasks().get(17).await?.attachments {
    ///     let path = weeek.attachments().download(attachment).await?.save_in("downloads").await?;
    ///     println!("{} is in {}", attachment.name, path.display());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn download(&self, attachment: &Attachment) -> CallFuture<Download> {
        let source = Source::new(self.transport, attachment);
        CallFuture::new(async {
            let mut source = source?;
            let response = source.open(None, Deadline::default()).await?;
            Download::new(source, response)
        })
    }
}

/// The bytes of a file, as a [`Stream`][stream] of chunks that ends after the first error.
///
/// [stream]: https://docs.rs/futures-core/latest/futures_core/stream/trait.Stream.html
///
/// There is no total timeout unless [`Download::timeout`] sets one: a download fails if no bytes arrive for
/// [`ClientBuilder::attempt_timeout`](crate::ClientBuilder::attempt_timeout). It also fails if it ends before the size that the server
/// or the attachment declares.
///
/// [`Download::bytes`], [`Download::save`] and [`Download::save_in`] continue after a failure as often as the client's
/// retry policy allows: where the file broke off if the server supports this and the file is the same, or from its
/// beginning. A download of which you have read chunks before only continues where it broke off.
#[must_use = "a download does nothing until it is read"]
pub struct Download {
    pub(crate) source: Source,
    pub(crate) overwrite: bool,
    headers: HeaderMap,
    content_length: Option<u64>,
    /// The size of the whole file, if the server or the attachment declares it.
    size: Option<u64>,
    received: u64,
    /// `None` after the end and after an error.
    body: Option<Body>,
    deadline: Deadline,
    /// Runs only while a caller waits for a chunk.
    idle_timer: Option<Pin<Box<Sleep>>>,
}

type Body = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// Where [`Download::copy_to`] writes a file.
pub(crate) trait Sink {
    async fn write(&mut self, chunk: &[u8]) -> Result<()>;

    /// Removes what was written so far.
    async fn clear(&mut self) -> Result<()>;
}

impl Download {
    #[inline]
    fn new(source: Source, response: Response) -> Result<Self> {
        let mut download = Self {
            source,
            overwrite: false,
            headers: HeaderMap::new(),
            content_length: None,
            size: None,
            received: 0,
            body: None,
            deadline: Deadline::default(),
            idle_timer: None,
        };
        download.start(response)?;
        Ok(download)
    }

    /// The `Content-Length`, if known.
    #[inline]
    pub fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    /// The `Content-Type`, such as `image/png`.
    #[inline]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// Sets the timeout of the rest of the download, from now on. Default: none, as long as bytes arrive.
    #[inline]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.deadline = Deadline::after(Some(timeout));
        self
    }

    /// Returns the next bytes, or `None` at the end.
    #[inline]
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Returns all bytes. Their number is not limited.
    #[inline]
    pub async fn bytes(mut self) -> Result<Bytes> {
        let mut all = BytesMut::new();
        self.copy_to(&mut all).await?;
        Ok(all.freeze())
    }

    /// Copies the rest of the download, and continues after failures.
    #[inline]
    pub(crate) async fn copy_to(&mut self, sink: &mut impl Sink) -> Result<u64> {
        let start = self.received;
        let transport = self.source.transport.clone();
        let mut attempts = transport.attempts(&transport.config().retry, self.deadline);
        loop {
            let error = match self.chunk().await {
                Ok(Some(chunk)) => {
                    sink.write(&chunk).await?;
                    continue;
                }
                Ok(None) => return Ok(self.received - start),
                Err(error) => error,
            };
            // Bytes that the caller has read already cannot be replaced, so such a file can only continue.
            let is_unread = start == 0;
            let wait = attempts.next(&error, is_unread || self.rest().is_some(), attempts.number());
            let Some(wait) = wait else { return Err(attempts.fail(error)) };
            tokio::time::sleep(wait).await;
            if self.reopen().await? {
                continue;
            }
            if !is_unread {
                return Err(attempts.fail(error));
            }
            sink.clear().await?;
        }
    }

    /// Opens the file again. Returns whether it continues where it broke off; if not, it starts again.
    #[inline]
    async fn reopen(&mut self) -> Result<bool> {
        if let Some(rest) = self.rest() {
            match self.source.open(Some(&rest), self.deadline).await {
                Ok(response) if response.status() == StatusCode::PARTIAL_CONTENT => {
                    let total = content_range(response.headers()).map(|(_, total)| total);
                    self.size = self.size.max(total);
                    self.read_from(response);
                    return Ok(true);
                }
                Ok(response) => return self.start(response).map(|()| false),
                Err(error) if !is_range_error(&error) => return Err(error),
                Err(_) => {}
            }
        }
        let response = self.source.open(None, self.deadline).await?;
        self.start(response).map(|()| false)
    }

    /// The rest of the file, if the server can tell whether the file is still the same.
    #[inline]
    fn rest(&self) -> Option<Rest> {
        // A weak ETag does not promise equal bytes.
        let etag = self.headers.get(ETAG).filter(|etag| etag.as_bytes().starts_with(b"\""))?;
        let rest = Rest { start: self.received, total: self.content_length, etag: etag.clone() };
        (self.received > 0).then_some(rest)
    }

    #[inline]
    fn start(&mut self, response: Response) -> Result<()> {
        self.headers = response.headers().clone();
        self.content_length = response.content_length();
        self.size = self.source.size.max(self.content_length);
        self.received = 0;
        if self.content_length < self.size && self.content_length.is_some() {
            return Err(self.incomplete(self.content_length.unwrap_or_default()));
        }
        self.read_from(response);
        Ok(())
    }

    #[inline]
    fn read_from(&mut self, response: Response) {
        self.body = Some(Box::pin(response.bytes_stream()));
        self.idle_timer = None;
    }

    #[inline]
    fn accept(&mut self, chunk: Option<reqwest::Result<Bytes>>) -> Option<Result<Bytes>> {
        let error = match chunk {
            Some(Ok(chunk)) => {
                self.received += chunk.len() as u64;
                return Some(Ok(chunk));
            }
            Some(Err(error)) => Error::transport(Some(self.source.operation), error),
            None if self.size.is_some_and(|size| self.received < size) => self.incomplete(self.received),
            None => return None,
        };
        self.body = None;
        Some(Err(error))
    }

    #[inline]
    fn incomplete(&self, length: u64) -> Error {
        let size = self.size.unwrap_or_default();
        Error::connection_lost(self.source.operation, format!("the file ended after {length} of {size} bytes"))
    }
}

/// Whether the server does not return the rest that was asked for.
#[inline]
fn is_range_error(error: &Error) -> bool {
    matches!(error.status(), Some(StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE))
}

impl Stream for Download {
    type Item = Result<Bytes>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else { return Poll::Ready(None) };
        if this.deadline.allows(Duration::ZERO)
            && let Poll::Ready(chunk) = body.as_mut().poll_next(context)
        {
            this.idle_timer = None;
            return Poll::Ready(this.accept(chunk));
        }
        let idle_timeout = this.deadline.left(this.source.transport.config().attempt_timeout);
        let timer = this.idle_timer.get_or_insert_with(|| Box::pin(sleep(idle_timeout)));
        timer.as_mut().poll(context).map(|()| {
            this.body = None;
            let is_idle = this.deadline.allows(Duration::ZERO);
            let reason = if is_idle { "no data" } else { "the download takes longer than its timeout" };
            Some(Err(Error::timed_out(this.source.operation, reason)))
        })
    }
}

impl Sink for BytesMut {
    #[inline]
    async fn write(&mut self, chunk: &[u8]) -> Result<()> {
        self.extend_from_slice(chunk);
        Ok(())
    }

    #[inline]
    async fn clear(&mut self) -> Result<()> {
        BytesMut::clear(self);
        Ok(())
    }
}

impl fmt::Debug for Download {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("content_length", &self.content_length)
            .field("content_type", &self.content_type())
            .finish_non_exhaustive()
    }
}

//! The body of an upload: sends exactly the declared number of bytes, and records its progress.

use std::error::Error as StdError;
use std::io;
use std::path::Path;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, timeout};

/// The error type of streams.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

type Chunk = Result<Bytes, BoxError>;
type BoxStream = Pin<Box<dyn Stream<Item = Chunk> + Send>>;

/// The connection asks for the next slice when it has sent most of the ones before, so smaller slices show progress earlier.
const SLICE: usize = 32 << 10;

/// What is read and sent. A file and a stream have a name for error messages.
pub(crate) enum Content {
    Bytes(Bytes),
    File(String, Slices<File>),
    Stream(String, OneShotStream, Option<BoxStream>),
}

impl Content {
    pub(crate) fn file(path: &Path, file: File) -> Self {
        Self::File(path.display().to_string(), Slices::new(file))
    }

    pub(crate) fn stream(file_name: &str, stream: &OneShotStream) -> Self {
        Self::Stream(file_name.to_owned(), stream.clone(), None)
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Chunk>> {
        match self {
            Self::Bytes(bytes) => Poll::Ready((!bytes.is_empty()).then(|| Ok(std::mem::take(bytes)))),
            Self::File(_, slices) => Pin::new(slices).poll_next(context).map_err(Into::into),
            Self::Stream(name, shared, taken) => {
                if taken.is_none() {
                    *taken = shared.take();
                }
                match taken {
                    Some(stream) => stream.as_mut().poll_next(context),
                    None => Poll::Ready(Some(Err(was_read(name).into()))),
                }
            }
        }
    }

    /// The error of a content that does not have its declared length.
    fn mismatch(&self, found: &str) -> BoxError {
        match self {
            Self::Stream(name, ..) => format!("the stream of `{name}` has {found} declared bytes").into(),
            _ => format!("it has {found} bytes; it changed while it was sent, or has no fixed size").into(),
        }
    }
}

/// The slices of a reader.
pub(crate) struct Slices<R>(Pin<Box<R>>, BytesMut);

impl<R> Slices<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self(Box::pin(reader), BytesMut::new())
    }
}

impl<R: AsyncRead> Stream for Slices<R> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self(reader, buffer) = &mut *self;
        buffer.resize(SLICE, 0);
        let mut read = ReadBuf::new(buffer);
        ready!(reader.as_mut().poll_read(context, &mut read))?;
        let length = read.filled().len();
        Poll::Ready((length > 0).then(|| Ok(buffer.split_to(length).freeze())))
    }
}

/// The content of one file on its way into the form.
pub(crate) struct FilePart {
    content: Content,
    declared: Option<u64>,
    read: u64,
    slices: Bytes,
    progress: Progress,
}

impl FilePart {
    pub(crate) fn new(content: Content, declared: Option<u64>, progress: Progress) -> Self {
        Self { content, declared, read: 0, slices: Bytes::new(), progress }
    }

    /// Reads the next chunk. Fails before the form becomes longer or shorter than its declared length.
    fn poll_content(&mut self, context: &mut Context<'_>) -> Poll<Option<Chunk>> {
        let chunk = ready!(self.content.poll_chunk(context)).transpose();
        let checked = chunk.and_then(|chunk| self.count(chunk));
        Poll::Ready(checked.map_err(|error| self.fail(error)).transpose())
    }

    fn count(&mut self, chunk: Option<Bytes>) -> Result<Option<Bytes>, BoxError> {
        self.read += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        match self.declared {
            Some(declared) if self.read > declared => Err(self.content.mismatch(&format!("more than {declared}"))),
            Some(declared) if chunk.is_none() && self.read < declared => {
                Err(self.content.mismatch(&format!("{} of {declared}", self.read)))
            }
            _ => Ok(chunk),
        }
    }

    /// The error of a file is kept as it is. That of a stream reaches the caller through the connection.
    fn fail(&self, error: BoxError) -> BoxError {
        let Content::File(path, ..) = &self.content else { return error };
        let error = error.downcast::<io::Error>().map_or_else(io::Error::other, |error| *error);
        self.progress.lock().failure = Some((format!("cannot send {path}"), error));
        "cannot send a file".into()
    }
}

impl Stream for FilePart {
    type Item = Chunk;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Chunk>> {
        let this = self.get_mut();
        if this.slices.is_empty() {
            match ready!(this.poll_content(context)) {
                Some(Ok(chunk)) => this.slices = chunk,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    this.progress.end_part();
                    return Poll::Ready(None);
                }
            }
        }
        this.progress.lock().last = Instant::now();
        let length = this.slices.len().min(SLICE);
        Poll::Ready(Some(Ok(this.slices.split_to(length))))
    }
}

/// A stream that can be read once. Clones share it; the part that is sent first takes it.
#[derive(Clone)]
pub(crate) struct OneShotStream(Arc<Mutex<Option<BoxStream>>>);

impl OneShotStream {
    pub(crate) fn new<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        Self(Arc::new(Mutex::new(Some(Box::pin(IntoChunks(Box::pin(stream)))))))
    }

    pub(crate) fn is_started(&self) -> bool {
        lock(&self.0).is_none()
    }

    fn take(&self) -> Option<BoxStream> {
        lock(&self.0).take()
    }
}

pub(crate) fn was_read(file_name: &str) -> String {
    format!("the stream of `{file_name}` has been read before")
}

struct IntoChunks<S>(Pin<Box<S>>);

impl<S, B, E> Stream for IntoChunks<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<BoxError>,
{
    type Item = Chunk;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Chunk>> {
        self.0.as_mut().poll_next(context).map(|item| item.map(|chunk| chunk.map(Into::into).map_err(Into::into)))
    }
}

/// How far the body of an upload is. Clones share it.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Mutex<State>>);

struct State {
    /// When a slice was last sent.
    last: Instant,
    open_parts: usize,
    failure: Option<(String, io::Error)>,
}

impl Progress {
    pub(crate) fn new(parts: usize) -> Self {
        Self(Arc::new(Mutex::new(State { last: Instant::now(), open_parts: parts, failure: None })))
    }

    /// Waits for `work`. Returns `None` if nothing is sent, and `work` does not end, for `idle_timeout`.
    pub(crate) async fn watch<T>(&self, idle_timeout: Duration, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        self.lock().last = Instant::now();
        loop {
            let left = idle_timeout.checked_sub(self.lock().last.elapsed())?;
            if let Ok(result) = timeout(left, work.as_mut()).await {
                return Some(result);
            }
        }
    }

    fn end_part(&self) {
        let mut state = self.lock();
        state.open_parts = state.open_parts.saturating_sub(1);
    }

    /// Whether all files were read to their end.
    pub(crate) fn is_complete(&self) -> bool {
        self.lock().open_parts == 0
    }

    /// The file that could not be sent, and why.
    pub(crate) fn take_failure(&self) -> Option<(String, io::Error)> {
        self.lock().failure.take()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

/// No code panics while it holds a lock, so a poisoned one is still consistent.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

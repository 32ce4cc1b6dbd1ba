//! Files to be uploaded.

use std::error::Error as StdError;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Body;
use reqwest::multipart::{Form, Part};

use crate::error::{Error, Result};

/// A file to be uploaded: a name and its content.
///
/// A file from memory or from a path is sent again where the call is repeated. A stream can be read once only, so a call
/// that has begun to read it is never repeated.
#[derive(Clone, Debug)]
pub struct Upload {
    name: String,
    content: Content,
    media_type: Option<String>,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Path(PathBuf),
    Stream(Once, Option<u64>),
}

impl Upload {
    /// A file from memory.
    pub fn bytes(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self::new(name.into(), Content::Bytes(content.into()))
    }

    /// A file from the file system, under its own name. It is read while it is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self::new(name.unwrap_or_default(), Content::Path(path))
    }

    /// A file from a stream, which is read while it is sent.
    pub fn stream<S, B, E>(name: impl Into<String>, stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        let once = Once(Arc::new(Mutex::new(State { stream: Box::pin(Chunks(Box::pin(stream))), begun: false })));
        Self::new(name.into(), Content::Stream(once, None))
    }

    fn new(name: String, content: Content) -> Self {
        Self { name, content, media_type: None }
    }

    /// What the file is called at Weeek.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Says what the content is, such as `image/png`.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Says how many bytes a stream will have, so that the request can say so too. Bytes and paths know by themselves.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        if let Content::Stream(_, length) = &mut self.content {
            *length = Some(bytes);
        }
        self
    }

    /// Whether the content can still be read from its beginning.
    pub(crate) fn is_replayable(&self) -> bool {
        match &self.content {
            Content::Bytes(_) | Content::Path(_) => true,
            Content::Stream(once, _) => !once.lock().begun,
        }
    }

    async fn part(&self) -> Result<Part> {
        if self.name.is_empty() {
            return Err(Error::request("a file to upload needs a name"));
        }
        let (body, length) = match &self.content {
            Content::Bytes(bytes) => (Body::from(bytes.clone()), Some(bytes.len() as u64)),
            Content::Path(path) => {
                let unreadable = |error| Error::io(&format!("can't read {}", path.display()), error);
                let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
                let about = file.metadata().await.map_err(unreadable)?;
                if !about.is_file() {
                    return Err(Error::request(format!("{} is not a file", path.display())));
                }
                (Body::from(file), Some(about.len()))
            }
            Content::Stream(once, _) if once.lock().begun => {
                return Err(Error::request(format!("the stream of `{}` has been read before", self.name)));
            }
            Content::Stream(once, length) => (Body::wrap_stream(once.clone()), *length),
        };
        let part = match length {
            Some(length) => Part::stream_with_length(body, length),
            None => Part::stream(body),
        };
        let part = part.file_name(self.name.clone());
        match &self.media_type {
            Some(media_type) => {
                part.mime_str(media_type).map_err(|_| Error::request(format!("`{media_type}` is not a media type")))
            }
            None => Ok(part),
        }
    }
}

/// All files under one part name, the way PHP takes a list.
pub(crate) async fn form(name: &str, files: &[Upload]) -> Result<Form> {
    let mut form = Form::new();
    for file in files {
        form = form.part(name.to_owned(), file.part().await?);
    }
    Ok(form)
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Stream(_, Some(length)) => write!(f, "stream of {length} bytes"),
            Self::Stream(_, None) => f.write_str("stream"),
        }
    }
}

/// What a stream of bytes may fail with.
type BoxError = Box<dyn StdError + Send + Sync>;

type Chunk = Result<Bytes, BoxError>;

/// A stream that can be read once, and knows whether somebody began to.
#[derive(Clone)]
struct Once(Arc<Mutex<State>>);

struct State {
    stream: Pin<Box<dyn Stream<Item = Chunk> + Send>>,
    begun: bool,
}

impl Once {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream for Once {
    type Item = Chunk;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Chunk>> {
        let mut state = self.lock();
        state.begun = true;
        state.stream.as_mut().poll_next(context)
    }
}

struct Chunks<S>(Pin<Box<S>>);

impl<S, B, E> Stream for Chunks<S>
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

//! Files to upload, and the form they are sent in.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use tokio::fs::File;
use tokio::io::AsyncRead;

use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::request::upload_body::{BoxError, Content, FilePart, OneShotStream, Progress, Slices, was_read};
use crate::response::RawResponse;

/// A file to upload: a name and its content.
///
/// If the call is retried, bytes and files are read again. A stream or reader can be read only once; after that the call is not
/// retried.
///
/// A content that turns out longer or shorter than its declared length fails the call, so Weeek never stores a part of a
/// file. An upload fails if no bytes can be sent, or no response arrives, for the call's `attempt_timeout`; it has no total
/// timeout unless [`Call::timeout`](crate::Call::timeout) sets one.
#[derive(Clone, Debug)]
pub struct Upload {
    file_name: String,
    source: Source,
    content_type: Option<String>,
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    File(PathBuf),
    Stream(OneShotStream, Option<u64>),
}

impl Upload {
    /// Creates an upload from memory.
    pub fn bytes(file_name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self::new(file_name.into(), Source::Bytes(content.into()))
    }

    /// Creates an upload of a file, under its own name. The file is read while it is sent.
    ///
    /// Only regular files are accepted. Use [`Upload::reader`] for a pipe or a device.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self::new(file_name.unwrap_or_default(), Source::File(path))
    }

    /// Creates an upload of a stream, which is read while it is sent.
    pub fn stream<S, B, E>(file_name: impl Into<String>, stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        Self::new(file_name.into(), Source::Stream(OneShotStream::new(stream), None))
    }

    /// Creates an upload of a reader of tokio's, such as a pipe or the output of a process, which is read while it is sent.
    pub fn reader(file_name: impl Into<String>, reader: impl AsyncRead + Send + 'static) -> Self {
        Self::stream(file_name, Slices::new(reader))
    }

    fn new(file_name: String, source: Source) -> Self {
        Self { file_name, source, content_type: None }
    }

    /// Sets the file name.
    #[must_use]
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// Sets the content type, such as `image/png`. Default: none is sent.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Declares the length of a stream or reader, which the request then declares too. The length of bytes and files is known.
    #[must_use]
    pub fn content_length(mut self, bytes: u64) -> Self {
        if let Source::Stream(_, length) = &mut self.source {
            *length = Some(bytes);
        }
        self
    }

    /// Whether the content can be read from its beginning.
    pub(crate) fn is_replayable(&self) -> bool {
        match &self.source {
            Source::Bytes(_) | Source::File(_) => true,
            Source::Stream(stream, _) => !stream.is_started(),
        }
    }

    async fn part(&self, progress: &Progress) -> Result<Part> {
        self.check()?;
        let (content, length) = match &self.source {
            Source::Bytes(bytes) => (Content::Bytes(bytes.clone()), Some(bytes.len() as u64)),
            Source::File(path) => {
                let (file, length) = open(path).await?;
                (Content::file(path, file), Some(length))
            }
            Source::Stream(stream, length) => (Content::stream(&self.file_name, stream), *length),
        };
        let body = Body::wrap_stream(FilePart::new(content, length, progress.clone()));
        let part = match length {
            Some(length) => Part::stream_with_length(body, length),
            None => Part::stream(body),
        };
        let part = part.file_name(self.file_name.clone());
        match &self.content_type {
            Some(content_type) => part
                .mime_str(content_type)
                .map_err(|_| Error::request(format!("invalid content type {content_type:?}"))),
            None => Ok(part),
        }
    }

    /// A line break in a name would start a header of its own. The content type is parsed, which rejects one.
    fn check(&self) -> Result<()> {
        let name = &self.file_name;
        if name.is_empty() {
            return Err(Error::request("the file name is empty; set one with `Upload::file_name`"));
        }
        if name.contains(char::is_control) {
            return Err(Error::request(format!("the file name {name:?} contains a control character")));
        }
        match &self.source {
            Source::Stream(stream, _) if stream.is_started() => Err(Error::request(was_read(name))),
            _ => Ok(()),
        }
    }
}

/// Opening a FIFO waits for a writer, so the kind of file is checked before.
async fn open(path: &Path) -> Result<(File, u64)> {
    let failed = |error| Error::io(&format!("cannot read {}", path.display()), error);
    if !tokio::fs::metadata(path).await.map_err(failed)?.is_file() {
        let text = format!("{} is not a regular file; use `Upload::reader` for a pipe or a device", path.display());
        return Err(Error::request(text));
    }
    let file = File::open(path).await.map_err(failed)?;
    let length = file.metadata().await.map_err(failed)?.len();
    Ok((file, length))
}

/// Sends files in a form with `exchange`, and fails if nothing is sent or received for `idle_timeout`. All files are in
/// parts of the same name, which is how PHP takes an array.
pub(crate) async fn send<F>(
    name: &str,
    files: &[Upload],
    idle_timeout: Duration,
    operation: &'static Operation,
    exchange: impl FnOnce(Form) -> F,
) -> Result<RawResponse>
where
    F: Future<Output = Result<RawResponse>>,
{
    let progress = Progress::new(files.len());
    let mut form = Form::new();
    for file in files {
        form = form.part(name.to_owned(), file.part(&progress).await?);
    }
    let response = progress
        .watch(idle_timeout, exchange(form))
        .await
        .ok_or_else(|| Error::timed_out(operation, "nothing was sent or received"))?;
    match progress.take_failure() {
        Some((text, error)) => Err(Error::io(&text, error)),
        None => response.and_then(|raw| check_complete(raw, &progress)),
    }
}

/// A server that accepts a form before its end has not got the files.
fn check_complete(raw: RawResponse, progress: &Progress) -> Result<RawResponse> {
    if raw.status.is_success() && !progress.is_complete() {
        return Err(Error::decode(
            &raw,
            None,
            "the response came before the files were sent; Weeek may have stored a part of them",
        ));
    }
    Ok(raw)
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Stream(_, Some(length)) => write!(f, "stream of {length} bytes"),
            Self::Stream(_, None) => f.write_str("stream"),
        }
    }
}

//! The bytes of attachments.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT};
use reqwest::{StatusCode, Url};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::answer::Raw;
use crate::client::{Client, is_https_or_loopback};
use crate::error::{Error, Result};
use crate::generated::endpoints::AttachmentsApi;
use crate::models::{Attachment, AttachmentService};
use crate::operation::Operation;

/// How many addresses may lead on to another.
const MOST_REDIRECTS: usize = 5;

impl AttachmentsApi<'_> {
    /// The bytes of a file kept by Weeek, as they come.
    ///
    /// The token stays here: the file's address is signed, leads to a storage of another host, and is asked without it. An
    /// address that has expired is renewed by getting the attachment again. What another service keeps is not fetched.
    ///
    /// ```no_run
    /// # async fn run(weeek: weeek_generated::Client) -> weeek_generated::Result<()> {
    /// for attachment in &weeek.tasks().get(17).await?.attachments {
    ///     let length = weeek.attachments().download(attachment).await?.save(&attachment.name).await?;
    ///     println!("{} has {length} bytes", attachment.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download(&self, attachment: &Attachment) -> Result<Download> {
        let renew = self.get(&attachment.id);
        let operation = renew.operation();
        if let Some(service) = attachment.service.as_ref().filter(|service| **service != AttachmentService::Weeek) {
            let text = format!("the file is kept by {service}, not by Weeek; see its address");
            return Err(Error::request(text).of(operation));
        }
        match fetch(self.client, operation, &attachment.url).await {
            Err(error) if has_expired(&error) => {
                let renewed = renew.await?;
                fetch(self.client, operation, &renewed.url).await
            }
            outcome => outcome,
        }
    }
}

/// The storage answers 403 for an address that is too old; other refusals may mean the same.
fn has_expired(error: &Error) -> bool {
    error.is_refused() && error.status().is_some_and(|status| status.is_client_error()) && !error.is_rate_limited()
}

/// Asks the file's address and those it leads to, as often as the client's policy allows.
async fn fetch(client: &Client, operation: &'static Operation, address: &str) -> Result<Download> {
    let mut attempt = 1;
    loop {
        let error = match follow(client, operation, address).await {
            Err(error) => error.of(operation),
            download => return download,
        };
        let passing = error.is_transport() || error.is_server_error() || error.is_rate_limited();
        client.inner().retry.pause(attempt, error, passing).await?;
        attempt += 1;
    }
}

async fn follow(client: &Client, operation: &'static Operation, address: &str) -> Result<Download> {
    let inner = client.inner();
    let mut url =
        Url::parse(address).map_err(|error| Error::request(format!("the file's address is none: {error}")))?;
    for _ in 0..=MOST_REDIRECTS {
        if !is_https_or_loopback(&url) {
            return Err(Error::request("the file's address leads to plain http"));
        }
        let request = inner.http.get(url.clone()).header(USER_AGENT, inner.user_agent.clone());
        let answer = timeout(inner.timeout, request.send()).await.map_err(|_| Error::silence(operation))?;
        let answer = answer.map_err(|error| Error::transport(Some(operation), error))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        if status.is_success() {
            let length = answer.content_length();
            let bytes = Box::pin(answer.bytes_stream());
            let quiet = Box::pin(sleep(inner.timeout));
            return Ok(Download { operation, headers, length, bytes, patience: inner.timeout, quiet });
        }
        match next_address(status, &headers, &url) {
            Some(next) => url = next,
            None => {
                let body = timeout(inner.timeout, answer.bytes()).await.ok().and_then(Result::ok).unwrap_or_default();
                return Err(Error::refused(&Raw { operation, status, headers, body, drift: None }));
            }
        }
    }
    Err(Error::request(format!("the file's address was led on more than {MOST_REDIRECTS} times")))
}

fn next_address(status: StatusCode, headers: &HeaderMap, from: &Url) -> Option<Url> {
    let location = headers.get(LOCATION).filter(|_| status.is_redirection())?;
    from.join(location.to_str().ok()?).ok()
}

/// The bytes of a file on their way, as a [`Stream`] of chunks.
///
/// A download may take as long as it likes while bytes come; it fails after a silence as long as the client's timeout.
#[must_use = "a download reads nothing unless it is read"]
pub struct Download {
    operation: &'static Operation,
    headers: HeaderMap,
    length: Option<u64>,
    bytes: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>,
    patience: Duration,
    quiet: Pin<Box<Sleep>>,
}

impl Download {
    /// How many bytes the storage says there are.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// What the storage says the content is, such as `image/png`.
    pub fn media_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// The next bytes; none at the end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// All bytes at once.
    pub async fn bytes(mut self) -> Result<Bytes> {
        let mut all = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// Writes the bytes to a file and answers how many there were. A file that is there already is replaced once all
    /// bytes have come; what is incomplete never stays behind.
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64> {
        let (path, operation) = (path.as_ref(), self.operation);
        let failed = |error| Error::file(&format!("can't write {}", path.display()), error).of(operation);
        let (partial, mut file) = Partial::beside(path).map_err(failed)?;
        let mut length = 0;
        while let Some(chunk) = self.chunk().await? {
            file.write_all(&chunk).await.map_err(failed)?;
            length += chunk.len() as u64;
        }
        file.flush().await.map_err(failed)?;
        drop(file);
        tokio::fs::rename(&partial.0, path).await.map_err(failed)?;
        Ok(length)
    }
}

impl Stream for Download {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Poll::Ready(chunk) = this.bytes.as_mut().poll_next(context) {
            this.quiet.as_mut().reset(Instant::now() + this.patience);
            let broken = |error| Error::transport(Some(this.operation), error);
            return Poll::Ready(chunk.map(|chunk| chunk.map_err(broken)));
        }
        let silent = this.quiet.as_mut().poll(context);
        silent.map(|()| Some(Err(Error::silence(this.operation))))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("length", &self.length)
            .field("media_type", &self.media_type())
            .finish_non_exhaustive()
    }
}

/// A file that is removed again unless it was renamed, also where the download is dropped half-way.
struct Partial(PathBuf);

impl Partial {
    /// A new file in the same folder, so that it can be renamed.
    fn beside(path: &Path) -> io::Result<(Self, File)> {
        let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
        for number in 0..100 {
            let mut name = name.to_owned();
            name.push(format!(".{number}.partial"));
            let partial = path.with_file_name(name);
            match std::fs::File::create_new(&partial) {
                Ok(file) => return Ok((Self(partial), File::from_std(file))),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _: io::Result<()> = std::fs::remove_file(&self.0);
    }
}

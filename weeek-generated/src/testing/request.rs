//! Recorded requests.

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Method, Url};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::generated::server::SERVER;
use crate::operation::Operation;

/// A request as Weeek would have received it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The operation that is called, if it is one.
    pub operation: Option<&'static Operation>,
    /// The HTTP method.
    pub method: Method,
    /// The whole URL.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedFile {
    /// The name of its part of the form: `files[]`.
    pub part: String,
    /// The file name.
    pub file_name: String,
    /// The content type, if the upload has one.
    pub content_type: Option<String>,
    /// The content.
    pub content: Bytes,
}

impl RecordedRequest {
    /// Reads the whole request. An upload whose content fails is an error here, as it is on a connection.
    pub(super) async fn read(mut request: reqwest::Request) -> Result<Self> {
        let body = match request.body_mut().take() {
            // A response is the one public way to read a body.
            Some(body) => reqwest::Response::from(http::Response::new(body)).bytes().await,
            None => Ok(Bytes::new()),
        };
        let body = body.map_err(|error| Error::transport(None, error))?;
        let operation = operation(request.method(), path(request.url()));
        let (method, url, headers) = (request.method().clone(), request.url().clone(), request.headers().clone());
        Ok(Self { operation, method, url, headers, body })
    }

    /// The path below the base URL, percent-encoded: `/tm/tasks/17`.
    pub fn path(&self) -> &str {
        path(&self.url)
    }

    /// The decoded value of a query parameter.
    pub fn query_param(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The JSON body, or null without one.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The files of an upload.
    pub fn files(&self) -> Vec<RecordedFile> {
        let form = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some((_, boundary)) = form.split_once("boundary=") else { return Vec::new() };
        split(&self.body, format!("--{boundary}").as_bytes()).filter_map(|part| self.file(part)).collect()
    }

    /// A part of a form, between two boundaries: line break, headers, an empty line, the content, line break.
    fn file(&self, part: &[u8]) -> Option<RecordedFile> {
        const BLANK: &[u8] = b"\r\n\r\n";
        let end = part.windows(BLANK.len()).position(|window| window == BLANK)?;
        let content = part[end + BLANK.len()..].strip_suffix(b"\r\n")?;
        let headers = String::from_utf8_lossy(&part[..end]);
        let header = |name: &str| {
            let mut lines = headers.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        let disposition = header("Content-Disposition")?;
        let quoted = |name: &str| {
            let (_, rest) = disposition.split_once(&format!("; {name}=\""))?;
            let (mut value, mut letters) = (String::new(), rest.chars());
            loop {
                match letters.next()? {
                    '"' => return Some(value),
                    '\\' => value.push(letters.next()?),
                    letter => value.push(letter),
                }
            }
        };
        Some(RecordedFile {
            part: quoted("name")?,
            file_name: quoted("filename").unwrap_or_default(),
            content_type: header("Content-Type"),
            content: self.body.slice_ref(content),
        })
    }
}

/// The parts between the boundaries of a form.
fn split<'b>(mut bytes: &'b [u8], boundary: &'b [u8]) -> impl Iterator<Item = &'b [u8]> {
    std::iter::from_fn(move || {
        let end = bytes.windows(boundary.len()).position(|window| window == boundary)?;
        let (part, rest) = bytes.split_at(end);
        bytes = &rest[boundary.len()..];
        Some(part)
    })
}

fn path(url: &Url) -> &str {
    let base = SERVER.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or_default();
    url.path().strip_prefix(base).unwrap_or(url.path())
}

/// The operation of a path; of several templates that match, the one with the fewest placeholders.
fn operation(method: &Method, path: &str) -> Option<&'static Operation> {
    let is_placeholder = |segment: &str| segment.starts_with('{');
    let matches = |template: &str| {
        let mut segments = path.split('/');
        let all = template
            .split('/')
            .all(|expected| segments.next().is_some_and(|found| is_placeholder(expected) || found == expected));
        all && segments.next().is_none()
    };
    crate::operations()
        .filter(|operation| operation.method() == method && matches(operation.path_template()))
        .min_by_key(|operation| operation.path_template().split('/').filter(|segment| is_placeholder(segment)).count())
}

//! The form that files are sent in, as `multipart/form-data`.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use reqwest::Body;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};

use super::upload_body::{BoxError, FilePart};
use crate::error::{Error, Result};

/// A form of files.
pub(crate) struct Form {
    boundary: String,
    pieces: VecDeque<Piece>,
    /// `None` if the length of a file is unknown.
    length: Option<u64>,
}

enum Piece {
    Text(Bytes),
    File(Box<FilePart>),
}

impl Form {
    pub(crate) fn new() -> Self {
        // No file contains it, because nobody can guess it.
        let random = || RandomState::new().build_hasher().finish();
        let boundary = format!("{:016x}{:016x}", random(), random());
        Self { boundary, pieces: VecDeque::new(), length: Some(0) }
    }

    /// Adds a file. None of the texts may contain a line break, which would start a header of its own.
    pub(crate) fn add(&mut self, name: &str, file_name: &str, content_type: Option<&str>, file: FilePart) {
        let (name, file_name) = (quoted(name), quoted(file_name));
        let content_type = content_type.map(|ty| format!("Content-Type: {ty}\r\n")).unwrap_or_default();
        let disposition = format!("Content-Disposition: form-data; name={name}; filename={file_name}");
        self.push(format!("--{}\r\n{disposition}\r\n{content_type}\r\n", self.boundary));
        self.length = self.length.zip(file.length()).map(|(all, file)| all + file);
        self.pieces.push_back(Piece::File(Box::new(file)));
        self.push("\r\n".to_owned());
    }

    /// Makes the form the body of a request.
    pub(crate) fn add_to(mut self, request: &mut reqwest::Request) -> Result<()> {
        self.push(format!("--{}--\r\n", self.boundary));
        let content_type = HeaderValue::try_from(format!("multipart/form-data; boundary={}", self.boundary));
        let content_type = content_type.map_err(|error| Error::request(error.to_string()))?;
        request.headers_mut().insert(CONTENT_TYPE, content_type);
        if let Some(length) = self.length {
            request.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        *request.body_mut() = Some(Body::wrap(self));
        Ok(())
    }

    fn push(&mut self, text: String) {
        self.length = self.length.map(|length| length + text.len() as u64);
        self.pieces.push_back(Piece::Text(text.into()));
    }
}

impl http_body::Body for Form {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        while let Some(piece) = self.pieces.front_mut() {
            let chunk = match piece {
                Piece::Text(text) if text.is_empty() => None,
                Piece::Text(text) => Some(Ok(std::mem::take(text))),
                Piece::File(file) => ready!(file.poll_next(context)),
            };
            match chunk {
                Some(chunk) => return Poll::Ready(Some(chunk.map(Frame::data))),
                None => drop(self.pieces.pop_front()),
            }
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// PHP reads a backslash in quotes as an escape.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether a text is a content type, such as `text/plain; charset=utf-8`.
pub(crate) fn is_content_type(text: &str) -> bool {
    let is_token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    let (essence, _) = text.split_once(';').unwrap_or((text, ""));
    let is_whole = essence.trim_end().split_once('/').is_some_and(|(ty, subtype)| is_token(ty) && is_token(subtype));
    is_whole && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_has_two_parts_and_no_line_break() {
        for (text, expected) in [
            ("text/plain", true),
            ("application/vnd.api+json; charset=\"utf-8\"", true),
            ("text/plain ;a=b", true),
            ("text", false),
            ("no type", false),
            ("a/b/c", false),
            ("/plain", false),
            ("text/", false),
            ("text/plain\r\nX: 1", false),
            ("text/plain; a=\"\n\"", false),
            ("text/plain; a=\u{e9}", false),
            ("", false),
        ] {
            assert_eq!(is_content_type(text), expected, "{text}");
        }
    }

    #[test]
    fn names_are_quoted() {
        assert_eq!(quoted("a b.txt"), "\"a b.txt\"");
        assert_eq!(quoted("a\"\\b"), r#""a\"\\b""#);
    }
}

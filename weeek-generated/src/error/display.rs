//! The text of an error.

use std::error::Error as StdError;
use std::fmt;

use super::text::OneLine;
use super::{Error, Kind};

/// The most fields that the text names, so that a line of a log stays one.
const MAX_FIELDS: usize = 10;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            f.write_str(operation.id())?;
            if let Some(path) = &self.0.path {
                write!(f, " {}", OneLine(path))?;
            }
            f.write_str(": ")?;
        }
        match &self.0.kind {
            Kind::Api { received, body, .. } => {
                write!(f, "HTTP {}", received.status.as_u16())?;
                if let Some(code) = body.code {
                    write!(f, " (code {code})")?;
                }
            }
            Kind::Decode { json_path: Some(json_path), .. } => {
                write!(f, "{}: at {}", self.category(), OneLine(json_path))?;
            }
            _ => f.write_str(self.category())?,
        }
        let hint = self.hint();
        if let Some(message) = self.message().filter(|message| !message.is_empty()) {
            let message = if hint.is_empty() { message } else { message.trim_end_matches('.') };
            write!(f, ": {}", OneLine(message))?;
        }
        f.write_str(hint)?;
        // Laravel repeats the text of the first field as the message.
        let message = self.message().unwrap_or_default();
        let fields = self.field_errors();
        for (field, texts) in fields.iter().take(MAX_FIELDS) {
            let texts = texts.join(" ");
            if texts.is_empty() || !message.starts_with(&texts) {
                write!(f, "; {}: {}", OneLine(field), OneLine(&texts))?;
            } else {
                write!(f, " [{}]", OneLine(field))?;
            }
        }
        if fields.len() > MAX_FIELDS {
            write!(f, "; and {} more fields", fields.len() - MAX_FIELDS)?;
        }
        match (self.0.attempts, self.0.limit) {
            (0 | 1, None) => Ok(()),
            (attempts, None) => write!(f, " ({attempts} attempts)"),
            (1, Some(limit)) => write!(f, " (1 attempt; {limit})"),
            (attempts, Some(limit)) => write!(f, " ({attempts} attempts; {limit})"),
        }
    }
}

/// The same as `Display`, so that `fn main() -> Result<()>` shows a sentence; `{:#?}` adds the body.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        let body = self.body();
        f.debug_struct("Error")
            .field("text", &self.to_string())
            .field("status", &self.status())
            .field("attempts", &self.0.attempts)
            .field("body", &String::from_utf8_lossy(&body[..body.len().min(2000)]))
            .finish_non_exhaustive()
    }
}

/// The text of the error has the one below it too, so that is not a `source`; [`Error::get_ref`] returns it.
impl StdError for Error {}

impl Error {
    /// Whether the response leads to another URL. The API never does.
    fn is_redirect(&self) -> bool {
        self.is_api_error() && self.status().is_some_and(|status| status.is_redirection())
    }

    /// What to check, where the cause is not in the call.
    fn hint(&self) -> &'static str {
        match () {
            () if self.is_unauthorized() => "; check the token",
            () if self.is_route_not_found() || self.is_redirect() => "; check the base URL",
            () => "",
        }
    }
}

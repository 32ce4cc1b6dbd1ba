//! The secret.

use std::fmt;

use reqwest::header::HeaderValue;

/// A bearer token; it is never shown.
#[derive(Clone)]
pub(crate) struct Token(HeaderValue);

impl Token {
    pub(crate) fn new(secret: &str) -> Result<Self, String> {
        let mut header = HeaderValue::try_from(format!("Bearer {}", secret.trim()))
            .map_err(|_| "invalid token: not a valid header value".to_owned())?;
        if secret.trim().is_empty() {
            return Err("the token is empty".to_owned());
        }
        header.set_sensitive(true);
        Ok(Self(header))
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

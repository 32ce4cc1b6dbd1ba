//! The secret.

use std::fmt;

use reqwest::header::HeaderValue;

use crate::error::{Error, Result};

/// A bearer token; it is never shown.
#[derive(Clone)]
pub(crate) struct Token(HeaderValue);

impl Token {
    pub(crate) fn new(secret: &str) -> Result<Self> {
        let mut header = HeaderValue::try_from(format!("Bearer {}", secret.trim()))
            .map_err(|_| Error::configuration("the token has characters that a header can't carry"))?;
        if secret.trim().is_empty() {
            return Err(Error::configuration("the token is empty"));
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

//! The bearer token.

use std::fmt;

use reqwest::header::HeaderValue;

const SCHEME: &str = "Bearer ";

/// A shorter string, such as the `t` of a test, occurs in ordinary text and is not worth hiding.
const MIN_REDACTED_LENGTH: usize = 8;

/// A bearer token. `Debug` does not show it.
#[derive(Clone)]
pub(crate) struct Token(HeaderValue);

impl Token {
    /// Spaces and line breaks around the token are ignored: files and copied text have them.
    pub(crate) fn new(token: &str) -> Result<Self, String> {
        let token = token.trim();
        check(token)?;
        let mut header =
            HeaderValue::try_from(format!("{SCHEME}{token}")).map_err(|_| "the token is not a valid header value")?;
        header.set_sensitive(true);
        Ok(Self(header))
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// Replaces the token in a text that has it, such as a response that echoes the request.
    pub(crate) fn redact(&self, text: &str) -> Option<String> {
        let secret = self.0.to_str().ok().and_then(|header| header.strip_prefix(SCHEME)).unwrap_or_default();
        if secret.len() < MIN_REDACTED_LENGTH {
            return None;
        }
        // PHP escapes the slashes of JSON.
        let forms = [secret.to_owned(), secret.replace('/', "\\/")];
        let has_token = forms.iter().any(|form| text.contains(form));
        has_token.then(|| forms.iter().fold(text.to_owned(), |text, form| text.replace(form, "[redacted]")))
    }
}

/// A server rejects these tokens anyway, with a message that does not lead to the cause.
fn check(token: &str) -> Result<(), &'static str> {
    let scheme = SCHEME.trim_end();
    let starts_with_scheme = token.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if token.is_empty() {
        return Err("the token is empty");
    }
    if token.contains('\u{feff}') {
        return Err("the token contains a byte order mark; save the file it comes from as UTF-8 without one");
    }
    if !token.is_ascii() {
        return Err("the token contains a non-ASCII character; copy it from Weeek again");
    }
    if starts_with_scheme && token[scheme.len()..].starts_with(|c: char| c.is_ascii_whitespace()) {
        return Err("the token starts with `Bearer`; pass the token without it");
    }
    if token.contains(|c: char| c.is_ascii_whitespace() || c.is_ascii_control()) {
        return Err("the token contains a space or a control character; copy it from Weeek again");
    }
    Ok(())
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_that_no_server_accepts_are_rejected_with_the_reason() {
        for (token, reason) in [
            ("", "empty"),
            (" \n", "empty"),
            ("\u{feff}abc", "byte order mark"),
            ("токен", "non-ASCII"),
            ("abc\u{200b}def", "non-ASCII"),
            ("Bearer abc", "starts with `Bearer`"),
            ("bearer\tabc", "starts with `Bearer`"),
            ("abc def", "a space"),
            ("abc\ndef", "control character"),
            ("abc\u{7f}", "control character"),
        ] {
            let error = Token::new(token).unwrap_err();
            assert!(error.contains(reason), "{token:?}: {error}");
        }
        for token in ["abc", " abc\r\n", "1|a-b_c.d~e+f/g=", "Bearer-1"] {
            assert_eq!(Token::new(token).unwrap().header(), format!("Bearer {}", token.trim()));
        }
    }

    #[test]
    fn an_echoed_token_is_redacted() {
        let token = Token::new("secret-token").unwrap();
        let redacted = token.redact("no user has secret-token, secret-token!");
        assert_eq!(redacted.as_deref(), Some("no user has [redacted], [redacted]!"));
        assert_eq!(token.redact("no user has this token"), None);
        assert_eq!(Token::new("t").unwrap().redact("the task"), None);
        let token = Token::new("1|secret/token/").unwrap();
        for text in [r#"{"a":"1|secret/token/"}"#, r#"{"a":"1|secret\/token\/"}"#] {
            assert_eq!(token.redact(text).as_deref(), Some(r#"{"a":"[redacted]"}"#));
        }
    }
}

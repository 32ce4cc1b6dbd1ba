//! Parts of the text of an error.

use std::error::Error as StdError;
use std::fmt;

/// The host, with its port unless it is the scheme's default.
pub(super) fn host(url: &reqwest::Url) -> Option<String> {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    url.host_str().map(|host| format!("{host}{port}"))
}

/// The system's reason, without what each layer adds to it.
pub(super) fn root_cause(error: &dyn StdError) -> String {
    std::iter::successors(Some(error), |&error| error.source()).last().unwrap_or(error).to_string()
}

/// Text of a server on one line, and not longer than a message is.
pub(super) struct OneLine<'t>(pub(super) &'t str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_CHARS: usize = 500;
        for (at, letter) in self.0.chars().enumerate() {
            match letter {
                _ if at == MAX_CHARS => return f.write_str("…"),
                _ if letter.is_control() || is_layout(letter) => f.write_str(" ")?,
                _ => write!(f, "{letter}")?,
            }
        }
        Ok(())
    }
}

/// Whether a character changes the order or the lines of the text around it.
fn is_layout(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

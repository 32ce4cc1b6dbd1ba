//! Path templates, filled in so that an id can never lead to another resource.

use std::fmt::{Display, Write as _};

/// Fills the placeholders of `template` in order. An empty id, `.` and `..` are refused: servers and URL parsers resolve them.
pub(crate) fn fill(template: &str, ids: &[&dyn Display]) -> Result<String, String> {
    let mut ids = ids.iter();
    let mut path = String::with_capacity(template.len() + 32);
    for segment in template.split('/').skip(1) {
        path.push('/');
        let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            path.push_str(segment);
            continue;
        };
        let id = ids.next().map(ToString::to_string).unwrap_or_default();
        if matches!(id.as_str(), "" | "." | "..") {
            return Err(format!("`{id}` can't be a {name}"));
        }
        encode(&mut path, &id);
    }
    Ok(path)
}

/// Percent-encodes all but the unreserved characters.
pub(crate) fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

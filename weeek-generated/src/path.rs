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
        let id = ids.next().ok_or_else(|| format!("`{{{name}}}` of {template} has no value"))?.to_string();
        if matches!(id.as_str(), "" | "." | "..") {
            return Err(format!("`{id}` can't be a {name}"));
        }
        encode(&mut path, &id);
    }
    if ids.next().is_some() {
        return Err(format!("there are more ids than parts in braces in {template}"));
    }
    Ok(path)
}

/// Whether a template is a path and nothing else: no query, no fragment, no segment that a server or URL parser resolves.
pub(crate) fn check(template: &str) -> Result<(), String> {
    let ok = |segment: &str| {
        let plain = segment.bytes().all(|byte| byte.is_ascii_graphic() && !br"?#\%".contains(&byte));
        plain && !matches!(segment, "" | "." | "..")
    };
    match template.strip_prefix('/') {
        Some(path) if path.split('/').all(ok) => Ok(()),
        _ => Err(format!("`{template}` is not a path such as /tm/tasks/{{id}}")),
    }
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

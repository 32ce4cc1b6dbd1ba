//! Fills path templates. Ids are percent-encoded, so an id never leads to another resource.

use std::fmt::{Display, Write as _};

/// A path under construction: what is filled, and the rest of the template.
#[derive(Clone, Debug)]
pub(crate) struct PathBuilder<'t> {
    path: String,
    rest: &'t str,
}

impl<'t> PathBuilder<'t> {
    pub(crate) fn new(template: &'t str) -> Self {
        Self { path: String::with_capacity(template.len() + 16), rest: template }
    }

    /// Fills the next placeholder. An empty id, `.` and `..` are errors, because servers and URL parsers resolve them.
    pub(crate) fn push_id(&mut self, id: &dyn Display) -> Result<(), String> {
        let Some((before, (name, rest))) =
            self.rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        else {
            return Err("more ids than placeholders in the path".to_owned());
        };
        let id = id.to_string();
        match id.as_str() {
            "" => return Err(format!("{} is empty", snake_case(name))),
            "." | ".." => return Err(format!("{} is `{id}`, which is not an id", snake_case(name))),
            _ => {}
        }
        self.path.push_str(before);
        encode(&mut self.path, &id);
        self.rest = rest;
        Ok(())
    }

    /// Returns the path, if no placeholder is left.
    pub(crate) fn finish(mut self) -> Result<String, String> {
        if let Some((name, _)) = self.rest.split_once('{').and_then(|(_, rest)| rest.split_once('}')) {
            return Err(format!("{} has no value", snake_case(name)));
        }
        self.path.push_str(self.rest);
        Ok(self.path)
    }
}

/// Checks that a template of a caller is a path and nothing else: no query, no fragment, no segment that a server or URL parser resolves.
#[inline]
pub(crate) fn check_template(template: &str) -> Result<(), String> {
    let is_plain = |segment: &str| {
        let is_ascii = segment.bytes().all(|byte| byte.is_ascii_graphic() && !br"?#\%".contains(&byte));
        let is_whole =
            !segment.contains(['{', '}']) || (segment.starts_with('{') && segment.find('}') == Some(segment.len() - 1));
        is_ascii && is_whole && !matches!(segment, "" | "." | "..")
    };
    match template.strip_prefix('/') {
        Some(path) if path.split('/').all(is_plain) => Ok(()),
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

/// The name of the argument that a caller knows: `taskId` is `task_id`.
#[inline]
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(template: &str, ids: &[&str]) -> Result<String, String> {
        let mut path = PathBuilder::new(template);
        ids.iter().try_for_each(|id| path.push_id(id))?;
        path.finish()
    }

    #[test]
    fn ids_fill_placeholders_and_stay_one_segment() {
        for (template, ids, expected) in [
            ("/ws/tags", &[][..], Ok("/ws/tags")),
            ("/tm/tasks/{taskId}", &["17"], Ok("/tm/tasks/17")),
            ("/tm/tasks/{taskId}/comments/{commentId}/x", &["1", "a/b"], Ok("/tm/tasks/1/comments/a%2Fb/x")),
            ("/x/{id}", &["ä ?#%"], Ok("/x/%C3%A4%20%3F%23%25")),
            ("/x/{id}", &["{id}"], Ok("/x/%7Bid%7D")),
            ("/x/{dealId}", &[""], Err("deal_id is empty")),
            ("/x/{dealId}", &[".."], Err("deal_id is `..`, which is not an id")),
            ("/x/{dealId}", &[], Err("deal_id has no value")),
            ("/x", &["1"], Err("more ids than placeholders in the path")),
        ] {
            assert_eq!(fill(template, ids), expected.map(str::to_owned).map_err(str::to_owned), "{template} {ids:?}");
        }
    }

    #[test]
    fn a_template_is_a_path_and_nothing_else() {
        for good in ["/a", "/a/{b}/c", "/a/un-complete"] {
            assert_eq!(check_template(good), Ok(()));
        }
        for bad in
            ["", "a", "/", "//", "/a//b", "/a?b", "/a#b", "/a/../b", "/a b", "/%2e", "/a\\b", "/a{b}", "/{a}{b}", "/{a"]
        {
            assert!(check_template(bad).is_err(), "{bad}");
        }
    }
}

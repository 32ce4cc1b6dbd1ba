//! Reads the body of an error response in any form that is known: Weeek's own, Laravel's, a bare map of fields, HTML, nothing.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::json::repair;

/// The maximum numbers of fields, of strings of a field, and of characters of a string.
const MAX_FIELDS: usize = 100;
const MAX_TEXTS: usize = 20;
const MAX_CHARS: usize = 2000;

/// What an error response says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<i64>,
    pub(crate) message: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) fields: BTreeMap<String, Vec<String>>,
}

impl ErrorBody {
    pub(crate) fn read(body: &[u8]) -> Self {
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        let parse = |text: &str| {
            let mut read = Self::default();
            let is_object = text.trim_start().starts_with('{');
            (is_object && each(text, &mut |key, value| read.property(key, value, false)).is_ok()).then_some(read)
        };
        let valid = str::from_utf8(body).ok().and_then(parse);
        valid.or_else(|| parse(&repair(body)?)).unwrap_or_default()
    }

    fn property(&mut self, key: &str, value: &RawValue, is_nested: bool) {
        match key {
            "code" => self.code = self.code.or_else(|| code(value)),
            "message" => self.message = text(value).or(self.message.take()),
            "reason" => self.reason = text(value),
            "errors" => self.errors(value),
            "error" if !is_nested => self.error(value),
            // Some error responses are the strings by field, without anything around them.
            _ if is_strings(value) => self.field(key, value),
            _ => {}
        }
    }

    /// `errors`: strings by field, an array of strings, or a string.
    fn errors(&mut self, raw: &RawValue) {
        match raw.get().as_bytes().first() {
            Some(b'{') => drop(each(raw.get(), &mut |field, value| self.field(field, value))),
            Some(b'n') => {}
            _ => {
                let texts = texts(raw);
                if !texts.is_empty() {
                    self.message.get_or_insert(texts.join(" "));
                }
            }
        }
    }

    fn field(&mut self, name: &str, raw: &RawValue) {
        if self.fields.len() < MAX_FIELDS {
            self.fields.insert(cut(name), texts(raw));
        }
    }

    /// `error`: a string, or an object with a message, which is read one level deep.
    fn error(&mut self, raw: &RawValue) {
        if raw.get().starts_with('{') {
            let _ = each(raw.get(), &mut |key, value| self.property(key, value, true));
        } else if let Some(text) = text(raw) {
            self.message.get_or_insert(text);
        }
    }
}

/// A string, without its end where it is very long.
fn text(raw: &RawValue) -> Option<String> {
    let parse = |text: &str| serde_json::from_str::<String>(text).ok();
    let text = parse(raw.get()).or_else(|| parse(&repair(raw.get().as_bytes())?));
    text.filter(|_| raw.get().starts_with('"')).map(|text| cut(&text))
}

/// The strings of an array, or the one value as text.
fn texts(raw: &RawValue) -> Vec<String> {
    let plain = |raw: &RawValue| text(raw).unwrap_or_else(|| cut(raw.get()));
    if !raw.get().starts_with('[') {
        return vec![plain(raw)];
    }
    let mut texts = Vec::new();
    let _ = each(raw.get(), &mut |_, item| {
        if texts.len() < MAX_TEXTS {
            texts.push(plain(item));
        }
    });
    texts
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A code may be an integer, a float or a string of digits.
fn code(raw: &RawValue) -> Option<i64> {
    let number = raw.get().trim_matches('"');
    number.parse().ok().or_else(|| number.strip_suffix(".0")?.parse().ok())
}

/// Whether a value is an array of strings that is not empty.
fn is_strings(raw: &RawValue) -> bool {
    serde_json::from_str::<Vec<String>>(raw.get()).is_ok_and(|strings| !strings.is_empty())
}

/// Calls `visit` for each value of an object or an array, with its key. An array has empty keys.
fn each(json: &str, visit: &mut dyn FnMut(&str, &RawValue)) -> serde_json::Result<()> {
    struct Each<'v>(&'v mut dyn FnMut(&str, &RawValue));

    impl<'de> Visitor<'de> for Each<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object or an array")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some((key, value)) = map.next_entry::<String, _>()? {
                (self.0)(&key, value);
            }
            Ok(())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
            while let Some(value) = list.next_element()? {
                (self.0)("", value);
            }
            Ok(())
        }
    }

    serde_json::Deserializer::from_str(json).deserialize_any(Each(visit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(code: impl Into<Option<i64>>, message: &str, fields: &[(&str, &[&str])]) -> ErrorBody {
        let fields = fields
            .iter()
            .map(|(name, texts)| ((*name).to_owned(), texts.iter().map(|text| (*text).to_owned()).collect()));
        let message = Some(message.to_owned()).filter(|message| !message.is_empty());
        ErrorBody { code: code.into(), message, reason: None, fields: fields.collect() }
    }

    #[test]
    fn every_known_form_is_read() {
        for (json, expected) in [
            (
                r#"{"success":false,"code":1000001,"message":"Model not found"}"#,
                body(1_000_001, "Model not found", &[]),
            ),
            (
                r#"{"message":"No.","errors":{"a":["x","y"],"b.0":"z"}}"#,
                body(None, "No.", &[("a", &["x", "y"]), ("b.0", &["z"])]),
            ),
            (
                r#"{"boardId":["The selected board id is invalid."]}"#,
                body(None, "", &[("boardId", &["The selected board id is invalid."])]),
            ),
            (r#"{"error":{"message":"why","code":"7"}}"#, body(7, "why", &[])),
            (r#"{"error":"why"}"#, body(None, "why", &[])),
            (r#"{"errors":["first","second"]}"#, body(None, "first second", &[])),
            (r#"{"errors":"text"}"#, body(None, "text", &[])),
            (r#"{"errors":{"a":{"b":1}},"code":7.0}"#, body(7, "", &[("a", &[r#"{"b":1}"#])])),
            (r#"{"success":false,"data":[],"list":[1,2]}"#, body(None, "", &[])),
            ("\u{feff}{\"code\":7,\"message\":\"m\"} trailing", body(7, "m", &[])),
            (r#"{"code":7,"message":"half \ud83d"}"#, body(7, "half \u{fffd}", &[])),
            ("<html>", ErrorBody::default()),
            ("", ErrorBody::default()),
            (r#"{"message":"cut"#, ErrorBody::default()),
        ] {
            assert_eq!(ErrorBody::read(json.as_bytes()), expected, "{json}");
        }
        let limit = ErrorBody::read(br#"{"success":false,"reason":"limit"}"#);
        assert_eq!(limit.reason.as_deref(), Some("limit"));
    }

    #[test]
    fn nested_errors_neither_overflow_the_stack_nor_take_long() {
        for key in ["error", "errors"] {
            let body = format!(r#"{}{{"code":7}}{}"#, format!(r#"{{"{key}":"#).repeat(800_000), "}".repeat(800_000));
            assert_eq!(ErrorBody::read(body.as_bytes()).message, None);
        }
        assert_eq!(ErrorBody::read(br#"{"error":{"error":{"code":7}}}"#).code, None);
    }

    #[test]
    fn a_huge_body_is_cut() {
        let long = "x".repeat(3000);
        let fields: Vec<_> = (0..1000).map(|at| format!(r#""f{at}":["{long}"]"#)).collect();
        let read = ErrorBody::read(format!(r#"{{"code":1,{}}}"#, fields.join(",")).as_bytes());
        assert_eq!((read.code, read.fields.len()), (Some(1), MAX_FIELDS));
        assert_eq!(read.fields["f0"][0].chars().count(), MAX_CHARS + 1);
    }
}

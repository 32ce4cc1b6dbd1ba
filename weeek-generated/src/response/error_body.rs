//! Reads the body of an error response in any form that is known: Weeek's own, Laravel's, a bare map of fields, HTML, nothing.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::json::repair;

/// The most fields that are kept, the most texts of each, and the most characters of a text.
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
        let parse = |text: &[u8]| {
            let mut read = Self::default();
            let parsed = ErrorSeed { body: &mut read, is_nested: false }
                .deserialize(&mut serde_json::Deserializer::from_slice(text));
            parsed.is_ok().then_some(read)
        };
        parse(body).or_else(|| parse(&repair(body)?)).unwrap_or_default()
    }

    /// `errors`: strings by field, an array of strings, or a string.
    fn errors(&mut self, raw: &RawValue) {
        match raw.get().as_bytes().first() {
            Some(b'{') => {
                let Ok(Entries(entries)) = serde_json::from_str(raw.get()) else { return };
                entries.into_iter().for_each(|(field, value)| self.field(&field, &value));
            }
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

    /// `error`: a text, or an object with a message, which is read one level deep.
    fn error(&mut self, raw: &RawValue) {
        if raw.get().starts_with('{') {
            let nested = ErrorSeed { body: self, is_nested: true };
            let _ = nested.deserialize(&mut serde_json::Deserializer::from_str(raw.get()));
        } else if let Some(text) = text(raw) {
            self.message.get_or_insert(text);
        }
    }
}

/// A string, without its end where it is very long.
fn text(raw: &RawValue) -> Option<String> {
    let parse = |text: &[u8]| serde_json::from_slice::<String>(text).ok();
    let text = parse(raw.get().as_bytes()).or_else(|| parse(&repair(raw.get().as_bytes())?));
    text.filter(|_| raw.get().starts_with('"')).map(|text| cut(&text))
}

/// The strings of an array, or the one value as text.
fn texts(raw: &RawValue) -> Vec<String> {
    let plain = |raw: &RawValue| text(raw).unwrap_or_else(|| cut(raw.get()));
    match serde_json::from_str::<Items>(raw.get()) {
        Ok(Items(items)) => items.iter().map(|item| plain(item)).collect(),
        Err(_) => vec![plain(raw)],
    }
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

struct ErrorSeed<'b> {
    body: &'b mut ErrorBody,
    is_nested: bool,
}

impl<'de> DeserializeSeed<'de> for ErrorSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ErrorSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { body, is_nested } = self;
        while let Some(key) = map.next_key::<String>()? {
            let value: &'de RawValue = map.next_value()?;
            match key.as_str() {
                "code" => body.code = body.code.or_else(|| code(value)),
                "message" => body.message = text(value).or(body.message.take()),
                "reason" => body.reason = text(value),
                "errors" => body.errors(value),
                "error" if !is_nested => body.error(value),
                // Some error responses are the texts by field, without anything around them.
                _ if value.get().starts_with('[') && texts(value).len() == strings(value) => body.field(&key, value),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The number of strings in an array of strings and nothing else that is not empty; more than any array has otherwise.
fn strings(raw: &RawValue) -> usize {
    match serde_json::from_str::<Vec<String>>(raw.get()) {
        Ok(strings) if !strings.is_empty() => strings.len().min(MAX_TEXTS),
        _ => usize::MAX,
    }
}

/// The first entries of an object.
struct Entries(Vec<(String, Box<RawValue>)>);

/// The first items of an array.
struct Items(Vec<Box<RawValue>>);

impl<'de> serde::Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct First;
        impl<'de> Visitor<'de> for First {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while entries.len() < MAX_FIELDS {
                    match map.next_entry()? {
                        Some(entry) => entries.push(entry),
                        None => return Ok(Entries(entries)),
                    }
                }
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(First)
    }
}

impl<'de> serde::Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct First;
        impl<'de> Visitor<'de> for First {
            type Value = Items;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Items, A::Error> {
                let mut items = Vec::new();
                while items.len() < MAX_TEXTS {
                    match list.next_element()? {
                        Some(item) => items.push(item),
                        None => return Ok(Items(items)),
                    }
                }
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(First)
    }
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

//! Reads values of unknown types, within the memory that a body may use, and repairs bodies that are nearly JSON.

use serde::Deserializer;
use serde::de::{Error, MapAccess, SeqAccess};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::context::{Cx, EXHAUSTED};
use super::lenient::{Atom, Lenient, LenientSeed, Outcome, Read, reason};
use super::number::number;

/// The memory of the nodes of a map, as they are allocated: one for every six entries.
const NODE: usize = 640;

impl Lenient for Value {
    const EXPECTED: &'static str = "a value";

    /// The text is taken first, because a value may be nested deeper than it can be held.
    fn read_into<'de, D: Deserializer<'de>>(
        cx: Cx<'_>,
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<Outcome, D::Error> {
        let raw: &'de RawValue = serde::Deserialize::deserialize(deserializer)?;
        if raw.get() == "null" {
            return Ok(Outcome::Null);
        }
        Ok(Read::from(read_json(cx, raw)?).store(slot))
    }
}

/// Parses a piece of JSON text. `None`, with a note, if it is nested too deeply or has a number out of range.
pub(super) fn read_json<E: Error>(cx: Cx<'_>, raw: &RawValue) -> Result<Option<Value>, E> {
    // All strings and keys together are not longer than the text.
    cx.charge(raw.get().len())?;
    match Json::read(cx, &mut serde_json::Deserializer::from_str(raw.get())) {
        Ok(read) => Ok(Some(Json::value(read))),
        Err(error) if reason(&error) == EXHAUSTED => Err(E::custom(EXHAUSTED)),
        Err(_) => {
            cx.note(Json::EXPECTED, "a value that cannot be held");
            Ok(None)
        }
    }
}

/// A value of any type, within the memory that the body may use.
struct Json(Value);

impl Json {
    fn value(read: Read<Self>) -> Value {
        read.value().map_or(Value::Null, |Self(value)| value)
    }
}

impl Lenient for Json {
    const EXPECTED: &'static str = "a value";

    fn from_atom(_: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        Read::Value(Self(match atom {
            Atom::Bool(value) => value.into(),
            Atom::Integer(value) => value.into(),
            Atom::Large(value) => value.into(),
            Atom::Float(value) => value.into(),
            Atom::Str(value) => value.into(),
        }))
    }

    fn from_list<'de, A: SeqAccess<'de>>(cx: Cx<'_>, mut list: A) -> Result<Read<Self>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(LenientSeed::new(cx))? {
            if items.len() == items.capacity() {
                cx.charge(size_of::<Value>() * items.len().max(4))?;
            }
            items.push(Self::value(item));
        }
        Ok(Read::Value(Self(items.into())))
    }

    fn from_object<'de, A: MapAccess<'de>>(cx: Cx<'_>, mut object: A) -> Result<Read<Self>, A::Error> {
        let mut entries = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            if let Some(number) = number(&key, &mut object)? {
                return Ok(Read::Value(Self(number.into())));
            }
            if entries.len().is_multiple_of(6) {
                cx.charge(NODE)?;
            }
            entries.insert(key, Self::value(object.next_value_seed(LenientSeed::new(cx))?));
        }
        Ok(Read::Value(Self(entries.into())))
    }
}

/// Returns the body as strict JSON if it is nearly that: half of a surrogate pair becomes U+FFFD, a number that no type can hold
/// becomes a string, bytes that are not UTF-8 become U+FFFD. What follows the value is cut off by the reader.
pub(crate) fn repair(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find(|letter: char| letter == '"' || letter == '-' || letter.is_ascii_digit()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('"') { repair_string(&mut out, rest) } else { repair_number(&mut out, rest) };
    }
    out.push_str(rest);
    (out.as_bytes() != body).then_some(out)
}

fn repair_string<'t>(out: &mut String, text: &'t str) -> &'t str {
    let mut at = 1;
    out.push('"');
    while let Some(letter) = text[at..].chars().next() {
        match letter {
            '"' => {
                out.push('"');
                return &text[at + 1..];
            }
            '\\' => {
                let first = surrogate(&text[at..]);
                let is_pair = first.is_some_and(|first| first < 0xdc00)
                    && surrogate(text.get(at + 6..).unwrap_or_default()).is_some_and(|second| second >= 0xdc00);
                let (length, replacement) = match first {
                    Some(_) if is_pair => (12, None),
                    Some(_) => (6, Some("\\ufffd")),
                    None => (1 + text[at + 1..].chars().next().map_or(0, char::len_utf8), None),
                };
                out.push_str(replacement.unwrap_or(&text[at..at + length]));
                at += length;
            }
            _ => {
                out.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    ""
}

/// The code of an escape `\uD800` to `\uDFFF` at the start of the text.
fn surrogate(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok().filter(|code| (0xd800..=0xdfff).contains(code))
}

fn repair_number<'t>(out: &mut String, text: &'t str) -> &'t str {
    let end =
        text.find(|letter: char| !matches!(letter, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let is_held = !number.parse::<f64>().is_ok_and(f64::is_infinite);
    if is_held {
        out.push_str(number);
    } else {
        out.push('"');
        out.push_str(number);
        out.push('"');
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::context::Reading;

    #[test]
    fn bodies_are_repaired() {
        for (body, expected) in [
            (&br#"{"a":"\ud83d","b":1}"#[..], Some(r#"{"a":"\ufffd","b":1}"#)),
            (br#"{"a":"\udc00x\ud83d\ude00\\ud83d"}"#, Some(r#"{"a":"\ufffdx\ud83d\ude00\\ud83d"}"#)),
            (br#"{"a":1e400,"b":-1E+999,"c":1e3}"#, Some(r#"{"a":"1e400","b":"-1E+999","c":1e3}"#)),
            (b"{\"a\":\"\xff\"}", Some("{\"a\":\"\u{fffd}\"}")),
            (br#"{"a":"1e400 \" -","b":[0.5,-2]}"#, None),
            (br#"{"a":"\"#, None),
            (br#"{"a":"\ud8"#, None),
        ] {
            assert_eq!(repair(body).as_deref(), expected);
        }
    }

    #[test]
    fn a_value_takes_memory_in_proportion_to_its_text() {
        let read = |text: &str, allowed: &str| {
            let reading = Reading::new(allowed.as_bytes());
            let raw = RawValue::from_string(text.to_owned()).unwrap();
            read_json::<serde_json::Error>(reading.root().cx(), &raw).map(|value| value.is_some())
        };
        let small = |count: usize| format!("[{}]", vec![r#"{"":0}"#; count].join(","));
        assert!(read(&small(1000), "").unwrap());
        assert!(read(&small(100_000), "").unwrap_err().to_string().starts_with("the response has too many values"));
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(!read(&deep, "").unwrap());
        let reading = Reading::new(b"");
        let raw = RawValue::from_string(r#"[{"$serde_json::private::Number":"1.5"}]"#.to_owned()).unwrap();
        let value = read_json::<serde_json::Error>(reading.root().cx(), &raw).unwrap();
        assert_eq!(value, Some(serde_json::json!([1.5])), "what the feature `arbitrary_precision` makes of a number");
    }
}

//! Reads values whose type depends on a property: one of their own, or a sibling.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::context::{Cx, Reading, Step, UNKNOWN_VALUE};
use super::json::read_json;
use super::lenient::{Lenient, Read, read_raw};
use super::object::kind;
use crate::model::encode::{Encode, Encoded};

/// A property that decides on a type.
pub(crate) trait Tag {
    fn tag(&self) -> Option<&str>;
}

impl Tag for String {
    fn tag(&self) -> Option<&str> {
        Some(self)
    }
}

impl<T: Tag> Tag for Option<T> {
    fn tag(&self) -> Option<&str> {
        self.as_ref().and_then(Tag::tag)
    }
}

/// A value whose type depends on a sibling property.
pub(crate) trait TaggedBySibling: Sized {
    fn read<E: Error>(cx: Cx<'_>, tag: Option<&str>, raw: &RawValue) -> Result<Read<Self>, E>;
}

/// Reads an object that is one of several, by the property `tag` of its own. What fits none is kept as JSON.
pub(crate) fn read_tagged<T, E: Error>(
    cx: Cx<'_>,
    raw: &RawValue,
    tag: &'static str,
    expected: &'static str,
    known: impl FnOnce(&str) -> Option<Result<Read<T>, E>>,
    unknown: impl FnOnce(Value) -> T,
) -> Result<Read<T>, E> {
    match kind(raw) {
        "null" => return Ok(Read::Null),
        "an object" => {}
        found => {
            cx.note("an object", found);
            return Ok(if raw.get().trim_start_matches('[').trim() == "]" { Read::Empty } else { Read::Misfit });
        }
    }
    let mut json = serde_json::Deserializer::from_str(raw.get());
    let value = TagSeed(tag).deserialize(&mut json).ok().flatten();
    match cx.attempt(expected, || value.as_deref().and_then(known).transpose()) {
        Some(Some(Read::Value(value))) => return Ok(Read::Value(value)),
        Some(None) => {
            cx.note_at(Step::Key(tag), expected, if value.is_some() { UNKNOWN_VALUE } else { "nothing" });
        }
        _ => {}
    }
    Ok(read_json(cx, raw)?.map(unknown).into())
}

/// Reads a value by the tag of its sibling. What does not fit is kept as JSON.
pub(crate) fn read_by_sibling<T, U: Lenient, E: Error>(
    cx: Cx<'_>,
    raw: &RawValue,
    known: impl FnOnce(U) -> T,
    unknown: impl FnOnce(Value) -> T,
) -> Result<Read<T>, E> {
    match cx.attempt(U::EXPECTED, || read_raw::<U, E>(cx, raw)) {
        Some(Read::Value(value)) => Ok(Read::Value(known(value))),
        _ => keep_unknown(cx, raw, unknown),
    }
}

/// Keeps a value as JSON, unless it is null.
pub(crate) fn keep_unknown<T, E: Error>(
    cx: Cx<'_>,
    raw: &RawValue,
    unknown: impl FnOnce(Value) -> T,
) -> Result<Read<T>, E> {
    if kind(raw) == "null" {
        return Ok(Read::Null);
    }
    Ok(read_json(cx, raw)?.map(unknown).into())
}

/// Reads a value that has no sibling to tell its type: only as a type that it fits exactly, and by whose format, if it has one, it would
/// be written again as it is.
pub(crate) fn read_exact<T: Lenient + Encode>(raw: &RawValue, has_format: bool) -> Option<T> {
    if T::HAS_FORMAT != has_format {
        return None;
    }
    let is_same = |value: &T| serde_json::to_string(&Encoded::sent(value)).is_ok_and(|json| json == raw.get());
    let reading = Reading::new(raw.get().as_bytes());
    match read_raw::<T, serde_json::Error>(reading.root().cx(), raw) {
        Ok(Read::Value(value)) if !reading.has_mismatch() && (!has_format || is_same(&value)) => Some(value),
        _ => None,
    }
}

/// Reads the string of one property, and skips the others.
struct TagSeed(&'static str);

impl<'de> DeserializeSeed<'de> for TagSeed {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TagSeed {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut tag = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == self.0 && tag.is_none() {
                let value: &'de RawValue = map.next_value()?;
                tag = serde_json::from_str(value.get()).ok();
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(tag)
    }
}

//! Reads the properties of an object, in any order.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::context::{Cx, Frame, NO_SUCH_PROPERTY, Step};
use super::json::read_json;
use super::lenient::{Lenient, Outcome, Read, UNKNOWN, read_raw};
use crate::model::extra::Extra;
use crate::model::property::Property;

/// The object that a model reads.
pub(crate) struct ObjectReader<'c, A> {
    cx: Cx<'c>,
    /// The property whose key was read last.
    current: Frame<'c>,
    map: A,
    properties: &'static [Property],
    index_of: fn(&str) -> usize,
    /// The last key that is not a property of the object.
    unknown: String,
    extra: Extra,
}

impl<'c, 'de, A: MapAccess<'de>> ObjectReader<'c, A> {
    pub(crate) fn new(cx: Cx<'c>, map: A, properties: &'static [Property], index_of: fn(&str) -> usize) -> Self {
        let current = cx.frame(Step::Property(properties));
        Self { cx, current, map, properties, index_of, unknown: String::new(), extra: Extra::default() }
    }

    /// The index of the next property, or [`UNKNOWN`].
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<usize>, A::Error> {
        let next = self.map.next_key_seed(KeySeed { index_of: self.index_of, unknown: &mut self.unknown });
        if let Ok(Some(at)) = next {
            self.current.move_to(at);
        }
        next
    }

    /// Keeps a property that the spec does not have.
    #[cold]
    pub(crate) fn keep_unknown(&mut self) -> Result<(), A::Error> {
        let value: &'de RawValue = self.map.next_value()?;
        let key = std::mem::take(&mut self.unknown);
        let key = key.as_str();
        self.cx.note_at(Step::Unknown(key), NO_SUCH_PROPERTY, kind(value));
        if let Some(value) = read_json(self.cx, value)? {
            self.cx.charge(64 + key.len())?;
            self.extra.insert(key, value);
        }
        Ok(())
    }

    /// Reads the value of the property whose key was read last. Of a property that comes twice, the first counts.
    #[inline]
    pub(crate) fn property<T: Lenient>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        let seed = PropertySeed { cx: self.current.cx(), slot };
        let result = match self.map.next_value_seed(seed) {
            Ok(Outcome::Value) => return Ok(()),
            Ok(outcome) => stand_in(self.current.cx(), slot, outcome, self.properties[self.current.at()].is_nullable),
            Err(error) => Err(error),
        };
        result.inspect_err(|_| self.current.fail())
    }

    /// Returns the value of a property, or its default if it is missing.
    #[inline]
    pub(crate) fn finish<T: Lenient>(&self, slot: Option<T>, at: usize) -> Option<T> {
        slot.or_else(|| self.missing(at))
    }

    #[cold]
    fn missing<T: Lenient>(&self, at: usize) -> Option<T> {
        let Property { key, is_required, .. } = self.properties[at];
        if is_required {
            self.cx.note_at(Step::Key(key), T::EXPECTED, "nothing");
        }
        T::missing()
    }

    #[cold]
    pub(crate) fn missing_field(&self, at: usize) -> A::Error {
        A::Error::missing_field(self.properties[at].key)
    }

    /// Keeps the text of a property whose type depends on a sibling.
    pub(crate) fn defer(&mut self, slot: &mut Option<&'de RawValue>) -> Result<(), A::Error> {
        let value = self.map.next_value()?;
        slot.get_or_insert(value);
        Ok(())
    }

    /// Reads a deferred property.
    pub(crate) fn deferred<T>(
        &self,
        slot: Option<&'de RawValue>,
        at: usize,
        read: impl FnOnce(Cx<'_>, &RawValue) -> Result<Read<T>, A::Error>,
    ) -> Result<Option<T>, A::Error> {
        let (cx, Property { key, is_required, is_nullable }) = (self.cx, self.properties[at]);
        let Some(raw) = slot else {
            if is_required {
                cx.note_at(Step::Key(key), "a value", "nothing");
            }
            return Ok(None);
        };
        cx.at(Step::Key(key), |cx| {
            let read = read(cx, raw)?;
            if matches!(read, Read::Null) && !is_nullable {
                cx.note("a value", "null");
            }
            Ok(read.value())
        })
    }

    pub(crate) fn into_extra(self) -> Extra {
        self.extra
    }
}

/// Reads the value of a property into its slot.
struct PropertySeed<'s, T> {
    cx: Cx<'s>,
    slot: &'s mut Option<T>,
}

impl<'de, T: Lenient> DeserializeSeed<'de> for PropertySeed<'_, T> {
    type Value = Outcome;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outcome, D::Error> {
        let Self { cx, slot } = self;
        if slot.is_some() {
            return T::read_into(cx, &mut None, deserializer).map(|_| Outcome::Value);
        }
        T::read_into(cx, slot, deserializer)
    }
}

/// Fills the slot of a property that is null or cannot be read.
fn stand_in<T: Lenient, E: Error>(
    cx: Cx<'_>,
    slot: &mut Option<T>,
    outcome: Outcome,
    is_nullable: bool,
) -> Result<(), E> {
    *slot = match outcome {
        Outcome::Null => {
            let value = T::null().or_else(T::missing);
            if !is_nullable || value.is_none() {
                cx.note(T::EXPECTED, "null");
            }
            value
        }
        Outcome::Empty => T::null(),
        Outcome::Value | Outcome::Misfit => T::unreadable(),
    };
    if slot.is_some() { Ok(()) } else { Err(cx.error(T::EXPECTED)) }
}

/// Reads an array where an object is expected: PHP writes an empty object as `[]`, and some responses wrap an object.
pub(crate) fn only_item<'de, T: Lenient, A: SeqAccess<'de>>(cx: Cx<'_>, mut list: A) -> Result<Read<T>, A::Error> {
    cx.note(T::EXPECTED, "an array");
    let Some(first) = list.next_element::<&'de RawValue>()? else { return Ok(Read::Empty) };
    let mut is_only = true;
    while list.next_element::<IgnoredAny>()?.is_some() {
        is_only = false;
    }
    if is_only { read_raw(cx, first) } else { Ok(Read::Misfit) }
}

/// The kind of a piece of JSON.
pub(super) fn kind(raw: &RawValue) -> &'static str {
    match raw.get().as_bytes().first() {
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(b'"') => "a string",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        _ => "a number",
    }
}

/// Reads a key: its index among the properties, or the key itself.
struct KeySeed<'k> {
    index_of: fn(&str) -> usize,
    unknown: &'k mut String,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_str<E>(self, key: &str) -> Result<usize, E> {
        let at = (self.index_of)(key);
        if at == UNKNOWN {
            key.clone_into(self.unknown);
        }
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_property_or_valid_text() {
        let read = |json: &[u8]| {
            let mut unknown = String::new();
            let index_of = |key: &str| if key == "id" { 0 } else { UNKNOWN };
            let seed = KeySeed { index_of, unknown: &mut unknown };
            let at = seed.deserialize(&mut serde_json::Deserializer::from_slice(json)).ok()?;
            Some((at, unknown))
        };
        let unknown = |key: &str| Some((UNKNOWN, key.to_owned()));
        for json in [r#""id""#, r#""\u0069d""#] {
            assert_eq!(read(json.as_bytes()), Some((0, String::new())), "{json}");
        }
        assert_eq!(read(r#""iD""#.as_bytes()), unknown("iD"));
        assert_eq!(read(r#""\u0438\n""#.as_bytes()), unknown("\u{438}\n"));
        for json in [&b"\"i\nd\""[..], b"\"\xff\"", br#""\ud83d""#, b"\"id"] {
            assert_eq!(read(json), None, "{json:?}");
        }
    }
}

//! Deserializes models and requests on their own, from any format that describes itself.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use super::context::{Mismatch, Reading};
use super::lenient::{Atom, Lenient, Read, reason, visit_atoms};
use super::number::number;

/// Deserializes a model.
pub(crate) fn deserialize<'de, T: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserialize_with(deserializer, |_| false)
}

/// Deserializes a type that only requests contain. Unlike a response, it has to match in full.
pub(crate) fn deserialize_request<'de, T: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserialize_with(deserializer, Mismatch::loses_something)
}

fn deserialize_with<'de, T: Lenient, D: Deserializer<'de>>(
    deserializer: D,
    is_error: fn(&Mismatch) -> bool,
) -> Result<T, D::Error> {
    let mut text = Vec::new();
    JsonWriter(&mut text).deserialize(deserializer)?;
    let text = String::from_utf8(text).map_err(D::Error::custom)?;
    let reading = Reading::watched(text.as_bytes());
    let root = reading.root();
    let failure = |location: &str, reason: &str| match location {
        "" => D::Error::custom(reason),
        _ => D::Error::custom(format_args!("at {location}: {reason}")),
    };
    let value = match T::read(root.cx(), &mut serde_json::Deserializer::from_str(&text)) {
        Ok(Read::Value(value)) => value,
        Ok(Read::Null) => {
            T::null().ok_or_else(|| D::Error::custom(format_args!("expected {}, found null", T::EXPECTED)))?
        }
        Ok(Read::Empty) => T::null().ok_or_else(|| root.cx().error(T::EXPECTED))?,
        Ok(Read::Misfit) => T::unreadable().ok_or_else(|| root.cx().error(T::EXPECTED))?,
        Err(error) => return Err(failure(&reading.take_failure(), &reason(&error))),
    };
    match reading.into_mismatches().into_iter().find(is_error) {
        Some(Mismatch { path, expected, found }) => Err(failure(&path, &format!("expected {expected}, found {found}"))),
        None => Ok(value),
    }
}

/// Writes a value of any format as JSON text. `serde_json::Value` would lose a property that comes twice, and read NaN as null, which
/// clears a value.
struct JsonWriter<'t>(&'t mut Vec<u8>);

impl JsonWriter<'_> {
    fn scalar<E: Error>(self, value: impl serde::Serialize) -> Result<(), E> {
        serde_json::to_writer(self.0, &value).map_err(E::custom)
    }

    fn atom<E: Error>(self, atom: Atom<'_>) -> Result<(), E> {
        match atom {
            Atom::Bool(value) => self.scalar(value),
            Atom::Integer(value) => self.scalar(value),
            Atom::Large(value) => self.scalar(value),
            Atom::Float(value) if value.is_finite() => self.scalar(value),
            Atom::Float(_) => Err(E::custom("not a finite number")),
            Atom::Str(value) => self.scalar(value),
        }
    }
}

impl<'de> DeserializeSeed<'de> for JsonWriter<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonWriter<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    visit_atoms!(());

    fn visit_i128<E: Error>(self, value: i128) -> Result<(), E> {
        self.scalar(value)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<(), E> {
        self.scalar(value)
    }

    /// Some formats do not tell strings from bytes.
    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<(), E> {
        match str::from_utf8(value) {
            Ok(text) => self.scalar(text),
            Err(_) => Err(E::invalid_type(Unexpected::Bytes(value), &self)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.scalar(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let start = self.0.len();
        self.0.push(b'[');
        while list.next_element_seed(JsonWriter(self.0))?.is_some() {
            self.0.push(b',');
        }
        close(self.0, start, b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let start = self.0.len();
        self.0.push(b'{');
        while let Some(key) = next_key(&mut map)? {
            if let Some(number) = number(&key, &mut map)? {
                self.0.truncate(start);
                return self.scalar(number);
            }
            JsonWriter(self.0).scalar(key)?;
            self.0.push(b':');
            map.next_value_seed(JsonWriter(self.0))?;
            self.0.push(b',');
        }
        close(self.0, start, b'}');
        Ok(())
    }
}

/// The next key as a string: a format can have numbers as keys.
fn next_key<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    let mut key = Vec::new();
    if map.next_key_seed(JsonWriter(&mut key))?.is_none() {
        return Ok(None);
    }
    match key.first() {
        Some(b'"') => serde_json::from_slice(&key).map(Some).map_err(A::Error::custom),
        Some(b'[' | b'{' | b'n') => Err(A::Error::custom("a key is neither a string nor a number")),
        _ => String::from_utf8(key).map(Some).map_err(A::Error::custom),
    }
}

/// Replaces the comma after the last item, if there is one.
fn close(text: &mut Vec<u8>, start: usize, bracket: u8) {
    if text.len() > start + 1 {
        text.pop();
    }
    text.push(bracket);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::de::value::{BytesDeserializer, Error, MapDeserializer, SeqDeserializer};

    use super::*;

    fn json<'de>(deserializer: impl Deserializer<'de, Error = Error>) -> Result<String, String> {
        let mut text = Vec::new();
        JsonWriter(&mut text).deserialize(deserializer).map_err(|error| error.to_string())?;
        Ok(String::from_utf8(text).unwrap())
    }

    #[test]
    fn nothing_is_lost_on_the_way_to_json() {
        let numbers = |numbers: &[f64]| json(SeqDeserializer::new(numbers.iter().copied()));
        assert_eq!(numbers(&[]).unwrap(), "[]");
        assert_eq!(numbers(&[1.0, 0.1]).unwrap(), "[1.0,0.1]");
        for number in [f64::NAN, f64::INFINITY] {
            assert_eq!(numbers(&[number]).unwrap_err(), "not a finite number");
        }
        let twice = [("a", "\u{1b}\""), ("a", "b")];
        assert_eq!(json(MapDeserializer::new(twice.into_iter())).unwrap(), r#"{"a":"\u001b\"","a":"b"}"#);
        assert_eq!(json(MapDeserializer::new(BTreeMap::<String, u8>::new().into_iter())).unwrap(), "{}");
        let large = [(u128::MAX, i128::MIN)];
        let large = json(MapDeserializer::new(large.into_iter())).unwrap();
        assert_eq!(large, format!(r#"{{"{}":{}}}"#, u128::MAX, i128::MIN));
        assert_eq!(json(MapDeserializer::new([(7, true)].into_iter())).unwrap(), r#"{"7":true}"#);
        assert_eq!(json(BytesDeserializer::new(b"text")).unwrap(), r#""text""#);
        assert!(json(BytesDeserializer::new(b"\xff")).unwrap_err().starts_with("invalid type: byte array"));
        assert!(json(MapDeserializer::new([(f64::NAN, 1)].into_iter())).is_err());
        let number = [("$serde_json::private::Number", "1.50")];
        assert_eq!(json(MapDeserializer::new(number.into_iter())).unwrap(), "1.5");
    }
}

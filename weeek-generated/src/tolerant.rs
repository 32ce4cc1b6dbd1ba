//! Reading what the API really sends: null and missing keys, 0/1 for booleans, numbers in strings, `{}` for a list.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use jiff::{Timestamp, civil};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::drift::{self, Watched};

/// A visitor's methods for what can't be the value: it is read to its end and forgotten.
macro_rules! nothing_else {
    (@unit) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    };
    (@map) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(None)
        }
    };
    (@seq) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(None)
        }
    };
    (@scalars) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(None)
        }
    };
    ($text:literal) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str($text)
        }
        nothing_else!(@unit);
    };
}

/// A type that is read with forbearance.
pub(crate) trait Tolerant: Sized {
    /// The value, or none where what stands there is null or can't be one.
    fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// Properties that the contract says are always there.
    const REQUIRED: &'static [&'static str] = &[];

    /// What stands for a value that is not there.
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads a value where one is needed.
pub(crate) fn tolerant<'de, T: Tolerant, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::maybe(deserializer)?
        .or_else(T::absent)
        .ok_or_else(|| D::Error::custom("null, or a value of another kind, where one is needed"))
}

/// Reads a value that is JSON already.
pub(crate) fn read<T: Tolerant>(value: &Value) -> Option<T> {
    T::maybe(Watched(value)).ok().flatten()
}

/// An object that answers hold.
pub(crate) trait Received: Tolerant {
    /// Reads the properties, in whatever order they come. Of one that comes twice, the first counts.
    fn read<'de, M: MapAccess<'de>>(map: M) -> Result<Self, M::Error>;
}

/// The value of the property whose key was read last.
pub(crate) fn property<'de, T: Tolerant, M: MapAccess<'de>>(map: &mut M) -> Result<T, M::Error> {
    map.next_value_seed(Needed(PhantomData))
}

struct Needed<T>(PhantomData<T>);

impl<'de, T: Tolerant> DeserializeSeed<'de> for Needed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        tolerant(deserializer)
    }
}

/// What was read of a property, or what stands for it where it was not there.
pub(crate) fn present<T: Tolerant, E: Error>(value: Option<T>, key: &'static str) -> Result<T, E> {
    value.or_else(T::absent).ok_or_else(|| E::missing_field(key))
}

/// An object as JSON, for one that is told by a property what it is.
pub(crate) fn form<'de, M: MapAccess<'de>>(map: M) -> Result<Value, M::Error> {
    Value::deserialize(MapAccessDeserializer::new(map))
}

/// A value whose type is told by its sibling.
pub(crate) trait ByTag: Sized {
    fn read(tag: Option<&str>, value: &Held<'_>) -> Self;
}

/// What such a sibling says.
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

/// Reads a value that was held back until its sibling was known.
pub(crate) fn by_tag<T: ByTag>(held: Option<Held<'_>>, key: &str, tag: &impl Tag) -> Option<T> {
    held.map(|held| drift::within(key, || T::read(tag.tag(), &held)))
}

/// A value that is read once it is known of which type it is. A text is neither copied nor wrapped before.
pub(crate) enum Held<'v> {
    Text(Cow<'v, str>),
    Other(Value),
}

impl Held<'_> {
    pub(crate) fn read<T: Tolerant>(&self) -> Option<T> {
        match self {
            Self::Text(text) if drift::watching() => read(&Value::from(&**text)),
            Self::Text(text) => T::maybe(StrDeserializer::<serde_json::Error>::new(text)).ok().flatten(),
            Self::Other(value) => read(value),
        }
    }

    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(&**text),
            Self::Other(value) => value.clone(),
        }
    }
}

/// Holds a value back; null is none.
pub(crate) struct Hold;

impl<'de> DeserializeSeed<'de> for Hold {
    type Value = Option<Held<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Hold {
    type Value = Option<Held<'de>>;
    nothing_else!("a value");

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(Held::Other(value.into())))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(Held::Other(value.into())))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(Held::Other(value.into())))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(Held::Other(value.into())))
    }
    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(Held::Text(Cow::Owned(value.to_owned()))))
    }
    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Held::Text(Cow::Borrowed(value))))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        form(map).map(|value| Some(Held::Other(value)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(|value| Some(Held::Other(value)))
    }
}

/// Keeps a value of a form that `ty` does not know.
pub(crate) fn unknown<T>(ty: &str, value: T) -> T {
    drift::unknown(ty);
    value
}

/// Reads an object; a list in its place stands for its first item.
pub(crate) fn object<'de, T: Received, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(Object(PhantomData))
}

impl<T: Tolerant> Tolerant for Option<T> {
    fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::maybe(deserializer).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl Tolerant for Value {
    fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Self::deserialize(deserializer).map(|value| Some(value).filter(|value| !value.is_null()))
    }
}

/// A scalar type: how it is made of each kind of JSON scalar.
macro_rules! scalar {
    ($ty:ty, $text:literal, absent: $absent:expr, bool: $bool:expr, i64: $i64:expr, f64: $f64:expr, str: $str:expr) => {
        impl Tolerant for $ty {
            fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                struct Scalar;
                impl<'de> Visitor<'de> for Scalar {
                    type Value = Option<$ty>;
                    nothing_else!($text);
                    nothing_else!(@map);
                    nothing_else!(@seq);
                    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
                        Ok($bool(value))
                    }
                    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
                        Ok($i64(value))
                    }
                    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
                        Ok(i64::try_from(value).ok().and_then($i64))
                    }
                    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
                        Ok($f64(value))
                    }
                    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
                        Ok($str(value))
                    }
                }
                deserializer.deserialize_any(Scalar)
            }

            fn absent() -> Option<Self> {
                $absent
            }
        }
    };
}

scalar!(bool, "a boolean", absent: Some(false), bool: Some, i64: |n: i64| Some(n != 0), f64: |_| None,
    str: |text: &str| match text { "1" | "true" => Some(true), "0" | "false" => Some(false), _ => None });
scalar!(i64, "an integer", absent: Some(0), bool: |b: bool| Some(i64::from(b)), i64: Some, f64: whole,
    str: |text: &str| text.parse().ok());
scalar!(f64, "a number", absent: Some(0.0), bool: |_| None, i64: |n| Some(approximate(n)), f64: Some,
    str: |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite()));
scalar!(String, "a text", absent: Some(Self::new()), bool: |b: bool| Some(b.to_string()),
    i64: |n: i64| Some(n.to_string()), f64: |n: f64| Some(n.to_string()), str: |text: &str| Some(text.to_owned()));
scalar!(civil::Date, "a date", absent: None, bool: |_| None, i64: |_| None, f64: |_| None, str: date);
scalar!(Timestamp, "an instant", absent: None, bool: |_| None, i64: |_| None, f64: |_| None, str: instant);

/// A text that is not copied where it stands in the answer as it is.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    deserializer.deserialize_any(Text)
}

struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = Option<Cow<'de, str>>;
    nothing_else!("a text");
    nothing_else!(@map);
    nothing_else!(@seq);

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.to_string().into()))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string().into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string().into()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string().into()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(value.to_owned().into()))
    }
    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(number as i64)
}

#[expect(clippy::cast_precision_loss, reason = "amounts of money are far below the limit of exactness")]
fn approximate(number: i64) -> f64 {
    number as f64
}

/// `2026-11-24`, or the retired `24.11.2026`.
fn date(text: &str) -> Option<civil::Date> {
    text.parse().ok().or_else(|| {
        let mut parts = text.split('.');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    })
}

/// `2026-11-24T09:30:00Z`, with an offset in place of Z, or without either, which means UTC.
fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let local: civil::DateTime = text.parse().ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(local).ok()
    })
}

impl<T: Tolerant> Tolerant for Vec<T> {
    fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(List(PhantomData))
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

struct List<T>(PhantomData<T>);

impl<'de, T: Tolerant> Visitor<'de> for List<T> {
    type Value = Option<Vec<T>>;
    nothing_else!("a list");
    nothing_else!(@scalars);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(1024));
        while let Some(item) = seq.next_element_seed(Maybe(PhantomData))? {
            if let Some(item) = item {
                items.push(item);
            }
        }
        Ok(Some(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        list_of(entries(map)?).map(Some).map_err(A::Error::custom)
    }
}

fn entries<'de, A: MapAccess<'de>>(mut map: A) -> Result<Vec<(String, Value)>, A::Error> {
    let mut entries = Vec::new();
    while let Some(entry) = map.next_entry()? {
        entries.push(entry);
    }
    Ok(entries)
}

/// `{}` is an empty list, keys that are numbers are a list with gaps, and any other object is the one item of a list.
fn list_of<T: Tolerant>(entries: Vec<(String, Value)>) -> serde_json::Result<Vec<T>> {
    if entries.first().is_some_and(|(key, _)| key.parse::<u64>().is_err()) {
        let item = T::maybe(Watched(&Value::Object(entries.into_iter().collect())))?;
        return Ok(item.into_iter().collect());
    }
    let mut items = Vec::new();
    for (key, value) in entries {
        items.extend(drift::try_within(&key, || T::maybe(Watched(&value)))?);
    }
    Ok(items)
}

/// Reads a tolerant type where serde asks for a seed.
pub(crate) struct Maybe<T>(pub(crate) PhantomData<T>);

impl<'de, T: Tolerant> DeserializeSeed<'de> for Maybe<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::maybe(deserializer)
    }
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Received> Visitor<'de> for Object<T> {
    type Value = Option<T>;
    nothing_else!("an object");
    nothing_else!(@scalars);

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let object = <T as Received>::read(map)?;
        drift::required(T::REQUIRED);
        Ok(Some(object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let first = seq.next_element_seed(Maybe(PhantomData))?.flatten();
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }
}

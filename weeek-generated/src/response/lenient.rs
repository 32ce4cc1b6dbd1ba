//! Reads what the API really sends: null and missing properties, 0 and 1 for booleans, numbers in strings, `{}` for an array.
//!
//! Each type decides what it accepts, and records on the spot what does not match the spec. A value is never made up: what cannot be
//! read is [`Read::Misfit`], which is `None` for an optional property and a decode error for any other.

use std::fmt;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::context::Cx;
use super::number::skip_object;
use crate::model::Nullable;
use crate::model::property::Property;

/// What a value is to the type that reads it.
#[derive(Debug, PartialEq)]
pub(crate) enum Read<T> {
    Value(T),
    Null,
    /// It stands for null, such as an empty string for a date. The mismatch is recorded.
    Empty,
    /// It cannot be read as the type. The mismatch is recorded.
    Misfit,
}

impl<T> Read<T> {
    #[inline]
    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> Read<U> {
        match self {
            Self::Value(value) => Read::Value(map(value)),
            Self::Null => Read::Null,
            Self::Empty => Read::Empty,
            Self::Misfit => Read::Misfit,
        }
    }

    /// Moves the value into a slot.
    #[inline]
    pub(crate) fn store(self, slot: &mut Option<T>) -> Outcome {
        match self {
            Self::Value(value) => {
                *slot = Some(value);
                Outcome::Value
            }
            Self::Null => Outcome::Null,
            Self::Empty => Outcome::Empty,
            Self::Misfit => Outcome::Misfit,
        }
    }

    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null | Self::Empty | Self::Misfit => None,
        }
    }
}

impl<T: Lenient> Read<T> {
    /// The value as an item of an array; `None` for a null that is no item.
    #[inline]
    pub(crate) fn into_item<E: Error>(self, cx: Cx<'_>) -> Result<Option<T>, E> {
        match self {
            Self::Value(item) => Ok(Some(item)),
            Self::Misfit => Err(cx.error(T::EXPECTED)),
            Self::Null | Self::Empty => {
                let null = T::null();
                if null.is_none() && matches!(self, Self::Null) {
                    cx.note(T::EXPECTED, "null");
                }
                Ok(null)
            }
        }
    }
}

/// A [`Read`] whose value is in a slot. It is as wide as an error, so that a result of either comes back in registers.
#[derive(Clone, Copy)]
#[repr(usize)]
pub(crate) enum Outcome {
    Value,
    Null,
    Empty,
    Misfit,
}

impl Outcome {
    pub(crate) fn with<T>(self, slot: Option<T>) -> Read<T> {
        match self {
            Self::Value => slot.into(),
            Self::Null => Read::Null,
            Self::Empty => Read::Empty,
            Self::Misfit => Read::Misfit,
        }
    }
}

impl<T> From<Option<T>> for Read<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Misfit, Self::Value)
    }
}

/// A scalar of JSON other than null.
#[derive(Clone, Copy)]
pub(crate) enum Atom<'a> {
    Bool(bool),
    Integer(i64),
    /// An integer of 64 bits.
    Large(u64),
    Float(f64),
    Str(&'a str),
}

impl Atom<'_> {
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Bool(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Large(_) => "an integer above 63 bits",
            Self::Float(_) => "a number",
            Self::Str("") => "an empty string",
            Self::Str(_) => "a string",
        }
    }
}

/// The methods of a visitor that hands every scalar to its method `atom`.
macro_rules! visit_atoms {
    ($value:ty) => {
        #[inline]
        fn visit_bool<E: Error>(self, value: bool) -> Result<$value, E> {
            self.atom(Atom::Bool(value))
        }

        #[inline]
        fn visit_i64<E: Error>(self, value: i64) -> Result<$value, E> {
            self.atom(Atom::Integer(value))
        }

        #[inline]
        fn visit_u64<E: Error>(self, value: u64) -> Result<$value, E> {
            self.atom(i64::try_from(value).map_or(Atom::Large(value), Atom::Integer))
        }

        #[inline]
        fn visit_f64<E: Error>(self, value: f64) -> Result<$value, E> {
            self.atom(Atom::Float(value))
        }

        #[inline]
        fn visit_str<E: Error>(self, value: &str) -> Result<$value, E> {
            self.atom(Atom::Str(value))
        }
    };
}
pub(super) use visit_atoms;

/// The index of a key that is not a property of the object.
pub(crate) const UNKNOWN: usize = usize::MAX;

/// A type of a response.
pub(crate) trait Lenient: Sized {
    /// The type in words.
    const EXPECTED: &'static str;
    /// The properties of an object; empty for any other type.
    const PROPERTIES: &'static [Property] = &[];

    /// Whether the type is a string in a format of its own.
    const HAS_FORMAT: bool = false;

    /// The index of a property in [`Lenient::PROPERTIES`], or [`UNKNOWN`].
    fn index_of(_key: &str) -> usize {
        UNKNOWN
    }

    /// Stands for null where null is a value of its own.
    fn null() -> Option<Self> {
        None
    }

    /// Stands for a property that is missing or null.
    fn missing() -> Option<Self> {
        None
    }

    /// Stands for a property that cannot be read.
    fn unreadable() -> Option<Self> {
        None
    }

    /// A hash of the id, if the value has one.
    fn identity(&self) -> Option<u64> {
        None
    }

    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        cx.note(Self::EXPECTED, atom.kind());
        Read::Misfit
    }

    fn from_list<'de, A: SeqAccess<'de>>(cx: Cx<'_>, mut list: A) -> Result<Read<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        cx.note(Self::EXPECTED, "an array");
        Ok(Read::Misfit)
    }

    fn from_object<'de, A: MapAccess<'de>>(cx: Cx<'_>, object: A) -> Result<Read<Self>, A::Error> {
        if let Some(number) = skip_object(object)? {
            return Ok(Self::from_atom(cx, Atom::Float(number)));
        }
        cx.note(Self::EXPECTED, "an object");
        Ok(Read::Misfit)
    }

    /// Reads the value into an empty slot, so that it is not moved through every layer. The slot of an optional value holds `None`
    /// where there is no value.
    fn read_into<'de, D: Deserializer<'de>>(
        cx: Cx<'_>,
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<Outcome, D::Error> {
        deserializer.deserialize_any(LenientVisitor { cx, slot })
    }

    fn read<'de, D: Deserializer<'de>>(cx: Cx<'_>, deserializer: D) -> Result<Read<Self>, D::Error> {
        let mut slot = None;
        let read = Self::read_into(cx, &mut slot, deserializer)?;
        Ok(read.with(slot))
    }
}

/// Reads a type where serde asks for a seed.
pub(crate) struct LenientSeed<'c, T>(Cx<'c>, PhantomData<T>);

impl<'c, T> LenientSeed<'c, T> {
    pub(crate) fn new(cx: Cx<'c>) -> Self {
        Self(cx, PhantomData)
    }
}

impl<'de, T: Lenient> DeserializeSeed<'de> for LenientSeed<'_, T> {
    type Value = Read<T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read<T>, D::Error> {
        T::read(self.0, deserializer)
    }
}

/// The only visitor of values: it hands each kind of JSON to the type.
struct LenientVisitor<'c, 's, T> {
    cx: Cx<'c>,
    slot: &'s mut Option<T>,
}

impl<T: Lenient> LenientVisitor<'_, '_, T> {
    #[inline]
    #[expect(clippy::unnecessary_wraps, reason = "other visitors can fail")]
    fn atom<E>(self, atom: Atom<'_>) -> Result<Outcome, E> {
        Ok(T::from_atom(self.cx, atom).store(self.slot))
    }
}

impl<'de, T: Lenient> Visitor<'de> for LenientVisitor<'_, '_, T> {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    visit_atoms!(Outcome);

    #[inline]
    fn visit_unit<E>(self) -> Result<Outcome, E> {
        Ok(Outcome::Null)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Outcome, A::Error> {
        T::from_list(self.cx, list).map(|read| read.store(self.slot))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Outcome, A::Error> {
        T::from_object(self.cx, object).map(|read| read.store(self.slot))
    }
}

/// Reads a piece of JSON text. All types are read from this one kind of deserializer, so each is compiled once.
pub(crate) fn read_raw<T: Lenient, E: Error>(cx: Cx<'_>, raw: &RawValue) -> Result<Read<T>, E> {
    let mut json = serde_json::Deserializer::from_str(raw.get());
    match cx.nest(|| T::read(cx, &mut json)) {
        Some(read) => read.map_err(|error| E::custom(reason(&error))),
        None => {
            cx.note(T::EXPECTED, "a value that is nested too deeply");
            Ok(Read::Misfit)
        }
    }
}

/// Hashes an id, to recognize an item that is sent twice.
pub(crate) fn hash(id: &impl std::hash::Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}

/// The text of an error. The position in the text is left out where the JSON path says more.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let mut text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    if error.is_data() && text.ends_with(&position) {
        text.truncate(text.len() - position.len());
    }
    text
}

impl<T: Lenient> Lenient for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const PROPERTIES: &'static [Property] = T::PROPERTIES;

    fn index_of(key: &str) -> usize {
        T::index_of(key)
    }

    fn null() -> Option<Self> {
        Some(None)
    }

    fn missing() -> Option<Self> {
        Some(None)
    }

    fn unreadable() -> Option<Self> {
        Some(None)
    }

    fn identity(&self) -> Option<u64> {
        self.as_ref().and_then(T::identity)
    }

    #[inline]
    fn read_into<'de, D: Deserializer<'de>>(
        cx: Cx<'_>,
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<Outcome, D::Error> {
        T::read_into(cx, slot.insert(None), deserializer)
    }
}

/// A type that contains itself.
impl<T: Lenient> Lenient for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read_into<'de, D: Deserializer<'de>>(
        cx: Cx<'_>,
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<Outcome, D::Error> {
        Ok(T::read(cx, deserializer)?.map(Box::new).store(slot))
    }
}

/// A value of a request where null has a meaning of its own.
impl<T: Lenient> Lenient for Nullable<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn null() -> Option<Self> {
        Some(Self::Null)
    }

    fn read_into<'de, D: Deserializer<'de>>(
        cx: Cx<'_>,
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<Outcome, D::Error> {
        Ok(T::read(cx, deserializer)?.map(Self::Value).store(slot))
    }
}

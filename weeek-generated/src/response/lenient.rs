//! Reads what the API really sends: null and missing properties, 0 and 1 for booleans, numbers in strings, `{}` for an array.
//!
//! Each type decides what it accepts, and records on the spot what does not match the spec. A value is never made up: what cannot be
//! read is [`Read::Misfit`], which is `None` for an optional property and a decode error for any other.

use std::fmt;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::marker::PhantomData;

use jiff::{Timestamp, civil};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize as _, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::context::{Cx, Reading};
use crate::model::dates::{parse_date, parse_timestamp};

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
    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> Read<U> {
        match self {
            Self::Value(value) => Read::Value(map(value)),
            Self::Null => Read::Null,
            Self::Empty => Read::Empty,
            Self::Misfit => Read::Misfit,
        }
    }

    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null | Self::Empty | Self::Misfit => None,
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

    /// The integer that a number or a numeric string stands for. It is the same for `1`, `1.0`, `"1"` and `"1.0"`.
    fn to_integer(self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(number),
            Self::Float(number) => exact_integer(number),
            Self::Str(text) => text.parse().ok().or_else(|| exact_integer(parse_number(text)?)),
            Self::Bool(_) | Self::Large(_) => None,
        }
    }
}

/// A type of a response.
pub(crate) trait Lenient: Sized {
    /// The type in words.
    const EXPECTED: &'static str;
    /// The properties of an object; empty for any other type.
    const KEYS: &'static [&'static str] = &[];

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

    fn from_object<'de, A: MapAccess<'de>>(cx: Cx<'_>, mut object: A) -> Result<Read<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        cx.note(Self::EXPECTED, "an object");
        Ok(Read::Misfit)
    }

    fn read<'de, D: Deserializer<'de>>(cx: Cx<'_>, deserializer: D) -> Result<Read<Self>, D::Error> {
        deserializer.deserialize_any(LenientVisitor(cx, PhantomData))
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
struct LenientVisitor<'c, T>(Cx<'c>, PhantomData<T>);

#[allow(clippy::inline_always, reason = "measured: a page of tasks takes 2 % fewer instructions")]
impl<'de, T: Lenient> Visitor<'de> for LenientVisitor<'_, T> {
    type Value = Read<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    #[inline(always)]
    fn visit_bool<E>(self, value: bool) -> Result<Read<T>, E> {
        Ok(T::from_atom(self.0, Atom::Bool(value)))
    }

    #[inline(always)]
    fn visit_i64<E>(self, value: i64) -> Result<Read<T>, E> {
        Ok(T::from_atom(self.0, Atom::Integer(value)))
    }

    #[inline(always)]
    fn visit_u64<E>(self, value: u64) -> Result<Read<T>, E> {
        Ok(T::from_atom(self.0, i64::try_from(value).map_or(Atom::Large(value), Atom::Integer)))
    }

    #[inline(always)]
    fn visit_f64<E>(self, value: f64) -> Result<Read<T>, E> {
        Ok(T::from_atom(self.0, Atom::Float(value)))
    }

    #[inline(always)]
    fn visit_str<E>(self, value: &str) -> Result<Read<T>, E> {
        Ok(T::from_atom(self.0, Atom::Str(value)))
    }

    #[inline(always)]
    fn visit_unit<E>(self) -> Result<Read<T>, E> {
        Ok(Read::Null)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Read<T>, A::Error> {
        T::from_list(self.0, list)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Read<T>, A::Error> {
        T::from_object(self.0, object)
    }
}

/// Reads a piece of JSON text. All types are read from this one kind of deserializer, so each is compiled once.
pub(crate) fn read_raw<T: Lenient, E: Error>(cx: Cx<'_>, raw: &RawValue) -> Result<Read<T>, E> {
    let mut json = serde_json::Deserializer::from_slice(raw.get().as_bytes());
    T::read(cx, &mut json).map_err(|error| E::custom(reason(&error)))
}

/// Deserializes a model on its own, from any format that describes itself.
pub(crate) fn deserialize<'de, T: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = Value::deserialize(deserializer)?.to_string();
    let reading = Reading::traced(text.as_bytes());
    let mut json = serde_json::Deserializer::from_slice(text.as_bytes());
    let failure = |reason: &str| match reading.location().as_str() {
        "" => D::Error::custom(reason),
        location => D::Error::custom(format_args!("at {location}: {reason}")),
    };
    match T::read(reading.cx(), &mut json) {
        Ok(Read::Value(value)) => Ok(value),
        Ok(Read::Null) => T::null().ok_or_else(|| failure(&format!("expected {}, found null", T::EXPECTED))),
        Ok(Read::Empty) => T::null().ok_or_else(|| reading.cx().error(T::EXPECTED)),
        Ok(Read::Misfit) => T::unreadable().ok_or_else(|| reading.cx().error(T::EXPECTED)),
        Err(error) => Err(failure(&reason(&error))),
    }
}

/// Hashes an id, to recognize an item that is sent twice.
pub(crate) fn hash(id: &impl std::hash::Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}

/// The text of an error. The position in the text is left out where the JSON path says more.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((reason, _)) if error.is_data() => reason.to_owned(),
        _ => text,
    }
}

impl<T: Lenient> Lenient for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const KEYS: &'static [&'static str] = T::KEYS;

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
    fn read<'de, D: Deserializer<'de>>(cx: Cx<'_>, deserializer: D) -> Result<Read<Self>, D::Error> {
        T::read(cx, deserializer).map(|read| read.map(Some))
    }
}

impl Lenient for bool {
    const EXPECTED: &'static str = "a boolean";

    fn missing() -> Option<Self> {
        Some(false)
    }

    #[inline]
    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        if let Atom::Bool(value) = atom {
            return Read::Value(value);
        }
        cx.note(Self::EXPECTED, atom.kind());
        match (atom, atom.to_integer()) {
            (_, Some(1)) | (Atom::Str("true"), _) => Read::Value(true),
            (_, Some(0)) | (Atom::Str("false"), _) => Read::Value(false),
            _ => Read::Misfit,
        }
    }
}

impl Lenient for i64 {
    const EXPECTED: &'static str = "an integer";

    fn missing() -> Option<Self> {
        Some(0)
    }

    #[inline]
    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        if let Atom::Integer(value) = atom {
            return Read::Value(value);
        }
        cx.note(Self::EXPECTED, atom.kind());
        atom.to_integer().into()
    }
}

impl Lenient for f64 {
    const EXPECTED: &'static str = "a number";

    fn missing() -> Option<Self> {
        Some(0.0)
    }

    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "a JSON number is a double to most programs, Weeek's own included")]
    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        match atom {
            Atom::Float(value) => Read::Value(value),
            Atom::Integer(value) => Read::Value(value as f64),
            Atom::Large(value) => Read::Value(value as f64),
            Atom::Bool(_) | Atom::Str(_) => {
                cx.note(Self::EXPECTED, atom.kind());
                if let Atom::Str(text) = atom { parse_number(text).into() } else { Read::Misfit }
            }
        }
    }
}

impl Lenient for String {
    const EXPECTED: &'static str = "a string";

    fn missing() -> Option<Self> {
        Some(Self::new())
    }

    #[inline]
    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        if let Atom::Str(text) = atom {
            return Read::Value(text.to_owned());
        }
        cx.note(Self::EXPECTED, atom.kind());
        match atom {
            Atom::Bool(value) => Read::Value(value.to_string()),
            number => number_text(number).into(),
        }
    }
}

impl Lenient for civil::Date {
    const EXPECTED: &'static str = "a date";

    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        dated(cx, Self::EXPECTED, atom, parse_date)
    }
}

impl Lenient for Timestamp {
    const EXPECTED: &'static str = "a timestamp";

    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        dated(cx, Self::EXPECTED, atom, parse_timestamp)
    }
}

/// Reads a date or timestamp by a function that also returns whether the format is the documented one. An empty string is null.
fn dated<T>(cx: Cx<'_>, expected: &'static str, atom: Atom<'_>, parse: fn(&str) -> Option<(T, bool)>) -> Read<T> {
    let Atom::Str(text) = atom else {
        cx.note(expected, atom.kind());
        return Read::Misfit;
    };
    match parse(text) {
        Some((value, true)) => Read::Value(value),
        Some((value, false)) => {
            cx.note(expected, "a string in another format");
            Read::Value(value)
        }
        None if text.is_empty() => {
            cx.note(expected, "an empty string");
            Read::Empty
        }
        None => {
            cx.note(expected, "a string in another format");
            Read::Misfit
        }
    }
}

/// Reads the string of an id or an enumeration. A number stands for its digits; a boolean is no id; an empty string is null.
pub(crate) fn read_string<T>(
    cx: Cx<'_>,
    expected: &'static str,
    atom: Atom<'_>,
    make: impl FnOnce(&str) -> T,
) -> Read<T> {
    match atom {
        Atom::Str("") => {
            cx.note(expected, "an empty string");
            Read::Empty
        }
        Atom::Str(text) => Read::Value(make(text)),
        _ => {
            cx.note(expected, atom.kind());
            number_text(atom).map(|text| make(&text)).into()
        }
    }
}

/// The digits of a number, if they are certain: a double has 53 bits for them.
fn number_text(atom: Atom<'_>) -> Option<String> {
    match atom {
        Atom::Integer(number) => Some(number.to_string()),
        Atom::Large(number) => Some(number.to_string()),
        Atom::Float(number) if number.fract() == 0.0 => exact_integer(number).map(|number| number.to_string()),
        Atom::Float(number) => Some(number.to_string()),
        Atom::Bool(_) | Atom::Str(_) => None,
    }
}

/// A finite number in decimal notation; `inf` and `NaN` are not numbers of JSON.
fn parse_number(text: &str) -> Option<f64> {
    let is_decimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| is_decimal && number.is_finite())
}

#[expect(clippy::cast_possible_truncation, reason = "the number is whole and in range")]
fn exact_integer(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::Read::{Empty, Misfit, Null, Value};
    use super::*;

    /// Checks what a type makes of JSON, and whether it records a mismatch.
    fn check<T: Lenient + PartialEq + fmt::Debug, const N: usize>(rows: [(&str, Read<T>, bool); N]) {
        for (json, expected, is_mismatch) in rows {
            let reading = Reading::new(json.as_bytes());
            let read = T::read(reading.cx(), &mut serde_json::Deserializer::from_str(json)).unwrap();
            assert_eq!((read, reading.has_mismatch()), (expected, is_mismatch), "{json} as {}", T::EXPECTED);
        }
    }

    #[test]
    fn a_boolean_may_be_zero_or_one() {
        check::<bool, _>([("true", Value(true), false), ("false", Value(false), false), ("null", Null, false)]);
        for (yes, no) in
            [("1", "0"), ("1.0", "0.0"), ("\"1\"", "\"0\""), ("\"1.0\"", "\"0.0\""), ("\"true\"", "\"false\"")]
        {
            check::<bool, _>([(yes, Value(true), true), (no, Value(false), true)]);
        }
        for odd in ["2", "-1", "\"yes\"", "\"\"", "0.5", "[]", "[true]", "{}", "18446744073709551615"] {
            check::<bool, _>([(odd, Misfit, true)]);
        }
    }

    #[test]
    fn a_number_may_be_a_string_and_never_a_boolean() {
        check::<i64, _>([
            ("-7", Value(-7), false),
            ("9223372036854775807", Value(i64::MAX), false),
            ("null", Null, false),
        ]);
        for one in ["1.0", "\"1\"", "\"1.0\"", "1e0"] {
            check::<i64, _>([(one, Value(1), true)]);
        }
        for odd in [
            "true",
            "false",
            "1.5",
            "\"1.5\"",
            "\"\"",
            "\"5 000\"",
            "\"x\"",
            "1e300",
            "9223372036854775808",
            "[1]",
            "{}",
        ] {
            check::<i64, _>([(odd, Misfit, true)]);
        }
        check::<f64, _>([("1.5", Value(1.5), false), ("2", Value(2.0), false), ("\"1.5\"", Value(1.5), true)]);
        check::<f64, _>([("18446744073709551615", Value(18_446_744_073_709_551_615.0), false)]);
        for odd in ["true", "\"inf\"", "\"NaN\"", "\"5 000\"", "\"1e999\"", "\"\"", "[]"] {
            check::<f64, _>([(odd, Misfit, true)]);
        }
    }

    #[test]
    fn a_string_may_be_a_number_whose_digits_are_certain() {
        let text = |text: &str| Value(text.to_owned());
        check::<String, _>([("\"a\"", text("a"), false), ("\"\"", text(""), false), ("null", Null, false)]);
        check::<String, _>([("5", text("5"), true), ("1.5", text("1.5"), true), ("true", text("true"), true)]);
        check::<String, _>([("18446744073709551615", text("18446744073709551615"), true), ("1.0", text("1"), true)]);
        check::<String, _>([
            ("[]", Misfit, true),
            ("{}", Misfit, true),
            ("123456789012345678901234567890", Misfit, true),
        ]);
    }

    #[test]
    fn a_date_is_a_day_in_any_known_format() {
        let day = |day| Value(civil::date(2026, 8, day));
        check::<civil::Date, _>([("\"2026-08-31\"", day(31), false), ("\"31.08.2026\"", day(31), true)]);
        for instant in ["T00:00:00Z", "T00:00:00.000000Z", "T23:59:59+03:00", " 00:00:00", "T00:00:00"] {
            check::<civil::Date, _>([(&format!("\"2026-08-31{instant}\""), day(31), true)]);
        }
        for odd in ["31.08.26", "31.08.2026.x", "+31.08.2026", "2026-02-30", "2026-08-31x", "31.08.2026 ", "0", "x"] {
            check::<civil::Date, _>([(&format!("\"{odd}\""), Misfit, true)]);
        }
        check::<civil::Date, _>([("\"\"", Empty, true), ("20260831", Misfit, true), ("true", Misfit, true)]);
    }

    #[test]
    fn a_timestamp_without_an_offset_is_utc() {
        let noon = || Value("2026-08-31T12:00:00Z".parse::<Timestamp>().unwrap());
        check::<Timestamp, _>([
            ("\"2026-08-31T12:00:00Z\"", noon(), false),
            ("\"2026-08-31T15:00:00+03:00\"", noon(), false),
        ]);
        check::<Timestamp, _>([("\"2026-08-31 12:00:00\"", noon(), true), ("\"\"", Empty, true), ("5", Misfit, true)]);
        check::<Timestamp, _>([("\"31.08.2026 12:00\"", Misfit, true), ("\"2026-02-30T00:00:00Z\"", Misfit, true)]);
    }

    #[test]
    fn an_array_keeps_its_items_or_is_an_error() {
        let reading = |json: &str| {
            let reading = Reading::traced(json.as_bytes());
            let read = Vec::<Option<i64>>::read(reading.cx(), &mut serde_json::Deserializer::from_str(json));
            (read.map_err(|error| reason(&error)), reading.location())
        };
        let ok = |items: &[Option<i64>]| (Ok(Value(items.to_vec())), String::new());
        assert_eq!(reading("[1, null, 3]"), ok(&[Some(1), None, Some(3)]));
        assert_eq!(reading("{}"), ok(&[]));
        assert_eq!(reading("{\"7\": 1, \"x\": 2}"), ok(&[Some(1), Some(2)]));
        check::<Vec<i64>, _>([
            ("[1, null, 3]", Value(vec![1, 3]), true),
            ("[]", Value(vec![]), false),
            ("null", Null, false),
        ]);
        check::<Vec<i64>, _>([("\"\"", Misfit, true), ("false", Misfit, true), ("5", Misfit, true)]);
        let read = |json: &str| {
            let reading = Reading::traced(json.as_bytes());
            let read = Vec::<i64>::read(reading.cx(), &mut serde_json::Deserializer::from_str(json));
            (reason(&read.unwrap_err()), reading.location())
        };
        assert_eq!(read("[1, true]"), ("expected an integer, found a boolean".to_owned(), "[1]".to_owned()));
        assert_eq!(read("{\"x\": true}"), ("expected an integer, found a boolean".to_owned(), "[0]".to_owned()));
    }
}

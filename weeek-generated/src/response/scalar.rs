//! Reads booleans, numbers, strings, dates and timestamps.

use jiff::{Timestamp, civil};

use super::context::Cx;
use super::lenient::{Atom, Lenient, Read};
use crate::model::dates::{parse_date, parse_timestamp};

impl Lenient for bool {
    const EXPECTED: &'static str = "a boolean";

    fn missing() -> Option<Self> {
        Some(false)
    }

    #[inline]
    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        if let Atom::Bool(value) = atom { Read::Value(value) } else { other_as_bool(cx, atom) }
    }
}

#[cold]
fn other_as_bool(cx: Cx<'_>, atom: Atom<'_>) -> Read<bool> {
    cx.note(bool::EXPECTED, atom.kind());
    match (atom, to_integer(atom)) {
        (_, Some(1)) | (Atom::Str("true"), _) => Read::Value(true),
        (_, Some(0)) | (Atom::Str("false"), _) => Read::Value(false),
        _ => Read::Misfit,
    }
}

impl Lenient for i64 {
    const EXPECTED: &'static str = "an integer";

    fn missing() -> Option<Self> {
        Some(0)
    }

    #[inline]
    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        if let Atom::Integer(value) = atom { Read::Value(value) } else { other_as_integer(cx, atom) }
    }
}

#[cold]
fn other_as_integer(cx: Cx<'_>, atom: Atom<'_>) -> Read<i64> {
    cx.note(i64::EXPECTED, atom.kind());
    to_integer(atom).into()
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
            Atom::Bool(_) | Atom::Str(_) => other_as_number(cx, atom),
        }
    }
}

#[cold]
fn other_as_number(cx: Cx<'_>, atom: Atom<'_>) -> Read<f64> {
    cx.note(f64::EXPECTED, atom.kind());
    if let Atom::Str(text) = atom { parse_number(text).into() } else { Read::Misfit }
}

impl Lenient for String {
    const EXPECTED: &'static str = "a string";

    fn missing() -> Option<Self> {
        Some(Self::new())
    }

    #[inline]
    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        if let Atom::Str(text) = atom { Read::Value(text.to_owned()) } else { other_as_string(cx, atom) }
    }
}

#[cold]
fn other_as_string(cx: Cx<'_>, atom: Atom<'_>) -> Read<String> {
    cx.note(String::EXPECTED, atom.kind());
    match atom {
        Atom::Bool(value) => Read::Value(value.to_string()),
        number => number_text(number).into(),
    }
}

impl Lenient for civil::Date {
    const EXPECTED: &'static str = "a date";
    const HAS_FORMAT: bool = true;

    #[inline]
    fn from_atom(cx: Cx<'_>, atom: Atom<'_>) -> Read<Self> {
        dated(cx, Self::EXPECTED, atom, parse_date)
    }
}

impl Lenient for Timestamp {
    const EXPECTED: &'static str = "a timestamp";
    const HAS_FORMAT: bool = true;

    #[inline]
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
#[inline]
pub(crate) fn read_string<T>(
    cx: Cx<'_>,
    expected: &'static str,
    atom: Atom<'_>,
    make: impl FnOnce(&str) -> T,
) -> Read<T> {
    match atom {
        Atom::Str(text) if !text.is_empty() => Read::Value(make(text)),
        _ => other_as_digits(cx, expected, atom).map(|text| make(&text)),
    }
}

#[cold]
fn other_as_digits(cx: Cx<'_>, expected: &'static str, atom: Atom<'_>) -> Read<String> {
    cx.note(expected, atom.kind());
    if let Atom::Str(_) = atom { Read::Empty } else { number_text(atom).into() }
}

/// The integer that a number or a numeric string stands for. It is the same for `1`, `1.0`, `"1"` and `"1.0"`.
fn to_integer(atom: Atom<'_>) -> Option<i64> {
    match atom {
        Atom::Integer(number) => Some(number),
        Atom::Float(number) => exact_integer(number),
        Atom::Str(text) => text.parse().ok().or_else(|| exact_integer(parse_number(text)?)),
        Atom::Bool(_) | Atom::Large(_) => None,
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
    use std::fmt;

    use super::Read::{Empty, Misfit, Null, Value};
    use super::*;
    use crate::response::context::Reading;
    use crate::response::lenient::reason;

    /// Checks what a type makes of JSON, and whether it records a mismatch.
    fn check<T: Lenient + PartialEq + fmt::Debug, const N: usize>(rows: [(&str, Read<T>, bool); N]) {
        for (json, expected, is_mismatch) in rows {
            let reading = Reading::new(json.as_bytes());
            let read = T::read(reading.root().cx(), &mut serde_json::Deserializer::from_str(json)).unwrap();
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
        // What serde_json makes of numbers with a fraction if a crate turns on its feature `arbitrary_precision`.
        let precise = |number: &str| format!(r#"{{"$serde_json::private::Number":"{number}"}}"#);
        check::<f64, _>([(&precise("1.5"), Value(1.5), false), (&precise("-1e3"), Value(-1000.0), false)]);
        check::<i64, _>([(&precise("1.0"), Value(1), true), (&precise("1.5"), Misfit, true)]);
        check::<String, _>([(&precise("1.5"), Value("1.5".to_owned()), true)]);
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
            let reading = Reading::watched(json.as_bytes());
            let read = Vec::<Option<i64>>::read(reading.root().cx(), &mut serde_json::Deserializer::from_str(json));
            (read.map_err(|error| reason(&error)), reading.take_failure())
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
            let reading = Reading::watched(json.as_bytes());
            let read = Vec::<i64>::read(reading.root().cx(), &mut serde_json::Deserializer::from_str(json));
            (reason(&read.unwrap_err()), reading.take_failure())
        };
        assert_eq!(read("[1, true]"), ("expected an integer, found a boolean".to_owned(), "[1]".to_owned()));
        assert_eq!(read("{\"x\": true}"), ("expected an integer, found a boolean".to_owned(), "[0]".to_owned()));
    }
}

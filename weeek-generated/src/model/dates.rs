//! The formats of dates and timestamps.

use std::fmt;

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

/// A date in the format dd.mm.yyyy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dotted(pub(crate) civil::Date);

impl fmt::Display for Dotted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}.{:02}.{:04}", self.0.day(), self.0.month(), self.0.year())
    }
}

/// Parses `2026-11-24`, the retired `24.11.2026`, or the day of a timestamp. Returns whether the format is the documented one.
pub(crate) fn parse_date(text: &str) -> Option<(civil::Date, bool)> {
    let Some((day, rest)) = text.split_at_checked(10) else {
        return dotted_date(text).map(|date| (date, false));
    };
    match (day.parse::<civil::Date>(), rest) {
        (Ok(date), "") => Some((date, true)),
        (Ok(date), _) => parse_timestamp(text).map(|_| (date, false)),
        (Err(_), _) => dotted_date(text).map(|date| (date, false)),
    }
}

/// Parses `2026-11-24T09:30:00Z`, with an offset in place of Z, or without either, which means UTC. Returns whether it has either.
pub(crate) fn parse_timestamp(text: &str) -> Option<(Timestamp, bool)> {
    if let Ok(timestamp) = text.parse() {
        return Some((timestamp, true));
    }
    let local: civil::DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(local).ok().map(|timestamp| (timestamp, false))
}

/// Day and month have one or two digits, the year four.
fn dotted_date(text: &str) -> Option<civil::Date> {
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let is_number = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    };
    let mut parts = text.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (day, month, year) = (number(day, 1..=2)?, number(month, 1..=2)?, number(year, 4..=4)?);
    civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

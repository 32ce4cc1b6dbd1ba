//! Dates and timestamps as the API takes them in bodies: `2026-11-24`, in some places `24.11.2026`, and
//! `2026-11-24T09:30:00Z`, never with a fraction of a second.

use jiff::{Timestamp, civil};
use serde::{Serialize, Serializer};

use crate::query::Dotted;
use crate::value::Nullable;

pub(crate) trait Wire {
    fn text(&self) -> Option<String>;
}

/// For `serialize_with`.
pub(crate) fn serialize<T: Wire, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.text().serialize(serializer)
}

/// For `serialize_with`, where a date is written as dd.mm.yyyy.
pub(crate) fn serialize_dotted<T: Dated, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.date().map(|date| Dotted(date).to_string()).serialize(serializer)
}

/// A date, or null in its place.
pub(crate) trait Dated {
    fn date(&self) -> Option<civil::Date>;
}

impl Dated for civil::Date {
    fn date(&self) -> Option<civil::Date> {
        Some(*self)
    }
}

impl<T: Dated> Dated for Option<T> {
    fn date(&self) -> Option<civil::Date> {
        self.as_ref().and_then(Dated::date)
    }
}

impl<T: Dated> Dated for Nullable<T> {
    fn date(&self) -> Option<civil::Date> {
        match self {
            Self::Null => None,
            Self::Value(value) => value.date(),
        }
    }
}

impl Wire for civil::Date {
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Wire for Timestamp {
    fn text(&self) -> Option<String> {
        Some(self.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }
}

impl<T: Wire> Wire for Option<T> {
    fn text(&self) -> Option<String> {
        self.as_ref().and_then(Wire::text)
    }
}

impl<T: Wire> Wire for Nullable<T> {
    fn text(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Value(value) => value.text(),
        }
    }
}

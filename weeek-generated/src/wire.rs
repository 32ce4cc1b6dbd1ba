//! Dates and instants as the API takes them in bodies: `2026-11-24` and `2026-11-24T09:30:00Z`, never a fraction of a second.

use jiff::{Timestamp, civil};
use serde::{Serialize, Serializer};

use crate::value::Nullable;

pub(crate) trait Wire {
    fn text(&self) -> Option<String>;
}

/// For `serialize_with`.
pub(crate) fn serialize<T: Wire, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.text().serialize(serializer)
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

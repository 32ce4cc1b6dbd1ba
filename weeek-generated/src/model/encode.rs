//! Writes values as request bodies need them: dates as `2026-11-24`, timestamps as `2026-11-24T09:30:00Z` without a fraction of a
//! second, and only finite numbers, because JSON would write the others as null, which clears a value.

use std::collections::BTreeMap;
use std::slice;

use jiff::{Timestamp, civil};
use serde::ser::{Error as _, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Nullable;
use super::dates::Dotted;
use super::property::Property;

/// A value of a request or a response, in the spelling of the API.
pub(crate) trait Encode {
    fn encode<S: Serializer>(&self, serializer: S, style: Style) -> Result<S::Ok, S::Error>;

    /// Whether an optional property with this value is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// How dates and timestamps are written.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    /// As requests need them.
    Sent,
    /// As requests need them, but dates as dd.mm.yyyy.
    Dotted,
    /// Exactly, so that a stored response is read again as it was: a timestamp keeps its fraction of a second.
    Stored,
}

/// Serializes a value by its [`Encode`].
pub(crate) struct Encoded<'v, T>(&'v T, Style);

impl<'v, T> Encoded<'v, T> {
    pub(crate) fn sent(value: &'v T) -> Self {
        Self(value, Style::Sent)
    }
}

impl<T: Encode> Serialize for Encoded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer, self.1)
    }
}

/// Writes an object property by property, until one fails.
pub(crate) struct ObjectWriter<M: SerializeMap> {
    map: Result<M, M::Error>,
    /// The properties of a response that are not written yet.
    rest: slice::Iter<'static, Property>,
}

impl<M: SerializeMap> ObjectWriter<M> {
    pub(crate) fn new<S: Serializer<SerializeMap = M, Ok = M::Ok, Error = M::Error>>(
        serializer: S,
        properties: &'static [Property],
    ) -> Self {
        Self { map: serializer.serialize_map(None), rest: properties.iter() }
    }

    /// Writes the next property of a response.
    pub(crate) fn next<T: Encode>(&mut self, value: &T) {
        if let Some(Property { key, is_required, .. }) = self.rest.next()
            && (*is_required || !value.is_absent())
        {
            self.write(|map| map.serialize_entry(key, &Encoded(value, Style::Stored)));
        }
    }

    /// Writes a property, unless it is optional and absent.
    pub(crate) fn property<T: Encode>(&mut self, key: &'static str, value: &T, is_required: bool) {
        if is_required || !value.is_absent() {
            self.write(|map| map.serialize_entry(key, &Encoded::sent(value)));
        }
    }

    pub(crate) fn entries(&mut self, entries: &impl EncodeEntries) {
        self.write(|map| entries.encode_entries(map));
    }

    fn write(&mut self, write: impl FnOnce(&mut M) -> Result<(), M::Error>) {
        if let Ok(map) = &mut self.map
            && let Err(error) = write(map)
        {
            self.map = Err(error);
        }
    }

    pub(crate) fn end(self) -> Result<M::Ok, M::Error> {
        self.map?.end()
    }
}

/// A date, or what may be null or absent in its place, that is written as dd.mm.yyyy.
pub(crate) struct DottedDate<'v, T>(pub(crate) &'v T);

impl<T: Encode> Encode for DottedDate<'_, T> {
    fn encode<S: Serializer>(&self, serializer: S, _: Style) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer, Style::Dotted)
    }

    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }
}

/// Some properties of an object, such as those of an exclusive choice.
pub(crate) trait EncodeEntries {
    fn encode_entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

impl<T: EncodeEntries> EncodeEntries for Option<T> {
    fn encode_entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.as_ref().map_or(Ok(()), |entries| entries.encode_entries(map))
    }
}

macro_rules! impl_encode_by_serde {
    ($($ty:ty),+) => {$(
        impl Encode for $ty {
            fn encode<S: Serializer>(&self, serializer: S, _: Style) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }
    )+};
}

impl_encode_by_serde!(bool, i64, String, Value);

impl Encode for f64 {
    fn encode<S: Serializer>(&self, serializer: S, _: Style) -> Result<S::Ok, S::Error> {
        if self.is_finite() { serializer.serialize_f64(*self) } else { Err(S::Error::custom("not a finite number")) }
    }
}

impl Encode for civil::Date {
    fn encode<S: Serializer>(&self, serializer: S, style: Style) -> Result<S::Ok, S::Error> {
        match style {
            Style::Dotted => serializer.collect_str(&Dotted(*self)),
            Style::Sent | Style::Stored => serializer.collect_str(self),
        }
    }
}

impl Encode for Timestamp {
    fn encode<S: Serializer>(&self, serializer: S, style: Style) -> Result<S::Ok, S::Error> {
        match style {
            Style::Stored => serializer.collect_str(self),
            Style::Sent | Style::Dotted => serializer.collect_str(&self.strftime("%Y-%m-%dT%H:%M:%SZ")),
        }
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode<S: Serializer>(&self, serializer: S, style: Style) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|value| Encoded(value, style)))
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode<S: Serializer>(&self, serializer: S, style: Style) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.encode(serializer, style),
            None => serializer.serialize_none(),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// A type that contains itself.
impl<T: Encode> Encode for Box<T> {
    fn encode<S: Serializer>(&self, serializer: S, style: Style) -> Result<S::Ok, S::Error> {
        T::encode(self, serializer, style)
    }
}

impl<T: Encode> Encode for Nullable<T> {
    fn encode<S: Serializer>(&self, serializer: S, style: Style) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.encode(serializer, style),
        }
    }
}

impl<K: Serialize, V: Encode> Encode for BTreeMap<K, V> {
    fn encode<S: Serializer>(&self, serializer: S, style: Style) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Encoded(value, style))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: &impl Encode) -> Result<String, String> {
        serde_json::to_string(&Encoded::sent(value)).map_err(|error| error.to_string())
    }

    #[test]
    fn values_are_written_as_the_api_reads_them() {
        assert_eq!(json(&civil::date(2026, 1, 2)).unwrap(), "\"2026-01-02\"");
        assert_eq!(
            json(&"2026-01-02T03:04:05.678+02:00".parse::<Timestamp>().unwrap()).unwrap(),
            "\"2026-01-02T01:04:05Z\""
        );
        let precise = vec![Some("2026-01-02T03:04:05.678Z".parse::<Timestamp>().unwrap())];
        let stored = serde_json::to_string(&Encoded(&precise, Style::Stored));
        assert_eq!(stored.unwrap(), "[\"2026-01-02T03:04:05.678Z\"]");
        assert_eq!(json(&DottedDate(&Some(civil::date(2026, 1, 2)))).unwrap(), "\"02.01.2026\"");
        assert_eq!(json(&DottedDate(&Some(Nullable::<civil::Date>::Null))).unwrap(), "null");
        assert_eq!(json(&vec![Nullable::Value(1.5), Nullable::Null]).unwrap(), "[1.5,null]");
        assert_eq!(json(&BTreeMap::from([("a".to_owned(), None::<i64>)])).unwrap(), "{\"a\":null}");
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(json(&vec![Some(number)]), Err("not a finite number".to_owned()));
        }
    }
}

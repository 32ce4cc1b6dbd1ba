//! Properties of a response that this version does not know.

use serde::ser::SerializeMap;
use serde_json::{Map, Value};

use super::encode::EncodeEntries;

/// The unknown properties of an object. An object without any takes the space of a pointer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Extra(Option<Box<Map<String, Value>>>);

impl Extra {
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.0.as_ref()?.get(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|map| map.iter()).map(|(key, value)| (key.as_str(), value))
    }

    pub(crate) fn insert(&mut self, key: &str, value: Value) {
        self.0.get_or_insert_default().insert(key.to_owned(), value);
    }
}

impl EncodeEntries for Extra {
    fn encode_entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))
    }
}

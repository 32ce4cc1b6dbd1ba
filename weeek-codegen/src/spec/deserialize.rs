//! The tree as the input of serde.

use serde::de::value::{BorrowedStrDeserializer, Error, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::node::{Key, Node, Value};

/// Entries of a mapping.
pub(super) fn mapping<'de>(
    entries: impl Iterator<Item = &'de (Key, Node)>,
) -> MapDeserializer<'de, impl Iterator<Item = (BorrowedStrDeserializer<'de, Error>, Part<'de>)>, Error> {
    MapDeserializer::new(entries.map(|(key, node)| (BorrowedStrDeserializer::new(&key.name), Part(node))))
}

/// A part of the tree. Its strings are borrowed.
pub(super) struct Part<'de>(pub(super) &'de Node);

impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.0.value {
            Value::Sequence(items) => SeqDeserializer::new(items.iter().map(Part)).deserialize_any(visitor),
            Value::Mapping(entries) => mapping(entries.iter()).deserialize_any(visitor),
            Value::Scalar { text, .. } => match (self.0.boolean(), self.0.integer(), self.0.number()) {
                _ if self.0.is_null() => visitor.visit_unit(),
                (Some(boolean), ..) => visitor.visit_bool(boolean),
                (_, Some(integer), _) => visitor.visit_i64(integer),
                (.., Some(number)) => visitor.visit_f64(number),
                _ => visitor.visit_borrowed_str(text),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    /// A version is a string without quotes too.
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.text() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_string(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        BorrowedStrDeserializer::new(self.0.text().unwrap_or_default()).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Part<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;

    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::spec::load;

    /// `serde_yaml` is another parser of YAML, so the tree means what other tools read.
    #[test]
    fn another_parser_reads_the_same() {
        let scalars = "[~, null, yes, True, false, -7, +7, -0, 1.50, .5, 01.5, 1e3, 1_0, inf, '1', \"a\\tb\", 2026-01-31, 12:30, a b]\n";
        let blocks =
            "a: |\n  one\n\n  two\nb: >-\n  three\n  four\nc:\n- {d: [], e: {}}\n- plain\n  on two lines # comment\n";
        for text in [scalars, blocks, include_str!("../../../spec/openapi.yaml")] {
            let tree = load::tree(text, &mut Diagnostics::default()).unwrap();
            let ours = serde_yaml::Value::deserialize(Part(&tree)).unwrap();
            assert_eq!(ours, serde_yaml::from_str::<serde_yaml::Value>(text).unwrap());
        }
    }
}

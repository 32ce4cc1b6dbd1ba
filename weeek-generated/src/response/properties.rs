//! Reads an object of a request back: its properties are taken by name, and none may be left over.
//!
//! Unlike a response, a request has no place for what it does not know, so an unknown property is an error.

use serde::de::{Error, MapAccess};
use serde_json::value::RawValue;

use super::context::{Cx, Reading, Step};
use super::lenient::{Lenient, Read, read_raw};

/// The properties of an object that are not taken yet.
pub(crate) struct Properties<'c, 'de> {
    cx: Cx<'c>,
    rest: Vec<(String, &'de RawValue)>,
}

/// One property of several that exclude each other, or one group of them.
pub(crate) trait Choice: Sized {
    const KEYS: &'static [&'static str];

    /// Takes the first variant whose properties are there.
    fn variant<E: Error>(properties: &mut Properties<'_, '_>) -> Result<Option<Self>, E>;

    /// Takes the only variant, if there is one.
    fn from_properties<E: Error>(properties: &mut Properties<'_, '_>) -> Result<Option<Self>, E> {
        let variant = Self::variant(properties)?;
        if variant.is_some() {
            properties.check_rest(|key| Self::KEYS.contains(&key), "excluded by another property")?;
        }
        Ok(variant)
    }
}

impl<'c, 'de> Properties<'c, 'de> {
    pub(crate) fn read<A: MapAccess<'de>>(cx: Cx<'c>, mut map: A) -> Result<Self, A::Error> {
        let mut rest = Vec::new();
        while let Some(property) = map.next_entry()? {
            rest.push(property);
        }
        Ok(Self { cx, rest })
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.rest.iter().any(|(known, _)| known == key)
    }

    /// Takes a property that must be there.
    pub(crate) fn required<T: Lenient, E: Error>(&mut self, key: &'static str, is_dotted: bool) -> Result<T, E> {
        self.optional(key, is_dotted)?.ok_or_else(|| E::missing_field(key))
    }

    /// Takes a property, if it is there.
    pub(crate) fn optional<T: Lenient, E: Error>(
        &mut self,
        key: &'static str,
        is_dotted: bool,
    ) -> Result<Option<T>, E> {
        let Some(at) = self.rest.iter().position(|(known, _)| known == key) else { return Ok(None) };
        let (_, raw) = self.rest.remove(at);
        // In a request, a date may have to be dotted. Reports of it as a mismatch are dropped with this reading.
        let dotted = Reading::new(raw.get().as_bytes());
        self.cx.at(Step::Key(key), |cx| {
            let root = dotted.root();
            let cx = if is_dotted { root.cx() } else { cx };
            match read_raw::<T, E>(cx, raw)? {
                _ if self.has(key) => Err(E::duplicate_field(key)),
                Read::Value(value) => Ok(Some(value)),
                Read::Null if T::null().is_none() => {
                    Err(E::custom(format_args!("expected {}, found null", T::EXPECTED)))
                }
                Read::Null => Ok(T::null()),
                Read::Empty | Read::Misfit => Err(cx.error(T::EXPECTED)),
            }
        })
    }

    /// Checks that every property was taken.
    pub(crate) fn finish<E: Error>(self) -> Result<(), E> {
        self.check_rest(|_| true, "unknown property")
    }

    fn check_rest<E: Error>(&self, is_error: impl Fn(&str) -> bool, message: &str) -> Result<(), E> {
        match self.rest.iter().find(|(key, _)| is_error(key)) {
            Some((key, _)) => self.cx.at(Step::Unknown(key), |_| Err(E::custom(message))),
            None => Ok(()),
        }
    }
}

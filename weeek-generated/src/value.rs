//! Values of requests, and what ids and enumerations have in common.
//!
//! What the macros write is `#[inline]`: it is compiled where it is used, and not for the many types that a program never touches.

use serde::{Serialize, Serializer};

/// A value that can be null, where null means something: mostly «clear it».
///
/// Setters take `impl Into<Nullable<T>>`, so that `.amount(None)` and `.amount(12.5)` both work; a setter that is not
/// called leaves the property out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// Null.
    Null,
    /// A value.
    Value(T),
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<i32> for Nullable<i64> {
    fn from(value: i32) -> Self {
        Self::Value(value.into())
    }
}

impl From<i32> for Nullable<f64> {
    fn from(value: i32) -> Self {
        Self::Value(value.into())
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

/// Serde and conversions of an id that is a number.
macro_rules! integer_id {
    ($name:ident) => {
        impl $name {
            /// The number.
            #[inline]
            pub fn get(self) -> i64 {
                self.0
            }
        }
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl From<&$name> for $name {
            #[inline]
            fn from(id: &$name) -> Self {
                *id
            }
        }
        impl PartialEq<i64> for $name {
            #[inline]
            fn eq(&self, number: &i64) -> bool {
                self.0 == *number
            }
        }
        integer_id!($name, i64, i32, u32);
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.0)
            }
        }
        impl crate::tolerant::Tolerant for $name {
            fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                Ok(i64::maybe(deserializer)?.map(Self))
            }
        }
        deserialize_tolerantly!($name);
        query_value!($name);
    };
    ($name:ident, $($integer:ty),+) => {$(
        impl From<$integer> for $name {
            #[inline]
            fn from(id: $integer) -> Self {
                Self(id.into())
            }
        }
        impl From<$integer> for Nullable<$name> {
            #[inline]
            fn from(id: $integer) -> Self {
                Self::Value(id.into())
            }
        }
    )+};
}

/// Serde and conversions of an id that is a text.
macro_rules! text_id {
    ($name:ident) => {
        impl $name {
            /// The text.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<&$name> for $name {
            #[inline]
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }
        impl PartialEq<str> for $name {
            #[inline]
            fn eq(&self, text: &str) -> bool {
                self.0 == text
            }
        }
        impl PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, text: &&str) -> bool {
                self.0 == *text
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self(text)
            }
        }
        impl crate::tolerant::Tolerant for $name {
            fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                Ok(String::maybe(deserializer)?.filter(|text| !text.is_empty()).map(Self))
            }
        }
        text_conversions!($name);
        deserialize_tolerantly!($name);
        query_value!($name);
    };
}

/// Serde and conversions of an enumeration of texts that stays open.
macro_rules! text_enum {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $name {
            /// The value on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }

            #[inline]
            fn of(text: std::borrow::Cow<'_, str>) -> Self {
                match &*text {
                    $($text => Self::$variant,)+
                    _ => Self::Unknown(text.into_owned()),
                }
            }

        }
        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
        impl crate::tolerant::Tag for $name {
            #[inline]
            fn tag(&self) -> Option<&str> {
                Some(self.as_str())
            }
        }
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self::of(text.into())
            }
        }
        impl crate::tolerant::Tolerant for $name {
            fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                let value = crate::tolerant::text(deserializer)?.filter(|text| !text.is_empty()).map(Self::of);
                if let Some(Self::Unknown(_)) = value {
                    crate::drift::unknown(stringify!($name));
                }
                Ok(value)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        text_conversions!($name);
        deserialize_tolerantly!($name);
        query_value!($name);
    };
}

/// What ids and enumerations of texts have in common.
macro_rules! text_conversions {
    ($name:ident) => {
        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self::from(text.to_owned())
            }
        }
        impl From<&str> for Nullable<$name> {
            #[inline]
            fn from(text: &str) -> Self {
                Self::Value(text.into())
            }
        }
    };
}

/// Serde and conversions of an enumeration of integers that stays open.
macro_rules! integer_enum {
    ($name:ident { $($variant:ident = $integer:literal),+ $(,)? }) => {
        impl $name {
            /// The value on the wire.
            #[inline]
            pub fn get(self) -> i64 {
                match self {
                    $(Self::$variant => $integer,)+
                    Self::Unknown(integer) => integer,
                }
            }
        }
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.get(), f)
            }
        }
        impl From<i64> for $name {
            #[inline]
            fn from(integer: i64) -> Self {
                match integer {
                    $($integer => Self::$variant,)+
                    _ => Self::Unknown(integer),
                }
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.get())
            }
        }
        impl crate::tolerant::Tolerant for $name {
            fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                let value = i64::maybe(deserializer)?.map(Self::from);
                if let Some(Self::Unknown(_)) = value {
                    crate::drift::unknown(stringify!($name));
                }
                Ok(value)
            }
        }
        deserialize_tolerantly!($name);
        query_value!($name);
    };
}

macro_rules! query_value {
    ($name:ident) => {
        impl crate::query::QueryValue for $name {}
    };
}

macro_rules! deserialize_tolerantly {
    ($name:ident) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                tolerant(deserializer)
            }
        }
    };
}

/// An object that answers hold, in one of two forms: its fields and their keys, which of them are always there, and which are read
/// by a sibling; or an enumeration of objects told apart by a property.
macro_rules! received {
    (
        $name:ident { $($field:ident = $key:literal $($required:ident)?),* $(,)? }
        $($held:ident = $held_key:literal by $tag:ident),*
    ) => {
        impl crate::tolerant::Received for $name {
            #[allow(bindings_with_variant_name, reason = "a property can be named `key`")]
            fn read<'de, M: serde::de::MapAccess<'de>>(mut map: M) -> Result<Self, M::Error> {
                #[allow(non_camel_case_types, reason = "named like the fields they stand for")]
                enum Key {
                    $($field,)* $($held,)*
                    Unknown,
                }
                key!(Key { $($key => $field,)* $($held_key => $held,)* });
                $(let mut $field = None;)*
                $(let mut $held = None;)*
                while let Some(key) = map.next_key::<Key>()? {
                    // A field is never replaced: to drop what it held would take longer than to read it.
                    match key {
                        $(Key::$field if $field.is_none() => $field = Some(crate::tolerant::property(&mut map)?),)*
                        $(Key::$held if $held.is_none() => $held = map.next_value_seed(crate::tolerant::Hold)?,)*
                        _ => drop(map.next_value::<serde::de::IgnoredAny>()?),
                    }
                }
                $(let $field = crate::tolerant::present::<_, M::Error>($field, $key)?;)*
                $(let $held = crate::tolerant::by_tag($held, $held_key, &$tag);)*
                Ok(Self { $($field,)* $($held,)* })
            }
        }
        received!(@tolerant $name, &[$($(received!(@$required $key),)?)*]);
    };
    ($name:ident by $tag:literal { $($($value:literal)|+ => $variant:ident),+ $(,)? }) => {
        impl crate::tolerant::Received for $name {
            fn read<'de, M: serde::de::MapAccess<'de>>(map: M) -> Result<Self, M::Error> {
                let form = crate::tolerant::form(map)?;
                let known = match form.get($tag).and_then(serde_json::Value::as_str) {
                    $(Some($($value)|+) => crate::tolerant::read(&form).map(Self::$variant),)+
                    _ => None,
                };
                Ok(known.unwrap_or_else(|| Self::Unknown(crate::tolerant::unknown(stringify!($name), form))))
            }
        }
        received!(@tolerant $name, &[]);
    };
    (@required $key:literal) => { $key };
    (@tolerant $name:ident, $required:expr) => {
        impl crate::tolerant::Tolerant for $name {
            const REQUIRED: &'static [&'static str] = $required;

            fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                crate::tolerant::object(deserializer)
            }
        }
        deserialize_tolerantly!($name);
    };
}

/// A key of an object: which of the known ones it is.
macro_rules! key {
    ($name:ident { $($key:literal => $variant:ident),* $(,)? }) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Named;
                impl serde::de::Visitor<'_> for Named {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a key")
                    }

                    fn visit_str<E>(self, key: &str) -> Result<$name, E> {
                        Ok(match key {
                            $($key => $name::$variant,)*
                            _ => $name::Unknown,
                        })
                    }
                }
                deserializer.deserialize_str(Named)
            }
        }
    };
}

/// A value whose type is told by a sibling.
macro_rules! by_tag {
    ($name:ident { $($tag:literal => $variant:ident),+ $(,)? }) => {
        impl crate::tolerant::ByTag for $name {
            #[inline]
            fn read(tag: Option<&str>, value: &crate::tolerant::Held<'_>) -> Self {
                let known = match tag {
                    $(Some($tag) => value.read().map(Self::$variant),)+
                    _ => None,
                };
                known.unwrap_or_else(|| Self::Unknown(crate::tolerant::unknown(stringify!($name), value.json())))
            }
        }
    };
}

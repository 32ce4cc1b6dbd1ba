//! Enumerations that keep values which this version does not know.

use std::error::Error;
use std::fmt::{self, Display};

/// The error of a text that is neither the name of a value of an enumeration nor a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName(String);

impl UnknownName {
    pub(crate) fn new(text: &str, known: &[impl Display]) -> Self {
        let known = known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Self(format!("unknown value {text:?}; known are {known}, and any number"))
    }
}

impl Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for UnknownName {}

/// An enumeration of strings.
macro_rules! string_enum {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $($(#[$variant_about:meta])* $variant:ident = $text:literal),+ $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_about])* $variant,)+
            /// A value that this version does not know, kept unchanged.
            Unknown(String),
        }
        impl_string_enum!($name { $($variant = $text),+ });
    };
}

macro_rules! impl_string_enum {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $name {
            /// The values that this version knows.
            pub const VARIANTS: &'static [Self] = &[$(Self::$variant),+];

            /// The value as the API spells it.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }

            #[inline]
            fn known(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self::known(&text).unwrap_or(Self::Unknown(text))
            }
        }
        impl crate::response::tagged::Tag for $name {
            #[inline]
            fn tag(&self) -> Option<&str> {
                Some(self.as_str())
            }
        }
        impl crate::model::encode::Encode for $name {
            fn encode<S: serde::Serializer>(&self, serializer: S, _: crate::model::encode::Style) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl crate::response::lenient::Lenient for $name {
            const EXPECTED: &'static str = concat!("a known ", stringify!($name));

            #[inline]
            fn from_atom(cx: crate::response::context::Cx<'_>, atom: Atom<'_>) -> Read<Self> {
                crate::response::scalar::read_string(cx, Self::EXPECTED, atom, |text| {
                    Self::known(text).unwrap_or_else(|| {
                        cx.note(Self::EXPECTED, crate::response::context::UNKNOWN_VALUE);
                        Self::Unknown(text.to_owned())
                    })
                })
            }
        }
        impl_serialize!($name);
        impl_deserialize!($name);
        string_conversions!($name);
    };
}

/// An enumeration of integers.
macro_rules! integer_enum {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $($(#[$variant_about:meta])* $variant:ident = $integer:literal),+ $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_about])* $variant,)+
            /// A value that this version does not know, kept unchanged.
            Unknown(i64),
        }
        impl_integer_enum!($name { $($variant = $integer),+ });
    };
}

macro_rules! impl_integer_enum {
    ($name:ident { $($variant:ident = $integer:literal),+ $(,)? }) => {
        impl $name {
            /// The values that this version knows.
            pub const VARIANTS: &'static [Self] = &[$(Self::$variant),+];

            /// The value as the API spells it.
            #[inline]
            pub fn as_i64(self) -> i64 {
                match self {
                    $(Self::$variant => $integer,)+
                    Self::Unknown(integer) => integer,
                }
            }
        }
        /// The name; the number of a value that this version does not know.
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => f.pad(stringify!($variant)),)+
                    Self::Unknown(integer) => std::fmt::Display::fmt(integer, f),
                }
            }
        }
        /// Reads a name, in upper or lower case, or a number.
        impl std::str::FromStr for $name {
            type Err = crate::model::enums::UnknownName;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $(if text.eq_ignore_ascii_case(stringify!($variant)) {
                    return Ok(Self::$variant);
                })+
                let number = text.parse::<i64>().map(Self::from);
                number.map_err(|_| crate::model::enums::UnknownName::new(text, Self::VARIANTS))
            }
        }
        impl From<$name> for i64 {
            #[inline]
            fn from(value: $name) -> Self {
                value.as_i64()
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
        impl crate::model::encode::Encode for $name {
            fn encode<S: serde::Serializer>(&self, serializer: S, _: crate::model::encode::Style) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }
        impl crate::response::lenient::Lenient for $name {
            const EXPECTED: &'static str = concat!("a known ", stringify!($name));

            #[inline]
            fn from_atom(cx: crate::response::context::Cx<'_>, atom: Atom<'_>) -> Read<Self> {
                i64::from_atom(cx, atom).map(|integer| {
                    let value = Self::from(integer);
                    if let Self::Unknown(_) = value {
                        cx.note(Self::EXPECTED, crate::response::context::UNKNOWN_VALUE);
                    }
                    value
                })
            }
        }
        impl_serialize!($name);
        impl_deserialize!($name);
        impl crate::request::query::QueryValue for $name {
            #[inline]
            fn to_wire(&self) -> String {
                self.as_i64().to_string()
            }
        }
    };
}

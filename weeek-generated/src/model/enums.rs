//! Enumerations that keep values which this version does not know.

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
                f.write_str(self.as_str())
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
            fn encode<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.as_i64(), f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse::<i64>().map(Self::from)
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
            fn encode<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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
        impl crate::request::query::QueryValue for $name {}
    };
}

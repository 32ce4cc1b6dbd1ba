//! Ids: a number or a string with a type of its own.

/// An id that is a number.
macro_rules! integer_id {
    ($(#[$about:meta])* pub struct $name:ident(i64);) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);
        impl_integer_id!($name);
    };
}

macro_rules! impl_integer_id {
    ($name:ident) => {
        /// Integers that always fit convert to the id; a `u64` or a `usize` may not, so convert it with `i64::try_from` first.
        impl $name {
            /// The id as a number.
            #[inline]
            pub fn as_i64(self) -> i64 {
                self.0
            }
        }
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
        impl From<&$name> for $name {
            #[inline]
            fn from(id: &$name) -> Self {
                *id
            }
        }
        impl From<$name> for i64 {
            #[inline]
            fn from(id: $name) -> Self {
                id.0
            }
        }
        impl PartialEq<$name> for i64 {
            #[inline]
            fn eq(&self, id: &$name) -> bool {
                *self == id.0
            }
        }
        impl PartialEq<i64> for $name {
            #[inline]
            fn eq(&self, number: &i64) -> bool {
                self.0 == *number
            }
        }
        impl_integer_id!($name, i64, i32, u32);
        impl crate::model::encode::Encode for $name {
            fn encode<S: serde::Serializer>(&self, serializer: S, _: crate::model::encode::Style) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.0)
            }
        }
        impl crate::response::lenient::Lenient for $name {
            const EXPECTED: &'static str = "an integer";

            #[inline]
            fn from_atom(cx: crate::response::context::Cx<'_>, atom: Atom<'_>) -> Read<Self> {
                i64::from_atom(cx, atom).map(Self)
            }
        }
        impl_serialize!($name);
        impl_deserialize!($name);
        impl crate::request::query::QueryValue for $name {}
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

/// An id that is a string.
macro_rules! string_id {
    ($(#[$about:meta])* pub struct $name:ident(String);) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);
        impl_string_id!($name);
    };
}

macro_rules! impl_string_id {
    ($name:ident) => {
        impl $name {
            /// The id as a string.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
        impl From<&$name> for $name {
            #[inline]
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }
        impl From<$name> for String {
            #[inline]
            fn from(id: $name) -> Self {
                id.0
            }
        }
        impl std::borrow::Borrow<str> for $name {
            #[inline]
            fn borrow(&self) -> &str {
                &self.0
            }
        }
        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self(text)
            }
        }
        impl crate::model::encode::Encode for $name {
            fn encode<S: serde::Serializer>(
                &self,
                serializer: S,
                _: crate::model::encode::Style,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl crate::response::lenient::Lenient for $name {
            const EXPECTED: &'static str = "an id";

            #[inline]
            fn from_atom(cx: crate::response::context::Cx<'_>, atom: Atom<'_>) -> Read<Self> {
                crate::response::scalar::read_string(cx, Self::EXPECTED, atom, |text| Self(text.to_owned()))
            }
        }
        impl_serialize!($name);
        impl_deserialize!($name);
        string_conversions!($name);
    };
}

/// What string ids and string enumerations have in common.
macro_rules! string_conversions {
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
        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }
        impl From<&String> for $name {
            #[inline]
            fn from(text: &String) -> Self {
                Self::from(text.as_str())
            }
        }
        impl PartialEq<str> for $name {
            #[inline]
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }
        impl PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }
        impl PartialEq<String> for $name {
            #[inline]
            fn eq(&self, text: &String) -> bool {
                self.as_str() == text
            }
        }
        impl PartialEq<$name> for str {
            #[inline]
            fn eq(&self, value: &$name) -> bool {
                self == value.as_str()
            }
        }
        impl PartialEq<$name> for &str {
            #[inline]
            fn eq(&self, value: &$name) -> bool {
                *self == value.as_str()
            }
        }
        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
        impl crate::request::query::QueryValue for $name {}
    };
}

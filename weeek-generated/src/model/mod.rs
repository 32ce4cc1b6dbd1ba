//! What ids, enumerations and objects have in common.
//!
//! The macros write `#[inline]` functions: these are compiled where they are used, and not for the many types that a program never
//! touches.

pub(crate) mod dates;
pub(crate) mod encode;
#[macro_use]
pub(crate) mod enums;
#[cfg(feature = "testing")]
pub(crate) mod example;
pub(crate) mod extra;
pub(crate) mod filter;
#[macro_use]
mod ids;
pub(crate) mod property;
#[macro_use]
mod request_objects;
#[macro_use]
mod response_objects;

/// A value that can be null, where null has a meaning of its own: mostly "clear it".
///
/// Setters take `impl Into<Nullable<T>>`, so `.amount(None)` and `.amount(12.5)` both work. A setter that is not called leaves the
/// property out. `.amount(text.parse().ok())` clears the amount if the text is not a number.
///
/// Of the options, only `Option<T>` itself converts: with others, `None` alone would have no type.
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

impl From<&String> for Nullable<String> {
    fn from(value: &String) -> Self {
        Self::Value(value.to_owned())
    }
}

impl From<u32> for Nullable<i64> {
    fn from(value: u32) -> Self {
        Self::Value(value.into())
    }
}

impl From<u32> for Nullable<f64> {
    fn from(value: u32) -> Self {
        Self::Value(value.into())
    }
}

impl From<f32> for Nullable<f64> {
    fn from(value: f32) -> Self {
        Self::Value(value.into())
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

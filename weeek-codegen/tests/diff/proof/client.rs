//! The runtime of the client as its callers and the generated code see it, with nothing behind: signatures are those of
//! `weeek-generated/src`, bodies are missing. The generated code is compiled into it as it is, and so are the tables of
//! `weeek-generated/src/model`; what they implement is replaced by the macros below.

/// Stands for every body: callers are compiled against this file, and nothing of it is ever run.
fn never_run() -> ! {
    panic!("the stand-in is compiled and never run")
}

#[macro_use]
mod ids;
#[macro_use]
mod enums;
#[macro_use]
mod request_objects;
#[macro_use]
mod response_objects;
mod filter;

extern crate self as jiff;
extern crate self as serde;
extern crate self as serde_json;

use std::fmt::Display;
use std::marker::PhantomData;

pub trait Serialize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}
pub trait Serializer {
    type Ok;
    type Error;
}
pub trait Deserialize<'de>: Sized {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}
pub trait Deserializer<'de> {
    type Error;
}

macro_rules! plain {
    ($($ty:ty),+) => {$(
        written!($ty);
        read!($ty);
        impl QueryValue for $ty {}
    )+};
}
macro_rules! written_and_read {
    ($ty:ty) => {
        written!($ty);
        read!($ty);
    };
}
macro_rules! written {
    ($ty:ty) => {
        impl Serialize for $ty {
            fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> { crate::never_run() }
        }
        impl Encode for $ty {}
    };
}
macro_rules! read {
    ($ty:ty) => {
        impl<'de> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> { crate::never_run() }
        }
    };
}
plain!(bool, i64, f64, String, civil::Date, Timestamp, Value);

pub(crate) trait Encode {}
impl<T: Encode> Encode for Option<T> {}
impl<T: Encode> Encode for Vec<T> {}
impl<T: Encode> Encode for Nullable<T> {}

pub mod civil {
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Date;
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp;
#[derive(Clone, Debug, PartialEq)]
pub struct Value;
impl Value {
    pub fn get(&self, _: &str) -> Option<&Self> { crate::never_run() }
    pub fn as_str(&self) -> Option<&str> { crate::never_run() }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    Null,
    Value(T),
}
impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self { Self::Value(value) }
}
impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self { value.map_or(Self::Null, Self::Value) }
}
impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self { Self::Value(value.to_owned()) }
}
impl From<&String> for Nullable<String> {
    fn from(value: &String) -> Self { Self::Value(value.to_owned()) }
}
impl From<u32> for Nullable<i64> {
    fn from(value: u32) -> Self { Self::Value(value.into()) }
}
impl From<f32> for Nullable<f64> {
    fn from(value: f32) -> Self { Self::Value(value.into()) }
}
impl From<u32> for Nullable<f64> {
    fn from(value: u32) -> Self { Self::Value(value.into()) }
}
impl From<i32> for Nullable<i64> {
    fn from(value: i32) -> Self { Self::Value(value.into()) }
}
impl From<i32> for Nullable<f64> {
    fn from(value: i32) -> Self { Self::Value(value.into()) }
}
#[derive(Debug)]
pub(crate) struct Transport;
#[derive(Debug)]
pub struct Client(Transport);
impl Client {
    pub(crate) fn transport(&self) -> &Transport { &self.0 }
}
#[must_use]
pub struct Call<T>(PhantomData<T>);
impl<T> Call<T> {
    /// Stands for sending it: what a caller has in hand afterwards.
    pub fn response(self) -> T { crate::never_run() }
}
impl<T> Call<Page<T>> {
    pub(crate) fn items(self) -> Items<T> { Items(PhantomData) }
}
#[non_exhaustive]
pub struct Page<T> {
    pub items: Vec<T>,
    pub has_more: bool,
}
pub struct Items<T>(PhantomData<T>);
impl<T> Items<T> {
    pub fn item(&mut self) -> T { crate::never_run() }
}
pub struct Upload;

pub struct Operation;
pub struct Request;
pub(crate) struct RequestBuilder;
impl Request {
    pub(crate) fn new(_: &'static Operation) -> RequestBuilder { RequestBuilder }
}
impl RequestBuilder {
    pub(crate) fn id<I: Display>(self, _: impl Into<I>) -> Self { self }
    pub(crate) fn query(self, _: &impl Query) -> Self { self }
    pub(crate) fn query_param(self, _: &'static str, _: &impl QueryValue) -> Self { self }
    pub(crate) fn json(self, _: &impl Serialize) -> Self { self }
    pub(crate) fn property(self, _: &'static str, _: &impl Encode) -> Self { self }
    pub(crate) fn files(self, _: &'static str, _: impl IntoIterator<Item = Upload>) -> Self { self }
    pub(crate) fn unit(self, _: &Transport) -> Call<()> { Call(PhantomData) }
    pub(crate) fn item<T>(self, _: &Transport) -> Call<T> { Call(PhantomData) }
    pub(crate) fn optional_item<T>(self, _: &Transport) -> Call<Option<T>> { Call(PhantomData) }
    pub(crate) fn page<T>(self, _: &Transport) -> Call<Page<T>> { Call(PhantomData) }
    pub(crate) fn body<T>(self, _: &Transport) -> Call<T> { Call(PhantomData) }
}

pub(crate) trait Query {
    fn write(&self, pairs: &mut QueryPairs);
}
pub(crate) trait QueryValue {}
pub(crate) struct Dotted(pub(crate) civil::Date);
impl QueryValue for Dotted {}
pub(crate) struct QueryPairs;
impl QueryPairs {
    pub(crate) fn push(&mut self, _: &'static str, _: &impl QueryValue) {}
    pub(crate) fn push_list(&mut self, _: &'static str, _: &[impl QueryValue]) {}
    pub(crate) fn push_objects(&mut self, _: &'static str, _: &[impl Serialize]) {}
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Extra;

macro_rules! impl_integer_id {
    ($name:ident) => {
        impl $name {
            pub fn as_i64(self) -> i64 { self.0 }
        }
        impl From<&$name> for $name {
            fn from(id: &$name) -> Self { *id }
        }
        impl From<$name> for i64 {
            fn from(id: $name) -> Self { id.0 }
        }
        impl_integer_id!($name, i64, i32, u32);
        value!($name);
    };
    ($name:ident, $($integer:ty),+) => {$(
        impl From<$integer> for $name {
            fn from(id: $integer) -> Self { Self(id.into()) }
        }
        impl From<$integer> for Nullable<$name> {
            fn from(id: $integer) -> Self { Self::Value(id.into()) }
        }
    )+};
}
macro_rules! impl_string_id {
    ($name:ident) => {
        impl $name {
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl From<&$name> for $name {
            fn from(id: &$name) -> Self { id.clone() }
        }
        impl From<$name> for String {
            fn from(id: $name) -> Self { id.0 }
        }
        impl From<String> for $name {
            fn from(text: String) -> Self { Self(text) }
        }
        string_conversions!($name);
    };
}
macro_rules! impl_string_enum {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $name {
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str { self.as_str() }
        }
        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Unknown(text),
                }
            }
        }
        string_conversions!($name);
    };
}
macro_rules! string_conversions {
    ($name:ident) => {
        impl From<&str> for $name {
            fn from(text: &str) -> Self { Self::from(text.to_owned()) }
        }
        impl From<&String> for $name {
            fn from(text: &String) -> Self { Self::from(text.to_owned()) }
        }
        impl From<&str> for Nullable<$name> {
            fn from(text: &str) -> Self { Self::Value(text.into()) }
        }
        value!($name);
    };
}
macro_rules! impl_integer_enum {
    ($name:ident { $($variant:ident = $integer:literal),+ $(,)? }) => {
        impl $name {
            pub fn as_i64(self) -> i64 {
                match self {
                    $(Self::$variant => $integer,)+
                    Self::Unknown(integer) => integer,
                }
            }
        }
        impl From<i64> for $name {
            fn from(integer: i64) -> Self {
                match integer {
                    $($integer => Self::$variant,)+
                    _ => Self::Unknown(integer),
                }
            }
        }
        value!($name);
    };
}
macro_rules! value {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { crate::never_run() }
        }
        plain!($name);
    };
}
macro_rules! operations {
    ($($name:ident = $id:literal $method:ident($path:literal, $evidence:ident) $($fact:ident $(($($value:expr),*))?)*),* $(,)?) => {
        $(static $name: Operation = Operation;)*
        pub(crate) static OPERATIONS: &[&Operation] = &[$(&$name),*];
    };
}
macro_rules! impl_response_object {
    ($name:ident $($table:tt)*) => {
        written_and_read!($name);
    };
}
macro_rules! impl_tagged_object {
    ($name:ident $($table:tt)*) => {
        written_and_read!($name);
    };
}
macro_rules! impl_request_object {
    ($name:ident $($table:tt)*) => {
        written_and_read!($name);
    };
}
macro_rules! impl_exclusive_object {
    ($name:ident $($table:tt)*) => {
        written_and_read!($name);
    };
}
macro_rules! impl_tagged_by_sibling {
    ($name:ident $($table:tt)*) => {
        written_and_read!($name);
    };
}
macro_rules! example {
    ($name:ident) => {};
}
macro_rules! impl_map_object {
    ($name:ident) => {
        written_and_read!($name);
    };
}

mod prelude {
    pub(crate) use std::borrow::Borrow;

    pub(crate) use crate::{
        Call, Client, Deserialize, Deserializer, Dotted, Encode, Extra, Filter, Items, Nullable, Operation, Page, Query, QueryPairs,
        QueryValue, Request, Serialize, Serializer, Transport, Upload,
    };
}

pub use filter::Filter;
mod generated;
pub use generated::{endpoints, models};

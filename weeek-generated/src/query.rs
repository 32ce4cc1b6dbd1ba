//! Query strings as the API reads them.

use std::borrow::Cow;
use std::fmt::Display;

use jiff::{Timestamp, civil};
use serde::Serialize;

/// The optional parameters of a list.
pub(crate) trait Query {
    fn write(&self, pairs: &mut Pairs);
}

/// Names and values, not yet encoded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pairs(Vec<(Cow<'static, str>, String)>);

/// A value as text; booleans are 0 and 1.
pub(crate) trait QueryValue: Display {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl QueryValue for bool {
    fn text(&self) -> String {
        u8::from(*self).to_string()
    }
}

macro_rules! displayed {
    ($($ty:ty),+) => {$(
        impl QueryValue for $ty {}
    )+};
}

displayed!(i64, usize, f64, String, Dotted, civil::Date, Timestamp);

/// A date as the filters of lists take it: dd.mm.yyyy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dotted(pub(crate) civil::Date);

impl Display for Dotted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}.{:02}.{:04}", self.0.day(), self.0.month(), self.0.year())
    }
}

impl Pairs {
    pub(crate) fn set(&mut self, name: &'static str, value: &impl QueryValue) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.into(), value.text()));
    }

    pub(crate) fn add(&mut self, name: String, value: String) {
        self.0.push((name.into(), value));
    }

    pub(crate) fn optional(&mut self, name: &'static str, value: Option<&impl QueryValue>) {
        if let Some(value) = value {
            self.0.push((name.into(), value.text()));
        }
    }

    pub(crate) fn list(&mut self, name: &'static str, values: &[impl QueryValue]) {
        self.0.extend(values.iter().map(|value| (name.into(), value.text())));
    }

    /// `name[0][key]=value`, the way PHP writes a list of objects.
    pub(crate) fn objects(&mut self, name: &'static str, values: &[impl Serialize]) {
        for (at, value) in values.iter().enumerate() {
            let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(value) else { continue };
            for (key, value) in fields {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.0.push((format!("{name}[{at}][{key}]").into(), text));
            }
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_str()))
    }
}

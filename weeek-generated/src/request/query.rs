//! Writes query strings as the API reads them.

use std::borrow::Cow;
use std::fmt::Display;

use jiff::{Timestamp, civil};

use super::path;
use crate::model::dates::Dotted;
use crate::model::encode::{Encode, Encoded};

/// The optional parameters of a list.
pub(crate) trait Query {
    fn write(&self, pairs: &mut QueryPairs);
}

/// Names and values, not yet encoded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct QueryPairs {
    pairs: Vec<(Cow<'static, str>, String)>,
    error: Option<String>,
}

/// A value of a query parameter; booleans are 0 and 1.
pub(crate) trait QueryValue: Display {
    fn to_wire(&self) -> String {
        self.to_string()
    }

    /// Whether the value can be written. NaN and the infinities cannot.
    fn is_valid(&self) -> bool {
        true
    }
}

impl QueryValue for bool {
    fn to_wire(&self) -> String {
        u8::from(*self).to_string()
    }
}

impl QueryValue for f64 {
    fn is_valid(&self) -> bool {
        self.is_finite()
    }
}

macro_rules! impl_query_value {
    ($($ty:ty),+) => {$(
        impl QueryValue for $ty {}
    )+};
}

impl_query_value!(i64, usize, String, Dotted, civil::Date, Timestamp);

impl QueryPairs {
    /// Sets a parameter. Only one whose name ends in `[]` can occur several times.
    pub(crate) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: String) {
        let name = name.into();
        if !name.ends_with("[]") {
            self.pairs.retain(|(known, _)| *known != name);
        }
        self.pairs.push((name, value));
    }

    pub(crate) fn push_list(&mut self, name: &'static str, values: &[impl QueryValue]) {
        values.iter().for_each(|value| self.push(name, value));
    }

    /// `name[0][key]=value`, the way PHP writes a list of objects.
    pub(crate) fn push_objects(&mut self, name: &'static str, values: &[impl Encode]) {
        for (at, value) in values.iter().enumerate() {
            match serde_json::to_value(Encoded::sent(value)) {
                Ok(serde_json::Value::Object(fields)) => {
                    for (key, value) in fields {
                        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                        self.pairs.push((format!("{name}[{at}][{key}]").into(), text));
                    }
                }
                Ok(_) => {}
                Err(error) => self.error = Some(format!("cannot write {name}: {error}")),
            }
        }
    }

    pub(crate) fn push(&mut self, name: &'static str, value: &impl QueryValue) {
        if !value.is_valid() {
            self.error = Some(format!("{name} is not a finite number"));
        }
        self.pairs.push((name.into(), value.to_wire()));
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The query string; empty if there are no parameters. Brackets are part of the names and stay readable.
    pub(crate) fn encode(&self) -> String {
        let mut out = String::new();
        for (name, value) in &self.pairs {
            if !out.is_empty() {
                out.push('&');
            }
            for part in name.split_inclusive(['[', ']']) {
                let word = part.trim_end_matches(['[', ']']);
                path::encode(&mut out, word);
                out.push_str(&part[word.len()..]);
            }
            out.push('=');
            path::encode(&mut out, value);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_the_api_reads_them() {
        let mut pairs = QueryPairs::default();
        pairs.push("completed", &true);
        pairs.push_list("tags[]", &[3_i64, 4]);
        pairs.push("day", &Dotted(civil::date(2026, 1, 2)));
        pairs.push_objects("customFields", &[serde_json::json!({"id": "a&b", "value": 1})]);
        pairs.set("completed", false.to_wire());
        pairs.set("new[]", 1.to_string());
        pairs.set("new[]", 2.to_string());
        assert_eq!(
            pairs.encode(),
            "tags[]=3&tags[]=4&day=02.01.2026&customFields[0][id]=a%26b&customFields[0][value]=1&completed=0&new[]=1&new[]=2"
        );
        assert_eq!(pairs.error(), None);
        pairs.push("amount", &f64::NAN);
        assert_eq!(pairs.error(), Some("amount is not a finite number"));
    }
}

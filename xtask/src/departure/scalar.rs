//! What single values are: their kinds, forms and limits.

use serde_json::Value;

use crate::document::Document;
use crate::form::{is_date, is_email, is_instant, is_keyword, is_url, is_uuid};

pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        _ if is_too_large(value) => "an integer of more than 63 bits",
        Value::Number(number) if number.is_i64() => "an integer",
        Value::Number(_) => "a number",
        Value::String(text) if text.is_empty() => "an empty text",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value of an enumeration that can be shown: what is no keyword may be what somebody typed.
pub(super) fn keyword(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if is_keyword(&text) { text } else { String::new() }
}

pub(super) fn says_no(flag: &Value) -> bool {
    match flag {
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text == "0" || text == "false",
        _ => false,
    }
}

/// No type of the client holds such a number.
fn is_too_large(value: &Value) -> bool {
    value.is_u64() && !value.is_i64()
}

/// An empty id is none.
pub(super) fn reads_text(value: &Value, is_id: bool) -> bool {
    match value {
        Value::Array(_) | Value::Object(_) => false,
        Value::String(text) => !is_id || !text.is_empty(),
        _ => !is_too_large(value),
    }
}

pub(super) fn reads_boolean(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => number.is_i64(),
        Value::String(text) => matches!(text.as_str(), "0" | "1" | "true" | "false"),
        _ => false,
    }
}

pub(super) fn reads_integer(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => {
            let whole = |number: f64| number.fract() == 0.0 && number.abs() < 9.0e15;
            number.as_i64().is_some() || (number.is_f64() && number.as_f64().is_some_and(whole))
        }
        Value::String(text) => text.parse::<i64>().is_ok(),
        _ => false,
    }
}

pub(super) fn reads_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => !is_too_large(value),
        Value::String(text) => text.parse::<f64>().is_ok_and(f64::is_finite),
        _ => false,
    }
}

/// The form that a text fails to have.
pub(super) fn departs_from(format: &str, text: &str) -> Option<&'static str> {
    let (form, fits) = match format {
        "date" => ("yyyy-mm-dd", is_date(text)),
        "date-time" => ("yyyy-mm-ddThh:mm:ssZ", is_instant(text)),
        "uuid" => ("of a UUID", is_uuid(text)),
        "uri" => ("https://…", is_url(text)),
        "email" => ("of an email address", is_email(text)),
        _ => return None,
    };
    (!fits).then_some(form)
}

/// The limits of the schema at `target` that a value of its type is outside of, by their keywords.
pub(super) fn exceeded(document: &Document, target: &str, value: &Value) -> Vec<&'static str> {
    let node = document.at(target);
    let count = |keyword: &str| node[keyword].as_u64().and_then(|count| usize::try_from(count).ok());
    let is_short = |keyword: &str, length: usize| count(keyword).is_some_and(|least| length < least);
    let is_long = |keyword: &str, length: usize| count(keyword).is_some_and(|most| length > most);
    let limits = match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            let [above, below] = ["exclusiveMinimum", "exclusiveMaximum"].map(|keyword| node[keyword] == true);
            let is_low = |least| if above { number <= least } else { number < least };
            let is_high = |most| if below { number >= most } else { number > most };
            vec![
                ("minimum", node["minimum"].as_f64().is_some_and(is_low)),
                ("maximum", node["maximum"].as_f64().is_some_and(is_high)),
            ]
        }
        Value::String(text) => {
            let length = text.chars().count();
            vec![
                ("minLength", is_short("minLength", length)),
                ("maxLength", is_long("maxLength", length)),
                ("pattern", node["pattern"].as_str().is_some_and(|pattern| !document.matches(pattern, text))),
            ]
        }
        Value::Array(items) => {
            let repeats = || items.iter().enumerate().any(|(at, item)| items[..at].contains(item));
            vec![
                ("minItems", is_short("minItems", items.len())),
                ("maxItems", is_long("maxItems", items.len())),
                ("uniqueItems", node["uniqueItems"] == true && repeats()),
            ]
        }
        _ => Vec::new(),
    };
    limits.into_iter().filter(|(_, is_exceeded)| *is_exceeded).map(|(keyword, _)| keyword).collect()
}

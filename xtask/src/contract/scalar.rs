//! The kinds, formats and bounds of single values, and what they show.

use serde_json::{Map, Value};

use super::spec::Spec;
use crate::text_formats::{is_date, is_email, is_keyword, is_timestamp, is_url, is_uuid};

pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        _ if is_too_large(value) => "an integer of more than 63 bits",
        Value::Number(number) if number.is_i64() => "an integer",
        Value::Number(_) => "a number",
        Value::String(text) if text.is_empty() => "an empty string",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// An enum value that can be shown; one that is not a keyword may be private, and is empty.
pub(super) fn keyword(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if is_keyword(&text) { text } else { String::new() }
}

pub(super) fn is_failure_flag(flag: &Value) -> bool {
    match flag {
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => matches!(text.as_str(), "0" | "false" | "no"),
        _ => false,
    }
}

/// Whether the number exceeds every integer type of the client.
fn is_too_large(value: &Value) -> bool {
    value.is_u64() && !value.is_i64()
}

/// Whether the client reads a value as a string. A boolean and an empty string are no ids; the digits of a number have to be certain.
pub(super) fn reads_string(value: &Value, is_id: bool) -> bool {
    match value {
        Value::Array(_) | Value::Object(_) | Value::Null => false,
        Value::String(text) => !is_id || !text.is_empty(),
        Value::Bool(_) => !is_id,
        Value::Number(number) => {
            !number.is_f64() || number.as_f64().is_some_and(|number| number.fract() != 0.0 || is_exact(number))
        }
    }
}

pub(super) fn reads_boolean(value: &Value) -> bool {
    let is_flag = matches!(to_integer(value), Some(0 | 1));
    is_flag || matches!(value, Value::Bool(_)) || matches!(value.as_str(), Some("true" | "false"))
}

pub(super) fn reads_integer(value: &Value) -> bool {
    to_integer(value).is_some()
}

pub(super) fn reads_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::String(text) => to_number(text).is_some(),
        _ => false,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the number is whole and in range")]
fn to_integer(value: &Value) -> Option<i64> {
    let whole = |number: f64| is_exact(number).then_some(number as i64);
    match value {
        Value::Number(number) if number.is_f64() => whole(number.as_f64()?),
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok().or_else(|| whole(to_number(text)?)),
        _ => None,
    }
}

fn to_number(text: &str) -> Option<f64> {
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit() || b".-+eE".contains(&byte));
    text.parse().ok().filter(|number: &f64| is_decimal && number.is_finite())
}

/// Whether a double is a whole number that it holds to the last digit.
fn is_exact(number: f64) -> bool {
    number.fract() == 0.0 && number.abs() < 9.0e15
}

/// The format that a string should have but does not.
pub(super) fn violated_format(format: &str, text: &str) -> Option<&'static str> {
    let (shape, fits) = match format {
        "date" => ("yyyy-mm-dd", is_date(text)),
        "date-time" => ("yyyy-mm-ddThh:mm:ssZ", is_timestamp(text)),
        "uuid" => ("a UUID", is_uuid(text)),
        "uri" => ("https://…", is_url(text)),
        "email" => ("an email address", is_email(text)),
        _ => return None,
    };
    (!fits).then_some(shape)
}

/// The keywords of the bounds at `target` that a value of the right type violates.
pub(super) fn violated_bounds(spec: &Spec, target: &str, value: &Value) -> Vec<&'static str> {
    let node = spec.at(target);
    let count = |keyword: &str| node[keyword].as_u64().and_then(|count| usize::try_from(count).ok());
    let is_short = |keyword: &str, length: usize| count(keyword).is_some_and(|least| length < least);
    let is_long = |keyword: &str, length: usize| count(keyword).is_some_and(|most| length > most);
    let bounds = match value {
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
                ("pattern", node["pattern"].as_str().is_some_and(|pattern| !spec.matches(pattern, text))),
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
    bounds.into_iter().filter(|(_, is_violated)| *is_violated).map(|(keyword, _)| keyword).collect()
}

/// Whether a value shows a fact. An object needs all of its properties, and one value does not show an enumeration.
pub(super) fn shows(node: &Value, value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty() && node.get("enum").is_none(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(object) => {
            let mut declared = node["properties"].as_object().into_iter().flat_map(Map::keys);
            !object.is_empty() && declared.all(|name| object.contains_key(name))
        }
        _ => node.get("enum").is_none(),
    }
}

/// Whether an array of names contains a name.
pub(super) fn contains(names: &Value, name: &str) -> bool {
    names.as_array().is_some_and(|names| names.iter().any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn empty_and_partial_values_show_nothing() {
        let object = json!({"type": "object", "properties": {"a": {}, "b": {}}});
        let (choice, any) = (json!({"enum": ["x", 1]}), json!({}));
        for (node, value) in
            [(&object, json!({"a": 1, "b": null})), (&any, json!("x")), (&any, json!(0)), (&any, json!([0]))]
        {
            assert!(shows(node, &value), "{value}");
        }
        for (node, value) in [
            (&object, json!({"a": 1})),
            (&object, json!({})),
            (&object, json!(null)),
            (&any, json!("")),
            (&any, json!([])),
            (&choice, json!("x")),
            (&choice, json!(1)),
        ] {
            assert!(!shows(node, &value), "{value}");
        }
    }
}

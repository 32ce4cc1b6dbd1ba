//! The document's schemas, stricter than they are: a misspelt name would pass a schema that allows any other.

use serde_json::{Map, Value};

/// How much of a value has to be declared, and how much of what is declared has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rigour {
    /// Names that the schema doesn't know are faults.
    Closed,
    /// Missing properties are faults too, whether required or not.
    Whole,
}

/// The JSON Schema of `schema`, made stricter.
pub(crate) fn json_schema(schema: &Value, rigour: Rigour) -> Value {
    xtask::schema::json_schema(schema, &|keys, out| {
        keys.keys().for_each(|key| assert!(is_translated(key), "`{key}` has no translation"));
        close(keys, out, rigour);
    })
}

/// Whether the key is a constraint that the translation keeps, or nothing that a validator would look at.
fn is_translated(key: &str) -> bool {
    let constraints = [
        "$ref",
        "type",
        "format",
        "enum",
        "required",
        "pattern",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "uniqueItems",
        "properties",
        "allOf",
        "oneOf",
        "anyOf",
        "items",
        "additionalProperties",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "nullable",
    ];
    let words = ["title", "description", "example", "default", "deprecated", "discriminator"];
    key.starts_with("x-") || constraints.contains(&key) || words.contains(&key)
}

fn close(keys: &Map<String, Value>, out: &mut Map<String, Value>, rigour: Rigour) {
    let Some(properties) = keys.get("properties").and_then(Value::as_object) else { return };
    out.insert("additionalProperties".to_owned(), false.into());
    if rigour == Rigour::Whole {
        // Of properties that exclude each other an example can hold one group only.
        let choices = keys.get("x-weeek-exclusive").and_then(Value::as_object).into_iter().flat_map(Map::values);
        let groups = choices.flat_map(|choice| choice["variants"].as_object().unwrap().values());
        let chosen: Vec<&str> = groups.flat_map(|group| group.as_array().unwrap()).filter_map(Value::as_str).collect();
        out.insert(
            "required".to_owned(),
            properties.keys().filter(|name| !chosen.contains(&name.as_str())).cloned().collect(),
        );
    }
}

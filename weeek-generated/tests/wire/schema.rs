//! Makes the schemas of the spec stricter, because they allow any other property and so misspelled names.

use serde_json::{Map, Value};

/// Which differences between a value and the properties of its schema are violations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Undeclared properties.
    Closed,
    /// Undeclared properties, and missing ones, whether required or not.
    Complete,
}

/// The JSON Schema of `schema`, made stricter.
pub(crate) fn json_schema(schema: &Value, strictness: Strictness) -> Value {
    xtask::contract::schema::json_schema(schema, &|keys, out| {
        keys.keys().for_each(|key| assert!(is_translated(key), "`{key}` has no translation"));
        close(keys, out, strictness);
    })
}

/// Whether the key is a constraint that the translation keeps, or an annotation that validators ignore.
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
    let annotations = ["title", "description", "example", "default", "deprecated", "discriminator"];
    key.starts_with("x-") || constraints.contains(&key) || annotations.contains(&key)
}

fn close(keys: &Map<String, Value>, out: &mut Map<String, Value>, strictness: Strictness) {
    let Some(properties) = keys.get("properties").and_then(Value::as_object) else { return };
    out.insert("additionalProperties".to_owned(), false.into());
    if strictness == Strictness::Complete {
        // An example can have only one group of exclusive properties.
        let choices = keys.get("x-weeek-exclusive").and_then(Value::as_object).into_iter().flat_map(Map::values);
        let groups = choices.flat_map(|choice| choice["variants"].as_object().unwrap().values());
        let chosen: Vec<&str> = groups.flat_map(|group| group.as_array().unwrap()).filter_map(Value::as_str).collect();
        out.insert(
            "required".to_owned(),
            properties.keys().filter(|name| !chosen.contains(&name.as_str())).cloned().collect(),
        );
    }
}

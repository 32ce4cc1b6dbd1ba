//! Schemas of OpenAPI 3.0 as JSON Schema 2020-12, so that a validator that knows nothing of this project can read them.

use serde_json::{Map, Value, json};

/// How much of a value has to be declared, and how much of what is declared has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rigour {
    /// Names that the schema doesn't know are faults.
    Closed,
    /// Missing properties are faults too, whether required or not.
    Whole,
}

/// The JSON Schema of `schema`, with references into `$defs`.
pub(crate) fn json_schema(schema: &Value, rigour: Rigour) -> Value {
    let Value::Object(keys) = schema else { return schema.clone() };
    if let Some(target) = keys.get("$ref").and_then(Value::as_str) {
        return json!({"$ref": target.replace("#/components/schemas/", "#/$defs/")});
    }
    let inner = |value: &Value| json_schema(value, rigour);
    let mut out = Map::new();
    for (key, value) in keys {
        let value = match key.as_str() {
            "type" | "format" | "enum" | "required" | "pattern" | "minLength" | "maxLength" | "minItems"
            | "maxItems" | "uniqueItems" => value.clone(),
            "properties" => {
                value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), inner(value))).collect()
            }
            "allOf" | "oneOf" | "anyOf" => value.as_array().unwrap().iter().map(inner).collect(),
            "items" | "additionalProperties" => inner(value),
            // Bounds and null are written otherwise there; words and keys of our own mean nothing to a validator.
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "nullable" | "title" | "description"
            | "example" | "default" | "deprecated" | "discriminator" => continue,
            ours if ours.starts_with("x-") => continue,
            _ => panic!("`{key}` has no translation"),
        };
        out.insert(key.clone(), value);
    }
    bounds(keys, &mut out);
    close(keys, &mut out, rigour);
    if keys.get("nullable") == Some(&Value::Bool(true)) { nullable(out) } else { Value::Object(out) }
}

/// In OpenAPI 3.0 a bound is made exclusive by a flag beside it.
fn bounds(keys: &Map<String, Value>, out: &mut Map<String, Value>) {
    for (bound, flag) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if let Some(value) = keys.get(bound) {
            let exclusive = keys.get(flag) == Some(&Value::Bool(true));
            out.insert(if exclusive { flag } else { bound }.to_owned(), value.clone());
        }
    }
}

fn close(keys: &Map<String, Value>, out: &mut Map<String, Value>, rigour: Rigour) {
    let Some(properties) = keys.get("properties").and_then(Value::as_object) else { return };
    out.insert("additionalProperties".to_owned(), false.into());
    if rigour == Rigour::Whole {
        // Of properties that exclude each other an example can hold one group only.
        let choices = keys.get("x-weeek-choice").and_then(Value::as_object).into_iter().flat_map(Map::values);
        let groups = choices.flat_map(|choice| choice["variants"].as_object().unwrap().values());
        let chosen: Vec<&str> = groups.flat_map(|group| group.as_array().unwrap()).filter_map(Value::as_str).collect();
        out.insert(
            "required".to_owned(),
            properties.keys().filter(|name| !chosen.contains(&name.as_str())).cloned().collect(),
        );
    }
}

fn nullable(mut schema: Map<String, Value>) -> Value {
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    match schema.remove("type") {
        Some(ty) => schema.insert("type".to_owned(), json!([ty, "null"])),
        None if schema.is_empty() => None,
        None => return json!({"anyOf": [schema, {"type": "null"}]}),
    };
    Value::Object(schema)
}

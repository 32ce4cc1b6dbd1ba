//! Our spec as other generators can read it: without our keys, without uploads and object parameters, and as OpenAPI 3.1 on demand.

use serde_json::{Map, Value, json};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Version {
    V3_0,
    V3_1,
}

/// The spec as JSON, which has as many operations.
pub(crate) fn document(spec: &str, version: Version, operations: usize) -> String {
    let mut root: Value = serde_yaml::from_str(spec).unwrap();
    without_objects(&mut root);
    for path in root["paths"].as_object_mut().unwrap().values_mut() {
        path.as_object_mut().unwrap().retain(|_, operation| !operation.to_string().contains("multipart/form-data"));
    }
    root["paths"].as_object_mut().unwrap().retain(|_, path| path.as_object().is_some_and(|path| !path.is_empty()));
    if version == Version::V3_1 {
        root["openapi"] = json!("3.1.0");
    }
    convert(&mut root, version, "");
    let found = root["paths"].as_object().unwrap().values().filter_map(Value::as_object).map(Map::len).sum::<usize>();
    assert_eq!(found, operations);
    let text = serde_json::to_string_pretty(&root).unwrap();
    assert!(version == Version::V3_0 || !text.contains("\"nullable\""));
    text
}

/// Removes the parameters that are objects.
fn without_objects(root: &mut Value) {
    let is_object = |parameter: &Value| parameter["style"] == "deepObject";
    let components = root["components"]["parameters"].as_object().unwrap();
    let named: Vec<Value> = components
        .iter()
        .filter(|(_, parameter)| is_object(parameter))
        .map(|(name, _)| json!(format!("#/components/parameters/{name}")))
        .collect();
    for path in root["paths"].as_object_mut().unwrap().values_mut() {
        for operation in path.as_object_mut().unwrap().values_mut() {
            if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
                parameters.retain(|parameter| !is_object(parameter) && !named.contains(&parameter["$ref"]));
            }
        }
    }
}

/// Removes our keys, and writes schemas as 3.1 does.
fn convert(value: &mut Value, version: Version, key: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| convert(item, version, "")),
        Value::Object(entries) => {
            entries.retain(|name, _| !name.starts_with("x-weeek"));
            entries
                .iter_mut()
                .filter(|(name, _)| *name != "example")
                .for_each(|(name, inner)| convert(inner, version, name));
            if version == Version::V3_1 && key != "properties" {
                schema(entries);
            }
        }
        _ => {}
    }
}

fn schema(entries: &mut Map<String, Value>) {
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if entries.get(exclusive) == Some(&json!(true)) {
            let value = entries.remove(bound).unwrap();
            entries.insert(exclusive.to_owned(), value);
        }
    }
    if entries.remove("nullable") == Some(json!(true)) {
        if let Some(ty) = entries.get_mut("type") {
            *ty = json!([ty, "null"]);
            if let Some(values) = entries.get_mut("enum").and_then(Value::as_array_mut) {
                values.push(Value::Null);
            }
        } else if let Some(Value::Array(mut all)) = entries.remove("allOf") {
            all.push(json!({"type": "null"}));
            entries.insert("anyOf".to_owned(), Value::Array(all));
        }
    }
    if entries.len() == 1 && entries.get("enum") == Some(&json!([null])) {
        entries.clear();
        entries.insert("type".to_owned(), json!("null"));
    }
}

//! The document's schemas as an independent validator understands them: the oracle for what is sent and what is read.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

pub(crate) struct Document {
    root: Value,
    definitions: Value,
}

impl Document {
    pub(crate) fn read() -> Self {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/openapi.yaml")).unwrap();
        let root: Value = serde_yaml::from_str(&text).unwrap();
        let definitions = converted(&root["components"]["schemas"]);
        Self { root, definitions }
    }

    pub(crate) fn root(&self) -> &Value {
        &self.root
    }

    pub(crate) fn operation(&self, path: &str, method: &str) -> &Value {
        &self.root["paths"][path][method.to_lowercase()]
    }

    /// `node` itself, or what it refers to.
    pub(crate) fn follow<'d>(&'d self, node: &'d Value) -> &'d Value {
        match node["$ref"].as_str() {
            Some(reference) => self.root.pointer(reference.trim_start_matches('#')).unwrap(),
            None => node,
        }
    }

    /// The status of an operation's success and its answer.
    pub(crate) fn success<'d>(&'d self, operation: &'d Value) -> (u16, &'d Value) {
        let responses = operation["responses"].as_object().unwrap();
        let (status, response) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
        (status.parse().unwrap(), self.follow(response))
    }

    /// Panics, with every reason, where `value` is not what `schema` says.
    pub(crate) fn check(&self, schema: &Value, value: &Value, what: &str) {
        let faults = self.faults(schema, value);
        assert!(faults.is_empty(), "{what}: {value}\n{}", faults.join("\n"));
    }

    pub(crate) fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(schema);
        validator.iter_errors(value).map(|error| format!("at {}: {error}", error.instance_path())).collect()
    }

    fn validator(&self, schema: &Value) -> Validator {
        let whole = json!({"allOf": [converted(schema)], "definitions": self.definitions});
        jsonschema::draft7::options().should_validate_formats(true).build(&whole).unwrap()
    }
}

/// A schema of OpenAPI 3.0 as JSON Schema. Properties that a schema does not name are refused, for nothing else would find a
/// misspelt one.
fn converted(schema: &Value) -> Value {
    match schema {
        Value::Object(entries) => object(entries),
        Value::Array(items) => items.iter().map(converted).collect(),
        other => other.clone(),
    }
}

fn object(entries: &Map<String, Value>) -> Value {
    let mut out = Map::new();
    for (key, value) in entries {
        match (key.as_str(), value) {
            // A property may be called like a keyword; then its value is a schema and not a text.
            ("discriminator" | "example", _)
            | ("nullable" | "deprecated", Value::Bool(_))
            | ("title" | "description", Value::String(_)) => {}
            ("$ref", Value::String(reference)) => {
                let reference = reference.replace("#/components/schemas/", "#/definitions/");
                out.insert("$ref".to_owned(), reference.into());
            }
            ("enum" | "default" | "required", _) => drop(out.insert(key.clone(), value.clone())),
            ("exclusiveMinimum" | "exclusiveMaximum", Value::Bool(exclusive)) => {
                let bound = if key == "exclusiveMinimum" { "minimum" } else { "maximum" };
                if *exclusive {
                    out.insert(key.clone(), entries[bound].clone());
                }
            }
            (key, _) if key.starts_with("x-") && !value.is_object() => {}
            ("x-weeek-choice", _) => {}
            _ => drop(out.insert(key.clone(), converted(value))),
        }
    }
    if entries.get("type") == Some(&json!("object")) && entries.contains_key("properties") {
        out.entry("additionalProperties").or_insert(false.into());
    }
    if entries.get("nullable") == Some(&Value::Bool(true)) {
        return json!({"anyOf": [out, {"type": "null"}]});
    }
    Value::Object(out)
}

//! The document's schemas as JSON Schema, for a validator that shares no code with the generator.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::{Map, Value, json};

use crate::document::Document;

/// What is wrong with a value: texts by the place in it, `tags.0`.
pub type Faults = BTreeMap<String, Vec<String>>;

/// Validators of a document's schemas, made when they are first asked for.
pub struct Schemas {
    document: Arc<Document>,
    components: Value,
    ready: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Schemas {
    /// The schemas of a document.
    pub fn new(document: Arc<Document>) -> Self {
        let components = json!({"schemas": each(document.at("/components/schemas"), &as_it_is)});
        Self { document, components, ready: Mutex::default() }
    }

    /// What is wrong with a value where the schema at `pointer` is declared. Without a fault there are no entries.
    pub fn check(&self, pointer: &str, value: &Value) -> Faults {
        let mut faults = Faults::new();
        self.validator(pointer).iter_errors(value).for_each(|error| note(&error, &mut faults));
        faults
    }

    /// Whether a value fits the schema at `pointer`.
    pub fn fits(&self, pointer: &str, value: &Value) -> bool {
        self.validator(pointer).is_valid(value)
    }

    fn validator(&self, pointer: &str) -> Arc<Validator> {
        // Many references lead to few schemas.
        let (target, nullable) = self.document.resolve(pointer);
        let pointer = if nullable { pointer } else { &target };
        let mut ready = self.ready.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let make = || {
            let schema =
                json!({"components": self.components, "allOf": [json_schema(self.document.at(pointer), &as_it_is)]});
            let validator = jsonschema::options().should_validate_formats(true).build(&schema);
            // The generator has read the document before; what it lets pass is a schema.
            Arc::new(validator.unwrap_or_else(|error| panic!("{pointer} is no schema: {error}")))
        };
        ready.entry(pointer.to_owned()).or_insert_with(make).clone()
    }
}

/// Notes an error by its place; where no form of several fits, the errors of the form that fits best.
fn note(error: &ValidationError<'_>, faults: &mut Faults) {
    let mut place = error.instance_path().to_string().trim_start_matches('/').replace('/', ".");
    let mut text = error.to_string();
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            let forms = context.iter().filter(|errors| !errors.iter().any(is_null_missing));
            if let Some(best) = forms.min_by_key(|errors| errors.len()) {
                return best.iter().for_each(|error| note(error, faults));
            }
        }
        ValidationErrorKind::Required { property } => {
            let dot = if place.is_empty() { "" } else { "." };
            place = format!("{place}{dot}{}", property.as_str().unwrap_or_default());
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<_> = options.as_array().into_iter().flatten().map(ToString::to_string).collect();
            text = format!("{} is none of {}", error.instance(), options.join(", "));
        }
        _ => {}
    }
    faults.entry(place).or_default().push(text);
}

/// Whether the form is the null that another form allows beside it.
fn is_null_missing(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Type { kind: TypeKind::Single(JsonType::Null) })
}

/// Changes a translated schema, given what stood in the document.
pub type Adjust<'a> = &'a dyn Fn(&Map<String, Value>, &mut Map<String, Value>);

fn as_it_is(_: &Map<String, Value>, _: &mut Map<String, Value>) {}

fn each(map: &Value, adjust: Adjust<'_>) -> Value {
    let entries = map.as_object().into_iter().flatten();
    entries.map(|(name, schema)| (name.clone(), json_schema(schema, adjust))).collect::<Map<_, _>>().into()
}

/// From the dialect of OpenAPI 3.0 to JSON Schema; references stay as they are. `adjust` sees every schema inside.
pub fn json_schema(schema: &Value, adjust: Adjust<'_>) -> Value {
    let Value::Object(schema) = schema else { return schema.clone() };
    let mut converted = Map::new();
    for (key, value) in schema {
        match key.as_str() {
            "properties" => drop(converted.insert(key.clone(), each(value, adjust))),
            "items" | "additionalProperties" => drop(converted.insert(key.clone(), json_schema(value, adjust))),
            "allOf" | "oneOf" | "anyOf" => {
                let parts = value.as_array().into_iter().flatten().map(|part| json_schema(part, adjust)).collect();
                converted.insert(key.clone(), parts);
            }
            "minimum" | "maximum" => {
                let exclusive = if key == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" };
                let key = if schema.get(exclusive) == Some(&Value::Bool(true)) { exclusive } else { key };
                converted.insert(key.to_owned(), value.clone());
            }
            "format" if matches!(value.as_str(), Some("int64" | "double" | "binary")) => {}
            "$ref" | "type" | "format" | "enum" | "pattern" | "minLength" | "maxLength" | "minItems" | "maxItems"
            | "uniqueItems" | "required" => drop(converted.insert(key.clone(), value.clone())),
            // What remains describes, or is the generator's own.
            _ => {}
        }
    }
    adjust(schema, &mut converted);
    if schema.get("nullable") != Some(&Value::Bool(true)) || converted.is_empty() {
        return converted.into();
    }
    match (converted.get("type").cloned(), converted.contains_key("enum")) {
        (Some(kind), false) => {
            converted.insert("type".to_owned(), json!([kind, "null"]));
            converted.into()
        }
        _ => json!({"anyOf": [converted, {"type": "null"}]}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dialect_is_translated() {
        let openapi = json!({
            "type": "object", "required": ["a"], "x-weeek-tagged-by": "a", "discriminator": {"propertyName": "a"},
            "properties": {
                "a": {"type": "string", "nullable": true, "description": "x"},
                "description": {"type": "integer", "format": "int64", "minimum": 0, "exclusiveMinimum": true},
                "b": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/B"}]},
                "c": {"nullable": true},
                "d": {"type": "string", "enum": ["x"], "nullable": true}
            }
        });
        let expected = json!({
            "type": "object", "required": ["a"],
            "properties": {
                "a": {"type": ["string", "null"]},
                "description": {"type": "integer", "exclusiveMinimum": 0},
                "b": {"anyOf": [{"allOf": [{"$ref": "#/components/schemas/B"}]}, {"type": "null"}]},
                "c": {},
                "d": {"anyOf": [{"type": "string", "enum": ["x"]}, {"type": "null"}]}
            }
        });
        assert_eq!(json_schema(&openapi, &as_it_is), expected);
    }

    #[test]
    fn every_example_of_the_document_is_valid_and_faults_have_places() {
        let document = Arc::new(Document::load(None).unwrap());
        let schemas = Schemas::new(document.clone());
        let mut checked = 0;
        for operation in document.operations() {
            for status in document.statuses(operation) {
                let answer = document.answer(operation, status).unwrap();
                if let (Some(schema), Some(example)) = (&answer.schema, answer.example) {
                    assert_eq!(schemas.check(schema, example), Faults::new(), "{} {status}", operation.id);
                    checked += 1;
                }
            }
        }
        assert!(checked > 600, "{checked}");
        let faults = schemas.check("/components/schemas/UpdateTag", &json!({"color": "red"}));
        assert_eq!(faults.keys().collect::<Vec<_>>(), ["color", "title"]);
        let faults = schemas.check("/components/schemas/UpdateTask", &json!({"priority": 9, "tags": ["a", 3]}));
        let faults: Vec<_> = faults.iter().map(|(place, texts)| (place.as_str(), texts.join("; "))).collect();
        let [priority, tag] = ["9 is none of 0, 1, 2, 3", "\"a\" is not of type \"integer\""].map(str::to_owned);
        assert_eq!(faults, [("priority", priority), ("tags.0", tag)]);
        let faults = schemas.check("/components/schemas/CustomFieldConfig", &json!({"type": "number"}));
        assert_eq!(faults.keys().collect::<Vec<_>>(), ["precision"]);
        assert!(!schemas.fits("/components/schemas/TagId", &json!("3")));
        assert!(!schemas.fits("/components/schemas/UserId", &json!("anna")));
    }
}

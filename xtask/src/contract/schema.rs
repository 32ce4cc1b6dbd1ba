//! The spec's schemas as JSON Schema, for a validator that shares no code with the generator.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::spec::Spec;

/// Messages by their location in a value, such as `tags.0`.
pub type Violations = BTreeMap<String, Vec<String>>;

/// Validators of the schemas of a spec, each compiled at its first use.
pub struct Schemas {
    spec: Arc<Spec>,
    is_closed: bool,
    components: Value,
    ready: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Schemas {
    /// Translates the schemas of a spec.
    pub fn new(spec: Arc<Spec>) -> Self {
        Self::translated(spec, false)
    }

    /// Like [`Schemas::new`], but rejects undeclared properties.
    pub fn closed(spec: Arc<Spec>) -> Self {
        Self::translated(spec, true)
    }

    fn translated(spec: Arc<Spec>, is_closed: bool) -> Self {
        let components = json!({"schemas": each(spec.at("/components/schemas"), is_closed)});
        Self { spec, is_closed, components, ready: Mutex::default() }
    }

    /// The spec that the schemas belong to.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Checks a value against the schema at `pointer`. A valid value has no entries.
    pub fn check(&self, pointer: &str, value: &Value) -> Violations {
        let mut violations = Violations::new();
        self.each_error(pointer, value, &mut |error| collect(error, &mut violations));
        violations
    }

    /// Visits the errors of a value; if no variant of several fits, those of the variant that fits best.
    pub(super) fn each_error(&self, pointer: &str, value: &Value, visit: &mut dyn FnMut(&ValidationError<'_>)) {
        self.validator(pointer).iter_errors(value).for_each(|error| each_error(&error, visit));
    }

    /// Whether a value fits the schema at `pointer`.
    pub fn fits(&self, pointer: &str, value: &Value) -> bool {
        self.validator(pointer).is_valid(value)
    }

    fn validator(&self, pointer: &str) -> Arc<Validator> {
        // Many references share few schemas.
        let (target, nullable) = self.spec.resolve(pointer);
        let pointer = if nullable { pointer } else { &target };
        let mut ready = self.ready.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let make = || {
            let schema = json_schema(self.spec.at(pointer), self.is_closed);
            let schema = json!({"components": self.components, "allOf": [schema]});
            let validator = jsonschema::options().should_validate_formats(true).build(&schema);
            // The generator has accepted the spec, so each schema compiles.
            Arc::new(validator.unwrap_or_else(|error| panic!("invalid schema {pointer}: {error}")))
        };
        ready.entry(pointer.to_owned()).or_insert_with(make).clone()
    }
}

fn each_error(error: &ValidationError<'_>, visit: &mut dyn FnMut(&ValidationError<'_>)) {
    if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } = error.kind() {
        let is_enum = |error: &ValidationError<'_>| matches!(error.kind(), ValidationErrorKind::Enum { .. });
        let variants = || context.iter().filter(|errors| !errors.iter().any(is_null_missing));
        // An enumeration of one variant is the tag of the others.
        if let Some(best) = variants().min_by_key(|errors| (errors.iter().any(is_enum), errors.len())) {
            let unknown_tag = best.iter().find(|error| variants().count() > 1 && is_enum(error));
            let is_about_tag = |error: &&ValidationError<'_>| {
                unknown_tag.is_none_or(|tag| tag.instance_path() == error.instance_path())
            };
            return best.iter().filter(is_about_tag).for_each(|error| each_error(error, visit));
        }
    }
    visit(error);
}

/// Adds an error by its location.
fn collect(error: &ValidationError<'_>, violations: &mut Violations) {
    let mut place = error.instance_path().to_string().trim_start_matches('/').replace('/', ".");
    let mut text = error.to_string();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let dot = if place.is_empty() { "" } else { "." };
            place = format!("{place}{dot}{}", property.as_str().unwrap_or_default());
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<_> = options.as_array().into_iter().flatten().map(ToString::to_string).collect();
            text = format!("{} is not one of {}", error.instance(), options.join(", "));
        }
        _ => {}
    }
    violations.entry(place).or_default().push(text);
}

/// Whether the variant is the null that is allowed beside another variant.
fn is_null_missing(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        ValidationErrorKind::Type { kind } => matches!(kind, TypeKind::Single(JsonType::Null)),
        ValidationErrorKind::Enum { options } => **options == json!([null]),
        _ => false,
    }
}

fn each(map: &Value, is_closed: bool) -> Value {
    let entries = map.as_object().into_iter().flatten();
    entries.map(|(name, schema)| (name.clone(), json_schema(schema, is_closed))).collect::<Map<_, _>>().into()
}

/// Translates a schema from OpenAPI 3.0 to JSON Schema. References are kept. A closed object has no undeclared properties.
fn json_schema(schema: &Value, is_closed: bool) -> Value {
    let Value::Object(schema) = schema else { return schema.clone() };
    let mut converted = Map::new();
    for (key, value) in schema {
        match key.as_str() {
            "properties" => drop(converted.insert(key.clone(), each(value, is_closed))),
            "items" | "additionalProperties" => drop(converted.insert(key.clone(), json_schema(value, is_closed))),
            "allOf" | "oneOf" | "anyOf" => {
                let parts = value.as_array().into_iter().flatten().map(|part| json_schema(part, is_closed)).collect();
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
            "title" | "description" | "example" | "default" | "deprecated" | "discriminator" | "nullable"
            | "exclusiveMinimum" | "exclusiveMaximum" => {}
            _ => debug_assert!(key.starts_with("x-"), "`{key}` has no translation"),
        }
    }
    if is_closed && schema.contains_key("properties") {
        converted.insert("additionalProperties".to_owned(), false.into());
        add_former_keys(schema, &mut converted);
    }
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

/// Adds the former keys of properties, which a response may have in place of the present ones.
fn add_former_keys(schema: &Map<String, Value>, converted: &mut Map<String, Value>) {
    let mut needed = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let former = property["x-weeek-aliases"].as_array().into_iter().flatten().filter_map(Value::as_str);
        // An alias may end with the version that renamed the property.
        let former: Vec<_> = former.map(|alias| alias.split('@').next().unwrap_or_default()).collect();
        if former.is_empty() {
            continue;
        }
        let kind = converted["properties"][name].clone();
        former.iter().for_each(|key| converted["properties"][*key] = kind.clone());
        if let Some(required) = converted.get_mut("required").and_then(Value::as_array_mut)
            && let Some(at) = required.iter().position(|required| required == name)
        {
            required.remove(at);
            let keys = [name.as_str()].into_iter().chain(former);
            needed.push(json!({"anyOf": keys.map(|key| json!({"required": [key]})).collect::<Vec<_>>()}));
        }
    }
    if !needed.is_empty() {
        converted.insert("allOf".to_owned(), needed.into());
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
        assert_eq!(json_schema(&openapi, false), expected);
    }

    #[test]
    fn violations_have_locations() {
        let schemas = Schemas::new(super::super::spec::SPEC.clone());
        for (name, value, location, message) in [
            ("UpdateTag", json!({"color": "#FF6AA9"}), "title", "is a required property"),
            ("UpdateTask", json!({"priority": 9}), "priority", "9 is not one of 0, 1, 2, 3"),
            ("UpdateTask", json!({"tags": ["a", 3]}), "tags.0", "\"a\" is not of type \"integer\""),
            ("UpdateTask", json!({"type": null}), "type", "null is not one of"),
            ("UpdateTask", json!({"dueDateTime": "2026-11-24T09:30:00+00:00"}), "dueDateTime", "does not match"),
            ("CreateTask", json!({"title": null}), "title", "null is not of type \"string\""),
            ("CreateTask", json!({"dueDate": "24.11.2026"}), "dueDate", "is not a \"date\""),
            ("CreateTaskComment", json!({"markdown": ""}), "markdown", "is shorter than 1 character"),
            ("TaskWatchersLink", json!({"watchers": []}), "watchers", "[] has less than 1 item"),
            ("CustomFieldConfig", json!({"type": "number"}), "precision", "is a required property"),
            ("CustomFieldPosition", json!({}), "after", "is a required property"),
            ("TagId", json!("3"), "", "is not of type \"integer\""),
            ("UserId", json!("nora"), "", "is not a \"uuid\""),
        ] {
            let violations = schemas.check(&format!("/components/schemas/{name}"), &value);
            let [(found, messages)] = &violations.iter().collect::<Vec<_>>()[..] else {
                panic!("{name}: {violations:?}")
            };
            let is_named = messages.iter().any(|text| text.contains(message));
            assert!(*found == location && is_named, "{name}: {violations:?}");
        }
        for (duration, fits) in [(1, false), (2, true), (1439, true), (1440, false)] {
            let user = "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34";
            let entry = json!({"userId": user, "isOvertime": false, "date": "2026-11-24", "duration": duration});
            assert_eq!(schemas.fits("/components/schemas/CreateTaskTimeEntry", &entry), fits, "{duration}");
        }
    }
}

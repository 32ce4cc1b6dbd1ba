//! Compares a recorded response with the spec, and decodes it with the client.
//!
//! The schemas of the spec, in a validator of JSON Schema, say where a response does not match. The client adds what a schema can't
//! express, and which values are lost.

use std::collections::BTreeSet;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::{Map, Value};

use super::client::{Decoded, decode};
use super::drift::{Drift, DriftKind, Severity};
use super::recording::{Body, Recording};
use super::route::Route;
use super::schema::Schemas;
use super::spec::{Operation, Response, Spec};
use crate::pointer::{escape, unescape};
use crate::text_formats::is_keyword;

/// The result of comparing a response with the spec.
#[derive(Debug)]
pub struct Comparison<'s> {
    /// The operation of the response.
    pub operation: Option<&'s Operation>,
    /// The drift, sorted.
    pub drift: Vec<Drift>,
    /// The pointers of documented facts that the response confirms.
    pub confirmed: BTreeSet<String>,
    /// The pointers of documented facts that it contradicts.
    pub contradicted: BTreeSet<String>,
}

/// Compares a recording with the spec, whose schemas are closed, and finds the documented facts that it confirms.
pub fn compare<'s>(schemas: &'s Schemas, recording: &Recording) -> Comparison<'s> {
    let (spec, mut found) = (schemas.spec(), Found::new(schemas));
    let (mut confirmed, mut contradicted) = (BTreeSet::new(), BTreeSet::new());
    let Route::Operation(operation, _) = spec.route(&recording.method, &recording.path) else {
        found.add("", DriftKind::UnknownOperation, "/paths");
        return Comparison { operation: None, drift: found.drift, confirmed, contradicted };
    };
    let decoded = decode(&operation.id, recording);
    let is_success = (200..300).contains(&recording.status);
    let is_failure = is_success && decoded.error.as_ref().is_some_and(|error| !error.is_decode());
    if is_failure {
        found.add("", DriftKind::FailureWith2xx, &format!("{}/responses", operation.pointer));
    } else if let Some(schema) = found.response(operation, recording) {
        found.of_client(&schema, &decoded);
    }
    if spec.response(operation, recording.status).is_none() {
        found.add("", DriftKind::UndeclaredStatus(recording.status), &format!("{}/responses", operation.pointer));
    }
    found.mark_lost(operation, recording.status, &decoded);
    let drift = found.sorted();
    if is_success && !is_failure {
        // What the operation sends is not recorded: only a request without a body is known to be as documented.
        let is_bare = spec.at(&operation.pointer).get("requestBody").is_none();
        if is_bare && spec.is_documented(&operation.pointer) && shows_its_item(spec, operation, recording) {
            found.seen.insert((operation.pointer.clone(), String::new()));
        }
        let is_decodable = drift.iter().all(|found| found.severity == Severity::Tolerated);
        for (pointer, json_path) in found.seen {
            if drift.iter().any(|found| is_within(&found.json_path, &json_path)) {
                contradicted.insert(pointer);
            } else if is_decodable {
                confirmed.insert(pointer);
            }
        }
    }
    Comparison { operation: Some(operation), drift, confirmed, contradicted }
}

/// Compares the body of a response with its schema, which is closed, without the client.
pub fn validate(schemas: &Schemas, operation: &Operation, recording: &Recording) -> Vec<Drift> {
    let mut found = Found::new(schemas);
    found.response(operation, recording);
    found.sorted()
}

/// Whether the response has an item that is not empty, or none is declared.
fn shows_its_item(spec: &Spec, operation: &Operation, recording: &Recording) -> bool {
    let item = spec.success(operation).and_then(|response| response.item);
    match (&recording.body, item) {
        (Body::Json(body), Some(item)) => {
            body[item].as_array().map_or(!body[item].is_null(), |items| !items.is_empty())
        }
        (_, item) => item.is_none(),
    }
}

fn is_within(json_path: &str, parent: &str) -> bool {
    let rest = json_path.strip_prefix(parent);
    rest.is_some_and(|rest| parent.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
}

struct Found<'s> {
    schemas: &'s Schemas,
    drift: Vec<Drift>,
    /// The pointers of documented facts with a value, and the locations of the values.
    seen: BTreeSet<(String, String)>,
}

impl<'s> Found<'s> {
    fn new(schemas: &'s Schemas) -> Self {
        Self { schemas, drift: Vec::new(), seen: BTreeSet::new() }
    }

    fn add(&mut self, json_path: &str, kind: DriftKind, pointer: &str) {
        let line = self.schemas.spec().line(pointer);
        self.drift.push(Drift { severity: Severity::Tolerated, json_path: json_path.to_owned(), kind, line });
    }

    fn sorted(&mut self) -> Vec<Drift> {
        let mut drift = std::mem::take(&mut self.drift);
        drift.sort();
        drift.dedup();
        drift
    }

    /// Compares with the declared response, or with that of a success, and returns the pointer of its schema.
    fn response(&mut self, operation: &Operation, recording: &Recording) -> Option<String> {
        let spec = self.schemas.spec();
        let success = || spec.success(operation).filter(|_| (200..300).contains(&recording.status));
        let response = spec.response(operation, recording.status).or_else(success)?;
        let pointer = || format!("{}/responses/{}", operation.pointer, response.status);
        let schema = response.schema.clone().unwrap_or_else(pointer);
        self.body(&response, &schema, &recording.body);
        Some(schema)
    }

    fn body(&mut self, response: &Response<'_>, schema: &str, body: &Body) {
        let spec = self.schemas.spec();
        match (body, &response.schema) {
            (Body::Empty, None) => {}
            (Body::Empty, Some(_)) => self.add("", DriftKind::EmptyBody, schema),
            (Body::Text(_), _) => self.add("", DriftKind::NotJson, schema),
            (Body::Json(_), None) => self.add("", DriftKind::UnexpectedBody, schema),
            (Body::Json(value), Some(_)) => {
                let item = response.item.map(|item| {
                    let (envelope, _) = spec.resolve(schema);
                    (item, format!("{envelope}/properties/{}", escape(item)))
                });
                // Some operations return the item without its envelope.
                let bare = item.filter(|(item, schema)| {
                    let has_id = value.get("id").is_some() && value.get(item).is_none();
                    has_id && spec.at(&spec.resolve(schema).0)["properties"].get("id").is_some()
                });
                if bare.is_some() {
                    self.add("", DriftKind::NoEnvelope, schema);
                }
                self.value(bare.as_ref().map_or(schema, |(_, schema)| schema), value);
            }
        }
    }

    fn value(&mut self, schema: &str, value: &Value) {
        let (spec, mut errors) = (self.schemas.spec(), Vec::new());
        self.schemas.each_error(schema, value, &mut |error| {
            errors.extend(kinds(error).into_iter().map(|(key, kind)| (error.instance_path().to_string(), key, kind)));
        });
        // A value of another type has no bounds, and is in no enumeration.
        let is_type = |kind: &DriftKind| matches!(kind, DriftKind::WrongType(..));
        let mistyped: BTreeSet<_> =
            errors.iter().filter(|(.., kind)| is_type(kind)).map(|(place, ..)| place.clone()).collect();
        for (place, key, kind) in errors {
            let keys = place.split('/').skip(1).map(unescape).chain(key);
            let (json_path, pointer) = locate(spec, schema, keys);
            // A response without an item need not declare the flag.
            let is_flag = json_path == "success" && kind == DriftKind::UnknownField;
            if !is_flag && (is_type(&kind) || !mistyped.contains(&place)) {
                self.add(&json_path, kind, &pointer);
            }
        }
        self.see(schema, "", value);
    }

    /// Notes the values of documented facts, unless they are empty.
    fn see(&mut self, schema: &str, json_path: &str, value: &Value) {
        let spec = self.schemas.spec();
        let (target, node, _) = spec.follow(schema);
        for pointer in [schema, &target] {
            if spec.is_documented(pointer) && shows(node, value) {
                self.seen.insert((pointer.to_owned(), json_path.to_owned()));
            }
        }
        let discriminator = &node["discriminator"];
        let tag = discriminator["propertyName"].as_str().and_then(|name| value[name].as_str());
        if let Some(variant) = tag.and_then(|tag| discriminator["mapping"][tag].as_str()) {
            return self.see(variant.trim_start_matches('#'), json_path, value);
        }
        match value {
            Value::Array(items) => {
                let (json_path, schema) = below(json_path, &target, node, "0");
                items.iter().for_each(|item| self.see(&schema, &json_path, item));
            }
            Value::Object(object) => {
                for (key, value) in object {
                    let (json_path, schema) = below(json_path, &target, node, key);
                    self.see(&schema, &json_path, value);
                }
            }
            _ => {}
        }
    }

    /// Adds what the client reports at other locations than the validator, such as a value whose form depends on a sibling.
    fn of_client(&mut self, schema: &str, decoded: &Decoded) {
        // The validator finds every unknown property, under its own name.
        for drift in decoded.drift.iter().filter(|drift| drift.expected != "no such property") {
            let (json_path, pointer) = locate(self.schemas.spec(), schema, keys(&drift.json_path));
            let is_near =
                |known: &Drift| is_within(&json_path, &known.json_path) || is_within(&known.json_path, &json_path);
            if !self.drift.iter().any(is_near) {
                let kind = DriftKind::WrongType(drift.expected.clone(), drift.found.clone());
                self.add(&json_path, kind, &pointer);
            }
        }
    }

    /// Marks the drift that makes the client lose the response, or an item of a page.
    fn mark_lost(&mut self, operation: &Operation, status: u16, decoded: &Decoded) {
        let error = decoded.error.as_ref().filter(|error| error.is_decode() || (300..400).contains(&status));
        let error = error.map(|error| (error.json_path().unwrap_or_default(), error.to_string()));
        let items = decoded.drift.iter().filter(|drift| drift.found == "an unreadable one");
        let items = items.map(|drift| (drift.json_path.as_str(), "missing field `id`".to_owned()));
        for (json_path, reason) in error.into_iter().chain(items) {
            let json_path = without_indices(json_path);
            let is_missing = |found: &Drift| {
                let name = found.json_path.rsplit('.').next().unwrap_or_default();
                found.kind == DriftKind::MissingField && reason.contains(&format!("`{name}`"))
            };
            let is_cause = |found: &&mut Drift| {
                found.json_path == json_path || (is_within(&found.json_path, &json_path) && is_missing(found))
            };
            let causes = self.drift.iter_mut().filter(is_cause).map(|found| found.severity = Severity::Undecodable);
            if causes.count() == 0 {
                let line = self.schemas.spec().line(&format!("{}/responses", operation.pointer));
                let (severity, kind) = (Severity::Undecodable, DriftKind::Undecodable(reason));
                self.drift.push(Drift { severity, json_path, kind, line });
            }
        }
    }
}

/// What an error of the validator says, and the key below its location.
fn kinds(error: &ValidationError<'_>) -> Vec<(Option<String>, DriftKind)> {
    let value = error.instance();
    let kind = match error.kind() {
        ValidationErrorKind::Required { property } => {
            return vec![(property.as_str().map(str::to_owned), DriftKind::MissingField)];
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            return unexpected.iter().map(|key| (Some(key.clone()), DriftKind::UnknownField)).collect();
        }
        _ if value.is_null() => DriftKind::Null,
        ValidationErrorKind::Type { kind } => {
            DriftKind::WrongType(expected(kind).into(), type_name(JsonType::from(value.as_ref())).into())
        }
        ValidationErrorKind::Enum { .. } => DriftKind::UnknownValue(keyword(value)),
        ValidationErrorKind::Format { format } => DriftKind::WrongFormat(format.clone()),
        other => DriftKind::OutOfBounds(bound(other)),
    };
    vec![(None, kind)]
}

/// A bound in the spelling of the spec.
fn bound(kind: &ValidationErrorKind) -> String {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Minimum { limit } | Kind::ExclusiveMinimum { limit } => format!("minimum: {limit}"),
        Kind::Maximum { limit } | Kind::ExclusiveMaximum { limit } => format!("maximum: {limit}"),
        Kind::MinLength { limit } => format!("minLength: {limit}"),
        Kind::MaxLength { limit } => format!("maxLength: {limit}"),
        Kind::MinItems { limit } => format!("minItems: {limit}"),
        Kind::MaxItems { limit } => format!("maxItems: {limit}"),
        Kind::Pattern { pattern } => format!("pattern: {pattern}"),
        Kind::UniqueItems => "uniqueItems: true".to_owned(),
        other => other.keyword().to_owned(),
    }
}

fn expected(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Single(ty) => type_name(*ty),
        TypeKind::Multiple(types) => types.iter().find(|ty| *ty != JsonType::Null).map_or("null", type_name),
    }
}

fn type_name(ty: JsonType) -> &'static str {
    match ty {
        JsonType::Array => "an array",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a string",
    }
}

/// An enum value that can be shown; one that is not a keyword may be private, and is empty.
fn keyword(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if is_keyword(&text) { text } else { String::new() }
}

/// Where keys lead: the location in the response, without indices, and the pointer of its schema.
fn locate(spec: &Spec, schema: &str, keys: impl Iterator<Item = String>) -> (String, String) {
    keys.fold((String::new(), schema.to_owned()), |(json_path, pointer), key| {
        let (target, node, _) = spec.follow(&pointer);
        below(&json_path, &target, node, &key)
    })
}

/// Where a key leads from a schema and its pointer.
fn below(json_path: &str, target: &str, node: &Value, key: &str) -> (String, String) {
    let dot = if json_path.is_empty() { "" } else { "." };
    if node["type"] == "array" {
        (format!("{json_path}[]"), format!("{target}/items"))
    } else if node.get("properties").is_none() && node["additionalProperties"].is_object() {
        (format!("{json_path}{dot}*"), format!("{target}/additionalProperties"))
    } else {
        (format!("{json_path}{dot}{key}"), format!("{target}/properties/{}", escape(key)))
    }
}

/// The keys of a location in the client's spelling, such as `tasks[3].title`.
fn keys(json_path: &str) -> impl Iterator<Item = String> + '_ {
    json_path.split(['.', '[']).filter(|key| !key.is_empty()).map(|key| key.trim_end_matches(']').to_owned())
}

/// The location with `[]` in place of each index.
pub fn without_indices(json_path: &str) -> String {
    let parts = json_path.split('[');
    parts.map(|part| part.trim_start_matches(|letter: char| letter.is_ascii_digit())).collect::<Vec<_>>().join("[")
}

/// Whether a value shows a fact. An object needs all of its properties, and one value does not show an enumeration.
fn shows(node: &Value, value: &Value) -> bool {
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

//! Models the client's lenient decoding, and records drift. The client's tests compare the model with the client.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::drift::{Drift, DriftKind, Severity};
use super::recording::{Body, Recording};
use super::scalar::{
    contains, keyword, kind, reads_boolean, reads_integer, reads_number, reads_string, shows, violated_bounds,
    violated_format,
};
use super::spec::{Operation, Response, Spec};
use crate::pointer::escape;

/// The client's result of decoding a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Decoded {
    /// A value.
    Value,
    /// Null, or an equivalent: an empty id, an empty array for an object.
    Null,
    /// A value that does not fit: `None` for an optional property, a decode error for any other.
    Misfit,
    /// A decode error.
    Error,
}

/// Decodes as the client does, and records drift and what was seen of documented facts.
pub(super) struct LenientModel<'s> {
    pub(super) spec: &'s Spec,
    json_path: String,
    pub(super) found: Vec<Drift>,
    /// The pointers of documented facts with a value, and the locations of the values.
    pub(super) seen: BTreeSet<(String, String)>,
}

impl<'s> LenientModel<'s> {
    pub(super) fn new(spec: &'s Spec) -> Self {
        Self { spec, json_path: String::new(), found: Vec::new(), seen: BTreeSet::new() }
    }

    pub(super) fn response(&mut self, operation: &Operation, recording: &Recording) {
        let (status, body) = (recording.status, &recording.body);
        let declared = self.spec.response(operation, status);
        if declared.is_none() {
            // The client returns an error for a redirect, which is neither a success nor an error of the API.
            let severity = if (300..400).contains(&status) { Severity::Undecodable } else { Severity::Tolerated };
            self.record(DriftKind::UndeclaredStatus(status), severity, &format!("{}/responses", operation.pointer));
        }
        if !(200..300).contains(&status) {
            // The client returns an error for any other status, with any body.
            self.error_response(declared.as_ref(), body);
        } else if let Some(success) = declared.or_else(|| self.spec.success(operation)) {
            self.success(operation, &success, body);
        }
    }

    fn error_response(&mut self, declared: Option<&Response<'_>>, body: &Body) {
        let Some(schema) = declared.and_then(|response| response.schema.as_deref()) else { return };
        match body {
            Body::Json(value) => drop(self.downgraded(|model| model.value(schema, value))),
            Body::Empty => self.tolerate(DriftKind::EmptyBody, schema),
            Body::Text(_) => self.tolerate(DriftKind::NotJson, schema),
        }
    }

    /// Mirrors how the client decodes a value of the type that `schema` declares.
    pub(super) fn value(&mut self, schema: &str, value: &Value) -> Decoded {
        let (target, nullable) = self.spec.resolve(schema);
        let node = self.spec.at(&target);
        self.see(schema, &target, value);
        if value.is_null() {
            let anything = node.get("type").is_none() && node.get("oneOf").is_none() && node.get("anyOf").is_none();
            if !nullable && !anything {
                self.tolerate(DriftKind::Null, schema);
            }
            return Decoded::Null;
        }
        if node.get("oneOf").is_some() {
            return self.tagged(&target, value);
        }
        match node["type"].as_str() {
            Some("object") => match value {
                Value::Object(object) => self.object(&target, object),
                Value::Array(items) => {
                    self.tolerate(DriftKind::WrongType("an object", "an array"), schema);
                    match &items[..] {
                        [] => Decoded::Null,
                        [only] => self.value(&target, only),
                        _ => Decoded::Misfit,
                    }
                }
                _ => self.misfit(schema, "an object", value),
            },
            Some("array") => self.list(schema, &target, value),
            Some(_) => self.scalar(schema, &target, value),
            None => Decoded::Value,
        }
    }

    fn list(&mut self, schema: &str, target: &str, value: &Value) -> Decoded {
        let items = format!("{target}/items");
        match value {
            Value::Array(values) => {
                self.bounds(target, value);
                self.items(&items, values.iter())
            }
            Value::Object(object) => {
                self.tolerate(DriftKind::WrongType("an array", "an object"), schema);
                let item = self.spec.at(&self.spec.resolve(&items).0);
                let known = keys(item);
                let is_item = object.keys().any(|key| known.contains(key.as_str()));
                if is_item { self.items(&items, std::iter::once(value)) } else { self.items(&items, object.values()) }
            }
            _ => self.misfit(schema, "an array", value),
        }
    }

    fn items<'v>(&mut self, items: &str, values: impl Iterator<Item = &'v Value>) -> Decoded {
        let length = self.json_path.len();
        self.json_path.push_str("[]");
        let mut is_error = false;
        for value in values {
            let before = self.found.len();
            // The client leaves out null items.
            match self.value(items, value) {
                Decoded::Value | Decoded::Null => {}
                Decoded::Error => is_error = true,
                Decoded::Misfit => {
                    is_error = true;
                    self.found[before..].iter_mut().for_each(|found| found.severity = Severity::Undecodable);
                }
            }
        }
        self.json_path.truncate(length);
        if is_error { Decoded::Error } else { Decoded::Value }
    }

    pub(super) fn object(&mut self, schema: &str, object: &Map<String, Value>) -> Decoded {
        let (target, _) = self.spec.resolve(schema);
        let node = self.spec.at(&target);
        if node.get("properties").is_none() {
            let values = format!("{target}/additionalProperties");
            if self.spec.at(&values).is_object() {
                for value in object.values() {
                    self.within("*", |model| model.value(&values, value));
                }
            }
            return Decoded::Value;
        }
        let before = self.found.len();
        self.properties(&target, object, None);
        let is_error = self.found[before..].iter().any(|found| found.severity == Severity::Undecodable);
        if is_error { Decoded::Error } else { Decoded::Value }
    }

    /// The properties of an object, except `done`.
    pub(super) fn properties(&mut self, target: &str, object: &Map<String, Value>, done: Option<&str>) {
        let spec = self.spec;
        let node = spec.at(target);
        let declared = node["properties"].as_object().into_iter().flatten();
        for (name, property) in declared.filter(|(name, _)| Some(name.as_str()) != done) {
            let schema = format!("{target}/properties/{}", escape(name));
            let is_required = contains(&node["required"], name);
            let is_identity = is_required && name == "id" && !spec.resolve(&schema).1;
            let keys = std::iter::once(name.as_str()).chain(former_keys(property));
            let given: Vec<_> = keys.filter_map(|key| object.get_key_value(key)).collect();
            if given.is_empty() && is_required {
                let severity = if is_identity { Severity::Undecodable } else { Severity::Tolerated };
                self.within(name, |model| {
                    model.record(DriftKind::MissingField, severity, &schema);
                    Decoded::Value
                });
            }
            for (key, value) in given {
                let before = self.found.len();
                let decoded = self.within(key, |model| model.content(&schema, value, object));
                let is_lost = match decoded {
                    Decoded::Misfit => !self.is_optional(&schema, is_required) || is_identity,
                    Decoded::Null => is_identity && !self.has_neutral_value(&schema),
                    Decoded::Value | Decoded::Error => false,
                };
                if is_lost {
                    self.found[before..].iter_mut().for_each(|found| found.severity = Severity::Undecodable);
                }
            }
        }
        let known = keys(node);
        for name in object.keys().filter(|name| !known.contains(name.as_str())) {
            // A response without an item need not declare the flag.
            if !(self.json_path.is_empty() && name == "success") {
                self.within(name, |model| {
                    model.tolerate(DriftKind::UnknownField, &format!("{target}/properties"));
                    Decoded::Value
                });
            }
        }
    }

    /// A value whose variant may depend on a sibling.
    fn content(&mut self, schema: &str, value: &Value, siblings: &Map<String, Value>) -> Decoded {
        let (target, nullable) = self.spec.resolve(schema);
        let Some(tag) = self.spec.at(&target)["x-weeek-tagged-by"].as_str() else {
            return self.value(schema, value);
        };
        self.see(schema, &target, value);
        if value.is_null() {
            if !nullable {
                self.tolerate(DriftKind::Null, schema);
            }
            return Decoded::Null;
        }
        let variants = self.spec.at(&target)["anyOf"].as_array().into_iter().flatten();
        let mut variants = variants.enumerate();
        match variants.find(|(_, variant)| siblings.get(tag).is_some_and(|tag| variant["title"] == *tag)) {
            Some((at, _)) => self.downgraded(|model| model.value(&format!("{target}/anyOf/{at}"), value)),
            None => Decoded::Value,
        }
    }

    /// One of several objects. The client keeps one that it cannot decode as JSON.
    fn tagged(&mut self, target: &str, value: &Value) -> Decoded {
        let object = match value {
            Value::Object(object) => object,
            Value::Array(items) => {
                self.tolerate(DriftKind::WrongType("an object", "an array"), target);
                return if items.is_empty() { Decoded::Null } else { Decoded::Misfit };
            }
            _ => return self.misfit(target, "an object", value),
        };
        let discriminator = &self.spec.at(target)["discriminator"];
        let name = discriminator["propertyName"].as_str().unwrap_or_default();
        let tag = object.get(name);
        match tag.and_then(|tag| discriminator["mapping"][tag.as_str()?].as_str()) {
            Some(variant) => {
                let variant = variant.trim_start_matches('#').to_owned();
                self.downgraded(|model| model.object(&variant, object))
            }
            None => {
                let kind = match tag {
                    None => DriftKind::MissingField,
                    Some(Value::Null) => DriftKind::Null,
                    Some(tag @ Value::String(_)) => DriftKind::UnknownValue(keyword(tag)),
                    Some(tag) => DriftKind::WrongType("a string", kind(tag)),
                };
                self.within(name, |model| {
                    model.tolerate(kind, &format!("{target}/discriminator"));
                    Decoded::Value
                })
            }
        }
    }

    fn scalar(&mut self, schema: &str, target: &str, value: &Value) -> Decoded {
        let node = self.spec.at(target);
        let values = node["enum"].as_array();
        let (expected, is_exact, fits) = match node["type"].as_str().unwrap_or_default() {
            "boolean" => ("a boolean", value.is_boolean(), reads_boolean(value)),
            "integer" => ("an integer", value.is_i64(), reads_integer(value)),
            "number" => ("a number", value.is_number(), reads_number(value)),
            _ => {
                let is_id = target.strip_prefix("/components/schemas/").is_some_and(|rest| !rest.contains('/'));
                ("a string", value.is_string(), reads_string(value, is_id))
            }
        };
        if !is_exact || !fits {
            self.record(DriftKind::WrongType(expected, kind(value)), Severity::Tolerated, schema);
        } else if values.is_some_and(|values| !values.contains(value)) {
            self.record(DriftKind::UnknownValue(keyword(value)), Severity::Tolerated, schema);
        } else {
            self.bounds(target, value);
            let format = node["format"].as_str().unwrap_or_default();
            if let Some(expected) = value.as_str().and_then(|text| violated_format(format, text)) {
                self.tolerate(DriftKind::WrongFormat(expected), schema);
                return if matches!(format, "date" | "date-time") { Decoded::Misfit } else { Decoded::Value };
            }
        }
        match (fits, value.as_str()) {
            (true, _) => Decoded::Value,
            (false, Some("")) if expected == "a string" => Decoded::Null,
            (false, _) => Decoded::Misfit,
        }
    }

    fn bounds(&mut self, target: &str, value: &Value) {
        for keyword in violated_bounds(self.spec, target, value) {
            let pointer = format!("{target}/{keyword}");
            let bound = self.spec.at(&pointer);
            let bound = bound.as_str().map_or_else(|| bound.to_string(), str::to_owned);
            self.record(DriftKind::OutOfBounds(format!("{keyword}: {bound}")), Severity::Tolerated, &pointer);
        }
    }

    /// Whether the client has `None` for a value that it cannot decode.
    fn is_optional(&self, schema: &str, is_required: bool) -> bool {
        let (target, nullable) = self.spec.resolve(schema);
        let node = self.spec.at(&target);
        let is_collection = node["type"] == "array" || (node["type"] == "object" && node.get("properties").is_none());
        !is_collection && (!is_required || nullable || !self.has_neutral_value(schema))
    }

    /// Whether the client replaces a required value that is missing or null with zero, false or the empty string.
    fn has_neutral_value(&self, schema: &str) -> bool {
        let (target, _) = self.spec.resolve(schema);
        let node = self.spec.at(&target);
        let is_dated = matches!(node["format"].as_str(), Some("date" | "date-time"));
        self.spec.schema_name(schema).is_none() && !is_dated && node["type"] != "object"
    }

    fn misfit(&mut self, schema: &str, expected: &'static str, value: &Value) -> Decoded {
        self.record(DriftKind::WrongType(expected, kind(value)), Severity::Tolerated, schema);
        Decoded::Misfit
    }

    /// Decodes a value that the client keeps unchanged if it does not fit.
    fn downgraded(&mut self, read: impl FnOnce(&mut Self) -> Decoded) -> Decoded {
        let before = self.found.len();
        read(self);
        self.found[before..].iter_mut().for_each(|found| found.severity = Severity::Tolerated);
        Decoded::Value
    }

    pub(super) fn within(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Decoded) -> Decoded {
        let length = self.json_path.len();
        if length > 0 {
            self.json_path.push('.');
        }
        self.json_path.push_str(name);
        let decoded = read(self);
        self.json_path.truncate(length);
        decoded
    }

    /// Notes a value of a documented fact, unless it is empty.
    fn see(&mut self, schema: &str, target: &str, value: &Value) {
        for pointer in [schema, target] {
            if self.spec.is_documented(pointer) && shows(self.spec.at(target), value) {
                self.seen.insert((pointer.to_owned(), self.json_path.clone()));
            }
        }
    }

    pub(super) fn tolerate(&mut self, kind: DriftKind, pointer: &str) {
        self.record(kind, Severity::Tolerated, pointer);
    }

    pub(super) fn record(&mut self, kind: DriftKind, severity: Severity, pointer: &str) {
        let (json_path, line) = (self.json_path.clone(), self.spec.line(pointer));
        self.found.push(Drift { severity, json_path, kind, line });
    }
}

/// The keys that the client reads of an object.
fn keys(object: &Value) -> BTreeSet<&str> {
    let properties = object["properties"].as_object().into_iter().flatten();
    properties.flat_map(|(name, property)| former_keys(property).chain([name.as_str()])).collect()
}

/// The keys that the client reads where the property itself is missing, without the versions that renamed them.
fn former_keys(property: &Value) -> impl Iterator<Item = &str> {
    let aliases = property["x-weeek-aliases"].as_array().into_iter().flatten().filter_map(Value::as_str);
    aliases.map(|alias| alias.split('@').next().unwrap_or_default())
}

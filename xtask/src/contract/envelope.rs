//! Models how the client opens the envelope of a response.

use serde_json::{Map, Value};

use super::drift::{DriftKind, Severity};
use super::lenient::{Decoded, LenientModel};
use super::recording::Body;
use super::scalar::{contains, is_failure_flag, kind};
use super::spec::{Operation, Response};
use crate::pointer::escape;

impl LenientModel<'_> {
    /// Mirrors how the client opens the envelope.
    pub(super) fn success(&mut self, operation: &Operation, response: &Response<'_>, body: &Body) {
        let responses = format!("{}/responses/{}", operation.pointer, response.status);
        let schema = response.schema.as_deref();
        let name = schema.and_then(|schema| self.spec.schema_name(schema));
        let is_unit = schema.is_none() || (response.item.is_none() && name.as_deref() == Some("Success"));
        let pointer = schema.unwrap_or(&responses).to_owned();
        let envelope = match (body, schema) {
            (Body::Empty, None) => return,
            (Body::Empty, Some(_)) => {
                let severity = if is_unit { Severity::Tolerated } else { Severity::Undecodable };
                return self.record(DriftKind::EmptyBody, severity, &pointer);
            }
            (Body::Text(_), _) => return self.record(DriftKind::NotJson, Severity::Undecodable, &pointer),
            (Body::Json(Value::Object(envelope)), _) => envelope,
            (Body::Json(value), _) => {
                // PHP writes nothing as an empty array; null and booleans stand for the flag of the envelope.
                let stands_for_nothing = value.is_null() || value.is_boolean() || *value == Value::Array(Vec::new());
                let kind = match value {
                    Value::Bool(false) if is_unit => DriftKind::FailureWith2xx,
                    value => DriftKind::WrongType("an object", kind(value)),
                };
                let severity = if is_unit && stands_for_nothing { Severity::Tolerated } else { Severity::Undecodable };
                return self.record(kind, severity, &pointer);
            }
        };
        let is_failure = ["success", "sucess"].iter().any(|key| envelope.get(*key).is_some_and(is_failure_flag));
        let item = response.item.and_then(|item| Some((item, envelope.get(item)?)));
        match (schema, response.item) {
            (None, _) => self.tolerate(DriftKind::UnexpectedBody, &pointer),
            (Some(_), _) if is_failure => {
                self.tolerate(DriftKind::FailureWith2xx, &pointer);
                // The client decodes the envelope before it checks the flag.
                if let (Some((item, value)), Some(schema)) = (item, self.item_schema(response)) {
                    self.within(item, |model| model.value(&schema, value));
                }
            }
            (Some(schema), None) if is_unit => self.envelope(&self.spec.resolve(schema).0, envelope, None),
            (Some(schema), None) => {
                self.object(schema, envelope);
                // An odd flag says nothing, and is no failure.
                let flags = self.found.iter_mut().filter(|found| found.json_path == "success");
                flags.for_each(|found| found.severity = Severity::Tolerated);
            }
            (Some(schema), Some(item)) => self.item(operation, schema, item, response, envelope),
        }
    }

    fn item(
        &mut self,
        operation: &Operation,
        schema: &str,
        name: &str,
        response: &Response<'_>,
        envelope: &Map<String, Value>,
    ) {
        let Some(item_schema) = self.item_schema(response) else { return };
        let (target, _) = self.spec.resolve(schema);
        let item = self.spec.at(&self.spec.resolve(&item_schema).0);
        let is_list = item["type"] == "array";
        let is_required = is_list || contains(&self.spec.at(&target)["required"], name);
        let Some(value) = envelope.get(name) else {
            if !is_list && envelope.contains_key("id") && item["properties"].get("id").is_some() {
                // Some operations return the item without its envelope.
                self.tolerate(DriftKind::NoEnvelope, &target);
                self.object(&item_schema, envelope);
                return;
            }
            if is_required {
                self.within(name, |model| {
                    model.record(DriftKind::MissingField, Severity::Undecodable, &item_schema);
                    Decoded::Error
                });
            }
            return self.envelope(&target, envelope, Some(name));
        };
        let before = self.found.len();
        let is_page = self.spec.pagination(operation).is_some() && (value.is_array() || value.is_object());
        let decoded = self.within(name, |model| model.value(&item_schema, value));
        let is_lost = match decoded {
            Decoded::Misfit => is_required,
            Decoded::Null => is_required && !is_list,
            Decoded::Value | Decoded::Error => false,
        };
        if is_lost && !is_page {
            self.found[before..].iter_mut().for_each(|found| found.severity = Severity::Undecodable);
        }
        self.envelope(&target, envelope, Some(name));
    }

    /// The properties of the envelope other than the item. The client decodes the response with any of them.
    fn envelope(&mut self, target: &str, envelope: &Map<String, Value>, item: Option<&str>) {
        let before = self.found.len();
        self.properties(target, envelope, item);
        self.found[before..].iter_mut().for_each(|found| found.severity = Severity::Tolerated);
    }

    fn item_schema(&self, response: &Response<'_>) -> Option<String> {
        let (target, _) = self.spec.resolve(response.schema.as_deref()?);
        Some(format!("{target}/properties/{}", escape(response.item?)))
    }
}

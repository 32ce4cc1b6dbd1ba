//! Reads an answer the way the client does, and notes every departure on the way.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::scalar::{
    departs_from, exceeded, keyword, kind, reads_boolean, reads_integer, reads_number, reads_text, says_no,
};
use super::{Departure, Fault, Weight};
use crate::document::{Answer, Document, Operation, escape};
use crate::recording::{Body, Recording};

/// What the client makes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// A value.
    Value,
    /// Nothing: what stands there is null or can't be one.
    Nothing,
    /// A decode error.
    Broken,
}

pub(super) struct Reading<'d> {
    document: &'d Document,
    place: String,
    found: Vec<Departure>,
}

impl<'d> Reading<'d> {
    /// All departures of an answer, each once.
    pub(super) fn of(document: &'d Document, operation: &Operation, recording: &Recording) -> Vec<Departure> {
        let mut reading = Self { document, place: String::new(), found: Vec::new() };
        reading.answer(operation, recording);
        reading.found.sort();
        reading.found.dedup();
        reading.found
    }

    fn answer(&mut self, operation: &Operation, recording: &Recording) {
        let (status, body) = (recording.status, &recording.body);
        let declared = self.document.answer(operation, status);
        if declared.is_none() {
            self.note(Fault::UndeclaredStatus(status), Weight::Read, &format!("{}/responses", operation.pointer));
        }
        if !(200..300).contains(&status) {
            // The client makes an error of any refusal, whatever its body.
            self.refusal(declared.as_ref(), body);
        } else if let Some(success) = declared.or_else(|| self.document.success(operation)) {
            self.success(operation, &success, body);
        }
    }

    fn refusal(&mut self, declared: Option<&Answer<'_>>, body: &Body) {
        let Some(schema) = declared.and_then(|answer| answer.schema.as_deref()) else { return };
        match body {
            Body::Json(value) => drop(self.forgiven(|reading| reading.value(schema, value))),
            Body::Empty => self.note(Fault::NoBody, Weight::Read, schema),
            Body::Text(_) => self.note(Fault::NotJson, Weight::Read, schema),
        }
    }

    /// Follows the client's `answer.rs`: which answers are opened, which item is looked for, what may be missing.
    fn success(&mut self, operation: &Operation, answer: &Answer<'_>, body: &Body) {
        let responses = format!("{}/responses/{}", operation.pointer, answer.status);
        let schema = answer.schema.as_deref();
        let name = schema.and_then(|schema| self.document.schema_name(schema));
        let answers_nothing = schema.is_none() || (answer.item.is_none() && name.as_deref() == Some("Success"));
        let place = schema.unwrap_or(&responses).to_owned();
        let envelope = match (body, schema) {
            (Body::Empty, None) => return,
            (Body::Empty, Some(_)) => {
                let weight = if answers_nothing { Weight::Read } else { Weight::Breaks };
                return self.note(Fault::NoBody, weight, &place);
            }
            (Body::Text(_), _) => return self.note(Fault::NotJson, Weight::Breaks, &place),
            (Body::Json(Value::Object(envelope)), _) => envelope,
            (Body::Json(value), _) => {
                let fault = Fault::WrongType("an object", kind(value));
                return self.note(fault, Weight::Breaks, &place);
            }
        };
        let refused = ["success", "sucess"].iter().any(|key| envelope.get(*key).is_some_and(says_no));
        let item = answer.item.and_then(|item| Some((item, envelope.get(item)?)));
        match (schema, answer.item) {
            (None, _) => self.note(Fault::Body, Weight::Read, &place),
            (Some(_), _) if refused => {
                self.note(Fault::Refusal, Weight::Read, &place);
                // The envelope is read before the flag is looked at.
                if let (Some((item, value)), Some(schema)) = (item, self.item_schema(answer)) {
                    self.within(item, |reading| reading.value(&schema, value));
                }
            }
            (Some(schema), None) => drop(self.object(schema, envelope)),
            (Some(schema), Some(item)) => self.item(schema, item, answer, envelope),
        }
    }

    fn item(&mut self, schema: &str, name: &str, answer: &Answer<'_>, envelope: &Map<String, Value>) {
        let Some(item_schema) = self.item_schema(answer) else { return };
        let (target, _) = self.document.resolve(schema);
        let is_list = self.document.at(&self.document.resolve(&item_schema).0)["type"] == "array";
        let is_required = contains(&self.document.at(&target)["required"], name);
        let is_missing = || {
            let fit = |value| self.trial().value(&item_schema, value);
            envelope.get(name).map_or(Fit::Nothing, fit) == Fit::Nothing
        };
        // A null is an empty list, but an answer without the list is one of another form.
        let is_gone = if is_list { !envelope.contains_key(name) } else { is_required && is_missing() };
        if is_gone {
            // An object without its envelope is known of some answers.
            let mut trial = self.trial();
            if !is_list && trial.object(&item_schema, envelope) == Fit::Value {
                let found = trial.found;
                self.note(Fault::NoEnvelope, Weight::Read, &target);
                return self.found.extend(found);
            }
            self.within(name, |reading| {
                let fault = envelope.get(name).map_or(Fault::MissingField, |value| reading.misfit(&item_schema, value));
                reading.note(fault, Weight::Breaks, &item_schema);
                Fit::Broken
            });
            let mut rest = envelope.clone();
            rest.insert(name.to_owned(), Value::Null);
            return self.properties(&target, &rest, Some(name));
        }
        self.properties(&target, envelope, None);
    }

    fn item_schema(&self, answer: &Answer<'_>) -> Option<String> {
        let (target, _) = self.document.resolve(answer.schema.as_deref()?);
        Some(format!("{target}/properties/{}", escape(answer.item?)))
    }

    /// Follows the client's `tolerant.rs`: reads a value where `schema` is declared, and notes every departure.
    fn value(&mut self, schema: &str, value: &Value) -> Fit {
        let (target, nullable) = self.document.resolve(schema);
        let node = self.document.at(&target);
        if value.is_null() {
            let anything = node.get("type").is_none() && node.get("oneOf").is_none() && node.get("anyOf").is_none();
            if !nullable && !anything {
                self.note(Fault::Null, Weight::Read, schema);
            }
            return Fit::Nothing;
        }
        if node.get("oneOf").is_some() {
            return self.tagged(&target, value);
        }
        match node["type"].as_str() {
            Some("object") => match value {
                Value::Object(object) => self.object(&target, object),
                Value::Array(items) => {
                    self.note(Fault::WrongType("an object", "a list"), Weight::Read, schema);
                    items.first().map_or(Fit::Nothing, |first| self.value(&target, first))
                }
                _ => self.misfitting(schema, "an object", value),
            },
            Some("array") => self.list(schema, &target, value),
            Some(_) => self.scalar(schema, &target, value),
            None => Fit::Value,
        }
    }

    fn list(&mut self, schema: &str, target: &str, value: &Value) -> Fit {
        let items = format!("{target}/items");
        match value {
            Value::Array(values) => {
                self.limits(target, value);
                self.rows(&items, values.iter())
            }
            Value::Object(object) => {
                self.note(Fault::WrongType("a list", "an object"), Weight::Read, schema);
                match object.keys().next() {
                    Some(key) if key.parse::<u64>().is_err() => self.rows(&items, std::iter::once(value)),
                    _ => self.rows(&items, object.values()),
                }
            }
            _ => self.misfitting(schema, "a list", value),
        }
    }

    fn rows<'v>(&mut self, items: &str, values: impl Iterator<Item = &'v Value>) -> Fit {
        let length = self.place.len();
        self.place.push_str("[]");
        // Null among the rows is left out.
        let fits: BTreeSet<_> = values.map(|value| self.value(items, value)).collect();
        self.place.truncate(length);
        if fits.contains(&Fit::Broken) { Fit::Broken } else { Fit::Value }
    }

    fn object(&mut self, schema: &str, object: &Map<String, Value>) -> Fit {
        let (target, _) = self.document.resolve(schema);
        let node = self.document.at(&target);
        if node.get("properties").is_none() {
            let values = format!("{target}/additionalProperties");
            if self.document.at(&values).is_object() {
                for value in object.values() {
                    self.within("*", |reading| reading.value(&values, value));
                }
            }
            return Fit::Value;
        }
        let before = self.found.len();
        self.properties(&target, object, None);
        let is_broken = self.found[before..].iter().any(|found| found.weight == Weight::Breaks);
        if is_broken { Fit::Broken } else { Fit::Value }
    }

    /// The properties of an object, but for the one that was seen to already.
    fn properties(&mut self, target: &str, object: &Map<String, Value>, seen: Option<&str>) {
        let document = self.document;
        let node = document.at(target);
        let declared = node["properties"].as_object().into_iter().flatten();
        for (name, _) in declared.filter(|(name, _)| Some(name.as_str()) != seen) {
            let schema = format!("{target}/properties/{}", escape(name));
            let is_required = contains(&node["required"], name);
            let is_identity = is_required && name == "id" && !document.resolve(&schema).1;
            let value = object.get(name);
            let before = self.found.len();
            let fit = self.within(name, |reading| match (value, is_required) {
                (Some(value), _) => reading.content(&schema, value, object),
                (None, true) => {
                    let weight = if is_identity { Weight::Breaks } else { Weight::Read };
                    reading.note(Fault::MissingField, weight, &schema);
                    Fit::Nothing
                }
                (None, false) => Fit::Nothing,
            });
            let misses = value.is_some() && fit == Fit::Nothing;
            if is_identity && misses && !self.has_neutral_value(&schema) {
                self.found[before..].iter_mut().for_each(|found| found.weight = Weight::Breaks);
            }
        }
        for name in object.keys().filter(|name| node["properties"].get(name.as_str()).is_none()) {
            // Answers that have their properties beside the flag need not declare it.
            if !(self.place.is_empty() && name == "success") {
                self.within(name, |reading| {
                    reading.note(Fault::UnknownField, Weight::Read, &format!("{target}/properties"));
                    Fit::Nothing
                });
            }
        }
    }

    /// A value whose form may follow from a sibling of it.
    fn content(&mut self, schema: &str, value: &Value, siblings: &Map<String, Value>) -> Fit {
        let (target, nullable) = self.document.resolve(schema);
        let Some(tag) = self.document.at(&target)["x-weeek-tagged-by"].as_str() else {
            return self.value(schema, value);
        };
        if value.is_null() {
            if !nullable {
                self.note(Fault::Null, Weight::Read, schema);
            }
            return Fit::Nothing;
        }
        let forms = self.document.at(&target)["anyOf"].as_array().into_iter().flatten();
        let form = forms.enumerate().find(|(_, form)| siblings.get(tag).is_some_and(|tag| form["title"] == *tag));
        match form {
            Some((at, _)) => self.forgiven(|reading| reading.value(&format!("{target}/anyOf/{at}"), value)),
            None => Fit::Value,
        }
    }

    /// One of several objects; one that can't be read is kept as JSON.
    fn tagged(&mut self, target: &str, value: &Value) -> Fit {
        let object = match value {
            Value::Object(object) => object,
            Value::Array(items) => {
                self.note(Fault::WrongType("an object", "a list"), Weight::Read, target);
                return items.first().map_or(Fit::Nothing, |first| self.value(target, first));
            }
            _ => return self.misfitting(target, "an object", value),
        };
        let discriminator = &self.document.at(target)["discriminator"];
        let name = discriminator["propertyName"].as_str().unwrap_or_default();
        let tag = object.get(name);
        match tag.and_then(|tag| discriminator["mapping"][tag.as_str()?].as_str()) {
            Some(form) => {
                let form = form.trim_start_matches('#').to_owned();
                self.forgiven(|reading| reading.object(&form, object))
            }
            None => {
                let fault = match tag {
                    None => Fault::MissingField,
                    Some(Value::Null) => Fault::Null,
                    Some(tag @ Value::String(_)) => Fault::UnknownValue(keyword(tag)),
                    Some(tag) => Fault::WrongType("a text", kind(tag)),
                };
                self.within(name, |reading| {
                    reading.note(fault, Weight::Read, &format!("{target}/discriminator"));
                    Fit::Value
                })
            }
        }
    }

    fn scalar(&mut self, schema: &str, target: &str, value: &Value) -> Fit {
        let node = self.document.at(target);
        let values = node["enum"].as_array();
        let (expected, is_exact, fits) = match node["type"].as_str().unwrap_or_default() {
            "boolean" => ("a boolean", value.is_boolean(), reads_boolean(value)),
            "integer" => ("an integer", value.is_i64(), reads_integer(value)),
            "number" => ("a number", value.is_number(), reads_number(value)),
            _ => {
                let is_id = target.strip_prefix("/components/schemas/").is_some_and(|rest| !rest.contains('/'));
                ("a text", value.is_string(), reads_text(value, is_id))
            }
        };
        if !is_exact || !fits {
            self.note(Fault::WrongType(expected, kind(value)), Weight::Read, schema);
        } else if values.is_some_and(|values| !values.contains(value)) {
            self.note(Fault::UnknownValue(keyword(value)), Weight::Read, schema);
        } else {
            self.limits(target, value);
            let format = node["format"].as_str().unwrap_or_default();
            if let Some(form) = value.as_str().and_then(|text| departs_from(format, text)) {
                self.note(Fault::WrongForm(form), Weight::Read, schema);
                return if matches!(format, "date" | "date-time") { Fit::Nothing } else { Fit::Value };
            }
        }
        if fits { Fit::Value } else { Fit::Nothing }
    }

    fn limits(&mut self, target: &str, value: &Value) {
        for keyword in exceeded(self.document, target, value) {
            let pointer = format!("{target}/{keyword}");
            let limit = self.document.at(&pointer);
            let limit = limit.as_str().map_or_else(|| limit.to_string(), str::to_owned);
            self.note(Fault::OutOfLimits(format!("{keyword}: {limit}")), Weight::Read, &pointer);
        }
    }

    /// Whether a required value that is null or nonsense is read as zero, false or the empty text.
    fn has_neutral_value(&self, schema: &str) -> bool {
        let (target, _) = self.document.resolve(schema);
        let node = self.document.at(&target);
        let is_dated = matches!(node["format"].as_str(), Some("date" | "date-time"));
        self.document.schema_name(schema).is_none() && !is_dated && node["type"] != "object"
    }

    fn misfit(&self, schema: &str, value: &Value) -> Fault {
        let mut trial = self.trial();
        trial.value(schema, value);
        trial.found.into_iter().next().map_or(Fault::Null, |departure| departure.fault)
    }

    fn misfitting(&mut self, schema: &str, expected: &'static str, value: &Value) -> Fit {
        self.note(Fault::WrongType(expected, kind(value)), Weight::Read, schema);
        Fit::Nothing
    }

    /// Reads what the client keeps as it came where it does not fit.
    fn forgiven(&mut self, read: impl FnOnce(&mut Self) -> Fit) -> Fit {
        let before = self.found.len();
        read(self);
        self.found[before..].iter_mut().for_each(|found| found.weight = Weight::Read);
        Fit::Value
    }

    fn within(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Fit) -> Fit {
        let length = self.place.len();
        if length > 0 {
            self.place.push('.');
        }
        self.place.push_str(name);
        let fit = read(self);
        self.place.truncate(length);
        fit
    }

    fn trial(&self) -> Self {
        Self { document: self.document, place: self.place.clone(), found: Vec::new() }
    }

    fn note(&mut self, fault: Fault, weight: Weight, pointer: &str) {
        let (place, line) = (self.place.clone(), self.document.line(pointer));
        self.found.push(Departure { weight, place, fault, line });
    }
}

fn contains(names: &Value, name: &str) -> bool {
    names.as_array().is_some_and(|names| names.iter().any(|known| known == name))
}

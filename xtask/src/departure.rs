//! Where an answer departs from the document, and whether the generated client reads it all the same.
//!
//! What the client forgives is decided in its `tolerant.rs` and `answer.rs`; the reading here follows them, and the tests of
//! both put the same answers before the real client.

use std::fmt;

use serde_json::{Map, Value};

use crate::document::{Answer, Document, Operation, Route, escape};
use crate::recording::{Body, Recording};

/// A place where an answer is not what the document says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Departure {
    /// Whether the client fails on it. What it forgives sorts last.
    pub weight: Weight,
    /// Where in the answer: `tasks[].dueDate`. Empty for the whole of it.
    pub place: String,
    /// What is wrong.
    pub fault: Fault,
    /// The line of the document that says otherwise.
    pub line: usize,
}

/// What a departure does to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The call ends in a decode error.
    Breaks,
    /// The answer is read, with what does not fit as `None`, as empty, or as it came.
    Read,
}

/// How an answer can depart from the document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No operation has this method and path.
    UnknownOperation,
    /// The operation does not declare this status.
    UndeclaredStatus(u16),
    /// The body is text where JSON is declared.
    NotJson,
    /// There is no body where one is declared.
    NoBody,
    /// There is a body where none is declared.
    Body,
    /// A 2xx answer says `success: false`.
    Refusal,
    /// The item came without the envelope around it.
    NoEnvelope,
    /// A property that the document does not have.
    UnknownField,
    /// A required property is not there.
    MissingField,
    /// Null where the document declares none.
    Null,
    /// A value of another type: the declared one, and the one that came.
    WrongType(&'static str, &'static str),
    /// A text that is not of the declared format.
    WrongForm(&'static str),
    /// A value that the enumeration does not list; shown where it can only be a keyword.
    UnknownValue(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation => f.write_str("the document has no such operation"),
            Self::UndeclaredStatus(status) => write!(f, "status {status} is not declared"),
            Self::NotJson => f.write_str("the body is not JSON"),
            Self::NoBody => f.write_str("the body is empty"),
            Self::Body => f.write_str("a body where none is declared"),
            Self::Refusal => f.write_str("`success: false` under a 2xx status"),
            Self::NoEnvelope => f.write_str("the answer came without its envelope"),
            Self::UnknownField => f.write_str("unknown field"),
            Self::MissingField => f.write_str("required, and missing"),
            Self::Null => f.write_str("null, and not nullable"),
            Self::WrongType(expected, got) => write!(f, "expected {expected}, got {got}"),
            Self::WrongForm(format) => write!(f, "not of the form {format}"),
            Self::UnknownValue(value) if value.is_empty() => f.write_str("unknown enumeration value"),
            Self::UnknownValue(value) => write!(f, "unknown enumeration value `{value}`"),
        }
    }
}

impl Fault {
    /// A keyword for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnknownOperation => "unknownOperation",
            Self::UndeclaredStatus(_) => "undeclaredStatus",
            Self::NotJson => "notJson",
            Self::NoBody => "noBody",
            Self::Body => "body",
            Self::Refusal => "refusal",
            Self::NoEnvelope => "noEnvelope",
            Self::UnknownField => "unknownField",
            Self::MissingField => "missingField",
            Self::Null => "null",
            Self::WrongType(..) => "wrongType",
            Self::WrongForm(_) => "wrongForm",
            Self::UnknownValue(_) => "unknownValue",
        }
    }
}

/// The operation that a recording answers, and where it departs from the document.
pub fn compare<'d>(document: &'d Document, recording: &Recording) -> (Option<&'d Operation>, Vec<Departure>) {
    let Route::Operation(operation, _) = document.route(&recording.method, &recording.path) else {
        let line = document.line("/paths");
        let (place, fault) = (String::new(), Fault::UnknownOperation);
        return (None, vec![Departure { weight: Weight::Read, place, fault, line }]);
    };
    let mut reading = Reading { document, place: String::new(), found: Vec::new() };
    reading.answer(operation, recording);
    let mut found = reading.found;
    found.sort();
    found.dedup();
    (Some(operation), found)
}

/// What the client makes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// A value.
    Value,
    /// Nothing: what stands there is null or can't be one.
    Nothing,
    /// A decode error.
    Broken,
}

struct Reading<'d> {
    document: &'d Document,
    place: String,
    found: Vec<Departure>,
}

impl Reading<'_> {
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
        let fit = envelope.get(name).map_or(Fit::Nothing, |value| {
            let mut trial = self.trial();
            trial.value(&item_schema, value)
        });
        // A null is an empty list, but an answer without the list is one of another form.
        let is_gone = if is_list { !envelope.contains_key(name) } else { fit == Fit::Nothing && is_required };
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
            Value::Array(values) => self.rows(&items, values.iter()),
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
        let fits: Vec<_> = values.map(|value| self.value(items, value)).collect();
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
        let tag = object.get(name).and_then(Value::as_str);
        match tag.and_then(|tag| discriminator["mapping"][tag].as_str()) {
            Some(form) => {
                let form = form.trim_start_matches('#').to_owned();
                self.forgiven(|reading| reading.object(&form, object))
            }
            None => {
                let fault = match object.get(name) {
                    None => Fault::MissingField,
                    Some(tag) => Fault::UnknownValue(keyword(tag)),
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
            "boolean" => ("a boolean", value.is_boolean(), is_boolean(value)),
            "integer" => ("an integer", is_integer(value), reads_integer(value)),
            "number" => ("a number", value.is_number(), reads_number(value)),
            _ => {
                let is_id = target.strip_prefix("/components/schemas/").is_some_and(|rest| !rest.contains('/'));
                let is_empty = is_id && value == "";
                ("a text", value.is_string(), !value.is_array() && !value.is_object() && !is_empty)
            }
        };
        if !is_exact {
            self.note(Fault::WrongType(expected, kind(value)), Weight::Read, schema);
        } else if values.is_some_and(|values| !values.contains(value)) {
            self.note(Fault::UnknownValue(keyword(value)), Weight::Read, schema);
        } else if let (Some(format), Some(text)) = (node["format"].as_str(), value.as_str())
            && let Some(form) = departs_from(format, text)
        {
            self.note(Fault::WrongForm(form), Weight::Read, schema);
            return if format == "uuid" && fits { Fit::Value } else { Fit::Nothing };
        } else if !fits {
            self.note(Fault::WrongType(expected, kind(value)), Weight::Read, schema);
        }
        if fits { Fit::Value } else { Fit::Nothing }
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

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) if is_integer(value) => "an integer",
        Value::Number(_) => "a number",
        Value::String(text) if text.is_empty() => "an empty text",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value of an enumeration that can be shown: what is no keyword may be what somebody typed.
fn keyword(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is_keyword =
        text.len() <= 32 && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.".contains(letter));
    if is_keyword { text } else { String::new() }
}

fn says_no(flag: &Value) -> bool {
    match flag {
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text == "0" || text == "false",
        _ => false,
    }
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

fn is_boolean(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(_) => is_integer(value),
        Value::String(text) => matches!(text.as_str(), "0" | "1" | "true" | "false"),
        _ => false,
    }
}

fn reads_integer(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => {
            let whole = |number: f64| number.fract() == 0.0 && number.abs() < 9.0e15;
            number.as_i64().is_some() || (number.is_f64() && number.as_f64().is_some_and(whole))
        }
        Value::String(text) => text.parse::<i64>().is_ok(),
        _ => false,
    }
}

fn reads_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::String(text) => text.parse::<f64>().is_ok_and(f64::is_finite),
        _ => false,
    }
}

/// The form that a text fails to have.
fn departs_from(format: &str, text: &str) -> Option<&'static str> {
    let (form, fits) = match format {
        "date" => ("yyyy-mm-dd", is_shaped(text, "0000-00-00")),
        "date-time" => ("yyyy-mm-ddThh:mm:ssZ", is_instant(text)),
        "uuid" => ("of a UUID", is_uuid(text)),
        _ => return None,
    };
    (!fits).then_some(form)
}

/// Whether a text has digits where `shape` has, and its other characters elsewhere.
pub(crate) fn is_shaped(text: &str, shape: &str) -> bool {
    let fits = |(is, should): (u8, u8)| if should == b'0' { is.is_ascii_digit() } else { is == should };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

pub(crate) fn is_uuid(text: &str) -> bool {
    let digits: String = text.chars().map(|letter| if letter.is_ascii_hexdigit() { '0' } else { letter }).collect();
    digits == "00000000-0000-0000-0000-000000000000"
}

/// With seconds, perhaps a fraction of them, and an offset.
fn is_instant(text: &str) -> bool {
    let Some((time, rest)) = text.split_at_checked(19) else { return false };
    let offset =
        rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    is_shaped(time, "0000-00-00T00:00:00")
        && (offset == "Z" || is_shaped(offset, "+00:00") || is_shaped(offset, "-00:00"))
}

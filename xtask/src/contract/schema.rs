//! Validates values against the schemas of the spec. It shares no code with the generator, whose lint validates examples too.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::drift::DriftKind;
use super::spec::Spec;
use crate::text_formats::{is_date, is_email, is_keyword, is_timestamp, is_url, is_uuid};

/// Messages by their location in a value, such as `tags.0`.
pub type Violations = BTreeMap<String, Vec<String>>;

/// The schemas of a spec.
pub struct Schemas {
    spec: Arc<Spec>,
    is_closed: bool,
}

/// Where a value does not match its schema.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mismatch<'s> {
    /// The keys that lead to it.
    pub(super) keys: Vec<String>,
    pub(super) kind: DriftKind,
    /// What the enumeration lists that lacks the value.
    options: &'s [Value],
}

impl Schemas {
    /// The schemas of a spec.
    pub fn new(spec: Arc<Spec>) -> Self {
        Self { spec, is_closed: false }
    }

    /// Like [`Schemas::new`], but rejects undeclared properties.
    pub fn closed(spec: Arc<Spec>) -> Self {
        Self { spec, is_closed: true }
    }

    /// The spec that the schemas belong to.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Checks a value against the schema at `pointer`. A valid value has no entries.
    pub fn check(&self, pointer: &str, value: &Value) -> Violations {
        let mut violations = Violations::new();
        for Mismatch { keys, kind, options } in self.mismatches(pointer, value) {
            let mut text = kind.to_string();
            if !options.is_empty() {
                let options: Vec<_> = options.iter().map(Value::to_string).collect();
                let _ = write!(text, ", expected one of {}", options.join(", "));
            }
            violations.entry(keys.join(".")).or_default().push(text);
        }
        violations
    }

    /// Whether a value fits the schema at `pointer`.
    pub fn fits(&self, pointer: &str, value: &Value) -> bool {
        self.mismatches(pointer, value).is_empty()
    }

    /// Every mismatch of a value; if no variant of several fits, those of the variant that fits best.
    pub(super) fn mismatches(&self, pointer: &str, value: &Value) -> Vec<Mismatch<'_>> {
        let mut check = Check { schemas: self, keys: Vec::new(), found: Vec::new() };
        check.value(self.spec.at(pointer), value);
        check.found
    }
}

/// The values that a keyword lists.
fn list<'s>(schema: &'s Value, keyword: &str) -> &'s [Value] {
    schema[keyword].as_array().map_or(&[], Vec::as_slice)
}

struct Check<'s> {
    schemas: &'s Schemas,
    keys: Vec<String>,
    found: Vec<Mismatch<'s>>,
}

impl<'s> Check<'s> {
    fn add(&mut self, kind: DriftKind, options: &'s [Value]) {
        self.found.push(Mismatch { keys: self.keys.clone(), kind, options });
    }

    /// Checks a value below this one.
    fn below(&mut self, key: String, check: impl FnOnce(&mut Self)) {
        self.keys.push(key);
        check(self);
        self.keys.pop();
    }

    fn value(&mut self, schema: &'s Value, value: &Value) {
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        if let Some(reference) = schema["$ref"].as_str() {
            self.value(self.schemas.spec.at(reference.trim_start_matches('#')), value);
        }
        list(schema, "allOf").iter().for_each(|part| self.value(part, value));
        for keyword in ["oneOf", "anyOf"] {
            if schema.get(keyword).is_some() {
                self.variants(keyword, list(schema, keyword), value);
            }
        }
        let expected = schema["type"].as_str().map(type_name);
        let options = list(schema, "enum");
        if let Some(expected) = expected.filter(|expected| !is_of_type(value, expected)) {
            let kind = DriftKind::WrongType(expected.into(), type_of(value).into());
            return self.add(if value.is_null() { DriftKind::Null } else { kind }, &[]);
        }
        if schema.get("enum").is_some() && !options.iter().any(|option| is_same(option, value)) {
            let kind = if value.is_null() { DriftKind::Null } else { DriftKind::UnknownValue(shown(value)) };
            self.add(kind, options);
        }
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => self.number(schema, number.as_f64().unwrap_or_default()),
            Value::String(text) => self.text(schema, text),
            Value::Array(items) => self.items(schema, items),
            Value::Object(properties) => self.properties(schema, properties),
        }
    }

    fn variants(&mut self, keyword: &str, variants: &'s [Value], value: &Value) {
        let variant = |schema| {
            let mut check = Check { schemas: self.schemas, keys: self.keys.clone(), found: Vec::new() };
            check.value(schema, value);
            check.found
        };
        let mut variants: Vec<Vec<Mismatch<'_>>> = variants.iter().map(variant).collect();
        match variants.iter().filter(|mismatches| mismatches.is_empty()).count() {
            1 => return,
            2.. if keyword == "anyOf" => return,
            2.. => return self.add(DriftKind::OutOfBounds(keyword.to_owned()), &[]),
            0 => {}
        }
        // A variant that is null stands beside another one.
        variants.retain(|mismatches| !mismatches.iter().any(|mismatch| matches!(mismatch.options, [Value::Null])));
        let is_choice = variants.len() > 1;
        let is_enum = |mismatch: &Mismatch<'_>| !mismatch.options.is_empty();
        let best = variants.into_iter().min_by_key(|found| (found.iter().any(is_enum), found.len()));
        let Some(mut best) = best else { return self.add(DriftKind::OutOfBounds(keyword.to_owned()), &[]) };
        // An enumeration in each of several variants is their tag: if none has the value, only that counts.
        let tag = best.iter().find(|mismatch| is_choice && is_enum(mismatch)).map(|mismatch| mismatch.keys.clone());
        best.retain(|mismatch| tag.as_ref().is_none_or(|tag| mismatch.keys == *tag));
        self.found.append(&mut best);
    }

    /// Adds the limit of a keyword, in the spelling of the spec, if `is_violated` says so of it.
    fn limit(&mut self, schema: &Value, keyword: &str, is_violated: impl FnOnce(f64) -> bool) {
        let limit = &schema[keyword];
        if limit.as_f64().is_some_and(is_violated) {
            self.add(DriftKind::OutOfBounds(format!("{keyword}: {limit}")), &[]);
        }
    }

    fn number(&mut self, schema: &Value, number: f64) {
        let is_exclusive = |keyword: &str| schema[keyword] == true;
        self.limit(schema, "minimum", |least| number < least || number <= least && is_exclusive("exclusiveMinimum"));
        self.limit(schema, "maximum", |most| number > most || number >= most && is_exclusive("exclusiveMaximum"));
    }

    fn count(&mut self, schema: &Value, [least, most]: [&str; 2], count: usize) {
        let count = u32::try_from(count).map_or(f64::INFINITY, f64::from);
        self.limit(schema, least, |least| count < least);
        self.limit(schema, most, |most| count > most);
    }

    fn text(&mut self, schema: &Value, text: &str) {
        self.count(schema, ["minLength", "maxLength"], text.chars().count());
        if let Some(pattern) = schema["pattern"].as_str().filter(|pattern| !self.schemas.spec.matches(pattern, text)) {
            self.add(DriftKind::OutOfBounds(format!("pattern: {pattern}")), &[]);
        }
        let format = schema["format"].as_str().unwrap_or_default();
        let fits = match format {
            "date" => is_date(text),
            "date-time" => is_timestamp(text),
            "uuid" => is_uuid(text),
            "email" => is_email(text),
            "uri" => is_url(text),
            _ => true,
        };
        if !fits {
            self.add(DriftKind::WrongFormat(format.to_owned()), &[]);
        }
    }

    fn items(&mut self, schema: &'s Value, items: &[Value]) {
        self.count(schema, ["minItems", "maxItems"], items.len());
        let is_repeated = |(at, item)| items[..at].iter().any(|other| is_same(other, item));
        if schema["uniqueItems"] == true && items.iter().enumerate().any(is_repeated) {
            self.add(DriftKind::OutOfBounds("uniqueItems: true".to_owned()), &[]);
        }
        for (at, item) in items.iter().enumerate() {
            self.below(at.to_string(), |check| check.value(&schema["items"], item));
        }
    }

    fn properties(&mut self, schema: &'s Value, object: &Map<String, Value>) {
        let (declared, others) = (&schema["properties"], &schema["additionalProperties"]);
        let is_closed = *others == false || self.schemas.is_closed && declared.is_object();
        for name in list(schema, "required").iter().filter_map(Value::as_str) {
            let is_former = |key: &String| former_name(declared, key) == Some(name) && self.schemas.is_closed;
            if !object.contains_key(name) && !object.keys().any(is_former) {
                self.below(name.to_owned(), |check| check.add(DriftKind::MissingField, &[]));
            }
        }
        for (key, value) in object {
            let former = former_name(declared, key).filter(|_| self.schemas.is_closed);
            self.below(key.clone(), |check| match declared.get(former.unwrap_or(key)) {
                Some(schema) => check.value(schema, value),
                None if is_closed => check.add(DriftKind::UnknownField, &[]),
                None => check.value(others, value),
            });
        }
    }
}

/// The present name of a property, which a response may have under a former one. An alias may end with the version that renamed it.
fn former_name<'s>(properties: &'s Value, key: &str) -> Option<&'s str> {
    let names = |property| list(property, "x-weeek-aliases").iter().filter_map(Value::as_str);
    let is_former = |property| names(property).any(|alias| alias.split('@').next() == Some(key));
    let mut properties = properties.as_object()?.iter();
    properties.find(|(_, property)| is_former(property)).map(|(name, _)| name.as_str())
}

/// Whether two values are the same; 1 and 1.0 are.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

/// Whether a value is of the type with this name; 1.0 is an integer too.
fn is_of_type(value: &Value, name: &str) -> bool {
    type_of(value) == name || name == "an integer" && value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn type_name(keyword: &str) -> &'static str {
    let name = ["a boolean", "an integer", "a number", "a string", "an array", "an object"];
    name.into_iter().find(|name| name.ends_with(keyword)).unwrap_or("null")
}

/// An enum value that can be shown; one that is not a keyword may be private, and is empty.
fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if is_keyword(&text) { text } else { String::new() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn violations_have_locations() {
        let schemas = Schemas::new(Arc::new(Spec::load(None).unwrap()));
        for (name, value, location, message) in [
            ("UpdateTag", json!({"color": "#FF6AA9"}), "title", "missing required property"),
            ("UpdateTask", json!({"priority": 9}), "priority", "unknown enum value `9`, expected one of 0, 1, 2, 3"),
            ("UpdateTask", json!({"tags": ["a", 3]}), "tags.0", "expected an integer, found a string"),
            ("UpdateTask", json!({"type": null}), "type", "null but not nullable"),
            ("UpdateTask", json!({"dueDateTime": "2026-11-24T09:30:00+00:00"}), "dueDateTime", "violates `pattern: ^"),
            ("CreateTask", json!({"title": null}), "title", "null but not nullable"),
            ("CreateTask", json!({"dueDate": "24.11.2026"}), "dueDate", "invalid format, expected date"),
            ("CreateTaskComment", json!({"markdown": ""}), "markdown", "violates `minLength: 1`"),
            ("TaskWatchersLink", json!({"watchers": []}), "watchers", "violates `minItems: 1`"),
            ("CustomFieldConfig", json!({"type": "number"}), "precision", "missing required property"),
            ("CustomFieldPosition", json!({}), "after", "missing required property"),
            ("TagId", json!("3"), "", "expected an integer, found a string"),
            ("UserId", json!("nora"), "", "invalid format, expected uuid"),
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

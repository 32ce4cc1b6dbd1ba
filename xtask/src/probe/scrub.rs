//! Removes private data from responses, consistently: equal names, texts, URLs, amounts and ids get equal replacements.
//!
//! Structure, types, null and empty values, enum values and date formats stay, so the drift stays the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

use crate::contract::recording::{Body, Recording};
use crate::contract::{Operation, Spec};
use crate::pointer::{decode, escape};
use crate::text_formats::{is_date, is_dotted_date, is_email, is_keyword, is_shaped, is_url, is_uuid};

/// Replaces private data, consistently across responses.
#[derive(Debug)]
pub struct Scrubber<'s> {
    spec: &'s Spec,
    /// The property names of the spec.
    known: BTreeSet<String>,
    replaced: BTreeMap<String, usize>,
}

impl<'s> Scrubber<'s> {
    /// Creates a scrubber without replacements.
    pub fn new(spec: &'s Spec) -> Self {
        let mut known = BTreeSet::new();
        names(spec.at("/components"), &mut known);
        Self { spec, known, replaced: BTreeMap::new() }
    }

    /// Returns the recording without private data.
    pub fn scrub(&mut self, operation: &Operation, recording: &Recording) -> Recording {
        let response = self.spec.response(operation, recording.status);
        let schema = response.or_else(|| self.spec.success(operation)).and_then(|response| response.schema);
        let is_success = (200..300).contains(&recording.status);
        let body = match &recording.body {
            Body::Empty => Body::Empty,
            Body::Json(value) => Body::Json(self.value(schema.as_deref(), "", value, is_success)),
            Body::Text(text) if text.trim_start().starts_with('<') => Body::Text("<html>a page</html>".to_owned()),
            Body::Text(text) => Body::Text(self.text(text)),
        };
        Recording { path: self.path(operation, &recording.path), body, ..recording.clone() }
    }

    /// Replaces ids in the path, and values in the query except pagination.
    fn path(&mut self, operation: &Operation, path: &str) -> String {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let templates = operation.template.split('/');
        let segments = self.spec.relative_path(path).split('/').zip(templates).map(|(segment, template)| {
            if template.starts_with('{') { self.id_text(&decode(segment)) } else { template.to_owned() }
        });
        let mut scrubbed = segments.collect::<Vec<_>>().join("/");
        let pagination = self.spec.pagination(operation);
        for (at, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let is_pagination =
                pagination.is_some_and(|pagination| key == pagination.limit || key == pagination.offset);
            let value = if is_pagination { value.to_owned() } else { self.id_text(&decode(value)) };
            scrubbed.push(if at == 0 { '?' } else { '&' });
            let _ = write!(scrubbed, "{key}={value}");
        }
        scrubbed
    }

    fn value(&mut self, schema: Option<&str>, name: &str, value: &Value, is_success: bool) -> Value {
        let target = schema.map(|schema| self.spec.resolve(schema).0);
        let node = target.as_deref().map_or(&Value::Null, |target| self.spec.at(target));
        let below = |part: &str| target.as_ref().map(|target| format!("{target}/{part}"));
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::Array(items) => {
                // An array in place of an object contains such objects.
                let schema = if node["type"] == "array" { below("items") } else { target.clone() };
                items.iter().map(|item| self.value(schema.as_deref(), name, item, is_success)).collect()
            }
            // An object in place of an array is its one item, unless its keys are indexes.
            Value::Object(object)
                if node["type"] == "array" && object.keys().next().is_some_and(|key| key.parse::<u64>().is_err()) =>
            {
                self.value(below("items").as_deref(), name, value, is_success)
            }
            Value::Object(object) => {
                // The keys of a map are private, those of other objects are not.
                let is_map = node["additionalProperties"].is_object() && node["properties"].is_null();
                let scrubbed = object.iter().map(|(key, value)| {
                    let properties = self.properties(target.as_deref(), object);
                    let schema = properties.map(|properties| format!("{properties}/properties/{}", escape(key)));
                    let schema = schema.filter(|schema| !self.spec.at(schema).is_null());
                    let values = || below("additionalProperties").filter(|values| self.spec.at(values).is_object());
                    let schema =
                        schema.or_else(values).or_else(|| (node["type"] == "array").then(|| below("items"))?);
                    (self.key(key, is_map), self.value(schema.as_deref(), key, value, is_success))
                });
                Value::Object(scrubbed.collect::<Vec<_>>().into_iter().collect())
            }
            Value::Number(number) => self.number(schema, name, number, node, is_success),
            Value::String(text) => self.text_of(schema, name, text, node).into(),
        }
    }

    /// Returns another string with the same drift.
    fn text_of(&mut self, schema: Option<&str>, name: &str, text: &str, node: &Value) -> String {
        let (is_choice, is_flag) = (node["enum"].is_array(), matches!(text, "0" | "1" | "true" | "false"));
        if text.is_empty() || is_flag || (is_choice && is_keyword(text)) {
            return text.to_owned();
        }
        let mut other = match text.parse::<f64>() {
            _ if self.is_id(schema, name) => self.id_text(text),
            Ok(number) if number.is_finite() && !is_choice => "7".to_owned(),
            _ => self.text(text),
        };
        if let Some(pattern) = node["pattern"].as_str() {
            let [matches, still] = [text, &other].map(|text| self.spec.matches(pattern, text));
            if matches && !still {
                // The number of digits differs from the original.
                other = fill(text.len(), "0", &other) + &other;
            } else if !matches && still {
                other.push('~');
            }
        }
        let most = node["maxLength"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        if text.chars().count() > most && other.chars().count() <= most {
            // A prefix of an email address is part of it.
            let filling = fill(most + 1, "x", &other);
            other = if is_email(&other) { filling + &other } else { other + &filling };
        }
        other
    }

    /// The schema with the properties of an object: the variant that its tag names, or the first one.
    fn properties(&self, target: Option<&str>, object: &Map<String, Value>) -> Option<String> {
        let target = target?;
        let discriminator = &self.spec.at(target)["discriminator"];
        let variants = discriminator["mapping"].as_object();
        let tag = discriminator["propertyName"].as_str().and_then(|name| object.get(name)?.as_str());
        let variant = variants
            .and_then(|variants| tag.and_then(|tag| variants.get(tag)).or_else(|| variants.values().next())?.as_str());
        Some(variant.map_or(target, |variant| variant.trim_start_matches('#')).to_owned())
    }

    /// Keeps property names. Any other key may be private.
    fn key(&mut self, key: &str, is_map: bool) -> String {
        let is_index = key.len() < 4 && key.parse::<u64>().is_ok();
        if self.known.contains(key) || is_index || (!is_map && is_name(key)) {
            key.to_owned()
        } else if key.parse::<u64>().is_ok() {
            self.integer(key).to_string()
        } else {
            self.text(key)
        }
    }

    /// Returns another number with the same drift.
    fn number(&mut self, schema: Option<&str>, name: &str, number: &Number, node: &Value, is_success: bool) -> Value {
        if let (Some(values), true) = (node["enum"].as_array(), number.is_i64()) {
            let is_kept = values.contains(&number.clone().into()) || is_keyword(&number.to_string());
            return if is_kept { number.clone().into() } else { 9999.into() };
        }
        // The declared numbers of error responses are not private.
        if !is_success && matches!(node["type"].as_str(), Some("integer" | "number")) {
            return number.clone().into();
        }
        match (number.as_i64(), number.as_f64()) {
            (Some(0), _) => 0.into(),
            (Some(integer), _) if self.is_id(schema, name) => {
                let other = self.integer(&integer.to_string());
                if integer < 0 { (-other).into() } else { other.into() }
            }
            (Some(integer), _) => within_bounds(integer, node).into(),
            (None, Some(_)) if number.is_u64() => u64::MAX.into(),
            (None, Some(amount)) => {
                // Whole, with a fraction, or too large for an integer.
                let size = if amount.abs() >= 9.0e15 {
                    1e300
                } else if amount.fract() == 0.0 {
                    7.0
                } else {
                    7.5
                };
                (size * amount.signum()).into()
            }
            (None, None) => Value::Null,
        }
    }

    fn is_id(&self, schema: Option<&str>, name: &str) -> bool {
        let named = schema.and_then(|schema| self.spec.schema_name(schema));
        let is_known = named.is_some_and(|named| named.ends_with("Id"));
        is_known || name == "id" || name == "ids" || name.ends_with("Id") || name.ends_with("Ids")
    }

    fn id_text(&mut self, text: &str) -> String {
        if text.parse::<i64>().is_ok() {
            return self.integer(text).to_string();
        }
        if is_uuid(text) {
            return format!("00000000-0000-4000-8000-{:012}", self.serial(text));
        }
        // Ids of other formats keep their length.
        let number = self.serial(text).to_string();
        format!("id{}{number}", fill(text.chars().count().saturating_sub(2), "0", &number))
    }

    fn integer(&mut self, id: &str) -> i64 {
        let serial = self.serial(id.trim_start_matches(['-', '+']));
        1000 + i64::try_from(serial).unwrap_or(0)
    }

    fn text(&mut self, text: &str) -> String {
        if text.trim().is_empty() {
            return " ".to_owned();
        }
        if let Some(moment) = self.moment(text) {
            return moment;
        }
        if is_uuid(text) {
            return self.id_text(text);
        }
        if let Some(digits) = text.strip_prefix('#').filter(|rest| rest.chars().all(|digit| digit.is_ascii_hexdigit()))
        {
            return format!("#{}", &"6C78F4FF".repeat(1 + digits.len() / 8)[..digits.len()]);
        }
        let number = self.serial(text);
        if is_url(text) {
            format!("https://files.example.com/{number}")
        } else if is_email(text) {
            format!("person{number}@example.com")
        } else {
            format!("text {number}")
        }
    }

    /// Returns another date in the same format, if it is one.
    fn moment(&mut self, text: &str) -> Option<String> {
        if is_shaped(text, "00.00.0000") {
            let (year, month, day) = self.day(text, is_dotted_date(text));
            return Some(format!("{day:02}.{month:02}.{year:04}"));
        }
        let (day, rest) = text.split_at_checked(10).filter(|(day, _)| is_shaped(day, "0000-00-00"))?;
        let (mark, time, fraction, offset) = if rest.is_empty() { ("", "", "", "") } else { clock(rest)? };
        let (year, month, day) = self.day(text, is_date(day));
        let fraction = fraction.replace(|letter: char| letter.is_ascii_digit(), "0");
        Some(format!("{year:04}-{month:02}-{day:02}{mark}{time}{fraction}{offset}"))
    }

    /// Returns the replacement date of a string, or an invalid one.
    fn day(&mut self, text: &str, is_real: bool) -> (usize, usize, usize) {
        let number = self.serial(text);
        if is_real { (2000 + number / 336, 1 + number / 28 % 12, 1 + number % 28) } else { (0, 0, 0) }
    }

    /// Returns the replacement number of a string, always the same one.
    fn serial(&mut self, text: &str) -> usize {
        let next = self.replaced.len() + 1;
        *self.replaced.entry(text.to_owned()).or_insert(next)
    }
}

/// The filling that brings a string to a length. The width of `format!` has only 16 bits.
fn fill(length: usize, filling: &str, text: &str) -> String {
    filling.repeat(length.saturating_sub(text.chars().count()))
}

fn names(node: &Value, known: &mut BTreeSet<String>) {
    match node {
        Value::Object(object) => {
            known.extend(
                object.get("properties").and_then(Value::as_object).into_iter().flat_map(|map| map.keys().cloned()),
            );
            object.values().for_each(|value| names(value, known));
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, known)),
        _ => {}
    }
}

/// Whether an unknown key looks like a property of the API: reporting those is the purpose of the probe.
/// Ids differ: they have digits between letters.
fn is_name(key: &str) -> bool {
    let letters = key.trim_end_matches(|letter: char| letter.is_ascii_digit());
    key.len() <= 32
        && key.len() - letters.len() <= 2
        && letters.starts_with(|first: char| first.is_ascii_lowercase())
        && letters.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '_')
}

/// Returns an integer on the same side of the bounds.
fn within_bounds(integer: i64, node: &Value) -> i64 {
    let (least, most) = (node["minimum"].as_i64(), node["maximum"].as_i64());
    match (least, most) {
        (Some(least), _) if integer < least => least - 1,
        (_, Some(most)) if integer > most => most + 1,
        _ => {
            let other = if integer < 0 { -7 } else { 7 };
            other.max(least.unwrap_or(i64::MIN)).min(most.unwrap_or(i64::MAX))
        }
    }
}

/// Splits the text after a date: separator, replacement time, fraction and offset.
fn clock(text: &str) -> Option<(&str, &'static str, &str, &str)> {
    let (mark, rest) = text.split_at_checked(1).filter(|(mark, _)| matches!(*mark, "T" | " "))?;
    let (time, rest) = rest.split_at_checked(8).filter(|(time, _)| is_shaped(time, "00:00:00"))?;
    let (fraction, offset) = rest.split_at(rest.find(['Z', '+', '-']).unwrap_or(rest.len()));
    let is_fraction = fraction.is_empty()
        || fraction.strip_prefix('.').is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
    let shapes = ["+00:00", "-00:00", "+0000", "-0000"];
    let is_offset = matches!(offset, "" | "Z") || shapes.iter().any(|shape| is_shaped(offset, shape));
    let is_real = time[..2] <= *"23" && time[3..5] <= *"59" && time[6..] <= *"59";
    (is_fraction && is_offset).then_some((mark, if is_real { "03:04:05" } else { "99:99:99" }, fraction, offset))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::SPEC;
    use crate::contract::compare;
    use crate::contract::schema::Schemas;

    #[test]
    fn private_data_is_removed_and_drift_stays() {
        let schemas = Schemas::closed(SPEC.clone());
        let spec = schemas.spec();
        let operation = spec.operation("tasks.list").unwrap();
        let anna = "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34";
        let body = json!({"success": 1, "hasMore": "true", "Ivan Petrov": 4815, "tasks": [
            {"id": 4711, "parentId": "4712", "title": "Call Ivan", "description": "", "type": "secret_kind", "priority": 9,
             "dueDate": "31.12.1987", "createdAt": "1987-12-31 23:59:58.123", "updatedAt": "1987-12-31T23:59:58+03:00",
             "overdue": 815, "duration": null, "authorId": anna, "assignees": [anna], "tags": {"0": 4713},
             "attachments": {}, "newThing": {"phone": "+49 30 4815162342", "mail": "ivan@petrov.ru", "ownerId": 4711},
             "customFields": [{"id": anna, "name": "Salary", "type": "number", "options": [], "value": 4815.5}],
             "image": "https://petrov.ru/ivan.png?token=geheim", "isCompleted": "1", "subTasks": "nonsense"}]});
        let recording = Recording {
            method: "GET".to_owned(),
            path: format!("/public/v1/tm/tasks?userId={anna}&perPage=20&search=Ivan"),
            status: 200,
            body: Body::Json(body),
        };
        let mut scrubber = Scrubber::new(spec);
        let scrubbed = scrubber.scrub(operation, &recording);
        // JSON paths contain keys, and private keys are replaced too.
        let drift = |recording| {
            let found = compare(&schemas, recording).drift.into_iter();
            found.map(|found| (found.kind, found.line, found.severity)).collect::<BTreeSet<_>>()
        };
        assert_eq!(drift(&scrubbed), drift(&recording));
        let text = scrubbed.to_json().to_string();
        for private in
            ["Ivan", "Petrov", "petrov", "471", "4815", "815", "1987", "5b0c", "Salary", "geheim", "nonsense"]
        {
            assert!(!text.contains(private), "{private}: {text}");
        }
        let path = &scrubbed.path;
        assert!(
            path.starts_with("/tm/tasks?userId=00000000-0000-4000-8000-") && path.contains("&perPage=20&"),
            "{path}"
        );
        let Body::Json(body) = &scrubbed.body else { panic!() };
        let task = &body["tasks"][0];
        assert_eq!(
            (&task["type"], &task["priority"], &task["description"]),
            (&json!("secret_kind"), &json!(9), &json!(""))
        );
        assert_eq!((&task["dueDate"], &task["createdAt"]), (&json!("06.01.2000"), &json!("2000-01-04 03:04:05.000")));
        assert_eq!(task["updatedAt"], "2000-01-15T03:04:05+03:00");
        assert_eq!((&task["id"], &task["assignees"][0]), (&task["newThing"]["ownerId"], &task["authorId"]));
        assert!(task["parentId"].is_string() && task["attachments"] == json!({}) && task["isCompleted"] == "1");
        assert_eq!(scrubber.scrub(operation, &recording), scrubbed, "equal values get equal replacements");
    }
}

//! What is wrong with a request, by the document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Spec;
use super::server::Incoming;
use crate::document::{Operation, Parameter, decode};
use crate::form::is_dotted_date;
use crate::schema::Faults;

/// A request that was looked through.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// What the API would refuse.
    pub(super) faults: Faults,
    /// What it would take and ignore.
    pub(super) ignored: Vec<String>,
    /// What was sent by name: query and body.
    pub(super) sent: Map<String, Value>,
    /// The files that were sent, in their order.
    pub(super) files: Vec<File>,
}

/// A file that was sent.
#[derive(Debug)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) size: usize,
}

impl Checked {
    fn fault(&mut self, place: &str, text: impl Into<String>) {
        self.faults.entry(place.to_owned()).or_default().push(text.into());
    }
}

/// Looks a request through.
pub(super) async fn check(spec: &Spec, operation: &Operation, incoming: &Incoming) -> Checked {
    let mut checked = Checked::default();
    query(spec, operation, &incoming.query, &mut checked);
    body(spec, operation, incoming, &mut checked).await;
    checked
}

/// A path parameter as JSON, by its schema.
pub(super) fn id(spec: &Spec, parameter: &Parameter, text: &str) -> Value {
    typed(spec, &parameter.schema, text)
}

fn query(spec: &Spec, operation: &Operation, query: &str, checked: &mut Checked) {
    let mut pairs: Vec<(String, String)> = query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
    for parameter in spec.document.parameters(operation).iter().filter(|parameter| !parameter.in_path) {
        let name = parameter.name.as_str();
        let plain = name.trim_end_matches("[]");
        let (target, _) = spec.document.resolve(&parameter.schema);
        let is_list = spec.document.at(&target)["type"] == "array";
        let mine: Vec<_> = pairs.extract_if(.., |(key, _)| key.split('[').next() == Some(plain)).collect();
        if mine.is_empty() {
            if parameter.required {
                checked.fault(plain, "The parameter is required.");
            }
            continue;
        }
        let value = if !is_list {
            // The last of several counts, as in PHP.
            match &mine[mine.len() - 1] {
                (key, text) if key == name => scalar(spec, &parameter.schema, text),
                (key, _) => Err(format!("Write `{name}=…`, not `{key}=…`.")),
            }
        } else if name.ends_with("[]") {
            list(spec, &target, plain, &mine)
        } else {
            objects(plain, &mine)
        };
        match value {
            Ok(value) => {
                for (place, texts) in spec.schemas.check(&parameter.schema, &value) {
                    let dot = if place.is_empty() { "" } else { "." };
                    checked.faults.entry(format!("{plain}{dot}{place}")).or_default().extend(texts);
                }
                checked.sent.insert(plain.to_owned(), value);
            }
            Err(text) => checked.fault(plain, text),
        }
    }
    checked.ignored.extend(pairs.into_iter().map(|(key, _)| format!("query `{key}`")));
}

fn pair(text: &str) -> (String, String) {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    (decode(&key.replace('+', " ")), decode(&value.replace('+', " ")))
}

fn scalar(spec: &Spec, schema: &str, text: &str) -> Result<Value, String> {
    let (target, _) = spec.document.resolve(schema);
    match spec.document.at(&target)["x-weeek-rust-type"].as_str() {
        Some("boolean") if text != "0" && text != "1" => Err("Booleans are written 0 and 1.".to_owned()),
        Some("date") if !is_dotted_date(text) => Err("Dates are written dd.mm.yyyy.".to_owned()),
        _ => Ok(typed(spec, schema, text)),
    }
}

fn list(spec: &Spec, target: &str, name: &str, pairs: &[(String, String)]) -> Result<Value, String> {
    let items = format!("{target}/items");
    let value = |(key, text): &(String, String)| {
        let index = key[name.len()..].strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match index {
            Some(index) if index.bytes().all(|digit| digit.is_ascii_digit()) => Ok(typed(spec, &items, text)),
            _ => Err(format!("Write `{name}[]=…` once for each value, not `{key}=…`.")),
        }
    };
    pairs.iter().map(value).collect::<Result<_, _>>().map(Value::Array)
}

/// `name[0][key]=value`
fn objects(name: &str, pairs: &[(String, String)]) -> Result<Value, String> {
    let mut rows: BTreeMap<usize, Map<String, Value>> = BTreeMap::new();
    for (key, text) in pairs {
        let parts = key[name.len()..].strip_prefix('[').and_then(|rest| rest.strip_suffix(']')?.split_once("]["));
        match parts.and_then(|(index, key)| Some((index.parse().ok()?, key))) {
            Some((index, key)) => drop(rows.entry(index).or_default().insert(key.to_owned(), json!(text))),
            None => return Err(format!("Write `{name}[0][…]=…`, not `{key}=…`.")),
        }
    }
    Ok(rows.into_values().map(Value::Object).collect())
}

/// Text as JSON, by the type that the schema asks for; what can't be of that type stays a text.
fn typed(spec: &Spec, schema: &str, text: &str) -> Value {
    let (target, _) = spec.document.resolve(schema);
    let number = match spec.document.at(&target)["type"].as_str() {
        Some("integer") => text.parse::<i64>().map(Value::from).ok(),
        Some("number") => text.parse::<f64>().map(Value::from).ok(),
        _ => None,
    };
    number.unwrap_or_else(|| Value::String(text.to_owned()))
}

async fn body(spec: &Spec, operation: &Operation, incoming: &Incoming, checked: &mut Checked) {
    let pointer = format!("{}/requestBody", operation.pointer);
    let declared = spec.document.at(&pointer);
    let kind = incoming.content_type.split(';').next().unwrap_or_default().trim();
    if declared.is_null() {
        if !incoming.body.is_empty() {
            checked.ignored.push("body".to_owned());
        }
        return;
    }
    let [json, form] = ["application/json", "multipart/form-data"].map(|kind| declared["content"].get(kind).is_some());
    if incoming.body.is_empty() {
        if declared["required"] == true {
            checked.fault("body", "The body is required.");
        }
    } else if json && kind == "application/json" {
        let schema = format!("{pointer}/content/application~1json/schema");
        match serde_json::from_slice(&incoming.body) {
            Ok(value) => json_body(spec, &schema, &value, checked),
            Err(error) => checked.fault("body", format!("The body is not JSON: {error}.")),
        }
    } else if form && kind == "multipart/form-data" {
        let schema = format!("{pointer}/content/multipart~1form-data/schema");
        parts(spec, &schema, incoming, checked).await;
    } else {
        let wanted = if json { "application/json" } else { "multipart/form-data" };
        checked.fault("body", format!("The content type is {wanted}, not `{kind}`."));
    }
}

fn json_body(spec: &Spec, schema: &str, value: &Value, checked: &mut Checked) {
    for (place, texts) in spec.schemas.check(schema, value) {
        let place = if place.is_empty() { "body".to_owned() } else { place };
        checked.faults.entry(place).or_default().extend(texts);
    }
    let (target, _) = spec.document.resolve(schema);
    let node = spec.document.at(&target);
    for (key, value) in value.as_object().into_iter().flatten() {
        let is_known = node.get("properties").is_none_or(|properties| properties.get(key).is_some());
        if is_known {
            checked.sent.insert(key.clone(), value.clone());
        } else {
            checked.ignored.push(format!("body `{key}`"));
        }
    }
}

/// The names of the parts, against the properties of the schema.
async fn parts(spec: &Spec, schema: &str, incoming: &Incoming, checked: &mut Checked) {
    let (target, _) = spec.document.resolve(schema);
    let node = spec.document.at(&target);
    let Ok(boundary) = multer::parse_boundary(&incoming.content_type) else {
        return checked.fault("body", "The multipart body has no boundary.");
    };
    let bytes = incoming.body.clone();
    let stream = futures_util::stream::once(async move { Ok::<_, std::convert::Infallible>(bytes) });
    let mut form = multer::Multipart::new(stream, boundary);
    let mut names = Vec::new();
    loop {
        let part = match form.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(error) => return checked.fault("body", format!("The multipart body is broken: {error}.")),
        };
        names.push(part.name().unwrap_or_default().to_owned());
        let file = part.file_name().map(str::to_owned);
        match (file, part.bytes().await) {
            (Some(name), Ok(bytes)) => checked.files.push(File { name, size: bytes.len() }),
            (None, Ok(_)) => {}
            (_, Err(error)) => return checked.fault("body", format!("The multipart body is broken: {error}.")),
        }
    }
    for name in node["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !names.iter().any(|known| known == name) {
            checked.fault(name, format!("There is no part called `{name}`."));
        }
    }
    for name in names.into_iter().filter(|name| node["properties"].get(name.as_str()).is_none()) {
        checked.fault(&name, format!("No part is called `{name}`."));
    }
}

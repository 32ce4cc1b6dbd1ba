//! A request, and its violations of the spec.

use std::collections::BTreeMap;

use hyper::HeaderMap;
use hyper::body::Bytes;
use serde_json::{Map, Value, json};

use crate::contract::schema::{Schemas, Violations};
use crate::contract::{Operation, Parameter};
use crate::pointer::decode;
use crate::text_formats::is_dotted_date;

/// A request as received.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) content_type: String,
    pub(super) body: Bytes,
}

/// The result of checking a request.
#[derive(Debug, Default)]
pub(super) struct CheckedRequest {
    /// What the API would reject.
    pub(super) violations: Violations,
    /// What the API would accept and ignore.
    pub(super) ignored: Vec<String>,
    /// Values of the query and the body by name.
    pub(super) sent: Map<String, Value>,
    /// The uploaded files in their order.
    pub(super) files: Vec<File>,
}

/// An uploaded file.
#[derive(Debug)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) size: usize,
}

impl CheckedRequest {
    fn violation(&mut self, location: &str, text: impl Into<String>) {
        self.violations.entry(location.to_owned()).or_default().push(text.into());
    }
}

/// Checks the query and the body of a request.
pub(super) async fn check(schemas: &Schemas, operation: &Operation, request: &Request) -> CheckedRequest {
    let mut checked = CheckedRequest::default();
    query(schemas, operation, &request.query, &mut checked);
    body(schemas, operation, request, &mut checked).await;
    checked
}

/// Parses a path parameter by its schema.
pub(super) fn path_parameter(schemas: &Schemas, parameter: &Parameter, text: &str) -> Value {
    typed(schemas, &parameter.schema, text)
}

fn query(schemas: &Schemas, operation: &Operation, query: &str, checked: &mut CheckedRequest) {
    let mut pairs: Vec<(String, String)> = query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
    for parameter in schemas.spec().parameters(operation).iter().filter(|parameter| !parameter.in_path) {
        let name = parameter.name.as_str();
        let plain = name.trim_end_matches("[]");
        let (target, _) = schemas.spec().resolve(&parameter.schema);
        let is_list = schemas.spec().at(&target)["type"] == "array";
        let mine: Vec<_> = pairs.extract_if(.., |(key, _)| key.split('[').next() == Some(plain)).collect();
        if mine.is_empty() {
            if parameter.required {
                checked.violation(plain, "The parameter is required.");
            }
            continue;
        }
        let value = if !is_list {
            // The last of several values counts, as in PHP.
            match &mine[mine.len() - 1] {
                (key, text) if key == name => scalar(schemas, &parameter.schema, text),
                (key, _) => Err(format!("Write `{name}=…`, not `{key}=…`.")),
            }
        } else if name.ends_with("[]") {
            list(schemas, &target, plain, &mine)
        } else {
            objects(plain, &mine)
        };
        match value {
            Ok(value) => {
                for (location, texts) in schemas.check(&parameter.schema, &value) {
                    let dot = if location.is_empty() { "" } else { "." };
                    checked.violations.entry(format!("{plain}{dot}{location}")).or_default().extend(texts);
                }
                checked.sent.insert(plain.to_owned(), value);
            }
            Err(text) => checked.violation(plain, text),
        }
    }
    checked.ignored.extend(pairs.into_iter().map(|(key, _)| format!("query `{key}`")));
}

fn pair(text: &str) -> (String, String) {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    (decode(&key.replace('+', " ")), decode(&value.replace('+', " ")))
}

fn scalar(schemas: &Schemas, schema: &str, text: &str) -> Result<Value, String> {
    let (target, _) = schemas.spec().resolve(schema);
    match schemas.spec().at(&target)["x-weeek-rust-type"].as_str() {
        Some("boolean") if text != "0" && text != "1" => Err("Booleans are written 0 and 1.".to_owned()),
        Some("date") if !is_dotted_date(text) => Err("Dates are written dd.mm.yyyy.".to_owned()),
        _ => Ok(typed(schemas, schema, text)),
    }
}

fn list(schemas: &Schemas, target: &str, name: &str, pairs: &[(String, String)]) -> Result<Value, String> {
    let items = format!("{target}/items");
    let value = |(key, text): &(String, String)| {
        let index = key[name.len()..].strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match index {
            Some(index) if index.bytes().all(|digit| digit.is_ascii_digit()) => Ok(typed(schemas, &items, text)),
            _ => Err(format!("Write `{name}[]=…` once for each value, not `{key}=…`.")),
        }
    };
    pairs.iter().map(value).collect::<Result<_, _>>().map(Value::Array)
}

/// Parses `name[0][key]=value`.
fn objects(name: &str, pairs: &[(String, String)]) -> Result<Value, String> {
    let mut objects: BTreeMap<usize, Map<String, Value>> = BTreeMap::new();
    for (key, text) in pairs {
        let parts = key[name.len()..].strip_prefix('[').and_then(|rest| rest.strip_suffix(']')?.split_once("]["));
        match parts.and_then(|(index, key)| Some((index.parse().ok()?, key))) {
            Some((index, key)) => drop(objects.entry(index).or_default().insert(key.to_owned(), json!(text))),
            None => return Err(format!("Write `{name}[0][…]=…`, not `{key}=…`.")),
        }
    }
    Ok(objects.into_values().map(Value::Object).collect())
}

/// Parses text as the type of the schema. Text of another type stays a string.
fn typed(schemas: &Schemas, schema: &str, text: &str) -> Value {
    let (target, _) = schemas.spec().resolve(schema);
    let number = match schemas.spec().at(&target)["type"].as_str() {
        Some("integer") => text.parse::<i64>().map(Value::from).ok(),
        Some("number") => text.parse::<f64>().map(Value::from).ok(),
        _ => None,
    };
    number.unwrap_or_else(|| Value::String(text.to_owned()))
}

async fn body(schemas: &Schemas, operation: &Operation, request: &Request, checked: &mut CheckedRequest) {
    let pointer = format!("{}/requestBody", operation.pointer);
    let declared = schemas.spec().at(&pointer);
    let kind = request.content_type.split(';').next().unwrap_or_default().trim();
    if declared.is_null() {
        if !request.body.is_empty() {
            checked.ignored.push("body".to_owned());
        }
        return;
    }
    let [json, form] = ["application/json", "multipart/form-data"].map(|kind| declared["content"].get(kind).is_some());
    if request.body.is_empty() {
        if declared["required"] == true {
            checked.violation("body", "The body is required.");
        }
    } else if json && kind == "application/json" {
        let schema = format!("{pointer}/content/application~1json/schema");
        match serde_json::from_slice(&request.body) {
            Ok(value) => json_body(schemas, &schema, &value, checked),
            Err(error) => checked.violation("body", format!("The body is not JSON: {error}.")),
        }
    } else if form && kind == "multipart/form-data" {
        let schema = format!("{pointer}/content/multipart~1form-data/schema");
        parts(schemas, &schema, request, checked).await;
    } else {
        let wanted = if json { "application/json" } else { "multipart/form-data" };
        checked.violation("body", format!("The content type is {wanted}, not `{kind}`."));
    }
}

fn json_body(schemas: &Schemas, schema: &str, value: &Value, checked: &mut CheckedRequest) {
    for (location, texts) in schemas.check(schema, value) {
        let location = if location.is_empty() { "body".to_owned() } else { location };
        checked.violations.entry(location).or_default().extend(texts);
    }
    let (target, _) = schemas.spec().resolve(schema);
    let node = schemas.spec().at(&target);
    for (key, value) in value.as_object().into_iter().flatten() {
        let is_known = node.get("properties").is_none_or(|properties| properties.get(key).is_some());
        if is_known {
            checked.sent.insert(key.clone(), value.clone());
        } else {
            checked.ignored.push(format!("body `{key}`"));
        }
    }
}

/// Checks the parts of a multipart body against the properties of the schema.
async fn parts(schemas: &Schemas, schema: &str, request: &Request, checked: &mut CheckedRequest) {
    let (target, _) = schemas.spec().resolve(schema);
    let node = schemas.spec().at(&target);
    let Ok(boundary) = multer::parse_boundary(&request.content_type) else {
        return checked.violation("body", "The multipart body has no boundary.");
    };
    let bytes = request.body.clone();
    let stream = futures_util::stream::once(async move { Ok::<_, std::convert::Infallible>(bytes) });
    let mut form = multer::Multipart::new(stream, boundary);
    let mut names = Vec::new();
    loop {
        let part = match form.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(error) => return checked.violation("body", format!("The multipart body is broken: {error}.")),
        };
        names.push(part.name().unwrap_or_default().to_owned());
        let file = part.file_name().map(str::to_owned);
        match (file, part.bytes().await) {
            (Some(name), Ok(bytes)) => checked.files.push(File { name, size: bytes.len() }),
            (None, Ok(_)) => {}
            (_, Err(error)) => return checked.violation("body", format!("The multipart body is broken: {error}.")),
        }
    }
    for name in node["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !names.iter().any(|known| known == name) {
            checked.violation(name, format!("The part `{name}` is missing."));
        }
    }
    for name in names.into_iter().filter(|name| node["properties"].get(name.as_str()).is_none()) {
        checked.violation(&name, format!("The part `{name}` is unknown."));
    }
}

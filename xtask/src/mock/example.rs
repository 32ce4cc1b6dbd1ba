//! Makes response bodies from examples and sent values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::request::{CheckedRequest, File};
use crate::contract::schema::Schemas;
use crate::contract::{Operation, Pagination};
use crate::pointer::escape;

/// The body of a success: the example with the sent values, and a list of `items` items.
pub(super) fn success(
    schemas: &Schemas,
    operation: &Operation,
    ids: &BTreeMap<String, Value>,
    checked: &CheckedRequest,
    items: Option<usize>,
) -> Option<Value> {
    let sent = &checked.sent;
    let response = schemas.spec().success(operation)?;
    let mut body = response.example?.clone();
    let (envelope, _) = schemas.spec().resolve(response.schema.as_deref()?);
    let overlay = Overlay { schemas, operation, ids, sent };
    let Some(item) = response.item else {
        overlay.apply(&envelope, &mut body);
        return Some(body);
    };
    let schema = format!("{envelope}/properties/{}", escape(item));
    match body.get_mut(item)? {
        Value::Array(examples) => {
            let (list, _) = schemas.spec().resolve(&schema);
            let each = format!("{list}/items");
            let items = if checked.files.is_empty() { items } else { Some(checked.files.len()) };
            let mut all = repeat(std::mem::take(examples), items);
            all.iter_mut().for_each(|item| overlay.item(&each, item));
            all.iter_mut().zip(&checked.files).for_each(|(item, file)| overlay.file(&each, file, item));
            let pagination = schemas.spec().pagination(operation);
            let more = pagination.map(|pagination| paginate(&mut all, schemas, operation, pagination, sent));
            body[item] = Value::Array(all);
            if let (Some(flag), Some(more)) = (pagination.and_then(|pagination| pagination.has_more), more) {
                body[flag] = Value::Bool(more);
            }
        }
        object => overlay.apply(&schema, object),
    }
    Some(body)
}

/// Repeats the examples to a number of items; repeated ones get their own ids.
fn repeat(examples: Vec<Value>, items: Option<usize>) -> Vec<Value> {
    let (Some(items), false) = (items, examples.is_empty()) else { return examples };
    let highest = examples.iter().filter_map(|item| item["id"].as_i64()).max().unwrap_or(0);
    let item = |at: usize| {
        let mut item = examples[at % examples.len()].clone();
        if at >= examples.len() {
            let number = at - examples.len() + 1;
            let id = match item.get("id") {
                Some(Value::Number(_)) => i64::try_from(number).ok().map(|number| Value::from(highest + number)),
                Some(Value::String(id)) => Some(numbered(id, number).into()),
                _ => None,
            };
            if let Some(id) = id {
                item["id"] = id;
            }
        }
        item
    };
    (0..items).map(item).collect()
}

/// An id of the same format that ends with the number.
fn numbered(id: &str, number: usize) -> String {
    let number = number.to_string();
    let width = number.len().max(6).min(id.len());
    let head = id.get(..id.len() - width).unwrap_or_default();
    format!("{head}{number:0>width$}")
}

/// Reduces the items to one page, and returns whether more follow.
fn paginate(
    items: &mut Vec<Value>,
    schemas: &Schemas,
    operation: &Operation,
    pagination: Pagination<'_>,
    sent: &Map<String, Value>,
) -> bool {
    let number = |value: &Value| usize::try_from(value.as_u64()?).ok();
    let parameters = schemas.spec().parameters(operation);
    let default = parameters.iter().find(|parameter| parameter.name == pagination.limit);
    let default = default.and_then(|parameter| number(&schemas.spec().at(&parameter.schema)["default"]));
    let limit = sent.get(pagination.limit).and_then(number).or(default).unwrap_or(pagination.page_size);
    let offset = sent.get(pagination.offset).and_then(number).unwrap_or(0).min(items.len());
    items.drain(..offset);
    let more = items.len() > limit;
    items.truncate(limit);
    more
}

struct Overlay<'a> {
    schemas: &'a Schemas,
    operation: &'a Operation,
    ids: &'a BTreeMap<String, Value>,
    sent: &'a Map<String, Value>,
}

impl Overlay<'_> {
    /// Replaces values of the example with sent ones, and the id with that of the path.
    fn apply(&self, schema: &str, object: &mut Value) {
        self.item(schema, object);
        let (target, _) = self.schemas.spec().resolve(schema);
        let own = self.schemas.spec().schema_name(&format!("{target}/properties/id"));
        let parameters = self.schemas.spec().parameters(self.operation);
        let mut same = parameters.iter().filter(|parameter| {
            parameter.in_path && own.is_some() && self.schemas.spec().schema_name(&parameter.schema) == own
        });
        if let Some(id) = same.next_back().and_then(|parameter| self.ids.get(&parameter.name)) {
            self.put(&target, "id", id, object);
        }
    }

    /// Replaces values that have the same name. The id stays.
    fn item(&self, schema: &str, object: &mut Value) {
        let (target, _) = self.schemas.spec().resolve(schema);
        for (name, value) in self.sent.iter().chain(self.ids) {
            if name != "id" && name != "success" {
                self.put(&target, name, value, object);
            }
        }
    }

    /// Replaces the name and size of a file.
    fn file(&self, schema: &str, file: &File, object: &mut Value) {
        let (target, _) = self.schemas.spec().resolve(schema);
        self.put(&target, "name", &file.name.as_str().into(), object);
        self.put(&target, "size", &file.size.into(), object);
    }

    fn put(&self, target: &str, name: &str, value: &Value, object: &mut Value) {
        let schema = format!("{target}/properties/{}", escape(name));
        let is_property = !self.schemas.spec().at(&schema).is_null();
        if let (true, Some(object)) = (is_property && self.schemas.fits(&schema, value), object.as_object_mut()) {
            object.insert(name.to_owned(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn repeated_items_have_their_own_ids_in_the_same_format() {
        let items = repeat(vec![json!({"id": 7}), json!({"id": 3})], Some(5));
        let ids: Vec<_> = items.iter().map(|item| item["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, [7, 3, 8, 9, 10]);
        assert_eq!(numbered("Kq3vT8nXb2LmPz7R", 12), "Kq3vT8nXb2000012");
        assert_eq!(numbered("5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34", 1), "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a000001");
        assert_eq!(repeat(vec![json!({"id": 7})], Some(0)), [] as [Value; 0]);
    }
}

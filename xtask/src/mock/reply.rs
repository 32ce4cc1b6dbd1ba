//! Answers out of the document's examples, and what was sent.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Spec;
use super::check::{Checked, File};
use crate::document::{Operation, Paging, escape};

/// The body of a success: the example, with what was sent in its place, and as many rows as were asked for.
pub(super) fn success(
    spec: &Spec,
    operation: &Operation,
    ids: &BTreeMap<String, Value>,
    checked: &Checked,
    rows: Option<usize>,
) -> Option<Value> {
    let sent = &checked.sent;
    let answer = spec.document.success(operation)?;
    let mut body = answer.example?.clone();
    let (envelope, _) = spec.document.resolve(answer.schema.as_deref()?);
    let overlay = Overlay { spec, operation, ids, sent };
    let Some(item) = answer.item else {
        overlay.apply(&envelope, &mut body);
        return Some(body);
    };
    let schema = format!("{envelope}/properties/{}", escape(item));
    match body.get_mut(item)? {
        Value::Array(examples) => {
            let (list, _) = spec.document.resolve(&schema);
            let each = format!("{list}/items");
            let rows = if checked.files.is_empty() { rows } else { Some(checked.files.len()) };
            let mut all = repeat(std::mem::take(examples), rows);
            all.iter_mut().for_each(|row| overlay.row(&each, row));
            all.iter_mut().zip(&checked.files).for_each(|(row, file)| overlay.file(&each, file, row));
            let paging = spec.document.paging(operation);
            let more = paging.map(|paging| cut(&mut all, spec, operation, paging, sent));
            body[item] = Value::Array(all);
            if let (Some(flag), Some(more)) = (paging.and_then(|paging| paging.more), more) {
                body[flag] = Value::Bool(more);
            }
        }
        object => overlay.apply(&schema, object),
    }
    Some(body)
}

/// So many rows out of a few examples; those that are repeated get ids of their own.
fn repeat(examples: Vec<Value>, rows: Option<usize>) -> Vec<Value> {
    let (Some(rows), false) = (rows, examples.is_empty()) else { return examples };
    let highest = examples.iter().filter_map(|row| row["id"].as_i64()).max().unwrap_or(0);
    let row = |at: usize| {
        let mut row = examples[at % examples.len()].clone();
        if at >= examples.len() {
            let number = at - examples.len() + 1;
            let id = match row.get("id") {
                Some(Value::Number(_)) => i64::try_from(number).ok().map(|number| Value::from(highest + number)),
                Some(Value::String(id)) => Some(numbered(id, number).into()),
                _ => None,
            };
            if let Some(id) = id {
                row["id"] = id;
            }
        }
        row
    };
    (0..rows).map(row).collect()
}

/// An id of the same form that ends in the number.
fn numbered(id: &str, number: usize) -> String {
    let number = number.to_string();
    let width = number.len().max(6).min(id.len());
    let head = id.get(..id.len() - width).unwrap_or_default();
    format!("{head}{number:0>width$}")
}

/// Cuts a page out of the rows, and says whether more follow.
fn cut(
    rows: &mut Vec<Value>,
    spec: &Spec,
    operation: &Operation,
    paging: Paging<'_>,
    sent: &Map<String, Value>,
) -> bool {
    let number = |value: &Value| usize::try_from(value.as_u64()?).ok();
    let parameters = spec.document.parameters(operation);
    let usual = parameters.iter().find(|parameter| parameter.name == paging.limit);
    let usual = usual.and_then(|parameter| number(&spec.document.at(&parameter.schema)["default"]));
    let limit = sent.get(paging.limit).and_then(number).or(usual).unwrap_or(paging.size);
    let offset = sent.get(paging.offset).and_then(number).unwrap_or(0).min(rows.len());
    rows.drain(..offset);
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}

struct Overlay<'a> {
    spec: &'a Spec,
    operation: &'a Operation,
    ids: &'a BTreeMap<String, Value>,
    sent: &'a Map<String, Value>,
}

impl Overlay<'_> {
    /// Puts what was sent, and the id of the path, in place of what the example has.
    fn apply(&self, schema: &str, object: &mut Value) {
        self.row(schema, object);
        let (target, _) = self.spec.document.resolve(schema);
        let own = self.spec.document.schema_name(&format!("{target}/properties/id"));
        let parameters = self.spec.document.parameters(self.operation);
        let mut same = parameters.iter().filter(|parameter| {
            parameter.in_path && own.is_some() && self.spec.document.schema_name(&parameter.schema) == own
        });
        if let Some(id) = same.next_back().and_then(|parameter| self.ids.get(&parameter.name)) {
            self.put(&target, "id", id, object);
        }
    }

    /// Only what the row shares by name: its own id stays.
    fn row(&self, schema: &str, object: &mut Value) {
        let (target, _) = self.spec.document.resolve(schema);
        for (name, value) in self.sent.iter().chain(self.ids) {
            if name != "id" && name != "success" {
                self.put(&target, name, value, object);
            }
        }
    }

    /// What was sent as a file is answered as one, with its own name and size.
    fn file(&self, schema: &str, file: &File, object: &mut Value) {
        let (target, _) = self.spec.document.resolve(schema);
        self.put(&target, "name", &file.name.as_str().into(), object);
        self.put(&target, "size", &file.size.into(), object);
    }

    fn put(&self, target: &str, name: &str, value: &Value, object: &mut Value) {
        let schema = format!("{target}/properties/{}", escape(name));
        let is_property = !self.spec.document.at(&schema).is_null();
        if let (true, Some(object)) = (is_property && self.spec.schemas.fits(&schema, value), object.as_object_mut()) {
            object.insert(name.to_owned(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn repeated_rows_have_ids_of_their_own_and_of_the_same_form() {
        let rows = repeat(vec![json!({"id": 7}), json!({"id": 3})], Some(5));
        let ids: Vec<_> = rows.iter().map(|row| row["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, [7, 3, 8, 9, 10]);
        assert_eq!(numbered("Kq3vT8nXb2LmPz7R", 12), "Kq3vT8nXb2000012");
        assert_eq!(numbered("5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34", 1), "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a000001");
        assert_eq!(repeat(vec![json!({"id": 7})], Some(0)), [] as [Value; 0]);
    }
}

//! The examples of successful responses, and where in them a value of each type is.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::ir::{Resource, Response, TypeDef, TypeKind, TypeRef};
use crate::spec::node::{Node, Value};
use crate::spec::resolve;

/// Adds to each operation the name of its example, and to each type the location of a value. Returns the examples.
pub(super) fn add(
    root: &Node,
    resources: &mut [Resource],
    types: &mut BTreeMap<String, TypeDef>,
) -> BTreeMap<String, String> {
    let (mut examples, mut found) = (BTreeMap::new(), Found { types, values: BTreeMap::new() });
    for operation in resources.iter_mut().flat_map(|resource| &mut resource.operations) {
        let node = root.get("paths").and_then(|paths| paths.get(&operation.path)?.get(&operation.method));
        let responses = node.map_or(&[][..], |node| node.entries_at("responses"));
        let Some((status, response)) = responses.iter().find(|(status, _)| status.name.starts_with('2')) else {
            continue;
        };
        operation.success.0 = status.name.parse().unwrap_or(200);
        let target = resolve::resolve_ref(root, "responses", response);
        let Some(example) = target.get("content").and_then(|content| content.get("application/json")?.get("example"))
        else {
            continue;
        };
        let name = resolve::reference_in("responses", response).unwrap_or(&operation.id).to_owned();
        let (value, ty, pointer) = match &operation.response {
            Response::Unit => (None, None, String::new()),
            Response::Item { key, ty, .. } => (example.get(key), Some(ty.clone()), format!("/{key}")),
            Response::Page { key, item } => {
                (example.get(key), Some(TypeRef::List(Box::new(item.clone()))), format!("/{key}"))
            }
            Response::Body(ty) => (Some(example), Some(ty.clone()), String::new()),
        };
        if let (Some(value), Some(ty)) = (value, ty) {
            found.visit(&ty, value, &name, &pointer, None);
        }
        examples.entry(name.clone()).or_insert_with(|| serde_json::to_string(&Json(example)).expect("a tree is JSON"));
        operation.success.1 = Some(name);
    }
    let values = found.values;
    for (name, (_, response, pointer)) in values {
        if let Some(ty) = types.get_mut(&name) {
            ty.example = Some((response, pointer));
        }
    }
    examples
}

/// The values found so far, by type.
struct Found<'t> {
    types: &'t BTreeMap<String, TypeDef>,
    /// The depth of the value, the name of the response, and the pointer. The least of a type counts, so that a task is the one that a
    /// response is about.
    values: BTreeMap<String, (usize, String, String)>,
}

impl Found<'_> {
    fn visit(&mut self, ty: &TypeRef, value: &Node, response: &str, pointer: &str, object: Option<&Node>) {
        match ty {
            TypeRef::List(item) => {
                for (at, value) in value.items().iter().enumerate() {
                    self.visit(item, value, response, &format!("{pointer}/{at}"), None);
                }
            }
            TypeRef::StringMap(inner) => {
                for (key, value) in value.entries() {
                    self.visit(inner, value, response, &format!("{pointer}/{}", escape(&key.name)), None);
                }
            }
            TypeRef::Nullable(inner) => self.visit(inner, value, response, pointer, object),
            TypeRef::Named(name) | TypeRef::Boxed(name) => self.named(name, value, response, pointer, object),
            _ => {}
        }
    }

    fn named(&mut self, name: &str, value: &Node, response: &str, pointer: &str, object: Option<&Node>) {
        let Some(definition) = self.types.get(name) else { return };
        match &definition.kind {
            TypeKind::Struct(body) if !value.entries().is_empty() => {
                self.keep(name, response, pointer);
                for field in &body.fields {
                    if let Some(inner) = value.get(&field.wire_name) {
                        let pointer = format!("{pointer}/{}", escape(&field.wire_name));
                        self.visit(&field.ty, inner, response, &pointer, Some(value));
                    }
                }
            }
            TypeKind::Tagged { tag, variants } => {
                let tag = value.text_at(tag).unwrap_or_default();
                if let Some(variant) = variants.iter().find(|variant| variant.values.iter().any(|value| value == tag)) {
                    self.keep(name, response, pointer);
                    self.named(&variant.ty, value, response, pointer, None);
                }
            }
            TypeKind::TaggedBySibling { tag, variants } => {
                let tag = object.and_then(|object| object.text_at(tag)).unwrap_or_default();
                if let Some(variant) = variants.iter().find(|variant| variant.value == tag) {
                    self.visit(&variant.ty, value, response, pointer, None);
                }
            }
            TypeKind::Map { value: inner, .. } => {
                self.visit(&TypeRef::StringMap(Box::new(inner.clone())), value, response, pointer, None);
            }
            _ => {}
        }
    }

    fn keep(&mut self, name: &str, response: &str, pointer: &str) {
        let value = (pointer.matches('/').count(), response.to_owned(), pointer.to_owned());
        let known = self.values.entry(name.to_owned()).or_insert_with(|| value.clone());
        if value < *known {
            *known = value;
        }
    }
}

/// A key as a part of a JSON pointer.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A value as JSON, with its properties in the order of the spec.
pub(super) struct Json<'n>(pub(super) &'n Node);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(node) = self;
        match &node.value {
            Value::Mapping(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (&key.name, Json(value))))
            }
            Value::Sequence(items) => serializer.collect_seq(items.iter().map(Json)),
            Value::Scalar { .. } if node.is_null() => serializer.serialize_unit(),
            Value::Scalar { text, .. } => {
                if let Some(boolean) = node.boolean() {
                    serializer.serialize_bool(boolean)
                } else if let Some(integer) = node.integer() {
                    serializer.serialize_i64(integer)
                } else if let Some(number) = node.number() {
                    serializer.serialize_f64(number)
                } else {
                    serializer.serialize_str(text)
                }
            }
        }
    }
}

//! The values of examples: the spec's own, and a sample for every parameter, so that each operation has a complete call.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::response_examples::Json;
use crate::ir::{Resource, TypeDef, TypeKind};
use crate::spec::node::Node;
use crate::spec::resolve;

/// References deeper than this form a cycle, which is an error elsewhere.
const MAX_DEPTH: usize = 64;

/// Adds the values to a spec without errors.
pub(super) fn add(root: &Node, resources: &mut [Resource], types: &mut BTreeMap<String, TypeDef>) {
    let samples = Samples::collect(root);
    for operation in resources.iter_mut().flat_map(|resource| &mut resource.operations) {
        let Some(node) = root.get("paths").and_then(|paths| paths.get(&operation.path)?.get(&operation.method)) else {
            continue;
        };
        let body = node.get("requestBody").and_then(|body| resolve::media(body).first());
        operation.example = body.and_then(|(_, content)| content.get("example")).map(value);
        let declared: BTreeMap<&str, &Node> = resolve::parameters(root, node)
            .filter_map(|(_, declared)| Some((declared.text_at("name")?, declared)))
            .collect();
        let optional = match operation.query.as_ref().and_then(|query| types.get_mut(query)) {
            Some(TypeDef { kind: TypeKind::Query(parameters), .. }) => &mut parameters[..],
            _ => &mut [],
        };
        for parameter in operation.path_parameters.iter_mut().chain(&mut operation.required_query).chain(optional) {
            let Some(node) = declared.get(parameter.wire_name.as_str()) else { continue };
            parameter.has_example = node.get("example").is_some();
            parameter.sample = match (node.get("example"), node.get("schema")) {
                (Some(example), _) => value(example),
                (None, Some(schema)) => samples.of(schema, 0),
                (None, None) => Value::Null,
            };
        }
    }
}

/// The first value of each named schema in the examples of bodies.
struct Samples<'a> {
    root: &'a Node,
    known: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Samples<'a> {
    fn collect(root: &'a Node) -> Self {
        let mut samples = Self { root, known: BTreeMap::new() };
        // Responses come first: they start with the id of the object itself.
        for (_, content) in resolve::responses(root).chain(resolve::request_bodies(root)).flat_map(resolve::media) {
            if let (Some(schema), Some(example)) = (content.get("schema"), content.get("example")) {
                samples.visit(schema, example, 0);
            }
        }
        samples
    }

    fn visit(&mut self, schema: &'a Node, example: &'a Node, depth: usize) {
        if example.is_null() || depth > MAX_DEPTH {
            return;
        }
        if let Some(name) = resolve::reference(schema).filter(|_| example.text().is_some()) {
            self.known.entry(name).or_insert(example);
        }
        let schema = resolve::resolve_ref(self.root, "schemas", schema);
        let parts = schema.items_at("allOf").iter().chain(resolve::wrapped_ref(schema));
        parts.for_each(|part| self.visit(part, example, depth + 1));
        for (key, inner) in example.entries() {
            let property = schema.get("properties").and_then(|properties| properties.get(&key.name));
            if let Some(schema) = property.or_else(|| schema.get("additionalProperties")) {
                self.visit(schema, inner, depth + 1);
            }
        }
        if let Some(items) = schema.get("items") {
            example.items().iter().for_each(|item| self.visit(items, item, depth + 1));
        }
    }

    /// A value of the schema.
    fn of(&self, schema: &'a Node, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        if let Some(known) = resolve::reference(schema).and_then(|name| self.known.get(name)) {
            return value(known);
        }
        let schema = resolve::resolve_ref(self.root, "schemas", schema);
        if let Some(given) = schema.get("example").or_else(|| schema.get("default")) {
            return value(given);
        }
        if let Some(first) = schema.items_at("enum").first() {
            return value(first);
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            if let Some(part) = schema.items_at(key).first() {
                return self.of(part, depth + 1);
            }
        }
        let number = |key| schema.get(key).and_then(Node::integer);
        match schema.text_at("type") {
            Some("boolean") => json!(false),
            Some("integer" | "number") => {
                let least = number("minimum").map(|least| least + i64::from(schema.is_true("exclusiveMinimum")));
                json!(least.unwrap_or(1).max(1).min(number("maximum").unwrap_or(i64::MAX)))
            }
            Some("array") => schema.get("items").map_or(json!([]), |items| json!([self.of(items, depth + 1)])),
            Some("string") => string(schema).into(),
            _ => {
                let properties = schema.entries_at("properties").iter();
                properties.map(|(key, property)| (key.name.clone(), self.of(property, depth + 1))).collect()
            }
        }
    }
}

fn string(schema: &Node) -> String {
    let is_date = schema.text_at("x-weeek-rust-type") == Some("date");
    match schema.text_at("format") {
        _ if is_date => "24.11.2026".to_owned(),
        Some("date") => "2026-11-24".to_owned(),
        Some("date-time") => "2026-11-24T09:30:00Z".to_owned(),
        Some("uuid") => "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34".to_owned(),
        Some("email") => "nora@example.com".to_owned(),
        Some("uri") => "https://example.com/".to_owned(),
        _ => {
            let least = schema.get("minLength").and_then(Node::integer).and_then(|least| usize::try_from(least).ok());
            let most = schema.get("maxLength").and_then(Node::integer).and_then(|most| usize::try_from(most).ok());
            let length = least.unwrap_or(0).max(4).min(most.unwrap_or(4)).min(1_000);
            "text".chars().cycle().take(length).collect()
        }
    }
}

fn value(node: &Node) -> Value {
    serde_json::to_value(Json(node)).unwrap_or_default()
}

//! An operation that no document describes: the shape that its method and its name suggest, for a person to correct.

use serde_json::{Value, json};

use super::names::{lower_first, singular, words};
use crate::upstream::model::Api;
use crate::upstream::normal;

/// A document with this operation alone.
pub(super) fn of(method: &str, path: &str, id: &str) -> Result<Api, String> {
    let (_, function) = id.split_once('.').unwrap_or_default();
    let last = path.rsplit('/').find(|segment| !segment.is_empty() && !segment.starts_with('{')).unwrap_or("thing");
    let key = lower_first(&words(last));
    let object = json!({"type": "object", "required": ["id", "name"], "properties": {
        "id": {"type": "integer"}, "name": {"type": "string"},
    }});
    let verb = |verbs: &[&str]| verbs.iter().any(|verb| function.starts_with(verb));
    let item = match method {
        "GET" if verb(&["list"]) => Some((key, json!({"type": "array", "items": object}))),
        "GET" => Some((singular(&key), object)),
        "POST" | "PUT" | "PATCH" if verb(&["create", "update", "patch"]) => Some((singular(&key), object)),
        _ => None,
    };
    let mut response =
        json!({"type": "object", "required": ["success"], "properties": {"success": {"type": "boolean"}}});
    if let Some((key, schema)) = item {
        response["properties"][&key] = schema;
        response["required"] = json!(["success", key]);
    }
    let mut operation = json!({"responses": {"200": {"content": {"application/json": {"schema": response}}}}});
    if verb(&["create", "update", "patch", "add", "set"]) {
        let required: Value = if verb(&["create"]) { json!(["name"]) } else { json!([]) };
        let body = json!({"type": "object", "required": required, "properties": {
            "name": {"type": "string"}, "description": {"type": "string"},
        }});
        operation["requestBody"] = json!({"content": {"application/json": {"schema": body}}});
    }
    let document = json!({
        "openapi": "3.0.0", "info": {"title": "", "version": ""}, "paths": {path: {method.to_lowercase(): operation}},
    });
    normal::read(&document.to_string())
}

//! What a schema states about its value: types, null, formats and bounds, as OpenAPI 3.1 writes them.

use std::collections::BTreeSet;

use super::model::{ASPECTS, BOUNDS, Node};
use crate::yaml::{Content, Part};

/// Whether a form is null alone: `{type: null}` in OpenAPI 3.1, `{enum: [null]}` in 3.0.
pub(super) fn is_null(form: &Part) -> bool {
    let ty = form.get("type").map(|ty| &ty.content);
    let values = form.items_at("enum");
    matches!(ty, Some(Content::Scalar(ty, _)) if ty == "null")
        || ty.is_none() && !values.is_empty() && values.iter().all(|value| value.text().is_none())
}

/// The types without null, which is a fact of its own.
pub(super) fn types(node: &mut Node, part: &Part) {
    let written = part.get("type");
    let list: Vec<&str> = match written.map(|ty| &ty.content) {
        Some(Content::Scalar(ty, _)) => vec![ty],
        Some(Content::List(types)) => types
            .iter()
            .filter_map(|ty| if let Content::Scalar(ty, _) = &ty.content { Some(ty.as_str()) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    if part.is_true("nullable") || list.contains(&"null") {
        node.mark("nullable");
    }
    let types: BTreeSet<&str> = list.into_iter().filter(|ty| *ty != "null").collect();
    if !types.is_empty() {
        node.facts.insert("type", types.into_iter().collect::<Vec<_>>().join(" or "));
    } else if !node.facts.contains_key("type") && node.refers.is_none() {
        let has = |key: &str| node.children.contains_key(key);
        let is_object = has("{}") || node.children.keys().any(|key| key.starts_with('.'));
        let ty = if is_object {
            "object"
        } else if has("[]") {
            "array"
        } else {
            "any"
        };
        node.facts.insert("type", ty.to_owned());
    }
}

pub(super) fn constraints(node: &mut Node, part: &Part) {
    let mut note = |aspect, text: &str| drop(node.facts.insert(aspect, text.to_owned()));
    for key in ["format", "pattern", "default"] {
        if let Some(text) = part.text_at(key) {
            note(key, text);
        }
    }
    if part.text_at("contentMediaType").is_some() {
        note("format", "binary");
    }
    for key in ASPECTS[BOUNDS].iter().copied() {
        match part.text_at(key) {
            // In OpenAPI 3.0 a boolean qualifies the bound beside it.
            Some("true") => note(
                key,
                part.text_at(if key == "exclusiveMinimum" { "minimum" } else { "maximum" }).unwrap_or_default(),
            ),
            Some("false") | None => {}
            Some(text) => note(key, text),
        }
    }
    for key in ["uniqueItems", "deprecated"] {
        if part.is_true(key) {
            note(key, "true");
        }
    }
    let values = part.items_at("enum").iter().chain(part.get("const"));
    let (known, null): (Vec<_>, Vec<_>) = values.partition(|value| value.text().is_some());
    let known: BTreeSet<&str> = known.into_iter().filter_map(Part::text).collect();
    if !known.is_empty() {
        note("enum", &known.into_iter().collect::<Vec<_>>().join(", "));
    }
    if !null.is_empty() {
        note("nullable", "true");
    }
    if part.is_true("exclusiveMinimum") {
        node.facts.remove("minimum");
    }
    if part.is_true("exclusiveMaximum") {
        node.facts.remove("maximum");
    }
}

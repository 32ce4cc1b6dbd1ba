//! Descriptions.

use super::LintContext;
use crate::diagnostic::{Diagnostics, is_cut_off};
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;

pub(super) fn lint(LintContext { text, root }: LintContext, diagnostics: &mut Diagnostics) {
    for (key, schema) in resolve::components(root, "schemas") {
        described("schema", key, schema, diagnostics);
    }
    for outer in resolve::outer_schemas(root) {
        resolve::each_schema(outer, &mut |schema| {
            for (key, property) in schema.entries_at("properties") {
                // A reference has the description of its target.
                if resolve::schema_name(property).is_none() {
                    described("property", key, property, diagnostics);
                }
            }
        });
    }
    texts(text, root, diagnostics);
}

fn described(kind: &str, key: &Key, node: &Node, diagnostics: &mut Diagnostics) {
    if node.get("description").is_none() && node.get("$ref").is_none() && !diagnostics.is_tainted(&key.span) {
        diagnostics.error(Rule::Description, &key.span, format!("{kind} `{}` has no description", key.name));
    }
}

/// Reports strings that are blank, or that a comment cuts off.
fn texts(text: &str, node: &Node, diagnostics: &mut Diagnostics) {
    for (key, inner) in node.entries() {
        let is_text = matches!(key.name.as_str(), "description" | "title" | "summary");
        if is_text && inner.text().is_some_and(|text| text.trim().is_empty()) {
            diagnostics.error(Rule::Description, &key.span, format!("`{}` is blank", key.name));
        } else if key.name == "description"
            && is_cut_off(text, &inner.span)
            && inner.plain().is_some_and(|text| !text.ends_with('.'))
        {
            diagnostics.error(Rule::Description, &inner.span, "the description is cut off");
        }
        if !matches!(key.name.as_str(), "example" | "default" | "enum") {
            texts(text, inner, diagnostics);
        }
    }
    node.items().iter().for_each(|inner| texts(text, inner, diagnostics));
}

//! Everything that a reader meets is described.

use super::Subject;
use crate::diagnostic::Report;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    for (key, schema) in resolve::components(root, "schemas") {
        described("schema", key, schema, report);
    }
    for outer in resolve::outer_schemas(root) {
        resolve::each_schema(outer, &mut |schema| {
            for (key, property) in schema.entries_at("properties") {
                // The description of what is referred to serves, and is judged there.
                if resolve::schema_name(property).is_none() {
                    described("property", key, property, report);
                }
            }
        });
    }
    blank(root, report);
}

fn described(what: &str, key: &Key, node: &Node, report: &mut Report) {
    if node.get("description").is_none() && node.get("$ref").is_none() && !report.is_unsound(&key.span) {
        report.fault(Rule::Description, &key.span, format!("{what} `{}` has no description", key.name));
    }
}

/// A description of nothing but spaces describes nothing. Examples may hold anything.
fn blank(node: &Node, report: &mut Report) {
    for (key, inner) in node.entries() {
        let is_words = matches!(key.name.as_str(), "description" | "title" | "summary");
        if is_words && inner.text().is_some_and(|text| text.trim().is_empty()) {
            report.fault(Rule::Description, &key.span, format!("`{}` is blank", key.name));
        }
        if !matches!(key.name.as_str(), "example" | "default" | "enum") {
            blank(inner, report);
        }
    }
    node.items().iter().for_each(|inner| blank(inner, report));
}

//! Lowers parameters.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema::evidence_note;
use super::{Lower, aliases, limits};
use crate::ir::{Encoding, Parameter, TypeRef};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::path_parameters::template_name;
use crate::spec::resolve;

/// The parameters of an operation.
pub(super) struct Parameters {
    /// In the order of the path template.
    pub(super) path: Vec<Parameter>,
    pub(super) required_query: Vec<Parameter>,
    pub(super) optional_query: Vec<Parameter>,
}

impl<'a> Lower<'a> {
    pub(super) fn parameters(&mut self, path: &Key, node: &'a Node) -> Parameters {
        let (mut in_path, mut spans) = (BTreeMap::new(), BTreeMap::new());
        let (mut required_query, mut optional_query) = (Vec::new(), Vec::new());
        for (entry, declared) in resolve::parameters(self.root, node) {
            let Some(parameter) = self.parameter(declared) else { continue };
            let Parameter { name, wire_name, .. } = &parameter;
            if let Some((other, first)) = spans.insert(name.clone(), (wire_name.clone(), entry.first_token())) {
                // `openapi` reports a parameter that is declared twice.
                if other != *wire_name {
                    let message = format!("`{wire_name}` and `{other}` are both named `{name}` in Rust");
                    let error = self.diagnostics.error(Rule::NameCollision, &entry.first_token(), message);
                    error.help("rename one with `x-weeek-name`").related(&first, "the other parameter");
                }
                continue;
            }
            let required = declared.get("required").filter(|required| required.boolean() == Some(true));
            if declared.text_at("in") == Some("path") {
                in_path.insert(wire_name.clone(), parameter);
            } else if let Some(required) = required {
                if matches!(parameter.encoding, Encoding::List | Encoding::Objects) {
                    let message = "a list in a query can't be required";
                    let help = "remove `required`, and describe what happens without it";
                    self.diagnostics.error(Rule::ParameterStyle, &required.span, message).help(help);
                }
                required_query.push(parameter);
            } else {
                optional_query.push(parameter);
            }
        }
        let path = path.name.split('/').filter_map(template_name).filter_map(|name| in_path.remove(name)).collect();
        Parameters { path, required_query, optional_query }
    }

    fn parameter(&mut self, node: &Node) -> Option<Parameter> {
        let name = node.get("name")?;
        let wire_name = name.text()?.to_owned();
        let schema = node.get("schema")?;
        let ty = self.type_ref(schema)?;
        let encoding = self.encoding(node, schema, &ty)?;
        let mut docs = node.text_at("description").unwrap_or_default().trim().to_owned();
        let limits = limits::append(&mut docs, schema);
        evidence_note(node, &mut docs);
        let aliases = aliases::of(node, naming::snake_name);
        let name = self.rust_name(node, &wire_name, &name.span)?;
        let (sample, has_example) = (Value::Null, false);
        Some(Parameter { name, wire_name, docs, limits, ty, encoding, aliases, sample, has_example })
    }

    fn encoding(&mut self, node: &Node, schema: &Node, ty: &TypeRef) -> Option<Encoding> {
        let style = node.get("style");
        let is_exploded = node.get("explode").and_then(Node::boolean) != Some(false);
        let is_list = matches!(ty, TypeRef::List(_));
        let (span, message, help) = match style.and_then(Node::text) {
            Some(style @ ("form" | "deepObject")) if node.text_at("in") == Some("path") => {
                (node.get("style")?.span.clone(), format!("`style: {style}` is not allowed in a path"), None)
            }
            _ if is_list && !is_exploded => {
                let message = "a list requires `explode: true`: the name is repeated for each item";
                (node.get("explode")?.span.clone(), message.to_owned(), Some("write `explode: true`"))
            }
            Some("deepObject") if is_list => return Some(Encoding::Objects),
            Some("form") if is_list => return Some(Encoding::List),
            _ if is_list => {
                let span = style.map_or(node.first_token(), Node::first_token);
                (span, "a list parameter requires `style: form` or `style: deepObject`".to_owned(), None)
            }
            Some(style @ ("form" | "deepObject")) => {
                (node.get("style")?.span.clone(), format!("`style: {style}` is only allowed for a list"), None)
            }
            _ if *ty == TypeRef::Date && schema.text_at("x-weeek-rust-type") == Some("date") => {
                return Some(Encoding::DottedDate);
            }
            _ => return Some(Encoding::Plain),
        };
        let error = self.diagnostics.error(Rule::ParameterStyle, &span, message);
        error.help = help.map(str::to_owned);
        None
    }
}

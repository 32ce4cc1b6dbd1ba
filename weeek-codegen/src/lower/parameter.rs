//! Lowers parameters, and matches those of the path with the path template.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::schema::evidence_note;
use super::{Lower, aliases, limits};
use crate::ir::{Encoding, Parameter, TypeRef};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;
use crate::spec::suggest::closest;

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
        let mut is_complete = true;
        let (mut required_query, mut optional_query) = (Vec::new(), Vec::new());
        for (entry, declared) in resolve::parameters(self.root, node) {
            let Some(parameter) = self.parameter(declared) else {
                is_complete = false;
                continue;
            };
            let Parameter { name, wire_name, .. } = &parameter;
            if let Some((other, first)) = spans.insert(name.clone(), (wire_name.clone(), entry.first_token())) {
                let (rule, message) = if other == *wire_name {
                    (Rule::DuplicateParameter, format!("parameter `{other}` is declared twice"))
                } else {
                    (Rule::NameCollision, format!("`{wire_name}` and `{other}` are both named `{name}` in Rust"))
                };
                self.diagnostics.error(rule, &entry.first_token(), message).related(&first, "the other parameter");
                continue;
            }
            let required = declared.get("required").filter(|required| required.boolean() == Some(true));
            if declared.text_at("in") == Some("path") {
                if required.is_none() {
                    let message = "a path parameter requires `required: true`";
                    self.diagnostics.error(Rule::PathParameter, &declared.first_token(), message);
                }
                in_path.insert(wire_name.clone(), (parameter, entry.first_token()));
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
        // If an error removes a parameter, the template looks as if it was not declared.
        let is_lost = resolve::parameters(self.root, node).any(|(_, it)| self.diagnostics.is_tainted(&it.span));
        let is_known = is_complete && !is_lost && !self.diagnostics.is_tainted(&(path.span.start..node.span.end));
        let path = self.path_parameters(path, in_path, is_known);
        Parameters { path, required_query, optional_query }
    }

    /// Sorts the declared parameters by the template, and reports those that only one of the two has.
    fn path_parameters(
        &mut self,
        path: &Key,
        mut declared: BTreeMap<String, (Parameter, Range<usize>)>,
        is_known: bool,
    ) -> Vec<Parameter> {
        let mut ordered: Vec<Parameter> = Vec::new();
        self.template(path);
        for name in path.name.split('/').filter_map(template_name) {
            match declared.remove(name) {
                Some((parameter, _)) => ordered.push(parameter),
                // A parameter that the template has twice is an error of the template.
                None if !is_known || ordered.iter().any(|parameter| parameter.wire_name == name) => {}
                None => {
                    // A declared parameter with a similar name is the same error.
                    let near = closest(name, declared.keys().map(String::as_str)).map(str::to_owned);
                    let message = format!("path parameter `{name}` is not declared");
                    let error = self.diagnostics.error(Rule::PathParameter, &path.span, message);
                    match near.and_then(|near| Some((declared.remove(&near)?, near))) {
                        Some(((_, span), near)) => {
                            error.help(format!("did you mean `{near}`?")).related(&span, format!("`{near}`"));
                        }
                        None => {
                            error.help("declare it under `parameters`");
                        }
                    }
                }
            }
        }
        for (name, (_, span)) in declared {
            let message = format!("the path has no `{{{name}}}`");
            self.diagnostics.error(Rule::PathParameter, &span, message).related(&path.span, "the path");
        }
        ordered
    }

    fn template(&mut self, path: &Key) {
        let mut error = |message: String| {
            self.diagnostics.error(Rule::PathTemplate, &path.span, message);
        };
        let Some(rest) = path.name.strip_prefix('/') else {
            return error(format!("`{}` does not start with a slash", path.name));
        };
        let mut names = BTreeSet::new();
        for segment in rest.split('/') {
            match template_name(segment) {
                _ if segment.is_empty() && !rest.is_empty() => error(format!("`{}` has an empty segment", path.name)),
                Some("") => error("`{}` has no parameter name".to_owned()),
                Some(name) if name.contains(['{', '}']) => error(format!("`{segment}` is not one parameter")),
                Some(name) if !names.insert(name) => error(format!("`{{{name}}}` is in the path twice")),
                None if segment.contains(['{', '}']) => {
                    error(format!("the parameter of `{segment}` is not a whole segment"));
                }
                None if !is_literal(segment) => error(format!("`{segment}` is not a valid path segment")),
                _ => {}
            }
        }
    }

    fn parameter(&mut self, node: &Node) -> Option<Parameter> {
        let name = node.get("name")?;
        let wire_name = name.text()?.to_owned();
        let schema = node.get("schema")?;
        let ty = self.type_ref(schema)?;
        let encoding = self.encoding(node, schema, &ty)?;
        let mut docs = node.text_at("description").unwrap_or_default().trim().to_owned();
        limits::append(&mut docs, schema);
        evidence_note(node, &mut docs);
        let aliases = aliases::names(node, naming::snake_name);
        let name = self.rust_name(node, &wire_name, &name.span)?;
        Some(Parameter { name, wire_name, docs, ty, encoding, aliases })
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
            Some("form") if is_list => {
                self.no_dotted_dates(schema);
                return Some(Encoding::List);
            }
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

    fn no_dotted_dates(&mut self, schema: &Node) {
        let rust_type = schema.get("items").and_then(|items| items.get("x-weeek-rust-type"));
        if let Some(rust_type) = rust_type.filter(|rust_type| rust_type.text() == Some("date")) {
            let help = "write `format: date`, if the API accepts dates as 2026-11-24";
            let message = "a list can't have dates as dd.mm.yyyy";
            self.diagnostics.error(Rule::TypeOverride, &rust_type.span, message).help(help);
        }
    }
}

/// The parameter that a path segment is.
fn template_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Whether a segment is sent unchanged, and neither a server nor a URL parser resolves it.
fn is_literal(segment: &str) -> bool {
    let is_plain = segment.bytes().all(|byte| byte.is_ascii_graphic() && !br"?#\%".contains(&byte));
    is_plain && !matches!(segment, "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_segments() {
        for segment in ["tasks", "task-groups", "a.b", "v1", "a@b"] {
            assert!(is_literal(segment) && template_name(segment).is_none(), "{segment}");
        }
        for segment in [".", "..", "a b", "a?b", "a#", "%2e", "a\\b", "é"] {
            assert!(!is_literal(segment), "{segment}");
        }
        assert_eq!(
            [template_name("{taskId}"), template_name("{}"), template_name("{a")],
            [Some("taskId"), Some(""), None]
        );
    }
}

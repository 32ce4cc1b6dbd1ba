//! What OpenAPI requires of paths, operations and parameters beyond its grammar. These checks need no house rule, so a spec that
//! follows none still gets them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::node::{Key, Node};
use super::path_parameters::{self, template_name};
use super::resolve;
use super::suggest::closest;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;

pub(crate) fn check(root: &Node, diagnostics: &mut Diagnostics) {
    let mut found = diagnostics.fork();
    let mut templates: BTreeMap<String, &Key> = BTreeMap::new();
    let mut broken = BTreeSet::new();
    for (path, item) in root.entries_at("paths") {
        let before = found.count();
        template(path, &mut found);
        if found.count() > before {
            broken.insert(path.span.start);
        }
        if let Some(other) = templates.insert(naming::path_shape(&path.name), path) {
            let message = format!("`{}` differs from `{}` only in the names of parameters", path.name, other.name);
            found.error(Rule::SamePath, &path.span, message).related(&other.span, "the other path");
        }
        if item.entries().is_empty() && item.get("$ref").is_none() {
            found.error(Rule::EmptyPath, &path.span, format!("`{}` has no operation", path.name));
        }
    }
    let mut ids: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
    let mut mismatches = Vec::new();
    for operation in resolve::operations(root) {
        if let Some((id, text)) = operation.node.get("operationId").and_then(|id| Some((id, id.text()?)))
            && let Some(first) = ids.insert(text, &id.span)
        {
            let message = format!("operation id `{text}` is not unique");
            found.error(Rule::DuplicateOperationId, &id.span, message).related(first, "the other operation");
            // Either of them can have the wrong id, so a wrong verb is no error of its own.
            [first, &id.span].into_iter().for_each(|span| found.taint(span));
        }
        let of_operation = path_parameters::mismatches(root, operation, &mut found);
        // A template with an error of its own does not say which parameters are in the path.
        if broken.contains(&operation.path.span.start) {
            path_parameters::without_responses(operation.node, &mut found);
        } else {
            mismatches.extend(of_operation);
        }
        success(operation.node, &mut found);
    }
    path_parameters::report(root, &mismatches, &mut found);
    renamed_tags(root, &mut found);
    map_keys(root, &mut found);
    diagnostics.merge_tainted(found);
}

/// The keys of a map are strings or integers. The house rules come later: the schema that the map should name looks unused.
fn map_keys(root: &Node, diagnostics: &mut Diagnostics) {
    for (_, map) in resolve::components(root, "schemas") {
        let Some(key) = map.get("x-weeek-map-key") else { continue };
        let target = key.text().and_then(|name| resolve::component(root, "schemas", name));
        let Some((name, schema)) = target.filter(|(_, schema)| !diagnostics.is_tainted(&schema.span)) else { continue };
        let has = |key: &&str| schema.get(key).is_some();
        if schema.text_at("type") == Some("object") || ["enum", "oneOf", "anyOf"].iter().any(has) {
            let error =
                diagnostics.error(Rule::MapKey, &key.span, "the keys of a map must be a named string or integer");
            error.help("remove `x-weeek-map-key` to get any string").related(&name.span, "the schema");
        }
    }
}

fn template(path: &Key, diagnostics: &mut Diagnostics) {
    let mut error = |message: String| {
        diagnostics.error(Rule::PathTemplate, &path.span, message);
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

/// Whether a segment is sent unchanged, and neither a server nor a URL parser resolves it.
fn is_literal(segment: &str) -> bool {
    let is_plain = segment.bytes().all(|byte| byte.is_ascii_graphic() && !br"?#\%".contains(&byte));
    is_plain && !matches!(segment, "." | "..")
}

fn success(operation: &Node, diagnostics: &mut Diagnostics) {
    let successes = |(status, _): &&(Key, Node)| status.name.starts_with('2');
    let successes: Vec<_> = operation.entries_at("responses").iter().filter(successes).collect();
    match successes[..] {
        [] if operation.get("responses").is_some() => {
            let span = operation.key_span("responses");
            diagnostics.error(Rule::SuccessResponse, &span, "the operation has no success response");
        }
        [first, second, ..] => {
            let message = "the operation has two success responses";
            let error = diagnostics.error(Rule::SuccessResponse, &second.0.span, message);
            error.help("keep one").related(&first.0.span, "the first one");
        }
        _ => {}
    }
}

/// A tag that no operation has is renamed if several operations have a similar one, or all the other one, that is not declared.
fn renamed_tags(root: &Node, diagnostics: &mut Diagnostics) {
    let mut used: BTreeMap<&str, Vec<&Node>> = BTreeMap::new();
    for tag in resolve::operations(root).flat_map(|operation| operation.node.items_at("tags")) {
        used.entry(tag.text().unwrap_or_default()).or_default().push(tag);
    }
    let declared = root.items_at("tags");
    let is_declared = |name: &str| declared.iter().any(|tag| tag.text_at("name") == Some(name));
    let unused = declared.iter().filter(|tag| tag.text_at("name").is_some_and(|name| !used.contains_key(name)));
    let unused: Vec<&Node> = unused.collect();
    let undeclared: Vec<&str> = used.keys().copied().filter(|name| !is_declared(name)).collect();
    for name in &undeclared {
        let near = closest(name, unused.iter().filter_map(|tag| tag.text_at("name")));
        let renamed = match (near, &unused[..]) {
            (Some(near), _) => unused.iter().find(|tag| tag.text_at("name") == Some(near)),
            (None, [only]) if undeclared.len() == 1 => Some(only),
            _ => None,
        };
        let (Some(tag), [first, others @ ..]) = (renamed, &used[name][..]) else { continue };
        let Some(declaration) = tag.get("name").filter(|_| !others.is_empty()) else { continue };
        let message = format!(
            "no operation has the tag `{}`, and `{name}` is not declared",
            declaration.text().unwrap_or_default()
        );
        let error = diagnostics.error(Rule::UnusedTag, &declaration.span, message);
        error.help(format!("rename it to `{name}`, or change the operations"));
        error.related(&first.span, format!("an operation with `{name}`"));
        for other in others {
            error.related(&other.span, "another operation");
        }
        [*tag].into_iter().chain(used[name].iter().copied()).for_each(|node| diagnostics.taint(&node.span));
    }
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

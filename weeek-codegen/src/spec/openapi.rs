//! What OpenAPI requires of paths, operations and parameters beyond its grammar. These checks need no house rule, so a spec that
//! follows none still gets them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::node::{Key, Node};
use super::resolve::{self, OperationNode};
use super::suggest::closest;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;

pub(crate) fn check(root: &Node, diagnostics: &mut Diagnostics) {
    let mut found = diagnostics.fork();
    let mut templates: BTreeMap<String, &Key> = BTreeMap::new();
    for (path, item) in root.entries_at("paths") {
        template(path, &mut found);
        if let Some(other) = templates.insert(naming::path_shape(&path.name), path) {
            let message = format!("`{}` differs from `{}` only in the names of parameters", path.name, other.name);
            found.error(Rule::SamePath, &path.span, message).related(&other.span, "the other path");
        }
        if item.entries().is_empty() && item.get("$ref").is_none() {
            found.error(Rule::EmptyPath, &path.span, format!("`{}` has no operation", path.name));
        }
    }
    let mut ids: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
    for operation in resolve::operations(root) {
        if let Some((id, text)) = operation.node.get("operationId").and_then(|id| Some((id, id.text()?)))
            && let Some(first) = ids.insert(text, &id.span)
        {
            let message = format!("operation id `{text}` is not unique");
            found.error(Rule::DuplicateOperationId, &id.span, message).related(first, "the other operation");
        }
        parameters(root, operation, &mut found);
        success(operation.node, &mut found);
    }
    diagnostics.merge(found);
}

/// The parameter that a path segment is.
pub(crate) fn template_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
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

/// Each parameter is declared once, and those of the path are the ones of its template.
fn parameters(root: &Node, OperationNode { path, node, .. }: OperationNode, diagnostics: &mut Diagnostics) {
    let mut spans: BTreeMap<(&str, bool), Range<usize>> = BTreeMap::new();
    for (entry, declared) in resolve::parameters(root, node) {
        let Some(name) = declared.text_at("name") else { continue };
        let in_path = declared.text_at("in") == Some("path");
        if let Some(first) = spans.insert((name, in_path), entry.first_token()) {
            let message = format!("parameter `{name}` is declared twice");
            let error = diagnostics.error(Rule::DuplicateParameter, &entry.first_token(), message);
            error.related(&first, "the other parameter");
        }
        if in_path && !declared.is_true("required") {
            let message = "a path parameter requires `required: true`";
            diagnostics.error(Rule::PathParameter, &declared.first_token(), message);
        }
    }
    let mut declared: BTreeMap<&str, Range<usize>> =
        spans.into_iter().filter(|((_, in_path), _)| *in_path).map(|((name, _), span)| (name, span)).collect();
    // If an error destroys a parameter, the template looks as if it was not declared.
    let is_lost = resolve::parameters(root, node).any(|(_, declared)| {
        diagnostics.is_tainted(&declared.span) || declared.text_at("name").is_none() || declared.get("in").is_none()
    });
    let has_own = root.get("paths").and_then(|paths| paths.get(&path.name)?.get("parameters")).is_some();
    let is_known = !is_lost && !has_own && !diagnostics.is_tainted(&(path.span.start..node.span.end));
    let names: BTreeSet<&str> = path.name.split('/').filter_map(template_name).collect();
    let missing: Vec<&str> = names.iter().copied().filter(|name| declared.remove(name).is_none()).collect();
    for name in missing.into_iter().filter(|_| is_known) {
        // A declared parameter with a similar name is the same error.
        let near = closest(name, declared.keys().copied());
        let message = format!("path parameter `{name}` is not declared");
        let error = diagnostics.error(Rule::PathParameter, &path.span, message);
        match near.and_then(|near| Some((declared.remove(near)?, near))) {
            Some((span, near)) => error.help(format!("did you mean `{near}`?")).related(&span, format!("`{near}`")),
            None => error.help("declare it under `parameters`"),
        };
    }
    for (name, span) in declared {
        let message = format!("the path has no `{{{name}}}`");
        diagnostics.error(Rule::PathParameter, &span, message).related(&path.span, "the path");
    }
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

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
    let mut mismatches = Vec::new();
    for operation in resolve::operations(root) {
        if let Some((id, text)) = operation.node.get("operationId").and_then(|id| Some((id, id.text()?)))
            && let Some(first) = ids.insert(text, &id.span)
        {
            let message = format!("operation id `{text}` is not unique");
            found.error(Rule::DuplicateOperationId, &id.span, message).related(first, "the other operation");
        }
        mismatches.extend(parameters(root, operation, &mut found));
        success(operation.node, &mut found);
    }
    report(root, &mismatches, &mut found);
    diagnostics.merge_tainted(found);
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

/// A path template and a declared path parameter that do not match.
struct Mismatch<'a> {
    path: &'a Key,
    /// The parameter that only the template has.
    missing: Option<&'a str>,
    /// The parameter that only the operation has: its entry, and its declaration.
    extra: Option<(&'a Node, &'a Node)>,
}

/// Each parameter is declared once, and those of the path are the ones of its template.
fn parameters<'a>(
    root: &'a Node,
    OperationNode { path, node, .. }: OperationNode<'a>,
    diagnostics: &mut Diagnostics,
) -> Vec<Mismatch<'a>> {
    let mut first: BTreeMap<(&str, bool), (&Node, &Node)> = BTreeMap::new();
    for (entry, declared) in resolve::parameters(root, node) {
        let Some(name) = declared.text_at("name") else { continue };
        let in_path = declared.text_at("in") == Some("path");
        if let Some((other, _)) = first.insert((name, in_path), (entry, declared)) {
            let message = format!("parameter `{name}` is declared twice");
            let error = diagnostics.error(Rule::DuplicateParameter, &entry.first_token(), message);
            error.related(&other.first_token(), "the other parameter");
        }
        if in_path && !declared.is_true("required") {
            let message = "a path parameter requires `required: true`";
            diagnostics.error(Rule::PathParameter, &declared.first_token(), message);
        }
    }
    // If an error destroys a parameter, the template looks as if it was not declared.
    let is_lost = resolve::parameters(root, node).any(|(_, declared)| {
        diagnostics.is_tainted(&declared.span) || declared.text_at("name").is_none() || declared.get("in").is_none()
    });
    let has_own = root.get("paths").and_then(|paths| paths.get(&path.name)?.get("parameters")).is_some();
    let is_known = !is_lost && !has_own && !diagnostics.is_tainted(&(path.span.start..node.span.end));
    let mut extra: BTreeMap<&str, (&Node, &Node)> =
        first.into_iter().filter(|((_, in_path), _)| *in_path).map(|((name, _), nodes)| (name, nodes)).collect();
    let names: BTreeSet<&str> = path.name.split('/').filter_map(template_name).collect();
    let missing: Vec<&str> = names.into_iter().filter(|name| extra.remove(name).is_none() && is_known).collect();
    let is_pair = missing.len() == 1 && extra.len() == 1;
    let mut mismatches = Vec::new();
    for missing in missing {
        // A declared parameter with a similar name is the same error, and so is the only other one.
        let near = closest(missing, extra.keys().copied()).or(extra.keys().next().copied().filter(|_| is_pair));
        let near = near.and_then(|near| extra.remove(near));
        mismatches.push(Mismatch { path, missing: Some(missing), extra: near });
    }
    mismatches.extend(extra.into_values().map(|nodes| Mismatch { path, missing: None, extra: Some(nodes) }));
    mismatches
}

/// Reports the mismatches: once for a parameter that matches no path, and once for each path.
fn report(root: &Node, mismatches: &[Mismatch], diagnostics: &mut Diagnostics) {
    let mut uses: BTreeMap<usize, usize> = BTreeMap::new();
    for (entry, declared) in resolve::operations(root).flat_map(|operation| resolve::parameters(root, operation.node)) {
        if entry.get("$ref").is_some() {
            *uses.entry(declared.span.start).or_default() += 1;
        }
    }
    let mut wrong: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, declared) in mismatches.iter().filter_map(|mismatch| mismatch.extra) {
        *wrong.entry(declared.span.start).or_default() += 1;
    }
    let matches_no_path = |declared: &Node| {
        let start = &declared.span.start;
        uses.get(start).is_some_and(|uses| *uses > 1 && wrong.get(start) == Some(uses))
    };
    let mut reported = BTreeSet::new();
    for Mismatch { path, missing, extra } in mismatches {
        let name = extra.and_then(|(_, declared)| declared.get("name"));
        let text = name.and_then(Node::text).unwrap_or_default();
        match (missing, extra, name) {
            (Some(missing), Some((_, declared)), Some(name)) if matches_no_path(declared) => {
                if reported.insert((declared.span.start, "")) {
                    let message = format!("no path has the parameter `{text}`");
                    let error = diagnostics.error(Rule::PathParameter, &name.span, message);
                    error.help(format!("did you mean `{missing}`?")).related(&path.span, "a path that uses it");
                    diagnostics.taint(&declared.span);
                }
            }
            (Some(missing), ..) if !reported.insert((path.span.start, missing)) => {}
            (Some(missing), extra, _) => {
                let message = format!("path parameter `{missing}` is not declared");
                let error = diagnostics.error(Rule::PathParameter, &path.span, message);
                match extra {
                    Some((entry, _)) => {
                        error.help(format!("did you mean `{text}`?")).related(&entry.first_token(), format!("`{text}`"))
                    }
                    None => error.help("declare it under `parameters`"),
                };
            }
            (None, Some((entry, _)), _) => {
                let message = format!("the path has no `{{{text}}}`");
                let error = diagnostics.error(Rule::PathParameter, &entry.first_token(), message);
                error.related(&path.span, "the path");
            }
            (None, None, _) => {}
        }
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

//! Parameters of operations: each is declared once, and those of the path are the ones of its template.

use std::collections::{BTreeMap, BTreeSet};

use super::node::{Key, Node};
use super::resolve::{self, OperationNode};
use super::suggest::closest;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;

/// The parameter that a path segment is.
pub(crate) fn template_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// A path template and a declared path parameter that do not match.
pub(super) struct Mismatch<'a> {
    path: &'a Key,
    operation: &'a Node,
    /// The parameter that only the template has.
    missing: Option<&'a str>,
    /// The parameter that only the operation has, or has elsewhere: its entry, and its declaration.
    extra: Option<(&'a Node, &'a Node)>,
}

/// Reports parameters that are declared twice or optional, and returns those that do not match the path.
pub(super) fn mismatches<'a>(
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
        if in_path && !declared.is_true("required") && !resolve::is_misspelled(declared, "required") {
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
    let (in_path, elsewhere): (Vec<_>, Vec<_>) = first.into_iter().partition(|((_, in_path), _)| *in_path);
    let by_name = |parameters: Vec<((&'a str, bool), _)>| -> BTreeMap<&str, (&Node, &Node)> {
        parameters.into_iter().map(|((name, _), nodes)| (name, nodes)).collect()
    };
    let (mut extra, elsewhere) = (by_name(in_path), by_name(elsewhere));
    let names: BTreeSet<&str> = path.name.split('/').filter_map(template_name).collect();
    let missing: Vec<&str> = names.into_iter().filter(|name| extra.remove(name).is_none() && is_known).collect();
    let is_pair = missing.len() == 1 && extra.len() == 1;
    let mismatch = |missing, extra| Mismatch { path, operation: node, missing, extra };
    let mut mismatches = Vec::new();
    for missing in missing {
        // A declared parameter with a similar name is the same error, and so is the only other one.
        let near = closest(missing, extra.keys().copied()).or(extra.keys().next().copied().filter(|_| is_pair));
        let near = near.and_then(|near| extra.remove(near)).or(elsewhere.get(missing).copied());
        mismatches.push(mismatch(Some(missing), near));
    }
    mismatches.extend(extra.into_values().map(|nodes| mismatch(None, Some(nodes))));
    mismatches
}

/// Reports the mismatches: once for a parameter that matches no path, and once for each path.
pub(super) fn report(root: &Node, mismatches: &[Mismatch], diagnostics: &mut Diagnostics) {
    let uses = Uses::of(root, mismatches);
    let mut reported = BTreeSet::new();
    for Mismatch { path, operation, missing, extra } in mismatches {
        let name = extra.and_then(|(_, declared)| declared.get("name"));
        let text = name.and_then(Node::text).unwrap_or_default();
        match (missing, extra, name) {
            (Some(missing), Some((_, declared)), _) if text == *missing => {
                without_responses(operation, diagnostics);
                if reported.insert((declared.span.start, "")) {
                    let place = declared.get("in").map_or(declared.first_token(), |place| place.span.clone());
                    let message = format!("`{missing}` is a parameter of the path");
                    let error = diagnostics.error(Rule::PathParameter, &place, message);
                    error.fix("path").related(&path.span, "a path that uses it");
                }
            }
            (Some(missing), Some((_, declared)), Some(name)) if uses.matches_no_path(declared, text) => {
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
                without_responses(operation, diagnostics);
                let of_path = mismatches.iter().filter(|other| other.path.span == path.span && other.missing.is_none());
                let entries: Vec<_> = of_path.filter_map(|other| other.extra).collect();
                let is_whole = entries.len() > 1 && entries.len() == resolve::operations_of(root, path).count();
                let span = if is_whole { path.span.clone() } else { entry.first_token() };
                if reported.insert((span.start, text)) {
                    let message = format!("the path has no `{{{text}}}`");
                    let error = diagnostics.error(Rule::PathParameter, &span, message);
                    if is_whole {
                        let note = format!("the parameter `{text}`");
                        for (entry, _) in entries {
                            error.related(&entry.first_token(), &note);
                        }
                    } else {
                        error.related(&path.span, "the path");
                    }
                }
            }
            (None, None, _) => {}
        }
    }
}

/// Which responses an operation requires follows from its path and its query.
pub(super) fn without_responses(operation: &Node, diagnostics: &mut Diagnostics) {
    if let Some((key, responses)) = operation.entry("responses") {
        diagnostics.taint(&(key.span.start..responses.span.end));
    }
}

/// How often each declaration is referred to, how often it matches no path, and from which paths.
struct Uses<'a> {
    root: &'a Node,
    all: BTreeMap<usize, usize>,
    wrong: BTreeMap<usize, Vec<&'a str>>,
}

impl<'a> Uses<'a> {
    fn of(root: &'a Node, mismatches: &[Mismatch<'a>]) -> Self {
        let mut all: BTreeMap<usize, usize> = BTreeMap::new();
        let operations = resolve::operations(root);
        for (entry, declared) in operations.flat_map(|operation| resolve::parameters(root, operation.node)) {
            if entry.get("$ref").is_some() {
                *all.entry(declared.span.start).or_default() += 1;
            }
        }
        let mut wrong: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for Mismatch { path, extra, .. } in mismatches {
            if let Some((_, declared)) = extra {
                wrong.entry(declared.span.start).or_default().push(&path.name);
            }
        }
        Self { root, all, wrong }
    }

    /// Whether the declaration has the wrong name, not the paths: those of several paths agree, or the component has another name.
    fn matches_no_path(&self, declared: &Node, name: &str) -> bool {
        let start = &declared.span.start;
        let (Some(uses), Some(paths)) = (self.all.get(start), self.wrong.get(start)) else { return false };
        let component = resolve::components(self.root, "parameters").iter().find(|(_, node)| node.span.start == *start);
        let is_consistent = component.is_some_and(|(key, _)| key.name == naming::pascal_name(name));
        let is_one_path = paths.iter().all(|path| *path == paths[0]);
        *uses > 1 && paths.len() == *uses && !(is_one_path && is_consistent)
    }
}

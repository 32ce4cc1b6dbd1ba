//! Which components are used, and by which resources.

use std::collections::{BTreeMap, BTreeSet};

use super::LintContext;
use crate::diagnostic::Diagnostics;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;

/// The sections that references point to.
const SECTIONS: [&str; 3] = ["parameters", "schemas", "responses"];

/// The tags of the operations that reach each component, by section and name.
#[derive(Debug)]
pub(super) struct Usage<'a> {
    tags: BTreeMap<(&'static str, &'a str), BTreeSet<&'a str>>,
}

impl<'a> Usage<'a> {
    pub(super) fn of(root: &'a Node) -> Self {
        let mut references = BTreeMap::new();
        for section in SECTIONS {
            for (key, node) in resolve::components(root, section) {
                let mut found = BTreeSet::new();
                collect_references(node, &mut found);
                references.insert((section, key.name.as_str()), found);
            }
        }
        let mut tags: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        let mut direct: BTreeMap<&str, BTreeSet<(&'static str, &str)>> = BTreeMap::new();
        for operation in resolve::operations(root) {
            let tag = operation.node.texts("tags").next().unwrap_or_default();
            collect_references(operation.node, direct.entry(tag).or_default());
        }
        for (tag, mut waiting) in direct {
            let mut seen = BTreeSet::new();
            while let Some(component) = waiting.pop_first() {
                if seen.insert(component) {
                    tags.entry(component).or_default().insert(tag);
                    waiting.extend(references.get(&component).into_iter().flatten());
                }
            }
        }
        Self { tags }
    }

    /// The tags of the operations that reach a component.
    pub(super) fn tags<'s>(&'s self, section: &'static str, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.tags.get(&(section, name)).into_iter().flatten().copied()
    }
}

/// Collects the components that `node` refers to, by `$ref` or as the keys of a map.
fn collect_references<'a>(node: &'a Node, found: &mut BTreeSet<(&'static str, &'a str)>) {
    for (key, inner) in node.entries() {
        match (key.name.as_str(), inner.text()) {
            ("$ref", Some(text)) => found.extend(component(text)),
            ("x-weeek-map-key", Some(name)) => found.extend(Some(("schemas", name))),
            ("example" | "default" | "enum", _) => {}
            _ => collect_references(inner, found),
        }
    }
    node.items().iter().for_each(|inner| collect_references(inner, found));
}

fn component(reference: &str) -> Option<(&'static str, &str)> {
    let (section, name) = resolve::target(reference)?;
    SECTIONS.into_iter().find(|known| *known == section).map(|section| (section, name))
}

/// Reports components that no operation uses.
pub(super) fn lint(LintContext { root, .. }: LintContext, usage: &Usage, diagnostics: &mut Diagnostics) {
    for (section, kind) in SECTIONS.into_iter().zip(["parameter", "schema", "response"]) {
        for (key, _) in resolve::components(root, section) {
            if usage.tags(section, &key.name).next().is_none() {
                diagnostics.error(Rule::Unused, &key.span, format!("{kind} `{}` is not used", key.name));
            }
        }
    }
}

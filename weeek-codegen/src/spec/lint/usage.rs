//! What is used, and by which resources.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use crate::diagnostic::Report;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;

/// The sections whose entries are referred to.
const SECTIONS: [&str; 3] = ["parameters", "schemas", "responses"];

/// The tags of the operations that reach each component, by section and name.
#[derive(Debug)]
pub(super) struct Usage<'a> {
    tags: BTreeMap<(&'static str, &'a str), BTreeSet<&'a str>>,
}

impl<'a> Usage<'a> {
    pub(super) fn of(root: &'a Node) -> Self {
        let mut mentions = BTreeMap::new();
        for section in SECTIONS {
            for (key, node) in resolve::components(root, section) {
                let mut found = BTreeSet::new();
                mentioned(node, &mut found);
                mentions.insert((section, key.name.as_str()), found);
            }
        }
        let mut tags: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        let mut direct: BTreeMap<&str, BTreeSet<(&'static str, &str)>> = BTreeMap::new();
        for place in resolve::operations(root) {
            let tag = place.node.texts("tags").next().unwrap_or_default();
            mentioned(place.node, direct.entry(tag).or_default());
        }
        for (tag, mut waiting) in direct {
            let mut seen = BTreeSet::new();
            while let Some(component) = waiting.pop_first() {
                if seen.insert(component) {
                    tags.entry(component).or_default().insert(tag);
                    waiting.extend(mentions.get(&component).into_iter().flatten());
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

/// Collects every component that `node` refers to, by `$ref`, by a discriminator or by the key of a map.
fn mentioned<'a>(node: &'a Node, found: &mut BTreeSet<(&'static str, &'a str)>) {
    for (key, inner) in node.entries() {
        match (key.name.as_str(), inner.text()) {
            ("$ref", Some(text)) => found.extend(component(text)),
            ("x-weeek-map-key", Some(name)) => found.extend(Some(("schemas", name))),
            ("example" | "default" | "enum", _) => {}
            _ => mentioned(inner, found),
        }
    }
    node.items().iter().for_each(|inner| mentioned(inner, found));
}

fn component(reference: &str) -> Option<(&'static str, &str)> {
    let (section, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    SECTIONS.into_iter().find(|known| *known == section).map(|section| (section, name))
}

/// Reports components that no operation reaches.
pub(super) fn lint(Subject { root, .. }: Subject, usage: &Usage, report: &mut Report) {
    for (section, what) in SECTIONS.into_iter().zip(["parameter", "schema", "response"]) {
        for (key, _) in resolve::components(root, section) {
            if usage.tags(section, &key.name).next().is_none() {
                report.fault(Rule::Unused, &key.span, format!("nothing uses {what} `{}`", key.name));
            }
        }
    }
}

//! Schemas and responses of the same shape, which should have one name.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::LintContext;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve::{self, Direction};

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    let directions = [Direction::Request, Direction::Response].map(|direction| resolve::schemas_of(root, direction));
    let mut seen: BTreeMap<Shape, Vec<(&Key, [bool; 2])>> = BTreeMap::new();
    for (key, node) in resolve::components(root, "schemas") {
        let own = directions.each_ref().map(|names| names.contains(key.name.as_str()));
        let Some(shape) = Shape::of(node).filter(|_| !diagnostics.is_tainted(&node.span)) else { continue };
        let known = seen.entry(shape).or_default();
        // Requests and responses differ on purpose. `usage` reports a schema that is in neither.
        let same_direction = |other: &[bool; 2]| (0..2).any(|at| own[at] && other[at]);
        let same = known.iter().find(|(other, directions)| same_direction(directions) && !have_other_verbs(key, other));
        if let Some((first, _)) = same {
            let message = format!("`{}` has the same shape as `{}`", key.name, first.name);
            let error = diagnostics.error(Rule::SameShape, &key.span, message);
            error.help("use one schema").related(&first.span, "the other schema");
        }
        known.push((key, own));
    }
    responses(root, diagnostics);
}

/// A schema without its docs. Named scalars are equal on purpose, so they have no shape.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Shape<'a> {
    /// Type, constraints, and whether it is required and nullable, by property.
    Object(BTreeMap<&'a str, (String, String, bool, bool)>),
    /// Values with their names.
    Values(BTreeSet<(&'a str, Option<&'a str>)>),
    Variants(Vec<String>),
}

impl<'a> Shape<'a> {
    fn of(node: &'a Node) -> Option<Self> {
        if node.get("enum").is_some() {
            let mut names = node.texts("x-enum-varnames");
            let values: BTreeSet<_> = node.texts("enum").map(|value| (value, names.next())).collect();
            return (!values.is_empty()).then_some(Self::Values(values));
        }
        let required: BTreeSet<&str> = node.texts("required").collect();
        let property = |(key, property): &'a (Key, Node)| {
            let (name, is_nullable) = (key.name.as_str(), resolve::is_nullable(property));
            (name, (signature(property), constraints(property), required.contains(name), is_nullable))
        };
        let properties: BTreeMap<_, _> = node.entries_at("properties").iter().map(property).collect();
        if !properties.is_empty() {
            return Some(Self::Object(properties));
        }
        let variants = ["oneOf", "anyOf"].iter().flat_map(|key| node.items_at(key));
        let variants: Vec<_> = variants.map(signature).collect();
        (!variants.is_empty()).then_some(Self::Variants(variants))
    }
}

/// Bodies that create and that change an object are types of their own.
fn have_other_verbs(one: &Key, other: &Key) -> bool {
    let (own, others) = (naming::words(&one.name), naming::words(&other.name));
    let is_verb = |word: &String| matches!(word.as_str(), "Create" | "Update" | "Patch" | "Set" | "Add");
    match (own.split_first(), others.split_first()) {
        (Some((verb, noun)), Some((other_verb, other_noun))) => {
            verb != other_verb && noun == other_noun && is_verb(verb) && is_verb(other_verb)
        }
        _ => false,
    }
}

/// The type of a schema in words, without docs.
fn signature(node: &Node) -> String {
    if let Some(name) = resolve::schema_name(node) {
        return name.to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    for key in ["type", "format", "x-weeek-rust-type"] {
        words.extend(node.text_at(key).map(str::to_owned));
    }
    words.extend(node.texts("enum").map(str::to_owned));
    words.extend(node.get("items").map(|items| format!("[{}]", signature(items))));
    words.extend(node.get("additionalProperties").map(|values| format!("{{{}}}", signature(values))));
    for (key, property) in node.entries_at("properties") {
        let need = if node.texts("required").any(|name| name == key.name) { "!" } else { "?" };
        words.push(format!("{}{need} {}", key.name, signature(property)));
    }
    words.join(" ")
}

fn constraints(node: &Node) -> String {
    let is_constraint = |name: &str| name.starts_with("min") || name.starts_with("max") || name == "pattern";
    let constraints = node.entries().iter().filter(|(key, _)| is_constraint(&key.name));
    constraints.filter_map(|(key, value)| Some(format!("{} {} ", key.name, value.text()?))).collect()
}

/// Reports responses with the same envelope and item.
fn responses(root: &Node, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<(String, Option<&str>), &Range<usize>> = BTreeMap::new();
    for (key, response) in resolve::components(root, "responses") {
        let Some(item) = response.get("x-weeek-item") else { continue };
        let Some(schema) = resolve::media(response).first().and_then(|(_, media)| media.get("schema")) else {
            continue;
        };
        if let Some(first) = seen.insert((signature(schema), item.text()), &key.span) {
            let message = format!("`{}` is the same as another response", key.name);
            let error = diagnostics.error(Rule::SameShape, &key.span, message);
            error.help("use one response").related(first, "the other response");
        }
    }
}

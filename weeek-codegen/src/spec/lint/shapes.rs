//! Schemas of the same shape, which should have one name.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::LintContext;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve::{self, Direction};
use crate::spec::suggest::did_you_mean;

/// Objects with fewer properties are similar by chance.
const FEW: usize = 5;

/// Similar objects with this many properties differ in at most two, smaller ones in one.
const MANY: usize = 10;

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    let directions = [Direction::Request, Direction::Response].map(|direction| resolve::schemas_of(root, direction));
    let shapes: Vec<Shape> = resolve::components(root, "schemas")
        .iter()
        .filter(|(_, node)| !diagnostics.is_tainted(&node.span))
        .filter_map(|(key, node)| {
            let directions = directions.each_ref().map(|names| names.contains(key.name.as_str()));
            // `usage` reports a schema that is not used.
            Shape::of(key, node, directions).filter(|_| directions != [false, false])
        })
        .collect();
    let mut similar = BTreeSet::new();
    let mut by_part = Parts::new(&shapes);
    for (at, shape) in shapes.iter().enumerate() {
        // Requests and responses differ on purpose.
        let same_direction = |other: &&Shape| (0..2).any(|at| shape.directions[at] && other.directions[at]);
        let rarest = by_part.rarest(shape);
        for other in by_part.candidates(&rarest).map(|other| &shapes[other]).filter(same_direction) {
            let Some(likeness) = shape.likeness(other) else { continue };
            if shape.is_similar_to(other) || other.is_similar_to(shape) {
                similar.insert((shape.key.name.as_str(), other.key.name.as_str()));
                similar.insert((other.key.name.as_str(), shape.key.name.as_str()));
                continue;
            }
            report(shape, other, &likeness, diagnostics);
            // One error for each schema: the third of a kind is similar to both others.
            break;
        }
        by_part.insert(rarest, at);
    }
    declared_similar(root, &similar, diagnostics);
    responses(root, diagnostics);
}

fn report(shape: &Shape, other: &Shape, likeness: &Likeness, diagnostics: &mut Diagnostics) {
    let (name, first) = (&shape.key.name, &other.key.name);
    let error = match likeness {
        Likeness::Same => {
            let message = format!("`{name}` has the same shape as `{first}`");
            diagnostics.error(Rule::SameShape, &shape.key.span, message).help("use one schema")
        }
        Likeness::Similar(differences) => {
            let message = format!("`{name}` differs from `{first}` only in {}", differences.join(", "));
            let help = "use one schema, or add the reason: `x-weeek-similar-to: {Name: reason}`";
            diagnostics.error(Rule::SimilarShape, &shape.key.span, message).help(help)
        }
    };
    error.related(&other.key.span, "the other schema");
}

enum Likeness {
    Same,
    /// The differences in words.
    Similar(Vec<String>),
}

/// The name and type of a property, a value of an enumeration, or a variant.
type Part<'a> = (&'a str, &'a str);

/// Finds the few shapes that a shape must be compared with, because comparing all would be quadratic.
struct Parts<'a> {
    /// How many shapes have each part.
    counts: BTreeMap<Part<'a>, usize>,
    /// The shapes that have the part as one of their rarest.
    shapes: BTreeMap<Part<'a>, Vec<usize>>,
}

/// Similar shapes differ in at most two parts, so they have one of their three rarest parts in common.
const RAREST: usize = 3;

impl<'a> Parts<'a> {
    fn new(shapes: &'a [Shape<'a>]) -> Self {
        let mut counts = BTreeMap::new();
        shapes.iter().flat_map(Shape::parts).for_each(|part| *counts.entry(part).or_default() += 1);
        Self { counts, shapes: BTreeMap::new() }
    }

    fn rarest(&self, shape: &'a Shape<'a>) -> Vec<Part<'a>> {
        let mut parts: Vec<(usize, Part)> = shape.parts().map(|part| (self.counts[&part], part)).collect();
        parts.sort_unstable();
        // A variant can be repeated.
        parts.dedup();
        parts.into_iter().take(RAREST).map(|(_, part)| part).collect()
    }

    /// The earlier shapes that can be similar. Most shapes are compared with few of them, so they are not collected.
    fn candidates<'s>(&'s self, rarest: &'s [Part<'a>]) -> impl Iterator<Item = usize> + 's {
        rarest.iter().flat_map(|part| self.shapes.get(part).into_iter().flatten().copied())
    }

    fn insert(&mut self, rarest: Vec<Part<'a>>, at: usize) {
        for part in rarest {
            self.shapes.entry(part).or_default().push(at);
        }
    }
}

/// A property without its docs.
#[derive(PartialEq)]
struct Property {
    ty: String,
    constraints: String,
    required: bool,
    nullable: bool,
}

/// A schema without its docs.
struct Shape<'a> {
    key: &'a Key,
    node: &'a Node,
    /// Whether requests contain it, and whether responses do.
    directions: [bool; 2],
    content: Content<'a>,
}

#[derive(PartialEq)]
enum Content<'a> {
    Object(BTreeMap<&'a str, Property>),
    /// Values with their names.
    Values(BTreeSet<(&'a str, Option<&'a str>)>),
    Variants(Vec<String>),
}

impl<'a> Shape<'a> {
    /// Named scalars are equal on purpose, so they have no shape here.
    fn of(key: &'a Key, node: &'a Node, directions: [bool; 2]) -> Option<Self> {
        let content = if node.get("enum").is_some() {
            let mut names = node.texts("x-enum-varnames");
            Content::Values(node.texts("enum").map(|value| (value, names.next())).collect())
        } else if node.get("properties").is_some() {
            let required: BTreeSet<&str> = node.texts("required").collect();
            let property = |(key, property): &'a (Key, Node)| {
                let name = key.name.as_str();
                let content = Property {
                    ty: signature(property),
                    constraints: constraints(property),
                    required: required.contains(name),
                    nullable: resolve::is_nullable(property),
                };
                (name, content)
            };
            Content::Object(node.entries_at("properties").iter().map(property).collect())
        } else {
            let variants = ["oneOf", "anyOf"].iter().flat_map(|key| node.items_at(key));
            Content::Variants(variants.map(signature).collect())
        };
        let is_empty = match &content {
            Content::Object(properties) => properties.is_empty(),
            Content::Values(values) => values.is_empty(),
            Content::Variants(variants) => variants.is_empty(),
        };
        (!is_empty).then_some(Self { key, node, directions, content })
    }

    fn parts(&self) -> Box<dyn Iterator<Item = Part<'_>> + '_> {
        match &self.content {
            Content::Object(properties) => {
                Box::new(properties.iter().map(|(name, property)| (*name, property.ty.as_str())))
            }
            Content::Values(values) => Box::new(values.iter().map(|(value, _)| (*value, ""))),
            Content::Variants(variants) => Box::new(variants.iter().map(|variant| (variant.as_str(), ""))),
        }
    }

    fn is_similar_to(&self, other: &Self) -> bool {
        self.node.get("x-weeek-similar-to").is_some_and(|similar| similar.get(&other.key.name).is_some())
    }

    fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.has_other_verb(other) {
            return None;
        }
        if self.content == other.content {
            return Some(Likeness::Same);
        }
        let (Content::Object(own), Content::Object(others)) = (&self.content, &other.content) else { return None };
        if own.len().abs_diff(others.len()) > 2 {
            return None;
        }
        let names: BTreeSet<&str> = own.keys().chain(others.keys()).copied().collect();
        let of_other_type =
            |name: &&&str| own.get(**name).map(|own| &own.ty) != others.get(**name).map(|other| &other.ty);
        let differing: Vec<&&str> = names.iter().filter(of_other_type).collect();
        let allowed = if names.len() >= MANY { 2 } else { 1 };
        let is_like = match differing.len() {
            0 => names.len() > 1,
            count => names.len() >= FEW && count <= allowed,
        };
        if !is_like {
            return None;
        }
        let differs = |name: &str, own: &Property, other: &Property| {
            let details = [
                (own.required != other.required, "whether it is required"),
                (own.nullable != other.nullable, "whether it is nullable"),
                (own.constraints != other.constraints, "its constraints"),
            ];
            let details: Vec<&str> = details.iter().filter(|(differs, _)| *differs).map(|(_, what)| *what).collect();
            (!details.is_empty()).then(|| format!("`{name}` ({})", details.join(", ")))
        };
        let mut words: Vec<String> = differing.iter().map(|name| format!("`{name}`")).collect();
        words.extend(
            names
                .iter()
                .filter(|name| !differing.contains(name))
                .filter_map(|name| differs(name, &own[*name], &others[*name])),
        );
        Some(Likeness::Similar(words))
    }

    /// Bodies that create and that change an object are types of their own, and can differ in what is required.
    fn has_other_verb(&self, other: &Self) -> bool {
        let (own, others) = (naming::words(&self.key.name), naming::words(&other.key.name));
        let is_verb = |word: &String| matches!(word.as_str(), "Create" | "Update" | "Patch" | "Set" | "Add");
        match (own.split_first(), others.split_first()) {
            (Some((verb, noun)), Some((other_verb, other_noun))) => {
                verb != other_verb && noun == other_noun && is_verb(verb) && is_verb(other_verb)
            }
            _ => false,
        }
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

/// Reports declared similarities to schemas that do not exist or are not similar.
fn declared_similar(root: &Node, similar: &BTreeSet<(&str, &str)>, diagnostics: &mut Diagnostics) {
    for (key, node) in resolve::components(root, "schemas") {
        for (other, reason) in node.entries_at("x-weeek-similar-to") {
            let name = other.name.as_str();
            if resolve::component(root, "schemas", name).is_none() {
                let help = did_you_mean(name, resolve::names(root, "schemas"));
                let message = format!("`{name}` is not defined in `components.schemas`");
                diagnostics.error(Rule::SimilarTo, &other.span, message).help = help;
            } else if !similar.contains(&(key.name.as_str(), name)) {
                let message = format!("`{}` and `{name}` are not similar", key.name);
                diagnostics.error(Rule::SimilarTo, &other.span, message).help("remove the key");
            } else if reason.text().is_some_and(|text| text.trim().is_empty()) {
                diagnostics.error(Rule::SimilarTo, &reason.span, "the reason is blank");
            }
        }
    }
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

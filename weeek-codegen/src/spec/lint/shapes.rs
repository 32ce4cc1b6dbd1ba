//! No shape twice: a second name for the same thing costs every reader a comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Subject;
use crate::diagnostic::Report;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;
use crate::spec::words::did_you_mean;

/// Fewer properties than this are alike by chance.
const FEW: usize = 5;

/// Above this many, two properties may differ; below, one.
const MANY: usize = 10;

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    let (sent, received) = (reached(root, Direction::Sent), reached(root, Direction::Received));
    let shapes: Vec<Shape> = resolve::components(root, "schemas")
        .iter()
        .filter(|(_, node)| !report.is_unsound(&node.span))
        .filter_map(|(key, node)| {
            let ways = [sent.contains(key.name.as_str()), received.contains(key.name.as_str())];
            Shape::of(key, node, ways)
        })
        .collect();
    let mut met = BTreeSet::new();
    let mut by_part = Parts::new(&shapes);
    for (at, shape) in shapes.iter().enumerate() {
        // What is sent and what is received differ on purpose.
        let same_way = |other: &&Shape| (0..2).any(|way| shape.ways[way] && other.ways[way]);
        for other in by_part.insert(shape, at).into_iter().map(|other| &shapes[other]).filter(same_way) {
            let Some(likeness) = shape.likeness(other) else { continue };
            if shape.is_twin_of(other) || other.is_twin_of(shape) {
                met.insert((shape.key.name.as_str(), other.key.name.as_str()));
                met.insert((other.key.name.as_str(), shape.key.name.as_str()));
                continue;
            }
            tell(shape, other, &likeness, report);
            // One fault for each schema: the third of a kind is like the first as well as the second.
            break;
        }
    }
    twins(root, &met, report);
    answers(root, report);
}

fn tell(shape: &Shape, other: &Shape, likeness: &Likeness, report: &mut Report) {
    let (name, first) = (&shape.key.name, &other.key.name);
    let fault = match likeness {
        Likeness::Same => {
            let message = format!("`{name}` has the same shape as `{first}`");
            report.fault(Rule::SameShape, &shape.key.span, message).help("give the shape one name")
        }
        Likeness::Similar(differences) => {
            let message = format!("`{name}` differs from `{first}` only in {}", differences.join(", "));
            let help = "make them one, or say why not: `x-weeek-similar-to: {Name: reason}`";
            report.fault(Rule::SimilarShape, &shape.key.span, message).help(help)
        }
    };
    fault.related(&other.key.span, "the other one");
}

enum Likeness {
    Same,
    /// What differs, in words.
    Similar(Vec<String>),
}

/// A name with its type, a value, or a form.
type Part<'a> = (&'a str, &'a str);

/// Finds the shapes that a shape has to be compared with, which are few.
struct Parts<'a> {
    /// In how many shapes each part is.
    counts: BTreeMap<Part<'a>, usize>,
    /// The shapes that have the part among their rarest.
    shapes: BTreeMap<Part<'a>, Vec<usize>>,
}

/// Shapes that are alike differ in two parts at most, so that they have one of each other's three rarest in common.
const RAREST: usize = 3;

impl<'a> Parts<'a> {
    fn new(shapes: &'a [Shape<'a>]) -> Self {
        let mut counts = BTreeMap::new();
        shapes.iter().flat_map(Shape::parts).for_each(|part| *counts.entry(part).or_default() += 1);
        Self { counts, shapes: BTreeMap::new() }
    }

    /// Adds a shape, and returns those before it that may be like it.
    fn insert(&mut self, shape: &'a Shape<'a>, at: usize) -> BTreeSet<usize> {
        let mut parts: Vec<(usize, Part)> = shape.parts().map(|part| (self.counts[&part], part)).collect();
        parts.sort_unstable();
        // A form may be there twice.
        parts.dedup();
        let mut before = BTreeSet::new();
        for (_, part) in parts.into_iter().take(RAREST) {
            let shapes = self.shapes.entry(part).or_default();
            before.extend(shapes.iter().copied());
            shapes.push(at);
        }
        before
    }
}

/// What a property is, words aside.
#[derive(PartialEq)]
struct Property {
    ty: String,
    constraints: String,
    required: bool,
    nullable: bool,
}

/// What a schema consists of, words aside.
struct Shape<'a> {
    key: &'a Key,
    node: &'a Node,
    /// Whether it is sent, and whether it is received.
    ways: [bool; 2],
    content: Content<'a>,
}

#[derive(PartialEq)]
enum Content<'a> {
    Object(BTreeMap<&'a str, Property>),
    /// Values, with the names that they are given.
    Values(BTreeSet<(&'a str, Option<&'a str>)>),
    Forms(Vec<String>),
}

impl<'a> Shape<'a> {
    /// Scalars are types of their own on purpose, so they have no shape here.
    fn of(key: &'a Key, node: &'a Node, ways: [bool; 2]) -> Option<Self> {
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
            let forms = ["oneOf", "anyOf"].iter().flat_map(|key| node.items_at(key));
            Content::Forms(forms.map(signature).collect())
        };
        let is_empty = match &content {
            Content::Object(properties) => properties.is_empty(),
            Content::Values(values) => values.is_empty(),
            Content::Forms(forms) => forms.is_empty(),
        };
        (!is_empty).then_some(Self { key, node, ways, content })
    }

    /// Names with their types, values, or forms.
    fn parts(&self) -> Box<dyn Iterator<Item = Part<'_>> + '_> {
        match &self.content {
            Content::Object(properties) => {
                Box::new(properties.iter().map(|(name, property)| (*name, property.ty.as_str())))
            }
            Content::Values(values) => Box::new(values.iter().map(|(value, _)| (*value, ""))),
            Content::Forms(forms) => Box::new(forms.iter().map(|form| (form.as_str(), ""))),
        }
    }

    fn is_twin_of(&self, other: &Self) -> bool {
        self.node.get("x-weeek-similar-to").is_some_and(|twins| twins.get(&other.key.name).is_some())
    }

    fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.is_stage_of_the_same(other) {
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

    /// What creates a thing and what changes it are two types, for they differ in what is required, or will.
    fn is_stage_of_the_same(&self, other: &Self) -> bool {
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

/// A type in words, without what does not change it.
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

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Sent,
    Received,
}

/// The schemas that travel one way.
fn reached(root: &Node, direction: Direction) -> BTreeSet<&str> {
    let mut waiting: Vec<&Node> = Vec::new();
    for place in resolve::operations(root) {
        match direction {
            Direction::Sent => {
                waiting.extend(place.node.get("requestBody"));
                waiting.extend(resolve::parameters(root, place.node).map(|(_, parameter)| parameter));
            }
            Direction::Received => {
                let answers = place.node.entries_at("responses").iter();
                waiting.extend(answers.map(|(_, answer)| resolve::follow(root, "responses", answer)));
            }
        }
    }
    resolve::reached(root, waiting.into_iter())
}

/// A twin that is none, or that is not like the other any more.
fn twins(root: &Node, met: &BTreeSet<(&str, &str)>, report: &mut Report) {
    let names = || resolve::components(root, "schemas").iter().map(|(key, _)| key.name.as_str());
    for (key, node) in resolve::components(root, "schemas") {
        for (other, reason) in node.entries_at("x-weeek-similar-to") {
            let name = other.name.as_str();
            if !names().any(|known| known == name) {
                let help = did_you_mean(name, names());
                report.fault(Rule::Twin, &other.span, format!("no schema is called `{name}`")).help = help;
            } else if !met.contains(&(key.name.as_str(), name)) {
                let message = format!("`{}` and `{name}` are not alike", key.name);
                report.fault(Rule::Twin, &other.span, message).help("leave the key out");
            } else if reason.text().is_some_and(|text| text.trim().is_empty()) {
                report.fault(Rule::Twin, &reason.span, "a twin needs its reason");
            }
        }
    }
}

/// Two answers with one envelope around one item are one answer.
fn answers(root: &Node, report: &mut Report) {
    let mut seen: BTreeMap<(String, Option<&str>), &Range<usize>> = BTreeMap::new();
    for (key, answer) in resolve::components(root, "responses") {
        let Some(item) = answer.get("x-weeek-item") else { continue };
        let Some(schema) = resolve::media(answer).first().and_then(|(_, media)| media.get("schema")) else { continue };
        let shape = (signature(schema), item.text());
        if let Some(first) = seen.insert(shape, &key.span) {
            let message = format!("`{}` is the same answer as another", key.name);
            report
                .fault(Rule::SameShape, &key.span, message)
                .help("give the answer one name")
                .related(first, "the other one");
        }
    }
}

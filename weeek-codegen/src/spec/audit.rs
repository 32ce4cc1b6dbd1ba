//! Holds the tree against the grammar of OpenAPI 3.0 and our own keys: nothing unknown, nothing of the wrong kind, no
//! reference that leads nowhere.

use std::collections::BTreeSet;
use std::ops::Range;

use super::grammar::{Kind, OPENAPI, Shape};
use super::node::{Key, Node, Value};
use super::resolve;
use super::words::{closest, did_you_mean};
use crate::diagnostic::Report;
use crate::rules::Rule;

/// Reports every departure of `root` from the grammar. Returns whether the rest of the document can be judged: where a whole
/// section is missing or misspelt, everything that refers to it would be at fault.
pub(crate) fn audit(root: &Node, report: &mut Report) -> bool {
    if !is_supported(root, report) {
        return false;
    }
    let frame = frame_faults(root);
    let sections = ["schemas", "parameters", "responses"].into_iter();
    let components = sections.flat_map(|section| resolve::components(root, section));
    let components = components.map(|(_, node)| (node.span.start, node.span.end)).collect();
    let mut found = report.next_stage();
    let at = root.entries().first().map_or(0..0, |(key, _)| key.span.clone());
    Audit { root, report: &mut found, has_frame: frame == 0, components }.object(root, &OPENAPI, &at);
    report.adopt(found);
    frame == 0
}

/// OpenAPI 3.0 it has to be; others are named, and nothing else is said of them.
fn is_supported(root: &Node, report: &mut Report) -> bool {
    let supported = "OpenAPI 3.0.x is";
    if let Some((key, version)) = root.entries().iter().find(|(key, _)| key.name == "swagger") {
        let version = version.text().unwrap_or("2.0");
        let message = format!("Swagger {version} is not supported");
        report.fault(Rule::OpenapiVersion, &key.span, message).help(supported);
        return false;
    }
    let Some((node, version)) = root.get("openapi").and_then(|node| Some((node, node.text()?))) else { return true };
    let patch = version.strip_prefix("3.0.").unwrap_or_default();
    if patch.is_empty() || !patch.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!("OpenAPI {version} is not supported");
        report.fault(Rule::OpenapiVersion, &node.span, message).help(supported);
        return false;
    }
    true
}

/// How many of the parts that everything else refers to are not there, or not what they should be.
fn frame_faults(root: &Node) -> usize {
    let is_mapping = |node: Option<&Node>| node.is_some_and(|node| matches!(node.value, Value::Mapping(_)));
    let components = root.get("components");
    let section = |name| components.and_then(|components| components.get(name));
    let unknown = |node: &Node, known: &[&str]| {
        node.entries()
            .iter()
            .any(|(key, _)| !known.contains(&&*key.name) && closest(&key.name, known.iter().copied()).is_some())
    };
    let faults = [
        !is_mapping(root.get("paths")),
        !is_mapping(components),
        !matches!(root.get("tags").map(|tags| &tags.value), Some(Value::Sequence(_))),
        !is_mapping(section("schemas")),
        ["parameters", "responses"].iter().any(|name| section(name).is_some() && !is_mapping(section(name))),
        unknown(root, &["paths", "components", "tags"]),
        components.is_some_and(|components| unknown(components, &["schemas", "parameters", "responses"])),
    ];
    faults.into_iter().filter(|fault| *fault).count()
}

struct Audit<'a> {
    root: &'a Node,
    report: &'a mut Report,
    has_frame: bool,
    /// Where the components stand.
    components: BTreeSet<(usize, usize)>,
}

impl Audit<'_> {
    /// `at` is where the object is named: by its key, or by its own first token.
    fn object(&mut self, node: &Node, kind: &'static Kind, at: &Range<usize>) {
        let Value::Mapping(entries) = &node.value else {
            return self.wrong(node, "a mapping", &(at.start.min(node.span.start)..node.span.end));
        };
        if let Some((key, target)) = entries.iter().find(|(key, _)| key.name == "$ref") {
            return self.reference(node, key, target, kind);
        }
        for (key, value) in entries {
            match kind.fields.iter().find(|(name, _)| *name == key.name) {
                Some((_, shape)) if kind.is_frame => {
                    self.shape(value, shape, &(key.span.start..value.span.end), &key.span);
                }
                Some((_, shape)) => self.shape(value, shape, &node.span, &key.span),
                None => self.unknown(node, key, kind),
            }
        }
        for name in kind.required.iter().filter(|name| node.get(name).is_none()) {
            // A misspelt key is one fault, not two.
            let others = kind.fields.iter().map(|(name, _)| *name);
            let is_misspelt = |key: &Key| {
                !others.clone().any(|known| known == key.name) && closest(&key.name, others.clone()) == Some(name)
            };
            if !entries.iter().any(|(key, _)| is_misspelt(key)) {
                self.report.fault(Rule::MissingKey, at, format!("{} needs `{name}`", kind.name));
            }
        }
    }

    fn shape(&mut self, node: &Node, shape: &Shape, around: &Range<usize>, at: &Range<usize>) {
        match shape {
            Shape::Any => {}
            Shape::Text if node.string().is_some() => {}
            Shape::Text => self.wrong(node, "a text", around),
            Shape::Boolean | Shape::BooleanOr(_) if node.boolean().is_some() => {}
            Shape::Boolean => self.wrong(node, "true or false", around),
            Shape::Count if node.integer().is_some_and(|integer| integer >= 0) => {}
            Shape::Count => self.wrong(node, "an integer, zero or more", around),
            Shape::Number if node.number().is_some() => {}
            Shape::Number => self.wrong(node, "a number", around),
            Shape::Keyword(known) => self.keyword(node, known, around),
            Shape::SchemaName => self.schema_name(node, around),
            Shape::SchemaReference => self.target(node, "schemas", around),
            Shape::Object(kind) | Shape::BooleanOr(kind) => self.object(node, kind, at),
            Shape::List(item) => match &node.value {
                Value::Sequence(items) => items.iter().for_each(|node| self.shape(node, item, around, &node.head())),
                _ => self.wrong(node, "a list", around),
            },
            Shape::Map(value) => match &node.value {
                Value::Mapping(entries) => {
                    for (key, node) in entries {
                        self.shape(node, value, &(key.span.start..node.span.end), &key.span);
                    }
                }
                _ => self.wrong(node, "a mapping", around),
            },
            Shape::Media(known) => match &node.value {
                Value::Mapping(entries) => entries.iter().for_each(|entry| self.media(node, entry, known)),
                _ => self.wrong(node, "a mapping", around),
            },
        }
    }

    fn keyword(&mut self, node: &Node, known: &[&str], around: &Range<usize>) {
        let Some(word) = node.text() else { return self.wrong(node, "a text", around) };
        if known.contains(&word) {
            return;
        }
        let help = did_you_mean(word, known.iter().copied()).unwrap_or_else(|| format!("one of {}", known.join(", ")));
        self.report.fault(Rule::UnknownValue, &node.span, format!("unknown value `{word}`")).help(help);
        self.report.unsound(around);
    }

    fn media(&mut self, around: &Node, (key, content): &(Key, Node), known: &'static [&'static str]) {
        if known.contains(&key.name.as_str()) {
            return self.object(content, &super::grammar::MEDIA_TYPE, &key.span);
        }
        let fault =
            self.report.fault(Rule::MediaType, &key.span, format!("media type `{}` is not supported", key.name));
        let help = did_you_mean(&key.name, known.iter().copied());
        fault.help(help.unwrap_or_else(|| format!("{} is", known.join(" or "))));
        self.report.unsound(&around.span);
    }

    fn reference(&mut self, node: &Node, key: &Key, target: &Node, kind: &'static Kind) {
        let Some(section) = kind.section else {
            self.report.unsound(&node.span);
            self.report.fault(Rule::ReferenceTarget, &key.span, format!("{} can't be a reference", kind.name));
            return;
        };
        let siblings = node.entries().iter().filter(|(other, _)| other.name != "$ref");
        for (other, _) in siblings {
            let message = format!("`{}` beside `$ref` has no effect", other.name);
            let fault = self.report.fault(Rule::ReferenceSiblings, &other.span, message);
            if section == "schemas" {
                fault.help("wrap the reference: `allOf: [{$ref: …}]`");
            }
        }
        self.target(target, section, &node.span);
        if self.components.contains(&(node.span.start, node.span.end))
            && let Some(name) = resolve::reference(node)
            && resolve::component(self.root, section, name).is_some()
        {
            self.mere_reference(section, name, node, target);
        }
    }

    /// The text of a reference: it has to lead to an entry of `section`.
    fn target(&mut self, target: &Node, section: &str, around: &Range<usize>) {
        let Some(text) = target.text() else {
            return self.wrong(target, "a text", around);
        };
        let prefix = format!("#/components/{section}/");
        let Some(name) = text.strip_prefix(&prefix) else {
            let (rule, what) = match text.strip_prefix('#') {
                Some(_) => (Rule::ReferenceTarget, "leads to the wrong place"),
                None => (Rule::ExternalReference, "leaves this document"),
            };
            let help = format!("a reference here begins with `{prefix}`");
            self.report.fault(rule, &target.span, format!("reference `{text}` {what}")).help(help);
            return self.report.unsound(around);
        };
        if resolve::component(self.root, section, name).is_none() {
            self.dangling(Rule::DanglingReference, target, section, name, around);
        }
    }

    fn schema_name(&mut self, node: &Node, around: &Range<usize>) {
        let Some(name) = node.text() else { return self.wrong(node, "a text", around) };
        if resolve::component(self.root, "schemas", name).is_none() {
            self.dangling(Rule::MapKey, node, "schemas", name, around);
        }
    }

    fn dangling(&mut self, rule: Rule, target: &Node, section: &str, name: &str, around: &Range<usize>) {
        if self.has_frame {
            let names = resolve::components(self.root, section).iter().map(|(key, _)| key.name.as_str());
            let help = did_you_mean(name, names);
            let message = format!("nothing is called `{name}` under `components.{section}`");
            self.report.fault(rule, &target.span, message).help = help;
        }
        self.report.unsound(around);
    }

    /// A component that consists of a reference: another name for the same thing, or for nothing at all.
    fn mere_reference(&mut self, section: &str, name: &str, node: &Node, target: &Node) {
        let mut names = vec![name];
        while let Some(next) = resolve::component(self.root, section, names[names.len() - 1])
            .and_then(|(_, component)| resolve::reference(component))
            .filter(|next| !names.contains(next))
        {
            names.push(next);
        }
        let is_cycle = resolve::component(self.root, section, names[names.len() - 1])
            .is_some_and(|(_, component)| component.get("$ref").is_some());
        if is_cycle {
            let help = format!("it goes through {}", names.join(", "));
            self.report.fault(Rule::ReferenceCycle, &target.span, "this reference leads back to itself").help(help);
        } else {
            let help = format!("refer to `{name}` itself wherever this one is meant");
            let message = "a component has to be more than a reference";
            self.report.fault(Rule::ReferenceChain, &target.span, message).help(help);
        }
        self.report.unsound(&node.span);
    }

    fn unknown(&mut self, node: &Node, key: &Key, kind: &Kind) {
        let name = &key.name;
        if kind.unsupported.contains(&name.as_str()) {
            let message = format!("`{name}` is not supported in {}", kind.name);
            self.report.fault(Rule::UnsupportedKey, &key.span, message);
        } else {
            let help = did_you_mean(name, kind.fields.iter().map(|(name, _)| *name));
            let message = format!("unknown key `{name}` in {}", kind.name);
            self.report.fault(Rule::UnknownKey, &key.span, message).help = help;
        }
        if !kind.is_frame {
            self.report.unsound(&node.span);
        }
    }

    fn wrong(&mut self, node: &Node, wanted: &str, around: &Range<usize>) {
        let fault =
            self.report.fault(Rule::WrongType, &node.head(), format!("expected {wanted}, found {}", node.kind()));
        if wanted == "a text" && node.text().is_some_and(|text| !text.is_empty()) {
            fault.help("quote it");
        }
        self.report.unsound(around);
    }
}

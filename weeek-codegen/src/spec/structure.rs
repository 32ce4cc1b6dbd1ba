//! Checks the tree against the grammar of OpenAPI 3.0 and our own keys: no unknown key, no value of the wrong type, no reference
//! without a target.

use std::collections::BTreeSet;
use std::ops::Range;

use super::grammar::{EXTENSIBLE, MEDIA_TYPE, OPENAPI, ObjectRule, Shape};
use super::node::{Key, Node, Value};
use super::references::References;
use super::resolve;
use super::suggest::{closest, did_you_mean};
use super::validate::QUOTE;
use crate::cycles;
use crate::diagnostic::{Diagnostics, quoted};
use crate::rules::Rule;

/// Reports every violation of the grammar. Returns whether the other checks make sense: if a whole section is missing or
/// misspelled, everything that refers to it would be an error.
pub(crate) fn check(root: &Node, diagnostics: &mut Diagnostics) -> bool {
    if !is_supported(root, diagnostics) {
        return false;
    }
    let has_sections = has_sections(root);
    let sections = ["schemas", "parameters", "responses"].into_iter();
    let components = sections.flat_map(|section| resolve::components(root, section));
    let components = components.map(|(_, node)| (node.span.start, node.span.end)).collect();
    let mut found = diagnostics.fork();
    let span = root.entries().first().map_or(0..0, |(key, _)| key.span.clone());
    let references = References::default();
    let mut check = Check { root, diagnostics: &mut found, has_sections, components, references };
    check.object(root, &OPENAPI, &span);
    let references = check.references;
    references.report(root, &mut found);
    cycles(root, &mut found);
    diagnostics.merge_tainted(found);
    has_sections
}

/// Only OpenAPI 3.0 is supported. Of another version nothing else is reported.
fn is_supported(root: &Node, diagnostics: &mut Diagnostics) -> bool {
    let help = "use OpenAPI 3.0.x";
    if let Some((key, version)) = root.entry("swagger") {
        let message = format!("Swagger {} is not supported", version.text().unwrap_or("2.0"));
        diagnostics.error(Rule::OpenapiVersion, &key.span, message).help(help);
        return false;
    }
    let Some((node, version)) = root.get("openapi").and_then(|node| Some((node, node.text()?))) else { return true };
    let patch = version.strip_prefix("3.0.").unwrap_or_default();
    let is_supported = !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit());
    if !is_supported {
        let message = format!("OpenAPI {version} is not supported");
        diagnostics.error(Rule::OpenapiVersion, &node.span, message).help(help);
    }
    is_supported
}

/// How OpenAPI 3.0 writes what 3.1, 2.0 and JSON Schema write in another way.
fn spelling_of_3_0(key: &str, value: &Node) -> Option<String> {
    let is_list = matches!(value.value, Value::Sequence(_));
    Some(match key {
        "required" if value.boolean().is_some() => {
            "list required properties in their object: `required: [name]`".to_owned()
        }
        "type" if is_list => {
            let ty = value.items().iter().filter_map(Node::text).find(|ty| *ty != "null").unwrap_or("string");
            format!("OpenAPI 3.0 has one type: `type: {ty}`, and `nullable: true` to allow null")
        }
        "exclusiveMinimum" | "exclusiveMaximum" if value.number().is_some() => {
            let bound = if key == "exclusiveMinimum" { "minimum" } else { "maximum" };
            format!("OpenAPI 3.0 has two keys: `{bound}: {}` and `{key}: true`", value.text().unwrap_or_default())
        }
        "const" => format!("OpenAPI 3.0 has enumerations of one value: `enum: [{}]`", value.text().unwrap_or("…")),
        "examples" if is_list => "OpenAPI 3.0 has one `example`".to_owned(),
        "$defs" | "definitions" => "move them to `components.schemas`".to_owned(),
        _ => return None,
    })
}

/// Whether the sections that everything else refers to have the right name and type.
fn has_sections(root: &Node) -> bool {
    let is_mapping = |node: Option<&Node>| node.is_some_and(|node| matches!(node.value, Value::Mapping(_)));
    let components = root.get("components");
    let section = |name| components.and_then(|components| components.get(name));
    let is_misspelled = |node: &Node, known: &[&str]| {
        let mut unknown = node.entries().iter().map(|(key, _)| key.name.as_str()).filter(|name| !known.contains(name));
        unknown.any(|name| closest(name, known.iter().copied()).is_some())
    };
    is_mapping(root.get("paths"))
        && root.get("components").is_none_or(|components| is_mapping(Some(components)))
        && root.get("tags").is_none_or(|tags| matches!(tags.value, Value::Sequence(_)))
        && ["schemas", "parameters", "responses"]
            .iter()
            .all(|name| section(name).is_none() || is_mapping(section(name)))
        && !is_misspelled(root, &["paths", "components", "tags"])
        && !components.is_some_and(|components| is_misspelled(components, &["schemas", "parameters", "responses"]))
}

/// Reports schemas that apply to themselves: every value would have to match them without end.
fn cycles(root: &Node, diagnostics: &mut Diagnostics) {
    let applied = |node| applied(node).into_iter().filter_map(resolve::reference).collect();
    let schemas = resolve::components(root, "schemas").iter().filter(|(_, node)| node.get("$ref").is_none());
    for cycle in cycles::find(schemas.map(|(key, node)| (key.name.as_str(), applied(node))).collect()) {
        let nodes = cycle.iter().filter_map(|name| resolve::component(root, "schemas", name));
        for (at, (key, node)) in nodes.enumerate() {
            if at == 0 {
                let to_itself = |node: &&&Node| resolve::reference(node).is_some_and(|name| cycle.contains(name));
                let span =
                    self::applied(node).iter().find(to_itself).map_or(node.first_token(), |node| node.first_token());
                let help = format!("it goes through {}", cycle.iter().copied().collect::<Vec<_>>().join(", "));
                diagnostics.error(Rule::ReferenceCycle, &span, "this reference leads back to itself").help(help);
            }
            diagnostics.taint(&(key.span.start..node.span.end));
        }
    }
}

/// The references of a schema that apply to the same value.
fn applied(node: &Node) -> Vec<&Node> {
    let keys = ["allOf", "oneOf", "anyOf"].iter();
    let own = Some(node).filter(|node| node.get("$ref").is_some());
    own.into_iter().chain(keys.flat_map(|key| node.items_at(key)).flat_map(applied)).collect()
}

/// Required keys without which the rest of an object has its meaning.
const PROSE: [&str; 3] = ["description", "summary", "x-weeek-evidence"];

/// The keys of an object, which can also be a reference if it can be a component.
fn known_keys(rule: &ObjectRule) -> impl Iterator<Item = &'static str> + Clone {
    rule.fields.iter().map(|(name, _)| *name).chain(rule.section.map(|_| "$ref"))
}

struct Check<'a, 'd> {
    root: &'a Node,
    diagnostics: &'d mut Diagnostics,
    has_sections: bool,
    /// The spans of the components.
    components: BTreeSet<(usize, usize)>,
    references: References<'a>,
}

impl<'a> Check<'a, '_> {
    /// `name_span` is the span of the object's key, or of its first token.
    fn object(&mut self, node: &'a Node, rule: &'static ObjectRule, name_span: &Range<usize>) {
        let Value::Mapping(entries) = &node.value else {
            return self.wrong_type(node, "a mapping", &(name_span.start.min(node.span.start)..node.span.end));
        };
        if let Some((key, target)) = node.entry("$ref") {
            return self.reference(node, key, target, rule);
        }
        for (key, value) in entries {
            match rule.fields.iter().find(|(name, _)| *name == key.name) {
                Some((_, shape)) if rule.is_root_section => {
                    self.shape(value, shape, &(key.span.start..value.span.end), &key.span);
                }
                Some((_, shape)) => {
                    let hint = spelling_of_3_0(&key.name, value);
                    let before = self.diagnostics.count();
                    self.shape(value, shape, &node.span, &key.span);
                    if self.diagnostics.count() > before {
                        self.diagnostics.help_last(hint);
                    }
                }
                None => {
                    let outer = name_span.start.min(node.span.start)..node.span.end;
                    self.unknown_key(&outer, key, value, rule);
                }
            }
        }
        for name in rule.required.iter().filter(|name| node.get(name).is_none()) {
            // A misspelled key is one error, not two. A reference requires nothing else.
            let is_misspelled = |key: &Key| {
                !rule.fields.iter().any(|(known, _)| *known == key.name)
                    && closest(&key.name, known_keys(rule)).is_some_and(|known| known == *name || known == "$ref")
            };
            if !entries.iter().any(|(key, _)| is_misspelled(key)) && !self.is_level_off(node, name, rule) {
                let shape = rule.fields.iter().find(|(key, _)| key == name).map(|(_, shape)| shape);
                let message = format!("{} requires `{name}`", rule.name);
                let error = self.diagnostics.error(Rule::MissingKey, name_span, message);
                if let Some(Shape::Keyword(known)) = shape {
                    error.help(format!("use one of {}", known.join(", ")));
                }
                if !rule.is_root_section && rule.name != "an operation" && !PROSE.contains(name) {
                    self.diagnostics.taint(&node.span);
                }
            }
        }
    }

    /// `outer` is the span that loses its meaning if the value is wrong.
    fn shape(&mut self, node: &'a Node, shape: &Shape, outer: &Range<usize>, name_span: &Range<usize>) {
        match shape {
            Shape::Any => {}
            Shape::String if node.string().is_some() => {}
            Shape::String => self.wrong_type(node, "a string", outer),
            Shape::Boolean | Shape::BooleanOr(_) if node.boolean().is_some() => {}
            Shape::Boolean => self.wrong_type(node, "true or false", outer),
            Shape::Count if node.integer().is_some_and(|integer| integer >= 0) => {}
            Shape::Count => self.wrong_type(node, "an integer, zero or more", outer),
            Shape::Number if node.number().is_some() => {}
            Shape::Number => self.wrong_type(node, "a number", outer),
            Shape::Keyword(known) => self.keyword(node, known, outer),
            Shape::SchemaName => self.schema_name(node, outer),
            Shape::SchemaReference => self.target(node, "schemas", outer),
            Shape::Object(rule) | Shape::BooleanOr(rule) => self.object(node, rule, name_span),
            Shape::List(item) => match &node.value {
                Value::Sequence(items) => {
                    items.iter().for_each(|node| self.shape(node, item, outer, &node.first_token()));
                }
                _ => self.wrong_type(node, "a list", outer),
            },
            Shape::Map(value) => match &node.value {
                Value::Mapping(entries) => {
                    for (key, node) in entries {
                        self.shape(node, value, &(key.span.start..node.span.end), &key.span);
                    }
                }
                _ => self.wrong_type(node, "a mapping", outer),
            },
            Shape::Media(known) => match &node.value {
                Value::Mapping(entries) => entries.iter().for_each(|entry| self.media(node, entry, known)),
                _ => self.wrong_type(node, "a mapping", outer),
            },
        }
    }

    fn keyword(&mut self, node: &Node, known: &[&str], outer: &Range<usize>) {
        let Some(word) = node.text() else { return self.wrong_type(node, "a string", outer) };
        if !known.contains(&word) {
            let help = did_you_mean(word, known.iter().copied());
            let help = help.unwrap_or_else(|| format!("use one of {}", known.join(", ")));
            self.diagnostics.error(Rule::UnknownValue, &node.span, format!("unknown value `{word}`")).help(help);
            self.diagnostics.taint(outer);
        }
    }

    fn media(&mut self, content: &Node, (key, media): &'a (Key, Node), known: &[&str]) {
        if known.contains(&key.name.as_str()) {
            return self.object(media, &MEDIA_TYPE, &key.span);
        }
        let message = format!("media type `{}` is not supported", key.name);
        let help = did_you_mean(&key.name, known.iter().copied());
        let help = help.unwrap_or_else(|| format!("use {}", known.join(" or ")));
        self.diagnostics.error(Rule::MediaType, &key.span, message).help(help);
        self.diagnostics.taint(&content.span);
    }

    fn reference(&mut self, node: &Node, key: &Key, target: &'a Node, rule: &'static ObjectRule) {
        let Some(section) = rule.section else {
            self.diagnostics.taint(&node.span);
            let message = format!("{} can't be a reference", rule.name);
            self.diagnostics.error(Rule::ReferenceTarget, &key.span, message);
            return;
        };
        for (other, _) in node.entries().iter().filter(|(other, _)| other.name != "$ref") {
            let message = format!("`{}` beside `$ref` has no effect", other.name);
            let error = self.diagnostics.error(Rule::ReferenceSiblings, &other.span, message);
            if section == "schemas" {
                error.help("wrap the reference: `allOf: [{$ref: …}]`");
            }
        }
        self.target(target, section, &node.span);
        if self.components.contains(&(node.span.start, node.span.end))
            && let Some(name) = resolve::reference_in(section, node)
            && resolve::component(self.root, section, name).is_some()
        {
            self.component_alias(section, name, node, target);
        }
    }

    /// The target of a reference must be an entry of `section`.
    fn target(&mut self, target: &'a Node, section: &'static str, outer: &Range<usize>) {
        let Some(text) = target.text() else {
            return self.wrong_type(target, "a string", outer);
        };
        let prefix = format!("#/components/{section}/");
        let Some(name) = text.strip_prefix(&prefix) else {
            let (rule, problem) = match text.strip_prefix('#') {
                Some(_) => (Rule::ReferenceTarget, "points to the wrong section"),
                None => (Rule::ExternalReference, "points outside of the spec"),
            };
            let message = format!("reference `{text}` {problem}");
            self.diagnostics.error(rule, &target.span, message).help(format!("start it with `{prefix}`"));
            return self.diagnostics.taint(outer);
        };
        self.named(Rule::DanglingReference, target, section, name, outer);
    }

    fn schema_name(&mut self, node: &'a Node, outer: &Range<usize>) {
        let Some(name) = node.text() else { return self.wrong_type(node, "a string", outer) };
        self.named(Rule::MapKey, node, "schemas", name, outer);
    }

    /// A component that is referred to by name.
    fn named(&mut self, rule: Rule, target: &Node, section: &'static str, name: &'a str, outer: &Range<usize>) {
        if resolve::component(self.root, section, name).is_some() {
            return self.references.found(section, name);
        }
        // If two components have one name, the second one may be the target.
        let node = self.root.get("components").and_then(|components| components.get(section));
        let has_duplicate = node.is_some_and(|node| match &node.value {
            Value::Mapping(entries) => entries.repeated().next().is_some(),
            _ => false,
        });
        if self.has_sections && !has_duplicate {
            self.references.missing(rule, section, name, &target.span);
        }
        self.diagnostics.taint(outer);
    }

    /// Reports a component that is only a reference: another name for the same component, or a cycle.
    fn component_alias(&mut self, section: &str, name: &str, node: &Node, target: &Node) {
        let next = |name: &str| {
            let (_, component) = resolve::component(self.root, section, name)?;
            resolve::reference_in(section, component)
        };
        let mut names = vec![name];
        let is_cycle = loop {
            match next(names[names.len() - 1]) {
                Some(next) if names.contains(&next) => break true,
                Some(next) => names.push(next),
                None => break false,
            }
        };
        if is_cycle {
            let help = format!("it goes through {}", names.join(", "));
            let message = "this reference leads back to itself";
            self.diagnostics.error(Rule::ReferenceCycle, &target.span, message).help(help);
        } else {
            let message = "a component can't be only a reference";
            let help = format!("refer to `{name}` itself instead of this component");
            self.diagnostics.error(Rule::ComponentAlias, &target.span, message).help(help);
        }
        self.diagnostics.taint(&node.span);
    }

    /// Whether a required key is one level too deep, where it is unknown.
    fn is_level_off(&mut self, node: &Node, name: &str, rule: &ObjectRule) -> bool {
        let inside = node.entries().iter().find_map(|(_, inner)| inner.entry(name));
        let error = inside.and_then(|(key, _)| self.diagnostics.find(Rule::UnknownKey, &key.span));
        error.map(|error| error.help(format!("move it to {}", rule.name))).is_some()
    }

    /// `outer` is the span that loses its meaning if the key is misspelled.
    fn unknown_key(&mut self, outer: &Range<usize>, key: &Key, value: &Node, rule: &ObjectRule) {
        let name = &key.name;
        if rule.unsupported.contains(&name.as_str()) {
            let message = format!("`{name}` is not supported in {}", rule.name);
            self.diagnostics.error(Rule::UnsupportedKey, &key.span, message);
        } else {
            let owner = EXTENSIBLE.iter().find(|other| other.fields.iter().any(|(field, _)| field == name));
            let help = did_you_mean(name, known_keys(rule))
                .filter(|_| owner.is_none())
                .or(owner.filter(|_| name.starts_with("x-")).map(|owner| format!("move it to {}", owner.name)));
            let message = format!("unknown key `{name}` in {}", rule.name);
            // A misspelled key means something; another one is only ignored.
            if help.is_some() && !rule.is_root_section {
                self.diagnostics.taint(outer);
            }
            self.diagnostics.error(Rule::UnknownKey, &key.span, message).help = help;
            self.diagnostics.help_last(spelling_of_3_0(name, value));
        }
    }

    fn wrong_type(&mut self, node: &Node, expected: &str, outer: &Range<usize>) {
        let message = format!("expected {expected}, found {}", node.kind());
        let error = self.diagnostics.error(Rule::WrongType, &node.first_token(), message);
        match (expected, node.text()) {
            ("a string", Some(text)) if !text.is_empty() => drop(error.help(QUOTE).fix(quoted(text))),
            ("true or false", Some("yes" | "Yes" | "on" | "On")) => drop(error.fix("true")),
            ("true or false", Some("no" | "No" | "off" | "Off")) => drop(error.fix("false")),
            _ => {}
        }
        self.diagnostics.taint(outer);
    }
}

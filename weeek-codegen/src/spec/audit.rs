//! Holds the tree against the grammar of OpenAPI 3.0 and our own keys: nothing unknown, nothing of the wrong kind, no
//! reference that leads nowhere.

use std::ops::Range;

use super::grammar::{Kind, OPENAPI, Shape};
use super::node::{Node, Value};
use super::resolve;
use crate::diagnostic::Report;

/// Reports every departure of `root` from the grammar.
pub(crate) fn audit(root: &Node, report: &mut Report) {
    let version = root.text_at("openapi");
    if let Some(version) = version.filter(|version| !version.starts_with("3.0.")) {
        let span = root.get("openapi").map_or(0..0, |node| node.span.clone());
        report.fault_with_help(&span, format!("OpenAPI {version} is not supported"), "OpenAPI 3.0.x is");
        return;
    }
    if let Some((key, _)) = root.entries().iter().find(|(key, _)| key.name == "swagger") {
        report.fault_with_help(&key.span, "Swagger 2.0 is not supported", "OpenAPI 3.0.x is");
        return;
    }
    Audit { root, report }.object(root, &OPENAPI);
}

struct Audit<'a> {
    root: &'a Node,
    report: &'a mut Report,
}

impl Audit<'_> {
    fn object(&mut self, node: &Node, kind: &'static Kind) {
        let Value::Mapping(entries) = &node.value else {
            return self.wrong(node, "a mapping");
        };
        if let Some((reference_key, target)) = entries.iter().find(|(key, _)| key.name == "$ref") {
            if kind.section.is_none() {
                return self.report.fault(&reference_key.span, format!("{} can't be a reference", kind.name));
            }
            for (key, _) in entries.iter().filter(|(key, _)| key.name != "$ref") {
                let help = "wrap the reference: `allOf: [{$ref: …}]`";
                self.report.fault_with_help(&key.span, format!("`{}` beside `$ref` has no effect", key.name), help);
            }
            return self.reference(target, kind);
        }
        for (key, value) in entries {
            match kind.fields.iter().find(|(name, _)| *name == key.name) {
                Some((_, shape)) => self.shape(value, shape),
                None => self.unknown(&key.name, &key.span, kind),
            }
        }
        for name in kind.required {
            if node.get(name).is_none() {
                self.report.fault(&node.head(), format!("{} needs `{name}`", kind.name));
            }
        }
    }

    fn shape(&mut self, node: &Node, shape: &Shape) {
        match shape {
            Shape::Any => {}
            Shape::Text if matches!(node.value, Value::Scalar { .. }) && !node.is_null() => {}
            Shape::Text => self.wrong(node, "a text"),
            Shape::Boolean | Shape::BooleanOr(_) if node.boolean().is_some() => {}
            Shape::Boolean => self.wrong(node, "true or false"),
            Shape::Integer if node.integer().is_some() => {}
            Shape::Integer => self.wrong(node, "an integer"),
            Shape::Number if node.number().is_some() => {}
            Shape::Number => self.wrong(node, "a number"),
            Shape::Keyword(known) => match node.text() {
                Some(word) if known.contains(&word) => {}
                Some(word) => match closest(word, known.iter().copied()) {
                    Some(near) => self.report.fault_with_help(
                        &node.span,
                        format!("unknown value `{word}`"),
                        format!("did you mean `{near}`?"),
                    ),
                    None => self.report.fault_with_help(
                        &node.span,
                        format!("unknown value `{word}`"),
                        format!("one of {}", known.join(", ")),
                    ),
                },
                None => self.wrong(node, "a text"),
            },
            Shape::Object(kind) | Shape::BooleanOr(kind) => self.object(node, kind),
            Shape::List(item) => match &node.value {
                Value::Sequence(items) => items.iter().for_each(|node| self.shape(node, item)),
                _ => self.wrong(node, "a list"),
            },
            Shape::Map(value) => match &node.value {
                Value::Mapping(entries) => entries.iter().for_each(|(_, node)| self.shape(node, value)),
                _ => self.wrong(node, "a mapping"),
            },
        }
    }

    fn reference(&mut self, target: &Node, kind: &'static Kind) {
        let Some(text) = target.text() else {
            return self.wrong(target, "a text");
        };
        let Some(section) = kind.section else { return };
        let prefix = format!("#/components/{section}/");
        let Some(name) = text.strip_prefix(&prefix) else {
            let what = if text.starts_with('#') { "leads to the wrong place" } else { "leaves this document" };
            let help = format!("a reference here begins with `{prefix}`");
            return self.report.fault_with_help(&target.span, format!("reference `{text}` {what}"), help);
        };
        if resolve::component(self.root, section, name).is_some() {
            return;
        }
        let components = self.root.get("components").and_then(|components| components.get(section));
        let names = components.map_or(&[][..], Node::entries).iter().map(|(key, _)| key.name.as_str());
        let message = format!("nothing is called `{name}` under `components.{section}`");
        match closest(name, names) {
            Some(near) => self.report.fault_with_help(&target.span, message, format!("did you mean `{near}`?")),
            None => self.report.fault(&target.span, message),
        }
    }

    fn unknown(&mut self, name: &str, span: &Range<usize>, kind: &Kind) {
        let message = format!("unknown key `{name}` in {}", kind.name);
        match closest(name, kind.fields.iter().map(|(name, _)| *name)) {
            Some(near) => self.report.fault_with_help(span, message, format!("did you mean `{near}`?")),
            None => self.report.fault(span, message),
        }
    }

    fn wrong(&mut self, node: &Node, wanted: &str) {
        self.report.fault(&node.head(), format!("expected {wanted}, found {}", node.kind()));
    }
}

/// The known word that `word` is a misspelling of.
pub(crate) fn closest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1) + 1;
    known
        .map(|name| (distance(word, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

//! Examples for drafts: values that the spec has for properties of the same name, and made-up ones elsewhere.

use std::collections::BTreeMap;

use super::yaml::{Yaml, is_plain};
use crate::upstream::model::{self, Api, Node};
use crate::yaml::{Content, Part};

/// What drafts take from the spec.
#[derive(Debug)]
pub(super) struct Samples {
    /// The first example of each property.
    values: BTreeMap<String, Yaml>,
    /// The description of `success`.
    pub(super) success: String,
    /// The keys of the flag and of the length of pages.
    pub(super) paging: (String, String),
}

impl Samples {
    /// Collects the examples of a spec.
    pub(super) fn of(root: &Part) -> Self {
        let success = root.at("#/components/schemas/Success/properties/success");
        let success = success.and_then(|success| success.text_at("description")).unwrap_or("Always true.").to_owned();
        let paging = ("hasMore".to_owned(), "pageSize".to_owned());
        let mut samples = Self { values: BTreeMap::new(), success, paging };
        samples.collect(root, false);
        samples
    }

    fn collect(&mut self, part: &Part, within: bool) {
        for (key, value) in part.entries() {
            if let (true, Content::Scalar(text, quoted), Some(_)) = (within, &value.content, value.text()) {
                let is_plain = !quoted && is_plain(text);
                let value = || if is_plain { Yaml::plain(text) } else { text.as_str().into() };
                self.values.entry(key.clone()).or_insert_with(value);
            }
            if let ("x-weeek-paging", [_, _, (flag, _), (size, _)]) = (key.as_str(), value.entries()) {
                self.paging = (flag.clone(), size.clone());
            }
            self.collect(value, within || key == "example");
        }
        part.items().iter().for_each(|item| self.collect(item, within));
    }

    /// A value that fits the schema of a property, complete.
    pub(super) fn value(&self, key: &str, api: &Api, node: &Node, depth: usize) -> Yaml {
        let resolved = api.resolve(node);
        let fact = |aspect: &str| resolved.facts.get(aspect).map(String::as_str);
        let (ty, children) = (fact("type").unwrap_or("any"), &resolved.node.children);
        match ty {
            "array" if depth < 6 => {
                let items = children.get("[]").map(|items| self.value(key, api, items, depth + 1));
                return Yaml::List(items.into_iter().collect());
            }
            "object" if depth < 6 => {
                let property = |(name, child): (&String, &Node)| {
                    let name = model::name(name)?;
                    let value = self.value(&name, api, child, depth + 1);
                    Some((name, value))
                };
                return Yaml::Flow(children.iter().filter_map(property).collect());
            }
            "boolean" => return true.into(),
            _ => {}
        }
        if let Some(values) = fact("enum") {
            let first = values.split(", ").next().unwrap_or_default();
            return if ty == "string" { first.into() } else { Yaml::plain(first) };
        }
        let is_number = |value: &&Yaml| matches!(value, Yaml::Scalar(text) if text.parse::<f64>().is_ok());
        let known = self.values.get(key).filter(|value| is_number(value) == (ty == "integer" || ty == "number"));
        let known_or = |other: Yaml| known.cloned().unwrap_or(other);
        match (ty, fact("format")) {
            ("string", Some("date")) => "2026-11-24".into(),
            ("string", Some("date-time")) => "2026-11-24T09:30:00Z".into(),
            ("string", Some("uuid")) => "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34".into(),
            ("string", Some("email")) => "jane@example.com".into(),
            ("string", Some("uri")) => "https://example.com".into(),
            ("string", _) => known_or("Sample".into()),
            ("integer", _) => known_or(Yaml::plain(fact("minimum").unwrap_or("3"))),
            ("number", _) => known_or(Yaml::plain("1.5")),
            _ => Yaml::plain("null"),
        }
    }
}

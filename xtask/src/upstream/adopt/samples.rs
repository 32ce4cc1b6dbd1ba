//! Examples for drafts: values that the spec has for properties of the same name, and made-up ones elsewhere.

use std::collections::BTreeMap;

use super::yaml::Yaml;
use crate::upstream::model::{Api, Node};
use crate::yaml::{Content, Part};

/// What drafts take from the spec.
#[derive(Debug)]
pub(super) struct Samples {
    /// The first example of each property.
    values: BTreeMap<String, Yaml>,
    success: String,
    paging: (String, String),
}

impl Samples {
    /// Collects the examples of a spec.
    pub(super) fn of(root: &Part) -> Self {
        let success = root.at("#/components/schemas/Success/properties/success");
        let success = success.and_then(|success| success.text_at("description")).unwrap_or("Always true.").to_owned();
        let mut samples =
            Self { values: BTreeMap::new(), success, paging: ("hasMore".to_owned(), "pageSize".to_owned()) };
        samples.collect(root, false);
        samples
    }

    fn collect(&mut self, part: &Part, within: bool) {
        for (key, value) in part.entries() {
            if within && matches!(value.content, Content::Scalar(..)) && value.text().is_some() {
                self.values.entry(key.clone()).or_insert_with(|| Yaml::of(value));
            }
            if let ("x-weeek-paging", [_, _, (flag, _), (size, _)]) = (key.as_str(), value.entries()) {
                self.paging = (flag.clone(), size.clone());
            }
            self.collect(value, within || key == "example");
        }
        part.items().iter().for_each(|item| self.collect(item, within));
    }

    /// The description of `success`.
    pub(super) fn success(&self) -> &str {
        &self.success
    }

    /// How the flag and the length of pages are called.
    pub(super) fn paging_keys(&self) -> (String, String) {
        self.paging.clone()
    }

    /// A value that fits a schema, complete.
    pub(super) fn example(&self, api: &Api, node: &Node, depth: usize) -> Yaml {
        self.value("", api, node, depth)
    }

    fn value(&self, key: &str, api: &Api, node: &Node, depth: usize) -> Yaml {
        let resolved = api.resolve(node);
        let fact = |aspect: &str| resolved.facts.get(aspect).map(String::as_str);
        let ty = fact("type").unwrap_or("any");
        match ty {
            "array" if depth < 6 => {
                let items = resolved.node.children.get("[]").map(|items| self.value(key, api, items, depth + 1));
                return Yaml::List(items.into_iter().collect());
            }
            "object" if depth < 6 => {
                let property = |(name, child): (&String, &Node)| {
                    let name = name.strip_prefix('.')?.trim_matches('"').to_owned();
                    let value = self.value(&name, api, child, depth + 1);
                    Some((name, value))
                };
                return Yaml::Flow(resolved.node.children.iter().filter_map(property).collect());
            }
            "boolean" => return Yaml::plain(&true),
            _ => {}
        }
        if let Some(values) = fact("enum") {
            let first = values.split(", ").next().unwrap_or_default();
            return if ty == "string" { Yaml::text(first) } else { Yaml::plain(first) };
        }
        let is_number = |value: &&Yaml| matches!(value, Yaml::Scalar(text) if text.parse::<f64>().is_ok());
        let known = self.values.get(key).filter(|value| is_number(value) == (ty == "integer" || ty == "number"));
        match (ty, fact("format")) {
            ("string", Some("date")) => Yaml::text("2026-11-24"),
            ("string", Some("date-time")) => Yaml::text("2026-11-24T09:30:00Z"),
            ("string", Some("uuid")) => Yaml::text("5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34"),
            ("string", Some("email")) => Yaml::text("jane@example.com"),
            ("string", Some("uri")) => Yaml::text("https://example.com"),
            ("string", _) => known.cloned().unwrap_or_else(|| Yaml::text("Sample")),
            ("integer", _) => known.cloned().unwrap_or_else(|| Yaml::plain(fact("minimum").unwrap_or("3"))),
            ("number", _) => known.cloned().unwrap_or_else(|| Yaml::plain("1.5")),
            _ => Yaml::plain("null"),
        }
    }
}

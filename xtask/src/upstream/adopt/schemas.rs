//! The schemas of a draft.

use super::names::{Named, article, lower_first, singular, upper_first, words};
use super::yaml::Yaml;
use super::{Drafter, Entries, entry};
use crate::upstream::model::Node;

impl Drafter<'_> {
    pub(super) fn id(&mut self, tag: &str, name: &str, what: &str, schema: Option<&Node>) {
        let ty = upper_first(name);
        if self.root.at(&format!("#/components/schemas/{ty}")).is_some() {
            return;
        }
        let noun = what.replace(['-', '_'], " ");
        let facts = schema.map(|schema| self.new.resolve(schema).facts).unwrap_or_default();
        let mut schema = vec![entry("description", Yaml::text(&format!("Identifies {}.", article(&noun))))];
        if facts.get("type").is_some_and(|ty| ty == "string") {
            schema.push(entry("type", Yaml::text("string")));
            schema.extend(facts.get("format").map(|format| entry("format", Yaml::text(format))));
        } else {
            let integer = [("type", "integer"), ("format", "int64"), ("minimum", "1")];
            schema.extend(integer.map(|(key, value)| entry(key, Yaml::plain(value))));
        }
        self.draft.component("schemas", tag, &ty, Yaml::Block(schema));
    }

    /// A named object, unless there is one of that name.
    pub(super) fn object(&mut self, name: &str, node: &Node, named: &Named, is_response: bool) {
        if self.root.at(&format!("#/components/schemas/{name}")).is_some() || !self.draft.claim(name) {
            return;
        }
        let mut properties = Entries::new();
        let mut required = Vec::new();
        let (ids, others): (Vec<_>, Vec<_>) = node.children.iter().partition(|(key, _)| *key == ".id");
        for (key, child) in ids.into_iter().chain(others) {
            let Some(key) = key.strip_prefix('.') else { continue };
            let key = key.trim_matches('"');
            // The documented object is taken to be whole.
            if is_response || child.facts.contains_key("required") {
                required.push(Yaml::text(key));
            }
            let key_schema = if key == "id" && is_response { self.own_id(name, child, named) } else { None };
            // In what creates something, null means the same as leaving the property out.
            let mut child = child.clone();
            if !is_response && named.creates() {
                child.facts.remove("nullable");
            }
            let schema = key_schema.unwrap_or_else(|| self.schema(key, &child, Some(named)));
            properties.push(entry(key, schema));
        }
        let mut schema = Entries::new();
        schema.extend(named.about(name).map(|about| entry("description", Yaml::text(&about))));
        schema.push(entry("type", Yaml::text("object")));
        schema.extend(self.evidence.map(|evidence| entry("x-weeek-evidence", Yaml::text(evidence))));
        if !required.is_empty() {
            schema.push(entry("required", Yaml::List(required)));
        }
        schema.push(entry("properties", Yaml::Block(properties)));
        self.draft.component("schemas", &named.tag, name, Yaml::Block(schema));
    }

    /// The id of an object is a type of its own.
    fn own_id(&mut self, name: &str, node: &Node, named: &Named) -> Option<Yaml> {
        let ty = format!("{name}Id");
        let is_known = self.root.at(&format!("#/components/schemas/{ty}")).is_some() || self.draft.has("schemas", &ty);
        if !is_known {
            let facts = self.new.resolve(node).facts;
            (facts.get("type")? == "integer" || facts.get("format")? == "uuid").then_some(())?;
            self.id(&named.tag, &lower_first(&ty), &named.noun(), Some(node));
        }
        Some(Yaml::reference("schemas", &ty))
    }

    /// The schema of a property, parameter or item.
    pub(super) fn schema(&mut self, key: &str, node: &Node, named: Option<&Named>) -> Yaml {
        let resolved = self.new.resolve(node);
        let facts = &resolved.facts;
        let ty = facts.get("type").map_or("any", String::as_str);
        let wrap = |reference: Yaml| {
            if facts.contains_key("nullable") {
                let null = Yaml::Flow(vec![entry("enum", Yaml::List(vec![Yaml::plain("null")]))]);
                Yaml::Flow(vec![entry("anyOf", Yaml::List(vec![reference, null]))])
            } else {
                reference
            }
        };
        if let Some(name) = resolved.name.and_then(|name| self.names.get(name)) {
            return wrap(Yaml::reference("schemas", name));
        }
        let reference = self.references.get(&(key.to_owned(), ty.to_owned(), facts.get("enum").cloned())).cloned();
        let own = || Some(format!("{}Id", upper_first(key.strip_suffix("Id")?)));
        let own = own().filter(|name| self.draft.has("schemas", name));
        if let Some(name) = own.or_else(|| reference.filter(|_| !matches!(ty, "object" | "any"))) {
            return wrap(Yaml::reference("schemas", &name));
        }
        if let Some(named) = named
            && (facts.contains_key("enum") || !resolved.node.children.is_empty() && ty == "object")
        {
            let base =
                resolved.name.map_or_else(|| upper_first(&words(&singular(key))), |name| upper_first(&words(name)));
            let name = if base.starts_with(&named.resource) { base } else { format!("{}{base}", named.resource) };
            if ty == "object" {
                self.object(&name, resolved.node, named, true);
            } else if self.root.at(&format!("#/components/schemas/{name}")).is_none() && self.draft.claim(&name) {
                let values = facts["enum"]
                    .split(", ")
                    .map(|value| if ty == "string" { Yaml::text(value) } else { Yaml::plain(value) });
                let schema = vec![entry("type", Yaml::text(ty)), entry("enum", Yaml::List(values.collect()))];
                self.draft.component("schemas", &named.tag, &name, Yaml::Block(schema));
            }
            return wrap(Yaml::reference("schemas", &name));
        }
        let mut schema = Entries::new();
        if ty != "any" {
            schema.push(entry("type", Yaml::text(ty)));
        }
        if ty == "integer" {
            schema.push(entry("format", Yaml::text("int64")));
        }
        for (aspect, value) in facts {
            match *aspect {
                "format" if ty == "integer" => {}
                "format" | "pattern" => schema.push(entry(aspect, Yaml::text(value))),
                "exclusiveMinimum" | "exclusiveMaximum" => {
                    let bound = aspect.replace("exclusive", "").to_lowercase();
                    schema.extend([entry(&bound, Yaml::plain(value)), entry(aspect, Yaml::plain(&true))]);
                }
                "type" | "enum" | "required" | "deprecated" | "media" | "style" | "brackets" | "forms" | "closed"
                | "default" => {}
                _ => schema.push(entry(aspect, Yaml::plain(value))),
            }
        }
        if let Some(items) = resolved.node.children.get("[]") {
            let items = self.schema(&singular(key), items, named);
            schema.push(entry("items", items));
        }
        Yaml::Flow(schema)
    }
}

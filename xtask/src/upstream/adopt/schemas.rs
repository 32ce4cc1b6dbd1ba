//! The schemas of a draft.

use super::Drafter;
use super::names::{Named, article, singular, spaced, upper_first, words};
use super::yaml::{Entries, Yaml, entry};
use crate::upstream::model::{self, Node};

impl Drafter<'_> {
    /// The type of an id, unless there is one of that name.
    pub(super) fn id(&mut self, tag: &str, ty: &str, what: &str, schema: Option<&Node>) {
        let noun = what.replace(['-', '_'], " ");
        let facts = schema.map(|schema| self.new.resolve(schema).facts).unwrap_or_default();
        let mut schema = vec![entry("description", format!("Identifies {}.", article(&noun)))];
        if facts.get("type").is_some_and(|ty| ty == "string") {
            schema.push(entry("type", "string"));
            schema.extend(facts.get("format").map(|format| entry("format", format.as_str())));
        } else {
            schema.extend([entry("type", "integer"), entry("format", "int64"), entry("minimum", Yaml::plain("1"))]);
        }
        self.draft.component("schemas", tag, ty, &Yaml::Block(schema));
    }

    /// A named object, unless there is one of that name.
    pub(super) fn object(&mut self, name: &str, node: &Node, named: &Named, is_response: bool) {
        if self.draft.has("schemas", name) || !self.draft.claim(name) {
            return;
        }
        let (mut properties, mut required) = (Entries::new(), Vec::new());
        let (ids, others): (Vec<_>, Vec<_>) = node.children.iter().partition(|(key, _)| *key == ".id");
        for (key, child) in ids.into_iter().chain(others) {
            let Some(key) = model::name(key) else { continue };
            let key = key.as_str();
            // The documented object is taken to be whole.
            if is_response || child.facts.contains_key("required") {
                required.push(key.into());
            }
            let id = if key == "id" && is_response { self.own_id(name, child, named) } else { None };
            // In what creates something, null means the same as leaving the property out.
            let mut child = child.clone();
            if !is_response && named.creates() {
                child.facts.remove("nullable");
            }
            properties.push(entry(key, id.unwrap_or_else(|| self.schema(key, &child, Some(named)))));
        }
        let mut schema: Entries = named.about(name).map(|about| entry("description", about)).into_iter().collect();
        schema.push(entry("type", "object"));
        schema.extend(self.evidence.map(|evidence| entry("x-weeek-evidence", evidence)));
        if !required.is_empty() {
            schema.push(entry("required", Yaml::List(required)));
        }
        schema.push(entry("properties", Yaml::Block(properties)));
        self.draft.component("schemas", &named.tag, name, &Yaml::Block(schema));
    }

    /// The id of an object is a type of its own.
    fn own_id(&mut self, name: &str, node: &Node, named: &Named) -> Option<Yaml> {
        let ty = format!("{name}Id");
        if !self.draft.has("schemas", &ty) {
            let facts = self.new.resolve(node).facts;
            (facts.get("type")? == "integer" || facts.get("format")? == "uuid").then_some(())?;
            self.id(&named.tag, &ty, &spaced(name), Some(node));
        }
        Some(Yaml::reference("schemas", &ty))
    }

    /// The schema of a property, parameter or item.
    pub(super) fn schema(&mut self, key: &str, node: &Node, named: Option<&Named>) -> Yaml {
        let resolved = self.new.resolve(node);
        let (facts, children) = (&resolved.facts, &resolved.node.children);
        let ty = facts.get("type").map_or("any", String::as_str);
        let refer = |name: &str| {
            let reference = Yaml::reference("schemas", name);
            if !facts.contains_key("nullable") {
                return reference;
            }
            let null = Yaml::Flow(vec![entry("enum", Yaml::List(vec![Yaml::plain("null")]))]);
            Yaml::Flow(vec![entry("anyOf", Yaml::List(vec![reference, null]))])
        };
        if let Some(name) = resolved.name.and_then(|name| self.names.get(name)) {
            return refer(name);
        }
        let known = self.references.get(&(key.to_owned(), ty.to_owned(), facts.get("enum").cloned()));
        let known = known.filter(|_| !matches!(ty, "object" | "any")).cloned();
        let own = key.strip_suffix("Id").map(|key| format!("{}Id", upper_first(key)));
        if let Some(name) = own.filter(|name| self.is_drafted(name)).or(known) {
            return refer(&name);
        }
        if let Some(named) = named
            && (facts.contains_key("enum") || !children.is_empty() && ty == "object")
        {
            let base = resolved.name.map_or_else(|| words(&singular(key)), words);
            let name = named.owned(&upper_first(&base));
            if ty == "object" {
                self.object(&name, resolved.node, named, true);
            } else if !self.draft.has("schemas", &name) && self.draft.claim(&name) {
                let value = |value| if ty == "string" { Yaml::from(value) } else { Yaml::plain(value) };
                let values = facts["enum"].split(", ").map(value).collect();
                let schema = vec![entry("type", ty), entry("enum", Yaml::List(values))];
                self.draft.component("schemas", &named.tag, &name, &Yaml::Block(schema));
            }
            return refer(&name);
        }
        let mut schema = Entries::new();
        schema.extend((ty != "any").then(|| entry("type", ty)));
        schema.extend((ty == "integer").then(|| entry("format", "int64")));
        for (aspect, value) in facts {
            match *aspect {
                "format" if ty == "integer" => {}
                "format" | "pattern" => schema.push(entry(aspect, value.as_str())),
                "exclusiveMinimum" | "exclusiveMaximum" => {
                    let bound = aspect.replace("exclusive", "").to_lowercase();
                    schema.extend([entry(&bound, Yaml::plain(value)), entry(aspect, true)]);
                }
                "type" | "enum" | "required" | "deprecated" | "media" | "style" | "brackets" | "forms" | "closed"
                | "default" => {}
                _ => schema.push(entry(aspect, Yaml::plain(value))),
            }
        }
        if let Some(items) = children.get("[]") {
            schema.push(entry("items", self.schema(&singular(key), items, named)));
        }
        Yaml::Flow(schema)
    }
}

//! Bodies and responses of a draft.

use super::Drafter;
use super::names::{Named, plural};
use super::yaml::{Entries, Yaml, entry};
use crate::upstream::model::{self, Node, part};

impl Drafter<'_> {
    pub(super) fn body(&mut self, body: &Node, named: &Named) -> Yaml {
        let resolved = self.new.resolve(body).node;
        let name = named.body();
        self.object(&name, resolved, named, false);
        let mut entries = vec![entry("required", true)];
        if let [(_, only)] = resolved.children.iter().collect::<Vec<_>>()[..]
            && only.facts.contains_key("required")
        {
            entries.push(entry("x-weeek-arguments", true));
        }
        let media = body.facts.get("media").map_or("application/json", String::as_str);
        let mut content = vec![entry("schema", Yaml::reference("schemas", &name))];
        if media == "application/json" {
            content.push(entry("example", self.samples.value("", self.new, body, 0)));
        }
        entries.push(entry("content", Yaml::Block(vec![entry(media, Yaml::Block(content))])));
        Yaml::Block(entries)
    }

    /// The name of the response: one that we have, or a draft.
    pub(super) fn response(&mut self, node: &Node, named: &Named) -> String {
        let envelope = self.new.resolve(node).node;
        let names: Vec<String> = envelope.children.keys().filter_map(|key| model::name(key)).collect();
        let keys: Vec<&str> = names.iter().map(String::as_str).collect();
        let is_more = |key: &&str| key.starts_with("hasMore");
        let data: Vec<&str> = keys.iter().copied().filter(|key| *key != "success" && !is_more(key)).collect();
        let item = match data[..] {
            _ if keys.is_empty() => return "Done".to_owned(),
            [] => return "Success".to_owned(),
            [item] => item,
            _ => return self.whole(node, named),
        };
        let is_list = self.new.resolve(&envelope.children[&part(item)]).node.children.contains_key("[]");
        let name = named.response(is_list);
        if self.draft.has("responses", &name) {
            return name;
        }
        let (noun, nouns) = (named.noun(), plural(&named.noun()));
        let about = if is_list { format!("The {nouns}.") } else { format!("The {noun}.") };
        let more = keys.iter().copied().filter(is_more);
        let order: Vec<&str> = keys.iter().copied().filter(|key| *key == "success").chain([item]).chain(more).collect();
        let mut properties = Entries::new();
        for key in &order {
            let mut schema = self.schema(key, &envelope.children[&part(key)], Some(named));
            let text = match *key {
                "success" => self.samples.success.clone(),
                key if key == item => about.clone(),
                _ => format!("Whether there are {nouns} after this page."),
            };
            let is_reference = matches!(&schema, Yaml::Flow(entries) if entries[0].0 == "$ref");
            if let (Yaml::Flow(entries), false) = (&mut schema, is_reference) {
                entries.insert(1, entry("description", text));
            }
            properties.push(entry(key, schema));
        }
        let schema = vec![
            entry("type", "object"),
            entry("required", Yaml::List(order.into_iter().map(Yaml::from).collect())),
            entry("properties", Yaml::Block(properties)),
        ];
        let head = vec![entry("description", about), entry("x-weeek-item", item)];
        self.declare(&name, named, head, Yaml::Block(schema), node);
        name
    }

    /// A response that is no envelope of one item.
    fn whole(&mut self, node: &Node, named: &Named) -> String {
        let name = format!("{}Result", named.body());
        self.object(&name, self.new.resolve(node).node, named, true);
        self.declare(&name, named, Vec::new(), Yaml::reference("schemas", &name), node);
        name
    }

    fn declare(&mut self, name: &str, named: &Named, mut response: Entries, schema: Yaml, node: &Node) {
        let example = self.samples.value("", self.new, node, 0);
        let content = Yaml::Block(vec![entry("schema", schema), entry("example", example)]);
        response.push(entry("content", Yaml::Block(vec![entry("application/json", content)])));
        self.draft.component("responses", &named.tag, name, &Yaml::Block(response));
    }
}

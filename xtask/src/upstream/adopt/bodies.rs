//! Bodies and responses of a draft.

use super::names::{Named, plural};
use super::yaml::Yaml;
use super::{Drafter, Entries, entry};
use crate::upstream::model::Node;

impl Drafter<'_> {
    pub(super) fn body(&mut self, body: &Node, named: &Named) -> Yaml {
        let resolved = self.new.resolve(body).node;
        let name = named.body();
        self.object(&name, resolved, named, false);
        let mut entries = vec![entry("required", Yaml::plain(&true))];
        if let [(_, only)] = resolved.children.iter().collect::<Vec<_>>()[..]
            && only.facts.contains_key("required")
        {
            entries.push(entry("x-weeek-arguments", Yaml::plain(&true)));
        }
        let media = body.facts.get("media").map_or("application/json", String::as_str);
        let mut content = vec![entry("schema", Yaml::reference("schemas", &name))];
        if media == "application/json" {
            content.push(entry("example", self.samples.example(self.new, body, 0)));
        }
        entries.push(entry("content", Yaml::Block(vec![entry(media, Yaml::Block(content))])));
        Yaml::Block(entries)
    }

    /// The name of the response: one that we have, or a draft.
    pub(super) fn response(&mut self, node: &Node, named: &Named) -> String {
        let envelope = self.new.resolve(node).node;
        let keys: Vec<&str> = envelope.children.keys().filter_map(|key| key.strip_prefix('.')).collect();
        let data: Vec<&str> =
            keys.iter().copied().filter(|key| *key != "success" && !key.starts_with("hasMore")).collect();
        if keys.is_empty() {
            return "Done".to_owned();
        }
        let [item] = data[..] else {
            if data.is_empty() {
                return "Success".to_owned();
            }
            return self.whole(node, named);
        };
        let child = &envelope.children[&format!(".{item}")];
        let is_list = self.new.resolve(child).node.children.contains_key("[]");
        let name = named.response(is_list);
        if self.root.at(&format!("#/components/responses/{name}")).is_some() {
            return name;
        }
        let noun = named.noun();
        let about = if is_list { format!("The {}.", plural(&noun)) } else { format!("The {noun}.") };
        let mut properties = Entries::new();
        let mut order: Vec<&str> = keys.iter().copied().filter(|key| *key == "success").collect();
        order.push(item);
        order.extend(keys.iter().copied().filter(|key| key.starts_with("hasMore")));
        for key in &order {
            let node = &envelope.children[&format!(".{key}")];
            let mut schema = self.schema(key, node, Some(named));
            let text = match *key {
                "success" => self.samples.success().to_owned(),
                key if key == item => about.clone(),
                _ => format!("Whether there are {} after this page.", plural(&noun)),
            };
            let is_reference = matches!(&schema, Yaml::Flow(entries) if entries[0].0 == "$ref");
            if let Yaml::Flow(entries) = &mut schema
                && !is_reference
            {
                entries.insert(1, entry("description", Yaml::text(&text)));
            }
            properties.push(entry(key, schema));
        }
        let schema = vec![
            entry("type", Yaml::text("object")),
            entry("required", Yaml::List(order.iter().map(|key| Yaml::text(key)).collect())),
            entry("properties", Yaml::Block(properties)),
        ];
        let content =
            vec![entry("schema", Yaml::Block(schema)), entry("example", self.samples.example(self.new, node, 0))];
        let response = vec![
            entry("description", Yaml::text(&about)),
            entry("x-weeek-item", Yaml::text(item)),
            entry("content", Yaml::Block(vec![entry("application/json", Yaml::Block(content))])),
        ];
        self.draft.component("responses", &named.tag, &name, Yaml::Block(response));
        name
    }

    /// A response that is no envelope of one item.
    fn whole(&mut self, node: &Node, named: &Named) -> String {
        let name = format!("{}Result", named.body());
        self.object(&name, self.new.resolve(node).node, named, true);
        let content = vec![
            entry("schema", Yaml::reference("schemas", &name)),
            entry("example", self.samples.example(self.new, node, 0)),
        ];
        let response = vec![entry("content", Yaml::Block(vec![entry("application/json", Yaml::Block(content))]))];
        self.draft.component("responses", &named.tag, &name, Yaml::Block(response));
        name
    }
}

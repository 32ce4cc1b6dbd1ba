//! An API as facts: what a document states of each place, independent of its form.

use std::collections::{BTreeMap, BTreeSet};

/// What a document states of one place: `type` is `string`, `nullable` is `true`.
pub type Facts = BTreeMap<&'static str, String>;

/// Every aspect that a fact can have, in the order in which they are written.
pub const ASPECTS: [&str; 25] = [
    "type",
    "format",
    "enum",
    "pattern",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "uniqueItems",
    "closed",
    "default",
    "media",
    "style",
    "brackets",
    "nullable",
    "required",
    "deprecated",
    "forms",
];

/// The aspects that are bounds, among all of them.
pub(super) const BOUNDS: std::ops::Range<usize> = 4..15;

/// The aspects that belong to the place that refers to a schema rather than to the schema.
pub const OF_REFERENCE: [&str; 7] = ["default", "media", "style", "brackets", "nullable", "required", "deprecated"];

/// A schema, parameter, body or response, and what is below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Its own facts.
    pub facts: Facts,
    /// By the rest of the place: `.title` is a property, `[]` the items, `{}` the values, `|2` the second form.
    pub children: BTreeMap<String, Node>,
    /// The named schema with the rest.
    pub refers: Option<String>,
    /// Where it starts; 0 in JSON.
    pub line: usize,
}

/// An operation; its parameters, body and responses are children of its node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// The path as the document writes it.
    pub path: String,
    /// The id, where it has one.
    pub id: Option<String>,
    /// Its facts.
    pub node: Node,
}

/// All that a document states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Api {
    /// Where it lives.
    pub server: Option<String>,
    /// By method and path without the names of parameters: `GET /ws/tags/{}`.
    pub operations: BTreeMap<String, Operation>,
    /// The named schemas.
    pub schemas: BTreeMap<String, Node>,
    /// What is wrong with the document itself.
    pub defects: BTreeSet<String>,
}

impl Api {
    /// The operation or schema that starts a place.
    pub fn root(&self, name: &str) -> Option<&Node> {
        self.operations.get(name).map(|operation| &operation.node).or_else(|| self.schemas.get(name))
    }

    /// How many facts there are.
    pub fn count(&self) -> usize {
        let roots = self.operations.values().map(|operation| &operation.node).chain(self.schemas.values());
        roots.map(Node::count).sum()
    }

    /// A node with the facts of the schemas behind it, and the name of the last of them.
    pub fn resolve<'a>(&'a self, node: &'a Node) -> Resolved<'a> {
        let mut resolved = Resolved { name: None, facts: node.facts.clone(), node };
        // A reference that leads back to itself adds nothing.
        for _ in 0..16 {
            let Some((name, next)) = resolved.node.refers.as_ref().and_then(|name| self.schemas.get_key_value(name))
            else {
                break;
            };
            for (aspect, value) in &next.facts {
                resolved.facts.entry(aspect).or_insert_with(|| value.clone());
            }
            resolved.name = Some(name);
            resolved.node = next;
        }
        resolved
    }
}

/// See [`Api::resolve`].
#[derive(Clone, Debug)]
pub struct Resolved<'a> {
    /// The name of the last schema on the way.
    pub name: Option<&'a str>,
    /// The facts of all of them.
    pub facts: Facts,
    /// The last of them.
    pub node: &'a Node,
}

impl Node {
    /// Adds a fact that is only true or absent.
    pub(super) fn mark(&mut self, aspect: &'static str) {
        self.facts.insert(aspect, "true".to_owned());
    }

    fn count(&self) -> usize {
        let own = self.facts.len() + usize::from(self.refers.is_some());
        own + self.children.values().map(Self::count).sum::<usize>()
    }

    /// Everything below, with the rest of its place; itself with none.
    pub fn flat(&self) -> Vec<(String, &Self)> {
        let mut list = Vec::new();
        self.collect("", &mut list);
        list
    }

    fn collect<'a>(&'a self, place: &str, list: &mut Vec<(String, &'a Self)>) {
        list.push((place.to_owned(), self));
        for (key, child) in &self.children {
            child.collect(&format!("{place}{key}"), list);
        }
    }
}

/// A property's name as a part of a place: what would be read as another part is quoted.
pub fn part(name: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "_-$@".contains(letter);
    let is_plain = !name.is_empty() && name.chars().all(plain);
    if is_plain { format!(".{name}") } else { format!(".{}", serde_json::Value::from(name)) }
}

/// The property's name in the key of a child: the inverse of [`part`].
pub fn name(key: &str) -> Option<String> {
    let name = key.strip_prefix('.')?;
    if name.starts_with('"') { serde_json::from_str(name).ok() } else { Some(name.to_owned()) }
}

/// The rest of a place as the keys of children: `.tags[].id` is `.tags`, `[]`, `.id`.
pub fn parts(place: &str) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (Vec::<String>::new(), false, false);
    for letter in place.chars() {
        let starts = !quoted && ".[{|".contains(letter);
        match parts.last_mut() {
            Some(last) if !starts => last.push(letter),
            _ => parts.push(letter.to_string()),
        }
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
    }
    parts
}

/// The rest of a place as the keys of an operation's or a schema's node: ` body.tags` is ` body`, `.tags`.
pub fn keys(place: &str) -> Vec<String> {
    let mut keys = parts(place);
    // A parameter is one key with its name.
    if keys.len() > 1 && [" path", " query", " header", " cookie"].contains(&keys[0].as_str()) {
        let name = keys.remove(1);
        keys[0].push_str(&name);
    }
    keys
}

/// A path without the names of its parameters.
pub fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut inside = false;
    for letter in path.chars() {
        inside &= letter != '}';
        if !inside {
            shape.push(letter);
        }
        inside |= letter == '{';
    }
    shape
}

/// Facts in words: `string, format date, nullable`.
pub fn describe_facts(facts: &Facts) -> String {
    let words = ASPECTS.iter().filter_map(|aspect| Some(describe_fact(aspect, facts.get(aspect)?)));
    words.collect::<Vec<_>>().join(", ")
}

/// One fact in words.
pub fn describe_fact(aspect: &str, value: &str) -> String {
    match (aspect, value) {
        ("type", _) => value.to_owned(),
        ("enum", _) => format!("one of {value}"),
        ("uniqueItems", _) => "unique items".to_owned(),
        (_, "true") => aspect.to_owned(),
        _ => format!("{aspect} {value}"),
    }
}

/// The absence of a fact in words.
pub fn describe_absence(aspect: &str) -> String {
    match aspect {
        "required" => "optional".to_owned(),
        "enum" => "any value".to_owned(),
        "nullable" => "not null".to_owned(),
        "uniqueItems" => "repeated items".to_owned(),
        _ => format!("no {aspect}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_from_its_key() {
        for text in ["id", "first name", "files[]", "a\"b\\", "x]\n  y: [\u{202e}", "é", "", "$ref"] {
            let key = part(text);
            assert_eq!(name(&key).as_deref(), Some(text), "{key}");
            assert_eq!(keys(&format!(" body{key}[]")), [" body", &key, "[]"]);
        }
        assert_eq!((name("[]"), name(" body")), (None, None));
    }
}

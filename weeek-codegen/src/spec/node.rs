//! The spec as a tree in which each part has its span.

use std::ops::{Deref, Range};

/// A value with its span.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

/// The value of a node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Only a scalar without quotes can be a number, a boolean or null.
    Scalar {
        text: String,
        quoted: bool,
    },
    Sequence(Box<[Node]>),
    Mapping(Mapping),
}

/// The entries of a mapping in the order of the spec.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mapping {
    entries: Box<[(Key, Node)]>,
    /// The entries of a long mapping by the hash of their names, sorted. Sections have thousands, and every reference needs one:
    /// a search that compares names would spend most of its time waiting for memory.
    by_hash: Box<[(u32, u32)]>,
}

/// With more entries than this, a linear search is slower than a binary one.
const MANY: usize = 16;

impl Mapping {
    pub(crate) fn new(entries: Vec<(Key, Node)>) -> Self {
        let is_long = entries.len() > MANY;
        let hashes = entries.iter().filter(|_| is_long).map(|(key, _)| hash(&key.name));
        let mut by_hash: Vec<(u32, u32)> = hashes.zip(0..).collect();
        by_hash.sort_unstable();
        Self { entries: entries.into(), by_hash: by_hash.into() }
    }

    /// Each entry that repeats the name of an earlier one, after the first key of that name.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = (&Key, &(Key, Node))> {
        let first = |entry: &(Key, Node)| self.entry(&entry.0.name).map(|(key, _)| key);
        self.entries
            .iter()
            .filter_map(move |entry| Some((first(entry)?, entry)))
            .filter(|(first, entry)| **first != entry.0)
    }

    /// The first entry of that name.
    fn entry(&self, name: &str) -> Option<&(Key, Node)> {
        if self.by_hash.is_empty() {
            return self.entries.iter().find(|(key, _)| key.name == name);
        }
        let wanted = hash(name);
        let from = self.by_hash.partition_point(|(hash, _)| *hash < wanted);
        let same = self.by_hash[from..].iter().take_while(|(hash, _)| *hash == wanted);
        same.map(|(_, at)| &self.entries[*at as usize]).find(|(key, _)| key.name == name)
    }
}

/// FNV-1a.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Deref for Mapping {
    type Target = [(Key, Node)];

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

impl<'a> IntoIterator for &'a Mapping {
    type Item = &'a (Key, Node);
    type IntoIter = std::slice::Iter<'a, (Key, Node)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
    pub(crate) quoted: bool,
}

impl Node {
    /// The first token: an underline below a whole mapping would hide the error.
    pub(crate) fn first_token(&self) -> Range<usize> {
        match &self.value {
            Value::Mapping(mapping) => match mapping.first() {
                Some((key, target)) if key.name == "$ref" => target.span.clone(),
                Some((key, _)) => key.span.clone(),
                None => self.span.clone(),
            },
            Value::Sequence(items) => items.first().map_or_else(|| self.span.clone(), Node::first_token),
            Value::Scalar { .. } => self.span.clone(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, node)| node)
    }

    /// The value of `name` with its key.
    pub(crate) fn entry(&self, name: &str) -> Option<&(Key, Node)> {
        match &self.value {
            Value::Mapping(mapping) => mapping.entry(name),
            _ => None,
        }
    }

    /// The span of the key `name`, or else the first token.
    pub(crate) fn key_span(&self, name: &str) -> Range<usize> {
        self.entry(name).map_or(self.first_token(), |(key, _)| key.span.clone())
    }

    /// Calls `visit` for every node that has `key`, with the path to the node. Items of lists have an empty name. Examples are
    /// skipped: they can have any key.
    pub(crate) fn each_with_key<'a>(
        &'a self,
        key: &str,
        path: &mut Vec<&'a str>,
        visit: &mut impl FnMut(&[&'a str], &'a Self),
    ) {
        if self.get(key).is_some() {
            visit(path, self);
        }
        let entries = self.entries().iter().map(|(key, child)| (key.name.as_str(), child));
        for (name, child) in entries.chain(self.items().iter().map(|item| ("", item))) {
            if !matches!(name, "example" | "default") {
                path.push(name);
                child.each_with_key(key, path, visit);
                path.pop();
            }
        }
    }

    pub(crate) fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            Value::Mapping(mapping) => mapping,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub(crate) fn text_at(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Node::text)
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name).and_then(Node::boolean) == Some(true)
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.plain()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        self.plain()?.parse().ok()
    }

    pub(crate) fn number(&self) -> Option<f64> {
        let number = self.plain()?.parse().ok();
        number.filter(|number: &f64| number.is_finite())
    }

    /// The text, unless YAML reads it as another type.
    pub(crate) fn string(&self) -> Option<&str> {
        let other = self.is_null() || self.boolean().is_some() || self.number().is_some();
        self.text().filter(|_| !other)
    }

    /// The strings of the list at `name`.
    pub(crate) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).map_or(&[][..], Self::items).iter().filter_map(Self::text)
    }

    /// The entries of the mapping at `name`.
    pub(crate) fn entries_at(&self, name: &str) -> &[(Key, Self)] {
        self.get(name).map_or(&[], Self::entries)
    }

    /// The items of the list at `name`.
    pub(crate) fn items_at(&self, name: &str) -> &[Self] {
        self.get(name).map_or(&[], Self::items)
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.plain(), Some("" | "null" | "Null" | "NULL" | "~"))
    }

    /// The text, if it has no quotes.
    pub(crate) fn plain(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, quoted: false } => Some(text),
            _ => None,
        }
    }

    /// The type of the value in words.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Mapping(_) => "a mapping",
            Value::Sequence(_) => "a list",
            Value::Scalar { .. } if self.is_null() => "null",
            Value::Scalar { .. } if self.boolean().is_some() => "a boolean",
            Value::Scalar { .. } if self.number().is_some() => "a number",
            Value::Scalar { .. } => "a string",
        }
    }
}

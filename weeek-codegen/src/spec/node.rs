//! The document as a tree whose every part knows its place.

use std::ops::Range;

/// A value of the document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Text, and whether it was quoted: only what is not may be a number, a boolean or null.
    Scalar {
        text: String,
        quoted: bool,
    },
    Sequence(Vec<Node>),
    Mapping(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
    pub(crate) quoted: bool,
}

impl Node {
    /// The first token: an underline below a whole mapping would hide the fault.
    pub(crate) fn head(&self) -> Range<usize> {
        match &self.value {
            Value::Mapping(entries) => match entries.first() {
                Some((key, target)) if key.name == "$ref" => target.span.clone(),
                Some((key, _)) => key.span.clone(),
                None => self.span.clone(),
            },
            Value::Sequence(items) => items.first().map_or_else(|| self.span.clone(), Node::head),
            Value::Scalar { .. } => self.span.clone(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    pub(crate) fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            Value::Mapping(entries) => entries,
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
        let text = self.plain()?;
        match (text.strip_prefix("0x"), text.strip_prefix("0o")) {
            (Some(digits), _) => i64::from_str_radix(digits, 16).ok(),
            (_, Some(digits)) => i64::from_str_radix(digits, 8).ok(),
            _ => text.parse().ok(),
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        let number: Option<f64> = match self.integer() {
            Some(integer) => integer.to_string().parse().ok(),
            None => self.plain()?.parse().ok(),
        };
        number.filter(|number| number.is_finite())
    }

    /// The text, where YAML can't read it as anything else.
    pub(crate) fn string(&self) -> Option<&str> {
        let other = self.is_null() || self.boolean().is_some() || self.number().is_some();
        self.text().filter(|_| !other)
    }

    /// The texts of a list.
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

    /// The text where it was not quoted.
    pub(crate) fn plain(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, quoted: false } => Some(text),
            _ => None,
        }
    }

    /// What a reader calls the value's kind.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Mapping(_) => "a mapping",
            Value::Sequence(_) => "a list",
            Value::Scalar { .. } if self.is_null() => "null",
            Value::Scalar { .. } if self.boolean().is_some() => "a boolean",
            Value::Scalar { .. } if self.number().is_some() => "a number",
            Value::Scalar { .. } => "a text",
        }
    }
}

//! YAML as the house writes it: flow where it fits on a line, blocks elsewhere.

use crate::upstream::pin::quoted;
use crate::yaml::{Content, Part};

const WIDTH: usize = 120;

/// A piece of YAML to be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Yaml {
    /// A scalar, quoted where it has to be.
    Scalar(String),
    /// A map that may stand on one line.
    Flow(Vec<(String, Yaml)>),
    /// A map with a line for each entry.
    Block(Vec<(String, Yaml)>),
    /// A list that may stand on one line.
    List(Vec<Yaml>),
    /// A list with a line for each item.
    Items(Vec<Yaml>),
}

impl Yaml {
    /// A string.
    pub(super) fn text(text: &str) -> Self {
        let is_special = text.parse::<f64>().is_ok() || ["true", "false", "null"].contains(&text);
        Self::Scalar(if is_special { format!("'{text}'") } else { quoted(text) })
    }

    /// A number or a boolean.
    pub(super) fn plain(text: &(impl ToString + ?Sized)) -> Self {
        Self::Scalar(text.to_string())
    }

    /// A reference to a component.
    pub(super) fn reference(section: &str, name: &str) -> Self {
        Self::Flow(vec![("$ref".to_owned(), Self::text(&format!("#/components/{section}/{name}")))])
    }

    /// What was read, to be written again.
    pub(super) fn of(part: &Part) -> Self {
        match &part.content {
            Content::Scalar(text, true) => Self::text(text),
            Content::Scalar(text, false) => {
                let is_plain = text.parse::<f64>().is_ok() || ["true", "false", "null"].contains(&text.as_str());
                if is_plain { Self::plain(text) } else { Self::text(text) }
            }
            Content::List(items) => Self::List(items.iter().map(Self::of).collect()),
            Content::Map(entries) => {
                Self::Flow(entries.iter().map(|(key, value)| (key.clone(), Self::of(value))).collect())
            }
        }
    }

    /// The lines of an entry `key: …` at an indentation.
    pub(super) fn entry(&self, key: &str, indent: usize) -> String {
        let pad = " ".repeat(indent);
        let key = match Self::text(key) {
            Self::Scalar(_) if key.starts_with(['$', '/']) => key.to_owned(),
            Self::Scalar(key) => key,
            _ => String::new(),
        };
        match self.on_one_line() {
            Some(text) if pad.len() + key.len() + 2 + text.len() <= WIDTH || matches!(self, Self::Scalar(_)) => {
                format!("{pad}{key}: {text}\n")
            }
            _ => format!("{pad}{key}:\n{}", self.lines(indent + 2)),
        }
    }

    fn lines(&self, indent: usize) -> String {
        let pad = " ".repeat(indent);
        match self {
            Self::Flow(entries) | Self::Block(entries) => {
                entries.iter().map(|(key, value)| value.entry(key, indent)).collect()
            }
            Self::List(items) | Self::Items(items) => items.iter().map(|item| item.item(indent)).collect(),
            Self::Scalar(text) => format!("{pad}{text}\n"),
        }
    }

    /// The lines of an item `- …` at an indentation.
    pub(super) fn item(&self, indent: usize) -> String {
        let pad = " ".repeat(indent);
        let is_reference = matches!(self, Self::Flow(entries) if entries[..].iter().any(|(key, _)| key == "$ref"));
        match self.on_one_line().filter(|text| pad.len() + 2 + text.len() <= WIDTH && !is_reference) {
            Some(text) => format!("{pad}- {text}\n"),
            None => format!("{pad}- {}", self.lines(indent + 2).trim_start()),
        }
    }

    fn on_one_line(&self) -> Option<String> {
        match self {
            Self::Scalar(text) => Some(text.clone()),
            Self::List(items) => {
                let items: Option<Vec<_>> = items.iter().map(Self::on_one_line).collect();
                Some(format!("[{}]", items?.join(", ")))
            }
            Self::Flow(entries) => {
                let say = |(key, value): &(String, Self)| Some(format!("{key}: {}", value.on_one_line()?));
                let entries: Option<Vec<_>> = entries.iter().map(say).collect();
                Some(format!("{{{}}}", entries?.join(", ")))
            }
            Self::Block(_) | Self::Items(_) => None,
        }
    }
}

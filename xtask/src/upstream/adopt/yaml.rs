//! YAML in the style of our spec: flow where it fits on a line, blocks elsewhere.

use crate::upstream::pin::quoted;

const WIDTH: usize = 120;

/// A piece of YAML to be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Yaml {
    /// A scalar as it is written.
    Scalar(String),
    /// A map that may stand on one line.
    Flow(Entries),
    /// A map with a line for each entry.
    Block(Entries),
    /// A list that may stand on one line.
    List(Vec<Yaml>),
    /// A list with a line for each item.
    Items(Vec<Yaml>),
}

pub(super) type Entries = Vec<(String, Yaml)>;

pub(super) fn entry(key: &str, value: impl Into<Yaml>) -> (String, Yaml) {
    (key.to_owned(), value.into())
}

impl From<&str> for Yaml {
    /// A string, quoted where it has to be.
    fn from(text: &str) -> Self {
        Self::Scalar(if is_plain(text) { format!("'{text}'") } else { quoted(text) })
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<bool> for Yaml {
    fn from(value: bool) -> Self {
        Self::plain(&value.to_string())
    }
}

impl Yaml {
    /// A number, a boolean or null, or else a string.
    pub(super) fn plain(text: &str) -> Self {
        let is_scalar = |value: serde_json::Value| !value.is_string() && !value.is_array() && !value.is_object();
        if serde_json::from_str(text).is_ok_and(is_scalar) { Self::Scalar(text.to_owned()) } else { text.into() }
    }

    /// A reference to a component.
    pub(super) fn reference(section: &str, name: &str) -> Self {
        Self::Flow(vec![entry("$ref", format!("#/components/{section}/{name}"))])
    }

    pub(super) fn is_reference(&self) -> bool {
        matches!(self, Self::Flow(entries) if entries.iter().any(|(key, _)| key == "$ref"))
    }

    /// The lines of an entry `key: …` at an indentation.
    pub(super) fn entry(&self, key: &str, indent: usize) -> String {
        let (pad, key) = (" ".repeat(indent), key_text(key));
        match self.on_one_line() {
            Some(text) if pad.len() + key.len() + 2 + text.len() <= WIDTH || matches!(self, Self::Scalar(_)) => {
                format!("{pad}{key}: {text}\n")
            }
            _ => format!("{pad}{key}:\n{}", self.lines(indent + 2)),
        }
    }

    /// The lines of an item `- …` at an indentation.
    pub(super) fn item(&self, indent: usize) -> String {
        let pad = " ".repeat(indent);
        match self.on_one_line().filter(|text| pad.len() + 2 + text.len() <= WIDTH && !self.is_reference()) {
            Some(text) => format!("{pad}- {text}\n"),
            None => format!("{pad}- {}", self.lines(indent + 2).trim_start()),
        }
    }

    fn lines(&self, indent: usize) -> String {
        match self {
            Self::Flow(entries) | Self::Block(entries) => {
                entries.iter().map(|(key, value)| value.entry(key, indent)).collect()
            }
            Self::List(items) | Self::Items(items) => items.iter().map(|item| item.item(indent)).collect(),
            Self::Scalar(text) => format!("{}{text}\n", " ".repeat(indent)),
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
                let text = |(key, value): &(String, Self)| Some(format!("{}: {}", key_text(key), value.on_one_line()?));
                let entries: Option<Vec<_>> = entries.iter().map(text).collect();
                Some(format!("{{{}}}", entries?.join(", ")))
            }
            Self::Block(_) | Self::Items(_) => None,
        }
    }
}

/// A key as it is written. `$ref` needs no quotes.
pub(super) fn key_text(key: &str) -> String {
    match key.into() {
        Yaml::Scalar(quoted) if key != "$ref" => quoted,
        _ => key.to_owned(),
    }
}

/// A path as the key of a block, where braces need no quotes.
pub(super) fn path_text(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/{}-_.~".contains(&byte);
    if path.starts_with('/') && path.bytes().all(is_plain) { path.to_owned() } else { key_text(path) }
}

/// Whether a YAML reader takes a text without quotes for another type than a string.
pub(super) fn is_plain(text: &str) -> bool {
    text.parse::<f64>().is_ok() || text.starts_with('0') || ["true", "false", "null"].contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Part;

    #[test]
    fn what_is_written_is_read_again() {
        let texts = [
            "a",
            "$ref",
            "/a/{b}",
            "x y{",
            "a: b",
            "'",
            "017",
            "0x1f",
            "1e3",
            "true",
            "",
            "- a",
            "#",
            "a\u{1b}\n\"",
            "[",
        ];
        for text in texts {
            let entries = vec![entry(text, text), entry("other", Yaml::plain(text))];
            for written in [Yaml::Flow(entries.clone()), Yaml::Block(entries)].map(|yaml| yaml.entry("key", 0)) {
                let read = Part::read(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
                assert_eq!(read.get("key").and_then(|part| part.text_at(text)), Some(text), "{written}");
            }
        }
        assert_eq!(["/a/{b}", "/a b/\u{1b}"].map(path_text), ["/a/{b}", r#""/a b/\u001b""#]);
    }
}

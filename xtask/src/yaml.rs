//! Parses YAML and JSON into a tree with lines, and accepts documents of any maker.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::Value;

use crate::pointer::unescape;

/// The maximum depth. Deeper nesting would overflow the stack.
const MAX_DEPTH: usize = 200;

/// A part of a document, and the line it starts on; 0 in JSON.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// Where it starts.
    pub(crate) line: usize,
    /// What it is.
    pub(crate) content: Content,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// A scalar as it is written, and whether it was quoted.
    Scalar(String, bool),
    /// A list.
    List(Vec<Part>),
    /// A map in the order of the text.
    Map(Vec<(String, Part)>),
}

impl Part {
    /// Reads a JSON or YAML text.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        if text.trim_start().starts_with('{')
            && let Ok(value) = serde_json::from_str(text)
        {
            return Ok(Self::of_json(value));
        }
        let mut reader = Reader { parser: Parser::new_from_str(text) };
        loop {
            match reader.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd | Event::DocumentEnd, _) => return Err("the file is empty".to_owned()),
                (event, span) => {
                    let part = reader.part(event, span.start.line(), 0)?;
                    // The rest is read too, because it may not be YAML.
                    while !matches!(reader.next()?.0, Event::StreamEnd) {}
                    return Ok(part);
                }
            }
        }
    }

    fn of_json(value: Value) -> Self {
        let content = match value {
            Value::Null => Content::Scalar("null".to_owned(), false),
            Value::Bool(value) => Content::Scalar(value.to_string(), false),
            Value::Number(value) => Content::Scalar(value.to_string(), false),
            Value::String(value) => Content::Scalar(value, true),
            Value::Array(items) => Content::List(items.into_iter().map(Self::of_json).collect()),
            Value::Object(entries) => {
                Content::Map(entries.into_iter().map(|(key, value)| (key, Self::of_json(value))).collect())
            }
        };
        Self { line: 0, content }
    }

    /// The value under a key; `None` if this is not a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(known, _)| known == key).map(|(_, part)| part)
    }

    /// The text of a scalar that is not null.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(text, quoted) if *quoted || !matches!(text.as_str(), "" | "~" | "null") => Some(text),
            _ => None,
        }
    }

    /// The text under a key.
    pub(crate) fn text_at(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Whether the value of a key is true.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.text_at(key) == Some("true")
    }

    /// The items of a list; empty if this is not a list.
    pub(crate) fn items(&self) -> &[Self] {
        if let Content::List(items) = &self.content { items } else { &[] }
    }

    /// The entries of a map; empty if this is not a map.
    pub(crate) fn entries(&self) -> &[(String, Self)] {
        if let Content::Map(entries) = &self.content { entries } else { &[] }
    }

    /// The items of the list under a key.
    pub(crate) fn items_at(&self, key: &str) -> &[Self] {
        self.get(key).map(Self::items).unwrap_or_default()
    }

    /// The entries of the map under a key.
    pub(crate) fn entries_at(&self, key: &str) -> &[(String, Self)] {
        self.get(key).map(Self::entries).unwrap_or_default()
    }

    /// The part at a JSON pointer such as `#/components/schemas/Task`.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Self> {
        let keys = pointer.strip_prefix("#/")?.split('/').map(unescape);
        keys.into_iter().try_fold(self, |part, key| part.get(&key))
    }
}

struct Reader<'text> {
    parser: Parser<'text, StrInput<'text>>,
}

impl<'text> Reader<'text> {
    fn next(&mut self) -> Result<(Event<'text>, Span), String> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(format!("line {}: {}", error.marker().line(), error.info())),
            None => Err("the file ends too early".to_owned()),
        }
    }

    fn part(&mut self, event: Event<'text>, line: usize, depth: usize) -> Result<Part, String> {
        if depth > MAX_DEPTH {
            return Err(format!("line {line}: nested deeper than {MAX_DEPTH} levels"));
        }
        let content = match event {
            Event::Scalar(text, style, ..) => Content::Scalar(text.into_owned(), style != ScalarStyle::Plain),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break Content::List(items),
                        (event, span) => items.push(self.part(event, span.start.line(), depth + 1)?),
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut entries = Vec::new();
                loop {
                    match self.next()? {
                        (Event::MappingEnd, _) => break Content::Map(entries),
                        (Event::Scalar(key, ..), span) => {
                            let (event, _) = self.next()?;
                            entries.push((key.into_owned(), self.part(event, span.start.line(), depth + 1)?));
                        }
                        (_, span) => return Err(format!("line {}: a key has to be a scalar", span.start.line())),
                    }
                }
            }
            _ => return Err(format!("line {line}: YAML aliases are not supported; write the value out")),
        };
        Ok(Part { line, content })
    }
}

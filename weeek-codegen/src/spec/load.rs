//! Text to tree, and text to `openapiv3`: the only module that knows a YAML library.

use std::ops::Range;

use openapiv3::OpenAPI;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::node::{Key, Node, Value};
use crate::diagnostic::Report;

/// Deeper nesting is a mistake or an attack; recursion over the tree stays shallow.
const MAX_DEPTH: usize = 64;

/// Reads the document as a tree. Syntax errors, duplicate keys and aliases are faults.
pub(crate) fn tree(text: &str, report: &mut Report) -> Option<Node> {
    let mut loader = Loader { bytes: ByteIndex::new(text), parser: Parser::new_from_str(text), report };
    loader.document()
}

/// Reads the document as `openapiv3` understands it: the second opinion on what it holds.
pub(crate) fn typed(text: &str, report: &mut Report) -> Option<OpenAPI> {
    match serde_yaml::from_str(text) {
        Ok(openapi) => Some(openapi),
        Err(error) => {
            let at = error.location().map_or(0, |location| location.index());
            report.fault(&line_at(text, at), format!("not an OpenAPI 3.0 document: {error}"));
            None
        }
    }
}

fn line_at(text: &str, at: usize) -> Range<usize> {
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    at..end
}

/// Positions of the parser count characters, those of a diagnostic count bytes.
struct ByteIndex {
    offsets: Option<Vec<usize>>,
    length: usize,
}

impl ByteIndex {
    fn new(text: &str) -> Self {
        let offsets = (!text.is_ascii()).then(|| text.char_indices().map(|(offset, _)| offset).collect());
        Self { offsets, length: text.len() }
    }

    fn at(&self, character: usize) -> usize {
        match &self.offsets {
            Some(offsets) => offsets.get(character).copied().unwrap_or(self.length),
            None => character.min(self.length),
        }
    }

    fn span(&self, span: Span) -> Range<usize> {
        self.at(span.start.index())..self.at(span.end.index())
    }
}

struct Loader<'text, 'report> {
    bytes: ByteIndex,
    parser: Parser<'text, saphyr_parser::StrInput<'text>>,
    report: &'report mut Report,
}

impl<'text> Loader<'text, '_> {
    fn document(&mut self) -> Option<Node> {
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd | Event::DocumentEnd, span) => {
                    self.report.fault(&span, "the document is empty");
                    return None;
                }
                (event, span) => return self.node(event, span, 0),
            }
        }
    }

    fn next(&mut self) -> Option<(Event<'text>, Range<usize>)> {
        match self.parser.next_event()? {
            Ok((event, span)) => Some((event, self.bytes.span(span))),
            Err(error) => {
                let at = self.bytes.at(error.marker().index());
                self.report.fault(&(at..at), format!("not valid YAML: {}", error.info()));
                None
            }
        }
    }

    fn node(&mut self, event: Event<'text>, span: Range<usize>, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            self.report.fault(&span, format!("nested deeper than {MAX_DEPTH} levels"));
            return None;
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let quoted = style != ScalarStyle::Plain;
                Some(Node { span, value: Value::Scalar { text: text.into_owned(), quoted } })
            }
            Event::SequenceStart(..) => self.sequence(span, depth),
            Event::MappingStart(..) => self.mapping(span, depth),
            _ => {
                let help = "write what is shared under `components` and refer to it with `$ref`";
                self.report.fault_with_help(&span, "YAML aliases are not supported", help);
                None
            }
        }
    }

    fn sequence(&mut self, start: Range<usize>, depth: usize) -> Option<Node> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, end) => {
                    return Some(Node { span: start.start..end.end.max(start.end), value: Value::Sequence(items) });
                }
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, start: Range<usize>, depth: usize) -> Option<Node> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        loop {
            match self.next()? {
                (Event::MappingEnd, _) => {
                    let end = entries.last().map_or(start.end, |(_, node)| node.span.end);
                    return Some(Node { span: start.start..end, value: Value::Mapping(entries) });
                }
                (Event::Scalar(name, ..), span) => {
                    let key = Key { name: name.into_owned(), span };
                    if !seen.insert(key.name.clone()) {
                        self.report.fault(&key.span, format!("duplicate key `{}`", key.name));
                    }
                    let (event, span) = self.next()?;
                    let node = self.node(event, span, depth + 1)?;
                    entries.push((key, node));
                }
                (_, span) => {
                    self.report.fault(&span, "a key has to be a text");
                    return None;
                }
            }
        }
    }
}

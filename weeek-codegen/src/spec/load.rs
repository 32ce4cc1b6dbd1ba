//! Parses YAML into a tree with spans.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::node::{Key, Mapping, Node, Value};
use super::syntax;
use crate::diagnostic::{Diagnostics, quoted};
use crate::rules::Rule;

/// Deeper nesting is a mistake or an attack. The limit bounds every recursion over the tree.
const MAX_DEPTH: usize = 64;

/// Two hundred times the size of our spec.
const MAX_BYTES: usize = 64 << 20;

/// Parses the spec. Syntax errors, duplicate keys, and YAML features beyond plain data are errors.
pub(crate) fn tree(text: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    if text.len() > MAX_BYTES {
        let message = format!("the spec is larger than {} MiB", MAX_BYTES >> 20);
        diagnostics.error(Rule::Size, &(0..0), message);
        return None;
    }
    let (bytes, parser) = (ByteIndex::new(text), Parser::new_from_str(text));
    let mut loader = Loader { bytes, parser, diagnostics };
    loader.document()
}

/// Converts the parser's positions, which count characters, to bytes.
struct ByteIndex<'text> {
    text: &'text str,
    /// The byte offset of every 64th character; `None` if each character is a byte.
    offsets: Option<Vec<usize>>,
}

const STEP: usize = 64;

impl<'text> ByteIndex<'text> {
    fn new(text: &'text str) -> Self {
        let every = || text.char_indices().step_by(STEP).map(|(offset, _)| offset);
        Self { text, offsets: (!text.is_ascii()).then(|| every().collect()) }
    }

    fn at(&self, character: usize) -> usize {
        let end = self.text.len();
        let Some(offsets) = &self.offsets else { return character.min(end) };
        let Some(from) = offsets.get(character / STEP) else { return end };
        self.text[*from..].char_indices().nth(character % STEP).map_or(end, |(offset, _)| from + offset)
    }

    fn span(&self, span: Span) -> Range<usize> {
        self.at(span.start.index())..self.at(span.end.index())
    }
}

struct Loader<'text, 'diagnostics> {
    bytes: ByteIndex<'text>,
    parser: Parser<'text, saphyr_parser::StrInput<'text>>,
    diagnostics: &'diagnostics mut Diagnostics,
}

impl<'text> Loader<'text, '_> {
    fn document(&mut self) -> Option<Node> {
        let root = loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd | Event::DocumentEnd, span) => {
                    self.diagnostics.error(Rule::OneDocument, &span, "the spec is empty");
                    return None;
                }
                (event, span) => break self.node(event, span, 0)?,
            }
        };
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Some(root),
                (Event::DocumentEnd | Event::Nothing, _) => {}
                (_, span) => {
                    let message = "a second YAML document starts here";
                    self.diagnostics.error(Rule::OneDocument, &span, message).help("merge it into the first one");
                    return None;
                }
            }
        }
    }

    fn next(&mut self) -> Option<(Event<'text>, Range<usize>)> {
        match self.parser.next_event()? {
            Ok((event, span)) => Some((event, self.bytes.span(span))),
            Err(error) => {
                let at = self.bytes.at(error.marker().index());
                let text = self.bytes.text;
                let syntax::SyntaxError { span, message, help, unquoted } = syntax::explain(text, at, error.info());
                let error = self.diagnostics.error(Rule::YamlSyntax, &span, message);
                error.help = help.map(str::to_owned);
                if let Some(span) = unquoted {
                    error.fix_at(&span, quoted(&text[span.clone()]));
                }
                None
            }
        }
    }

    fn node(&mut self, event: Event<'text>, span: Range<usize>, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            self.diagnostics.error(Rule::Depth, &span, format!("nested deeper than {MAX_DEPTH} levels"));
            return None;
        }
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag) | Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor, tag.is_some())
            }
            _ => (0, false),
        };
        if tag {
            let help = "quote strings, and write other values without a tag";
            self.diagnostics.error(Rule::YamlFeature, &span, "YAML tags are not supported").help(help);
            self.diagnostics.taint(&span);
        }
        if anchor > 0 {
            self.diagnostics.error(Rule::YamlFeature, &span, "YAML anchors are not supported").help(SHARE);
        }
        match event {
            Event::Scalar(text, style, ..) => {
                self.visible(&text, &span);
                let quoted = style != ScalarStyle::Plain;
                if !quoted && is_ambiguous(&text) {
                    let message = format!("YAML readers do not agree whether `{text}` is a number, and which one");
                    let help = "quote it, or write a decimal number without leading zeros";
                    self.diagnostics.error(Rule::YamlFeature, &span, message).help(help);
                    self.diagnostics.taint(&span);
                }
                Some(Node { span, value: Value::Scalar { text: exact(&text), quoted } })
            }
            Event::SequenceStart(..) => self.sequence(span, depth),
            Event::MappingStart(..) => self.mapping(span, depth),
            _ => {
                self.diagnostics.error(Rule::YamlFeature, &span, "YAML aliases are not supported").help(SHARE);
                None
            }
        }
    }

    fn sequence(&mut self, start: Range<usize>, depth: usize) -> Option<Node> {
        let mut items: Vec<Node> = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, end) => {
                    let end = closed(&end).unwrap_or_else(|| items.last().map_or(start.end, |node| node.span.end));
                    return Some(Node { span: start.start..end.max(start.end), value: Value::Sequence(items.into()) });
                }
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, start: Range<usize>, depth: usize) -> Option<Node> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        loop {
            match self.next()? {
                (Event::MappingEnd, end) => {
                    let last = entries.last().map_or(start.end, |(_, node)| node.span.end);
                    let end = closed(&end).unwrap_or(last).max(start.end);
                    let mapping = Mapping::new(entries);
                    mapping.repeated().for_each(|(first, entry)| self.duplicate(first, entry));
                    return Some(Node { span: start.start..end, value: Value::Mapping(mapping) });
                }
                (Event::Scalar(name, style, ..), span) => {
                    self.visible(&name, &span);
                    let key = Key { name: exact(&name), span, quoted: style != ScalarStyle::Plain };
                    let (event, span) = self.next()?;
                    let node = self.node(event, span, depth + 1)?;
                    entries.push((key, node));
                }
                (_, span) => {
                    self.diagnostics.error(Rule::YamlFeature, &span, "a key must be a string");
                    return None;
                }
            }
        }
    }

    fn visible(&mut self, text: &str, span: &Range<usize>) {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
            return;
        }
        if let Some(letter) = text.chars().find(|letter| is_invisible(*letter)) {
            let message = format!("the string has the invisible character U+{:04X}", u32::from(letter));
            self.diagnostics.error(Rule::InvisibleCharacter, span, message).help("remove it");
        }
    }

    fn duplicate(&mut self, first: &Key, (key, node): &(Key, Node)) {
        let error = self.diagnostics.error(Rule::DuplicateKey, &key.span, format!("duplicate key `{}`", key.name));
        error.related(&first.span, "the first one");
        self.diagnostics.taint(&(key.span.start..node.span.end));
    }
}

/// The parser's strings have room for 129 bytes each, which would be two thirds of the memory of the tree.
fn exact(text: &str) -> String {
    String::from(text)
}

/// Control characters, line breaks that only some readers know, and characters without width or that change the direction of
/// text: with these, source code looks different from what it does.
fn is_invisible(letter: char) -> bool {
    let is_format = matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    is_format || (letter.is_control() && !matches!(letter, '\n' | '\t'))
}

/// Whether YAML 1.1, the core schema of YAML 1.2 and the common readers disagree on a number: on leading zeros, on bases other than
/// ten, and on numbers that JSON does not have.
fn is_ambiguous(text: &str) -> bool {
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some(digits) = number.strip_prefix('0').filter(|digits| !digits.is_empty()) else {
        return matches!(number, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN");
    };
    let (radix, digits) = match digits.split_at_checked(1) {
        Some(("b", digits)) => (2, digits),
        Some(("o", digits)) => (8, digits),
        Some(("x", digits)) => (16, digits),
        _ => (10, digits),
    };
    !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix))
}

const SHARE: &str = "put shared parts under `components` and refer to them with `$ref`";

/// The end of a closing bracket or brace. A block has none: its end event is at the next token.
fn closed(end: &Range<usize>) -> Option<usize> {
    (end.start < end.end).then_some(end.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_agree_on_decimal_numbers_alone() {
        for text in ["017", "00", "-01", "+08", "0b11", "0o17", "0x1F", "-0x3", ".inf", "-.INF", ".nan"] {
            assert!(is_ambiguous(text), "{text}");
        }
        for text in [
            "",
            "0",
            "-0",
            "17",
            "+3",
            "0.5",
            "01.5",
            "0e3",
            "1e3",
            ".5",
            "0x",
            "0xyz",
            "0b12",
            "0 1",
            "inf",
            "2026-01-02",
        ] {
            assert!(!is_ambiguous(text), "{text}");
        }
    }
}

//! Text to tree.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::node::{Key, Mapping, Node, Value};
use super::text::Texts;
use crate::diagnostic::Report;
use crate::rules::Rule;

/// Deeper nesting is a mistake or an attack; recursion over the tree stays shallow.
const MAX_DEPTH: usize = 64;

/// Two hundred times the size of the document; what is larger is something else.
const MAX_BYTES: usize = 64 << 20;

/// Reads the document as a tree. Syntax errors, duplicate keys and what YAML has beyond plain data are faults.
pub(crate) fn tree(text: &str, report: &mut Report) -> Option<Node> {
    if text.len() > MAX_BYTES {
        let help = format!("at most {} MiB are", MAX_BYTES >> 20);
        report.fault(Rule::Size, &(0..0), "the document is too large to be read").help(help);
        return None;
    }
    let (bytes, parser) = (ByteIndex::new(text), Parser::new_from_str(text));
    let mut loader = Loader { bytes, parser, texts: Texts::default(), report };
    loader.document()
}

/// Positions of the parser count characters, those of a diagnostic count bytes.
struct ByteIndex<'text> {
    text: &'text str,
    /// Where every so many characters begin, unless each of them is a byte.
    offsets: Option<Vec<usize>>,
}

const CHARACTERS: usize = 64;

impl<'text> ByteIndex<'text> {
    fn new(text: &'text str) -> Self {
        let every = || text.char_indices().step_by(CHARACTERS).map(|(offset, _)| offset);
        Self { text, offsets: (!text.is_ascii()).then(|| every().collect()) }
    }

    fn at(&self, character: usize) -> usize {
        let end = self.text.len();
        let Some(offsets) = &self.offsets else { return character.min(end) };
        let Some(from) = offsets.get(character / CHARACTERS) else { return end };
        self.text[*from..].char_indices().nth(character % CHARACTERS).map_or(end, |(offset, _)| from + offset)
    }

    fn span(&self, span: Span) -> Range<usize> {
        self.at(span.start.index())..self.at(span.end.index())
    }
}

struct Loader<'text, 'report> {
    bytes: ByteIndex<'text>,
    parser: Parser<'text, saphyr_parser::StrInput<'text>>,
    texts: Texts,
    report: &'report mut Report,
}

impl<'text> Loader<'text, '_> {
    fn document(&mut self) -> Option<Node> {
        let root = loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd | Event::DocumentEnd, span) => {
                    self.report.fault(Rule::OneDocument, &span, "the document is empty");
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
                    let help = "put everything into the first one";
                    self.report.fault(Rule::OneDocument, &span, "a second document begins here").help(help);
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
                self.report.fault(Rule::YamlSyntax, &(at..at), format!("not valid YAML: {}", error.info()));
                None
            }
        }
    }

    fn node(&mut self, event: Event<'text>, span: Range<usize>, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            self.report.fault(Rule::Depth, &span, format!("nested deeper than {MAX_DEPTH} levels"));
            return None;
        }
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag) | Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor, tag.is_some())
            }
            _ => (0, false),
        };
        if tag {
            let help = "quote what is to be a text, and leave the rest plain";
            self.report.fault(Rule::YamlFeature, &span, "YAML tags are not supported").help(help);
            self.report.unsound(&span);
        }
        if anchor > 0 {
            self.report.fault(Rule::YamlFeature, &span, "YAML anchors are not supported").help(SHARE);
        }
        match event {
            Event::Scalar(text, style, ..) => {
                self.visible(&text, &span);
                let quoted = style != ScalarStyle::Plain;
                Some(Node { span, value: Value::Scalar { text: self.texts.get(&text), quoted } })
            }
            Event::SequenceStart(..) => self.sequence(span, depth),
            Event::MappingStart(..) => self.mapping(span, depth),
            _ => {
                self.report.fault(Rule::YamlFeature, &span, "YAML aliases are not supported").help(SHARE);
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
                    let key = Key { name: self.texts.get(&name), span, quoted: style != ScalarStyle::Plain };
                    let (event, span) = self.next()?;
                    let node = self.node(event, span, depth + 1)?;
                    entries.push((key, node));
                }
                (_, span) => {
                    self.report.fault(Rule::YamlFeature, &span, "a key has to be a text");
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
            let message = format!("the text holds the invisible character U+{:04X}", u32::from(letter));
            self.report.fault(Rule::InvisibleCharacter, span, message).help("leave it out");
        }
    }

    fn duplicate(&mut self, first: &Key, (key, node): &(Key, Node)) {
        let fault = self.report.fault(Rule::DuplicateKey, &key.span, format!("duplicate key `{}`", key.name));
        fault.related(&first.span, "it is here already");
        self.report.unsound(&(key.span.start..node.span.end));
    }
}

/// Controls, line breaks that only some readers know, and what has no width or turns the direction of a line: with these, code
/// reads differently than it compiles.
fn is_invisible(letter: char) -> bool {
    let is_format = matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    is_format || (letter.is_control() && !matches!(letter, '\n' | '\t'))
}

const SHARE: &str = "write what is shared under `components` and refer to it with `$ref`";

/// Where a bracket or brace closes; a block ends at the next token, which is not its own.
fn closed(end: &Range<usize>) -> Option<usize> {
    (end.start < end.end).then_some(end.end)
}

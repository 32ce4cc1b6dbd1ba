//! Parses YAML into JSON values, with the line of each part.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Map, Number, Value};

use super::pointer::escape;

/// A value, and the line of each part of it by JSON pointer.
pub(super) fn parse(text: &str) -> Result<(Value, BTreeMap<String, usize>), String> {
    let mut reader = Reader { parser: Parser::new_from_str(text), lines: BTreeMap::new() };
    let root = reader.root()?;
    Ok((root, reader.lines))
}

struct Reader<'text> {
    parser: Parser<'text, StrInput<'text>>,
    lines: BTreeMap<String, usize>,
}

impl<'text> Reader<'text> {
    fn root(&mut self) -> Result<Value, String> {
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd | Event::DocumentEnd, _) => return Err("the file is empty".to_owned()),
                (event, _) => return self.value(event, &mut String::new()),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'text>, Span), String> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(format!("line {}: not valid YAML: {}", error.marker().line(), error.info())),
            None => Err("the file ends too early".to_owned()),
        }
    }

    fn value(&mut self, event: Event<'text>, pointer: &mut String) -> Result<Value, String> {
        match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) => Ok(scalar(&text)),
            Event::Scalar(text, ..) => Ok(Value::String(text.into_owned())),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
                        (event, span) => {
                            let key = items.len().to_string();
                            items.push(self.entry(&key, event, span.start.line(), pointer)?);
                        }
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut entries = Map::new();
                loop {
                    match self.next()? {
                        (Event::MappingEnd, _) => return Ok(Value::Object(entries)),
                        (Event::Scalar(key, ..), span) => {
                            let (event, _) = self.next()?;
                            let value = self.entry(&key, event, span.start.line(), pointer)?;
                            entries.insert(key.into_owned(), value);
                        }
                        (_, span) => return Err(format!("line {}: a key must be a string", span.start.line())),
                    }
                }
            }
            _ => Err("YAML aliases are not supported".to_owned()),
        }
    }

    fn entry(&mut self, key: &str, event: Event<'text>, line: usize, pointer: &mut String) -> Result<Value, String> {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&escape(key));
        self.lines.insert(pointer.clone(), line);
        let value = self.value(event, pointer);
        pointer.truncate(length);
        value
    }
}

fn scalar(text: &str) -> Value {
    match text {
        "" | "~" | "null" => return Value::Null,
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    let numeric = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let integer = text.parse::<i64>().map(Number::from).ok();
    let number = integer.or_else(|| text.parse().ok().and_then(Number::from_f64)).filter(|_| numeric);
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

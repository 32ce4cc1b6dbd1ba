//! A sound document, changed line by line in ways that keep most of it whole.

use crate::document;
use crate::hostile::HOSTILE;

/// A small document with one of everything, and the real one.
const DOCUMENTS: [&str; 2] = [include_str!("../tests/fixtures/base.yaml"), include_str!("../../spec/openapi.yaml")];

/// The first byte names the document; what follows are edits of five bytes each: which, at which line, and with which other.
pub(crate) fn run(input: &[u8]) {
    let Some((which, edits)) = input.split_first() else { return };
    // The real document takes thirty times as long.
    let mut lines: Vec<String> = DOCUMENTS[usize::from(*which == b'R')].lines().map(str::to_owned).collect();
    for edit in edits.chunks_exact(5).take(12) {
        let number = |at: usize| usize::from(u16::from_be_bytes([edit[at], edit[at + 1]]));
        apply(&mut lines, edit[0], number(1), number(3));
    }
    document::hold(&(lines.join("\n") + "\n"));
}

fn apply(lines: &mut Vec<String>, edit: u8, at: usize, with: usize) {
    if lines.is_empty() {
        return;
    }
    let (at, other) = (at % lines.len(), with % lines.len());
    match edit % 16 {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[other].clone()),
        2 => lines.swap(at, other),
        3 => lines[at] = lines[other].clone(),
        4 => lines[at].insert_str(0, "  "),
        5 => lines[at] = lines[at].strip_prefix("  ").unwrap_or(&lines[at]).to_owned(),
        6 => {
            let end = (at + 1 + with % 8).min(lines.len());
            drop(lines.drain(at..end));
        }
        7 => {
            let end = (other + 8).min(lines.len());
            let block = lines[other..end].to_vec();
            drop(lines.splice(at..at, block));
        }
        // The value of another line.
        8 => lines[at] = with_value(&lines[at], value(&lines[other])),
        // The key of another line.
        9 => lines[at] = with_key(&lines[at], key(&lines[other])),
        10..=12 => {
            let text = HOSTILE[with % HOSTILE.len()];
            lines[at] = with_value(&lines[at], &quoted(text));
        }
        13 => {
            let text = quoted(HOSTILE[with % HOSTILE.len()]);
            lines[at] = with_key(&lines[at], &text);
        }
        14 => lines[at] = with_value(&lines[at], word(VALUES, with)),
        _ => lines[at] = with_key(&lines[at], word(KEYS, with)),
    }
}

/// Values and keys that mean something in one place or another.
const VALUES: &str = "string|integer|number|boolean|array|object|null|true|false|0|-1|1e400|''|[]|{}|[[[]]]|{a: {a: {a: 1}}}|\
    date|date-time|uuid|'200'|query|path|'#/components/schemas/Note'|{$ref: '#/components/schemas/Note'}";
const KEYS: &str = "$ref|type|format|enum|items|properties|required|nullable|allOf|oneOf|anyOf|additionalProperties|\
    discriminator|x-enum-varnames|x-weeek-rust-type|x-weeek-exclusive|x-weeek-map-key|x-weeek-tagged-by|x-weeek-aliases|x-weeek-paging|\
    x-weeek-item|x-weeek-arguments|x-weeek-similar-to|pattern|minimum|maxLength|example|default|description|deprecated";

fn word(words: &'static str, at: usize) -> &'static str {
    words.split('|').nth(at % words.split('|').count()).unwrap_or_default()
}

/// `text` as a YAML scalar on one line.
fn quoted(text: &str) -> String {
    let escaped = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        ' '..='~' => letter.to_string(),
        _ => format!("\\U{:08X}", u32::from(letter)),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

fn colon(line: &str) -> Option<usize> {
    line.find(": ").or_else(|| line.strip_suffix(':').map(str::len))
}

fn value(line: &str) -> &str {
    colon(line).and_then(|at| line.get(at + 2..)).unwrap_or("x")
}

fn key(line: &str) -> &str {
    colon(line).map_or("x", |at| line[..at].trim_start_matches([' ', '-']))
}

fn with_value(line: &str, value: &str) -> String {
    colon(line).map_or_else(|| line.to_owned(), |at| format!("{}: {value}", &line[..at]))
}

fn with_key(line: &str, key: &str) -> String {
    let start = line.len() - line.trim_start_matches([' ', '-']).len();
    colon(line).map_or_else(|| line.to_owned(), |at| format!("{}{key}{}", &line[..start], &line[at..]))
}

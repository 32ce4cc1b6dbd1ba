//! Explains syntax errors: the YAML parser reports where it stops, which is often far behind the mistake.

use std::ops::Range;

/// A syntax error at the token to change.
#[derive(Debug, PartialEq)]
pub(super) struct SyntaxError {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
    /// The string that certainly requires quotes.
    pub(super) unquoted: Option<Range<usize>>,
}

/// Lines before the parser's location that can contain the mistake.
const LINES: usize = 200;

/// Explains what the parser says, `info`, at the byte `at`.
pub(super) fn explain(text: &str, at: usize, info: &str) -> SyntaxError {
    let found =
        |span, message: &str, help| SyntaxError { span, message: message.to_owned(), help: Some(help), unquoted: None };
    if let Some(span) = conflict_marker(text) {
        return found(span, "this is a conflict marker of git", "resolve the conflict");
    }
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let line = &text[start..end];
    let indent = line.len() - line.trim_start().len();
    if let Some(tab) = line[..indent].find('\t') {
        return found(start + tab..start + tab + 1, "invalid YAML: a tab in the indentation", "indent with spaces");
    }
    if info.contains("whitespace") && text[..at].ends_with('\t') {
        return found(at - 1..at, "invalid YAML: a tab before a value", "write a space");
    }
    if info.contains("quoted scalar") {
        return found(at..(at + 1).min(text.len()), "invalid YAML: this string is not closed", "add the closing quote");
    }
    if info.contains("flow") {
        if let Some((open, comment)) = unclosed(text, start, end) {
            return match comment {
                Some(comment) => {
                    found(comment..comment + 1, "invalid YAML: `#` after a space starts a comment", "quote the string")
                }
                None => found(open..open + 1, "invalid YAML: this bracket is not closed", "close it"),
            };
        }
        let message = format!("invalid YAML: {info}");
        return found(at..at, &message, "quote strings with brackets, commas or colons");
    }
    if info.contains("mapping values are not allowed") && line[..at - start].contains(": ") {
        let error = found(at..at + 1, "invalid YAML: a colon before a space starts a mapping", "quote the string");
        let value = line.find(": ").map(|colon| colon + 2..line.trim_end().len());
        let is_whole = |value: &Range<usize>| !line.contains(['{', '[', '\'', '"', '#']) && !value.is_empty();
        let unquoted = value.filter(is_whole).map(|value| start + value.start..start + value.end);
        return SyntaxError { unquoted, ..error };
    }
    SyntaxError { span: at..at, message: format!("invalid YAML: {info}"), help: None, unquoted: None }
}

/// The first line that git leaves in a conflict.
fn conflict_marker(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_marker = ["<<<<<<< ", "||||||| ", ">>>>>>> "].iter().any(|marker| line.starts_with(marker));
        if is_marker {
            return Some(at..at + 7);
        }
        at += line.len();
    }
    None
}

/// The last bracket that is open at the end of a line, and the comment that cuts off its line, if any.
fn unclosed(text: &str, start: usize, end: usize) -> Option<(usize, Option<usize>)> {
    let mut line_start = start;
    let mut line_end = end;
    for _ in 0..LINES {
        let (open, comment) = brackets(&text[line_start..line_end]);
        if let Some(open) = open {
            return Some((line_start + open, comment.map(|comment| line_start + comment)));
        }
        line_end = line_start.checked_sub(1)?;
        line_start = text[..line_end].rfind('\n').map_or(0, |at| at + 1);
    }
    None
}

/// The last bracket of a line that the line does not close, and the comment of the line.
fn brackets(line: &str) -> (Option<usize>, Option<usize>) {
    let (mut open, mut quote) = (Vec::new(), None);
    let mut before = ' ';
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (Some(mark), letter) if letter == mark => quote = None,
            (None, '\'' | '"') if " :[{,".contains(before) => quote = Some(letter),
            (None, '#') if before == ' ' => return (open.pop(), Some(at)),
            (None, '{' | '[') if " [{,".contains(before) => open.push(at),
            (None, '}' | ']') => drop(open.pop()),
            _ => {}
        }
        before = letter;
    }
    (open.pop(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_that_stay_open() {
        for (line, expected) in [
            ("a: {b: [1, 2], c: '}'}", (None, None)),
            ("a: {b: [1, 2]", (Some(3), None)),
            ("a: {b: 'x # y', c: #1}", (Some(3), Some(19))),
            ("a: it's {x", (Some(8), None)),
            ("a: x{2} # {", (None, Some(8))),
        ] {
            assert_eq!(brackets(line), expected, "{line}");
        }
    }
}

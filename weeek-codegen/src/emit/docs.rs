//! Text of the spec as doc comments. rustdoc compiles and runs every block of code in a doc comment, so only the programs that are
//! meant as examples may become one.

/// `text`, and below it a program as a doctest that is compiled and not run.
pub(super) fn with_program(text: &str, program: &str) -> String {
    if program.is_empty() {
        return prose(text);
    }
    let fence = "`".repeat(2.max(longest_run(program, '`')) + 1);
    let before = "# use weeek_generated::{Client, models::*}; \
                  async fn run(weeek: Client) -> weeek_generated::Result<()> {";
    let program = format!("{fence}no_run\n{before}\n{}\n# Ok(()) }}\n{fence}", program.trim_end());
    format!("{}\n\n{program}", prose(text))
}

/// A value as a span of code, on one line.
pub(super) fn code(value: &str) -> String {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let (ticks, space) = match longest_run(&value, '`') {
        0 => ("`".to_owned(), ""),
        run => ("`".repeat(run + 1), " "),
    };
    format!("{ticks}{space}{value}{space}{ticks}")
}

/// A list of names, each with the first paragraph of what is said of it.
pub(super) fn list<'a>(items: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let line = |(name, text): (&str, &str)| {
        let text = text.split("\n\n").next().unwrap_or_default().trim();
        let colon = if text.is_empty() { "" } else { ": " };
        format!("- {}{colon}{}", code(name), text.replace('\n', "\n  "))
    };
    items.map(line).collect::<Vec<_>>().join("\n")
}

/// Markdown that neither rustdoc nor clippy warns of, and without code blocks: no line is indented by four, none opens a fence, HTML
/// and brackets are escaped, URLs are links, and the lines of a list item are indented. Runs of spaces mean nothing elsewhere.
pub(super) fn prose(text: &str) -> String {
    let mut blocks = Vec::new();
    for block in text.trim().split("\n\n") {
        // A code span ends with its item or its row of a table.
        let mut parts: Vec<String> = Vec::new();
        for line in indented(block) {
            let is_new = list_marker(line.trim_start()).is_some() || line.starts_with('|');
            match parts.last_mut() {
                Some(part) if !is_new => part.extend(["\n", line.as_str()]),
                _ => parts.push(line),
            }
        }
        blocks.push(parts.iter().map(|part| escaped(part)).collect::<Vec<_>>().join("\n"));
    }
    blocks.join("\n\n")
}

/// The lines of a block without runs of spaces, those of a list item below its text.
fn indented(block: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut item = 0;
    for line in block.lines() {
        let indent = line.len() - line.trim_start().len();
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let marker = list_marker(&words);
        let indent = match marker {
            // An item can be nested in the one before it.
            Some(width) => {
                let indent = indent.min(item).min(3);
                item = indent + width;
                indent
            }
            None if item > 0 => item,
            None => indent.min(3),
        };
        if words.is_empty() {
            item = 0;
        }
        let quote = if words.starts_with('>') { "\\" } else { "" };
        lines.push(format!("{}{quote}{words}", " ".repeat(indent)).trim_end().to_owned());
    }
    lines
}

/// The width of the marker that a line of a list item starts with.
fn list_marker(line: &str) -> Option<usize> {
    let (marker, _) = line.split_once(' ')?;
    let is_number = marker.strip_suffix(['.', ')']).is_some_and(|number| {
        !number.is_empty() && number.len() < 10 && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    (matches!(marker, "-" | "*" | "+") || is_number).then_some(marker.len() + 1)
}

/// Escapes what is not text outside of code spans, except links to a URL.
fn escaped(block: &str) -> String {
    let mut out = String::with_capacity(block.len());
    let mut rest = block;
    while let Some(letter) = rest.chars().next() {
        let run = |of: char| rest.len() - rest.trim_start_matches(of).len();
        let found = match letter {
            '`' => code_span(rest),
            '[' | '<' => link(rest),
            'h' if !out.ends_with(char::is_alphanumeric) => url(rest),
            '\\' => Some(1 + rest.chars().nth(1).map_or(0, char::len_utf8)),
            _ => None,
        };
        let length = match (letter, found) {
            ('h', Some(length)) => {
                out.extend(["<", &rest[..length], ">"]);
                length
            }
            (_, Some(length)) => {
                out.push_str(&rest[..length]);
                length
            }
            ('`', None) => {
                out.push_str(&"\\`".repeat(run('`')));
                run('`')
            }
            ('~', None) if rest.starts_with("~~~") => {
                out.push_str(&"\\~".repeat(run('~')));
                run('~')
            }
            (letter, None) => {
                out.push_str(if matches!(letter, '[' | '<') { "\\" } else { "" });
                out.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

/// The length of the code span at the start; a fence is not a code span.
fn code_span(text: &str) -> Option<usize> {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let ticks = run(text);
    let mut at = ticks;
    while ticks < 3 && at < text.len() {
        at += text[at..].find('`')?;
        let found = run(&text[at..]);
        at += found;
        if found == ticks {
            return Some(at);
        }
    }
    None
}

/// The length of the link to a URL at the start: `<https://…>` or `[text](https://…)`.
fn link(text: &str) -> Option<usize> {
    let (target, end) = match text.strip_prefix('<') {
        Some(target) => (target, '>'),
        None => (text[1 + text[1..].find(['[', ']', '`', '<', '\n'])?..].strip_prefix("](")?, ')'),
    };
    let length = url(target)?;
    target[length..].starts_with(end).then_some(text.len() - target.len() + length + 1)
}

/// The length of the URL at the start.
fn url(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-@:%._+~#=?&/".contains(letter);
    let host = rest.trim_start_matches(is_part);
    let url = text[..text.len() - host.len()].trim_end_matches(['.', ':', '?', '~']);
    (url.len() > text.len() - rest.len()).then_some(url.len())
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|letter| letter != of).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_has_no_code_and_no_markup_by_accident() {
        for (text, expected) in [
            (
                "  A list:\n\n- one\n  - two\n    more\n\n     \tevil()",
                "A list:\n\n- one\n  - two\n    more\n\n   evil()",
            ),
            ("- `one\n- `two\nmore", "- \\`one\n- \\`two\n  more"),
            ("- one\nmore\n12. two\nmore", "- one\n  more\n12. two\n    more"),
            ("-     a\n~~~~\n<!-- a  b", "- a\n  \\~\\~\\~\\~\n  \\<!-- a b"),
            ("> ```\na", "\\> \\`\\`\\`\na"),
            ("`[a]` [a] ``[b`] `` `c [d]", "`[a]` \\[a] ``[b`] `` \\`c \\[d]"),
            (
                "See http://a.b/c?d=e. Or <https://a.b>, [a](https://a.b).",
                "See <http://a.b/c?d=e>. Or <https://a.b>, [a](https://a.b).",
            ),
            (
                "[a](b) [a][b] Vec<String> https:// xhttp://a.b",
                "\\[a](b) \\[a]\\[b] Vec\\<String> https:// xhttp://a.b",
            ),
            ("a \\[b] \\", "a \\[b] \\"),
        ] {
            assert_eq!(prose(text), expected);
        }
        assert_eq!(code("a `b` ``\n c"), "``` a `b` `` c ```");
    }
}

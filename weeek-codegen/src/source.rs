//! Rust source, written line by line.

use std::iter::repeat_n;

use crate::files::MARKER;

const SOURCE: &str = " from spec/openapi.yaml. Edit that file and run the command.\n";

/// The longest line of code, as in rustfmt.toml.
const WIDTH: usize = 120;

/// A source file.
pub(crate) struct Source {
    text: String,
    indent: usize,
}

impl Source {
    /// A file with its first line.
    pub(crate) fn new() -> Self {
        Self { text: format!("{MARKER}{SOURCE}"), indent: 0 }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// A blank line, except at the start of a block.
    pub(crate) fn blank(&mut self) {
        if !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    /// A line, however long it is.
    pub(crate) fn line(&mut self, line: &str) {
        push_line(&mut self.text, self.indent, line);
    }

    /// A line that is broken if it is too long.
    pub(crate) fn wrapped(&mut self, line: &str) {
        wrap(&mut self.text, self.indent, line, WIDTH);
    }

    /// A doc comment.
    pub(crate) fn docs(&mut self, text: &str) {
        for line in text.trim().lines().map(str::trim_end) {
            let space = if line.is_empty() { "" } else { " " };
            self.text.extend(repeat_n(" ", self.indent).chain(["///", space, line, "\n"]));
        }
    }

    /// The first line of a block.
    pub(crate) fn open(&mut self, line: &str) {
        self.wrapped(line);
        self.indent += 4;
    }

    /// The last line of a block.
    pub(crate) fn close(&mut self, line: &str) {
        self.indent -= 4;
        self.line(line);
    }

    /// The line between two blocks.
    pub(crate) fn reopen(&mut self, line: &str) {
        self.close(line);
        self.indent += 4;
    }
}

fn push_line(out: &mut String, indent: usize, line: &str) {
    out.extend(repeat_n(" ", indent).chain([line, "\n"]));
}

/// Adds a line, which is broken if it is longer than `width`: a chain before each call, any other line in its longest brackets, after
/// each comma.
pub(crate) fn wrap(out: &mut String, indent: usize, line: &str, width: usize) {
    if indent + line.chars().count() <= width {
        return push_line(out, indent, line);
    }
    let Breaks { calls, brackets } = breaks(line);
    if calls.len() > 1 {
        let (first, end) = (calls[0], [line.len()]);
        wrap(out, indent, &line[..first], width);
        for (from, to) in calls.iter().zip(calls[1..].iter().chain(&end)) {
            wrap(out, indent + 4, &line[*from..*to], width);
        }
    } else if let Some((open, commas, close)) = brackets.into_iter().max_by_key(|(open, _, close)| close - open) {
        push_line(out, indent, &line[..=open]);
        let mut from = open + 1;
        for to in commas.into_iter().chain([close]) {
            let item = line[from..to].trim();
            if !item.is_empty() {
                wrap(out, indent + 4, &format!("{item},"), width);
            }
            from = to + 1;
        }
        push_line(out, indent, &line[close..]);
    } else {
        push_line(out, indent, line);
    }
}

/// Where a line can be broken, outside of inner brackets.
#[derive(Default)]
struct Breaks {
    /// The dots before calls.
    calls: Vec<usize>,
    /// Brackets with the commas in them; those of a macro are not broken, because it need not accept a comma at the end.
    brackets: Vec<(usize, Vec<usize>, usize)>,
}

fn breaks(line: &str) -> Breaks {
    let (mut found, mut open) = (Breaks::default(), Vec::new());
    let mut commas = Vec::new();
    for (at, mark) in marks(line) {
        match mark {
            b'(' | b'[' | b'{' | b'<' => open.push(at),
            b')' | b']' | b'}' => {
                let from = open.pop().unwrap_or_default();
                if open.is_empty() && from + 1 < at && !line[..from].ends_with('!') {
                    found.brackets.push((from, commas.drain(..).filter(|comma| *comma > from).collect(), at));
                }
            }
            b'>' if !line[..at].ends_with(['-', '=']) => drop(open.pop()),
            b',' if open.len() == 1 => commas.push(at),
            b'.' if open.is_empty() && line[at + 1..].starts_with(|next: char| next.is_alphabetic()) => {
                found.calls.push(at);
            }
            _ => {}
        }
    }
    found
}

/// The bytes of a line outside of strings.
pub(crate) fn marks(line: &str) -> impl Iterator<Item = (usize, u8)> {
    let (mut in_string, mut is_escaped) = (false, false);
    line.bytes().enumerate().filter(move |(_, byte)| {
        let was_in_string = in_string;
        in_string ^= *byte == b'"' && !is_escaped;
        is_escaped = was_in_string && *byte == b'\\' && !is_escaped;
        !was_in_string && !in_string
    })
}

/// A string literal.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_at_calls_and_commas() {
        for (line, expected) in [
            ("a.b(c, d).e(f);", "a.b(c, d).e(f);\n"),
            (
                r#"A::new("a, b.c(\"", 1.5).bcd(2).efg(h, i);"#,
                "A::new(\"a, b.c(\\\"\", 1.5)\n    .bcd(2)\n    .efg(h, i);\n",
            ),
            (
                "pub fn a(&self, b: impl Into<C<D, E>>) -> F<()> {",
                "pub fn a(\n    &self,\n    b: impl Into<C<D, E>>,\n) -> F<()> {\n",
            ),
            (
                "Self { abcdef: Some(abcdef), bcdefgh: Vec::new() }",
                "Self {\n    abcdef: Some(abcdef),\n    bcdefgh: Vec::new(),\n}\n",
            ),
            (
                "a.set(First::new(\"long\", \"longer\")).get();",
                "a\n    .set(\n        First::new(\n            \"long\",\n            \"longer\",\n        ),\n    )\n    .get();\n",
            ),
            ("json!({ \"abcdef\": [1, 2, 3, 4], \"ghi\": 1 })", "json!({ \"abcdef\": [1, 2, 3, 4], \"ghi\": 1 })\n"),
        ] {
            let mut out = String::new();
            wrap(&mut out, 0, line, 30);
            assert_eq!(out, expected);
        }
    }
}

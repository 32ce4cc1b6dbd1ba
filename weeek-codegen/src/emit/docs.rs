//! Text of the document as doc comments. rustdoc compiles and runs every block of code that it finds in one, so there is none but
//! the programs that are meant to be there.

use proc_macro2::TokenStream;
use quote::quote;

/// `text` as doc attributes without a block of code.
pub(super) fn docs(text: &str) -> TokenStream {
    lines(&prose(text))
}

/// `text`, and below it a program as a doctest that is compiled and not run.
pub(super) fn docs_with_program(text: &str, program: &str) -> TokenStream {
    if program.is_empty() {
        return docs(text);
    }
    let fence = "`".repeat(2.max(longest_run(program, '`')) + 1);
    let (before, after) = ("# use weeek_generated::{Client, models::*};", "# Ok(())\n# }");
    let open = "# async fn run(weeek: Client) -> weeek_generated::Result<()> {";
    let program = format!("{fence}no_run\n{before}\n{open}\n{}\n{after}\n{fence}", program.trim_end());
    lines(&format!("{}\n\n{program}", prose(text)))
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

/// A line each: prettyplease writes them as `///`.
fn lines(text: &str) -> TokenStream {
    let lines = text.trim().lines().map(|line| match line.trim_end() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
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

/// Markdown in which no line is indented by four, none opens a fence, and none begins with HTML, which could hide the fence of
/// a program. Runs of spaces mean nothing elsewhere.
fn prose(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    for line in text.trim().lines() {
        prose.push_str(if prose.is_empty() { "" } else { "\n" });
        let indent = (line.len() - line.trim_start().len()).min(3);
        prose.push_str(&"   "[..indent]);
        prose.push_str(if line.trim_start().starts_with('<') { "\\" } else { "" });
        for (at, word) in line.split_whitespace().enumerate() {
            prose.push_str(if at > 0 { " " } else { "" });
            prose.push_str(word);
        }
    }
    if prose.contains("```") || prose.contains("~~~") {
        return prose.replace("```", "\\`\\`\\`").replace("~~~", "\\~\\~\\~");
    }
    prose
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|letter| letter != of).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_holds_no_code() {
        assert_eq!(
            prose("  A list:\n\n- one\n  - two\n    more\n\n     \tevil()"),
            "A list:\n\n- one\n  - two\n   more\n\n   evil()"
        );
        assert_eq!(prose("-     a\n> ```\n~~~~\n<!-- a  b"), "- a\n> \\`\\`\\`\n\\~\\~\\~~\n\\<!-- a b");
        assert_eq!(code("a `b` ``\n c"), "``` a `b` `` c ```");
    }
}

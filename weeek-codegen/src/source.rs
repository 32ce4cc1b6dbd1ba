//! Rust source: tables and texts line by line, items as prettyplease formats them.

use std::cell::RefCell;
use std::iter::repeat_n;
use std::mem::replace;

use proc_macro2::TokenStream;
use quote::quote;

use crate::files::MARKER;

const SOURCE: &str = " from spec/openapi.yaml. Edit that file and run the command.\n";

/// The longest line of a table, as in rustfmt.toml.
const WIDTH: usize = 120;

/// What the place of a doc comment begins with.
const PLACE: char = '@';

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
        self.text.extend(repeat_n(" ", self.indent).chain([line, "\n"]));
    }

    /// A row of a table that has rows itself.
    pub(crate) fn nested(&mut self, name: &str, rows: &[String]) {
        let line = format!("{name}({}),", rows.join(", "));
        if self.indent + line.len() <= WIDTH {
            return self.line(&line);
        }
        self.open(&format!("{name}("));
        rows.iter().for_each(|row| self.line(&format!("{row},")));
        self.close("),");
    }

    /// A doc comment.
    pub(crate) fn docs(&mut self, text: &str) {
        for line in text.trim().lines().map(str::trim_end) {
            let space = if line.is_empty() { "" } else { " " };
            self.text.extend(repeat_n(" ", self.indent).chain(["///", space, line, "\n"]));
        }
    }

    /// An item as prettyplease formats it, with its doc comments.
    pub(crate) fn item(&mut self, item: TokenStream, docs: &Docs) {
        let docs = docs.0.borrow();
        // prettyplease leaves no blank line between the functions of an impl.
        for line in formatted(item).replace("\n    }\n    ", "\n    }\n\n    ").lines() {
            let code = line.trim_start();
            let place = code.strip_prefix("///").and_then(|place| place.strip_prefix(PLACE)?.parse::<usize>().ok());
            match place.and_then(|place| docs.get(place)) {
                Some(text) => {
                    let indent = replace(&mut self.indent, line.len() - code.len());
                    self.docs(text);
                    self.indent = indent;
                }
                None => self.line(line),
            }
        }
    }

    /// The first line of a block.
    pub(crate) fn open(&mut self, line: &str) {
        self.line(line);
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

/// A string literal.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// The tokens of code that is correct by construction, such as a type.
pub(crate) fn tokens(code: &str) -> TokenStream {
    code.parse().expect("types, names and numbers are tokens")
}

/// A statement, as prettyplease formats it in the body of a function.
pub(crate) fn formatted_statement(code: &str) -> String {
    let function = formatted(tokens(&format!("fn f() {{ {code} }}")));
    let body = function.strip_prefix("fn f() {\n").and_then(|rest| rest.strip_suffix("}\n"));
    body.unwrap_or_default().lines().flat_map(|line| [line.strip_prefix("    ").unwrap_or(line), "\n"]).collect()
}

fn formatted(item: TokenStream) -> String {
    // The emitters use names that `lower` has checked, so this would be a bug of the generator.
    let parsed =
        syn::parse2(item).unwrap_or_else(|error| panic!("the generator wrote code that does not parse: {error}"));
    prettyplease::unparse(&parsed)
}

/// The doc comments of an item. They are put in after formatting, because two of three tokens would be theirs.
#[derive(Default)]
pub(crate) struct Docs(RefCell<Vec<String>>);

impl Docs {
    /// Keeps a text, and returns the attribute in its place.
    pub(crate) fn keep(&self, text: String) -> TokenStream {
        let mut texts = self.0.borrow_mut();
        let place = format!("{PLACE}{}", texts.len());
        texts.push(text);
        quote!(#[doc = #place])
    }
}

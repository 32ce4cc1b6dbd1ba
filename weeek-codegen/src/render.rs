//! Formats token streams as source files.

use proc_macro2::{Delimiter, Group, TokenTree};
use quote::ToTokens as _;
use syn::{LitStr, Macro, MacroDelimiter};

use crate::emit::File;
use crate::files::{FileSet, MARKER};
use crate::spelling::{is_mark, one_line, rows};

const SOURCE: &str = " from spec/openapi.yaml. Edit that file and run the command.\n";

/// Formats every file.
pub(crate) fn render(files: impl IntoIterator<Item = File>) -> FileSet {
    files.into_iter().map(file).collect()
}

/// The path of a file, and its source.
fn file(File { path, items, docs }: File) -> (String, String) {
    let mut text = format!("{MARKER}{SOURCE}");
    let mut before = String::new();
    for item in items {
        let parsed = syn::parse2::<syn::File>(item).unwrap_or_else(|error| {
            // `emit` builds items from names that `lower` has checked, so this is a bug of the generator.
            panic!("the generator wrote an item of {path} that does not parse, after\n{before}\n{error}")
        });
        let block = match &parsed.items[..] {
            [syn::Item::Macro(item)] => call(&item.mac),
            // prettyplease leaves no blank line between the functions of an impl.
            [syn::Item::Impl(_)] => prettyplease::unparse(&parsed).replace("\n    }\n    ", "\n    }\n\n    "),
            _ => prettyplease::unparse(&parsed),
        };
        // A call of one line belongs to the item before it.
        let is_short = !before.is_empty() && block.lines().count() == 1 && block.ends_with(");\n");
        text.push_str(if is_short { "" } else { "\n" });
        put_docs(&mut text, &block, &docs);
        block.trim_end().clone_into(&mut before);
    }
    (path, text)
}

/// Adds a block, with its doc comments in their places.
fn put_docs(text: &mut String, block: &str, docs: &[String]) {
    for line in block.split_inclusive('\n') {
        let place = line.trim_start().strip_prefix("///@").and_then(|place| place.trim_end().parse::<usize>().ok());
        let Some(doc) = place.and_then(|place| docs.get(place)) else {
            text.push_str(line);
            continue;
        };
        let indent = &line[..line.len() - line.trim_start().len()];
        for line in doc.trim().lines().map(str::trim_end) {
            text.extend([indent, "///", if line.is_empty() { "" } else { " " }, line, "\n"]);
        }
    }
}

const WIDTH: usize = 100;

/// A macro call: a table in braces, or a call on one line. prettyplease knows no tables and fills lines with their rows, so a new row
/// would move all others.
fn call(call: &Macro) -> String {
    let (name, tokens) = (call.path.to_token_stream(), call.tokens.clone().into_iter().collect::<Vec<_>>());
    match call.delimiter {
        MacroDelimiter::Brace(_) => {
            let mut out = format!("{name}! {{\n");
            let is_list = tokens.last().is_some_and(|token| is_mark(token, ","));
            rows(&tokens).for_each(|row| table(&mut out, row, "    ", is_list));
            out.push_str("}\n");
            out
        }
        MacroDelimiter::Paren(_) | MacroDelimiter::Bracket(_) => format!("{name}!({});\n", one_line(&tokens)),
    }
}

/// An item of a table: doc comments, and one line or a block with a row on each line.
fn table(out: &mut String, tokens: &[TokenTree], indent: &str, is_row: bool) {
    let mut rest = tokens;
    while let [TokenTree::Punct(hash), TokenTree::Group(doc), after @ ..] = rest
        && hash.as_char() == '#'
    {
        match doc_line(doc) {
            Some(line) => out.extend([indent, "///", &line, "\n"]),
            None => out.extend([indent, &one_line(&rest[..2]), "\n"]),
        }
        rest = after;
    }
    let line = one_line(rest);
    let has_docs = rest.iter().any(|token| matches!(token, TokenTree::Group(group) if contains_docs(group)));
    if !has_docs && indent.len() + line.len() < WIDTH {
        out.extend([indent, &line]);
    } else {
        out.push_str(indent);
        blocks(out, rest, indent);
    }
    out.push_str(if is_row { ",\n" } else { "\n" });
}

/// What does not fit on one line: the rows of each block are indented.
fn blocks(out: &mut String, tokens: &[TokenTree], indent: &str) {
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let is_new = at > 0 && matches!(&tokens[at - 1], TokenTree::Ident(name) if name == "new");
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => (" {\n", "}"),
            Delimiter::Parenthesis if is_new => ("(\n", ")"),
            _ => continue,
        };
        out.extend([&one_line(&tokens[start..at]), open]);
        let inside: Vec<_> = group.stream().into_iter().collect();
        rows(&inside).for_each(|row| table(out, row, &format!("{indent}    "), true));
        out.extend([indent, close]);
        start = at + 1;
        if start < tokens.len() && !is_mark(&tokens[start], ";") {
            out.push(' ');
        }
    }
    out.push_str(&one_line(&tokens[start..]));
}

/// The line of a doc comment.
fn doc_line(attribute: &Group) -> Option<String> {
    let tokens: Vec<_> = attribute.stream().into_iter().collect();
    let [TokenTree::Ident(name), _, TokenTree::Literal(text)] = &tokens[..] else { return None };
    let literal = text.to_string();
    // Few lines have an escape to be parsed.
    let text = match literal.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(text) if !text.contains('\\') => text.to_owned(),
        _ => syn::parse_str::<LitStr>(&literal).ok()?.value(),
    };
    (name == "doc" && !text.contains(['\n', '\r'])).then_some(text)
}

fn contains_docs(group: &Group) -> bool {
    let is_doc = |token: &TokenTree| matches!(token, TokenTree::Ident(name) if name == "doc");
    group.stream().into_iter().any(|token| match &token {
        TokenTree::Group(group) => {
            group.stream().into_iter().next().as_ref().is_some_and(is_doc) || contains_docs(group)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_table_has_a_row_on_each_line() {
        for table in [
            "\
m! {
    /// About A.
    ///
    /// More.
    pub struct A {
        /// About new.
        new(b: B = \"b\", c: C<D, E> = \"c\" dotted),
        /// About f.
        #[deprecated]
        pub f: F = \"f\" | \"g\",
    } by b {
        h: H,
    }
}
",
            "\
m! {
    /// About A.
    pub enum A by \"tag\" {
        /// About B.
        B {
            /// About c.
            c: C = \"c\",
        },
    }
}
",
            "m! {\n    A = \"a\",\n    B = \"b\" GET(\"/b\", Live) pages(1),\n}\n",
            "m! {\n    pub struct A(i64);\n}\n",
            "m!(A);\n",
        ] {
            assert_eq!(super::call(&syn::parse_str(table.trim_end_matches([';', '\n'])).unwrap()), table);
        }
    }
}

//! Formats token streams as source files.

use proc_macro2::{Delimiter, TokenTree};
use quote::ToTokens as _;
use syn::Macro;

use crate::emit::File;
use crate::files::{FileSet, MARKER};
use crate::spelling::{entries, one_line};

const SOURCE: &str = " from spec/openapi.yaml. Edit that file and run the command.\n";

/// Formats every file.
pub(crate) fn render(files: Vec<File>) -> FileSet {
    files.into_iter().map(file).collect()
}

/// The path of a file, and its source.
fn file(File { path, items }: File) -> (String, String) {
    let mut text = format!("{MARKER}{SOURCE}");
    let mut before = String::new();
    for item in items {
        let parsed = syn::parse2::<syn::File>(item).unwrap_or_else(|error| {
            // `emit` builds items from names that `lower` has checked, so this is a bug of the generator.
            panic!("the generator wrote an item of {path} that does not parse, after\n{before}\n{error}")
        });
        let (names_type, block) = match &parsed.items[..] {
            [syn::Item::Macro(item)] => {
                (matches!(item.mac.tokens.clone().into_iter().next(), Some(TokenTree::Ident(_))), call(&item.mac))
            }
            // prettyplease leaves no blank line between the functions of an impl.
            [syn::Item::Impl(_)] => (false, prettyplease::unparse(&parsed).replace("\n    }\n    ", "\n    }\n\n    ")),
            _ => (false, prettyplease::unparse(&parsed)),
        };
        // The macro call that completes a type follows it without a blank line.
        let completes = names_type && before.ends_with(['}', ';']);
        text.push_str(if completes { "" } else { "\n" });
        text.push_str(&block);
        block.trim_end().clone_into(&mut before);
    }
    (path, text)
}

const WIDTH: usize = 100;

/// A macro call, with each entry in braces on a line of its own if the call does not fit on one line. prettyplease does not know the
/// entries and fills lines with them, so a new entry would move all others.
fn call(call: &Macro) -> String {
    let (name, tokens) = (call.path.to_token_stream(), call.tokens.clone().into_iter().collect::<Vec<_>>());
    let braces = |token: &TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(entries(group.stream())),
        _ => None,
    };
    let Some((at, entries)) = tokens.iter().enumerate().find_map(|(at, token)| Some((at, braces(token)?))) else {
        return format!("{name}!({});\n", one_line(&tokens));
    };
    let (mut before, mut after) = (one_line(&tokens[..at]), one_line(&tokens[at + 1..]));
    before.push_str(if before.is_empty() { "" } else { " " });
    after.insert_str(0, if after.is_empty() { "" } else { " " });
    let inside = if entries.is_empty() { String::new() } else { format!(" {} ", entries.join(", ")) };
    let line = format!("{name}!({before}{{{inside}}}{after});\n");
    if line.len() <= WIDTH {
        return line;
    }
    let inside = entries.iter().map(|entry| format!("    {entry},\n")).collect::<Vec<_>>().concat();
    format!("{name}!({before}{{\n{inside}}}{after});\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn long_calls_have_an_entry_on_each_line() {
        let items =
            |count: usize| (0..count).map(|at| format!("A{at} = \"a{at}\" | \"b\" => C required")).collect::<Vec<_>>();
        let call = |count| {
            let call = format!("m!(Name by \"x\" {{ {} }} d = \"d\" by e)", items(count).join(", "));
            super::call(&syn::parse_str(&call).unwrap())
        };
        assert_eq!(call(1), "m!(Name by \"x\" { A0 = \"a0\" | \"b\" => C required } d = \"d\" by e);\n");
        let expected = "\
m!(Name by \"x\" {
    A0 = \"a0\" | \"b\" => C required,
    A1 = \"a1\" | \"b\" => C required,
    A2 = \"a2\" | \"b\" => C required,
} d = \"d\" by e);
";
        assert_eq!(call(3), expected);
    }
}

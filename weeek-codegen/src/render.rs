//! Tokens to text.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::Macro;

use crate::emit::{Draft, File};
use crate::files::{FileSet, MARKER};

const SOURCE: &str = " from spec/openapi.yaml. Edit that file and run the command.\n";

/// Makes and formats every file, on all processors there are.
pub(crate) fn render(drafts: &[Draft<'_>]) -> FileSet {
    let threads = thread::available_parallelism().map_or(1, |count| count.get().min(drafts.len()));
    render_on(threads, drafts)
}

fn render_on(threads: usize, drafts: &[Draft<'_>]) -> FileSet {
    let next = AtomicUsize::new(0);
    let work = || {
        let mine = std::iter::from_fn(|| drafts.get(next.fetch_add(1, Ordering::Relaxed)));
        mine.map(|draft| text(draft())).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mine = work();
        let others = others.into_iter().flat_map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        mine.into_iter().chain(others).collect()
    })
}

/// The path of a file, and its text.
pub(crate) fn text(File { path, items }: File) -> (String, String) {
    let mut text = format!("{MARKER}{SOURCE}");
    let mut before = String::new();
    for item in items {
        let parsed = syn::parse2::<syn::File>(item).unwrap_or_else(|error| {
            // `emit` builds items from names that lowering has checked, so this is a fault of the generator itself.
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
        // The macro call that completes a type stands right below it.
        let completes = names_type && before.ends_with(['}', ';']);
        text.push_str(if completes { "" } else { "\n" });
        text.push_str(&block);
        block.trim_end().clone_into(&mut before);
    }
    (path, text)
}

const WIDTH: usize = 100;

/// The call of a macro, with a line for each entry in braces where it does not fit a single one. prettyplease can't know the entries
/// and fills lines with them, so that a new one would move all others.
fn call(call: &Macro) -> String {
    let (name, tokens) = (call.path.to_token_stream(), call.tokens.clone().into_iter().collect::<Vec<_>>());
    let braces = |token: &TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(entries(group.stream())),
        _ => None,
    };
    let Some((at, entries)) = tokens.iter().enumerate().find_map(|(at, token)| Some((at, braces(token)?))) else {
        return format!("{name}!({});\n", spelled(&tokens));
    };
    let (mut before, mut after) = (spelled(&tokens[..at]), spelled(&tokens[at + 1..]));
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

/// What stands between the commas.
fn entries(tokens: TokenStream) -> Vec<String> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    tokens.split(is_comma).filter(|entry| !entry.is_empty()).map(spelled).collect()
}

/// Tokens as they are written by hand: without a space inside of parentheses, before them and before commas.
fn spelled(tokens: &[TokenTree]) -> String {
    let (mut text, mut is_joint) = (String::new(), true);
    for token in tokens {
        let word = match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                format!("{{ {} }}", entries(group.stream()).join(", "))
            }
            TokenTree::Group(group) => format!("({})", spelled(&group.stream().into_iter().collect::<Vec<_>>())),
            token => token.to_string(),
        };
        let is_list = matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
        let clings = is_joint || is_comma(token) || is_list;
        text.push_str(if clings { "" } else { " " });
        text.push_str(&word);
        is_joint = matches!(token, TokenTree::Punct(mark) if mark.spacing() == Spacing::Joint);
    }
    text
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::emit;

    #[test]
    fn any_number_of_threads_makes_the_same_files() {
        let text = include_str!("../../spec/openapi.yaml");
        let ([one, two, seven], _) =
            crate::read(text, |api| [1, 2, 7].map(|threads| render_on(threads, &emit(api)))).unwrap();
        assert!(one.len() > 30 && one == two && one == seven);
    }

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

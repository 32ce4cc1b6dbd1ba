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
    let name = call.path.to_token_stream();
    let line = format!(
        "{name}!({});\n",
        spelled(&call.tokens, &|entries| match entries {
            [] => "{}".to_owned(),
            entries => format!("{{ {} }}", entries.join(", ")),
        })
    );
    if line.len() <= WIDTH {
        return line;
    }
    let on_lines =
        |entries: &[String]| entries.iter().map(|entry| format!("    {entry},\n")).collect::<Vec<_>>().concat();
    format!("{name}!({});\n", spelled(&call.tokens, &|entries| format!("{{\n{}}}", on_lines(entries))))
}

/// Tokens as they are written by hand; what is done with entries in braces is told.
fn spelled(tokens: &TokenStream, braces: &dyn Fn(&[String]) -> String) -> String {
    let (mut text, mut tight) = (String::new(), true);
    for token in tokens.clone() {
        let is_comma = is_comma(&token);
        let (word, clings) = match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                (braces(&entries(group.stream())), false)
            }
            TokenTree::Group(group) => (format!("({})", spelled(&group.stream(), braces)), true),
            token => (token.to_string(), is_comma),
        };
        text.push_str(if tight || clings { "" } else { " " });
        text.push_str(&word);
        tight = matches!(&token, TokenTree::Punct(mark) if mark.spacing() == Spacing::Joint);
    }
    text
}

/// What stands between the commas.
fn entries(tokens: TokenStream) -> Vec<String> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let texts = tokens.split(is_comma).map(|entry| spelled(&entry.iter().cloned().collect(), &|_| String::new()));
    texts.filter(|entry| !entry.is_empty()).collect()
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

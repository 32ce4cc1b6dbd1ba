//! Tokens to text.

use proc_macro2::TokenStream;

use crate::emit::File;
use crate::files::{FileSet, MARKER};

const SOURCE: &str = " from spec/openapi.yaml. Edit that file and run the command.\n";

/// Formats every file.
pub(crate) fn render(files: impl IntoIterator<Item = File>) -> FileSet {
    let mut set = FileSet::default();
    for file in files {
        let text = text(&file.path, file.items);
        set.insert(file.path, text);
    }
    set
}

fn text(path: &str, items: Vec<TokenStream>) -> String {
    let mut text = format!("{MARKER}{SOURCE}");
    let mut before = String::new();
    for item in items {
        let parsed = syn::parse2::<syn::File>(item).unwrap_or_else(|error| {
            // `emit` builds items from names that lowering has checked, so this is a fault of the generator itself.
            panic!("the generator wrote an item of {path} that does not parse, after\n{before}\n{error}")
        });
        let block = prettyplease::unparse(&parsed);
        // The macro call that completes a type stands right below it.
        let completes = block.lines().count() <= 1 && before.ends_with(['}', ';']) && block.contains("!(");
        text.push_str(if completes { "" } else { "\n" });
        text.push_str(&block);
        block.trim_end().clone_into(&mut before);
    }
    text
}

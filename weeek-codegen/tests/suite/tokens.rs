//! Tokens of generated code.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The tokens without doc comments.
pub(crate) fn without_docs(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if is_doc(&group) => drop(kept.pop()),
            TokenTree::Group(group) => {
                let inner = without_docs(group.stream());
                kept.push(TokenTree::Group(Group::new(group.delimiter(), inner)));
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

pub(crate) fn is_doc(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket && group.stream().to_string().starts_with("doc =")
}

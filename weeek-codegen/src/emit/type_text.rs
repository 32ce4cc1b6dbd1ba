//! How the generated code spells the types that callers see, as text.

use proc_macro2::TokenStream;

use super::{endpoints, types};
use crate::ir::{Field, Operation, Response, TypeRef};

/// The type itself.
pub(crate) fn plain(ty: &TypeRef) -> String {
    text(&types::plain(ty))
}

/// The type of a public field.
pub(crate) fn in_response(field: &Field) -> String {
    text(&types::in_response(field))
}

/// The type of the argument of a filter's setter.
pub(crate) fn filter(ty: &TypeRef) -> String {
    text(&types::filter(ty).1)
}

/// The type of an argument of `new`.
pub(crate) fn new_argument(field: &Field, read_too: bool) -> String {
    text(&types::new_argument(field, read_too))
}

/// The type of a setter's argument.
pub(crate) fn setter_argument(field: &Field, read_too: bool) -> String {
    text(&types::setter_argument(field, read_too))
}

/// The arguments of a function, each with its type.
pub(crate) fn arguments(operation: &Operation) -> Vec<(&str, String)> {
    endpoints::typed_arguments(operation).into_iter().map(|(name, ty)| (name, text(&ty))).collect()
}

/// The type of the value of a call.
pub(crate) fn value(response: &Response) -> String {
    text(&endpoints::value(response).0)
}

/// Tokens without the spaces that a person would not write.
fn text(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    for (spaced, close) in [(" :: ", "::"), (" < ", "<"), (" >", ">"), (" ,", ",")] {
        text = text.replace(spaced, close);
    }
    text
}

//! Text of the document as doc comments.

use proc_macro2::TokenStream;
use quote::quote;

/// `text` as doc attributes, a line each: prettyplease writes them as `///`.
pub(super) fn docs(text: &str) -> TokenStream {
    let lines = text.trim().lines().map(|line| format!(" {}", line.trim_end()).trim_end().to_owned());
    quote!(#(#[doc = #lines])*)
}

//! Text of the document as doc comments.

use proc_macro2::TokenStream;
use quote::quote;

/// `text` as doc attributes, a line each: prettyplease writes them as `///`.
pub(super) fn docs(text: &str) -> TokenStream {
    let lines = text.trim().lines().map(|line| format!(" {}", line.trim_end()).trim_end().to_owned());
    quote!(#(#[doc = #lines])*)
}

/// `text` with a program below it, as a doctest that is compiled and not run.
pub(super) fn with_program(text: &str, program: &str) -> TokenStream {
    if program.is_empty() {
        return docs(text);
    }
    let (before, after) = ("# use weeek_generated::{Client, models::*};", "# Ok(())\n# }");
    let open = "# async fn run(weeek: Client) -> weeek_generated::Result<()> {";
    docs(&format!("{}\n\n```no_run\n{before}\n{open}\n{}\n{after}\n```", text.trim_end(), program.trim_end()))
}

/// A list of names, each with the first paragraph of what is said of it.
pub(super) fn list<'a>(items: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let line = |(name, text): (&str, &str)| {
        let text = text.split("\n\n").next().unwrap_or_default().trim();
        let colon = if text.is_empty() { "" } else { ": " };
        format!("- `{name}`{colon}{}", text.replace('\n', "\n  "))
    };
    items.map(line).collect::<Vec<_>>().join("\n")
}

//! Plain data to tokens, file by file.

mod docs;
mod endpoints;
mod enums;
mod examples;
mod llms;
mod models;
mod models_index;
mod query;
mod response_examples;
pub(crate) mod type_text;
mod types;
mod values;

use std::iter;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::{Api, Resource};

/// A file to be: its path, its items in order, and the doc comments that are put in after formatting.
#[derive(Default)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) items: Vec<TokenStream>,
    pub(crate) docs: Vec<String>,
}

/// The files of the client. Each is emitted when it is asked for, because tokens take much more memory than their file.
pub(crate) fn emit(api: &Api) -> impl Iterator<Item = File> {
    let with_models = move || api.resources.iter().filter(|resource| models::any(api, resource));
    let shared = [
        root(api),
        server(api),
        response_examples::file(api),
        parent("models", iter::once(models_index::docs(api)).chain(with_models().map(models_entry)).collect()),
        parent("endpoints", with_operations(api).map(endpoints_entry).collect()),
    ];
    let models = with_models().map(|resource| models::file(api, resource));
    let endpoints = with_operations(api).map(|resource| endpoints::file(api, resource));
    shared.into_iter().chain(models).chain(endpoints)
}

/// The files of Rust beside the client: calls for its tests.
pub(crate) fn emit_beside(api: &Api) -> Vec<File> {
    vec![examples::calls(api)]
}

/// The page for coding tools: its path below the crate, and its text.
pub(crate) fn emit_page(api: &Api) -> (String, String) {
    (llms::PATH.to_owned(), llms::page(api))
}

fn with_operations(api: &Api) -> impl Iterator<Item = &Resource> {
    api.resources.iter().filter(|resource| !resource.operations.is_empty())
}

fn root(api: &Api) -> File {
    let tables = with_operations(api).map(|resource| {
        let (name, gate) = (format_ident!("{}", resource.name), gate(resource.feature.iter()));
        quote!(#gate endpoints::#name::OPERATIONS)
    });
    let items = vec![
        quote! {
            #[doc = " The calls, with a handle for each resource."]
            pub mod endpoints;
        },
        quote!(
            pub mod models;
        ),
        quote! {
            #[cfg(feature = "testing")]
            pub(crate) mod examples;
        },
        quote!(
            pub(crate) mod server;
        ),
        quote! {
            #[doc = " The operations of every resource that is compiled in."]
            pub(crate) static OPERATIONS: &[&[&crate::Operation]] = &[#(#tables),*];
        },
    ];
    File { path: "mod.rs".to_owned(), items, ..File::default() }
}

/// A file of its own, because the builder of clients needs it, and the other generated files need the client.
fn server(api: &Api) -> File {
    let server = &api.server;
    let item = quote! {
        #[doc = " The base URL of the live API."]
        pub(crate) const SERVER: &str = #server;
    };
    File { path: "server.rs".to_owned(), items: vec![item], ..File::default() }
}

fn parent(folder: &str, items: Vec<TokenStream>) -> File {
    File { path: format!("{folder}/mod.rs"), items, ..File::default() }
}

fn models_entry(resource: &Resource) -> TokenStream {
    let (name, gate) = (format_ident!("{}", resource.name), gate(resource.model_features.iter()));
    quote! {
        #gate
        mod #name;
        #gate
        pub use #name::*;
    }
}

fn endpoints_entry(resource: &Resource) -> TokenStream {
    let (name, handle) = (format_ident!("{}", resource.name), format_ident!("{}Api", resource.handle));
    let gate = gate(resource.feature.iter());
    quote! {
        #gate
        pub(crate) mod #name;
        #gate
        pub use #name::#handle;
    }
}

fn gate<'a>(features: impl Iterator<Item = &'a String>) -> TokenStream {
    predicate(features).map(|features| quote!(#[cfg(#features)])).unwrap_or_default()
}

/// Whether any of the features is on; `None` without features.
fn predicate<'a>(features: impl Iterator<Item = &'a String>) -> Option<TokenStream> {
    let features: Vec<_> = features.collect();
    match features[..] {
        [] => None,
        [feature] => Some(quote!(feature = #feature)),
        _ => Some(quote!(any(#(feature = #features),*))),
    }
}

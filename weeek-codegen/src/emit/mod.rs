//! Plain data to tokens, file by file.

mod docs;
mod endpoints;
mod enums;
mod models;
mod query;
pub(crate) mod spelling;
mod types;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::{Api, Module};

/// A file to be: its path, and its items in order.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) items: Vec<TokenStream>,
}

/// A file that is made when it is asked for, by whoever asks: tokens take many times the space of their text, and can't leave the
/// thread that they were made on.
pub(crate) type Draft<'a> = Box<dyn Fn() -> File + Sync + 'a>;

/// The files of the client.
pub(crate) fn emit(api: &Api) -> Vec<Draft<'_>> {
    let with_models = || api.modules.iter().filter(|module| models::any(api, module));
    let mut drafts: Vec<Draft<'_>> = vec![
        Box::new(|| root(api)),
        Box::new(|| server(api)),
        Box::new(move || parent("models", with_models().map(models_entry).collect())),
        Box::new(|| parent("endpoints", with_operations(api).map(endpoints_entry).collect())),
    ];
    drafts.extend(with_models().map(|module| -> Draft<'_> { Box::new(|| models::file(api, module)) }));
    drafts.extend(with_operations(api).map(|module| -> Draft<'_> { Box::new(|| endpoints::file(api, module)) }));
    drafts
}

fn with_operations(api: &Api) -> impl Iterator<Item = &Module> {
    api.modules.iter().filter(|module| !module.operations.is_empty())
}

fn root(api: &Api) -> File {
    let tables = with_operations(api).map(|module| {
        let (name, gate) = (format_ident!("{}", module.name), gate(module.feature.iter()));
        quote!(#gate endpoints::#name::OPERATIONS)
    });
    let items = vec![
        quote! {
            #[doc = " The calls, with a handle for each resource."]
            pub mod endpoints;
        },
        quote! {
            #[doc = " The types of requests and responses."]
            pub mod models;
        },
        quote!(
            pub(crate) mod server;
        ),
        quote! {
            #[doc = " The operations of every resource that is compiled in."]
            pub(crate) static OPERATIONS: &[&[&crate::Operation]] = &[#(#tables),*];
        },
    ];
    File { path: "mod.rs".to_owned(), items }
}

/// A file of its own, because the builder of clients needs it, and the other generated files need the client.
fn server(api: &Api) -> File {
    let server = &api.server;
    let item = quote! {
        #[doc = " The base URL of the live API."]
        pub(crate) const SERVER: &str = #server;
    };
    File { path: "server.rs".to_owned(), items: vec![item] }
}

fn parent(folder: &str, items: Vec<TokenStream>) -> File {
    File { path: format!("{folder}/mod.rs"), items }
}

fn models_entry(module: &Module) -> TokenStream {
    let (name, gate) = (format_ident!("{}", module.name), gate(module.model_features.iter()));
    quote! {
        #gate
        mod #name;
        #gate
        pub use #name::*;
    }
}

fn endpoints_entry(module: &Module) -> TokenStream {
    let (name, handle) = (format_ident!("{}", module.name), format_ident!("{}Api", module.handle));
    let gate = gate(module.feature.iter());
    quote! {
        #gate
        pub(crate) mod #name;
        #gate
        pub use #name::#handle;
    }
}

fn gate<'a>(features: impl Iterator<Item = &'a String>) -> TokenStream {
    let features: Vec<_> = features.collect();
    match features[..] {
        [] => quote!(),
        [feature] => quote!(#[cfg(feature = #feature)]),
        _ => quote!(#[cfg(any(#(feature = #features),*))]),
    }
}

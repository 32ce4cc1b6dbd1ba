//! The examples of successful responses, for the feature `testing`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::File;
use crate::ir::Api;

/// `examples.rs`
pub(super) fn file(api: &Api) -> File {
    let bodies = api.response_examples.iter().map(|(name, json)| {
        let json = raw_string(json);
        quote!((#name, #json))
    });
    let operations = api.resources.iter().flat_map(|resource| &resource.operations).map(|operation| {
        let (id, (status, body)) = (&operation.id, &operation.success);
        let (status, body) = (Literal::u16_unsuffixed(*status), body.as_deref().unwrap_or_default());
        quote!((#id, #status, #body))
    });
    let types = api.types.values().filter_map(|ty| {
        let ((response, pointer), name) = (ty.example.as_ref()?, &ty.name);
        Some(quote!((#name, #response, #pointer)))
    });
    let items = vec![
        quote! {
            #[doc = " The examples of bodies, by the names of their responses in the spec."]
            pub(crate) static BODIES: &[(&str, &str)] = &[#(#bodies),*];
        },
        quote! {
            #[doc = " The successful response of each operation: its status, and the name of its body. An empty name is an empty body."]
            pub(crate) static RESPONSES: &[(&str, u16, &str)] = &[#(#operations),*];
        },
        quote! {
            #[doc = " A value of each type: the name of a body, and the JSON pointer to the value in it."]
            pub(crate) static TYPES: &[(&str, &str, &str)] = &[#(#types),*];
        },
    ];
    File { path: "examples.rs".to_owned(), items, ..File::default() }
}

/// A literal that shows JSON without escapes.
fn raw_string(json: &str) -> TokenStream {
    let mut hashes = "#".to_owned();
    while json.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{json}\"{hashes}").parse().expect("a raw string is a token")
}

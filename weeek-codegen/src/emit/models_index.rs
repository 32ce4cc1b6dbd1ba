//! The page of all types: a table with a row for each resource, and a column for each purpose.

use proc_macro2::TokenStream;
use quote::quote;

use super::{models, predicate};
use crate::ir::{Api, Resource, TypeDef, TypeKind};

const COLUMNS: [&str; 5] = ["in responses", "in requests", "filters of lists", "ids", "enumerations"];

/// The docs of the module. A row is left out with the types that it links to.
pub(super) fn docs(api: &Api) -> TokenStream {
    let (titles, lines) = (COLUMNS.join(" | "), "| --- ".repeat(COLUMNS.len()));
    let head = [
        " The types of requests and responses.".to_owned(),
        String::new(),
        " Objects of responses have public fields; those of requests, and filters, have `new` and setters. Their pages link to the".to_owned(),
        " functions that take or return them.".to_owned(),
        String::new(),
        format!(" | | {titles} |"),
        format!(" | --- {lines}|"),
    ];
    let rows = api.resources.iter().filter(|resource| models::any(api, resource)).map(|resource| {
        let row = row(api, resource);
        match predicate(resource.model_features.iter()) {
            Some(features) => quote!(#![cfg_attr(#features, doc = #row)]),
            None => quote!(#![doc = #row]),
        }
    });
    quote!(#(#![doc = #head])* #(#rows)*)
}

fn row(api: &Api, resource: &Resource) -> String {
    let cells = (0..COLUMNS.len()).map(|at| {
        let types = models::used(api, resource).filter(|definition| column(definition) == at);
        types.map(|definition| format!("[`{}`]", definition.name)).collect::<Vec<_>>().join(", ")
    });
    format!(" | {} | {} |", resource.name.replace('_', " "), cells.collect::<Vec<_>>().join(" | "))
}

fn column(definition: &TypeDef) -> usize {
    match definition.kind {
        TypeKind::Query(_) => 2,
        TypeKind::IntegerId | TypeKind::StringId => 3,
        TypeKind::IntegerEnum(_) | TypeKind::StringEnum(_) => 4,
        _ if definition.in_response => 0,
        _ => 1,
    }
}

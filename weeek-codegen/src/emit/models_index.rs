//! The page of all types: a table with a row for each resource, and a column for each purpose.

use super::{models, predicate};
use crate::ir::{Api, Resource, TypeDef, TypeKind};
use crate::source::{Source, literal};

const COLUMNS: [&str; 5] = ["in responses", "in requests", "filters of lists", "ids", "enumerations"];

/// Writes the docs of the module. A row is left out with the types that it links to.
pub(super) fn docs(out: &mut Source, api: &Api) {
    let titles = COLUMNS.join(" | ");
    out.blank();
    out.line("//! The types of requests and responses.");
    out.line("//!");
    out.line("//! Objects of responses have public fields; those of requests, and filters, have `new` and setters. Their pages link to the");
    out.line("//! functions that take or return them.");
    out.line("//!");
    out.line(&format!("//! | | {titles} |"));
    out.line(&format!("//! | --- {}|", "| --- ".repeat(COLUMNS.len())));
    for resource in api.resources.iter().filter(|resource| models::any(api, resource)) {
        let row = row(api, resource);
        match predicate(&resource.model_features) {
            Some(features) => out.line(&format!("#![cfg_attr({features}, doc = {})]", literal(&format!(" {row}")))),
            None => out.line(&format!("//! {row}")),
        }
    }
}

fn row(api: &Api, resource: &Resource) -> String {
    let cells = (0..COLUMNS.len()).map(|at| {
        let types = models::used(api, resource).filter(|definition| column(definition) == at);
        types.map(|definition| format!("[`{}`]", definition.name)).collect::<Vec<_>>().join(", ")
    });
    format!("| {} | {} |", resource.name.replace('_', " "), cells.collect::<Vec<_>>().join(" | "))
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

//! Plain data to source, file by file.

mod docs;
mod endpoints;
mod enums;
mod examples;
mod llms;
mod models;
mod models_index;
mod query;
mod response_examples;
pub(crate) mod types;
mod values;

use crate::files::FileSet;
use crate::ir::{Api, Resource};
use crate::source::{Source, literal};

/// What files of models and endpoints begin with.
const IMPORTS: [&str; 2] = ["use crate::models::*;", "use crate::prelude::*;"];

/// The files of the client.
pub(crate) fn client(api: &Api) -> FileSet {
    let with_models = || api.resources.iter().filter(|resource| models::any(api, resource));
    let shared = [root(api), server(api), response_examples::file(api), all_models(api), all_endpoints(api)];
    let models = with_models().map(|resource| models::file(api, resource));
    let endpoints = with_operations(api).map(|resource| endpoints::file(api, resource));
    shared.into_iter().chain(models).chain(endpoints).collect()
}

/// The files beside the client: calls for its tests, and the page for coding tools.
pub(crate) fn beside(api: &Api) -> FileSet {
    [examples::calls(api), llms::page(api)].into_iter().collect()
}

fn with_operations(api: &Api) -> impl Iterator<Item = &Resource> {
    api.resources.iter().filter(|resource| !resource.operations.is_empty())
}

fn root(api: &Api) -> (String, String) {
    let mut out = Source::new();
    out.blank();
    out.docs("The calls, with a handle for each resource.");
    out.line("pub mod endpoints;");
    out.blank();
    out.line("pub mod models;");
    out.blank();
    out.line("#[cfg(feature = \"testing\")]");
    out.line("pub(crate) mod examples;");
    out.blank();
    out.line("pub(crate) mod server;");
    out.blank();
    out.docs("The operations of every resource that is compiled in.");
    out.open("pub(crate) static OPERATIONS: &[&[&crate::Operation]] = &[");
    for resource in with_operations(api) {
        gate(&mut out, &resource.feature);
        out.line(&format!("endpoints::{}::OPERATIONS,", resource.name));
    }
    out.close("];");
    ("mod.rs".to_owned(), out.into_text())
}

/// A file of its own, because the builder of clients needs it, and the other generated files need the client.
fn server(api: &Api) -> (String, String) {
    let mut out = Source::new();
    out.blank();
    out.docs("The base URL of the live API.");
    out.line(&format!("pub(crate) const SERVER: &str = {};", literal(&api.server)));
    ("server.rs".to_owned(), out.into_text())
}

fn all_models(api: &Api) -> (String, String) {
    let mut out = Source::new();
    models_index::docs(&mut out, api);
    for resource in api.resources.iter().filter(|resource| models::any(api, resource)) {
        out.blank();
        gate(&mut out, &resource.model_features);
        out.line(&format!("mod {};", resource.name));
        gate(&mut out, &resource.model_features);
        out.line(&format!("pub use {}::*;", resource.name));
    }
    ("models/mod.rs".to_owned(), out.into_text())
}

fn all_endpoints(api: &Api) -> (String, String) {
    let mut out = Source::new();
    for Resource { name, handle, feature, .. } in with_operations(api) {
        out.blank();
        gate(&mut out, feature);
        out.line(&format!("pub(crate) mod {name};"));
        gate(&mut out, feature);
        out.line(&format!("pub use {name}::{handle}Api;"));
    }
    ("endpoints/mod.rs".to_owned(), out.into_text())
}

fn gate<'a>(out: &mut Source, features: impl IntoIterator<Item = &'a String>) {
    if let Some(features) = predicate(features) {
        out.line(&format!("#[cfg({features})]"));
    }
}

/// Whether any of the features is on; `None` without features.
fn predicate<'a>(features: impl IntoIterator<Item = &'a String>) -> Option<String> {
    let features: Vec<_> = features.into_iter().map(|feature| format!("feature = {}", literal(feature))).collect();
    match &features[..] {
        [] => None,
        [feature] => Some(feature.clone()),
        _ => Some(format!("any({})", features.join(", "))),
    }
}

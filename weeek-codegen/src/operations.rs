//! The operations of a client as plain data, for tables and tools.

use crate::ir::Api;

/// An operation, and the function that calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The id in the document: `tasks.listComments`.
    pub id: String,
    /// The area that carries the resource, which is a cargo feature: `task-manager`.
    pub area: String,
    /// One of what the operation is about: `Task`.
    pub resource: String,
    /// The method, in capital letters.
    pub method: String,
    /// The path template.
    pub path: String,
    /// How the function is reached from a client: `tasks().list_comments`.
    pub function: String,
    /// The function that goes through all pages, where the answer has pages.
    pub pages: Option<String>,
    /// How sure the facts are: `live`, `third-party`, `documented`, `inferred` or `contradictory`.
    pub evidence: String,
    /// Whether the operation is deprecated.
    pub deprecated: bool,
}

pub(crate) fn of(api: &Api) -> Vec<Operation> {
    let operations =
        api.modules.iter().flat_map(|module| module.operations.iter().map(move |operation| (module, operation)));
    operations
        .map(|(module, operation)| {
            let reached = |function: &str| format!("{}().{function}", module.name);
            Operation {
                id: operation.id.clone(),
                area: module.feature.clone().unwrap_or_default(),
                resource: module.resource.clone(),
                method: operation.method.to_uppercase(),
                path: operation.path.clone(),
                function: reached(&operation.function),
                pages: operation.paging.as_ref().map(|paging| reached(&paging.function)),
                evidence: operation.evidence.clone(),
                deprecated: operation.deprecated,
            }
        })
        .collect()
}

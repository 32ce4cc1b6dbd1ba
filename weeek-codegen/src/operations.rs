//! The operations of a client as plain data, for tables and tools.

use crate::ir::Api;

/// An operation, and the function that calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The operation id: `tasks.listComments`.
    pub id: String,
    /// The cargo feature of the resource: `task-manager`.
    pub area: String,
    /// The singular of the resource: `Task`.
    pub resource: String,
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The function, as called on a client: `tasks().list_comments`.
    pub function: String,
    /// The function that returns all pages, if the response is paginated.
    pub pages: Option<String>,
    /// How certain the facts are: `live`, `third-party`, `documented`, `inferred` or `contradictory`.
    pub evidence: String,
    /// Whether the operation is deprecated.
    pub deprecated: bool,
}

pub(crate) fn of(api: &Api) -> Vec<Operation> {
    let operations = api
        .resources
        .iter()
        .flat_map(|resource| resource.operations.iter().map(move |operation| (resource, operation)));
    operations
        .map(|(resource, operation)| {
            let called = |function: &str| format!("{}().{function}", resource.name);
            Operation {
                id: operation.id.clone(),
                area: resource.feature.clone().unwrap_or_default(),
                resource: resource.singular.clone(),
                method: operation.method.to_uppercase(),
                path: operation.path.clone(),
                function: called(&operation.function),
                pages: operation.paging.as_ref().map(|paging| called(&paging.function)),
                evidence: operation.evidence.clone(),
                deprecated: operation.deprecated,
            }
        })
        .collect()
}

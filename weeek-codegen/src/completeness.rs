//! Compares what the spec has with what is generated.

use crate::diagnostic::Diagnostics;
use crate::ir::Api;
use crate::rules::Rule;
use crate::spec::cross_check::CrossCheck;
use crate::spec::node::Node;
use crate::spec::resolve;

/// The size of a spec and of its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Operations of the spec; each is a function.
    pub operations: usize,
    /// Types of the client.
    pub types: usize,
    /// Named schemas of the spec.
    pub schemas: usize,
    /// Examples and defaults; each is validated.
    pub examples: usize,
}

pub(crate) fn count(root: &Node, api: &Api, examples: usize) -> Counts {
    Counts {
        operations: api.resources.iter().map(|resource| resource.operations.len()).sum(),
        types: api.types.values().filter(|ty| ty.in_request || ty.in_response).count(),
        schemas: resolve::components(root, "schemas").len(),
        examples,
    }
}

/// Reports each operation and schema that the cross-check has and the client lacks. Called for a spec without errors only: an
/// error explains what it makes disappear.
pub(crate) fn check(root: &Node, api: &Api, cross_check: &CrossCheck, diagnostics: &mut Diagnostics) {
    let operations: usize = api.resources.iter().map(|resource| resource.operations.len()).sum();
    if cross_check.operations != operations {
        let span = root.get("paths").map_or(0..0, |paths| paths.span.start..paths.span.start);
        let message = format!("the spec has {} operations, {operations} were generated", cross_check.operations);
        diagnostics.error(Rule::Completeness, &span, message);
        return;
    }
    // The runtime decodes error responses of every shape into `Error`.
    let errors = resolve::operations(root)
        .flat_map(|operation| operation.node.entries_at("responses"))
        .filter(|(status, _)| !status.name.starts_with('2'))
        .map(|(_, response)| resolve::resolve_ref(root, "responses", response));
    let exempt = resolve::reachable_schemas(root, errors);
    for name in &cross_check.schemas {
        let Some((key, _)) = resolve::component(root, "schemas", name) else { continue };
        let used = api.types.get(name).is_none_or(|ty| ty.in_request || ty.in_response);
        if !used && !exempt.contains(name.as_str()) {
            let error = diagnostics.error(Rule::Completeness, &key.span, format!("schema `{name}` became no type"));
            error.help("properties beside the item of a response are not returned");
        }
    }
}

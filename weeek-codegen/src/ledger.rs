//! What went in against what came out.

use openapiv3::OpenAPI;

use crate::diagnostic::Report;
use crate::ir::Api;
use crate::spec::node::Node;
use crate::spec::resolve;

/// How much a document holds and a client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Operations of the document, each of them a function.
    pub operations: usize,
    /// Types of the client.
    pub types: usize,
}

/// Schemas that become something else than a type.
const NO_TYPE: [(&str, &str); 2] = [
    ("Success", "a call that answers nothing else returns `()`"),
    ("Failure", "the runtime reads refusals of every shape into `Error`"),
];

/// Compares the operations and schemas as `openapiv3` counts them with what was lowered.
pub(crate) fn balance(openapi: &OpenAPI, root: &Node, api: &Api, report: &mut Report) -> Counts {
    let operations = api.modules.iter().map(|module| module.operations.len()).sum();
    if openapi.operations().count() != operations {
        let span = root.get("paths").map_or(0..0, |paths| paths.span.start..paths.span.start);
        let message = format!("{} operations went in, {operations} came out", openapi.operations().count());
        report.fault(&span, message);
    }
    for name in openapi.components.iter().flat_map(|components| components.schemas.keys()) {
        let Some((key, _)) = resolve::component(root, "schemas", name) else { continue };
        let excused = NO_TYPE.iter().any(|(excused, _)| excused == name);
        let used = api.types.get(name).is_none_or(|definition| definition.sent || definition.received);
        if !excused && !used {
            report.fault(&key.span, format!("nothing uses schema `{name}`"));
        }
    }
    for (name, reason) in NO_TYPE.iter().filter(|(name, _)| resolve::component(root, "schemas", name).is_none()) {
        let span = root.get("components").map_or(0..0, |components| components.span.start..components.span.start);
        report.fault(&span, format!("there is no schema `{name}` to leave out ({reason})"));
    }
    let types = api.types.values().filter(|definition| definition.sent || definition.received).count();
    Counts { operations, types }
}

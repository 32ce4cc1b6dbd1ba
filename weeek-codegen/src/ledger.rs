//! What went in against what came out.

use crate::diagnostic::Report;
use crate::ir::Api;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::opinion::Opinion;
use crate::spec::resolve;

/// How much a document holds and a client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Operations of the document, each of them a function.
    pub operations: usize,
    /// Types of the client.
    pub types: usize,
    /// Schemas of the document that have a name.
    pub schemas: usize,
    /// Examples and defaults, all of them held against their schema.
    pub examples: usize,
}

/// Counts what there is.
pub(crate) fn count(root: &Node, api: &Api, examples: usize) -> Counts {
    Counts {
        operations: api.modules.iter().map(|module| module.operations.len()).sum(),
        types: api.types.values().filter(|definition| definition.sent || definition.received).count(),
        schemas: resolve::components(root, "schemas").len(),
        examples,
    }
}

/// Compares the operations and schemas as `openapiv3` counts them with what was lowered. A faulty document does not balance, and
/// its faults say why.
pub(crate) fn balance(root: &Node, api: &Api, opinion: &Opinion, report: &mut Report) {
    let operations: usize = api.modules.iter().map(|module| module.operations.len()).sum();
    if opinion.operations != operations {
        let span = root.get("paths").map_or(0..0, |paths| paths.span.start..paths.span.start);
        let message = format!("{} operations went in, {operations} came out", opinion.operations);
        report.fault(Rule::Ledger, &span, message);
        return;
    }
    // The runtime reads refusals of every shape into `Error`.
    let refusals = resolve::operations(root)
        .flat_map(|place| place.node.entries_at("responses"))
        .filter(|(status, _)| !status.name.starts_with('2'))
        .map(|(_, answer)| resolve::follow(root, "responses", answer));
    let excused = resolve::reached(root, refusals);
    for name in &opinion.schemas {
        let Some((key, _)) = resolve::component(root, "schemas", name) else { continue };
        let used = api.types.get(name).is_none_or(|definition| definition.sent || definition.received);
        if !used && !excused.contains(name.as_str()) {
            let fault = report.fault(Rule::Ledger, &key.span, format!("schema `{name}` became no type"));
            fault.help("what stands beside the item of an answer is not handed out");
        }
    }
}

//! What went in against what came out.

use crate::diagnostic::Report;
use crate::ir::Api;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::{opinion, resolve};

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

/// Compares the operations and schemas as `openapiv3` counts them with what was lowered.
pub(crate) fn balance(text: &str, root: &Node, api: &Api, examples: usize, report: &mut Report) -> Counts {
    let types = api.types.values().filter(|definition| definition.sent || definition.received).count();
    let operations = api.modules.iter().map(|module| module.operations.len()).sum();
    let counts = Counts { operations, types, schemas: resolve::components(root, "schemas").len(), examples };
    // A faulty document does not balance, and the faults say why.
    if !report.is_clean() {
        return counts;
    }
    let Some(opinion) = opinion::read(text, root, report) else { return counts };
    if opinion.operations != operations {
        let span = root.get("paths").map_or(0..0, |paths| paths.span.start..paths.span.start);
        let message = format!("{} operations went in, {operations} came out", opinion.operations);
        report.fault(Rule::Ledger, &span, message);
    }
    if !report.is_clean() {
        return counts;
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
    counts
}

//! `x-weeek-name`: the name that a property or a parameter has in Rust, where the one derived from JSON collides or misleads.

use std::ops::Range;

use super::{Lower, Lowered};
use crate::diagnostic::Report;
use crate::ir::{Body, TypeKind};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;

const KEY: &str = "x-weeek-name";

impl Lower<'_> {
    /// The name of a property or a parameter: the one that its key gives, or the one derived from JSON. Where Rust can't have
    /// it, that is reported, at `place` if the name is derived.
    pub(super) fn rust_name(&mut self, node: &Node, wire: &str, place: &Range<usize>) -> Option<String> {
        let derived = naming::value(wire);
        let Some((key, given)) = node.entry(KEY) else {
            if naming::is_identifier(&derived) {
                return Some(derived);
            }
            let help = format!("name it with `{KEY}`");
            self.report.fault(Rule::RustName, place, format!("`{wire}` can't be a name in Rust")).help(help);
            return None;
        };
        let name = given.text().unwrap_or_default();
        if name == derived {
            let message = format!("`{wire}` is called `{name}` in Rust without this key");
            self.report.fault(Rule::RustName, &key.span, message).help("remove the key");
        } else if !naming::is_identifier(name) || naming::value(name) != name {
            let message = format!("`{name}` is not a snake_case name in Rust");
            self.report.fault(Rule::RustName, &given.span, message);
            return None;
        }
        Some(name.to_owned())
    }
}

/// Reports each key at a node that becomes neither a field nor a parameter.
pub(super) fn check(lowered: &Lowered, report: &mut Report) {
    walk(lowered, lowered.root, &mut Vec::new(), report);
}

fn walk<'n>(lowered: &Lowered, node: &'n Node, path: &mut Vec<&'n str>, report: &mut Report) {
    if let Some((key, _)) = node.entry(KEY)
        && !has_effect(lowered, path)
    {
        let message = format!("`{KEY}` has no effect here: it names parameters and properties that become fields");
        report.fault(Rule::RustName, &key.span, message);
    }
    let entries = node.entries().iter().map(|(key, child)| (key.name.as_str(), child));
    for (name, child) in entries.chain(node.items().iter().map(|item| ("", item))) {
        if !matches!(name, "example" | "default") {
            path.push(name);
            walk(lowered, child, path, report);
            path.pop();
        }
    }
}

fn has_effect(lowered: &Lowered, path: &[&str]) -> bool {
    let [.., "properties", property] = path else {
        return matches!(path, ["components", "parameters", _] | ["paths", _, _, "parameters", _]);
    };
    let ["components", "schemas", schema, ..] = path else { return false };
    let has = |fields: &[crate::ir::Field]| fields.iter().any(|field| field.wire == *property);
    let Some(definition) = lowered.types.get(*schema) else {
        let mut bodies = lowered.modules.iter().flat_map(|module| &module.operations).map(|operation| &operation.body);
        return bodies.any(|body| matches!(body, Body::Arguments(fields) if has(fields)));
    };
    let TypeKind::Struct(body) = &definition.kind else { return false };
    let mut groups = body.choices.iter().filter_map(|choice| match &lowered.types.get(&choice.ty)?.kind {
        TypeKind::Groups(groups) => Some(groups),
        _ => None,
    });
    has(&body.fields) || groups.any(|groups| groups.iter().any(|group| has(&group.fields)))
}

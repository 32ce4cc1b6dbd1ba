//! `x-weeek-name`: the Rust name of a property or a parameter, if the one derived from JSON collides or misleads.

use std::ops::Range;

use super::{Lower, Lowered};
use crate::diagnostic::Diagnostics;
use crate::ir::{Field, TypeKind};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;

const KEY: &str = "x-weeek-name";

impl Lower<'_> {
    /// The name that the key gives, or the one derived from JSON. Reports a name that is invalid in Rust, at `span` if it is
    /// derived.
    pub(super) fn rust_name(&mut self, node: &Node, wire_name: &str, span: &Range<usize>) -> Option<String> {
        let derived = naming::snake_name(wire_name);
        let Some((key, given)) = node.entry(KEY) else {
            if naming::is_identifier(&derived) {
                return Some(derived);
            }
            let message = format!("`{wire_name}` is not a valid name in Rust");
            let help = format!("rename it with `{KEY}`");
            self.diagnostics.error(Rule::RustName, span, message).help(help);
            return None;
        };
        let name = given.text().unwrap_or_default();
        if name == derived {
            let message = format!("`{wire_name}` is named `{name}` in Rust without this key");
            self.diagnostics.error(Rule::RustName, &key.span, message).help("remove the key");
        } else if !naming::is_identifier(name) || naming::snake_name(name) != name {
            let message = format!("`{name}` is not a valid name in Rust, in snake_case");
            self.diagnostics.error(Rule::RustName, &given.span, message);
            return None;
        }
        Some(name.to_owned())
    }
}

/// Reports each key at a node that becomes neither a field nor a parameter.
pub(super) fn check(lowered: &Lowered, diagnostics: &mut Diagnostics) {
    lowered.root.each_with_key(KEY, &mut Vec::new(), &mut |path, node| {
        if !has_effect(lowered, path) {
            let message = format!("`{KEY}` has no effect here");
            let error = diagnostics.error(Rule::RustName, &node.key_span(KEY), message);
            error.help("it renames parameters, and properties that become fields");
        }
    });
}

fn has_effect(lowered: &Lowered, path: &[&str]) -> bool {
    let [.., "properties", property] = path else {
        return matches!(path, ["components", "parameters", _] | ["paths", _, _, "parameters", _]);
    };
    let ["components", "schemas", schema, ..] = path else { return false };
    let is_field = |field: &Field| field.wire_name == *property;
    let Some(ty) = lowered.types.get(*schema) else {
        return lowered.operations().any(|operation| operation.body_arguments().iter().any(is_field));
    };
    let TypeKind::Struct(body) = &ty.kind else { return false };
    let choices = body.choices.iter().filter_map(|choice| lowered.types.get(&choice.ty));
    let mut groups = choices.filter(|ty| matches!(ty.kind, TypeKind::ExclusiveGroups(_)));
    body.fields.iter().any(is_field) || groups.any(|ty| ty.kind.fields().into_iter().any(is_field))
}

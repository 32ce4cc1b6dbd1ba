//! Types of infinite size.

use std::collections::BTreeSet;

use super::Lower;
use crate::cycles;
use crate::ir::{TypeKind, TypeRef};
use crate::rules::Rule;

impl Lower<'_> {
    /// Reports each cycle of types that contain each other without a list or a map in between.
    pub(super) fn recursive_types(&mut self) {
        let contained = self.types.iter().map(|(name, ty)| (name.as_str(), contained(&ty.kind))).collect();
        for cycle in cycles::find(contained) {
            let Some((name, span)) = cycle.first().and_then(|name| Some((name, self.spans.get(*name)?))) else {
                continue;
            };
            let message = format!("`{name}` contains itself");
            let help = "put a list or a map in between, or remove the property";
            self.diagnostics.error(Rule::RecursiveType, span, message).help(help);
        }
    }
}

/// The types that a value of this type contains in place.
fn contained(kind: &TypeKind) -> BTreeSet<&str> {
    match kind {
        TypeKind::Tagged { .. } => kind.type_names().into_iter().collect(),
        // A map allocates.
        TypeKind::Map { .. } => BTreeSet::new(),
        _ => {
            let direct = |ty: &&TypeRef| matches!(ty, TypeRef::Named(_));
            kind.refs().into_iter().filter(direct).filter_map(TypeRef::named).collect()
        }
    }
}

//! Types that contain themselves.

use std::collections::BTreeSet;

use super::Lower;
use crate::cycles;
use crate::ir::{TypeKind, TypeRef};
use crate::rules::Rule;

impl Lower<'_> {
    /// Puts each optional value through which a type contains itself in a `Box`, and reports the types that have no finite value.
    pub(super) fn recursive_types(&mut self) {
        // Of cycles that lead to one another, only one is found at a time.
        while self.cycles().iter().any(|cycle| self.box_values(cycle)) {}
        for cycle in self.cycles() {
            let Some((name, span)) = cycle.first().and_then(|name| Some((name, self.spans.get(name)?))) else {
                continue;
            };
            let message = format!("`{name}` always contains itself");
            let help = "make the property optional or nullable, or put a list or a map in between";
            self.diagnostics.error(Rule::RecursiveType, span, message).help(help);
        }
    }

    fn cycles(&self) -> Vec<BTreeSet<String>> {
        let contained = self.types.iter().map(|(name, ty)| (name.as_str(), contained(&ty.kind))).collect();
        let owned = |cycle: BTreeSet<&str>| cycle.into_iter().map(str::to_owned).collect();
        cycles::find(contained).into_iter().map(owned).collect()
    }

    /// Boxes the optional properties of a cycle that lead to a type of the cycle, and returns whether there are any.
    fn box_values(&mut self, cycle: &BTreeSet<String>) -> bool {
        // The runtime reads a value that a sibling selects into its field.
        let by_sibling = |name: &&String| matches!(self.types[*name].kind, TypeKind::TaggedBySibling { .. });
        let targets: BTreeSet<String> = cycle.iter().filter(|name| !by_sibling(name)).cloned().collect();
        let types = self.types.values_mut().filter(|ty| cycle.contains(&ty.name));
        let fields = types.flat_map(|ty| ty.kind.fields_mut()).filter(|field| !field.required || field.nullable);
        let mut found = false;
        for field in fields {
            if let TypeRef::Named(target) = &field.ty
                && targets.contains(target)
            {
                (field.ty, found) = (TypeRef::Boxed(target.clone()), true);
            }
        }
        found
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

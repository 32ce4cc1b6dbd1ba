//! Types of infinite size.

use std::collections::{BTreeMap, BTreeSet};

use super::Lower;
use crate::ir::{TypeKind, TypeRef};
use crate::rules::Rule;

impl Lower<'_> {
    /// Reports each cycle of types that contain each other without a list or a map in between.
    pub(super) fn recursive_types(&mut self) {
        let mut contained: BTreeMap<&str, BTreeSet<&str>> =
            self.types.iter().map(|(name, ty)| (name.as_str(), contained(&ty.kind))).collect();
        retain_cycles(&mut contained);
        let mut reported = BTreeSet::new();
        for name in contained.keys().copied() {
            let cycle = reachable(&contained, name);
            if !cycle.contains(name) || !reported.is_disjoint(&cycle) {
                continue;
            }
            reported.extend(cycle);
            let Some(span) = self.spans.get(name) else { continue };
            let message = format!("`{name}` contains itself");
            let help = "put a list or a map in between, or remove the property";
            self.diagnostics.error(Rule::RecursiveType, span, message).help(help);
        }
    }
}

/// Removes types without outgoing edges until only cycles remain, and what leads to them.
fn retain_cycles<'a>(contained: &mut BTreeMap<&'a str, BTreeSet<&'a str>>) {
    let mut containers: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for (name, names) in &*contained {
        names.iter().for_each(|inner| containers.entry(inner).or_default().push(name));
    }
    let known: BTreeSet<&str> = contained.keys().copied().collect();
    contained.values_mut().for_each(|names| names.retain(|name| known.contains(name)));
    let mut free: Vec<&str> = contained.iter().filter(|(_, names)| names.is_empty()).map(|(name, _)| *name).collect();
    while let Some(name) = free.pop() {
        contained.remove(name);
        for container in containers.get(name).into_iter().flatten() {
            if let Some(names) = contained.get_mut(container)
                && names.remove(name)
                && names.is_empty()
            {
                free.push(container);
            }
        }
    }
}

fn reachable<'a>(contained: &BTreeMap<&'a str, BTreeSet<&'a str>>, name: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&str> = contained.get(name).into_iter().flatten().copied().collect();
    while let Some(next) = waiting.pop() {
        if seen.insert(next) {
            waiting.extend(contained.get(next).into_iter().flatten());
        }
    }
    seen
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cycles_remain() {
        let edges = [("a", vec!["b", "x"]), ("b", vec!["a"]), ("c", vec!["d"]), ("d", vec![]), ("e", vec!["a"])];
        let mut contained = edges.into_iter().map(|(name, names)| (name, names.into_iter().collect())).collect();
        retain_cycles(&mut contained);
        assert_eq!(contained.keys().copied().collect::<Vec<_>>(), ["a", "b", "e"]);
        assert!(reachable(&contained, "a").contains("a") && !reachable(&contained, "e").contains("e"));
    }
}

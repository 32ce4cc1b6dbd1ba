//! Types that would be endlessly large.

use std::collections::{BTreeMap, BTreeSet};

use super::Lower;
use crate::ir::{TypeDef, TypeKind, TypeRef};
use crate::rules::Rule;

impl Lower<'_> {
    /// Reports each circle of types that hold each other, unless a list or a map stands between them.
    pub(super) fn contains_itself(&mut self) {
        let mut inner: BTreeMap<&str, BTreeSet<&str>> =
            self.types.iter().map(|(name, definition)| (name.as_str(), held(definition))).collect();
        keep_circles(&mut inner);
        let mut told = BTreeSet::new();
        for name in inner.keys().copied() {
            let circle = reached(&inner, name);
            if !circle.contains(name) || !told.is_disjoint(&circle) {
                continue;
            }
            told.extend(circle);
            let Some(place) = self.places.get(name) else { continue };
            let message = format!("`{name}` contains itself");
            let help = "put a list or a map between, or leave the property out";
            self.report.fault(Rule::ContainsItself, place, message).help(help);
        }
    }
}

/// Takes out what holds nothing that is left, for it is no part of a circle, until all that is left is.
fn keep_circles<'a>(inner: &mut BTreeMap<&'a str, BTreeSet<&'a str>>) {
    let mut holders: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for (name, names) in &*inner {
        names.iter().for_each(|held| holders.entry(held).or_default().push(name));
    }
    let known: BTreeSet<&str> = inner.keys().copied().collect();
    inner.values_mut().for_each(|names| names.retain(|name| known.contains(name)));
    let mut free: Vec<&str> = inner.iter().filter(|(_, names)| names.is_empty()).map(|(name, _)| *name).collect();
    while let Some(name) = free.pop() {
        inner.remove(name);
        for holder in holders.get(name).into_iter().flatten() {
            if let Some(names) = inner.get_mut(holder)
                && names.remove(name)
                && names.is_empty()
            {
                free.push(holder);
            }
        }
    }
}

fn reached<'a>(inner: &BTreeMap<&'a str, BTreeSet<&'a str>>, name: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&str> = inner.get(name).into_iter().flatten().copied().collect();
    while let Some(next) = waiting.pop() {
        if seen.insert(next) {
            waiting.extend(inner.get(next).into_iter().flatten());
        }
    }
    seen
}

/// The types that a value of this one holds within itself.
fn held(definition: &TypeDef) -> BTreeSet<&str> {
    let direct = |ty: &'_ TypeRef| matches!(ty, TypeRef::Named(_));
    let types: Vec<&TypeRef> = match &definition.kind {
        TypeKind::Struct(body) => body.fields.iter().map(|field| &field.ty).collect(),
        TypeKind::Content { variants, .. } => variants.iter().map(|variant| &variant.ty).collect(),
        TypeKind::OneOf(fields) => fields.iter().map(|field| &field.ty).collect(),
        TypeKind::Groups(groups) => groups.iter().flat_map(|group| &group.fields).map(|field| &field.ty).collect(),
        TypeKind::Tagged { variants, .. } => return variants.iter().map(|variant| variant.ty.as_str()).collect(),
        _ => Vec::new(),
    };
    types.into_iter().filter(|ty| direct(ty)).filter_map(TypeRef::named).collect()
}

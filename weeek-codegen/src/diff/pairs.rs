//! Pairs the operations and types of two specs, also if they are renamed.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Alias, Api, Operation, Resource, TypeDef, TypeKind};
use crate::naming;

/// The old client with the new names of its types, and the pairs.
pub(super) struct Pairs {
    pub(super) old: Api,
    /// The new operation ids by the old ones.
    pub(super) operations: BTreeMap<String, String>,
    /// The new names of renamed types by the old ones.
    pub(super) types: BTreeMap<String, String>,
}

/// Pairs what is certainly the same.
pub(super) fn pair(old: &Api, new: &Api) -> Pairs {
    let operations = operations(old, new);
    let types = types(old, new, &operations);
    let mut renamed = old.clone();
    for operation in renamed.resources.iter_mut().flat_map(|resource| &mut resource.operations) {
        rename(operation.type_names_mut(), &types);
    }
    renamed.types.values_mut().for_each(|ty| rename(ty.kind.type_names_mut(), &types));
    Pairs { old: renamed, operations, types }
}

/// The types that are generated.
pub(super) fn used(api: &Api) -> impl Iterator<Item = &TypeDef> {
    api.types.values().filter(|ty| ty.in_request || ty.in_response)
}

/// Every operation with its resource.
pub(super) fn all(api: &Api) -> impl Iterator<Item = Placed<'_>> {
    api.resources.iter().flat_map(|resource| resource.operations.iter().map(move |operation| (resource, operation)))
}

/// An operation and its resource.
pub(super) type Placed<'a> = (&'a Resource, &'a Operation);

fn operations(old: &Api, new: &Api) -> BTreeMap<String, String> {
    let ids: BTreeSet<&str> = all(new).map(|(_, operation)| operation.id.as_str()).collect();
    let mut pairs: BTreeMap<String, String> = all(old)
        .filter(|(_, operation)| ids.contains(operation.id.as_str()))
        .map(|(_, operation)| (operation.id.clone(), operation.id.clone()))
        .collect();
    // A renamed operation has an alias, or the same method and path.
    let same: [fn(Placed, Placed) -> bool; 2] = [
        |(old_resource, old), (new_resource, new)| {
            old_resource.name == new_resource.name && new.aliases.iter().any(|was| was.function == old.function)
        },
        |(_, old), (_, new)| old.method == new.method && naming::path_shape(&old.path) == naming::path_shape(&new.path),
    ];
    for same in same {
        for old in all(old) {
            let taken: BTreeSet<&str> = pairs.values().map(String::as_str).collect();
            let found = all(new).find(|new| !taken.contains(new.1.id.as_str()) && same(old, *new));
            let found = found.map(|(_, new)| new.id.clone());
            if let Some(found) = found.filter(|_| !pairs.contains_key(&old.1.id)) {
                pairs.insert(old.1.id.clone(), found);
            }
        }
    }
    pairs
}

fn types(old: &Api, new: &Api, operations: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let kept: BTreeSet<&str> = used(new).map(|ty| ty.name.as_str()).collect();
    let gone: Vec<&TypeDef> = used(old).filter(|ty| !kept.contains(ty.name.as_str())).collect();
    let known: BTreeSet<&str> = used(old).map(|ty| ty.name.as_str()).collect();
    let mut pairs = BTreeMap::new();
    for ty in &gone {
        if let Some(now) = used(new).find(|now| Alias::is_among(&ty.name, &now.aliases)) {
            pairs.insert(ty.name.clone(), now.name.clone());
        }
    }
    let by_id: BTreeMap<&str, &Operation> = all(new).map(|(_, operation)| (operation.id.as_str(), operation)).collect();
    for (_, operation) in all(old) {
        let now = operations.get(&operation.id).and_then(|id| by_id.get(id.as_str()));
        if let (Some(was), Some(now)) = (&operation.query, now.and_then(|now| now.query.as_ref()))
            && was != now
            && !kept.contains(was.as_str())
            && !known.contains(now.as_str())
        {
            pairs.insert(was.clone(), now.clone());
        }
    }
    // A pair makes more types equal, so this repeats until it finds none. It ends because the pairs only grow.
    loop {
        let taken: BTreeSet<&str> = pairs.values().map(String::as_str).collect();
        let open: Vec<&TypeDef> =
            used(new).filter(|now| !known.contains(now.name.as_str()) && !taken.contains(now.name.as_str())).collect();
        let waiting: Vec<&&TypeDef> = gone.iter().filter(|was| !pairs.contains_key(&was.name)).collect();
        let mut found = Vec::new();
        for was in &waiting {
            let normalized_was = normalized(&was.kind, &pairs);
            let alike = |now: &TypeDef| {
                normalized(&now.kind, &BTreeMap::new()) == normalized_was
                    && (is_distinctive(&normalized_was) || now.docs == was.docs)
            };
            let rivals = waiting.iter().filter(|rival| normalized(&rival.kind, &pairs) == normalized_was).count();
            let candidates: Vec<_> = open.iter().filter(|now| alike(now)).collect();
            if let ([now], 1) = (&candidates[..], rivals) {
                found.push((was.name.clone(), now.name.clone()));
            }
        }
        if found.is_empty() {
            return pairs;
        }
        pairs.extend(found);
    }
}

/// Whether a type can be recognized by its shape: all ids of a kind are equal.
fn is_distinctive(kind: &TypeKind) -> bool {
    let parts = match kind {
        TypeKind::IntegerId | TypeKind::StringId | TypeKind::Map { .. } | TypeKind::Query(_) => 0,
        TypeKind::StringEnum(variants) => variants.len(),
        TypeKind::IntegerEnum(variants) => variants.len(),
        TypeKind::Struct(body) => body.fields.len(),
        TypeKind::Tagged { variants, .. } => variants.len(),
        TypeKind::TaggedBySibling { variants, .. } => variants.len(),
        TypeKind::OneOf(fields) => fields.len(),
        TypeKind::ExclusiveGroups(groups) => groups.len(),
    };
    parts > 1
}

/// The kind without docs and aliases, with the new names of types.
fn normalized(kind: &TypeKind, names: &BTreeMap<String, String>) -> TypeKind {
    let mut kind = kind.clone();
    rename(kind.type_names_mut(), names);
    for field in kind.fields_mut() {
        field.docs.clear();
        field.limits.clear();
        field.aliases.clear();
    }
    match &mut kind {
        TypeKind::TaggedBySibling { variants, .. } => variants.iter_mut().for_each(|variant| variant.docs.clear()),
        TypeKind::Query(parameters) => {
            for parameter in parameters {
                parameter.docs.clear();
                parameter.limits.clear();
                parameter.aliases.clear();
            }
        }
        _ => {}
    }
    kind
}

fn rename(names_of_types: Vec<&mut String>, names: &BTreeMap<String, String>) {
    for name in names_of_types {
        if let Some(now) = names.get(name) {
            now.clone_into(name);
        }
    }
}

//! Which operation and which type of one document is which of the other, under whatever name.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Answer, Api, Body, Field, Module, Operation, Parameter, TypeDef, TypeKind, TypeRef};

/// The old client in the new names of its types, and what corresponds.
pub(super) struct Pairs {
    pub(super) old: Api,
    /// Old operation ids, each with the new one.
    pub(super) operations: BTreeMap<String, String>,
    /// Old names of types that have another one now.
    pub(super) types: BTreeMap<String, String>,
}

/// Pairs what is clearly the same.
pub(super) fn pair(old: &Api, new: &Api) -> Pairs {
    let operations = operations(old, new);
    let types = types(old, new, &operations);
    let mut renamed = old.clone();
    rename(&mut renamed, &types);
    Pairs { old: renamed, operations, types }
}

/// The types that are written into the client.
pub(super) fn used(api: &Api) -> impl Iterator<Item = &TypeDef> {
    api.types.values().filter(|definition| definition.sent || definition.received)
}

/// Every operation with its module.
pub(super) fn all(api: &Api) -> impl Iterator<Item = Placed<'_>> {
    api.modules.iter().flat_map(|module| module.operations.iter().map(move |operation| (module, operation)))
}

/// A path without the names of its parameters.
pub(super) fn shape(path: &str) -> String {
    let unnamed = |segment| if str::starts_with(segment, '{') { "{}" } else { segment };
    path.split('/').map(unnamed).collect::<Vec<_>>().join("/")
}

/// An operation and its module.
pub(super) type Placed<'a> = (&'a Module, &'a Operation);

fn operations(old: &Api, new: &Api) -> BTreeMap<String, String> {
    let ids: BTreeSet<&str> = all(new).map(|(_, operation)| operation.id.as_str()).collect();
    let mut pairs: BTreeMap<String, String> = all(old)
        .filter(|(_, operation)| ids.contains(operation.id.as_str()))
        .map(|(_, operation)| (operation.id.clone(), operation.id.clone()))
        .collect();
    // A former name says what an operation was; the same call says it too.
    let same: [fn(Placed, Placed) -> bool; 2] = [
        |(old_home, old), (home, new)| {
            old_home.name == home.name && new.was.iter().any(|was| was.function == old.function)
        },
        |(_, old), (_, new)| old.method == new.method && shape(&old.path) == shape(&new.path),
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
    let kept: BTreeSet<&str> = used(new).map(|definition| definition.name.as_str()).collect();
    let gone: Vec<&TypeDef> = used(old).filter(|definition| !kept.contains(definition.name.as_str())).collect();
    let known: BTreeSet<&str> = used(old).map(|definition| definition.name.as_str()).collect();
    let mut pairs = BTreeMap::new();
    for definition in &gone {
        if let Some(now) = used(new).find(|now| now.was.contains(&definition.name)) {
            pairs.insert(definition.name.clone(), now.name.clone());
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
    // A pair makes more types alike, so this goes on until there is no new one; it ends because pairs only grow.
    loop {
        let taken: BTreeSet<&str> = pairs.values().map(String::as_str).collect();
        let open: Vec<&TypeDef> =
            used(new).filter(|now| !known.contains(now.name.as_str()) && !taken.contains(now.name.as_str())).collect();
        let waiting: Vec<&&TypeDef> = gone.iter().filter(|was| !pairs.contains_key(&was.name)).collect();
        let mut found = Vec::new();
        for was in &waiting {
            let bare_was = bare(&was.kind, &pairs);
            let alike = |now: &TypeDef| {
                bare(&now.kind, &BTreeMap::new()) == bare_was && (tells(&bare_was) || now.docs == was.docs)
            };
            let rivals = waiting.iter().filter(|rival| bare(&rival.kind, &pairs) == bare_was).count();
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

/// Whether a shape says enough to be known again: all ids of a kind look alike.
fn tells(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::IntegerId | TypeKind::TextId | TypeKind::Map { .. } | TypeKind::Query(_) => false,
        TypeKind::TextEnum(variants) => variants.len() > 1,
        TypeKind::IntegerEnum(variants) => variants.len() > 1,
        TypeKind::Struct(body) => body.fields.len() > 1,
        TypeKind::Tagged { variants, .. } => variants.len() > 1,
        TypeKind::Content { variants, .. } => variants.len() > 1,
        TypeKind::OneOf(fields) => fields.len() > 1,
        TypeKind::Groups(groups) => groups.len() > 1,
    }
}

/// The kind without words and former names, in the new names of types.
fn bare(kind: &TypeKind, names: &BTreeMap<String, String>) -> TypeKind {
    let mut kind = kind.clone();
    rename_kind(&mut kind, names);
    let fields: Vec<&mut Field> = match &mut kind {
        TypeKind::Struct(body) => body.fields.iter_mut().collect(),
        TypeKind::OneOf(fields) => fields.iter_mut().collect(),
        TypeKind::Groups(groups) => groups.iter_mut().flat_map(|group| &mut group.fields).collect(),
        TypeKind::Content { variants, .. } => {
            variants.iter_mut().for_each(|variant| variant.docs.clear());
            Vec::new()
        }
        _ => Vec::new(),
    };
    for field in fields {
        field.docs.clear();
        field.was.clear();
    }
    if let TypeKind::Query(parameters) = &mut kind {
        for parameter in parameters {
            parameter.docs.clear();
            parameter.was.clear();
        }
    }
    kind
}

/// Writes the new names of types wherever the old ones are used.
fn rename(api: &mut Api, names: &BTreeMap<String, String>) {
    for operation in api.modules.iter_mut().flat_map(|module| &mut module.operations) {
        let Operation { path_parameters, required_query, query, body, answer, .. } = operation;
        path_parameters.iter_mut().chain(required_query).for_each(|parameter| rename_parameter(parameter, names));
        if let Some(query) = query {
            rename_name(query, names);
        }
        match body {
            Body::Json(name) => rename_name(name, names),
            Body::Arguments(fields) => rename_fields(fields, names),
            Body::None | Body::Files(_) => {}
        }
        match answer {
            Answer::Nothing => {}
            Answer::Item { ty, .. } | Answer::Whole(ty) | Answer::Page { item: ty, .. } => rename_type(ty, names),
        }
    }
    api.types.values_mut().for_each(|definition| rename_kind(&mut definition.kind, names));
}

fn rename_kind(kind: &mut TypeKind, names: &BTreeMap<String, String>) {
    match kind {
        TypeKind::IntegerId | TypeKind::TextId | TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_) => {}
        TypeKind::Struct(body) => {
            rename_fields(&mut body.fields, names);
            body.choices.iter_mut().for_each(|choice| rename_name(&mut choice.ty, names));
        }
        TypeKind::Tagged { variants, .. } => variants.iter_mut().for_each(|form| rename_name(&mut form.ty, names)),
        TypeKind::Content { variants, .. } => variants.iter_mut().for_each(|form| rename_type(&mut form.ty, names)),
        TypeKind::OneOf(fields) => rename_fields(fields, names),
        TypeKind::Groups(groups) => groups.iter_mut().for_each(|group| rename_fields(&mut group.fields, names)),
        TypeKind::Map { key, value, .. } => {
            rename_type(key, names);
            rename_type(value, names);
        }
        TypeKind::Query(parameters) => parameters.iter_mut().for_each(|parameter| rename_parameter(parameter, names)),
    }
}

fn rename_fields(fields: &mut [Field], names: &BTreeMap<String, String>) {
    fields.iter_mut().for_each(|field| rename_type(&mut field.ty, names));
}

fn rename_parameter(parameter: &mut Parameter, names: &BTreeMap<String, String>) {
    rename_type(&mut parameter.ty, names);
}

fn rename_type(ty: &mut TypeRef, names: &BTreeMap<String, String>) {
    match ty {
        TypeRef::Named(name) => rename_name(name, names),
        TypeRef::List(inner) | TypeRef::TextMap(inner) => rename_type(inner, names),
        _ => {}
    }
}

fn rename_name(name: &mut String, names: &BTreeMap<String, String>) {
    if let Some(now) = names.get(name) {
        now.clone_into(name);
    }
}

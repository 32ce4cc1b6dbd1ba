//! Which way a type travels, which module holds it, and which features need that module.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Answer, Body, Module, Operation, TypeDef, TypeKind};
use crate::naming;

/// Marks every type that a request or an answer reaches.
pub(super) fn direct(types: &mut BTreeMap<String, TypeDef>, modules: &[Module]) {
    let operations = modules.iter().flat_map(|module| &module.operations);
    let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
    for operation in operations {
        for name in requested(operation) {
            reach(name, types, &mut sent);
        }
        for name in answered(operation) {
            reach(name, types, &mut received);
        }
    }
    for definition in types.values_mut() {
        definition.sent = sent.contains(&definition.name);
        definition.received = received.contains(&definition.name);
    }
}

/// Gives every type to the resource whose name it bears, or to `common`, and every module the features that need it.
pub(super) fn assign(modules: &mut Vec<Module>, types: &BTreeMap<String, TypeDef>) {
    let mut common = Vec::new();
    let owners = naming::Owners::new(modules.iter().map(|module| module.resource.as_str()));
    for name in types.keys() {
        match owners.of(name) {
            Some(at) => modules[at].types.push(name.clone()),
            None => common.push(name.clone()),
        }
    }
    if !common.is_empty() {
        modules.push(Module {
            name: "common".to_owned(),
            handle: String::new(),
            resource: String::new(),
            docs: "What several resources share.".to_owned(),
            program: String::new(),
            feature: None,
            model_features: BTreeSet::new(),
            types: common,
            operations: Vec::new(),
        });
    }
    for module in modules.iter_mut() {
        if !module.operations.is_empty() {
            module.model_features.extend(module.feature.clone());
        }
    }
    let needed = needed(modules, types);
    // What one module's types refer to is needed wherever that module is; the loop ends because sets only grow.
    loop {
        let mut changed = false;
        for (at, others) in needed.iter().enumerate() {
            let features = modules[at].model_features.clone();
            for other in others {
                let known = &mut modules[*other].model_features;
                let before = known.len();
                known.extend(features.iter().cloned());
                changed |= known.len() != before;
            }
        }
        if !changed {
            break;
        }
    }
}

/// For each module those that have the types it refers to.
fn needed(modules: &[Module], types: &BTreeMap<String, TypeDef>) -> Vec<BTreeSet<usize>> {
    let mut homes: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, module) in modules.iter().enumerate() {
        homes.extend(module.types.iter().map(|name| (name.as_str(), at)));
    }
    let homes_of =
        |names: BTreeSet<String>| names.iter().filter_map(|name| homes.get(name.as_str()).copied()).collect();
    modules.iter().map(|module| homes_of(reached(module, types))).collect()
}

fn reached(module: &Module, types: &BTreeMap<String, TypeDef>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for operation in &module.operations {
        requested(operation).into_iter().chain(answered(operation)).for_each(|name| reach(name, types, &mut names));
    }
    for name in &module.types {
        reach(name, types, &mut names);
    }
    names
}

fn requested(operation: &Operation) -> Vec<&str> {
    let parameters = operation.path_parameters.iter().chain(&operation.required_query);
    let mut names: Vec<&str> = parameters.filter_map(|parameter| parameter.ty.named()).collect();
    names.extend(operation.query.as_deref());
    match &operation.body {
        Body::Json(name) => names.push(name),
        Body::Arguments(fields) => names.extend(fields.iter().filter_map(|field| field.ty.named())),
        Body::None | Body::Files(_) => {}
    }
    names
}

fn answered(operation: &Operation) -> Vec<&str> {
    match &operation.answer {
        Answer::Nothing => Vec::new(),
        Answer::Item { ty, .. } | Answer::Whole(ty) | Answer::Page { item: ty, .. } => ty.named().into_iter().collect(),
    }
}

fn reach(name: &str, types: &BTreeMap<String, TypeDef>, seen: &mut BTreeSet<String>) {
    let mut waiting = vec![name];
    while let Some(name) = waiting.pop() {
        let Some(definition) = types.get(name) else { continue };
        if seen.insert(name.to_owned()) {
            waiting.extend(mentions(&definition.kind));
        }
    }
}

fn mentions(kind: &TypeKind) -> Vec<&str> {
    match kind {
        TypeKind::IntegerId | TypeKind::TextId | TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
        TypeKind::Struct(body) => {
            let choices = body.choices.iter().map(|choice| choice.ty.as_str());
            body.fields.iter().filter_map(|field| field.ty.named()).chain(choices).collect()
        }
        TypeKind::Tagged { variants, .. } => variants.iter().map(|variant| variant.ty.as_str()).collect(),
        TypeKind::Content { variants, .. } => variants.iter().filter_map(|variant| variant.ty.named()).collect(),
        TypeKind::OneOf(fields) => fields.iter().filter_map(|field| field.ty.named()).collect(),
        TypeKind::Groups(groups) => {
            groups.iter().flat_map(|group| &group.fields).filter_map(|field| field.ty.named()).collect()
        }
        TypeKind::Map { key, value, .. } => key.named().into_iter().chain(value.named()).collect(),
        TypeKind::Query(parameters) => parameters.iter().filter_map(|parameter| parameter.ty.named()).collect(),
    }
}

//! The direction of each type, its resource, and the cargo features that need it.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Resource, TypeDef};
use crate::naming;

type Types = BTreeMap<String, TypeDef>;

/// Marks every type that a request or a response reaches, and the functions that take or return it.
pub(super) fn set_directions(types: &mut Types, resources: &[Resource]) {
    let (mut in_request, mut in_response) = (BTreeSet::new(), BTreeSet::new());
    for operation in resources.iter().flat_map(|resource| &resource.operations) {
        reach(operation.request_types(), types, &mut in_request);
        reach(operation.response_type(), types, &mut in_response);
    }
    for ty in types.values_mut() {
        ty.in_request = in_request.contains(&ty.name);
        ty.in_response = in_response.contains(&ty.name);
    }
    for resource in resources {
        for operation in &resource.operations {
            let function = || format!("{}Api::{}", resource.handle, operation.function);
            for name in [operation.query.as_deref(), operation.body_type()].into_iter().flatten() {
                types.get_mut(name).into_iter().for_each(|ty| ty.used_by.push(function()));
            }
            let returned = operation.response_type().and_then(|name| types.get_mut(name));
            returned.into_iter().for_each(|ty| ty.returned_by.push(function()));
        }
    }
}

/// Gives every type to the resource whose name it starts with, or to `common`, and every resource the features that need its
/// models.
pub(super) fn assign(resources: &mut Vec<Resource>, types: &Types) {
    let mut common = Vec::new();
    let owners = naming::Owners::new(resources.iter().map(|resource| resource.singular.as_str()));
    for name in types.keys() {
        match owners.of(name) {
            Some(at) => resources[at].types.push(name.clone()),
            None => common.push(name.clone()),
        }
    }
    if !common.is_empty() {
        let (name, docs) = ("common".to_owned(), "Types that several resources share.".to_owned());
        resources.push(Resource { name, docs, types: common, ..Resource::default() });
    }
    for resource in resources.iter_mut().filter(|resource| !resource.operations.is_empty()) {
        resource.model_features.extend(resource.feature.clone());
    }
    let needed = needed(resources, types);
    // A feature that needs a resource's types needs the types that these refer to. The loop ends because the sets only grow.
    loop {
        let mut changed = false;
        for (at, others) in needed.iter().enumerate() {
            let features = resources[at].model_features.clone();
            for other in others {
                let known = &mut resources[*other].model_features;
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

/// For each resource those whose types it refers to.
fn needed(resources: &[Resource], types: &Types) -> Vec<BTreeSet<usize>> {
    let mut owner: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, resource) in resources.iter().enumerate() {
        owner.extend(resource.types.iter().map(|name| (name.as_str(), at)));
    }
    let needed = |resource: &Resource| {
        let mut names = BTreeSet::new();
        for operation in &resource.operations {
            reach(operation.request_types().into_iter().chain(operation.response_type()), types, &mut names);
        }
        reach(resource.types.iter().map(String::as_str), types, &mut names);
        names.iter().filter_map(|name| owner.get(name.as_str()).copied()).collect()
    };
    resources.iter().map(needed).collect()
}

/// Adds each of the types and those that it refers to.
fn reach<'a>(names: impl IntoIterator<Item = &'a str>, types: &'a Types, seen: &mut BTreeSet<String>) {
    let mut waiting: Vec<&str> = names.into_iter().collect();
    while let Some(name) = waiting.pop() {
        let Some(ty) = types.get(name) else { continue };
        if seen.insert(name.to_owned()) {
            waiting.extend(ty.kind.type_names());
        }
    }
}

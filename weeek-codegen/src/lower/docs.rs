//! Rewrites JSON names in descriptions to Rust names.

use std::collections::BTreeMap;

use crate::ir::{Body, Resource, TypeDef, TypeKind};

/// Replaces what a description has in backticks: `dueDate` becomes `due_date`, `null` becomes `None`.
pub(super) fn rename_in_docs(resources: &mut [Resource], types: &mut BTreeMap<String, TypeDef>) {
    let names = names(resources, types);
    for docs in resources.iter_mut().flat_map(resource_docs).chain(types.values_mut().flat_map(type_docs)) {
        if let Some(renamed) = renamed(docs, &names) {
            *docs = renamed;
        }
    }
}

/// The names in Rust by those in JSON, where the two differ.
fn names(resources: &[Resource], types: &BTreeMap<String, TypeDef>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::from([("null".to_owned(), "None".to_owned())]);
    let mut add = |wire: &String, name: &String| {
        if wire != name {
            names.insert(wire.clone(), name.clone());
        }
    };
    for ty in types.values() {
        match &ty.kind {
            // Each property is a variant.
            TypeKind::OneOf(_) => {}
            TypeKind::Query(parameters) => parameters.iter().for_each(|it| add(&it.wire_name, &it.name)),
            kind => kind.fields().into_iter().for_each(|field| add(&field.wire_name, &field.name)),
        }
    }
    for operation in resources.iter().flat_map(|resource| &resource.operations) {
        operation.required_query.iter().for_each(|it| add(&it.wire_name, &it.name));
        operation.body_arguments().iter().for_each(|field| add(&field.wire_name, &field.name));
    }
    names
}

fn renamed(docs: &str, names: &BTreeMap<String, String>) -> Option<String> {
    let mut parts: Vec<&str> = docs.split('`').collect();
    let mut changed = false;
    for code in parts.iter_mut().skip(1).step_by(2) {
        if let Some(name) = names.get(*code) {
            *code = name;
            changed = true;
        }
    }
    changed.then(|| parts.join("`"))
}

fn resource_docs(resource: &mut Resource) -> Vec<&mut String> {
    let mut docs = vec![&mut resource.docs];
    for operation in &mut resource.operations {
        docs.extend([&mut operation.summary, &mut operation.docs]);
        docs.extend(operation.required_query.iter_mut().map(|parameter| &mut parameter.docs));
        if let Body::Arguments(fields) = &mut operation.body {
            docs.extend(fields.iter_mut().map(|field| &mut field.docs));
        }
    }
    docs
}

fn type_docs(ty: &mut TypeDef) -> Vec<&mut String> {
    let mut docs = vec![&mut ty.docs];
    match &mut ty.kind {
        TypeKind::TaggedBySibling { variants, .. } => docs.extend(variants.iter_mut().map(|variant| &mut variant.docs)),
        TypeKind::Query(parameters) => docs.extend(parameters.iter_mut().map(|parameter| &mut parameter.docs)),
        kind => docs.extend(kind.fields_mut().into_iter().map(|field| &mut field.docs)),
    }
    docs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_code_spans_are_renamed() {
        let names = [("dueDate", "due_date"), ("null", "None")];
        let names = names.map(|(wire, name)| (wire.to_owned(), name.to_owned())).into();
        for (docs, expected) in [
            ("Clear `dueDate` with `null`.", Some("Clear `due_date` with `None`.")),
            ("A dueDate, `a dueDate` or null", None),
            ("An `open span", None),
            ("`null", Some("`None")),
        ] {
            assert_eq!(renamed(docs, &names).as_deref(), expected, "{docs}");
        }
    }
}

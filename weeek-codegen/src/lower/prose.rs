//! Descriptions speak the language of the wire; who reads them in Rust knows a property by its field, and null as `None`.

use std::collections::BTreeMap;

use crate::ir::{Body, Field, Module, Operation, Parameter, TypeDef, TypeKind};

/// Writes what a description has in backticks as Rust writes it: `dueDate` becomes `due_date`, `null` becomes `None`.
pub(super) fn speak_rust(modules: &mut [Module], types: &mut BTreeMap<String, TypeDef>) {
    let names = names(modules, types);
    let of_modules = modules.iter_mut().flat_map(module_texts);
    for text in of_modules.chain(types.values_mut().flat_map(type_texts)) {
        if let Some(translated) = translated(text, &names) {
            *text = translated;
        }
    }
}

/// The name in Rust by that on the wire, where they differ.
fn names(modules: &[Module], types: &BTreeMap<String, TypeDef>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::from([("null".to_owned(), "None".to_owned())]);
    let mut note = |wire: &String, name: &String| {
        if wire != name {
            names.insert(wire.clone(), name.clone());
        }
    };
    for kind in types.values().map(|definition| &definition.kind) {
        match kind {
            TypeKind::Struct(body) => body.fields.iter().for_each(|field| note(&field.wire, &field.name)),
            TypeKind::Groups(groups) => {
                groups.iter().flat_map(|group| &group.fields).for_each(|field| note(&field.wire, &field.name));
            }
            TypeKind::Query(parameters) => parameters.iter().for_each(|it| note(&it.wire, &it.name)),
            _ => {}
        }
    }
    for operation in modules.iter().flat_map(|module| &module.operations) {
        operation.required_query.iter().for_each(|it| note(&it.wire, &it.name));
        if let Body::Arguments(fields) = &operation.body {
            fields.iter().for_each(|field| note(&field.wire, &field.name));
        }
    }
    names
}

fn translated(text: &str, names: &BTreeMap<String, String>) -> Option<String> {
    let mut parts: Vec<&str> = text.split('`').collect();
    let mut changed = false;
    for quoted in parts.iter_mut().skip(1).step_by(2) {
        if let Some(name) = names.get(*quoted) {
            *quoted = name;
            changed = true;
        }
    }
    changed.then(|| parts.join("`"))
}

fn module_texts(module: &mut Module) -> impl Iterator<Item = &mut String> {
    std::iter::once(&mut module.docs).chain(module.operations.iter_mut().flat_map(operation_texts))
}

fn operation_texts(operation: &mut Operation) -> impl Iterator<Item = &mut String> {
    let arguments = match &mut operation.body {
        Body::Arguments(fields) => &mut fields[..],
        _ => &mut [],
    };
    [&mut operation.summary, &mut operation.docs]
        .into_iter()
        .chain(operation.required_query.iter_mut().map(parameter_text))
        .chain(arguments.iter_mut().map(field_text))
}

fn type_texts(definition: &mut TypeDef) -> Vec<&mut String> {
    let mut texts = vec![&mut definition.docs];
    match &mut definition.kind {
        TypeKind::Struct(body) => texts.extend(body.fields.iter_mut().map(field_text)),
        TypeKind::OneOf(fields) => texts.extend(fields.iter_mut().map(field_text)),
        TypeKind::Groups(groups) => {
            texts.extend(groups.iter_mut().flat_map(|group| &mut group.fields).map(field_text));
        }
        TypeKind::Content { variants, .. } => texts.extend(variants.iter_mut().map(|variant| &mut variant.docs)),
        TypeKind::Query(parameters) => texts.extend(parameters.iter_mut().map(parameter_text)),
        TypeKind::IntegerId
        | TypeKind::TextId
        | TypeKind::TextEnum(_)
        | TypeKind::IntegerEnum(_)
        | TypeKind::Tagged { .. }
        | TypeKind::Map { .. } => {}
    }
    texts
}

fn field_text(field: &mut Field) -> &mut String {
    &mut field.docs
}

fn parameter_text(parameter: &mut Parameter) -> &mut String {
    &mut parameter.docs
}

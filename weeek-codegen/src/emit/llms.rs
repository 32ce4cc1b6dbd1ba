//! The client on one page, for coding tools: rules, then a line for each operation and each type of its arguments.

use std::fmt::Write as _;

use crate::ir::{Api, Body, Operation, Resource, TypeDef, TypeKind};

const RULES: &str = include_str!("llms.md");

/// `llms.txt`
pub(super) fn page(api: &Api) -> (String, String) {
    let mut page = RULES.to_owned();
    for resource in api.resources.iter().filter(|resource| !resource.operations.is_empty()) {
        let _ = write!(page, "\n## {}\n\n{}\n\n", resource.handle, one_line(&resource.docs));
        resource.operations.iter().for_each(|operation| page.push_str(&line(api, resource, operation)));
        let types = resource.types.iter().filter_map(|name| api.types.get(name));
        types.filter(|ty| ty.in_request && !ty.in_response).for_each(|ty| page.push_str(&setters(ty)));
    }
    ("llms.txt".to_owned(), page)
}

/// The call, and what to know of it.
fn line(api: &Api, resource: &Resource, operation: &Operation) -> String {
    let Operation { path, evidence, summary, docs, function, .. } = operation;
    let call = format!("weeek.{}().{function}({})", resource.name, arguments(api, operation).join(", "));
    let mut line = format!("- `{call}`: `{} {path}`, {evidence}. {summary}", operation.method.to_uppercase());
    if operation.deprecated {
        line.push_str(" Deprecated.");
    }
    if let Some(paging) = &operation.paging {
        let _ = write!(line, " All pages: `{}`.", paging.function);
    }
    format!("{line} {}", one_line(docs)).trim_end().to_owned() + "\n"
}

/// The arguments of the function: their names, and how to begin a struct.
fn arguments(api: &Api, operation: &Operation) -> Vec<String> {
    let parameters = operation.path_parameters.iter().chain(&operation.required_query);
    let mut arguments: Vec<String> = parameters.map(|parameter| parameter.name.clone()).collect();
    arguments.extend(operation.query.as_ref().map(|name| format!("{name}::new()")));
    match &operation.body {
        Body::None => {}
        Body::Json(name) => arguments.push(match api.types.get(name).map(|ty| &ty.kind) {
            Some(TypeKind::Struct(body)) => {
                let required = body.fields.iter().filter(|field| field.required).map(|field| field.name.as_str());
                format!("{name}::new({})", required.collect::<Vec<_>>().join(", "))
            }
            Some(TypeKind::OneOf(fields)) => {
                fields.iter().map(|field| format!("{name}::{}(…)", field.name)).collect::<Vec<_>>().join(" or ")
            }
            _ => name.clone(),
        }),
        Body::Files(_) => arguments.push("[Upload::file(path)]".to_owned()),
        Body::Arguments(fields) => arguments.extend(fields.iter().map(|field| field.name.clone())),
    }
    arguments
}

/// The setters of a type that only requests contain.
fn setters(ty: &TypeDef) -> String {
    let names: Vec<&str> = match &ty.kind {
        TypeKind::Query(parameters) => parameters.iter().map(|parameter| parameter.name.as_str()).collect(),
        TypeKind::Struct(body) => {
            let optional = body.fields.iter().filter(|field| !field.required).map(|field| field.name.as_str());
            optional.chain(body.choices.iter().map(|choice| choice.name.as_str())).collect()
        }
        _ => Vec::new(),
    };
    if names.is_empty() { String::new() } else { format!("- `{}` sets `{}`.\n", ty.name, names.join("`, `")) }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

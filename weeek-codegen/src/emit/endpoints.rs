//! The calls of one resource.

use std::fmt::Write as _;

use super::docs::{list, prose, with_program};
use super::{IMPORTS, examples, types};
use crate::ir::{Api, Body, Encoding, Operation, Paging, Parameter, Resource, Response, TypeRef};
use crate::naming;
use crate::source::Source;

/// `endpoints/<resource>.rs`
pub(super) fn file(api: &Api, resource: &Resource) -> (String, String) {
    let Resource { name, docs, operations, .. } = resource;
    let handle = format!("{}Api", resource.handle);
    let mut out = Source::new();
    out.blank();
    IMPORTS.iter().for_each(|line| out.line(line));
    out.blank();
    out.docs(&with_program(docs, &resource.example_code));
    out.line("#[derive(Clone, Copy, Debug)]");
    out.open(&format!("pub struct {handle}<'c> {{"));
    out.line("pub(crate) transport: &'c Transport,");
    out.close("}");
    out.blank();
    out.open("impl Client {");
    out.docs(&prose(docs.split("\n\n").next().unwrap_or_default()));
    out.open(&format!("pub fn {name}(&self) -> {handle}<'_> {{"));
    out.line(&format!("{handle} {{ transport: self.transport() }}"));
    out.close("}");
    out.close("}");
    out.blank();
    out.open(&format!("impl {handle}<'_> {{"));
    for operation in operations {
        function(&mut out, api, resource, operation);
        all_pages(&mut out, api, resource, operation);
        aliases(&mut out, operation);
    }
    out.close("}");
    out.blank();
    out.open("operations! {");
    operations.iter().for_each(|operation| out.line(&row(operation)));
    out.close("}");
    (format!("endpoints/{name}.rs"), out.into_text())
}

/// The name of an operation's row. Functions refer to rows by name, so that two branches that each add a row merge cleanly.
fn row_name(operation: &Operation) -> String {
    operation.function.to_uppercase()
}

/// A row of the table.
fn row(operation: &Operation) -> String {
    let Operation { id, path, .. } = operation;
    let (name, method) = (row_name(operation), operation.method.to_uppercase());
    let evidence = naming::pascal_name(&operation.evidence);
    let mut row = format!("{name} = {id:?} {method}({path:?}, {evidence})");
    if operation.idempotent {
        row.push_str(" idempotent");
    }
    if let Response::Item { key, .. } | Response::Page { key, .. } = &operation.response {
        let _ = write!(row, " item({key:?})");
    }
    if !operation.has_success {
        row.push_str(" without_success");
    }
    if let Some(Paging { limit, offset, has_more, page_size, .. }) = &operation.paging {
        let _ = write!(row, " pages({limit:?}, {offset:?}, {has_more:?}, {page_size})");
    }
    row + ","
}

fn function(out: &mut Source, api: &Api, resource: &Resource, operation: &Operation) {
    let head = head(&operation.function, operation, &format!("Call<{}>", types::value(&operation.response)));
    let mut call = format!("Request::new(&{})", row_name(operation));
    for Parameter { name, ty, .. } in &operation.path_parameters {
        let _ = write!(call, ".id::<{}>({name})", types::plain(ty));
    }
    for Parameter { name, wire_name, ty, encoding, .. } in &operation.required_query {
        let value = types::convert_into(ty, false, name);
        let _ = match encoding {
            Encoding::DottedDate => write!(call, ".query_param({wire_name:?}, &Dotted({value}))"),
            _ => write!(call, ".query_param({wire_name:?}, &{value})"),
        };
    }
    if operation.query.is_some() {
        call.push_str(".query(query.borrow())");
    }
    match &operation.body {
        Body::None => {}
        Body::Json(_) => call.push_str(".json(body.borrow())"),
        Body::Files(part) => {
            let _ = write!(call, ".files({part:?}, files)");
        }
        Body::Arguments(fields) => {
            for field in fields {
                let value = types::convert_into(&field.ty, field.nullable, &field.name);
                let dotted = format!("crate::model::encode::DottedDate(&{value})");
                let value = if field.dotted { dotted } else { value };
                let _ = write!(call, ".property({:?}, &{value})", field.wire_name);
            }
        }
    }
    let decode = match &operation.response {
        Response::Unit => "unit",
        Response::Item { ty: TypeRef::List(_), .. } | Response::Item { required: true, .. } => "item",
        Response::Item { .. } => "optional_item",
        Response::Page { .. } => "page",
        Response::Body(_) => "body",
    };
    out.blank();
    out.docs(&function_docs(api, resource, operation));
    deprecated(out, operation);
    if types::arguments(operation).is_empty() {
        // A function without generic arguments, and the decoding of its response, would be compiled with the crate, called or not.
        out.line("#[inline]");
    }
    out.open(&head);
    out.wrapped(&format!("{call}.{decode}(self.transport)"));
    out.close("}");
}

fn deprecated(out: &mut Source, operation: &Operation) {
    if operation.deprecated {
        out.line("#[deprecated]");
    }
}

/// The first line of a function with the arguments of the operation.
fn head(name: &str, operation: &Operation, returns: &str) -> String {
    let arguments = types::arguments(operation).into_iter().map(|(name, ty)| format!(", {name}: {ty}"));
    format!("pub fn {name}(&self{}) -> {returns} {{", arguments.collect::<String>())
}

/// A call of another function with the same arguments.
fn forward(name: &str, operation: &Operation) -> String {
    let names: Vec<_> = types::arguments(operation).into_iter().map(|(name, _)| name).collect();
    format!("self.{name}({})", names.join(", "))
}

/// The function of the stream over all pages of a list.
fn all_pages(out: &mut Source, api: &Api, resource: &Resource, operation: &Operation) {
    let (Some(paging), Response::Page { item, .. }) = (&operation.paging, &operation.response) else { return };
    let program = examples::of_all_pages(api, resource, operation, &paging.function, item).unwrap_or_default();
    let text = format!(
        "{}\n\nReturns a stream over the items of all pages. Pages are fetched on demand.\n\n`{} {}`",
        operation.summary,
        operation.method.to_uppercase(),
        operation.path
    );
    out.blank();
    out.docs(&with_program(&text, &program));
    deprecated(out, operation);
    out.open(&head(&paging.function, operation, &format!("Items<{}>", types::plain(item))));
    out.wrapped(&format!("{}.items()", forward(&operation.function, operation)));
    out.close("}");
}

/// Deprecated aliases of the function, and of the stream over all pages.
fn aliases(out: &mut Source, operation: &Operation) {
    for name in &operation.aliases {
        let value = format!("Call<{}>", types::value(&operation.response));
        alias(out, operation, (&name.function, name.since.as_ref()), &operation.function, &value);
        if let (Some(all_pages), Some(paging), Response::Page { item, .. }) =
            (&name.all_pages, &operation.paging, &operation.response)
        {
            let items = format!("Items<{}>", types::plain(item));
            alias(out, operation, (all_pages, name.since.as_ref()), &paging.function, &items);
        }
    }
}

fn alias(out: &mut Source, operation: &Operation, (old, since): (&str, Option<&String>), now: &str, returns: &str) {
    out.blank();
    out.docs(&format!("Renamed to [`Self::{now}`]."));
    out.line(&types::renamed(now, since));
    out.open(&head(old, operation, returns));
    out.wrapped(&forward(now, operation));
    out.close("}");
}

fn function_docs(api: &Api, resource: &Resource, operation: &Operation) -> String {
    let evidence = match operation.evidence.as_str() {
        "live" => "Verified on the live API.",
        "third-party" => "Unverified; third-party clients call it this way.",
        "documented" => "Documented by Weeek, not verified.",
        "inferred" => "Unverified; derived from similar calls.",
        _ => "Sources disagree on this call.",
    };
    let required = operation.required_query.iter().map(|it| (&*it.name, &*it.docs, &it.ty));
    let inlined = match &operation.body {
        Body::Arguments(fields) => &fields[..],
        _ => &[],
    };
    let arguments = required.chain(inlined.iter().map(|it| (&*it.name, &*it.docs, &it.ty)));
    // The description of an argument's type is not repeated.
    let of_type = |ty: &TypeRef| ty.named().and_then(|name| api.types.get(name)).map_or("", |known| known.docs.trim());
    let described = arguments.filter(|(_, text, ty)| *text != of_type(ty));
    let arguments = list(described.map(|(name, text, _)| (name, text)));
    let source = format!("`{} {}`. {evidence}", operation.method.to_uppercase(), operation.path);
    let mut text = operation.summary.clone();
    for part in [&operation.docs, &arguments, &source] {
        if !part.is_empty() {
            text.push_str("\n\n");
            text.push_str(part);
        }
    }
    with_program(&text, &examples::of_function(api, resource, operation).unwrap_or_default())
}

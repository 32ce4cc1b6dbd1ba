//! The calls of one resource.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{list, prose, with_program};
use super::{IMPORTS, examples, types};
use crate::ir::{Api, Body, Encoding, Field, Operation, Paging, Parameter, Resource, Response, TypeRef};
use crate::naming;
use crate::source::{Docs, Source, tokens};

/// `endpoints/<resource>.rs`
pub(super) fn file(api: &Api, resource: &Resource) -> (String, String) {
    let Resource { name, docs, operations, .. } = resource;
    let (handle, accessor) = (format_ident!("{}Api", resource.handle), format_ident!("{name}"));
    let mut out = Source::new();
    out.blank();
    IMPORTS.iter().for_each(|line| out.line(line));
    out.blank();
    let texts = Docs::default();
    let about = texts.keep(with_program(docs, &resource.example_code));
    let handle_item = quote! {
        #about
        #[derive(Clone, Copy, Debug)]
        pub struct #handle<'c> {
            pub(crate) transport: &'c Transport,
        }
    };
    out.item(handle_item, &texts);
    out.blank();
    let about = texts.keep(prose(docs.split("\n\n").next().unwrap_or_default()));
    let accessor_item = quote! {
        impl Client {
            #about
            pub fn #accessor(&self) -> #handle<'_> {
                #handle { transport: self.transport() }
            }
        }
    };
    out.item(accessor_item, &texts);
    out.blank();
    let functions = operations.iter().flat_map(|operation| {
        let all_pages = all_pages(api, resource, operation, &texts);
        [function(api, resource, operation, &texts)].into_iter().chain(all_pages).chain(aliases(operation, &texts))
    });
    let functions: TokenStream = functions.collect();
    out.item(quote!(impl #handle<'_> { #functions }), &texts);
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

fn function(api: &Api, resource: &Resource, operation: &Operation, texts: &Docs) -> TokenStream {
    let (name, row) = (format_ident!("{}", operation.function), format_ident!("{}", row_name(operation)));
    let ids = operation.path_parameters.iter().map(|Parameter { name, ty, .. }| {
        let (name, ty) = (format_ident!("{name}"), tokens(&types::plain(ty)));
        quote!(.id::<#ty>(#name))
    });
    let required = operation.required_query.iter().map(|Parameter { name, wire_name, ty, encoding, .. }| {
        let value = tokens(&types::convert_into(ty, false, name));
        match encoding {
            Encoding::DottedDate => quote!(.query_param(#wire_name, &Dotted(#value))),
            _ => quote!(.query_param(#wire_name, &#value)),
        }
    });
    let query = operation.query.as_ref().map(|_| quote!(.query(query.borrow())));
    let body = match &operation.body {
        Body::None => quote!(),
        Body::Json(_) => quote!(.json(body.borrow())),
        Body::Files(part) => quote!(.files(#part, files)),
        Body::Arguments(fields) => fields.iter().map(property).collect(),
    };
    let decode = match &operation.response {
        Response::Unit => quote!(unit),
        Response::Item { ty: TypeRef::List(_), .. } | Response::Item { required: true, .. } => quote!(item),
        Response::Item { .. } => quote!(optional_item),
        Response::Page { .. } => quote!(page),
        Response::Body(_) => quote!(body),
    };
    let about = texts.keep(function_docs(api, resource, operation));
    let (arguments, value) = (arguments(operation), tokens(&types::value(&operation.response)));
    // A function without generic arguments, and the decoding of its response, would be compiled with the crate, called or not.
    let inline = arguments.is_empty().then(|| quote!(#[inline]));
    let deprecated = deprecated(operation);
    quote! {
        #about
        #deprecated
        #inline
        pub fn #name(&self, #arguments) -> Call<#value> {
            Request::new(&#row) #(#ids)* #(#required)* #query #body .#decode(self.transport)
        }
    }
}

/// Sends an argument as a property of the body.
fn property(field: &Field) -> TokenStream {
    let (wire_name, value) = (&field.wire_name, tokens(&types::convert_into(&field.ty, field.nullable, &field.name)));
    if field.dotted {
        quote!(.property(#wire_name, &crate::model::encode::DottedDate(&#value)))
    } else {
        quote!(.property(#wire_name, &#value))
    }
}

fn deprecated(operation: &Operation) -> Option<TokenStream> {
    operation.deprecated.then(|| quote!(#[deprecated]))
}

/// The arguments of a function, with their types.
fn arguments(operation: &Operation) -> TokenStream {
    let arguments = types::arguments(operation).into_iter().map(|(name, ty)| {
        let (name, ty) = (format_ident!("{name}"), tokens(&ty));
        quote!(#name: #ty)
    });
    quote!(#(#arguments),*)
}

/// The names of the arguments, for a call of another function with the same ones.
fn names(operation: &Operation) -> TokenStream {
    let names = types::arguments(operation).into_iter().map(|(name, _)| format_ident!("{name}"));
    quote!(#(#names),*)
}

/// The function of the stream over all pages of a list.
fn all_pages(api: &Api, resource: &Resource, operation: &Operation, texts: &Docs) -> Option<TokenStream> {
    let (Some(paging), Response::Page { item, .. }) = (&operation.paging, &operation.response) else { return None };
    let program = examples::of_all_pages(api, resource, operation, &paging.function, item).unwrap_or_default();
    let text = format!(
        "{}\n\nReturns a stream over the items of all pages. Pages are fetched on demand.\n\n`{} {}`",
        operation.summary,
        operation.method.to_uppercase(),
        operation.path
    );
    let about = texts.keep(with_program(&text, &program));
    let (name, list) = (format_ident!("{}", paging.function), format_ident!("{}", operation.function));
    let (deprecated, item) = (deprecated(operation), tokens(&types::plain(item)));
    let (arguments, names) = (arguments(operation), names(operation));
    Some(quote! {
        #about
        #deprecated
        pub fn #name(&self, #arguments) -> Items<#item> {
            self.#list(#names).items()
        }
    })
}

/// Deprecated aliases of the function, and of the stream over all pages.
fn aliases(operation: &Operation, texts: &Docs) -> Vec<TokenStream> {
    let mut functions = Vec::new();
    for name in &operation.aliases {
        let since = name.since.as_ref();
        let value = format!("Call<{}>", types::value(&operation.response));
        functions.push(alias(operation, (&name.function, since), &operation.function, &value, texts));
        if let (Some(all_pages), Some(paging), Response::Page { item, .. }) =
            (&name.all_pages, &operation.paging, &operation.response)
        {
            let items = format!("Items<{}>", types::plain(item));
            functions.push(alias(operation, (all_pages, since), &paging.function, &items, texts));
        }
    }
    functions
}

fn alias(
    operation: &Operation,
    (old, since): (&str, Option<&String>),
    now: &str,
    returns: &str,
    texts: &Docs,
) -> TokenStream {
    let about = texts.keep(format!("Renamed to [`Self::{now}`]."));
    let (renamed, returns) = (types::renamed(now, since), tokens(returns));
    let (old, now) = (format_ident!("{old}"), format_ident!("{now}"));
    let (arguments, names) = (arguments(operation), names(operation));
    quote! {
        #about
        #renamed
        pub fn #old(&self, #arguments) -> #returns {
            self.#now(#names)
        }
    }
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

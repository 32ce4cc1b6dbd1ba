//! The calls of one resource.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs::{Docs, docs, list};
use super::{File, examples, types};
use crate::ir::{Api, Body, Encoding, Operation, Parameter, Resource, Response, TypeRef};
use crate::naming;

/// `endpoints/<resource>.rs`
pub(super) fn file(api: &Api, resource: &Resource) -> File {
    let (handle, accessor) = (format_ident!("{}Api", resource.handle), format_ident!("{}", resource.name));
    let texts = Docs::default();
    let about = texts.with_program(&resource.docs, &resource.example_code);
    let table = resource.operations.iter().map(operation);
    let functions = resource.operations.iter().flat_map(|operation| {
        std::iter::once(function(api, resource, operation, &texts))
            .chain(all_pages(api, resource, operation, &texts))
            .chain(aliases(operation))
    });
    let about_accessor = docs(resource.docs.split("\n\n").next().unwrap_or_default());
    let items = vec![
        quote!(
            use crate::models::*;
            use crate::prelude::*;
        ),
        quote! {
            #about
            #[derive(Clone, Copy, Debug)]
            pub struct #handle<'c> {
                pub(crate) transport: &'c Transport,
            }
        },
        quote! {
            impl Client {
                #about_accessor
                pub fn #accessor(&self) -> #handle<'_> {
                    #handle { transport: self.transport() }
                }
            }
        },
        quote! {
            impl #handle<'_> {
                #(#functions)*
            }
        },
        quote!(operations! { #(#table,)* }),
    ];
    File { path: format!("endpoints/{}.rs", resource.name), items, docs: texts.into_texts() }
}

/// The name of an operation's row. Functions refer to rows by name, so that two branches that each add a row merge cleanly.
fn row_name(operation: &Operation) -> Ident {
    format_ident!("{}", operation.function.to_uppercase())
}

/// A row of the table.
fn operation(operation: &Operation) -> TokenStream {
    let Operation { id, path, .. } = operation;
    let (name, method) = (row_name(operation), format_ident!("{}", operation.method.to_uppercase()));
    let evidence = format_ident!("{}", naming::pascal_name(&operation.evidence));
    let idempotent = operation.idempotent.then(|| quote!(idempotent));
    let item = match &operation.response {
        Response::Item { key, .. } | Response::Page { key, .. } => Some(quote!(item(#key))),
        Response::Unit | Response::Body(_) => None,
    };
    let pages = operation.paging.as_ref().map(|paging| {
        let (limit, offset) = (&paging.limit, &paging.offset);
        let more = paging.has_more.as_ref().map_or_else(|| quote!(None), |more| quote!(Some(#more)));
        let size = proc_macro2::Literal::i64_unsuffixed(paging.page_size);
        quote!(pages(#limit, #offset, #more, #size))
    });
    let without_success = (!operation.has_success).then(|| quote!(without_success));
    quote!(#name = #id #method(#path, #evidence) #idempotent #item #without_success #pages)
}

fn function(api: &Api, resource: &Resource, operation: &Operation, texts: &Docs) -> TokenStream {
    let name = format_ident!("{}", operation.function);
    let about = function_docs(api, resource, operation, texts);
    let arguments = arguments(operation);
    // A function without generic arguments, and the decoding of its response, would be compiled with the crate, called or not.
    let inline = arguments.is_empty().then(|| quote!(#[inline]));
    let row = row_name(operation);
    let ids = operation.path_parameters.iter().map(|parameter| {
        let (ty, name) = (types::plain(&parameter.ty), format_ident!("{}", parameter.name));
        quote!(.id::<#ty>(#name))
    });
    let required = operation.required_query.iter().map(required_pair);
    let query = operation.query.as_ref().map(|_| quote!(.query(query.borrow())));
    let body = match &operation.body {
        Body::None => quote!(),
        Body::Json(_) => quote!(.json(body.borrow())),
        Body::Files(part) => quote!(.files(#part, files)),
        Body::Arguments(fields) => {
            let writes = fields.iter().map(|field| {
                let (wire, name) = (&field.wire_name, format_ident!("{}", field.name));
                let value = types::convert_into(&field.ty, field.nullable, &quote!(#name));
                if field.dotted {
                    return quote!(.property(#wire, &crate::model::encode::DottedDate(&#value)));
                }
                quote!(.property(#wire, &#value))
            });
            quote!(#(#writes)*)
        }
    };
    let (value, finish) = value(&operation.response);
    let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
    quote! {
        #about
        #deprecated
        #inline
        pub fn #name(&self, #(#arguments),*) -> Call<#value> {
            Request::new(&#row) #(#ids)* #(#required)* #query #body #finish
        }
    }
}

fn required_pair(parameter: &Parameter) -> TokenStream {
    let (wire, name) = (&parameter.wire_name, format_ident!("{}", parameter.name));
    let value = types::convert_into(&parameter.ty, false, &quote!(#name));
    match parameter.encoding {
        Encoding::DottedDate => quote!(.query_param(#wire, &Dotted(#value))),
        _ => quote!(.query_param(#wire, &#value)),
    }
}

/// The function of the stream over all pages of a list.
fn all_pages(api: &Api, resource: &Resource, operation: &Operation, texts: &Docs) -> Option<TokenStream> {
    let paging = operation.paging.as_ref()?;
    let Response::Page { item, .. } = &operation.response else { return None };
    let program = examples::of_all_pages(api, resource, operation, &paging.function, item).unwrap_or_default();
    let (name, list) = (format_ident!("{}", paging.function), format_ident!("{}", operation.function));
    let item = types::plain(item);
    let arguments = arguments(operation);
    let names = names(operation);
    let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
    let text = format!(
        "{}\n\nReturns a stream over the items of all pages. Pages are fetched on demand.\n\n`{} {}`",
        operation.summary,
        operation.method.to_uppercase(),
        operation.path
    );
    let about = texts.with_program(&text, &program);
    Some(quote! {
        #about
        #deprecated
        pub fn #name(&self, #(#arguments),*) -> Items<#item> {
            self.#list(#(#names),*).items()
        }
    })
}

/// Deprecated aliases of the function, and of the stream over all pages.
fn aliases(operation: &Operation) -> Vec<TokenStream> {
    let (value, _) = value(&operation.response);
    let mut functions = Vec::new();
    for name in &operation.aliases {
        functions.push(alias(
            operation,
            (&name.function, name.since.as_ref()),
            &operation.function,
            &quote!(Call<#value>),
        ));
        if let (Some(all_pages), Some(paging), Response::Page { item, .. }) =
            (&name.all_pages, &operation.paging, &operation.response)
        {
            let item = types::plain(item);
            functions.push(alias(operation, (all_pages, name.since.as_ref()), &paging.function, &quote!(Items<#item>)));
        }
    }
    functions
}

fn alias(
    operation: &Operation,
    (old, since): (&str, Option<&String>),
    now: &str,
    returns: &TokenStream,
) -> TokenStream {
    let (arguments, names) = (arguments(operation), names(operation));
    let (about, renamed) = (format!(" Renamed to [`Self::{now}`]."), types::renamed(now, since));
    let (old, now) = (format_ident!("{old}"), format_ident!("{now}"));
    quote! {
        #[doc = #about]
        #renamed
        pub fn #old(&self, #(#arguments),*) -> #returns {
            self.#now(#(#names),*)
        }
    }
}

fn names(operation: &Operation) -> Vec<TokenStream> {
    let identifier = |name: &str| {
        let name = format_ident!("{name}");
        quote!(#name)
    };
    typed_arguments(operation).into_iter().map(|(name, _)| identifier(name)).collect()
}

fn arguments(operation: &Operation) -> Vec<TokenStream> {
    typed_arguments(operation)
        .into_iter()
        .map(|(name, ty)| {
            let name = format_ident!("{name}");
            quote!(#name: #ty)
        })
        .collect()
}

/// The arguments of the function, each with its type.
pub(super) fn typed_arguments(operation: &Operation) -> Vec<(&str, TokenStream)> {
    let parameters = operation
        .path_parameters
        .iter()
        .chain(&operation.required_query)
        .map(|parameter| (parameter.name.as_str(), types::argument(&parameter.ty, false)));
    let query = operation.query.iter().map(|query| {
        let query = format_ident!("{query}");
        ("query", quote!(impl Borrow<#query>))
    });
    let body = match &operation.body {
        Body::None => Vec::new(),
        Body::Json(name) => {
            let name = format_ident!("{name}");
            vec![("body", quote!(impl Borrow<#name>))]
        }
        Body::Files(_) => vec![("files", quote!(impl IntoIterator<Item = Upload>))],
        Body::Arguments(fields) => {
            fields.iter().map(|field| (field.name.as_str(), types::argument(&field.ty, field.nullable))).collect()
        }
    };
    parameters.chain(query).chain(body).collect()
}

pub(super) fn value(response: &Response) -> (TokenStream, TokenStream) {
    match response {
        Response::Unit => (quote!(()), quote!(.unit(self.transport))),
        Response::Item { ty, required, .. } => {
            let item = types::plain(ty);
            match (ty, required) {
                (TypeRef::List(_), _) | (_, true) => (item, quote!(.item(self.transport))),
                _ => (quote!(Option<#item>), quote!(.optional_item(self.transport))),
            }
        }
        Response::Page { item, .. } => {
            let item = types::plain(item);
            (quote!(Page<#item>), quote!(.page(self.transport)))
        }
        Response::Body(ty) => (types::plain(ty), quote!(.body(self.transport))),
    }
}

fn function_docs(api: &Api, resource: &Resource, operation: &Operation, texts: &Docs) -> TokenStream {
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
    texts.with_program(&text, &examples::of_function(api, resource, operation).unwrap_or_default())
}

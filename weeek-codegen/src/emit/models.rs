//! The types of one resource.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs::{docs, docs_with_program, list};
use super::{File, enums, query, types};
use crate::ir::{Api, Field, Resource, Struct, TypeDef, TypeKind, TypeRef};

/// Whether the resource has a type that a request or a response uses.
pub(super) fn any(api: &Api, resource: &Resource) -> bool {
    used(api, resource).next().is_some()
}

pub(super) fn used<'a>(api: &'a Api, resource: &'a Resource) -> impl Iterator<Item = &'a TypeDef> {
    resource.types.iter().filter_map(|name| api.types.get(name)).filter(|ty| ty.in_request || ty.in_response)
}

/// `models/<resource>.rs`
pub(super) fn file(api: &Api, resource: &Resource) -> File {
    let mut items = vec![quote!(
        use crate::models::*;
        use crate::prelude::*;
    )];
    for definition in used(api, resource) {
        items.extend(type_items(api, definition));
    }
    File { path: format!("models/{}.rs", resource.name), items, ..File::default() }
}

fn type_items(api: &Api, definition: &TypeDef) -> Vec<TokenStream> {
    let mut items = own_items(api, definition);
    if definition.example.is_some() {
        let name = format_ident!("{}", definition.name);
        items.push(quote!(example!(#name);));
    }
    items.extend(definition.aliases.iter().map(|alias| {
        let (old, name) = (format_ident!("{}", alias.name), format_ident!("{}", definition.name));
        let (about, renamed) =
            (format!(" Renamed to [`{name}`]."), types::renamed(&definition.name, alias.since.as_ref()));
        quote!(#[doc = #about] #renamed pub type #old = #name;)
    }));
    items
}

fn own_items(api: &Api, definition: &TypeDef) -> Vec<TokenStream> {
    match &definition.kind {
        TypeKind::IntegerId => enums::integer_id(definition),
        TypeKind::StringId => enums::string_id(definition),
        TypeKind::StringEnum(variants) => enums::string_enum(definition, variants),
        TypeKind::IntegerEnum(variants) => enums::integer_enum(definition, variants),
        TypeKind::Tagged { tag, variants } => enums::tagged(definition, tag, variants),
        TypeKind::TaggedBySibling { variants, .. } => enums::content(definition, variants),
        TypeKind::OneOf(fields) => enums::one_of(definition, fields),
        TypeKind::ExclusiveGroups(groups) => enums::groups(definition, groups),
        TypeKind::Map { key, value, nullable } => enums::map(definition, key, value, *nullable),
        TypeKind::Query(parameters) => query::query(definition, parameters, &links("Used by", &definition.used_by)),
        TypeKind::Struct(body) if definition.in_response => response_struct(api, definition, body),
        TypeKind::Struct(body) => request_struct(definition, body, &links("Used by", &definition.used_by)),
    }
}

/// A doc paragraph with links to functions.
fn links(text: &str, functions: &[String]) -> TokenStream {
    let links = functions.iter().map(|path| format!("[`{path}`](crate::endpoints::{path})"));
    let links = links.collect::<Vec<_>>().join(", ");
    if links.is_empty() {
        return quote!();
    }
    let text = format!(" {text} {links}.");
    quote!(#[doc = ""] #[doc = #text])
}

/// The docs of a field or setter, and whether Weeek deprecates it.
fn field_docs(field: &Field) -> TokenStream {
    let (about, deprecated) = (docs(&field.docs), field.deprecated.then(|| quote!(#[deprecated])));
    quote!(#about #deprecated)
}

/// A struct that is read, and perhaps written too. Fields whose type depends on a sibling stand below all others.
fn response_struct(api: &Api, definition: &TypeDef, body: &Struct) -> Vec<TokenStream> {
    let name = format_ident!("{}", definition.name);
    let about = docs_with_program(&definition.docs, &definition.example_code);
    let sibling_of = |field: &Field| {
        let key = sibling_tag_of(api, field)?;
        let sibling = body.fields.iter().find(|field| field.wire_name == key)?;
        Some(&*sibling.name)
    };
    let row = |field: &Field| {
        let (about, name, key) = (field_docs(field), format_ident!("{}", field.name), &field.wire_name);
        let (ty, facts) = (types::in_response(field), facts(field));
        quote!(#about pub #name: #ty = #key #facts)
    };
    let plain = body.fields.iter().filter(|field| sibling_of(field).is_none()).map(row);
    let siblings: BTreeSet<_> = body.fields.iter().filter_map(sibling_of).collect();
    let by_sibling = siblings.into_iter().map(|sibling| {
        let rows = body.fields.iter().filter(|field| sibling_of(field) == Some(sibling)).map(row);
        let sibling = format_ident!("{sibling}");
        quote!(by #sibling { #(#rows),* })
    });
    let former: Vec<_> = body.fields.iter().flat_map(former_keys).collect();
    let former = (!former.is_empty()).then(|| quote!(former { #(#former),* }));
    let returned_by = links("Returned by", &definition.returned_by);
    let mut items =
        vec![quote!(response_object! { #about #returned_by pub struct #name { #(#plain),* } #(#by_sibling)* #former })];
    if definition.in_request {
        items.push(builder(&name, body));
    }
    items
}

/// A row for each former key of a field. No field has two underscores at the end of its name.
fn former_keys(field: &Field) -> impl Iterator<Item = TokenStream> {
    field.aliases.iter().zip(2..).map(|(alias, underscores)| {
        let (name, facts) = (format_ident!("{}", field.name), facts(field));
        let (former, key) = (format_ident!("{name}{}", "_".repeat(underscores)), &alias.wire_name);
        quote!(#former = #key before #name #facts)
    })
}

/// What the spec says of the presence of a field. A field without a type may be null.
fn facts(field: &Field) -> TokenStream {
    let may_be_null = field.nullable || field.ty == TypeRef::Json;
    let (required, nullable) = (field.required.then(|| quote!(required)), may_be_null.then(|| quote!(nullable)));
    quote!(#required #nullable)
}

/// The sibling that tells how the field's value is to be read, where the field is of that kind.
fn sibling_tag_of<'a>(api: &'a Api, field: &Field) -> Option<&'a str> {
    match &api.types.get(field.ty.named()?)?.kind {
        TypeKind::TaggedBySibling { tag, .. } => Some(tag),
        _ => None,
    }
}

/// A struct that is only written.
fn request_struct(definition: &TypeDef, body: &Struct, used_by: &TokenStream) -> Vec<TokenStream> {
    let name = format_ident!("{}", definition.name);
    let about = docs_with_program(&definition.docs, &definition.example_code);
    let row = |field: &Field| {
        let (name, key) = (format_ident!("{}", field.name), &field.wire_name);
        let (ty, fact) = types::request_row(field);
        quote!(#name: #ty = #key #fact)
    };
    let (required, optional): (Vec<_>, Vec<_>) = body.fields.iter().partition(|field| field.required);
    let new = (!required.is_empty()).then(|| {
        let (about, rows) = (new_docs(&required), required.iter().map(|field| row(field)));
        quote!(#about new(#(#rows),*),)
    });
    let rows = optional.iter().map(|field| {
        let (about, row) = (field_docs(field), row(field));
        quote!(#about #row)
    });
    let choices = body.choices.iter().map(|choice| {
        let (name, ty) = (format_ident!("{}", choice.name), format_ident!("{}", choice.ty));
        let about = format!(" See [`{}`].", choice.ty);
        quote!(#[doc = #about] #name: #ty)
    });
    let mut items =
        vec![quote!(request_object! { #about #used_by pub struct #name { #new #(#rows,)* #(#choices,)* } })];
    let renamed = optional.iter().map(|field| {
        let setter = format_ident!("{}", field.name);
        types::alias_setters(&field.aliases, &setter, &quote!(), &types::setter_argument(field, false))
    });
    items.extend(types::impl_of_aliases(&name, renamed));
    items
}

fn new_docs(required: &[&Field]) -> TokenStream {
    match required {
        [] => docs("Creates an empty value."),
        fields => {
            let arguments = list(fields.iter().map(|field| (&*field.name, &*field.docs)));
            docs(&format!("Required:\n\n{arguments}"))
        }
    }
}

/// For a struct that is read too: `new` with what is required, and a setter for everything else.
fn builder(name: &Ident, body: &Struct) -> TokenStream {
    let required: Vec<_> = body.fields.iter().filter(|field| field.required).collect();
    let about_new = new_docs(&required);
    let arguments = required.iter().map(|field| {
        let (name, ty) = (format_ident!("{}", field.name), types::new_argument(field, true));
        quote!(#name: #ty)
    });
    let values = body.fields.iter().map(|field| {
        let name = format_ident!("{}", field.name);
        if !field.required {
            return match field.ty {
                TypeRef::List(_) => quote!(#name: Vec::new()),
                TypeRef::StringMap(_) => quote!(#name: std::collections::BTreeMap::new()),
                _ => quote!(#name: None),
            };
        }
        let value = types::convert(&field.ty, types::is_optional(field), &quote!(#name));
        let wrapped = !field.nullable && !types::always_there(field);
        if wrapped { quote!(#name: Some(#value)) } else { quote!(#name: #value) }
    });
    let setters = body.fields.iter().filter(|field| !field.required).map(|field| {
        let (about, name) = (field_docs(field), format_ident!("{}", field.name));
        let ty = types::setter_argument(field, true);
        let value = types::convert(&field.ty, false, &quote!(#name));
        let value = if types::always_there(field) { value } else { quote!(Some(#value)) };
        let aliases = types::alias_setters(&field.aliases, &name, &quote!(), &ty);
        quote! {
            #about
            #[must_use]
            pub fn #name(mut self, #name: #ty) -> Self {
                self.#name = #value;
                self
            }
            #aliases
        }
    });
    quote! {
        impl #name {
            #about_new
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* extra: Extra::default() }
            }
            #(#setters)*
        }
    }
}

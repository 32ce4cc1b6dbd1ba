//! The types of one resource.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{docs, docs_with_program, list};
use super::{File, enums, query, types};
use crate::ir::{Api, Field, Operation, Resource, Struct, TypeDef, TypeKind, TypeRef};

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
    File { path: format!("models/{}.rs", resource.name), items }
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
        TypeKind::Query(parameters) => query::query(definition, parameters, &used_by(api, definition)),
        TypeKind::Struct(body) if definition.in_response => response_struct(api, definition, body),
        TypeKind::Struct(body) => request_struct(definition, body, &used_by(api, definition)),
    }
}

/// A doc paragraph with links to the functions that take the type as their argument.
fn used_by(api: &Api, definition: &TypeDef) -> TokenStream {
    let name = Some(&*definition.name);
    let links = api.resources.iter().flat_map(|resource| {
        let takes = |operation: &&Operation| operation.query.as_deref() == name || operation.body_type() == name;
        resource.operations.iter().filter(takes).map(|operation| {
            let path = format!("{}Api::{}", resource.handle, operation.function);
            format!("[`{path}`](crate::endpoints::{path})")
        })
    });
    let links = links.collect::<Vec<_>>().join(", ");
    if links.is_empty() {
        return quote!();
    }
    let text = format!(" Used by {links}.");
    quote!(#[doc = ""] #[doc = #text])
}

/// A struct that is read, and perhaps written too.
fn response_struct(api: &Api, definition: &TypeDef, body: &Struct) -> Vec<TokenStream> {
    let name = format_ident!("{}", definition.name);
    let about = docs_with_program(&definition.docs, &definition.example_code);
    let fields = body.fields.iter().map(|field| {
        let (about, name, ty) = (docs(&field.docs), format_ident!("{}", field.name), types::in_response(field));
        quote!(#about pub #name: #ty)
    });
    let mut items = vec![
        quote! {
            #about
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub struct #name { #(#fields,)* extra: Extra }
        },
        response_table(api, definition, body),
    ];
    if definition.in_request {
        items.push(builder(definition, body, true));
    }
    items
}

/// The table of a struct that is read: a row for each field, the fields whose type depends on a sibling, and the former keys.
fn response_table(api: &Api, definition: &TypeDef, body: &Struct) -> TokenStream {
    let name = format_ident!("{}", definition.name);
    let (mut plain, mut by_sibling, mut former) = (Vec::new(), Vec::new(), Vec::new());
    for field in &body.fields {
        former.extend(former_keys(field));
        if let Some(sibling) = sibling_tag_of(api, field) {
            let tag = body
                .fields
                .iter()
                .find(|field| field.wire_name == sibling)
                .map(|field| format_ident!("{}", field.name));
            let (name, key, facts) = (format_ident!("{}", field.name), &field.wire_name, facts(field));
            by_sibling.push(quote!(#name = #key by #tag #facts));
        } else {
            plain.push(row(field));
        }
    }
    quote!(response_object!(#name { #(#plain),* } #(#by_sibling),* #(#former)*);)
}

/// A row for each former key of a field. No field has two underscores at the end of its name.
fn former_keys(field: &Field) -> impl Iterator<Item = TokenStream> {
    field.aliases.iter().zip(2..).map(|(alias, underscores)| {
        let (name, facts) = (format_ident!("{}", field.name), facts(field));
        let (former, key) = (format_ident!("{name}{}", "_".repeat(underscores)), &alias.wire_name);
        quote!(; #former = #key before #name #facts)
    })
}

fn row(field: &Field) -> TokenStream {
    let (name, key, facts) = (format_ident!("{}", field.name), &field.wire_name, facts(field));
    quote!(#name = #key #facts)
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
    let default = body.fields.iter().all(|field| !field.required).then(|| quote!(, Default));
    let has_setters = body.fields.iter().any(|field| !field.required) || !body.choices.is_empty();
    let must_use = has_setters.then(|| quote!(#[must_use]));
    let fields = body.fields.iter().map(|field| {
        let (name, ty) = (format_ident!("{}", field.name), types::in_request(field));
        quote!(#name: #ty)
    });
    let choices = body.choices.iter().map(|choice| {
        let (name, ty) = (format_ident!("{}", choice.name), format_ident!("{}", choice.ty));
        quote!(#name: Option<#ty>)
    });
    let rows = body.fields.iter().map(|field| {
        let (name, key, required) =
            (format_ident!("{}", field.name), &field.wire_name, field.required.then(|| quote!(required)));
        let dotted = types::dotted(field);
        quote!(#name = #key #required #dotted)
    });
    let choice_names = body.choices.iter().map(|choice| format_ident!("{}", choice.name));
    vec![
        quote! {
            #about
            #used_by
            #[derive(Clone, Debug, PartialEq #default)]
            #must_use
            pub struct #name { #(#fields,)* #(#choices,)* }
        },
        quote!(request_object!(#name { #(#rows),* } #(#choice_names),*);),
        builder(definition, body, false),
    ]
}

/// `new` with what is required, and a setter for everything else.
fn builder(definition: &TypeDef, body: &Struct, read_too: bool) -> TokenStream {
    let name = format_ident!("{}", definition.name);
    let required: Vec<_> = body.fields.iter().filter(|field| field.required).collect();
    let arguments = required.iter().map(|field| {
        let (name, ty) = (format_ident!("{}", field.name), types::new_argument(field, read_too));
        quote!(#name: #ty)
    });
    let values = body.fields.iter().map(|field| {
        let name = format_ident!("{}", field.name);
        if !field.required {
            return match field.ty {
                TypeRef::List(_) if read_too => quote!(#name: Vec::new()),
                TypeRef::StringMap(_) if read_too => quote!(#name: std::collections::BTreeMap::new()),
                _ => quote!(#name: None),
            };
        }
        let takes_null = if read_too { types::is_optional(field) } else { field.nullable };
        let value = types::convert(&field.ty, takes_null, &quote!(#name));
        let wrapped = read_too && !field.nullable && !types::always_there(field);
        if wrapped { quote!(#name: Some(#value)) } else { quote!(#name: #value) }
    });
    let choices = body.choices.iter().map(|choice| {
        let name = format_ident!("{}", choice.name);
        quote!(#name: None)
    });
    let extra = read_too.then(|| quote!(extra: Extra::default()));
    let new = if required.is_empty() && !read_too {
        quote!(Self::default())
    } else {
        quote!(Self { #(#values,)* #(#choices,)* #extra })
    };
    let about_new = match &required[..] {
        [] => docs("Creates an empty value."),
        fields => {
            let arguments = list(fields.iter().map(|field| (&*field.name, &*field.docs)));
            docs(&format!("Required:\n\n{arguments}"))
        }
    };
    let setters = body.fields.iter().filter(|field| !field.required).map(|field| {
        let (about, name) = (docs(&field.docs), format_ident!("{}", field.name));
        let ty = types::setter_argument(field, read_too);
        let value = types::convert(&field.ty, field.nullable && !read_too, &quote!(#name));
        let value = if read_too && types::always_there(field) { value } else { quote!(Some(#value)) };
        let aliases = types::alias_setters(&field.aliases, &name, &ty);
        let about = if read_too { quote!(#about #[must_use]) } else { about };
        let setter = types::setter(&about, &name, &ty, &value);
        quote!(#setter #aliases)
    });
    let choice_setters = body.choices.iter().map(|choice| {
        let (name, ty) = (format_ident!("{}", choice.name), format_ident!("{}", choice.ty));
        let about = format!(" See [`{}`].", choice.ty);
        types::setter(&quote!(#[doc = #about]), &name, &quote!(#ty), &quote!(Some(#name)))
    });
    quote! {
        impl #name {
            #about_new
            pub fn new(#(#arguments),*) -> Self {
                #new
            }
            #(#setters)*
            #(#choice_setters)*
        }
    }
}

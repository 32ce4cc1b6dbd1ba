//! Ids, enumerations and choices.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::docs::{code, docs, docs_with_program};
use super::types;
use crate::ir::{Field, Group, SiblingVariant, TaggedVariant, TypeDef, TypeRef, Variant};
use crate::naming;

pub(super) fn integer_id(definition: &TypeDef) -> Vec<TokenStream> {
    id(definition, &TypeRef::Integer, "integer_id")
}

pub(super) fn string_id(definition: &TypeDef) -> Vec<TokenStream> {
    id(definition, &TypeRef::String, "string_id")
}

fn id(definition: &TypeDef, ty: &TypeRef, table: &str) -> Vec<TokenStream> {
    let (name, about, table) = (format_ident!("{}", definition.name), docs(&definition.docs), format_ident!("{table}"));
    let ty = types::plain(ty);
    vec![quote!(#table! { #about pub struct #name(#ty); })]
}

pub(super) fn string_enum(definition: &TypeDef, variants: &[Variant<String>]) -> Vec<TokenStream> {
    scalar_enum(definition, variants, "string_enum", |value| Literal::string(value))
}

pub(super) fn integer_enum(definition: &TypeDef, variants: &[Variant<i64>]) -> Vec<TokenStream> {
    scalar_enum(definition, variants, "integer_enum", |value| Literal::i64_unsuffixed(*value))
}

fn scalar_enum<T: ToString>(
    definition: &TypeDef,
    variants: &[Variant<T>],
    table: &str,
    literal: fn(&T) -> Literal,
) -> Vec<TokenStream> {
    let rows = variants.iter().map(|variant| {
        let (name, value) = (format_ident!("{}", variant.name), literal(&variant.value));
        let about = format!(" {}", code(&variant.value.to_string()));
        quote!(#[doc = #about] #name = #value)
    });
    enumeration(definition, table, &quote!(), rows)
}

/// The table of an enum.
fn enumeration(
    definition: &TypeDef,
    table: &str,
    by: &TokenStream,
    rows: impl Iterator<Item = TokenStream>,
) -> Vec<TokenStream> {
    let (name, about, table) = (format_ident!("{}", definition.name), docs(&definition.docs), format_ident!("{table}"));
    vec![quote!(#table! { #about pub enum #name #by { #(#rows),* } })]
}

/// Objects told apart by a property of theirs; an object with an unknown value there is kept as JSON.
pub(super) fn tagged(definition: &TypeDef, tag: &str, variants: &[TaggedVariant]) -> Vec<TokenStream> {
    let field = naming::snake_name(tag);
    let rows = variants.iter().map(|variant| {
        let (name, ty, values) = (format_ident!("{}", variant.name), format_ident!("{}", variant.ty), &variant.values);
        let list = values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", ");
        let about = format!(" {} is {list}.", code(&field));
        quote!(#[doc = #about] #name(#ty) = #(#values)|*)
    });
    enumeration(definition, "tagged_object", &quote!(by #tag), rows)
}

/// Values told apart by a sibling; a value that does not fit is kept as JSON.
pub(super) fn content(definition: &TypeDef, variants: &[SiblingVariant]) -> Vec<TokenStream> {
    let name = format_ident!("{}", definition.name);
    let rows = variants.iter().map(|variant| {
        let (about, name, ty, tag) =
            (docs(&variant.docs), format_ident!("{}", variant.name), types::plain(&variant.ty), &variant.value);
        quote!(#about #name(#ty) = #tag)
    });
    let mut items = enumeration(definition, "tagged_by_sibling", &quote!(), rows);
    if definition.in_request {
        items.extend(made_from(&name, variants));
    }
    items
}

/// Conversions of what a caller has at hand: each type makes the first variant that holds it, for those that hold the same
/// look the same on the wire.
fn made_from(name: &Ident, variants: &[SiblingVariant]) -> Vec<TokenStream> {
    let mut made = Vec::new();
    for (at, variant) in variants.iter().enumerate() {
        if variant.ty == TypeRef::Json || variants[..at].iter().any(|earlier| earlier.ty == variant.ty) {
            continue;
        }
        let arm = format_ident!("{}", variant.name);
        let plain = types::plain(&variant.ty);
        made.push(conversion(name, &plain, &quote!(Self::#arm(value))));
        let lesser = match variant.ty {
            TypeRef::String => quote!(&str),
            TypeRef::Integer | TypeRef::Number => quote!(i32),
            _ => continue,
        };
        made.push(conversion(name, &lesser, &quote!(Self::#arm(value.into()))));
    }
    made
}

fn conversion(name: &Ident, from: &TokenStream, made: &TokenStream) -> TokenStream {
    quote! {
        impl From<#from> for #name {
            fn from(value: #from) -> Self {
                #made
            }
        }
    }
}

/// Exactly one property of several.
pub(super) fn one_of(definition: &TypeDef, fields: &[Field]) -> Vec<TokenStream> {
    let rows = fields.iter().map(|field| {
        let (about, arm, key) = (docs(&field.docs), format_ident!("{}", field.name), &field.wire_name);
        let (ty, dotted) = (exclusive_type(field), types::dotted(field));
        quote!(#about #arm(#ty) = #key #dotted)
    });
    enumeration(definition, "exclusive_object", &quote!(), rows)
}

/// Exactly one group of properties of several; a group is always sent whole.
pub(super) fn groups(definition: &TypeDef, groups: &[Group]) -> Vec<TokenStream> {
    let rows = groups.iter().map(|group| {
        let arm = format_ident!("{}", group.name);
        let fields = group.fields.iter().map(|field| {
            let (about, name, key) = (docs(&field.docs), format_ident!("{}", field.name), &field.wire_name);
            let (ty, dotted) = (exclusive_type(field), types::dotted(field));
            quote!(#about #name: #ty = #key #dotted)
        });
        let about =
            format!(" {} together.", group.fields.iter().map(|field| code(&field.name)).collect::<Vec<_>>().join(", "));
        quote!(#[doc = #about] #arm { #(#fields),* })
    });
    enumeration(definition, "exclusive_object", &quote!(), rows)
}

/// The type of a property that excludes others: without a value it is not sent at all, so null needs no type of its own.
fn exclusive_type(field: &Field) -> TokenStream {
    let ty = types::plain(&field.ty);
    if field.nullable { quote!(Option<#ty>) } else { ty }
}

pub(super) fn map(definition: &TypeDef, key: &TypeRef, value: &TypeRef, nullable: bool) -> Vec<TokenStream> {
    let (name, about) =
        (format_ident!("{}", definition.name), docs_with_program(&definition.docs, &definition.example_code));
    let (key, value, nullable) = (types::plain(key), types::plain(value), nullable.then(|| quote!(nullable)));
    vec![quote!(map_object! { #about pub struct #name(#key => #nullable #value); })]
}

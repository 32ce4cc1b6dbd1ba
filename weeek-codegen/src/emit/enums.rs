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
    let (traits, ty) = (scalar_traits(ty), types::plain(ty));
    vec![quote!(#about #[derive(#traits)] pub struct #name(#ty);), quote!(#table!(#name);)]
}

/// The traits of a type that is one integer or one string.
fn scalar_traits(ty: &TypeRef) -> TokenStream {
    let copy = (*ty == TypeRef::Integer).then(|| quote!(Copy,));
    quote!(Clone, #copy Debug, PartialEq, Eq, PartialOrd, Ord, Hash)
}

pub(super) fn string_enum(definition: &TypeDef, variants: &[Variant<String>]) -> Vec<TokenStream> {
    scalar_enum(definition, variants, &TypeRef::String, "string_enum", |value| Literal::string(value))
}

pub(super) fn integer_enum(definition: &TypeDef, variants: &[Variant<i64>]) -> Vec<TokenStream> {
    scalar_enum(definition, variants, &TypeRef::Integer, "integer_enum", |value| Literal::i64_unsuffixed(*value))
}

fn scalar_enum<T: ToString>(
    definition: &TypeDef,
    variants: &[Variant<T>],
    ty: &TypeRef,
    table: &str,
    literal: fn(&T) -> Literal,
) -> Vec<TokenStream> {
    let (name, table) = (format_ident!("{}", definition.name), format_ident!("{table}"));
    let arms = variants.iter().map(|variant| {
        let (name, about) = (format_ident!("{}", variant.name), format!(" {}", code(&variant.value.to_string())));
        quote!(#[doc = #about] #name)
    });
    let pairs = variants.iter().map(|variant| {
        let (name, value) = (format_ident!("{}", variant.name), literal(&variant.value));
        quote!(#name = #value)
    });
    let unknown = (" A value that this version does not know, kept unchanged.", ty);
    let item = enumeration(definition, &scalar_traits(ty), arms, Some(unknown));
    vec![item, quote!(#table!(#name { #(#pairs),* });)]
}

/// An enum with these variants, and with one for values without a variant: its docs and its type.
fn enumeration(
    definition: &TypeDef,
    traits: &TokenStream,
    arms: impl Iterator<Item = TokenStream>,
    unknown: Option<(&str, &TypeRef)>,
) -> TokenStream {
    let (name, about) = (format_ident!("{}", definition.name), docs(&definition.docs));
    let unknown = unknown.map(|(about, ty)| {
        let ty = types::plain(ty);
        quote!(#[doc = #about] Unknown(#ty),)
    });
    quote! {
        #about
        #[derive(#traits)]
        #[non_exhaustive]
        pub enum #name { #(#arms,)* #unknown }
    }
}

/// An enum of objects and other values.
fn choice(
    definition: &TypeDef,
    arms: impl Iterator<Item = TokenStream>,
    unknown: Option<(&str, &TypeRef)>,
) -> TokenStream {
    enumeration(definition, &quote!(Clone, Debug, PartialEq), arms, unknown)
}

/// Objects told apart by a property of theirs; an object with an unknown value there is kept as JSON.
pub(super) fn tagged(definition: &TypeDef, tag: &str, variants: &[TaggedVariant]) -> Vec<TokenStream> {
    let (name, field) = (format_ident!("{}", definition.name), naming::snake_name(tag));
    let arms = variants.iter().map(|variant| {
        let (name, ty) = (format_ident!("{}", variant.name), format_ident!("{}", variant.ty));
        let values = variant.values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", ");
        let about = format!(" {} is {values}.", code(&field));
        quote!(#[doc = #about] #name(#ty))
    });
    let unknown = (" A variant that this version does not know, kept unchanged.", &TypeRef::Json);
    let mut items = vec![choice(definition, arms, Some(unknown))];
    for variant in variants.iter().filter(|_| definition.in_request) {
        let (arm, ty) = (format_ident!("{}", variant.name), format_ident!("{}", variant.ty));
        items.push(conversion(&name, &quote!(#ty), &quote!(Self::#arm(value))));
    }
    if definition.in_response {
        let forms = variants.iter().map(|variant| {
            let (name, values) = (format_ident!("{}", variant.name), &variant.values);
            quote!(#(#values)|* => #name)
        });
        items.push(quote!(response_object!(#name by #tag { #(#forms),* });));
    } else {
        let arms = variants.iter().map(|variant| format_ident!("{}", variant.name));
        items.push(quote!(variant_object!(#name { #(#arms),* });));
    }
    items
}

/// Values told apart by a sibling; a value that does not fit is kept as JSON.
pub(super) fn content(definition: &TypeDef, variants: &[SiblingVariant]) -> Vec<TokenStream> {
    let name = format_ident!("{}", definition.name);
    let arms = variants.iter().map(|variant| {
        let (about, name, ty) = (docs(&variant.docs), format_ident!("{}", variant.name), types::plain(&variant.ty));
        quote!(#about #name(#ty))
    });
    let reads = variants.iter().map(|variant| {
        let (name, tag) = (format_ident!("{}", variant.name), &variant.value);
        quote!(#tag => #name)
    });
    let unknown = (" A value that does not fit its type, kept unchanged.", &TypeRef::Json);
    let mut items = vec![choice(definition, arms, Some(unknown)), quote!(tagged_by_sibling!(#name { #(#reads),* });)];
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
    let name = format_ident!("{}", definition.name);
    let arms = fields.iter().map(|field| {
        let (about, arm) = (docs(&field.docs), format_ident!("{}", field.name));
        let ty = types::plain(&field.ty);
        let ty = if field.nullable { quote!(Option<#ty>) } else { ty };
        quote!(#about #arm(#ty))
    });
    let rows = fields.iter().map(|field| {
        let (arm, key) = (format_ident!("{}", field.name), &field.wire_name);
        let dotted = types::dotted(field);
        quote!(#arm = #key #dotted)
    });
    vec![choice(definition, arms, None), quote!(exclusive_object!(#name { #(#rows),* });)]
}

/// Exactly one group of properties of several; a group is always sent whole.
pub(super) fn groups(definition: &TypeDef, groups: &[Group]) -> Vec<TokenStream> {
    let name = format_ident!("{}", definition.name);
    let arms = groups.iter().map(|group| {
        let arm = format_ident!("{}", group.name);
        let fields = group.fields.iter().map(|field| {
            let (about, name, ty) = (docs(&field.docs), format_ident!("{}", field.name), types::plain(&field.ty));
            let ty = if field.nullable { quote!(Option<#ty>) } else { ty };
            quote!(#about #name: #ty)
        });
        let about =
            format!(" {} together.", group.fields.iter().map(|field| code(&field.name)).collect::<Vec<_>>().join(", "));
        quote!(#[doc = #about] #arm { #(#fields,)* })
    });
    let rows = groups.iter().map(|group| {
        let arm = format_ident!("{}", group.name);
        let rows = group.fields.iter().map(|field| {
            let (name, key, dotted) = (format_ident!("{}", field.name), &field.wire_name, types::dotted(field));
            quote!(#name = #key #dotted)
        });
        quote!(#arm { #(#rows),* })
    });
    vec![choice(definition, arms, None), quote!(exclusive_object!(#name { #(#rows),* });)]
}

pub(super) fn map(definition: &TypeDef, key: &TypeRef, value: &TypeRef, nullable: bool) -> Vec<TokenStream> {
    let (name, about) =
        (format_ident!("{}", definition.name), docs_with_program(&definition.docs, &definition.example_code));
    let (key, value) = (types::plain(key), types::plain(value));
    let held = if nullable { quote!(Option<#value>) } else { value.clone() };
    let some = if nullable { quote!(Some(value.into())) } else { quote!(value.into()) };
    let clear = nullable.then(|| {
        quote! {
            #[doc = " Sets null."]
            #[must_use]
            pub fn clear(mut self, key: impl Into<#key>) -> Self {
                self.0.insert(key.into(), None);
                self
            }
        }
    });
    let entries = types::map(&key, &held);
    vec![
        quote! {
            #about
            #[derive(Clone, Debug, Default, PartialEq)]
            pub struct #name(#entries);
        },
        quote!(map_object!(#name);),
        quote! {
            impl #name {
                #[doc = " Creates an empty value."]
                pub fn new() -> Self {
                    Self::default()
                }

                #[doc = " Sets a value."]
                #[must_use]
                pub fn set(mut self, key: impl Into<#key>, value: impl Into<#value>) -> Self {
                    self.0.insert(key.into(), #some);
                    self
                }
                #clear
            }
        },
    ]
}

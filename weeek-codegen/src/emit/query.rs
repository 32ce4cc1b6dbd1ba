//! The optional parameters of a list.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::docs;
use super::types;
use crate::ir::{Encoding, Parameter, TypeDef, TypeRef};

pub(super) fn query(definition: &TypeDef, parameters: &[Parameter], used_by: &TokenStream) -> Vec<TokenStream> {
    let (name, about) = (format_ident!("{}", definition.name), docs(&definition.docs));
    let rows = parameters.iter().map(|parameter| {
        let (about, name, key) = (docs(&parameter.docs), format_ident!("{}", parameter.name), &parameter.wire_name);
        let ty = types::plain(item(&parameter.ty));
        let fact = match parameter.encoding {
            Encoding::Plain => quote!(),
            Encoding::DottedDate => quote!(dotted),
            Encoding::List => quote!(list),
            Encoding::Objects => quote!(objects),
        };
        quote!(#about #name: #ty = #key #fact)
    });
    let renamed = parameters.iter().map(|parameter| {
        let name = format_ident!("{}", parameter.name);
        let (generics, ty) = types::filter(&parameter.ty);
        types::alias_setters(&parameter.aliases, &name, &generics, &ty)
    });
    let mut items = vec![quote!(query_object! { #about #used_by pub struct #name { #(#rows),* } })];
    items.extend(types::impl_of_aliases(&name, renamed));
    items
}

/// The type of one value of a parameter.
fn item(ty: &TypeRef) -> &TypeRef {
    if let TypeRef::List(item) = ty { item } else { ty }
}

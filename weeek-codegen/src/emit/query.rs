//! The optional parameters of a list.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::docs;
use super::types;
use crate::ir::{Encoding, Parameter, TypeDef, TypeRef};

pub(super) fn query(definition: &TypeDef, parameters: &[Parameter], used_by: &TokenStream) -> Vec<TokenStream> {
    let (name, about) = (format_ident!("{}", definition.name), docs(&definition.docs));
    let fields = parameters.iter().map(|parameter| {
        let (name, ty) = (format_ident!("{}", parameter.name), types::plain(&parameter.ty));
        if matches!(parameter.ty, TypeRef::List(_)) { quote!(#name: #ty) } else { quote!(#name: Option<#ty>) }
    });
    let setters = parameters.iter().map(|parameter| {
        let (about, name) = (docs(&parameter.docs), format_ident!("{}", parameter.name));
        let ty = types::argument(&parameter.ty, false);
        let value = types::convert(&parameter.ty, false, &quote!(#name));
        let value = if matches!(parameter.ty, TypeRef::List(_)) { value } else { quote!(Some(#value)) };
        let aliases = types::alias_setters(&parameter.aliases, &name, &ty);
        let setter = types::setter(&about, &name, &ty, &value);
        quote!(#setter #aliases)
    });
    let writes = parameters.iter().map(|parameter| {
        let (name, wire) = (format_ident!("{}", parameter.name), &parameter.wire_name);
        match parameter.encoding {
            Encoding::Plain => quote!(pairs.push_optional(#wire, self.#name.as_ref());),
            Encoding::DottedDate => quote!(pairs.push_optional(#wire, self.#name.map(Dotted).as_ref());),
            Encoding::List => quote!(pairs.push_list(#wire, &self.#name);),
            Encoding::Objects => quote!(pairs.push_objects(#wire, &self.#name);),
        }
    });
    vec![
        quote! {
            #about
            #used_by
            #[derive(Clone, Debug, Default, PartialEq)]
            #[must_use]
            pub struct #name { #(#fields,)* }
        },
        quote! {
            impl #name {
                #[doc = " Creates an empty set of parameters."]
                pub fn new() -> Self {
                    Self::default()
                }
                #(#setters)*
            }
        },
        quote! {
            impl Query for #name {
                #[inline]
                fn write(&self, pairs: &mut QueryPairs) {
                    #(#writes)*
                }
            }
        },
    ]
}

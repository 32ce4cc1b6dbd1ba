//! The only place that spells Rust types.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::ir::{Alias, Field, Presence, TypeRef};

/// The type itself.
pub(super) fn plain(ty: &TypeRef) -> TokenStream {
    match ty {
        TypeRef::Boolean => quote!(bool),
        TypeRef::Integer => quote!(i64),
        TypeRef::Number => quote!(f64),
        TypeRef::String => quote!(String),
        TypeRef::Date => quote!(jiff::civil::Date),
        TypeRef::Timestamp => quote!(jiff::Timestamp),
        TypeRef::Json => quote!(serde_json::Value),
        TypeRef::Named(name) => {
            let name = format_ident!("{name}");
            quote!(#name)
        }
        TypeRef::Boxed(name) => {
            let name = format_ident!("{name}");
            quote!(Box<#name>)
        }
        TypeRef::Nullable(item) => {
            let item = plain(item);
            quote!(Option<#item>)
        }
        TypeRef::List(item) => {
            let item = plain(item);
            quote!(Vec<#item>)
        }
        TypeRef::StringMap(value) => map(&plain(&TypeRef::String), &plain(value)),
    }
}

/// A map in the order of its keys.
pub(super) fn map(key: &TokenStream, value: &TokenStream) -> TokenStream {
    quote!(std::collections::BTreeMap<#key, #value>)
}

/// Whether a field that is read always has a value.
pub(super) fn always_there(field: &Field) -> bool {
    field.presence(true) == Presence::Always
}

/// The type of a field that is read.
pub(super) fn in_response(field: &Field) -> TokenStream {
    let ty = plain(&field.ty);
    if always_there(field) { ty } else { quote!(Option<#ty>) }
}

/// The type in the row of a field that is only written, and what the row says beside it: a list has the type of its items.
pub(super) fn request_row(field: &Field) -> (TokenStream, Option<TokenStream>) {
    let ty = plain(&field.ty);
    match &field.ty {
        TypeRef::List(item) if !field.nullable => (plain(item), Some(quote!(list))),
        _ if field.nullable => (quote!(Nullable<#ty>), dotted(field)),
        _ => (ty, dotted(field)),
    }
}

/// The type of an argument that accepts what a caller has at hand.
pub(super) fn argument(ty: &TypeRef, nullable: bool) -> TokenStream {
    match ty {
        TypeRef::Boolean if !nullable => quote!(bool),
        TypeRef::List(item) if !nullable => {
            let item = plain(item);
            quote!(impl IntoIterator<Item = impl Into<#item>>)
        }
        _ => {
            let ty = plain(ty);
            if nullable { quote!(impl Into<Nullable<#ty>>) } else { quote!(impl Into<#ty>) }
        }
    }
}

/// Whether a field that is read may be none although it is required.
pub(super) fn is_optional(field: &Field) -> bool {
    field.nullable && !always_there(field)
}

/// The type of an argument of `new`; what is read too holds `Option` where what is only written tells null from a value.
pub(super) fn new_argument(field: &Field, read_too: bool) -> TokenStream {
    if read_too && is_optional(field) {
        let ty = plain(&field.ty);
        return quote!(impl Into<Option<#ty>>);
    }
    setter_argument(field, read_too)
}

/// The type of a setter's argument. The tables of what is only written treat booleans like other types.
pub(super) fn setter_argument(field: &Field, read_too: bool) -> TokenStream {
    match field.ty {
        TypeRef::Boolean if !read_too && !field.nullable => quote!(impl Into<bool>),
        _ => argument(&field.ty, field.nullable && !read_too),
    }
}

/// The generic argument of the setter of a list's parameter, and the type of its argument.
pub(super) fn filter(ty: &TypeRef) -> (TokenStream, TokenStream) {
    if let TypeRef::List(_) = ty {
        return (quote!(), argument(ty, false));
    }
    let ty = plain(ty);
    (quote!(<M>), quote!(impl Filter<#ty, M>))
}

/// The conversion of such an argument.
pub(super) fn convert(ty: &TypeRef, nullable: bool, value: &TokenStream) -> TokenStream {
    match ty {
        TypeRef::Boolean if !nullable => value.clone(),
        TypeRef::List(_) if !nullable => quote!(#value.into_iter().map(Into::into).collect()),
        _ => quote!(#value.into()),
    }
}

/// The conversion, with the type spelled out.
pub(super) fn convert_into(ty: &TypeRef, nullable: bool, value: &TokenStream) -> TokenStream {
    let plain = plain(ty);
    match ty {
        TypeRef::Boolean if !nullable => value.clone(),
        TypeRef::List(_) if !nullable => quote!(#value.into_iter().map(Into::into).collect::<#plain>()),
        _ if nullable => quote!(Into::<Nullable<#plain>>::into(#value)),
        _ => quote!(Into::<#plain>::into(#value)),
    }
}

/// Marks a date that is written as dd.mm.yyyy.
pub(super) fn dotted(field: &Field) -> Option<TokenStream> {
    (field.dotted && field.ty == TypeRef::Date).then(|| quote!(dotted))
}

/// The attribute of a deprecated alias.
pub(super) fn renamed(now: &str, since: Option<&String>) -> TokenStream {
    let note = format!("renamed to `{now}`");
    let since = since.map(|version| quote!(since = #version,));
    quote!(#[deprecated(#since note = #note)])
}

/// Deprecated aliases of the setter `name`.
pub(super) fn alias_setters(
    aliases: &[Alias],
    name: &Ident,
    generics: &TokenStream,
    argument: &TokenStream,
) -> TokenStream {
    let about = format!(" Renamed to [`Self::{name}`].");
    // A property that kept its name in Rust has only former keys.
    let aliases = aliases.iter().filter(|alias| name != &alias.name).map(|alias| {
        let (renamed, old) = (renamed(&name.to_string(), alias.since.as_ref()), format_ident!("{}", alias.name));
        quote! {
            #[doc = #about]
            #renamed
            pub fn #old #generics(self, #name: #argument) -> Self {
                self.#name(#name)
            }
        }
    });
    quote!(#(#aliases)*)
}

/// The impl of such aliases, if there are any.
pub(super) fn impl_of_aliases(name: &Ident, setters: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let setters: TokenStream = setters.collect();
    (!setters.is_empty()).then(|| quote!(impl #name { #setters }))
}

/// A date, as `yyyy-mm-dd` or `dd.mm.yyyy`.
pub(super) fn date(text: &str) -> Option<TokenStream> {
    let parts: Vec<i16> = text.split(['-', '.']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let is_dotted = text.contains('.');
    let [year, month, day] = parts[..] else { return None };
    let (year, day) = if is_dotted { (day, year) } else { (year, day) };
    let [year, month, day] = [year, month, day].map(proc_macro2::Literal::i16_unsuffixed);
    Some(quote!(date(#year, #month, #day)))
}

/// What `date` needs.
pub(super) fn date_import() -> TokenStream {
    quote!(
        use weeek_generated::jiff::civil::date;
    )
}

/// A timestamp.
pub(super) fn timestamp(text: &str) -> TokenStream {
    quote!(#text.parse::<weeek_generated::jiff::Timestamp>().unwrap())
}

/// Any JSON that is also Rust.
pub(super) fn json(value: &serde_json::Value) -> Option<TokenStream> {
    let value: TokenStream = value.to_string().parse().ok()?;
    Some(quote!(serde_json::json!(#value)))
}

//! Values of examples as Rust expressions. `None` stands for a value that does not fit its type, which `lint` reports.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use super::types;
use crate::ir::{Api, Field, Struct, TypeDef, TypeKind, TypeRef};

/// Writes values for a client.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) api: &'a Api,
    /// How many optional properties of an object to set.
    pub(super) most: usize,
}

impl Values<'_> {
    /// A value for an argument that accepts everything that converts into the type.
    pub(super) fn argument(self, ty: &TypeRef, nullable: bool, value: &Value) -> Option<TokenStream> {
        Some(match (ty, value) {
            (_, Value::Null) if nullable => quote!(None),
            (TypeRef::Number, value) => integer(value).or_else(|| number(value))?,
            (TypeRef::String, Value::String(text)) => quote!(#text),
            (TypeRef::List(item), Value::Array(items)) if !nullable && !items.is_empty() => {
                let items = items.iter().map(|value| self.argument(item, false, value)).collect::<Option<Vec<_>>>()?;
                quote!([#(#items),*])
            }
            (TypeRef::Named(name), value) => {
                let definition = self.api.types.get(name)?;
                match definition.kind {
                    TypeKind::Tagged { .. } | TypeKind::TaggedBySibling { .. } if nullable => self.exact(ty, value)?,
                    _ => self.named(definition, value)?,
                }
            }
            _ => self.exact(ty, value)?,
        })
    }

    /// A value of the type itself.
    fn exact(self, ty: &TypeRef, value: &Value) -> Option<TokenStream> {
        Some(match (ty, value) {
            (TypeRef::Nullable(_), Value::Null) => quote!(None),
            (TypeRef::Nullable(item), value) => {
                let value = self.exact(item, value)?;
                quote!(Some(#value))
            }
            (TypeRef::Boolean, value) => {
                // A query has 0 and 1.
                let value = value.as_bool().or(value.as_i64().map(|number| number != 0))?;
                quote!(#value)
            }
            (TypeRef::Integer, value) => integer(value)?,
            (TypeRef::Number, value) => number(value)?,
            (TypeRef::String, Value::String(text)) => quote!(#text.to_owned()),
            (TypeRef::Date, Value::String(text)) => types::date(text)?,
            (TypeRef::Timestamp, Value::String(text)) => types::timestamp(text),
            (TypeRef::Json, value) => types::json(value)?,
            (TypeRef::List(item), Value::Array(items)) => {
                let ty = types::plain(ty);
                let items = items.iter().map(|value| self.exact(item, value)).collect::<Option<Vec<_>>>()?;
                if items.is_empty() { quote!(<#ty>::new()) } else { quote!(vec![#(#items),*]) }
            }
            (TypeRef::StringMap(item), Value::Object(entries)) => {
                let pair = |(key, value)| self.exact(item, value).map(|value| quote!((#key.to_owned(), #value)));
                let (ty, pairs) = (types::plain(ty), entries.iter().map(pair).collect::<Option<Vec<_>>>()?);
                quote!(<#ty>::from([#(#pairs),*]))
            }
            (TypeRef::Named(name), value) => {
                let (definition, ty) = (self.api.types.get(name)?, types::plain(ty));
                let argument = self.named(definition, value)?;
                match definition.kind {
                    TypeKind::IntegerId
                    | TypeKind::StringId
                    | TypeKind::Tagged { .. }
                    | TypeKind::TaggedBySibling { .. } => quote!(#ty::from(#argument)),
                    _ => argument,
                }
            }
            _ => return None,
        })
    }

    fn named(self, definition: &TypeDef, value: &Value) -> Option<TokenStream> {
        let name = format_ident!("{}", definition.name);
        Some(match (&definition.kind, value) {
            (TypeKind::IntegerId, value) => integer(value)?,
            (TypeKind::StringId, Value::String(text)) => quote!(#text),
            (TypeKind::StringEnum(variants), Value::String(text)) => {
                let variant = format_ident!("{}", variants.iter().find(|variant| variant.value == *text)?.name);
                quote!(#name::#variant)
            }
            (TypeKind::IntegerEnum(variants), value) => {
                let value = value.as_i64()?;
                let variant = format_ident!("{}", variants.iter().find(|variant| variant.value == value)?.name);
                quote!(#name::#variant)
            }
            (TypeKind::Struct(body), Value::Object(value)) => self.object(definition, body, value)?,
            (TypeKind::Tagged { tag, variants }, value) => {
                let tag = value.get(tag)?.as_str()?;
                let variant = variants.iter().find(|variant| variant.values.iter().any(|value| value == tag))?;
                self.named(self.api.types.get(&variant.ty)?, value)?
            }
            (TypeKind::TaggedBySibling { variants, .. }, value) => {
                let has = |ty: &TypeRef| variants.iter().any(|variant| variant.ty == *ty);
                match value {
                    Value::String(text) if has(&TypeRef::String) => quote!(#text),
                    Value::Bool(value) if has(&TypeRef::Boolean) => quote!(#value),
                    _ => {
                        let fits = |variant: &crate::ir::SiblingVariant| {
                            Some((format_ident!("{}", variant.name), self.exact(&variant.ty, value)?))
                        };
                        let (variant, value) = variants.iter().find_map(fits)?;
                        quote!(#name::#variant(#value))
                    }
                }
            }
            (TypeKind::OneOf(fields), Value::Object(value)) => {
                let field = fields.iter().find(|field| value.contains_key(&field.wire_name))?;
                let (variant, value) = (format_ident!("{}", field.name), self.held(field, value)?);
                quote!(#name::#variant(#value))
            }
            (TypeKind::ExclusiveGroups(groups), Value::Object(value)) => {
                let is_given = |field: &Field| value.contains_key(&field.wire_name);
                let group = groups.iter().find(|group| group.fields.iter().any(is_given))?;
                let fields = group.fields.iter().map(|field| {
                    let (name, value) = (format_ident!("{}", field.name), self.held(field, value)?);
                    Some(quote!(#name: #value))
                });
                let (variant, fields) = (format_ident!("{}", group.name), fields.collect::<Option<Vec<_>>>()?);
                quote!(#name::#variant { #(#fields),* })
            }
            (TypeKind::Map { key, value: ty, .. }, Value::Object(entries)) => {
                let sets = entries.iter().map(|(name, value)| {
                    let key = self.argument(key, false, &Value::String(name.clone()))?;
                    if value.is_null() {
                        return Some(quote!(.clear(#key)));
                    }
                    let value = self.argument(ty, false, value)?;
                    Some(quote!(.set(#key, #value)))
                });
                let sets = sets.collect::<Option<Vec<_>>>()?;
                quote!(#name::new() #(#sets)*)
            }
            _ => return None,
        })
    }

    /// The value of a field that holds `Option` where it is nullable.
    fn held(self, field: &Field, object: &Map<String, Value>) -> Option<TokenStream> {
        match object.get(&field.wire_name) {
            None | Some(Value::Null) => field.nullable.then(|| quote!(None)),
            Some(value) => {
                let value = self.exact(&field.ty, value)?;
                Some(if field.nullable { quote!(Some(#value)) } else { value })
            }
        }
    }

    /// `new` with what is required, and the setters of what the example has.
    fn object(self, definition: &TypeDef, body: &Struct, object: &Map<String, Value>) -> Option<TokenStream> {
        let (name, read_too) = (format_ident!("{}", definition.name), definition.in_response);
        let required = body.fields.iter().filter(|field| field.required).map(|field| {
            let value = object.get(&field.wire_name).unwrap_or(&Value::Null);
            match value {
                Value::Null if read_too && types::is_optional(field) => Some(quote!(None)),
                value if read_too && types::is_optional(field) => self.exact(&field.ty, value),
                value => self.argument(&field.ty, field.nullable && !read_too, value),
            }
        });
        let required = required.collect::<Option<Vec<_>>>()?;
        let setters = body.fields.iter().filter(|field| !field.required).filter_map(|field| {
            let (value, setter) = (object.get(&field.wire_name)?, format_ident!("{}", field.name));
            let value = self.argument(&field.ty, field.nullable && !read_too, value)?;
            Some(quote!(.#setter(#value)))
        });
        let choices = body.choices.iter().filter_map(|choice| {
            let setter = format_ident!("{}", choice.name);
            let value = self.named(self.api.types.get(&choice.ty)?, &Value::Object(object.clone()))?;
            Some(quote!(.#setter(#value)))
        });
        let setters = setters.chain(choices).take(self.most);
        Some(quote!(#name::new(#(#required),*) #(#setters)*))
    }
}

/// A number without a fraction: without a suffix where the compiler finds the type alone.
fn integer(value: &Value) -> Option<TokenStream> {
    let value = value.as_i64()?;
    let literal =
        if i32::try_from(value).is_ok() { Literal::i64_unsuffixed(value) } else { Literal::i64_suffixed(value) };
    Some(quote!(#literal))
}

fn number(value: &Value) -> Option<TokenStream> {
    let literal = Literal::f64_unsuffixed(value.as_f64()?);
    Some(quote!(#literal))
}

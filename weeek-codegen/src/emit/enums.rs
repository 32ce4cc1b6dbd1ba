//! Ids, enumerations and choices.

use quote::{format_ident, quote};

use super::docs::{code, prose, with_program};
use super::types;
use crate::ir::{Field, Group, SiblingVariant, TaggedVariant, TypeDef, TypeRef, Variant};
use crate::naming;
use crate::source::{Docs, Source, tokens};

/// The table of a type without rows.
pub(super) fn one_line(out: &mut Source, definition: &TypeDef, table: &str, inside: &str) {
    out.open(&format!("{table}! {{"));
    out.docs(&with_program(&definition.docs, &definition.example_code));
    out.line(&format!("pub struct {}({inside});", definition.name));
    out.close("}");
}

/// The table of an enum. `by` tells what selects a variant.
fn enumeration(out: &mut Source, definition: &TypeDef, table: &str, by: &str, rows: impl FnOnce(&mut Source)) {
    out.open(&format!("{table}! {{"));
    out.docs(&prose(&definition.docs));
    out.open(&format!("pub enum {}{by} {{", definition.name));
    rows(out);
    out.close("}");
    out.close("}");
}

/// An enumeration of strings or integers.
pub(super) fn scalar<T: std::fmt::Debug + ToString>(
    out: &mut Source,
    definition: &TypeDef,
    variants: &[Variant<T>],
    table: &str,
) {
    enumeration(out, definition, table, "", |out| {
        for Variant { name, value } in variants {
            out.docs(&code(&value.to_string()));
            out.line(&format!("{name} = {value:?},"));
        }
    });
}

/// Objects whose variant one of their properties selects; an object with an unknown value of it is kept as JSON.
pub(super) fn tagged(out: &mut Source, definition: &TypeDef, tag: &str, variants: &[TaggedVariant]) {
    let field = code(&naming::snake_name(tag));
    enumeration(out, definition, "tagged_object", &format!(" by {tag:?}"), |out| {
        for TaggedVariant { name, ty, values } in variants {
            let list = values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", ");
            let values = values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(" | ");
            out.docs(&format!("{field} is {list}."));
            out.line(&format!("{name}({ty}) = {values},"));
        }
    });
}

/// Values whose variant a sibling selects; a value that does not fit is kept as JSON.
pub(super) fn content(out: &mut Source, definition: &TypeDef, variants: &[SiblingVariant]) {
    enumeration(out, definition, "tagged_by_sibling", "", |out| {
        for SiblingVariant { name, value, docs, ty } in variants {
            out.docs(&prose(docs));
            out.line(&format!("{name}({}) = {value:?},", types::plain(ty)));
        }
    });
    if definition.in_request {
        conversions(out, &definition.name, variants);
    }
}

/// Conversions of what a caller has at hand: each type makes the first variant that holds it, for those that hold the same
/// look the same on the wire.
fn conversions(out: &mut Source, name: &str, variants: &[SiblingVariant]) {
    for (at, SiblingVariant { name: variant, ty, .. }) in variants.iter().enumerate() {
        if *ty == TypeRef::Json || variants[..at].iter().any(|earlier| earlier.ty == *ty) {
            continue;
        }
        conversion(out, name, &types::plain(ty), &format!("Self::{variant}(value)"));
        let lesser = match ty {
            TypeRef::String => "&str",
            TypeRef::Integer | TypeRef::Number => "i32",
            _ => continue,
        };
        conversion(out, name, lesser, &format!("Self::{variant}(value.into())"));
    }
}

fn conversion(out: &mut Source, name: &str, from: &str, value: &str) {
    let (name, from, value) = (format_ident!("{name}"), tokens(from), tokens(value));
    let item = quote! {
        impl From<#from> for #name {
            fn from(value: #from) -> Self {
                #value
            }
        }
    };
    out.blank();
    out.item(item, &Docs::default());
}

/// Exactly one property of several.
pub(super) fn one_of(out: &mut Source, definition: &TypeDef, fields: &[Field]) {
    enumeration(out, definition, "exclusive_object", "", |out| {
        for field in fields {
            let Field { name, wire_name, docs, .. } = field;
            out.docs(&prose(docs));
            out.line(&format!("{name}({}) = {wire_name:?}{},", exclusive_type(field), types::dotted(field)));
        }
    });
}

/// Exactly one group of properties of several; a group is always sent whole.
pub(super) fn groups(out: &mut Source, definition: &TypeDef, groups: &[Group]) {
    enumeration(out, definition, "exclusive_object", "", |out| {
        for Group { name, fields } in groups {
            let names = fields.iter().map(|field| code(&field.name)).collect::<Vec<_>>().join(", ");
            out.docs(&format!("{names} together."));
            out.open(&format!("{name} {{"));
            for field in fields {
                let Field { name, wire_name, docs, .. } = field;
                out.docs(&prose(docs));
                out.line(&format!("{name}: {} = {wire_name:?}{},", exclusive_type(field), types::dotted(field)));
            }
            out.close("},");
        }
    });
}

/// The type of a property that excludes others: without a value it is not sent at all, so null needs no type of its own.
fn exclusive_type(field: &Field) -> String {
    let ty = types::plain(&field.ty);
    if field.nullable { format!("Option<{ty}>") } else { ty }
}

/// What is between the brackets of a map.
pub(super) fn map(key: &TypeRef, value: &TypeRef, nullable: bool) -> String {
    let nullable = if nullable { "nullable " } else { "" };
    format!("{} => {nullable}{}", types::plain(key), types::plain(value))
}

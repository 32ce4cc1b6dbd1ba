//! The types of one resource.

use std::collections::BTreeSet;

use quote::{format_ident, quote};

use super::docs::{list, prose, with_program};
use super::{IMPORTS, enums, query, types};
use crate::ir::{Api, Field, Resource, Struct, TypeDef, TypeKind, TypeRef};
use crate::source::{Docs, Source, tokens};

/// Whether the resource has a type that a request or a response uses.
pub(super) fn any(api: &Api, resource: &Resource) -> bool {
    used(api, resource).next().is_some()
}

pub(super) fn used<'a>(api: &'a Api, resource: &'a Resource) -> impl Iterator<Item = &'a TypeDef> {
    resource.types.iter().filter_map(|name| api.types.get(name)).filter(|ty| ty.in_request || ty.in_response)
}

/// `models/<resource>.rs`
pub(super) fn file(api: &Api, resource: &Resource) -> (String, String) {
    let mut out = Source::new();
    out.blank();
    IMPORTS.iter().for_each(|line| out.line(line));
    for definition in used(api, resource) {
        out.blank();
        items(&mut out, api, definition);
    }
    (format!("models/{}.rs", resource.name), out.into_text())
}

fn items(out: &mut Source, api: &Api, definition: &TypeDef) {
    let name = &definition.name;
    match &definition.kind {
        TypeKind::IntegerId => enums::one_line(out, definition, "integer_id", &types::plain(&TypeRef::Integer)),
        TypeKind::StringId => enums::one_line(out, definition, "string_id", &types::plain(&TypeRef::String)),
        TypeKind::StringEnum(variants) => enums::scalar(out, definition, variants, "string_enum"),
        TypeKind::IntegerEnum(variants) => enums::scalar(out, definition, variants, "integer_enum"),
        TypeKind::Tagged { tag, variants } => enums::tagged(out, definition, tag, variants),
        TypeKind::TaggedBySibling { variants, .. } => enums::content(out, definition, variants),
        TypeKind::OneOf(fields) => enums::one_of(out, definition, fields),
        TypeKind::ExclusiveGroups(groups) => enums::groups(out, definition, groups),
        TypeKind::Map { key, value, nullable } => {
            enums::one_line(out, definition, "map_object", &enums::map(key, value, *nullable));
        }
        TypeKind::Query(parameters) => query::query(out, definition, parameters, &docs(definition)),
        TypeKind::Struct(body) if definition.in_response => response_struct(out, api, definition, body),
        TypeKind::Struct(body) => request_struct(out, definition, body),
    }
    if definition.example.is_some() {
        out.line(&format!("example!({name});"));
    }
    for alias in &definition.aliases {
        let texts = Docs::default();
        let about = texts.keep(format!("Renamed to [`{name}`]."));
        let renamed = types::renamed(name, alias.since.as_ref());
        let (old, now) = (format_ident!("{}", alias.name), format_ident!("{name}"));
        out.blank();
        out.item(quote!(#about #renamed pub type #old = #now;), &texts);
    }
}

/// The docs of a struct, with links to the functions that return it, or else that take it.
fn docs(definition: &TypeDef) -> String {
    let mut docs = with_program(&definition.docs, &definition.example_code);
    let TypeDef { in_response, returned_by, used_by, .. } = definition;
    let (text, functions) = if *in_response { ("Returned by", returned_by) } else { ("Used by", used_by) };
    if !functions.is_empty() {
        let links = functions.iter().map(|path| format!("[`{path}`](crate::endpoints::{path})"));
        docs.extend(["\n\n", text, " ", &links.collect::<Vec<_>>().join(", "), "."]);
    }
    docs
}

/// The docs of a field or setter, and whether Weeek deprecates it.
fn field_docs(out: &mut Source, field: &Field) {
    out.docs(&prose(&field.docs));
    if field.deprecated {
        out.line("#[deprecated]");
    }
}

/// A struct that is read, and perhaps written too. Fields whose type depends on a sibling stand below all others.
fn response_struct(out: &mut Source, api: &Api, definition: &TypeDef, body: &Struct) {
    let sibling_of = |field: &Field| {
        let key = sibling_tag_of(api, field)?;
        let sibling = body.fields.iter().find(|field| field.wire_name == key)?;
        Some(&*sibling.name)
    };
    let rows = |out: &mut Source, sibling| {
        for field in body.fields.iter().filter(|field| sibling_of(field) == sibling) {
            let Field { name, wire_name, .. } = field;
            field_docs(out, field);
            out.line(&format!("pub {name}: {} = {wire_name:?}{},", types::in_response(field), facts(field)));
        }
    };
    out.open("response_object! {");
    out.docs(&docs(definition));
    out.open(&format!("pub struct {} {{", definition.name));
    rows(out, None);
    for sibling in body.fields.iter().filter_map(sibling_of).collect::<BTreeSet<_>>() {
        out.reopen(&format!("}} by {sibling} {{"));
        rows(out, Some(sibling));
    }
    if body.fields.iter().any(|field| !field.aliases.is_empty()) {
        out.reopen("} former {");
        body.fields.iter().for_each(|field| former_keys(out, field));
    }
    out.close("}");
    out.close("}");
    if definition.in_request {
        builder(out, &definition.name, body);
    }
}

/// A row for each former key of a field. No field has two underscores at the end of its name.
fn former_keys(out: &mut Source, field: &Field) {
    let name = &field.name;
    for (alias, underscores) in field.aliases.iter().zip(2..) {
        let former = "_".repeat(underscores);
        out.line(&format!("{name}{former} = {:?} before {name}{},", alias.wire_name, facts(field)));
    }
}

/// What the spec says of the presence of a field. A field without a type may be null.
fn facts(field: &Field) -> &'static str {
    match (field.required, field.nullable || field.ty == TypeRef::Json) {
        (true, true) => " required nullable",
        (true, false) => " required",
        (false, true) => " nullable",
        (false, false) => "",
    }
}

/// The sibling that tells how the field's value is to be read, where the field is of that kind.
fn sibling_tag_of<'a>(api: &'a Api, field: &Field) -> Option<&'a str> {
    match &api.types.get(field.ty.named()?)?.kind {
        TypeKind::TaggedBySibling { tag, .. } => Some(tag),
        _ => None,
    }
}

/// A struct that is only written.
fn request_struct(out: &mut Source, definition: &TypeDef, body: &Struct) {
    let row = |field: &Field| {
        let (ty, fact) = types::request_row(field);
        format!("{}: {ty} = {:?}{fact}", field.name, field.wire_name)
    };
    let (required, optional): (Vec<_>, Vec<_>) = body.fields.iter().partition(|field| field.required);
    out.open("request_object! {");
    out.docs(&docs(definition));
    out.open(&format!("pub struct {} {{", definition.name));
    if !required.is_empty() {
        out.docs(&new_docs(&required));
        let rows: Vec<_> = required.iter().map(|field| row(field)).collect();
        out.nested("new", &rows);
    }
    for field in &optional {
        field_docs(out, field);
        out.line(&format!("{},", row(field)));
    }
    for choice in &body.choices {
        out.docs(&format!("See [`{}`].", choice.ty));
        out.line(&format!("{}: {},", choice.name, choice.ty));
    }
    out.close("}");
    out.close("}");
    let texts = Docs::default();
    let renamed = optional.iter().map(|field| {
        types::alias_setters(&field.aliases, &field.name, "", &types::setter_argument(field, false), &texts)
    });
    types::methods(out, &definition.name, &renamed.collect(), &texts);
}

fn new_docs(required: &[&Field]) -> String {
    if required.is_empty() {
        return "Creates an empty value.".to_owned();
    }
    prose(&format!("Required:\n\n{}", list(required.iter().map(|field| (&*field.name, &*field.docs)))))
}

/// For a struct that is read too: `new` with what is required, and a setter for everything else.
fn builder(out: &mut Source, name: &str, body: &Struct) {
    let texts = Docs::default();
    let (required, optional): (Vec<_>, Vec<_>) = body.fields.iter().partition(|field| field.required);
    let about = texts.keep(new_docs(&required));
    let arguments = required.iter().map(|field| {
        let (name, ty) = (format_ident!("{}", field.name), tokens(&types::new_argument(field, true)));
        quote!(#name: #ty)
    });
    let values = body.fields.iter().map(|field| {
        let name = format_ident!("{}", field.name);
        let value = match field.ty {
            _ if field.required => tokens(&types::convert(&field.ty, types::is_optional(field), &field.name)),
            TypeRef::List(_) => quote!(Vec::new()),
            TypeRef::StringMap(_) => quote!(std::collections::BTreeMap::new()),
            _ => quote!(None),
        };
        let is_wrapped = field.required && !field.nullable && !types::always_there(field);
        if is_wrapped { quote!(#name: Some(#value)) } else { quote!(#name: #value) }
    });
    let new = quote! {
        #about
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values,)* extra: Extra::default() }
        }
    };
    let setters = optional.iter().map(|field| {
        let about = texts.keep(prose(&field.docs));
        let deprecated = field.deprecated.then(|| quote!(#[deprecated]));
        let (name, ty) = (format_ident!("{}", field.name), types::setter_argument(field, true));
        let value = tokens(&types::convert(&field.ty, false, &field.name));
        let value = if types::always_there(field) { value } else { quote!(Some(#value)) };
        let (argument, aliases) = (tokens(&ty), types::alias_setters(&field.aliases, &field.name, "", &ty, &texts));
        quote! {
            #about
            #deprecated
            #[must_use]
            pub fn #name(mut self, #name: #argument) -> Self {
                self.#name = #value;
                self
            }
            #aliases
        }
    });
    types::methods(out, name, &[new].into_iter().chain(setters).collect(), &texts);
}

//! The only place that spells Rust types.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::{Alias, Body, Field, Operation, Presence, Response, TypeRef};
use crate::source::{Docs, Source, literal, tokens};

/// The type itself.
pub(crate) fn plain(ty: &TypeRef) -> String {
    match ty {
        TypeRef::Boolean => "bool".to_owned(),
        TypeRef::Integer => "i64".to_owned(),
        TypeRef::Number => "f64".to_owned(),
        TypeRef::String => "String".to_owned(),
        TypeRef::Date => "jiff::civil::Date".to_owned(),
        TypeRef::Timestamp => "jiff::Timestamp".to_owned(),
        TypeRef::Json => "serde_json::Value".to_owned(),
        TypeRef::Named(name) => name.clone(),
        TypeRef::Boxed(name) => format!("Box<{name}>"),
        TypeRef::Nullable(item) => format!("Option<{}>", plain(item)),
        TypeRef::List(item) => format!("Vec<{}>", plain(item)),
        TypeRef::StringMap(value) => format!("std::collections::BTreeMap<String, {}>", plain(value)),
    }
}

/// Whether a field that is read always has a value.
pub(super) fn always_there(field: &Field) -> bool {
    field.presence(true) == Presence::Always
}

/// The type of a public field.
pub(crate) fn in_response(field: &Field) -> String {
    let ty = plain(&field.ty);
    if always_there(field) { ty } else { format!("Option<{ty}>") }
}

/// The type in the row of a field that is only written, and what the row says beside it: a list has the type of its items.
pub(super) fn request_row(field: &Field) -> (String, &'static str) {
    let ty = plain(&field.ty);
    match &field.ty {
        TypeRef::List(item) if !field.nullable => (plain(item), " list"),
        _ if field.nullable => (format!("Nullable<{ty}>"), dotted(field)),
        _ => (ty, dotted(field)),
    }
}

/// The type of an argument that accepts what a caller has at hand.
fn argument(ty: &TypeRef, nullable: bool) -> String {
    match ty {
        TypeRef::Boolean if !nullable => "bool".to_owned(),
        TypeRef::List(item) if !nullable => format!("impl IntoIterator<Item = impl Into<{}>>", plain(item)),
        _ if nullable => format!("impl Into<Nullable<{}>>", plain(ty)),
        _ => format!("impl Into<{}>", plain(ty)),
    }
}

/// The arguments of a function, each with its type.
pub(crate) fn arguments(operation: &Operation) -> Vec<(&str, String)> {
    let parameters = operation.path_parameters.iter().chain(&operation.required_query);
    let parameters = parameters.map(|parameter| (parameter.name.as_str(), argument(&parameter.ty, false)));
    let query = operation.query.iter().map(|query| ("query", format!("impl Borrow<{query}>")));
    let body = match &operation.body {
        Body::None => Vec::new(),
        Body::Json(name) => vec![("body", format!("impl Borrow<{name}>"))],
        Body::Files(_) => vec![("files", "impl IntoIterator<Item = Upload>".to_owned())],
        Body::Arguments(fields) => {
            fields.iter().map(|field| (field.name.as_str(), argument(&field.ty, field.nullable))).collect()
        }
    };
    parameters.chain(query).chain(body).collect()
}

/// The type of the value of a call.
pub(crate) fn value(response: &Response) -> String {
    match response {
        Response::Unit => "()".to_owned(),
        Response::Item { ty, required, .. } if *required || matches!(ty, TypeRef::List(_)) => plain(ty),
        Response::Item { ty, .. } => format!("Option<{}>", plain(ty)),
        Response::Page { item, .. } => format!("Page<{}>", plain(item)),
        Response::Body(ty) => plain(ty),
    }
}

/// Whether a field that is read may be none although it is required.
pub(super) fn is_optional(field: &Field) -> bool {
    field.nullable && !always_there(field)
}

/// The type of an argument of `new`; what is read too holds `Option` where what is only written tells null from a value.
pub(crate) fn new_argument(field: &Field, read_too: bool) -> String {
    if read_too && is_optional(field) {
        return format!("impl Into<Option<{}>>", plain(&field.ty));
    }
    setter_argument(field, read_too)
}

/// The type of a setter's argument. The tables of what is only written treat booleans like other types.
pub(crate) fn setter_argument(field: &Field, read_too: bool) -> String {
    match field.ty {
        TypeRef::Boolean if !read_too && !field.nullable => "impl Into<bool>".to_owned(),
        _ => argument(&field.ty, field.nullable && !read_too),
    }
}

/// The type of the argument of a filter's setter.
pub(crate) fn filter(ty: &TypeRef) -> String {
    if let TypeRef::List(_) = ty { argument(ty, false) } else { format!("impl Filter<{}, M>", plain(ty)) }
}

/// The conversion of such an argument.
pub(super) fn convert(ty: &TypeRef, nullable: bool, value: &str) -> String {
    match ty {
        TypeRef::Boolean if !nullable => value.to_owned(),
        TypeRef::List(_) if !nullable => format!("{value}.into_iter().map(Into::into).collect()"),
        _ => format!("{value}.into()"),
    }
}

/// The conversion, with the type spelled out.
pub(super) fn convert_into(ty: &TypeRef, nullable: bool, value: &str) -> String {
    let plain = plain(ty);
    match ty {
        TypeRef::Boolean if !nullable => value.to_owned(),
        TypeRef::List(_) if !nullable => format!("{value}.into_iter().map(Into::into).collect::<{plain}>()"),
        _ if nullable => format!("Into::<Nullable<{plain}>>::into({value})"),
        _ => format!("Into::<{plain}>::into({value})"),
    }
}

/// Marks a date that is written as dd.mm.yyyy.
pub(super) fn dotted(field: &Field) -> &'static str {
    if field.dotted && field.ty == TypeRef::Date { " dotted" } else { "" }
}

/// The attribute of a deprecated alias.
pub(super) fn renamed(now: &str, since: Option<&String>) -> TokenStream {
    let since = since.map(|version| quote!(since = #version,));
    let note = format!("renamed to `{now}`");
    quote!(#[deprecated(#since note = #note)])
}

/// Deprecated aliases of the setter `name`. A property that kept its name in Rust has only former keys.
pub(super) fn alias_setters(
    aliases: &[Alias],
    name: &str,
    generics: &str,
    argument: &str,
    texts: &Docs,
) -> TokenStream {
    let aliases = aliases.iter().filter(|alias| alias.name != name).map(|alias| {
        let about = texts.keep(format!("Renamed to [`Self::{name}`]."));
        let renamed = renamed(name, alias.since.as_ref());
        let (old, now) = (format_ident!("{}", alias.name), format_ident!("{name}"));
        let (generics, argument) = (tokens(generics), tokens(argument));
        quote! {
            #about
            #renamed
            pub fn #old #generics(self, #now: #argument) -> Self {
                self.#now(#now)
            }
        }
    });
    aliases.collect()
}

/// The methods of a type beside its table, if there are any.
pub(super) fn methods(out: &mut Source, name: &str, methods: &TokenStream, texts: &Docs) {
    if !methods.is_empty() {
        let name = format_ident!("{name}");
        out.blank();
        out.item(quote!(impl #name { #methods }), texts);
    }
}

/// A date, as `yyyy-mm-dd` or `dd.mm.yyyy`.
pub(super) fn date(text: &str) -> Option<String> {
    let parts: Vec<i16> = text.split(['-', '.']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let [year, month, day] = parts[..] else { return None };
    let (year, day) = if text.contains('.') { (day, year) } else { (year, day) };
    Some(format!("date({year}, {month}, {day})"))
}

/// What `date` needs.
pub(super) const DATE_IMPORT: &str = "use weeek_generated::jiff::civil::date;";

/// A timestamp.
pub(super) fn timestamp(text: &str) -> String {
    format!("{}.parse::<weeek_generated::jiff::Timestamp>().unwrap()", literal(text))
}

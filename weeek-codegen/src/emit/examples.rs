//! One call of each operation with the values of the spec: a short one for its docs, a complete one for tests.

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::values::Values;
use super::{File, types};
use crate::ir::{Api, Body, Field, Operation, Parameter, Presence, Resource, Response, TypeKind, TypeRef};
use crate::naming;
use crate::spelling::one_line;

/// A longer argument becomes a statement of its own.
const MAX_ARGUMENT: usize = 50;

const WIDTH: usize = 100;

/// The file of complete calls and of the types of their bodies, for the tests of the client.
pub(super) fn calls(api: &Api) -> File {
    let calls = Calls { values: Values { api, most: usize::MAX }, is_short: false };
    let rows = api.resources.iter().flat_map(|resource| {
        resource.operations.iter().filter_map(move |operation| {
            let (id, arguments) = (&operation.id, calls.arguments(operation)?);
            let call = call(resource, &operation.function, arguments.into_iter().map(|(_, value)| value));
            Some(quote!(#id => #call))
        })
    });
    let operations = api.resources.iter().flat_map(|resource| &resource.operations);
    let bodies = operations.filter_map(|operation| {
        let (id, ty) = (&operation.id, format_ident!("{}", operation.body_type()?));
        Some(quote!(#id => #ty))
    });
    let date = types::date_import();
    let items = vec![
        quote! {
            #date
            use weeek_generated::{Upload, models::*};
        },
        quote!(calls! { weeek { #(#rows),* } }),
        quote!(bodies! { #(#bodies,)* }),
    ];
    File { path: "tests/generated/calls.rs".to_owned(), items, ..File::default() }
}

/// The statements that call the operation and use its value.
pub(super) fn of_function(api: &Api, resource: &Resource, operation: &Operation) -> Option<String> {
    let (mut lines, call) = short(api, resource, operation, &operation.function)?;
    match &operation.response {
        Response::Unit => lines.push(statement("", &call, ".await?;")),
        Response::Item { ty: TypeRef::List(item), .. } => lines.extend(each(api, item, &call, ".await?")),
        Response::Page { item, .. } => {
            lines.push(statement("let page = ", &call, ".await?;"));
            lines.extend(each(api, item, &quote!(page.items), ""));
        }
        Response::Item { ty, .. } | Response::Body(ty) => {
            lines.push(statement(&format!("let {} = ", variable(ty)), &call, ".await?;"));
        }
    }
    Some(lines.join("\n"))
}

/// The statements that read all pages.
pub(super) fn of_all_pages(
    api: &Api,
    resource: &Resource,
    operation: &Operation,
    function: &str,
    item: &TypeRef,
) -> Option<String> {
    let (mut lines, call) = short(api, resource, operation, function)?;
    lines.push(statement("let mut items = ", &call, ";"));
    lines.push(format!("while let Some({}) = items.try_next().await? {{", variable(item)));
    lines.extend([show(api, item), "}".to_owned()]);
    Some(lines.join("\n"))
}

/// The statements for imports and long arguments, and the call.
fn short(api: &Api, resource: &Resource, operation: &Operation, function: &str) -> Option<(Vec<String>, TokenStream)> {
    let calls = Calls { values: Values { api, most: 4 }, is_short: true };
    let (mut lines, mut arguments) = (Vec::new(), Vec::new());
    let (mut has_date, mut has_upload) = (false, false);
    for (name, value) in calls.arguments(operation)? {
        has_date |= mentions(&value, "date");
        has_upload |= mentions(&value, "Upload");
        if matches!(name, "query" | "body") && text(&value).len() > MAX_ARGUMENT {
            lines.push(statement(&format!("let {name} = "), &value, ";"));
            let name = format_ident!("{name}");
            arguments.push(quote!(#name));
        } else {
            arguments.push(value);
        }
    }
    let imports = [(has_date, text(&types::date_import())), (has_upload, "use weeek_generated::Upload;".to_owned())];
    let imports: Vec<_> = imports.into_iter().filter(|(is_used, _)| *is_used).map(|(_, line)| line + "\n").collect();
    lines.splice(0..0, imports);
    Some((lines, call(resource, function, arguments.into_iter())))
}

/// Whether the identifier is among the tokens.
fn mentions(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        _ => false,
    })
}

fn call(resource: &Resource, function: &str, arguments: impl Iterator<Item = TokenStream>) -> TokenStream {
    let (accessor, function) = (format_ident!("{}", resource.name), format_ident!("{function}"));
    quote!(weeek.#accessor().#function(#(#arguments),*))
}

#[derive(Clone, Copy)]
struct Calls<'a> {
    values: Values<'a>,
    /// Whether the call is for readers: only query parameters that have an example in the spec.
    is_short: bool,
}

impl Calls<'_> {
    /// The arguments of the function with their names.
    fn arguments(self, operation: &Operation) -> Option<Vec<(&str, TokenStream)>> {
        let parameters = operation.path_parameters.iter().chain(&operation.required_query);
        let mut arguments = parameters
            .map(|parameter| Some((parameter.name.as_str(), self.parameter(parameter)?)))
            .collect::<Option<Vec<_>>>()?;
        if let Some(name) = &operation.query {
            let TypeKind::Query(parameters) = &self.values.api.types.get(name)?.kind else { return None };
            let set = parameters.iter().filter(|parameter| parameter.has_example || !self.is_short).map(|parameter| {
                let (setter, value) = (format_ident!("{}", parameter.name), self.parameter(parameter)?);
                Some(quote!(.#setter(#value)))
            });
            let (name, set) = (format_ident!("{name}"), set.collect::<Option<Vec<_>>>()?);
            arguments.push(("query", quote!(#name::new() #(#set)*)));
        }
        let example = operation.example.as_ref();
        match &operation.body {
            Body::None => {}
            Body::Json(name) => {
                arguments.push(("body", self.values.argument(&TypeRef::Named(name.clone()), false, example?)?));
            }
            Body::Files(_) if self.is_short => arguments.push(("files", quote!([Upload::file("offer.pdf")]))),
            Body::Files(_) => {
                let typed = quote!(Upload::bytes("b.png", vec![0, 159]).content_type("image/png"));
                arguments.push(("files", quote!([Upload::bytes("a.txt", "hello"), #typed])));
            }
            Body::Arguments(fields) => {
                for field in fields {
                    let value = example?.get(&field.wire_name)?;
                    arguments.push((field.name.as_str(), self.values.argument(&field.ty, field.nullable, value)?));
                }
            }
        }
        Some(arguments)
    }

    fn parameter(self, parameter: &Parameter) -> Option<TokenStream> {
        self.values.argument(&parameter.ty, false, &parameter.sample)
    }
}

/// The name of a variable for a value of the type.
fn variable(ty: &TypeRef) -> proc_macro2::Ident {
    let name = ty.named().map(naming::snake_name).filter(|name| naming::is_identifier(name));
    format_ident!("{}", name.as_deref().unwrap_or("value"))
}

/// A loop that prints the items of a list.
fn each(api: &Api, item: &TypeRef, list: &TokenStream, end: &str) -> Vec<String> {
    let name = variable(item);
    let line = format!("for {name} in {}{end} {{", text(list));
    if line.len() <= WIDTH {
        return vec![line, show(api, item), "}".to_owned()];
    }
    let all = statement("let items = ", list, &format!("{end};"));
    vec![all, format!("for {name} in items {{"), show(api, item), "}".to_owned()]
}

/// Prints an item: its id and its name, if it always has them.
fn show(api: &Api, item: &TypeRef) -> String {
    let name = variable(item);
    let kind_of = |ty: &TypeRef| match ty {
        TypeRef::Named(name) => api.types.get(name).map(|known| &known.kind),
        _ => None,
    };
    let fields = match kind_of(item) {
        Some(TypeKind::Struct(body)) => &body.fields[..],
        _ => &[],
    };
    let is_shown = |field: &&Field| {
        let is_id = matches!(kind_of(&field.ty), Some(TypeKind::IntegerId | TypeKind::StringId));
        field.presence(true) == Presence::Always && (is_id || field.ty == TypeRef::String)
    };
    let shown: Vec<_> = fields.iter().filter(is_shown).take(2).map(|field| format!("{name}.{}", field.name)).collect();
    match &shown[..] {
        [] => format!("    println!(\"{{{name}:?}}\");"),
        shown => format!("    println!(\"{}\", {});", vec!["{}"; shown.len()].join(" "), shown.join(", ")),
    }
}

fn text(tokens: &TokenStream) -> String {
    one_line(&tokens.clone().into_iter().collect::<Vec<_>>())
}

/// A statement, on one line if it fits.
fn statement(start: &str, tokens: &TokenStream, end: &str) -> String {
    let line = format!("{start}{}{end}", text(tokens));
    if line.len() <= WIDTH {
        return line;
    }
    let function = syn::parse_str(&format!("async fn run() {{ {line} }}")).expect("a statement parses");
    let function = prettyplease::unparse(&function);
    let inside = function.lines().filter_map(|line| line.strip_prefix("    "));
    inside.collect::<Vec<_>>().join("\n")
}

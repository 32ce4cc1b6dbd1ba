//! One call of each operation with the values of the spec: a short one for its docs, a complete one for tests.

use super::types;
use super::values::Values;
use crate::ir::{Api, Body, Field, Operation, Parameter, Presence, Resource, Response, TypeKind, TypeRef};
use crate::naming;
use crate::source::{Source, formatted_statement};

/// A longer argument becomes a statement of its own.
const MAX_ARGUMENT: usize = 50;

/// Pages of docs are narrower than files.
const WIDTH: usize = 100;

const FILE: &str = r#"[Upload::file("offer.pdf")]"#;
const FILES: &str =
    r#"[Upload::bytes("a.txt", "hello"), Upload::bytes("b.png", vec![0, 159]).content_type("image/png")]"#;

/// The file of complete calls and of the types of their bodies, for the tests of the client.
pub(super) fn calls(api: &Api) -> (String, String) {
    let calls = Calls { values: Values { api, most: usize::MAX }, is_short: false };
    let mut out = Source::new();
    out.blank();
    out.line(types::DATE_IMPORT);
    out.line("use weeek_generated::{Upload, models::*};");
    out.blank();
    out.open("calls! {");
    out.open("weeek {");
    for resource in &api.resources {
        for operation in &resource.operations {
            if let Some(arguments) = calls.arguments(operation) {
                let values = arguments.into_iter().map(|(_, value)| value);
                out.line(&format!("{:?} => {},", operation.id, call(resource, &operation.function, values)));
            }
        }
    }
    out.close("}");
    out.close("}");
    out.blank();
    out.open("bodies! {");
    for operation in api.resources.iter().flat_map(|resource| &resource.operations) {
        if let Some(ty) = operation.body_type() {
            out.line(&format!("{:?} => {ty},", operation.id));
        }
    }
    out.close("}");
    ("tests/generated/calls.rs".to_owned(), out.into_text())
}

/// The statements that call the operation and use its value.
pub(super) fn of_function(api: &Api, resource: &Resource, operation: &Operation) -> Option<String> {
    let (mut lines, call) = short(api, resource, operation, &operation.function)?;
    match &operation.response {
        Response::Unit => statement(&mut lines, &format!("{call}.await?;")),
        Response::Item { ty: TypeRef::List(item), .. } => each(&mut lines, api, item, &format!("{call}.await?")),
        Response::Page { item, .. } => {
            statement(&mut lines, &format!("let page = {call}.await?;"));
            each(&mut lines, api, item, "page.items");
        }
        Response::Item { ty, .. } | Response::Body(ty) => {
            statement(&mut lines, &format!("let {} = {call}.await?;", variable(ty)));
        }
    }
    Some(lines)
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
    statement(&mut lines, &format!("let mut items = {call};"));
    let head = format!("while let Some({}) = items.try_next().await? {{", variable(item));
    lines.extend([&head, "\n    ", &show(api, item), "\n}\n"]);
    Some(lines)
}

/// The statements for imports and long arguments, and the call.
fn short(api: &Api, resource: &Resource, operation: &Operation, function: &str) -> Option<(String, String)> {
    let calls = Calls { values: Values { api, most: 4 }, is_short: true };
    let mut arguments = calls.arguments(operation)?;
    let has = |name| arguments.iter().any(|(_, value)| mentions(value, name));
    let mut lines = String::new();
    for (name, import) in [("date(", types::DATE_IMPORT), ("Upload::", "use weeek_generated::Upload;")] {
        if has(name) {
            lines.extend([import, "\n\n"]);
        }
    }
    for (name, value) in &mut arguments {
        if matches!(*name, "query" | "body") && value.len() > MAX_ARGUMENT {
            statement(&mut lines, &format!("let {name} = {value};"));
            (*name).clone_into(value);
        }
    }
    let call = call(resource, function, arguments.into_iter().map(|(_, value)| value));
    Some((lines, call))
}

/// Whether the code has the name, and not only as the end of another.
fn mentions(code: &str, name: &str) -> bool {
    let is_end = |before: &str| before.ends_with(|letter: char| letter.is_alphanumeric() || "_.".contains(letter));
    marks(code).any(|(at, mark)| mark == name.as_bytes()[0] && code[at..].starts_with(name) && !is_end(&code[..at]))
}

fn call(resource: &Resource, function: &str, arguments: impl Iterator<Item = String>) -> String {
    format!("weeek.{}().{function}({})", resource.name, arguments.collect::<Vec<_>>().join(", "))
}

#[derive(Clone, Copy)]
struct Calls<'a> {
    values: Values<'a>,
    /// Whether the call is for readers: only query parameters that have an example in the spec.
    is_short: bool,
}

impl Calls<'_> {
    /// The arguments of the function with their names.
    fn arguments(self, operation: &Operation) -> Option<Vec<(&str, String)>> {
        let parameters = operation.path_parameters.iter().chain(&operation.required_query);
        let mut arguments = parameters
            .map(|parameter| Some((parameter.name.as_str(), self.parameter(parameter)?)))
            .collect::<Option<Vec<_>>>()?;
        if let Some(name) = &operation.query {
            let TypeKind::Query(parameters) = &self.values.api.types.get(name)?.kind else { return None };
            let set = parameters
                .iter()
                .filter(|parameter| parameter.has_example || !self.is_short)
                .map(|parameter| Some(format!(".{}({})", parameter.name, self.parameter(parameter)?)));
            arguments.push(("query", format!("{name}::new(){}", set.collect::<Option<String>>()?)));
        }
        let example = operation.example.as_ref();
        match &operation.body {
            Body::None => {}
            Body::Json(name) => {
                arguments.push(("body", self.values.argument(&TypeRef::Named(name.clone()), false, example?)?));
            }
            Body::Files(_) => {
                let files = if self.is_short { FILE } else { FILES };
                arguments.push(("files", files.to_owned()));
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

    fn parameter(self, parameter: &Parameter) -> Option<String> {
        self.values.argument(&parameter.ty, false, &parameter.sample)
    }
}

/// The name of a variable for a value of the type.
fn variable(ty: &TypeRef) -> String {
    let name = ty.named().map(naming::snake_name).filter(|name| naming::is_identifier(name));
    name.unwrap_or_else(|| "value".to_owned())
}

/// A loop that prints the items of a list.
fn each(lines: &mut String, api: &Api, item: &TypeRef, list: &str) {
    let name = variable(item);
    let mut head = format!("for {name} in {list} {{");
    if head.len() > WIDTH {
        statement(lines, &format!("let items = {list};"));
        head = format!("for {name} in items {{");
    }
    lines.extend([&head, "\n    ", &show(api, item), "\n}\n"]);
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
        [] => format!("println!(\"{{{name}:?}}\");"),
        shown => format!("println!(\"{}\", {});", vec!["{}"; shown.len()].join(" "), shown.join(", ")),
    }
}

/// Adds a statement, on one line if it fits.
fn statement(lines: &mut String, statement: &str) {
    if statement.len() <= WIDTH {
        lines.extend([statement, "\n"]);
    } else {
        lines.push_str(&formatted_statement(statement));
    }
}

/// The bytes of a line outside of strings.
fn marks(line: &str) -> impl Iterator<Item = (usize, u8)> {
    let (mut in_string, mut is_escaped) = (false, false);
    line.bytes().enumerate().filter(move |(_, byte)| {
        let was_in_string = in_string;
        in_string ^= *byte == b'"' && !is_escaped;
        is_escaped = was_in_string && *byte == b'\\' && !is_escaped;
        !was_in_string && !in_string
    })
}

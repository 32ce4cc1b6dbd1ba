//! `x-weeek-aliases`: former names. Each stays as a deprecated alias, so it must be free, and Rust must have aliases for what has
//! the key. Of a property that responses contain, each is a key that the client still reads.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Lowered, reserved};
use crate::diagnostic::Diagnostics;
use crate::ir::{Alias, Field, Operation, Resource, Struct, TypeDef, TypeKind};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;
use crate::version::Version;

const KEY: &str = "x-weeek-aliases";

/// The aliases in the key. `convert` makes the name in Rust.
pub(super) fn of(node: &Node, convert: impl Fn(&str) -> String) -> Vec<Alias> {
    let alias = |text| {
        let (name, since) = split(text);
        let since = since.and_then(|version| version.parse().ok()).map(|version: Version| version.to_string());
        Alias { name: convert(name), wire_name: name.to_owned(), since }
    };
    node.texts(KEY).map(alias).collect()
}

/// The name and the version of `tasks.readComments@0.2.0`.
fn split(text: &str) -> (&str, Option<&str>) {
    text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)))
}

/// The spec with `version` at each alias that has none.
pub(crate) fn with_version(text: &str, root: &Node, version: Version) -> String {
    let mut undated = Vec::new();
    root.each_with_key(KEY, &mut Vec::new(), &mut |_, node| {
        let names = node.items_at(KEY).iter().filter_map(|item| Some((item.span.start, item.text()?)));
        undated.extend(names.filter(|(_, name)| split(name).1.is_none()));
    });
    undated.sort_unstable();
    let mut text = text.to_owned();
    for (start, name) in undated.into_iter().rev() {
        // An opening quote comes before the name.
        if let Some(at) = text[start..].find(name) {
            text.insert_str(start + at + name.len(), &format!("@{version}"));
        }
    }
    text
}

fn entries(node: Option<&Node>) -> &[Node] {
    node.map_or(&[], |node| node.items_at(KEY))
}

/// Reports every alias that is taken, and every key where Rust has no alias.
pub(super) fn check(lowered: &Lowered, diagnostics: &mut Diagnostics) {
    let mut check = Check { lowered: *lowered, diagnostics };
    check.keys();
    check.types();
    for ty in lowered.types.values() {
        match &ty.kind {
            TypeKind::Struct(body) => {
                check.keys_in_json(ty, body);
                check.setters(ty, body);
            }
            TypeKind::Query(_) => check.query_setters(ty),
            _ => {}
        }
    }
    for resource in lowered.resources {
        check.functions(resource);
    }
}

struct Check<'a, 'd> {
    lowered: Lowered<'a>,
    diagnostics: &'d mut Diagnostics,
}

/// Names that are taken: the span and what has the name.
type Taken<'a> = BTreeMap<&'a str, (Range<usize>, String)>;

impl<'a> Check<'a, '_> {
    fn keys(&mut self) {
        let Self { lowered, diagnostics } = self;
        lowered.root.each_with_key(KEY, &mut Vec::new(), &mut |path, node| {
            if node.items_at(KEY).is_empty() {
                diagnostics.error(Rule::Alias, &node.key_span(KEY), format!("`{KEY}` is empty"));
            }
            if let Some(reason) = reason_against(lowered, node, path) {
                diagnostics.error(Rule::Alias, &node.key_span(KEY), reason);
            }
            for item in node.items_at(KEY) {
                let (_, version) = split(item.text().unwrap_or_default());
                if let Some(Err(error)) = version.map(str::parse::<Version>) {
                    let help = "an alias is `name` or `name@1.2.3`, with the release that renamed it";
                    diagnostics.error(Rule::Alias, &item.span, error).help(help);
                }
            }
        });
    }

    fn types(&mut self) {
        let lowered = self.lowered;
        let Lowered { root, types, spans, .. } = lowered;
        let mut taken = Taken::new();
        for name in types.keys() {
            taken.insert(name, (spans.get(name).cloned().unwrap_or_default(), format!("`{name}` is defined here")));
        }
        for ty in types.values().filter(|ty| !ty.aliases.is_empty()) {
            let schema = resolve::component(root, "schemas", &ty.name).map(|(_, node)| node);
            let list = || lowered.node(lowered.queries.get(&*ty.name)?);
            for (Alias { name: alias, .. }, node) in ty.aliases.iter().zip(entries(schema.or_else(list))) {
                if let Some(reason) = reserved::type_name(alias) {
                    let message = format!("`{alias}` is reserved: {reason}");
                    self.diagnostics.error(Rule::Alias, &node.span, message);
                    continue;
                }
                self.claim(&mut taken, alias, &node.span, &ty.name);
            }
        }
    }

    /// The keys that a response can have.
    fn keys_in_json(&mut self, ty: &'a TypeDef, body: &'a Struct) {
        let Some((_, schema)) = resolve::component(self.lowered.root, "schemas", &ty.name) else { return };
        let properties = schema.get("properties");
        let mut taken = Taken::new();
        for field in &body.fields {
            let span = properties.map_or(0..0, |properties| properties.key_span(&field.wire_name));
            taken.insert(&field.wire_name, (span, format!("`{}` is defined here", field.wire_name)));
        }
        for field in body.fields.iter().filter(|_| ty.in_response) {
            let property = properties.and_then(|properties| properties.get(&field.wire_name));
            for (alias, node) in field.aliases.iter().zip(entries(property)) {
                self.take(&mut taken, &alias.wire_name, &node.span, &field.wire_name);
            }
        }
    }

    fn setters(&mut self, ty: &'a TypeDef, body: &'a Struct) {
        let Some((key, schema)) = resolve::component(self.lowered.root, "schemas", &ty.name) else { return };
        let properties = schema.get("properties");
        let mut taken = Taken::from([("new", (key.span.clone(), "every type has `new`".to_owned()))]);
        for choice in &body.choices {
            taken.insert(&choice.name, (key.span.clone(), format!("`{}` is a setter of this type", choice.name)));
        }
        for field in &body.fields {
            let span = properties.map_or(0..0, |properties| properties.key_span(&field.wire_name));
            taken.insert(&field.name, (span, format!("`{}` is defined here", field.wire_name)));
        }
        let has_setter = |field: &&Field| ty.in_request && !(ty.in_response && field.required);
        for field in body.fields.iter().filter(has_setter) {
            let property = properties.and_then(|properties| properties.get(&field.wire_name));
            for (alias, node) in field.aliases.iter().zip(entries(property)) {
                let is_key = ty.in_response && alias.name == field.name;
                if !is_key {
                    self.claim(&mut taken, &alias.name, &node.span, &field.wire_name);
                }
            }
        }
    }

    fn query_setters(&mut self, ty: &'a TypeDef) {
        let lowered = self.lowered;
        let (Some(operation), TypeKind::Query(parameters)) = (lowered.queries.get(&*ty.name), &ty.kind) else {
            return;
        };
        let declarations = lowered.parameters(operation);
        let declared = |wire_name: &str| declarations.get(wire_name).map(|(_, declared)| *declared);
        let span = lowered.operation_id(operation);
        let mut taken = Taken::from([("new", (span, "every type has `new`".to_owned()))]);
        for parameter in parameters {
            let span = declared(&parameter.wire_name).map(Node::first_token).unwrap_or_default();
            taken.insert(&parameter.name, (span, format!("`{}` is declared here", parameter.wire_name)));
        }
        for parameter in parameters {
            for (alias, node) in parameter.aliases.iter().zip(entries(declared(&parameter.wire_name))) {
                self.claim(&mut taken, &alias.name, &node.span, &parameter.wire_name);
            }
        }
    }

    fn functions(&mut self, resource: &'a Resource) {
        let prefix = naming::operation_prefix(&resource.handle);
        let mut taken = Taken::new();
        for operation in &resource.operations {
            let entry = (self.lowered.operation_id(operation), format!("`{}` is defined here", operation.id));
            for function in functions(operation) {
                taken.insert(function, entry.clone());
            }
        }
        for operation in &resource.operations {
            for (alias, node) in operation.aliases.iter().zip(entries(self.lowered.node(operation))) {
                let (id, _) = split(node.text().unwrap_or_default());
                if id.split_once('.').is_none_or(|(before, function)| before != prefix || function.contains('.')) {
                    let message = format!("`{id}` is not an operation id of this tag");
                    let help = format!("an alias is `{prefix}.verb`");
                    self.diagnostics.error(Rule::Alias, &node.span, message).help(help);
                    continue;
                }
                for name in std::iter::once(&alias.function).chain(&alias.all_pages) {
                    self.claim(&mut taken, name, &node.span, &operation.id);
                }
            }
        }
    }

    /// Gives `alias` to `name`, unless it is taken.
    fn claim(&mut self, taken: &mut Taken<'a>, alias: &'a str, span: &Range<usize>, name: &str) {
        if naming::is_identifier(alias) {
            self.take(taken, alias, span, name);
        } else {
            self.diagnostics.error(Rule::Alias, span, format!("`{alias}` is not a valid name in Rust"));
        }
    }

    fn take(&mut self, taken: &mut Taken<'a>, alias: &'a str, span: &Range<usize>, name: &str) {
        if let Some((other, what)) = taken.get(alias) {
            let message = format!("the name `{alias}` is taken");
            self.diagnostics.error(Rule::Alias, span, message).related(other, what.clone());
        } else {
            taken.insert(alias, (span.clone(), format!("an alias of `{name}`")));
        }
    }
}

/// The functions of an operation.
pub(super) fn functions(operation: &Operation) -> impl Iterator<Item = &str> {
    let all_pages = operation.paging.as_ref().map(|paging| paging.function.as_str());
    all_pages.into_iter().chain([operation.function.as_str()])
}

/// Why the node at `path` can't have an alias.
fn reason_against(lowered: &Lowered, node: &Node, path: &[&str]) -> Option<String> {
    match path {
        ["paths", _, _] => None,
        ["components", "schemas", name] if lowered.types.contains_key(*name) => None,
        ["components", "schemas", name] => Some(format!("`{name}` becomes no type: remove `{KEY}`")),
        ["components", "parameters", _] | ["paths", _, _, "parameters", _]
            if node.text_at("in") == Some("query") && !node.is_true("required") =>
        {
            None
        }
        ["components", "parameters", _] | ["paths", _, _, "parameters", _] => Some(argument("this parameter")),
        ["components", "schemas", schema, "properties", property] => reason_against_property(lowered, schema, property),
        _ => Some(format!(
            "`{KEY}` has no effect here: operations, optional parameters, schemas and their properties can have it"
        )),
    }
}

fn reason_against_property(lowered: &Lowered, schema: &str, property: &str) -> Option<String> {
    let ty = lowered.types.get(schema);
    let field = ty.and_then(|ty| match &ty.kind {
        TypeKind::Struct(body) => body.fields.iter().find(|field| field.wire_name == property),
        _ => None,
    });
    match (ty, field) {
        (Some(ty), Some(field)) if ty.in_response => {
            let reason = reason_against_key(lowered, schema, field)?;
            Some(format!("`{property}` can't have an alias: {reason}"))
        }
        (Some(_), Some(field)) if field.required => Some(argument(&format!("`{property}`"))),
        (Some(_), Some(_)) => None,
        _ => Some(format!("`{property}` can't have an alias: it has no setter")),
    }
}

/// Why a response can't have a former key for the field.
fn reason_against_key(lowered: &Lowered, schema: &str, field: &Field) -> Option<&'static str> {
    let is_tag = |ty: &TypeDef| match &ty.kind {
        TypeKind::Tagged { tag, variants } => {
            *tag == field.wire_name && variants.iter().any(|variant| variant.ty == schema)
        }
        _ => false,
    };
    let content = field.ty.named().and_then(|name| lowered.types.get(name));
    match content.map(|ty| &ty.kind) {
        Some(TypeKind::TaggedBySibling { .. }) => Some("its type depends on a sibling"),
        _ if lowered.types.values().any(is_tag) => Some("its value selects the variant"),
        _ => None,
    }
}

fn argument(what: &str) -> String {
    format!("{what} can't have an alias: it is an argument, and callers do not write the names of arguments")
}

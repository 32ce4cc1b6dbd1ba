//! Lowers the tree of a spec to `ir`. Each shape that is not recognized is an error at its location.

pub(crate) mod aliases;
mod compile_checks;
mod docs;
mod examples;
mod limits;
mod operation;
mod ownership;
mod parameter;
mod recursion;
mod reserved;
mod response_examples;
mod rust_name;
mod schema;
mod variants;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostic::Diagnostics;
use crate::ir::{Api, Operation, Resource, TypeDef, TypeKind};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;

/// Lowers the spec. The result is complete only if there is no error.
pub(crate) fn lower(root: &Node, diagnostics: &mut Diagnostics) -> Api {
    let mut later = diagnostics.fork();
    let mut lower = Lower {
        root,
        diagnostics: &mut later,
        types: BTreeMap::new(),
        spans: BTreeMap::new(),
        inlined: BTreeSet::new(),
        envelopes: BTreeSet::new(),
    };
    let mut resources = lower.resources();
    lower.operations(&mut resources);
    lower.schemas();
    lower.recursive_types();
    let (mut types, mut spans) = (lower.types, lower.spans);
    ownership::set_directions(&mut types, &resources);
    let operations = resources.iter().flat_map(|resource| &resource.operations);
    let queries = operations.filter_map(|operation| Some((operation.query.as_deref()?, operation))).collect();
    let lowered = Lowered { root, types: &types, spans: &spans, resources: &resources, queries: &queries };
    let operations: Vec<_> = lowered.operations().map(|it| (it.id.clone(), lowered.operation_id(it))).collect();
    // Whether a name is free is known only when all the others are, and what a type can hold when no part is lost.
    if later.is_empty() && diagnostics.tainted_spans().is_empty() {
        rust_name::check(&lowered, &mut later);
        aliases::check(&lowered, &mut later);
        compile_checks::check(&lowered, &mut later);
    }
    diagnostics.merge(later);
    limits::add(root, &mut types);
    ownership::assign(&mut resources, &types);
    if diagnostics.is_empty() {
        examples::add(root, &mut resources, &mut types);
    }
    docs::rename_in_docs(&mut resources, &mut types);
    spans.extend(operations);
    let response_examples = response_examples::add(root, &mut resources, &mut types);
    let server = root.get("servers").and_then(|servers| servers.items().first()?.text_at("url"));
    Api { server: server.unwrap_or_default().to_owned(), resources, types, response_examples, spans }
}

/// The whole lowered client with its spans, for checks that need all of it.
#[derive(Clone, Copy)]
struct Lowered<'a> {
    root: &'a Node,
    types: &'a BTreeMap<String, TypeDef>,
    /// The span of each type's name.
    spans: &'a BTreeMap<String, Range<usize>>,
    resources: &'a [Resource],
    /// Each operation by the type of its optional query parameters.
    queries: &'a BTreeMap<&'a str, &'a Operation>,
}

impl<'a> Lowered<'a> {
    fn operations(self) -> impl Iterator<Item = &'a Operation> {
        self.resources.iter().flat_map(|resource| &resource.operations)
    }

    fn node(self, operation: &Operation) -> Option<&'a Node> {
        self.root.get("paths")?.get(&operation.path)?.get(&operation.method)
    }

    fn operation_id(self, operation: &Operation) -> Range<usize> {
        self.node(operation).and_then(|node| node.get("operationId")).map_or(0..0, |id| id.span.clone())
    }

    /// The parameters of an operation by name: the entry, and the declaration.
    fn parameters(self, operation: &Operation) -> BTreeMap<&'a str, (&'a Node, &'a Node)> {
        let declared = self.node(operation).into_iter().flat_map(|node| resolve::parameters(self.root, node));
        declared.filter_map(|(entry, declared)| Some((declared.text_at("name")?, (entry, declared)))).collect()
    }

    /// The sibling property that selects the variant of a value, if the value has variants of that kind.
    fn sibling_tag(self, ty: Option<&str>) -> Option<&'a str> {
        match &self.types.get(ty?)?.kind {
            TypeKind::TaggedBySibling { tag, .. } => Some(tag),
            _ => None,
        }
    }
}

struct Lower<'a> {
    root: &'a Node,
    diagnostics: &'a mut Diagnostics,
    types: BTreeMap<String, TypeDef>,
    spans: BTreeMap<String, Range<usize>>,
    /// Schemas that became arguments of a function or parts of an upload instead of a type.
    inlined: BTreeSet<String>,
    /// Schemas of whole responses, which can have a `success` of their own.
    envelopes: BTreeSet<String>,
}

impl Lower<'_> {
    fn resources(&mut self) -> Vec<Resource> {
        let mut resources: Vec<Resource> = Vec::new();
        let tags = self.root.items_at("tags");
        for tag in tags {
            let (Some(name), Some(area)) = (tag.text_at("name"), tag.text_at("x-weeek-area")) else { continue };
            let text = |key| tag.text_at(key).unwrap_or_default().to_owned();
            let resource = Resource {
                name: naming::snake_name(name),
                handle: naming::pascal_name(name),
                singular: text("x-weeek-resource"),
                docs: text("description"),
                example_code: text("x-weeek-example-code"),
                feature: Some(area.to_owned()),
                ..Resource::default()
            };
            let span = tag.get("name").map_or(tag.first_token(), |name| name.span.clone());
            if let Some(first) = resources.iter().position(|other| other.name == resource.name) {
                let message = format!("two tags are named `{}` in Rust", resource.name);
                let error = self.diagnostics.error(Rule::DuplicateTag, &span, message);
                error.related(&tags[first].first_token(), "the other tag");
                continue;
            }
            if !naming::is_identifier(&resource.name) || !naming::is_identifier(&resource.handle) {
                let message = format!("`{name}` is not a valid name of a Rust module");
                self.diagnostics.error(Rule::RustName, &span, message);
            } else if let Some(reason) = reserved::module_name(&resource.name) {
                let message = format!("`{}` is reserved: {reason}", resource.name);
                self.diagnostics.error(Rule::RustName, &span, message).help("rename the tag");
            }
            resources.push(resource);
        }
        resources
    }

    /// Adds a type under a name that no other type has.
    fn define(&mut self, span: &Range<usize>, ty: TypeDef) {
        let name = ty.name.clone();
        match self.types.get(&name) {
            Some(known) if *known == ty => {}
            Some(_) => {
                let message = format!("another type is named `{name}`");
                let error = self.diagnostics.error(Rule::NameCollision, span, message);
                if let Some(first) = self.spans.get(&name) {
                    error.related(first, "the other type");
                }
            }
            None if !naming::is_identifier(&name) => {
                let message = format!("`{name}` is not a valid name of a Rust type");
                self.diagnostics.error(Rule::RustName, span, message);
            }
            None => {
                if let Some(reason) = reserved::type_name(&name) {
                    let message = format!("`{name}` is reserved: {reason}");
                    self.diagnostics.error(Rule::RustName, span, message).help("rename it");
                }
                self.spans.insert(name.clone(), span.clone());
                self.types.insert(name, ty);
            }
        }
    }
}

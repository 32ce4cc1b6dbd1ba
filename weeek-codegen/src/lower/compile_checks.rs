//! Reports specs whose generated code would not compile, while the location is still known.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Lowered;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Body, Encoding, Operation, Parameter, Resource, Struct, TypeDef, TypeKind, TypeRef};
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;

/// Reports every type and operation that the generated code can't have.
pub(super) fn check(lowered: &Lowered, diagnostics: &mut Diagnostics) {
    let mut check = Check { lowered: *lowered, diagnostics };
    check.handles();
    for ty in lowered.types.values() {
        check.ty(ty);
    }
    for resource in lowered.resources {
        check.functions(resource);
        resource.operations.iter().for_each(|operation| check.operation(operation));
    }
}

struct Check<'a, 'd> {
    lowered: Lowered<'a>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Check<'a, '_> {
    fn error(&mut self, rule: Rule, span: &Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.error(rule, span, message)
    }

    /// The types of handles are generated beside those of the spec.
    fn handles(&mut self) {
        let Lowered { spans, resources, .. } = self.lowered;
        for resource in resources {
            let name = format!("{}Api", resource.handle);
            if let Some(span) = spans.get(&name) {
                self.error(Rule::NameCollision, span, format!("the handle of a resource is named `{name}`"));
            }
        }
    }

    fn ty(&mut self, ty: &TypeDef) {
        let schema = Schema::of(self.lowered, &ty.name);
        match &ty.kind {
            TypeKind::Struct(body) => self.object(ty, body, &schema),
            TypeKind::OneOf(fields) => {
                if ty.in_response && schema.node.is_some() {
                    self.only_in_request(ty, &schema, "oneOf", "add a `discriminator`");
                }
                self.check_not_empty("oneOf", fields.len(), &schema);
            }
            TypeKind::Map { .. } if ty.in_response => {
                self.only_in_request(ty, &schema, "additionalProperties", "use an array of entries, each with its key");
            }
            TypeKind::Tagged { variants, .. } => self.check_not_empty("oneOf", variants.len(), &schema),
            TypeKind::TaggedBySibling { variants, .. } => self.check_not_empty("anyOf", variants.len(), &schema),
            TypeKind::Query(parameters) => {
                let Some(operation) = self.lowered.queries.get(&*ty.name) else { return };
                let spans = Spans::of(self.lowered, operation);
                let setters: Vec<_> = parameters
                    .iter()
                    .map(|parameter| (parameter.name.as_str(), spans.parameter(&parameter.wire_name)))
                    .collect();
                self.check_setters(setters.into_iter(), &["new", "default"]);
            }
            _ => {}
        }
        self.check_values(ty, &schema);
    }

    /// Checks that each value has a type, and a sibling if its type depends on one.
    fn check_values(&mut self, ty: &TypeDef, schema: &Schema) {
        let is_struct = matches!(ty.kind, TypeKind::Struct(_));
        for (value, span) in values(&ty.kind, schema) {
            self.check_defined(value.named(), &span);
            let has_sibling = is_struct && matches!(value, TypeRef::Named(_));
            if ty.in_response && !has_sibling {
                self.check_has_sibling(value, &span);
            }
        }
    }

    fn only_in_request(&mut self, ty: &TypeDef, schema: &Schema, key: &str, help: &str) {
        let message =
            format!("a response contains `{}`, but this kind of `{key}` is only possible in requests", ty.name);
        self.error(Rule::UnsupportedSchema, &schema.key(key), message).help(help);
    }

    fn object(&mut self, ty: &TypeDef, body: &Struct, schema: &Schema) {
        let exclusive = schema.key("x-weeek-exclusive");
        if ty.in_response && !body.choices.is_empty() {
            let message =
                format!("a response contains `{}`, but exclusive properties are only possible in requests", ty.name);
            let help = "give requests a schema of their own, and remove the key here";
            self.error(Rule::ExclusiveChoice, &exclusive, message).help(help);
        }
        for choice in &body.choices {
            if body.fields.iter().any(|field| field.name == choice.name) {
                let message = format!("the choice `{}` has the name of a property", choice.name);
                self.error(Rule::NameCollision, &exclusive, message);
            }
        }
        if ty.in_request {
            let optional = body.fields.iter().filter(|field| !field.required);
            let setters = optional.map(|field| (field.name.as_str(), schema.property(&field.wire_name)));
            let choices = body.choices.iter().map(|choice| (choice.name.as_str(), exclusive.clone()));
            let own: &[_] = if ty.in_response { &["example", "extra", "extras", "new"] } else { &["new"] };
            self.check_setters(setters.chain(choices), own);
        }
        if ty.in_response {
            self.siblings(ty, body, schema);
            // The runtime recognizes an object that is sent twice by its id.
            for field in body.fields.iter().filter(|field| field.name == "id") {
                let is_tagged = self.lowered.sibling_tag(field.ty.named()).is_some();
                if !is_tagged && (!self.is_scalar(&field.ty) || field.ty == TypeRef::Number) {
                    let span = schema.property(&field.wire_name);
                    let help = "or rename it with `x-weeek-name`";
                    self.error(Rule::UnsupportedSchema, &span, "an id must be an integer or a string").help(help);
                }
            }
            for field in body.fields.iter().filter(|field| field.dotted) {
                let message =
                    format!("a response contains `{}`, but dates as dd.mm.yyyy are only possible in requests", ty.name);
                let help = "remove `x-weeek-rust-type`; the property is a string then";
                self.error(Rule::TypeOverride, &schema.property(&field.wire_name), message).help(help);
            }
        }
    }

    /// A value whose variant a sibling selects requires that sibling.
    fn siblings(&mut self, ty: &TypeDef, body: &Struct, schema: &Schema) {
        for field in &body.fields {
            let Some(tag) = self.lowered.sibling_tag(field.ty.named()) else { continue };
            let span = schema.property(&field.wire_name);
            let sibling = body.fields.iter().find(|field| field.wire_name == tag);
            if field.wire_name == "id" {
                self.error(Rule::TaggedBy, &span, "the id of an object can't have variants");
                continue;
            }
            let message = match sibling {
                Some(sibling) if self.is_string(&sibling.ty) => continue,
                Some(_) => format!("`{tag}` of `{}` is not a string, so it can't select a variant", ty.name),
                None => format!("`{}` has no property `{tag}`", ty.name),
            };
            let key = Schema::of(self.lowered, field.ty.named().unwrap_or_default()).key("x-weeek-tagged-by");
            self.error(Rule::TaggedBy, &key, message).related(&span, "the property whose variant it would select");
        }
    }

    fn is_string(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::String => true,
            TypeRef::Named(name) => {
                // `structure` reports a reference without a target.
                let is_enum = |ty: &TypeDef| matches!(ty.kind, TypeKind::StringEnum(_));
                self.lowered.types.get(name).is_none_or(is_enum)
            }
            _ => false,
        }
    }

    fn check_setters<'n>(&mut self, setters: impl Iterator<Item = (&'n str, Range<usize>)>, own: &[&str]) {
        for (name, span) in setters.filter(|(name, _)| own.contains(name)) {
            let message = format!("a setter named `{name}` would replace the function that every type has");
            self.error(Rule::RustName, &span, message).help("rename it with `x-weeek-name`");
        }
    }

    fn check_not_empty(&mut self, key: &str, count: usize, schema: &Schema) {
        if count == 0 {
            self.error(Rule::UnsupportedSchema, &schema.key(key), format!("`{key}` has no variant"));
        }
    }

    /// Reports a value whose variant a sibling selects, where it has no siblings.
    fn check_has_sibling(&mut self, ty: &TypeRef, span: &Range<usize>) {
        if let Some(tag) = self.lowered.sibling_tag(ty.named()) {
            let message = format!("this value has no sibling `{tag}` that selects its variant");
            let help = "refer to it in a property beside that sibling";
            self.error(Rule::TaggedBy, span, message).help(help);
        }
    }

    /// Reports a reference to a schema that becomes arguments, an upload or `()`.
    fn check_defined(&mut self, name: Option<&str>, span: &Range<usize>) {
        let Some(name) = name.filter(|name| !self.lowered.types.contains_key(*name)) else { return };
        if let Some((key, _)) = resolve::component(self.lowered.root, "schemas", name) {
            let message = format!("`{name}` becomes no type, so it can't be used here");
            let error = self.error(Rule::UnsupportedSchema, span, message);
            error
                .help("its properties are arguments or files; use a schema of its own")
                .related(&key.span, "the schema");
        }
    }

    /// Functions that return all pages have names of their own.
    fn functions(&mut self, resource: &'a Resource) {
        let functions: BTreeMap<&str, &Operation> =
            resource.operations.iter().map(|operation| (operation.function.as_str(), operation)).collect();
        let mut all_pages: BTreeMap<&str, &Operation> = BTreeMap::new();
        for operation in &resource.operations {
            let Some(paging) = &operation.paging else { continue };
            let other = functions.get(paging.function.as_str()).copied();
            if let Some(other) = other.or(all_pages.insert(&paging.function, operation)) {
                let (span, related) = (self.lowered.operation_id(operation), self.lowered.operation_id(other));
                let message = format!("another operation has the function `{}`", paging.function);
                let error = self.error(Rule::NameCollision, &span, message);
                error.help("it is the function that returns all pages").related(&related, "the other operation");
            }
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let spans = Spans::of(self.lowered, operation);
        self.arguments(operation, &spans);
        for parameter in &operation.path_parameters {
            if !self.is_scalar(&parameter.ty) {
                let span = spans.parameter(&parameter.wire_name);
                self.error(Rule::ParameterStyle, &span, "a path parameter is not a string, a number or a boolean");
            }
        }
        let query = operation.query.as_ref().and_then(|name| self.lowered.types.get(name));
        let optional = match query.map(|ty| &ty.kind) {
            Some(TypeKind::Query(parameters)) => &parameters[..],
            _ => &[],
        };
        for parameter in operation.required_query.iter().chain(optional) {
            self.query(parameter, &spans);
        }
        let span = self.lowered.operation_id(operation);
        for name in operation.request_types().into_iter().chain(operation.response_type()) {
            self.check_defined(Some(name), &span);
        }
        if let Some(ty) = operation.response.ty() {
            self.check_has_sibling(ty, &span);
        }
    }

    fn query(&mut self, parameter: &Parameter, spans: &Spans) {
        let span = spans.parameter(&parameter.wire_name);
        self.check_defined(parameter.ty.named(), &span);
        match (&parameter.ty, parameter.encoding) {
            (TypeRef::List(item), Encoding::List) if self.is_scalar(item) => {}
            (TypeRef::List(_), Encoding::Objects) => {}
            (ty, Encoding::Plain | Encoding::DottedDate) if self.is_scalar(ty) => {}
            (TypeRef::List(_), _) => {
                let message = "an item of a list in a query is not a string, a number or a boolean";
                self.error(Rule::ParameterStyle, &span, message);
            }
            _ => {
                let help = "send it in the body, or as a list of objects with `style: deepObject`";
                self.error(Rule::ParameterStyle, &span, "a query can't have an object").help(help);
            }
        }
    }

    /// Whether a value is written as one string.
    fn is_scalar(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Boolean
            | TypeRef::Integer
            | TypeRef::Number
            | TypeRef::String
            | TypeRef::Date
            | TypeRef::Timestamp => true,
            TypeRef::Named(name) => {
                // `structure` reports a reference without a target.
                self.lowered.types.get(name).is_none_or(|ty| {
                    matches!(
                        ty.kind,
                        TypeKind::IntegerId | TypeKind::StringId | TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)
                    )
                })
            }
            TypeRef::Json | TypeRef::List(_) | TypeRef::StringMap(_) | TypeRef::Nullable(_) | TypeRef::Boxed(_) => {
                false
            }
        }
    }

    /// The arguments of a function come from its path, query and body, and require different names.
    fn arguments(&mut self, operation: &Operation, spans: &Spans) {
        let parameters = operation.path_parameters.iter().chain(&operation.required_query);
        let mut names: Vec<(&str, Option<&str>)> =
            parameters.map(|parameter| (parameter.name.as_str(), Some(parameter.wire_name.as_str()))).collect();
        names.extend(operation.query.iter().map(|_| ("query", None)));
        match &operation.body {
            Body::None => {}
            Body::Json(_) => names.push(("body", None)),
            Body::Files(_) => names.push(("files", None)),
            Body::Arguments(fields) => names.extend(fields.iter().map(|field| (field.name.as_str(), None))),
        }
        let mut seen = BTreeSet::new();
        let twice: Vec<&str> = names.iter().map(|(name, _)| *name).filter(|name| !seen.insert(*name)).collect();
        for name in twice {
            let wire_name = names.iter().find(|(other, _)| *other == name).and_then(|(_, wire_name)| *wire_name);
            let id = || self.lowered.operation_id(operation);
            let span = wire_name.map_or_else(id, |wire_name| spans.parameter(wire_name));
            let message = format!("two arguments of `{}` are named `{name}`", operation.function);
            self.error(Rule::NameCollision, &span, message).help("rename one with `x-weeek-name`");
        }
    }
}

/// The spans of an operation's parameters.
struct Spans<'a> {
    parameters: BTreeMap<&'a str, (&'a Node, &'a Node)>,
    operation_id: Range<usize>,
}

impl<'a> Spans<'a> {
    fn of(lowered: Lowered<'a>, operation: &Operation) -> Self {
        Self { parameters: lowered.parameters(operation), operation_id: lowered.operation_id(operation) }
    }

    /// The span of the parameter's name in the operation.
    fn parameter(&self, wire_name: &str) -> Range<usize> {
        self.parameters.get(wire_name).map_or(self.operation_id.clone(), |(entry, _)| {
            entry.get("name").map_or(entry.first_token(), Node::first_token)
        })
    }
}

/// The values of a type, each with its span.
fn values<'t>(kind: &'t TypeKind, schema: &Schema) -> Vec<(&'t TypeRef, Range<usize>)> {
    match kind {
        TypeKind::Map { value, .. } => vec![(value, schema.key("additionalProperties"))],
        TypeKind::TaggedBySibling { .. } => kind.refs().into_iter().map(|ty| (ty, schema.key("anyOf"))).collect(),
        // The operation checks its parameters.
        TypeKind::Query(_) => Vec::new(),
        _ => kind.fields().into_iter().map(|field| (&field.ty, schema.property(&field.wire_name))).collect(),
    }
}

/// The spans of a type's parts.
struct Schema<'a> {
    node: Option<&'a Node>,
    /// The span of the type's name.
    span: Range<usize>,
}

impl<'a> Schema<'a> {
    fn of(lowered: Lowered<'a>, name: &str) -> Self {
        let node = resolve::component(lowered.root, "schemas", name).map(|(_, node)| node);
        Self { node, span: lowered.spans.get(name).cloned().unwrap_or_default() }
    }

    fn key(&self, name: &str) -> Range<usize> {
        self.node.and_then(|node| node.entry(name)).map_or(self.span.clone(), |(key, _)| key.span.clone())
    }

    fn property(&self, wire_name: &str) -> Range<usize> {
        let property = self.node.and_then(|node| node.get("properties")?.entry(wire_name));
        property.map_or(self.span.clone(), |(key, _)| key.span.clone())
    }
}

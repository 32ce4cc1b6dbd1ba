//! Whether every type can be what it is used for, and every name be written where it has to be: what Rust would refuse
//! is refused here, where its place is known.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Lowered;
use crate::diagnostic::{Diagnostic, Report};
use crate::ir::{Answer, Body, Encoding, Field, Module, Operation, Parameter, Struct, TypeDef, TypeKind, TypeRef};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;

/// Reports every use that the generated code could not be compiled for.
pub(super) fn check(lowered: &Lowered, report: &mut Report) {
    let mut check = Check { lowered, report };
    check.companions();
    for definition in lowered.types.values() {
        check.definition(definition);
    }
    for module in lowered.modules {
        check.functions(module);
        module.operations.iter().for_each(|operation| check.operation(operation));
    }
}

struct Check<'a, 'report> {
    lowered: &'a Lowered<'a>,
    report: &'report mut Report,
}

/// A way in which a type travels.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Sent,
    Received,
}

impl<'a> Check<'a, '_> {
    fn fault(&mut self, rule: Rule, place: &Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        self.report.fault(rule, place, message)
    }

    /// Types that are generated beside those of the document.
    fn companions(&mut self) {
        let Lowered { types, places, modules, .. } = *self.lowered;
        let handles = modules.iter().map(|module| (format!("{}Api", module.handle), "the calls of a resource"));
        let twins = types.values().filter(|definition| definition.received && self.holds_content(definition));
        let twins = twins.map(|definition| (format!("{}Wire", definition.name), "what another type is read from"));
        let taken: Vec<_> = handles.chain(twins).collect();
        for (name, what) in taken {
            if let Some(place) = places.get(&name) {
                self.fault(Rule::NameCollision, place, format!("the name `{name}` is taken by {what}"));
            }
        }
    }

    fn holds_content(&self, definition: &TypeDef) -> bool {
        match &definition.kind {
            TypeKind::Struct(body) => body.fields.iter().any(|field| self.content(&field.ty).is_some()),
            _ => false,
        }
    }

    /// The sibling that tells how a value of this type is read, where it is of that kind.
    fn content(&self, ty: &TypeRef) -> Option<&'a str> {
        match &self.lowered.types.get(ty.named()?)?.kind {
            TypeKind::Content { by, .. } => Some(by),
            _ => None,
        }
    }

    fn definition(&mut self, definition: &TypeDef) {
        let schema = Schema::of(self.lowered, &definition.name);
        match &definition.kind {
            TypeKind::Struct(body) => self.object(definition, body, &schema),
            TypeKind::OneOf(_) | TypeKind::Map { .. } if definition.received && schema.node.is_some() => {
                let (form, help) = match &definition.kind {
                    TypeKind::Map { .. } => ("additionalProperties", "list the entries, each with its key"),
                    _ => ("oneOf", "add a `discriminator`"),
                };
                let message =
                    format!("an answer holds `{}`, and `{form}` of this form can only be sent", definition.name);
                self.fault(Rule::SchemaForm, &schema.key(form), message).help(help);
            }
            _ => {}
        }
        match &definition.kind {
            TypeKind::OneOf(fields) => {
                self.told_apart(fields.iter().map(|field| (naming::kind(&field.wire), schema.property(&field.wire))));
                self.at_least_one("oneOf", fields.len(), &schema);
            }
            TypeKind::Groups(groups) => {
                let place = schema.head();
                self.told_apart(groups.iter().map(|group| (group.name.clone(), place.clone())));
            }
            TypeKind::Tagged { variants, .. } => {
                let forms = schema.node.map_or(&[][..], |node| node.items_at("oneOf"));
                let places = forms.iter().map(Node::head).chain(std::iter::repeat(schema.head()));
                self.told_apart(variants.iter().map(|variant| variant.name.clone()).zip(places));
                self.at_least_one("oneOf", variants.len(), &schema);
            }
            TypeKind::Content { variants, .. } => self.at_least_one("anyOf", variants.len(), &schema),
            TypeKind::Query(parameters) => {
                let Some(operation) = self.lists(&definition.name) else { return };
                let places: Vec<_> = parameters
                    .iter()
                    .map(|parameter| (parameter.name.as_str(), self.parameter(operation, &parameter.wire)))
                    .collect();
                self.setters(places.into_iter(), &["new", "default"]);
            }
            _ => {}
        }
        for (ty, place) in held(definition, &schema) {
            if definition.sent {
                self.travels(Way::Sent, ty, &place, matches!(definition.kind, TypeKind::Map { .. }));
            }
            if definition.received {
                self.travels(Way::Received, ty, &place, false);
            }
            let has_sibling = matches!(definition.kind, TypeKind::Struct(_)) && matches!(ty, TypeRef::Named(_));
            if definition.received && !has_sibling {
                self.alone(ty, &place);
            }
        }
    }

    fn object(&mut self, definition: &TypeDef, body: &Struct, schema: &Schema) {
        if definition.received && !body.choices.is_empty() {
            let message = format!("an answer holds `{}`, and a choice can only be sent", definition.name);
            let help = "give requests a schema of their own, and leave the key out here";
            self.fault(Rule::Choice, &schema.key("x-weeek-exclusive"), message).help(help);
        }
        for choice in &body.choices {
            if body.fields.iter().any(|field| field.name == choice.name) {
                let place = schema.key("x-weeek-exclusive");
                let message = format!("the choice `{}` is called like a property", choice.name);
                self.fault(Rule::NameCollision, &place, message);
            }
        }
        if definition.sent {
            let optional = body.fields.iter().filter(|field| !field.required);
            let setters = optional.map(|field| (field.name.as_str(), schema.property(&field.wire)));
            let choices = body.choices.iter().map(|choice| (choice.name.as_str(), schema.key("x-weeek-exclusive")));
            self.setters(setters.chain(choices), &["new"]);
        }
        for field in body.fields.iter().filter(|field| field.dotted && definition.received) {
            let message = format!("an answer holds `{}`, and a date as dd.mm.yyyy can only be sent", definition.name);
            let help = "leave `x-weeek-rust-type` out: the property is a text then";
            self.fault(Rule::As, &schema.property(&field.wire), message).help(help);
        }
        for field in &body.fields {
            let Some(by) = self.content(&field.ty) else { continue };
            let place = schema.property(&field.wire);
            let sibling = body.fields.iter().find(|field| field.wire == by);
            let is_text = sibling.is_some_and(|sibling| self.is_text(sibling));
            if !definition.received || is_text && field.wire != "id" {
                continue;
            }
            if field.wire == "id" {
                self.fault(Rule::TaggedBy, &place, "what identifies an object has one form");
                continue;
            }
            let message = match sibling {
                Some(_) => format!("`{by}` of `{}` is no text, so it can't tell the form of a value", definition.name),
                None => format!("`{}` has no property `{by}`", definition.name),
            };
            let content = Schema::of(self.lowered, field.ty.named().unwrap_or_default());
            let key = content.key("x-weeek-tagged-by");
            self.fault(Rule::TaggedBy, &key, message).related(&place, "the property whose form it should tell");
        }
    }

    /// Whether the value of a sibling can be compared with the titles of forms.
    fn is_text(&self, field: &Field) -> bool {
        match &field.ty {
            TypeRef::Text => true,
            TypeRef::Named(name) => {
                matches!(self.lowered.types.get(name).map(|ty| &ty.kind), Some(TypeKind::TextEnum(_)))
            }
            _ => false,
        }
    }

    fn setters<'n>(&mut self, setters: impl Iterator<Item = (&'n str, Range<usize>)>, own: &[&str]) {
        for (name, place) in setters.filter(|(name, _)| own.contains(name)) {
            let message = format!("a setter called `{name}` would take the place of the function that every type has");
            self.fault(Rule::RustName, &place, message);
        }
    }

    fn told_apart(&mut self, variants: impl Iterator<Item = (String, Range<usize>)>) {
        let mut seen: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for (name, place) in variants {
            if !naming::is_identifier(&name) || name == "Unknown" {
                self.fault(Rule::RustName, &place, format!("`{name}` can't be the name of a variant"));
            } else if let Some(first) = seen.insert(name.clone(), place.clone()) {
                let message = format!("the same variant as `{name}`");
                self.fault(Rule::NameCollision, &place, message).related(&first, "the other one");
            }
        }
    }

    fn at_least_one(&mut self, form: &str, count: usize, schema: &Schema) {
        if count == 0 {
            self.fault(Rule::SchemaForm, &schema.key(form), format!("`{form}` has no form"));
        }
    }

    /// A value whose form a sibling tells can't be read without one.
    fn alone(&mut self, ty: &TypeRef, place: &Range<usize>) {
        if let Some(by) = self.content(ty) {
            let message = format!("no sibling `{by}` tells the form of this value");
            let help = "let a property refer to it, beside the one that tells";
            self.fault(Rule::TaggedBy, place, message).help(help);
        }
    }

    /// Reports what can't be written or read; `wrapped` is what stands in a list or a map.
    fn travels(&mut self, way: Way, ty: &TypeRef, place: &Range<usize>, wrapped: bool) {
        match (way, ty) {
            (Way::Sent, TypeRef::Date | TypeRef::Instant) if wrapped => {
                let help = "leave the format out, and it is a text";
                self.fault(Rule::SchemaForm, place, "a request can't hold a list or a map of days or instants")
                    .help(help);
            }
            (Way::Received, TypeRef::TextMap(_)) => {
                let help = "list the entries, each with its key; or leave `type` out, and it is any JSON";
                self.fault(Rule::SchemaForm, place, "an answer can't hold a map").help(help);
            }
            (_, TypeRef::List(inner) | TypeRef::TextMap(inner)) => self.travels(way, inner, place, true),
            _ => {}
        }
    }

    /// Functions of one handle that would be one in Rust.
    fn functions(&mut self, module: &'a Module) {
        let functions: BTreeMap<&str, &Operation> =
            module.operations.iter().map(|operation| (operation.function.as_str(), operation)).collect();
        let mut all_pages: BTreeMap<&str, &Operation> = BTreeMap::new();
        for operation in &module.operations {
            let Some(paging) = &operation.paging else { continue };
            let other = functions.get(paging.function.as_str()).copied();
            if let Some(other) = other.or(all_pages.insert(&paging.function, operation)) {
                let (place, related) = (self.id(operation), self.id(other));
                let message =
                    format!("`{}`, which goes through all pages, is another function already", paging.function);
                self.fault(Rule::NameCollision, &place, message).related(&related, "this one");
            }
        }
    }

    fn operation(&mut self, operation: &Operation) {
        self.arguments(operation);
        for parameter in &operation.path_parameters {
            let place = self.parameter(operation, &parameter.wire);
            if !self.is_scalar(&parameter.ty) {
                self.fault(Rule::ParameterStyle, &place, "a path holds one text or number for a parameter");
            }
        }
        for parameter in &operation.required_query {
            self.query(operation, parameter);
        }
        if let Some(TypeKind::Query(parameters)) =
            operation.query.as_ref().and_then(|name| self.lowered.types.get(name)).map(|ty| &ty.kind)
        {
            parameters.iter().for_each(|parameter| self.query(operation, parameter));
        }
        let place = self.id(operation);
        if let Body::Arguments(fields) = &operation.body {
            fields.iter().for_each(|field| self.travels(Way::Sent, &field.ty, &place, true));
        }
        if let Answer::Item { ty, .. } | Answer::Page { item: ty, .. } | Answer::Whole(ty) = &operation.answer {
            self.alone(ty, &place);
            self.travels(Way::Received, ty, &place, false);
        }
    }

    fn query(&mut self, operation: &Operation, parameter: &Parameter) {
        let place = self.parameter(operation, &parameter.wire);
        match (&parameter.ty, parameter.encoding) {
            (TypeRef::List(item), Encoding::List) if self.is_scalar(item) => {}
            (TypeRef::List(item), Encoding::Objects) => self.travels(Way::Sent, item, &place, true),
            (ty, Encoding::Plain | Encoding::DottedDate) if self.is_scalar(ty) => {}
            (TypeRef::List(_), _) => {
                self.fault(Rule::ParameterStyle, &place, "a list in a query holds texts, numbers or booleans");
            }
            _ => {
                let help = "send it in the body, or as a list of objects with `style: deepObject`";
                self.fault(Rule::ParameterStyle, &place, "a query holds no objects").help(help);
            }
        }
    }

    /// Whether a value is one text.
    fn is_scalar(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Boolean
            | TypeRef::Integer
            | TypeRef::Number
            | TypeRef::Text
            | TypeRef::Date
            | TypeRef::Instant => true,
            TypeRef::Named(name) => {
                // A reference to nothing is a fault already.
                self.lowered.types.get(name).is_none_or(|definition| {
                    matches!(
                        definition.kind,
                        TypeKind::IntegerId | TypeKind::TextId | TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_)
                    )
                })
            }
            TypeRef::Json | TypeRef::List(_) | TypeRef::TextMap(_) => false,
        }
    }

    /// The arguments of a function come from its path, its query and its body, and have one name each.
    fn arguments(&mut self, operation: &Operation) {
        let parameters = operation.path_parameters.iter().chain(&operation.required_query);
        let mut names: Vec<(&str, Option<&str>)> =
            parameters.map(|parameter| (parameter.name.as_str(), Some(parameter.wire.as_str()))).collect();
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
            let wire = names.iter().find(|(other, _)| *other == name).and_then(|(_, wire)| *wire);
            let place = wire.map_or_else(|| self.id(operation), |wire| self.parameter(operation, wire));
            let message = format!("two arguments of `{}` would be called `{name}`", operation.function);
            self.fault(Rule::NameCollision, &place, message);
        }
    }

    fn node(&self, operation: &Operation) -> Option<&'a Node> {
        self.lowered.root.get("paths")?.get(&operation.path)?.get(&operation.method)
    }

    fn id(&self, operation: &Operation) -> Range<usize> {
        self.node(operation).and_then(|node| node.get("operationId")).map_or(0..0, |id| id.span.clone())
    }

    /// Where the operation names the parameter.
    fn parameter(&self, operation: &Operation, wire: &str) -> Range<usize> {
        let Some(node) = self.node(operation) else { return 0..0 };
        let mut declared = resolve::parameters(self.lowered.root, node);
        let found = declared.find(|(_, declared)| declared.text_at("name") == Some(wire));
        found.map_or(self.id(operation), |(entry, _)| entry.get("name").map_or(entry.head(), Node::head))
    }

    /// The operation that takes the query type `name`.
    fn lists(&self, name: &str) -> Option<&'a Operation> {
        let mut operations = self.lowered.modules.iter().flat_map(|module| &module.operations);
        operations.find(|operation| operation.query.as_deref() == Some(name))
    }
}

/// What a type holds directly, each with its place.
fn held<'t>(definition: &'t TypeDef, schema: &Schema) -> Vec<(&'t TypeRef, Range<usize>)> {
    let of_fields = |fields: &'t [Field]| -> Vec<_> {
        fields.iter().map(|field| (&field.ty, schema.property(&field.wire))).collect()
    };
    match &definition.kind {
        TypeKind::Struct(body) => of_fields(&body.fields),
        TypeKind::OneOf(fields) => of_fields(fields),
        TypeKind::Groups(groups) => groups.iter().flat_map(|group| of_fields(&group.fields)).collect(),
        TypeKind::Map { value, .. } => vec![(value, schema.key("additionalProperties"))],
        TypeKind::Content { variants, .. } => {
            variants.iter().map(|variant| (&variant.ty, schema.key("anyOf"))).collect()
        }
        _ => Vec::new(),
    }
}

/// Where the parts of a type stand in the document.
struct Schema<'a> {
    node: Option<&'a Node>,
    place: Range<usize>,
}

impl<'a> Schema<'a> {
    fn of(lowered: &Lowered<'a>, name: &str) -> Self {
        let found = resolve::component(lowered.root, "schemas", name);
        let place = lowered.places.get(name).cloned().unwrap_or_default();
        Self { node: found.map(|(_, node)| node), place }
    }

    fn head(&self) -> Range<usize> {
        self.place.clone()
    }

    fn key(&self, name: &str) -> Range<usize> {
        self.find(name, self.node.map_or(&[][..], Node::entries), |key, name| key.name == name)
    }

    fn property(&self, wire: &str) -> Range<usize> {
        self.find(wire, self.properties(), |key, wire| key.name == wire)
    }

    fn properties(&self) -> &'a [(Key, Node)] {
        self.node.map_or(&[][..], |node| node.entries_at("properties"))
    }

    fn find(&self, name: &str, entries: &[(Key, Node)], is: impl Fn(&Key, &str) -> bool) -> Range<usize> {
        entries.iter().find(|(key, _)| is(key, name)).map_or(self.head(), |(key, _)| key.span.clone())
    }
}

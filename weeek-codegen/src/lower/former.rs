//! `x-weeek-aliases`: the names that things had before. Each stays as a deprecated alias, so it has to be free, and the thing
//! has to be of a kind that can have one in Rust.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Lowered, reserved};
use crate::diagnostic::Report;
use crate::ir::{Module, Operation, Struct, TypeDef, TypeKind};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;

const KEY: &str = "x-weeek-aliases";

/// The names under the key, as `spell` writes them in Rust.
pub(super) fn names(node: &Node, spell: impl Fn(&str) -> String) -> Vec<String> {
    entries(Some(node)).iter().filter_map(Node::text).map(spell).collect()
}

fn entries(node: Option<&Node>) -> &[Node] {
    node.and_then(|node| node.get(KEY)).map_or(&[][..], Node::items)
}

/// Reports every former name that is taken, and every key where Rust can't have an alias.
pub(super) fn check(lowered: &Lowered, report: &mut Report) {
    let mut check = Check { lowered, report };
    check.places(lowered.root, &mut Vec::new());
    check.types();
    for definition in lowered.types.values() {
        match &definition.kind {
            TypeKind::Struct(body) => check.setters(definition, body),
            TypeKind::Query(_) => check.query_setters(definition),
            _ => {}
        }
    }
    for module in lowered.modules {
        check.functions(module);
    }
}

struct Check<'a, 'report> {
    lowered: &'a Lowered<'a>,
    report: &'report mut Report,
}

impl<'a> Check<'a, '_> {
    /// Holds each key of the document against what it stands at.
    fn places<'n>(&mut self, node: &'n Node, path: &mut Vec<&'n str>) {
        if let Some((key, former)) = node.entries().iter().find(|(key, _)| key.name == KEY) {
            if former.items().is_empty() {
                self.report.fault(Rule::FormerName, &key.span, format!("`{KEY}` names nothing"));
            }
            if let Some(refusal) = self.refusal(node, path) {
                self.report.fault(Rule::FormerName, &key.span, refusal);
            }
        }
        for (Key { name, .. }, child) in node.entries() {
            if !matches!(name.as_str(), "example" | "default" | KEY) {
                path.push(name);
                self.places(child, path);
                path.pop();
            }
        }
        for item in node.items() {
            path.push("");
            self.places(item, path);
            path.pop();
        }
    }

    /// Why what stands at `path` can't have an alias.
    fn refusal(&self, node: &Node, path: &[&str]) -> Option<String> {
        match path {
            ["paths", _, _] => None,
            ["components", "schemas", name] if self.lowered.types.contains_key(*name) => None,
            ["components", "schemas", name] => Some(format!("`{name}` has no name in Rust: leave `{KEY}` out")),
            ["components", "parameters", _] | ["paths", _, _, "parameters", _]
                if node.text_at("in") == Some("query") && !node.is_true("required") =>
            {
                None
            }
            ["components", "parameters", _] | ["paths", _, _, "parameters", _] => Some(argument("this parameter")),
            ["components", "schemas", schema, "properties", property] => self.property(schema, property),
            _ => Some(format!(
                "`{KEY}` has no effect here: operations, optional parameters, schemas and their properties can have it"
            )),
        }
    }

    fn property(&self, schema: &str, property: &str) -> Option<String> {
        let definition = self.lowered.types.get(schema);
        let field = definition.and_then(|definition| match &definition.kind {
            TypeKind::Struct(body) => body.fields.iter().find(|field| field.wire == property),
            _ => None,
        });
        match (definition, field) {
            (Some(definition), Some(_)) if definition.received => Some(format!(
                "`{property}` can't have an alias: answers hold `{schema}`, and a public field of Rust has one name"
            )),
            (Some(_), Some(field)) if field.required => Some(argument(&format!("`{property}`"))),
            (Some(_), Some(_)) => None,
            _ => Some(format!("`{property}` can't have an alias: it becomes no setter")),
        }
    }

    fn types(&mut self) {
        let Lowered { root, types, places, .. } = *self.lowered;
        let mut taken: Taken = BTreeMap::new();
        for name in types.keys() {
            let place = places.get(name).cloned().unwrap_or_default();
            taken.insert(name, (place, format!("`{name}` is defined here")));
        }
        for definition in types.values() {
            let schema = resolve::component(root, "schemas", &definition.name).map(|(_, node)| node);
            let former = entries(schema.or_else(|| self.lists(&definition.name)));
            for (was, node) in definition.was.iter().zip(former) {
                if let Some(reason) = reserved::type_name(was) {
                    let message = format!("no type can be called `{was}`: {reason}");
                    self.report.fault(Rule::FormerName, &node.span, message);
                    continue;
                }
                self.claim(&mut taken, was, &node.span, &definition.name);
            }
        }
    }

    fn setters(&mut self, definition: &'a TypeDef, body: &'a Struct) {
        let Some((key, schema)) = resolve::component(self.lowered.root, "schemas", &definition.name) else { return };
        let properties = schema.get("properties").map_or(&[][..], Node::entries);
        let mut taken: Taken = BTreeMap::from([("new", (key.span.clone(), "every type has `new`".to_owned()))]);
        for choice in &body.choices {
            taken.insert(&choice.name, (key.span.clone(), format!("the choice `{}` is made here", choice.name)));
        }
        for field in &body.fields {
            let place = properties.iter().find(|(key, _)| key.name == field.wire).map(|(key, _)| key.span.clone());
            taken.insert(&field.name, (place.unwrap_or_default(), format!("`{}` is defined here", field.wire)));
        }
        for field in &body.fields {
            let property = properties.iter().find(|(key, _)| key.name == field.wire).map(|(_, node)| node);
            for (was, node) in field.was.iter().zip(entries(property)) {
                self.claim(&mut taken, was, &node.span, &field.wire);
            }
        }
    }

    fn query_setters(&mut self, definition: &'a TypeDef) {
        let (Some(operation), TypeKind::Query(parameters)) = (self.lists(&definition.name), &definition.kind) else {
            return;
        };
        let declared: BTreeMap<&str, &Node> = operation
            .get("parameters")
            .map_or(&[][..], Node::items)
            .iter()
            .map(|node| resolve::follow(self.lowered.root, "parameters", node))
            .filter_map(|node| Some((node.text_at("name")?, node)))
            .collect();
        let mut taken: Taken = BTreeMap::from([("new", (operation.head(), "every type has `new`".to_owned()))]);
        for parameter in parameters {
            let place = declared.get(parameter.wire.as_str()).map(|node| node.head()).unwrap_or_default();
            taken.insert(&parameter.name, (place, format!("`{}` is declared here", parameter.wire)));
        }
        for parameter in parameters {
            let former = entries(declared.get(parameter.wire.as_str()).copied());
            for (was, node) in parameter.was.iter().zip(former) {
                self.claim(&mut taken, was, &node.span, &parameter.wire);
            }
        }
    }

    fn functions(&mut self, module: &'a Module) {
        let tag = naming::handle(&module.handle);
        let mut taken: Taken = BTreeMap::new();
        for operation in &module.operations {
            let place = self.node(operation).and_then(|node| node.get("operationId")).map(Node::head);
            let taker = (place.unwrap_or_default(), format!("`{}` is defined here", operation.id));
            let all_pages = operation.paging.as_ref().map(|paging| paging.function.as_str());
            for function in all_pages.into_iter().chain([operation.function.as_str()]) {
                taken.insert(function, taker.clone());
            }
        }
        for operation in &module.operations {
            for (was, node) in operation.was.iter().zip(entries(self.node(operation))) {
                let id = node.text().unwrap_or_default();
                if id.split_once('.').is_none_or(|(before, function)| before != tag || function.contains('.')) {
                    let help = format!("an alias stays with its tag: it is called `{tag}.verb`");
                    let message = format!("operationId `{id}` breaks the rule");
                    self.report.fault(Rule::FormerName, &node.span, message).help(help);
                    continue;
                }
                for name in std::iter::once(&was.function).chain(&was.all_pages) {
                    self.claim(&mut taken, name, &node.span, &operation.id);
                }
            }
        }
    }

    /// Gives `name` to what is called `now`, unless something has it.
    fn claim(&mut self, taken: &mut Taken<'a>, name: &'a str, place: &Range<usize>, now: &str) {
        if !naming::is_identifier(name) {
            self.report.fault(Rule::FormerName, place, format!("`{name}` can't be a name in Rust"));
            return;
        }
        match taken.get(name) {
            Some((other, what)) => {
                let message = format!("the name `{name}` is taken");
                self.report.fault(Rule::FormerName, place, message).related(other, what.clone());
            }
            None => {
                taken.insert(name, (place.clone(), format!("`{now}` was called so before")));
            }
        }
    }

    /// The operation that takes the query type `name`.
    fn lists(&self, name: &str) -> Option<&'a Node> {
        let mut operations = self.lowered.modules.iter().flat_map(|module| &module.operations);
        self.node(operations.find(|operation| operation.query.as_deref() == Some(name))?)
    }

    fn node(&self, operation: &Operation) -> Option<&'a Node> {
        self.lowered.root.get("paths")?.get(&operation.path)?.get(&operation.method)
    }
}

/// Names that are given away: where, and to what.
type Taken<'a> = BTreeMap<&'a str, (Range<usize>, String)>;

fn argument(what: &str) -> String {
    format!("{what} needs no alias: it is an argument, and callers don't write the names of arguments")
}

//! From the checked document to plain data. Every form that is not recognised is a fault with its place.

mod former;
mod operation;
mod ownership;
mod prose;
mod recursion;
mod reserved;
mod rust_name;
mod schema;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostic::Report;
use crate::ir::{Api, Module, TypeDef};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;

/// Lowers the document. What comes back is whole only where the report stayed clean.
pub(crate) fn lower(root: &Node, report: &mut Report) -> Api {
    let mut later = report.next_stage();
    let mut lower = Lower {
        root,
        report: &mut later,
        types: BTreeMap::new(),
        places: BTreeMap::new(),
        spread: BTreeSet::new(),
        envelopes: BTreeSet::new(),
    };
    let mut modules = lower.modules();
    lower.operations(&mut modules);
    lower.schemas();
    lower.contains_itself();
    let (mut types, places) = (lower.types, lower.places);
    ownership::direct(&mut types, &modules);
    // Whether a name is free is known where all the others are.
    if later.is_clean() {
        let lowered = Lowered { root, types: &types, places: &places, modules: &modules };
        rust_name::check(&lowered, &mut later);
        former::check(&lowered, &mut later);
        uses::check(&lowered, &mut later);
    }
    report.absorb(later);
    ownership::assign(&mut modules, &types);
    prose::speak_rust(&mut modules, &mut types);
    let server = root.get("servers").and_then(|servers| servers.items().first()?.text_at("url"));
    Api { server: server.unwrap_or_default().to_owned(), modules, types }
}

/// All that was lowered, for checks that need the whole of it.
struct Lowered<'a> {
    root: &'a Node,
    types: &'a BTreeMap<String, TypeDef>,
    /// Where each type comes from.
    places: &'a BTreeMap<String, Range<usize>>,
    modules: &'a [Module],
}

struct Lower<'a> {
    root: &'a Node,
    report: &'a mut Report,
    types: BTreeMap<String, TypeDef>,
    places: BTreeMap<String, Range<usize>>,
    /// Schemas that became arguments of a function instead of a type.
    spread: BTreeSet<String>,
    /// Schemas of whole answers, which say of themselves whether they are refusals.
    envelopes: BTreeSet<String>,
}

impl Lower<'_> {
    fn modules(&mut self) -> Vec<Module> {
        let mut modules: Vec<Module> = Vec::new();
        let tags = self.root.get("tags").map_or(&[][..], Node::items);
        for tag in tags {
            let (Some(name), Some(area)) = (tag.text_at("name"), tag.text_at("x-weeek-area")) else { continue };
            let module = Module {
                name: naming::value(name),
                handle: naming::kind(name),
                resource: tag.text_at("x-weeek-resource").unwrap_or_default().to_owned(),
                docs: tag.text_at("description").unwrap_or_default().to_owned(),
                program: tag.text_at("x-weeek-example-code").unwrap_or_default().to_owned(),
                feature: Some(area.to_owned()),
                model_features: BTreeSet::new(),
                types: Vec::new(),
                operations: Vec::new(),
            };
            let place = tag.get("name").map_or(tag.head(), |name| name.span.clone());
            if let Some(first) = modules.iter().position(|other| other.name == module.name) {
                let message = format!("two tags are called `{}` in Rust", module.name);
                let fault = self.report.fault(Rule::DuplicateTag, &place, message);
                fault.related(&tags[first].head(), "the other one");
                continue;
            }
            if !naming::is_identifier(&module.name) || !naming::is_identifier(&module.handle) {
                self.report.fault(Rule::RustName, &place, format!("`{name}` can't be the name of a Rust module"));
            } else if let Some(reason) = reserved::module_name(&module.name) {
                let message = format!("no resource can be called `{}` in Rust: {reason}", module.name);
                self.report.fault(Rule::RustName, &place, message).help("give the tag another name");
            }
            modules.push(module);
        }
        modules
    }

    /// Adds a type under a name that nothing else has.
    fn define(&mut self, place: &Range<usize>, definition: TypeDef) {
        let name = definition.name.clone();
        match self.types.get(&name) {
            Some(known) if *known == definition => {}
            Some(_) => {
                let fault = self.report.fault(
                    Rule::NameCollision,
                    place,
                    format!("the name `{name}` is taken by another type"),
                );
                if let Some(first) = self.places.get(&name) {
                    fault.related(first, "the other one");
                }
            }
            None if !naming::is_identifier(&name) => {
                self.report.fault(Rule::RustName, place, format!("`{name}` can't be the name of a Rust type"));
            }
            None => {
                if let Some(reason) = reserved::type_name(&name) {
                    let message = format!("no type can be called `{name}`: {reason}");
                    self.report.fault(Rule::RustName, place, message).help("give it another name");
                }
                self.places.insert(name.clone(), place.clone());
                self.types.insert(name, definition);
            }
        }
    }
}

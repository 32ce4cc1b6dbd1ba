//! From the checked document to plain data. Every form that is not recognised is a fault with its place.

mod former;
mod operation;
mod ownership;
mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostic::Report;
use crate::ir::{Api, Module, TypeDef};
use crate::naming;
use crate::spec::node::Node;

/// Lowers the document. What comes back is whole only where the report stayed clean.
pub(crate) fn lower(root: &Node, report: &mut Report) -> Api {
    let mut lower = Lower { root, report, types: BTreeMap::new(), places: BTreeMap::new(), spread: BTreeSet::new() };
    let mut modules = lower.modules();
    lower.operations(&mut modules);
    lower.schemas();
    let mut types = lower.types;
    ownership::direct(&mut types, &modules);
    let lowered = former::Lowered { root, types: &types, places: &lower.places, modules: &modules };
    former::check(&lowered, lower.report);
    ownership::assign(&mut modules, &types);
    let server = root.get("servers").and_then(|servers| servers.items().first()?.text_at("url"));
    Api { server: server.unwrap_or_default().to_owned(), modules, types }
}

struct Lower<'a> {
    root: &'a Node,
    report: &'a mut Report,
    types: BTreeMap<String, TypeDef>,
    places: BTreeMap<String, Range<usize>>,
    /// Schemas that became arguments of a function instead of a type.
    spread: BTreeSet<String>,
}

impl<'a> Lower<'a> {
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
                program: tag.text_at("x-weeek-program").unwrap_or_default().to_owned(),
                feature: Some(area.to_owned()),
                model_features: BTreeSet::new(),
                types: Vec::new(),
                operations: Vec::new(),
            };
            if modules.iter().any(|other| other.name == module.name) {
                self.report.fault(&tag.span, format!("two tags are called `{}` in Rust", module.name));
            }
            modules.push(module);
        }
        modules
    }

    fn components(&self, section: &str) -> &'a [(crate::spec::node::Key, Node)] {
        let components = self.root.get("components").and_then(|components| components.get(section));
        components.map_or(&[][..], Node::entries)
    }

    /// Adds a type under a name that nothing else has.
    fn define(&mut self, place: &Range<usize>, definition: TypeDef) {
        let name = definition.name.clone();
        match self.types.get(&name) {
            Some(known) if *known == definition => {}
            Some(_) => self.report.fault(place, format!("the name `{name}` is taken by another type")),
            None if !naming::is_identifier(&name) => {
                self.report.fault(place, format!("`{name}` can't be the name of a Rust type"));
            }
            None => {
                self.places.insert(name.clone(), place.clone());
                self.types.insert(name, definition);
            }
        }
    }
}

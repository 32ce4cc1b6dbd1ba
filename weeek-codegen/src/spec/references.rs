//! References to components that do not exist: each missing component is one error, with all its references.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::node::{Key, Node};
use super::resolve;
use super::suggest::{closest, did_you_mean};
use crate::diagnostic::Diagnostics;
use crate::rules::Rule;

/// The section and the name of a component.
type Component<'a> = (&'static str, &'a str);

/// The references of a spec by their target.
#[derive(Default)]
pub(super) struct References<'a> {
    found: BTreeSet<Component<'a>>,
    missing: BTreeMap<Component<'a>, Vec<(Rule, Range<usize>)>>,
}

impl<'a> References<'a> {
    pub(super) fn found(&mut self, section: &'static str, name: &'a str) {
        self.found.insert((section, name));
    }

    pub(super) fn missing(&mut self, rule: Rule, section: &'static str, name: &'a str, span: &Range<usize>) {
        self.missing.entry((section, name)).or_default().push((rule, span.clone()));
    }

    pub(super) fn report(&self, root: &Node, diagnostics: &mut Diagnostics) {
        let has_section =
            |section: &str| root.get("components").is_some_and(|components| components.get(section).is_some());
        let mut absent: BTreeMap<&str, Vec<&Range<usize>>> = BTreeMap::new();
        for ((section, _), places) in self.missing.iter().filter(|((section, _), _)| !has_section(section)) {
            absent.entry(section).or_default().extend(places.iter().map(|(_, span)| span));
        }
        for (section, places) in absent {
            let message = format!("the spec has no `components.{section}`");
            let error = diagnostics.error(Rule::DanglingReference, places[0], message);
            for other in &places[1..] {
                error.related(other, "another reference");
            }
        }
        for (&(section, name), places) in self.missing.iter().filter(|((section, _), _)| has_section(section)) {
            let [(rule, first), others @ ..] = &places[..] else { continue };
            let renamed = self.renamed(root, section, name, places.len());
            if let Some((key, node)) = renamed {
                // What follows from the wrong name is no error of its own.
                diagnostics.taint(&(key.span.start..node.span.end));
            }
            let error = match renamed {
                Some((key, _)) if !others.is_empty() => {
                    let message = format!("nothing refers to `{}`, and `{name}` is not defined", key.name);
                    let error = diagnostics.error(*rule, &key.span, message);
                    error.help(format!("rename it to `{name}`, or change the references"));
                    error.related(first, format!("a reference to `{name}`"))
                }
                _ => {
                    let message = format!("`{name}` is not defined in `components.{section}`");
                    let error = diagnostics.error(*rule, first, message);
                    error.help = did_you_mean(name, resolve::names(root, section));
                    match renamed {
                        Some((key, _)) => error.related(&key.span, "nothing refers to this"),
                        None => error,
                    }
                }
            };
            for (_, other) in others {
                error.related(other, "another reference");
            }
        }
    }

    /// The component that likely had the name: one without references, whose name is similar, or which is the only one. A single
    /// reference can also be misspelled.
    fn renamed<'r>(&self, root: &'r Node, section: &'static str, name: &str, count: usize) -> Option<&'r (Key, Node)> {
        let unused = |key: &Key| !self.found.contains(&(section, key.name.as_str()));
        let unused: Vec<_> = resolve::components(root, section).iter().filter(|(key, _)| unused(key)).collect();
        if let Some(near) = closest(name, unused.iter().map(|(key, _)| key.name.as_str())) {
            return unused.into_iter().find(|(key, _)| key.name == near);
        }
        let is_only = self.missing.keys().filter(|(other, _)| *other == section).count() == 1;
        let is_misspelled = || count == 1 && closest(name, resolve::names(root, section)).is_some();
        match unused[..] {
            [only] if is_only && !is_misspelled() => Some(only),
            _ => None,
        }
    }
}

//! The document as `openapiv3` understands it: a second opinion on what it holds.

use std::collections::BTreeMap;
use std::ops::Range;

use openapiv3::{OpenAPI, Parameter, PathItem, Response, Schema};

use super::node::{Key, Node};
use crate::diagnostic::Report;
use crate::rules::Rule;

/// What `openapiv3` found.
#[derive(Debug, Default)]
pub(crate) struct Opinion {
    pub(crate) operations: usize,
    pub(crate) schemas: Vec<String>,
}

/// Entries are read together up to so many bytes: what `openapiv3` makes of a text takes twenty times its space.
const TOGETHER: usize = 64 << 10;

/// A document in parts: entries of the sections that grow with the API, and what is left of it.
#[derive(Debug)]
pub(crate) struct Parts<'text> {
    text: &'text str,
    entries: Vec<(&'static str, Range<usize>)>,
    rest: String,
}

impl<'text> Parts<'text> {
    pub(crate) fn of(text: &'text str, root: &Node) -> Self {
        let (mut entries, mut rest, mut from) = (Vec::new(), String::new(), 0);
        for (name, section) in sections(root) {
            let Some(place) = place(text, section) else { continue };
            rest.push_str(&text[from..place.start]);
            from = place.end;
            entries.extend(parts(text, section.entries(), place.end).into_iter().map(|part| (name, part)));
        }
        rest.push_str(&text[from..]);
        Self { text, entries, rest }
    }

    /// Reads the parts, or says what is wrong with one.
    pub(crate) fn read(self) -> Result<Opinion, Report> {
        let mut opinion = Opinion::default();
        for (section, part) in self.entries {
            opinion.add(section, &self.text[part.clone()]).map_err(|error| fault(&error, part))?;
        }
        let document: OpenAPI = serde_yaml::from_str(&self.rest).map_err(|error| fault(&error, 0..self.text.len()))?;
        opinion.operations += document.operations().count();
        opinion.schemas.extend(document.components.into_iter().flat_map(|components| components.schemas.into_keys()));
        Ok(opinion)
    }
}

/// None of them is a reference: the grammar has none there, and `ReferenceOr` would hold each entry twice to find out.
type Entries<T> = BTreeMap<String, T>;

impl Opinion {
    fn add(&mut self, section: &str, text: &str) -> serde_yaml::Result<()> {
        match section {
            "paths" => {
                let items: Entries<PathItem> = serde_yaml::from_str(text)?;
                self.operations += items.values().flat_map(PathItem::iter).count();
            }
            "schemas" => self.schemas.extend(serde_yaml::from_str::<Entries<Schema>>(text)?.into_keys()),
            "parameters" => drop(serde_yaml::from_str::<Entries<Parameter>>(text)?),
            _ => drop(serde_yaml::from_str::<Entries<Response>>(text)?),
        }
        Ok(())
    }
}

fn fault(error: &serde_yaml::Error, part: Range<usize>) -> Report {
    let mut text = error.to_string();
    let mut at = 0;
    if let Some(place) = error.location() {
        // That of the part; the one in the document is told with the fault.
        let told = format!(" at line {} column {}", place.line(), place.column());
        text.truncate(text.strip_suffix(&told).unwrap_or(&text).len());
        at = place.index();
    }
    let message = format!("not an OpenAPI 3.0 document: {text}");
    let mut report = Report::default();
    report.fault(Rule::OpenapiDocument, &((part.start + at).min(part.end)..part.end), message);
    report
}

/// The sections that have entries, in the order of the document.
fn sections(root: &Node) -> Vec<(&'static str, &Node)> {
    let components = root.get("components");
    let of_components = |name| Some((name, components?.get(name)?));
    let paths = root.get("paths").map(|paths| ("paths", paths));
    let mut sections: Vec<_> =
        ["parameters", "schemas", "responses"].into_iter().filter_map(of_components).chain(paths).collect();
    sections.sort_by_key(|(_, section)| section.span.start);
    sections
}

/// The lines of a section, where each entry begins on one of its own.
fn place(text: &str, section: &Node) -> Option<Range<usize>> {
    let (first, last) = (&section.entries().first()?.0, &section.entries().last()?.0);
    // Braces begin before the first key.
    if section.span.start < first.span.start {
        return None;
    }
    let (start, end) = (line(text, first), line(text, last));
    let depth = first.span.start - start;
    let is_inside = |line: &&str| line.trim_start().is_empty() || line.len() - line.trim_start().len() >= depth;
    let lines = text[end..].split_inclusive('\n').take_while(is_inside);
    Some(start..end + lines.map(str::len).sum::<usize>())
}

/// Runs of entries.
fn parts(text: &str, entries: &[(Key, Node)], end: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for start in entries.iter().map(|(key, _)| line(text, key)) {
        match parts.last_mut() {
            Some(part) if start - part.start < TOGETHER => part.end = end,
            Some(part) => {
                part.end = start;
                parts.push(start..end);
            }
            None => parts.push(start..end),
        }
    }
    parts
}

/// Where the line of a key begins.
fn line(text: &str, key: &Key) -> usize {
    text[..key.span.start].rfind('\n').map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::load;

    fn opinion(text: &str) -> Result<Opinion, Report> {
        Parts::of(text, &load::tree(text, &mut Report::default()).unwrap()).read()
    }

    #[test]
    fn the_parts_add_up_to_the_whole() {
        let ours = include_str!("../../../spec/openapi.yaml");
        let in_braces = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {\n  /a: {get: {responses: {}}},\n  /b: {}}\n\
                         components:\n  schemas:\n    A: {type: string}\n\n    # A comment.\n    B: {type: string}\n";
        for text in [ours, in_braces] {
            let opinion = opinion(text).unwrap();
            let whole: OpenAPI = serde_yaml::from_str(text).unwrap();
            assert_eq!(opinion.operations, whole.operations().count());
            let mut schemas: Vec<String> = whole.components.unwrap().schemas.into_keys().collect();
            schemas.sort_unstable();
            let mut found = opinion.schemas;
            found.sort_unstable();
            assert_eq!(found, schemas);
        }
    }

    #[test]
    fn a_fault_is_told_with_its_part() {
        let text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /a: {get: {responses: 7}}\n";
        let report = opinion(text).unwrap_err();
        let [fault] = report.faults() else { panic!("one fault") };
        assert!(text[fault.span.clone()].starts_with("7}}"), "{fault:?}");
        let expected = "/a.get.responses: invalid type: integer `7`, expected struct Responses";
        assert_eq!(fault.message, format!("not an OpenAPI 3.0 document: {expected}"));
    }
}

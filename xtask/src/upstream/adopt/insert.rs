//! Drafts into the text of the spec, each in the part of its resource, under a banner.

use std::collections::{BTreeMap, BTreeSet};

use super::yaml::Yaml;
use crate::yaml::Part;

/// What is to be inserted.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The names of tags in the order of the spec.
    tags: Vec<String>,
    new_tags: Vec<Yaml>,
    /// By tag: paths with their operations.
    paths: BTreeMap<String, Vec<(String, Operations)>>,
    /// By section and tag.
    components: BTreeMap<(String, String), Vec<(String, Yaml)>>,
    claimed: BTreeSet<String>,
    /// Properties of schemas that are there.
    properties: Vec<Property>,
    /// By path and method: parameters of operations that are there.
    parameters: Vec<(String, String, Yaml)>,
}

/// By method.
type Operations = Vec<(String, Yaml)>;

#[derive(Clone, Debug)]
struct Property {
    schema: String,
    name: String,
    value: Yaml,
    is_required: bool,
}

impl Draft {
    /// An empty draft for a spec.
    pub(super) fn of(root: &Part) -> Self {
        let tags = root.get("tags").map(Part::items).unwrap_or_default();
        let tags = tags.iter().filter_map(|tag| tag.text_at("name").map(str::to_owned)).collect();
        Self { tags, ..Self::default() }
    }

    /// A tag that is new.
    pub(super) fn tag(&mut self, name: &str, resource: &str, area: &str) {
        if self.tags.iter().any(|tag| tag == name) {
            return;
        }
        self.tags.push(name.to_owned());
        let entries = [("name", name), ("x-weeek-resource", resource), ("x-weeek-area", area)];
        self.new_tags.push(Yaml::Block(entries.map(|(key, value)| (key.to_owned(), Yaml::text(value))).to_vec()));
    }

    /// An operation of a path.
    pub(super) fn operation(&mut self, tag: &str, path: &str, method: &str, operation: Yaml) {
        let paths = self.paths.entry(tag.to_owned()).or_default();
        match paths.iter_mut().find(|(known, _)| known == path) {
            Some((_, operations)) => operations.push((method.to_owned(), operation)),
            None => paths.push((path.to_owned(), vec![(method.to_owned(), operation)])),
        }
    }

    /// A property of a schema that is there.
    pub(super) fn property(&mut self, schema: &str, name: &str, value: Yaml, is_required: bool) {
        if !self.properties.iter().any(|known| known.schema == schema && known.name == name) {
            let (schema, name) = (schema.to_owned(), name.to_owned());
            self.properties.push(Property { schema, name, value, is_required });
        }
    }

    /// A parameter of an operation that is there.
    pub(super) fn parameter(&mut self, path: &str, method: &str, parameter: Yaml) {
        self.parameters.push((path.to_owned(), method.to_owned(), parameter));
    }

    /// A component, unless the draft has it already.
    pub(super) fn component(&mut self, section: &str, tag: &str, name: &str, component: Yaml) {
        if !self.has(section, name) {
            let key = (section.to_owned(), tag.to_owned());
            self.components.entry(key).or_default().push((name.to_owned(), component));
        }
    }

    /// Whether the draft has a component.
    pub(super) fn has(&self, section: &str, name: &str) -> bool {
        let of_section = self.components.iter().filter(|((known, _), _)| known == section);
        of_section.flat_map(|(_, list)| list).any(|(known, _)| known == name)
    }

    /// Whether a name was free; it is taken from now on.
    pub(super) fn claim(&mut self, name: &str) -> bool {
        self.claimed.insert(name.to_owned())
    }

    /// The text with the draft in it.
    pub(super) fn insert(&self, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let tags: String = self.new_tags.iter().map(|tag| tag.item(2)).collect();
        let end = below(&lines, "tags:").end;
        lines.splice(end..end, tags.lines().map(str::to_owned));
        for tag in &self.tags {
            for (path, operations) in self.paths.get(tag).into_iter().flatten() {
                self.path(&mut lines, tag, path, operations);
            }
            for ((name, _), list) in self.components.iter().filter(|((_, owner), _)| owner == tag) {
                let block: String = list.iter().map(|(key, component)| component.entry(key, 4)).collect();
                self.under_banner(&mut lines, &format!("  {name}:"), 4, tag, &block);
            }
        }
        for property in &self.properties {
            property.insert(&mut lines);
        }
        for (path, method, parameter) in &self.parameters {
            let operation = within(
                &lines,
                within(&lines, below(&lines, "paths:"), &format!("  {path}:")),
                &format!("    {method}:"),
            );
            let list = within(&lines, operation.clone(), "      parameters:");
            let responses = lines[operation.clone()].iter().position(|line| line.starts_with("      re"));
            let at = if list.is_empty() { operation.start + responses.unwrap_or_default() } else { list.end };
            let head = if list.is_empty() { "      parameters:\n" } else { "" };
            let block = format!("{head}{}", parameter.item(8));
            lines.splice(at..at, block.lines().map(str::to_owned));
        }
        lines.join("\n") + "\n"
    }

    fn path(&self, lines: &mut Vec<String>, tag: &str, path: &str, operations: &[(String, Yaml)]) {
        let mut operations = operations.to_vec();
        let order = ["get", "post", "put", "patch", "delete"];
        operations.sort_by_key(|(method, _)| order.iter().position(|known| known == method));
        let block: String = operations.iter().map(|(method, operation)| operation.entry(method, 4)).collect();
        let paths = below(lines, "paths:");
        match lines[paths.clone()].iter().position(|line| *line == format!("  {path}:")) {
            Some(at) => {
                let start = paths.start + at + 1;
                let end = block_end(lines, start, 2);
                lines.splice(end..end, block.lines().map(str::to_owned));
            }
            None => self.under_banner(lines, "paths:", 2, tag, &format!("  {path}:\n{block}")),
        }
    }

    /// Adds a block at the end of a tag's part of a section, with a banner where it has none.
    fn under_banner(&self, lines: &mut Vec<String>, head: &str, indent: usize, tag: &str, block: &str) {
        let range = below(lines, head);
        let banner = |name: &str| {
            let name = name.to_lowercase();
            lines[range.clone()].iter().position(|line| is_banner(line) && line.ends_with(&format!(" {name}")))
        };
        let later = |at: usize| self.tags[at + 1..].iter().find_map(|tag| banner(tag));
        let own = self.tags.iter().position(|known| known == tag);
        let (has_banner, next) = (banner(tag).is_some(), own.and_then(later));
        let end = next.map_or(range.end, |next| range.start + next);
        let mut block: Vec<String> = block.lines().map(str::to_owned).collect();
        if !has_banner {
            let name = tag.to_lowercase();
            let dashes = "-".repeat(117_usize.saturating_sub(indent + name.len()));
            block.insert(0, format!("{}# {dashes} {name}", " ".repeat(indent)));
        }
        lines.splice(end..end, block);
    }
}

impl Property {
    fn insert(&self, lines: &mut Vec<String>) {
        let schemas = within(lines, below(lines, "components:"), "  schemas:");
        let schema = within(lines, schemas, &format!("    {}:", self.schema));
        let properties = within(lines, schema.clone(), "      properties:");
        if properties.is_empty() {
            return;
        }
        let end = properties.end;
        lines.splice(end..end, self.value.entry(&self.name, 8).lines().map(str::to_owned));
        if !self.is_required {
            return;
        }
        let required = lines[schema.clone()].iter().position(|line| line.starts_with("      required:"));
        match required.map(|at| schema.start + at) {
            Some(at) if lines[at].ends_with(']') => {
                lines[at].pop();
                lines[at] = format!("{}, {}]", lines[at], self.name);
            }
            Some(at) => {
                let end = block_end(lines, at + 1, 6);
                lines.insert(end, format!("        - {}", self.name));
            }
            None => lines.insert(properties.start - 1, format!("      required: [{}]", self.name)),
        }
    }
}

/// The lines below a key; none where the key is not there.
fn below(lines: &[String], key: &str) -> std::ops::Range<usize> {
    within(lines, 0..lines.len(), key)
}

/// The lines below a key, among those of a range; none where the key is not there.
fn within(lines: &[String], range: std::ops::Range<usize>, key: &str) -> std::ops::Range<usize> {
    let Some(at) = lines[range.clone()].iter().position(|line| line == key) else { return range.end..range.end };
    let start = range.start + at + 1;
    start..block_end(lines, start, key.len() - key.trim_start().len())
}

fn is_banner(line: &str) -> bool {
    line.trim_start().starts_with("# ---")
}

fn block_end(lines: &[String], start: usize, indent: usize) -> usize {
    let is_outside = |line: &String| {
        let own = line.len() - line.trim_start().len();
        !line.trim().is_empty() && own <= indent && !(line.trim_start().starts_with("- ") && own == indent)
    };
    lines[start..].iter().position(is_outside).map_or(lines.len(), |at| start + at)
}

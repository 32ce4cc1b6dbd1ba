//! Puts drafts into the text of the spec, each in the part of its resource, under a banner.

use std::collections::BTreeSet;
use std::ops::Range;

use super::yaml::{Yaml, entry, key_text, path_text};
use crate::yaml::Part;

/// The lines of a spec, with the drafts so far.
pub(super) struct Draft {
    lines: Vec<String>,
    /// The names of tags in the order of the spec.
    tags: Vec<String>,
    claimed: BTreeSet<String>,
}

impl Draft {
    pub(super) fn of(text: &str, root: &Part) -> Self {
        let tags = root.items_at("tags");
        let tags = tags.iter().filter_map(|tag| tag.text_at("name").map(str::to_owned)).collect();
        Self { lines: text.lines().map(str::to_owned).collect(), tags, claimed: BTreeSet::new() }
    }

    pub(super) fn into_text(self) -> String {
        self.lines.join("\n") + "\n"
    }

    /// Adds a tag, unless there is one of that name.
    pub(super) fn tag(&mut self, name: &str, resource: &str, area: &str) {
        if !self.tags.iter().any(|tag| tag == name) {
            self.tags.push(name.to_owned());
            let tag = vec![entry("name", name), entry("x-weeek-resource", resource), entry("x-weeek-area", area)];
            self.insert(self.below("tags:").end, &Yaml::Block(tag).item(2));
        }
    }

    /// Adds an operation to a path, which may be new.
    pub(super) fn operation(&mut self, tag: &str, path: &str, method: &str, operation: &Yaml) {
        let (head, operation) = (format!("  {}:", path_text(path)), operation.entry(method, 4));
        let known = self.within(self.below("paths:"), &head);
        if known.is_empty() {
            self.under_banner("paths:", 2, tag, &format!("{head}\n{operation}"));
        } else {
            self.insert(known.end, &operation);
        }
    }

    /// Adds a parameter to an operation that is there.
    pub(super) fn parameter(&mut self, path: &str, method: &str, parameter: &Yaml) {
        let path = self.within(self.below("paths:"), &format!("  {}:", path_text(path)));
        let operation = self.within(path, &format!("    {method}:"));
        let list = self.within(operation.clone(), "      parameters:");
        if list.is_empty() {
            // Above the body and the responses.
            let next = self.lines[operation.clone()].iter().position(|line| line.starts_with("      re"));
            let list = format!("      parameters:\n{}", parameter.item(8));
            self.insert(operation.start + next.unwrap_or_default(), &list);
        } else {
            self.insert(list.end, &parameter.item(8));
        }
    }

    /// Adds a property to a schema that is there, unless it has one of that name.
    pub(super) fn property(&mut self, schema: &str, name: &str, value: &Yaml, is_required: bool) {
        let schema = self.within(self.below("  schemas:"), &format!("    {schema}:"));
        let properties = self.within(schema.clone(), "      properties:");
        let text = key_text(name);
        if properties.is_empty() || self.starts(properties.clone(), &format!("        {text}:")).is_some() {
            return;
        }
        self.insert(properties.end, &value.entry(name, 8));
        if !is_required {
            return;
        }
        match self.starts(schema, "      required:") {
            Some(at) if self.lines[at].ends_with(']') => {
                self.lines[at].pop();
                self.lines[at].extend([", ", &text, "]"]);
            }
            Some(at) => self.insert(self.block_end(at + 1, 6), &format!("        - {text}")),
            None => self.insert(properties.start - 1, &format!("      required: [{text}]")),
        }
    }

    /// Adds a component, unless there is one of that name.
    pub(super) fn component(&mut self, section: &str, tag: &str, name: &str, component: &Yaml) {
        if !self.has(section, name) {
            self.under_banner(&format!("  {section}:"), 4, tag, &component.entry(name, 4));
        }
    }

    pub(super) fn has(&self, section: &str, name: &str) -> bool {
        self.starts(self.below(&format!("  {section}:")), &format!("    {}:", key_text(name))).is_some()
    }

    /// Whether a name was free; it is taken from now on.
    pub(super) fn claim(&mut self, name: &str) -> bool {
        self.claimed.insert(name.to_owned())
    }

    fn insert(&mut self, at: usize, block: &str) {
        self.lines.splice(at..at, block.lines().map(str::to_owned));
    }

    /// Adds a block at the end of a tag's part of a section, with a banner where it has none.
    fn under_banner(&mut self, head: &str, indent: usize, tag: &str, block: &str) {
        let range = self.below(head);
        let banner = |name: &str| {
            let end = format!(" {}", name.to_lowercase());
            let is_banner = |line: &String| line.trim_start().starts_with("# ---") && line.ends_with(&end);
            self.lines[range.clone()].iter().position(is_banner)
        };
        let later = self.tags.iter().skip_while(|known| *known != tag).skip(1).find_map(|tag| banner(tag));
        let end = later.map_or(range.end, |later| range.start + later);
        let name = tag.to_lowercase();
        let dashes = "-".repeat(117_usize.saturating_sub(indent + name.len()));
        let own = if banner(tag).is_some() { String::new() } else { format!("{:indent$}# {dashes} {name}\n", "") };
        self.insert(end, &(own + block));
    }

    /// The first line of a range that starts with a text.
    fn starts(&self, range: Range<usize>, text: &str) -> Option<usize> {
        self.lines[range.clone()].iter().position(|line| line.starts_with(text)).map(|at| range.start + at)
    }

    /// The lines below a key; none where the key is not there.
    fn below(&self, key: &str) -> Range<usize> {
        self.within(0..self.lines.len(), key)
    }

    /// The lines below a key, among those of a range; none where the key is not there.
    fn within(&self, range: Range<usize>, key: &str) -> Range<usize> {
        let Some(at) = self.lines[range.clone()].iter().position(|line| line == key) else {
            return range.end..range.end;
        };
        let start = range.start + at + 1;
        start..self.block_end(start, key.len() - key.trim_start().len())
    }

    fn block_end(&self, start: usize, indent: usize) -> usize {
        let is_outside = |line: &String| {
            let (own, text) = (line.len() - line.trim_start().len(), line.trim_start());
            !text.is_empty() && own <= indent && !(text.starts_with("- ") && own == indent)
        };
        self.lines[start..].iter().position(is_outside).map_or(self.lines.len(), |at| start + at)
    }
}

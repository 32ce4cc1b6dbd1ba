//! `spec/upstream.yaml`: the published document as last reviewed, a line for each place.

use std::fmt::Write as _;

use super::model::{ASPECTS, Api, Node, Operation, keys, shape};
use crate::yaml::Part;

/// Where it is.
pub const FILE: &str = "spec/upstream.yaml";
const HEAD: &str = "\
# What Weeek publishes, as last reviewed, reduced to facts: a line for each place. `cargo xtask upstream` compares a newer
# document with it, and `--accept` replaces it. It is not edited by hand.
";

/// The published document as last reviewed.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// When it was published: `2026-10` or `2026-10-31`.
    pub date: String,
    /// The checksum of the original.
    pub sha256: String,
    /// Its facts.
    pub api: Api,
}

impl Pin {
    /// Reads the file.
    pub fn read(text: &str) -> Result<Self, String> {
        let root = Part::read(text)?;
        let text = |key: &str| root.text_at(key).map(str::to_owned).ok_or_else(|| format!("`{key}` is missing"));
        let (date, sha256) = (text("date")?, text("sha256")?);
        let mut api = Api { server: root.text_at("server").map(str::to_owned), ..Api::default() };
        for (name, places) in root.entries_at("operations") {
            let path = name.split_once(' ').map_or(name.as_str(), |(_, path)| path).to_owned();
            let operation = Operation { path, id: None, node: node(places)? };
            api.operations.insert(shape(name), operation);
        }
        for (name, places) in root.entries_at("schemas") {
            api.schemas.insert(name.clone(), node(places)?);
        }
        if api.operations.is_empty() { Err("it has no operations".to_owned()) } else { Ok(Self { date, sha256, api }) }
    }

    /// The text of the file.
    pub fn write(&self) -> String {
        let (date, sha256) = (quoted(&self.date), &self.sha256);
        let mut text = format!("{HEAD}date: {date}\nsha256: {sha256}\n");
        if let Some(server) = &self.api.server {
            let _ = writeln!(text, "server: {}", quoted(server));
        }
        text.push_str("operations:\n");
        for (name, operation) in &self.api.operations {
            let method = name.split(' ').next().unwrap_or_default();
            root(&mut text, &format!("{method} {}", operation.path), &operation.node);
        }
        text.push_str("schemas:\n");
        for (name, node) in &self.api.schemas {
            root(&mut text, name, node);
        }
        text
    }
}

fn root(text: &mut String, name: &str, node: &Node) {
    let _ = writeln!(text, "  {}:", quoted(name));
    for (place, node) in node.flat() {
        let facts = ASPECTS.iter().filter_map(|aspect| Some(format!("{aspect}: {}", quoted(node.facts.get(aspect)?))));
        let facts = node.refers.iter().map(|name| format!("is: {}", quoted(name))).chain(facts);
        let facts: Vec<_> = facts.collect();
        if !(place.is_empty() && facts.is_empty()) {
            let place = if place.is_empty() { "." } else { place.trim_start() };
            let _ = writeln!(text, "    {}: {{{}}}", quoted(place), facts.join(", "));
        }
    }
    if node.facts.is_empty() && node.refers.is_none() && node.children.is_empty() {
        text.push_str("    .: {}\n");
    }
}

fn node(places: &Part) -> Result<Node, String> {
    let mut root = Node::default();
    for (place, facts) in places.entries() {
        let is_part = place.starts_with(char::is_alphanumeric);
        let place = if is_part { format!(" {place}") } else { place.clone() };
        let keys = if place == "." { Vec::new() } else { keys(&place) };
        let node = keys.into_iter().fold(&mut root, |node, key| node.children.entry(key).or_default());
        node.refers = facts.text_at("is").map(str::to_owned);
        for (aspect, value) in facts.entries().iter().filter(|(aspect, _)| aspect != "is") {
            let known = ASPECTS.iter().find(|known| *known == aspect);
            let aspect = known.ok_or_else(|| format!("line {}: unknown fact `{aspect}`", value.line))?;
            node.facts.insert(aspect, value.text().unwrap_or_default().to_owned());
        }
    }
    Ok(root)
}

/// A text as a YAML scalar that reads back as a string, within a flow map too.
pub fn quoted(text: &str) -> String {
    let letter = |letter: char| letter.is_alphanumeric() || "_-+./ ;()".contains(letter);
    let edges = !text.starts_with(|first: char| "-? ".contains(first)) && !text.ends_with(' ');
    if !text.is_empty() && edges && text.chars().all(letter) && !text.contains(" #") {
        text.to_owned()
    } else if text.chars().any(char::is_control) {
        // A string of JSON is one of YAML.
        serde_json::Value::from(text).to_string()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Whether a text is a month or a day: `2026-10`, `2026-10-31`.
pub fn is_date(text: &str) -> bool {
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let fits = parts.iter().zip([4, 2, 2]).all(|(part, count)| digits(part, count));
    let is_within = |at: usize, most| parts.get(at).is_none_or(|part| ("01"..=most).contains(part));
    fits && (2..=3).contains(&parts.len()) && is_within(1, "12") && is_within(2, "31")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_month_or_a_day() {
        for text in ["2026-10", "2026-01-31", "2026-12-01"] {
            assert!(is_date(text), "{text}");
        }
        for text in
            ["2026", "2026-13", "2026-00", "2026-10-32", "2026-10-00", "2026-1", "26-10", "2026-10-01-1", "latest"]
        {
            assert!(!is_date(text), "{text}");
        }
    }
}

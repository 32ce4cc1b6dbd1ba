//! A lawful document of many times the size of ours.
//!
//! Every resource is there again and again under names of its own: tags, paths, operations, parameters, schemas and answers.
//! What resources share stays shared. A property that only some schemas have is named after its copy, and an enumeration has
//! one value more, for no shape may be there twice; `id`, and whatever shared schemas hold, is called the same everywhere.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_yaml::{Mapping, Value};

/// The document `text` with all its resources `times` over.
pub(crate) fn enlarge(text: &str, times: usize) -> String {
    let document: Value = serde_yaml::from_str(text).expect("the document is YAML");
    let entries = entries(text);
    let kept = kept(&document, &entries);
    let shared = shared(&document, &entries, &kept);
    let mut out = String::with_capacity(text.len() * times * 5 / 4);
    let mut from = 0;
    for (section, next) in [
        ("tags", "\npaths:"),
        ("paths", "\ncomponents:"),
        ("parameters", "\n  schemas:"),
        ("schemas", "\n  responses:"),
        ("responses", ""),
    ] {
        let to = if next.is_empty() { text.len() } else { text.find(next).expect("every section is there") + 1 };
        out.push_str(&text[from..to]);
        from = to;
        for number in 1..times {
            Copy { number, document: &document, entries: &entries, kept: &kept, shared: &shared }
                .write(section, &mut out);
        }
    }
    out
}

/// Something with a name, and the banner above it.
struct Entry<'a> {
    section: &'a str,
    banner: &'a str,
    name: &'a str,
}

impl Entry<'_> {
    fn stands_under_shared(&self) -> bool {
        self.banner == "shared"
    }
}

fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    let (mut section, mut banner, mut level) = ("", "", 0);
    for line in text.lines() {
        let words = line.trim_start();
        let indent = line.len() - words.len();
        if let Some(name) = words.strip_prefix("# --") {
            banner = name.trim_start_matches('-').trim();
        } else if let Some(name) = words.strip_suffix(':') {
            match indent {
                0 => (section, level) = (name, 2),
                2 if section == "components" || level == 4 => (section, level) = (name, 4),
                _ if indent == level && !banner.is_empty() => entries.push(Entry { section, banner, name }),
                _ => {}
            }
        }
    }
    entries
}

/// The properties whose names stay.
fn kept<'a>(document: &'a Value, entries: &[Entry]) -> BTreeSet<&'a str> {
    let mut kept = BTreeSet::from(["id"]);
    for entry in entries.iter().filter(|entry| entry.stands_under_shared()) {
        properties(&document["components"][entry.section][entry.name], &mut kept);
    }
    kept
}

fn properties<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    if let Some(properties) = value.get("properties").and_then(Value::as_mapping) {
        found.extend(properties.keys().filter_map(Value::as_str));
    }
    for inner in value.as_mapping().into_iter().flat_map(Mapping::values) {
        properties(inner, found);
    }
}

/// The components that all copies share: those that say so, and those whose copy would be the same again.
fn shared<'a>(document: &Value, entries: &[Entry<'a>], kept: &BTreeSet<&str>) -> BTreeSet<&'a str> {
    let is_same = |entry: &&Entry| {
        let properties = document["components"][entry.section][entry.name]["properties"].as_mapping();
        let is_kept = |(name, property): (&Value, &Value)| {
            name.as_str().is_some_and(|name| kept.contains(name))
                && property.get("type").is_some_and(|ty| ty != "array")
        };
        properties.is_some_and(|properties| properties.iter().all(is_kept))
    };
    entries.iter().filter(|entry| entry.stands_under_shared() || is_same(entry)).map(|entry| entry.name).collect()
}

struct Copy<'a> {
    number: usize,
    document: &'a Value,
    entries: &'a [Entry<'a>],
    kept: &'a BTreeSet<&'a str>,
    shared: &'a BTreeSet<&'a str>,
}

impl Copy<'_> {
    fn write(&self, section: &str, out: &mut String) {
        if section == "tags" {
            for tag in self.tags() {
                out.push_str("  -");
                block(&self.tag(tag), 4, out);
            }
            return;
        }
        let (indent, parent) = match section {
            "paths" => (2, &self.document["paths"]),
            _ => (4, &self.document["components"][section]),
        };
        let mut banner = "";
        for entry in self.entries.iter().filter(|entry| entry.section == section && !self.shared.contains(entry.name)) {
            if entry.banner != banner {
                banner = entry.banner;
                let _ = writeln!(out, "{:indent$}# ---- copy{} {banner}", "", self.number);
            }
            let name = if section == "paths" { self.path(entry.name) } else { self.component(entry.name) };
            let _ = write!(out, "{:indent$}{name}:", "");
            block(&self.value(&parent[entry.name]), indent + 2, out);
        }
    }

    fn tags(&self) -> &[Value] {
        self.document["tags"].as_sequence().map_or(&[], Vec::as_slice)
    }

    fn tag(&self, tag: &Value) -> Value {
        let mut tag = tag.clone();
        tag["name"] = self.sentence(tag["name"].as_str().unwrap_or_default()).into();
        tag["x-weeek-resource"] = self.component(tag["x-weeek-resource"].as_str().unwrap_or_default()).into();
        tag
    }

    /// `Board columns` as `Copy7 board columns`.
    fn sentence(&self, name: &str) -> String {
        format!("Copy{} {}", self.number, name.to_lowercase())
    }

    /// `taskId` as `copy7TaskId`.
    fn camel(&self, name: &str) -> String {
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        format!("copy{}{}{}", self.number, first.into_iter().collect::<String>(), letters.as_str())
    }

    fn property(&self, name: &str) -> String {
        if self.kept.contains(name) { name.to_owned() } else { self.camel(name) }
    }

    /// `TaskComment` as `Copy7TaskComment`, and `CreateTask` as `CreateCopy7Task`.
    fn component(&self, name: &str) -> String {
        if self.shared.contains(name) {
            return name.to_owned();
        }
        let is_owned = |name: &str| {
            self.tags()
                .iter()
                .filter_map(|tag| tag["x-weeek-resource"].as_str())
                .any(|resource| name.starts_with(resource))
        };
        let verb = name.char_indices().skip(1).find(|(_, letter)| letter.is_ascii_uppercase()).map_or(0, |(at, _)| at);
        let (verb, noun) = name.split_at(if is_owned(name) || !is_owned(&name[verb..]) { 0 } else { verb });
        format!("{verb}Copy{}{noun}", self.number)
    }

    fn path_parameter(&self, name: &str) -> String {
        let mut letters = name.chars();
        let schema = letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str());
        if self.shared.contains(schema.unwrap_or_default().as_str()) { name.to_owned() } else { self.camel(name) }
    }

    fn path(&self, path: &str) -> String {
        let segment = |segment: &str| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => format!("{{{}}}", self.path_parameter(name)),
            None => segment.to_owned(),
        };
        let segments: Vec<String> = path.split('/').map(segment).collect();
        format!("/copy{}{}", self.number, segments.join("/"))
    }

    fn reference(&self, target: &str) -> String {
        match target.rsplit_once('/') {
            Some((section, name)) => format!("{section}/{}", self.component(name)),
            None => target.to_owned(),
        }
    }

    fn value(&self, value: &Value) -> Value {
        match value {
            Value::Sequence(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Mapping(entries) => {
                let is_in_path = value["in"] == "path";
                let is_integer = value["type"] == "integer";
                let is_closed = value["x-weeek-rust-type"] == "boolean";
                let entry = |(key, inner): (&Value, &Value)| {
                    let name = key.as_str().unwrap_or_default();
                    let inner = match (name, inner) {
                        ("name", Value::String(text)) if is_in_path => self.path_parameter(text).into(),
                        ("enum", Value::Sequence(values)) if !is_closed => self.one_more(values, is_integer),
                        _ => self.entry(name, inner),
                    };
                    (key.clone(), inner)
                };
                Value::Mapping(entries.iter().map(entry).collect())
            }
            _ => value.clone(),
        }
    }

    fn entry(&self, key: &str, value: &Value) -> Value {
        match (key, value) {
            ("$ref", Value::String(text)) => self.reference(text).into(),
            ("operationId", Value::String(text)) => self.camel(text).into(),
            ("propertyName" | "x-weeek-tagged-by" | "x-weeek-item" | "more", Value::String(text)) => {
                self.property(text).into()
            }
            ("x-weeek-map-key", Value::String(text)) => self.component(text).into(),
            ("tags", Value::Sequence(names)) => {
                names.iter().filter_map(Value::as_str).map(|name| self.sentence(name)).collect()
            }
            ("required", Value::Sequence(names)) => {
                names.iter().filter_map(Value::as_str).map(|name| self.property(name)).collect()
            }
            ("x-enum-varnames", Value::Sequence(names)) => {
                names.iter().cloned().chain([format!("Copy{}", self.number).into()]).collect()
            }
            ("properties", Value::Mapping(entries)) => {
                renamed(entries, |name| self.property(name), |inner| self.value(inner))
            }
            ("mapping", Value::Mapping(entries)) => {
                renamed(entries, str::to_owned, |target| self.reference(target.as_str().unwrap_or_default()).into())
            }
            ("x-weeek-similar-to", Value::Mapping(entries)) => {
                renamed(entries, |name| self.component(name), Value::clone)
            }
            ("x-weeek-exclusive", Value::Mapping(entries)) => {
                renamed(entries, str::to_owned, |choice| self.choice(choice))
            }
            ("example" | "default", _) => self.example(value),
            _ => self.value(value),
        }
    }

    fn one_more(&self, values: &[Value], is_integer: bool) -> Value {
        let further = if is_integer { (1000 + self.number).into() } else { format!("copy{}", self.number).into() };
        values.iter().cloned().chain([further]).collect()
    }

    fn choice(&self, choice: &Value) -> Value {
        let mut choice = choice.clone();
        choice["name"] = self.component(choice["name"].as_str().unwrap_or_default()).into();
        for names in choice["variants"].as_mapping_mut().into_iter().flat_map(Mapping::values_mut) {
            let renamed = names.as_sequence().into_iter().flatten().filter_map(Value::as_str);
            *names = renamed.map(|name| self.property(name)).collect();
        }
        choice
    }

    fn example(&self, value: &Value) -> Value {
        match value {
            Value::Sequence(items) => items.iter().map(|item| self.example(item)).collect(),
            // The keys of a map are ids, which begin with a digit.
            Value::Mapping(entries) => {
                let name = |name: &str| {
                    if name.starts_with(|first: char| first.is_ascii_digit()) {
                        name.to_owned()
                    } else {
                        self.property(name)
                    }
                };
                renamed(entries, name, |inner| self.example(inner))
            }
            _ => value.clone(),
        }
    }
}

fn renamed(entries: &Mapping, name: impl Fn(&str) -> String, value: impl Fn(&Value) -> Value) -> Value {
    let entry = |(key, inner): (&Value, &Value)| (name(key.as_str().unwrap_or_default()).into(), value(inner));
    Value::Mapping(entries.iter().map(entry).collect())
}

/// Writes a value after its key as densely as a person would: on one line where that is short.
fn block(value: &Value, indent: usize, out: &mut String) {
    let line = serde_json::to_string(value).expect("keys are texts");
    match value {
        Value::Mapping(entries) if indent + line.len() > 110 => {
            out.push('\n');
            for (key, inner) in entries {
                let key = key.as_str().unwrap_or_default();
                let quote = if key.starts_with(|first: char| first.is_ascii_digit()) { "'" } else { "" };
                let _ = write!(out, "{:indent$}{quote}{key}{quote}:", "");
                block(inner, indent + 2, out);
            }
        }
        Value::Sequence(items) if indent + line.len() > 110 => {
            out.push('\n');
            for item in items {
                let _ = write!(out, "{:indent$}-", "");
                block(item, indent + 2, out);
            }
        }
        _ => {
            out.push(' ');
            out.push_str(&line);
            out.push('\n');
        }
    }
}

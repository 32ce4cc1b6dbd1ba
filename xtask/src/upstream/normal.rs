//! From a document to its facts: OpenAPI 3.0 and 3.1, read leniently. What is wrong with the document is listed, not fatal.

use std::collections::BTreeSet;

use super::model::{Api, Facts, Node, Operation, part, shape};
use super::scalars::{constraints, is_null, types};
use crate::pointer::unescape;
use crate::yaml::Part;

/// Schemas that contain or merge more others than this are built to be slow. Ours are a few thousand.
const MAX_SCHEMAS: usize = 50_000;

const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];
/// Headers that a document can't declare: OpenAPI ignores them.
const IGNORED_HEADERS: [&str; 3] = ["content-type", "accept", "authorization"];

/// The facts of a document in JSON or YAML.
pub fn read(text: &str) -> Result<Api, String> {
    let root = Part::read(text)?;
    let version = root.text_at("openapi").unwrap_or_default();
    if !version.starts_with("3.") {
        return Err("not an OpenAPI 3 document: it has no `openapi: 3.…`".to_owned());
    }
    let paths = root.entries_at("paths");
    let (api, at) = (Api::default(), String::new());
    let mut reader = Reader { root: &root, api, at, inline: 0, schemas: 0, merging: Vec::new() };
    reader.api.server = root.get("servers").and_then(|list| list.items().first()?.text_at("url")).map(str::to_owned);
    for (name, schema) in root.at("#/components/schemas").map(Part::entries).unwrap_or_default() {
        reader.at.clone_from(name);
        if name.contains(char::is_whitespace) {
            reader.defect("the name of the schema has spaces");
        }
        let node = reader.schema(schema, 0);
        reader.api.schemas.insert(name.clone(), node);
    }
    for (path, item) in paths {
        let item = reader.followed(item);
        for (method, operation) in item.entries().iter().filter(|(key, _)| METHODS.contains(&key.as_str())) {
            reader.operation(path, &method.to_uppercase(), item, operation);
        }
    }
    if reader.schemas > MAX_SCHEMAS {
        return Err(format!("its schemas contain more than {MAX_SCHEMAS} others"));
    }
    let mut api = reader.api;
    if api.operations.is_empty() {
        return Err("the document has no operations".to_owned());
    }
    if reader.inline > 0 {
        api.defects.insert(format!("the document: {} bodies are written inline", reader.inline));
    }
    equal_schemas(&mut api);
    Ok(api)
}

/// Lists the named objects that have the same facts.
fn equal_schemas(api: &mut Api) {
    let mut known: Vec<(&Node, Vec<&str>)> = Vec::new();
    for (name, node) in api.schemas.iter().filter(|(_, node)| !node.children.is_empty()) {
        let same = |other: &Node| other.facts == node.facts && without_lines(other) == without_lines(node);
        match known.iter_mut().find(|(other, _)| same(other)) {
            Some((_, names)) => names.push(name),
            None => known.push((node, vec![name])),
        }
    }
    let equal = known.into_iter().map(|(_, names)| names).filter(|names| names.len() > 1);
    let equal: Vec<_> = equal.map(|names| format!("{}: one shape under several names", names.join(", "))).collect();
    api.defects.extend(equal);
}

/// Everything that a node states, without lines.
pub fn without_lines(node: &Node) -> String {
    node.flat()
        .iter()
        .map(|(place, node)| (place.as_str(), &node.facts, &node.refers))
        .fold(String::new(), |text, facts| text + &format!("{facts:?};"))
}

struct Reader<'a> {
    root: &'a Part,
    api: Api,
    /// The operation or schema that is being read.
    at: String,
    inline: usize,
    /// How many schemas were read, each as often as it is merged.
    schemas: usize,
    /// The schemas that are being merged: those that lead to each other would never end.
    merging: Vec<&'a Part>,
}

impl<'a> Reader<'a> {
    fn defect(&mut self, text: &str) {
        self.api.defects.insert(format!("{}: {text}", self.at));
    }

    /// The part that a reference leads to, or the part itself.
    fn followed(&mut self, part: &'a Part) -> &'a Part {
        let mut part = part;
        for _ in 0..16 {
            let Some(reference) = part.text_at("$ref") else { return part };
            let Some(next) = self.root.at(reference) else {
                self.defect(&format!("`{reference}` leads nowhere"));
                return part;
            };
            part = next;
        }
        part
    }

    fn operation(&mut self, path: &str, method: &str, item: &'a Part, part: &'a Part) {
        let key = format!("{method} {}", shape(path));
        self.at.clone_from(&key);
        let segments = path.split('/').filter(|segment| segment.contains(['{', '}']));
        for segment in segments.filter(|segment| !(segment.starts_with('{') && segment.ends_with('}'))) {
            self.defect(&format!("the path is wrong: `{segment}` is no whole segment"));
        }
        if !path.starts_with('/') || path.contains("//") || path.contains(char::is_whitespace) {
            self.defect(&format!("the path is wrong: `{path}`"));
        }
        let mut node = Node { line: part.line, ..Node::default() };
        if part.is_true("deprecated") {
            node.mark("deprecated");
        }
        let names: Vec<&str> = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        let mut declared = BTreeSet::new();
        let own = part.items_at("parameters");
        for parameter in own.iter().chain(item.items_at("parameters")) {
            if let Some((place, parameter)) = self.parameter(parameter, &names, &mut declared) {
                node.children.entry(place).or_insert(parameter);
            }
        }
        for name in names.iter().filter(|name| !declared.contains(**name)) {
            self.defect(&format!("the path parameter `{name}` is not declared"));
        }
        if let Some(body) = part.get("requestBody") {
            let body = self.followed(body);
            let mut content = self.content(body);
            if body.is_true("required") {
                content.mark("required");
            }
            node.children.insert(" body".to_owned(), content);
        }
        for (status, response) in part.entries_at("responses") {
            if status.starts_with("x-") || !(status == "default" || status.len() == 3) {
                self.defect(&format!("`{status}` is no status"));
                continue;
            }
            let line = response.line;
            let response = self.followed(response);
            let content = Node { line, ..self.content(response) };
            node.children.insert(format!(" {status}"), content);
        }
        let operation = Operation { path: path.to_owned(), id: part.text_at("operationId").map(str::to_owned), node };
        if self.api.operations.contains_key(&key) {
            self.defect("two paths differ in the names of their parameters only");
        }
        self.api.operations.entry(key).or_insert(operation);
    }

    /// A parameter and its place. One of the path is known by its position, for its name means nothing.
    fn parameter(
        &mut self,
        written: &'a Part,
        names: &[&str],
        declared: &mut BTreeSet<String>,
    ) -> Option<(String, Node)> {
        let parameter = self.followed(written);
        let (name, of) = (parameter.text_at("name")?, parameter.text_at("in")?);
        let content = || parameter.get("content").and_then(|content| content.entries().first()?.1.get("schema"));
        let mut node = match parameter.get("schema").or_else(content) {
            Some(schema) => self.schema(schema, 0),
            None => Node::default(),
        };
        node.line = written.line;
        for key in ["required", "deprecated"] {
            if parameter.is_true(key) {
                node.mark(key);
            }
        }
        match of {
            "path" => {
                node.facts.remove("required");
                let Some(at) = names.iter().position(|known| *known == name) else {
                    self.defect(&format!("the path has no parameter `{name}`"));
                    return None;
                };
                declared.insert(name.to_owned());
                Some((format!(" path.{}", at + 1), node))
            }
            "header" if IGNORED_HEADERS.contains(&name.to_lowercase().as_str()) => {
                self.defect(&format!("the header `{name}` can't be declared"));
                None
            }
            _ => {
                // The lists of a query are named with and without brackets.
                let bare = name.strip_suffix("[]").filter(|_| of == "query");
                if bare.is_some() {
                    node.mark("brackets");
                }
                if let Some(style) = parameter.text_at("style").filter(|style| !["form", "simple"].contains(style)) {
                    node.facts.insert("style", style.to_owned());
                }
                Some((format!(" {of}{}", part(bare.unwrap_or(name))), node))
            }
        }
    }

    /// What a body or a response holds.
    fn content(&mut self, holder: &'a Part) -> Node {
        let content = holder.entries_at("content");
        let json = content.iter().find(|(media, _)| media.contains("json"));
        let Some((media, body)) = json.or(content.first()) else {
            return Node { facts: Facts::from([("type", "nothing".to_owned())]), line: holder.line, ..Node::default() };
        };
        let mut node = match body.get("schema") {
            Some(schema) => self.schema(schema, 0),
            None => Node::default(),
        };
        if node.refers.is_none() && !node.children.is_empty() {
            self.inline += 1;
        }
        if media != "application/json" {
            node.facts.insert("media", media.clone());
        }
        node.line = holder.line;
        node
    }

    fn schema(&mut self, part: &'a Part, depth: usize) -> Node {
        let mut node = Node { line: part.line, ..Node::default() };
        self.schemas += 1;
        if depth > 60 || self.schemas > MAX_SCHEMAS {
            self.defect("nested too deep");
            return node;
        }
        if let Some(reference) = part.text_at("$ref") {
            match reference.strip_prefix("#/components/schemas/").map(unescape) {
                Some(name) if self.root.at(reference).is_some() => node.refers = Some(name),
                _ => self.defect(&format!("`{reference}` leads nowhere")),
            }
        }
        let all = part.items_at("allOf");
        match all {
            [] => {}
            [only] => self.adopt(&mut node, only, depth),
            several => {
                for part in several {
                    let part = self.followed(part);
                    if self.merging.len() > 8 || self.merging.iter().any(|open| std::ptr::eq(*open, part)) {
                        self.defect("schemas are merged without an end");
                        continue;
                    }
                    self.merging.push(part);
                    self.adopt(&mut node, part, depth);
                    self.merging.pop();
                }
            }
        }
        self.properties(&mut node, part, depth);
        if let Some(items) = part.get("items") {
            node.children.insert("[]".to_owned(), self.schema(items, depth + 1));
        }
        match part.get("additionalProperties") {
            Some(values) if values.text() == Some("false") => node.mark("closed"),
            Some(values) if !values.entries().is_empty() => {
                node.children.insert("{}".to_owned(), self.schema(values, depth + 1));
            }
            _ => {}
        }
        self.forms(&mut node, part, depth);
        types(&mut node, part);
        constraints(&mut node, part);
        node
    }

    /// Takes over a part of an `allOf`.
    fn adopt(&mut self, node: &mut Node, part: &'a Part, depth: usize) {
        let other = self.schema(part, depth + 1);
        node.facts.extend(other.facts);
        node.children.extend(other.children);
        node.refers = other.refers.or(node.refers.take());
    }

    fn properties(&mut self, node: &mut Node, schema: &'a Part, depth: usize) {
        for (name, property) in schema.entries_at("properties") {
            if name.trim().is_empty() {
                self.defect("a property has no name");
                continue;
            }
            let child = Node { line: property.line, ..self.schema(property, depth + 1) };
            node.children.insert(part(name), child);
        }
        for name in schema.items_at("required").iter().filter_map(Part::text) {
            match node.children.get_mut(&part(name)) {
                Some(child) => child.mark("required"),
                None => self.defect(&format!("requires `{name}`, which it does not describe")),
            }
        }
    }

    /// `oneOf` and `anyOf`: null is a fact of its own, plain types are a list of types, anything else is a child.
    fn forms(&mut self, node: &mut Node, part: &'a Part, depth: usize) {
        let lists = ["oneOf", "anyOf"].into_iter().filter_map(|key| part.get(key));
        let (null, forms): (Vec<_>, Vec<_>) = lists.flat_map(Part::items).partition(|form| is_null(form));
        if !null.is_empty() {
            node.mark("nullable");
        }
        if let [only] = forms[..] {
            return self.adopt(node, only, depth);
        }
        let forms: Vec<Node> = forms.into_iter().map(|form| self.schema(form, depth + 1)).collect();
        let plain = |form: &Node| form.refers.is_none() && form.children.is_empty() && form.facts.keys().eq(&["type"]);
        if forms.iter().all(plain) {
            let types: BTreeSet<&str> = forms.iter().map(|form| form.facts["type"].as_str()).collect();
            if !types.is_empty() {
                node.facts.insert("type", types.into_iter().collect::<Vec<_>>().join(" or "));
            }
            return;
        }
        node.facts.insert("forms", forms.len().to_string());
        node.children.extend(forms.into_iter().enumerate().map(|(at, form)| (format!("|{}", at + 1), form)));
    }
}

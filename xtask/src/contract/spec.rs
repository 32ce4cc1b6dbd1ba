//! The spec with locations: operations, parameters, responses and schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex_lite::Regex;
use serde_json::{Number, Value, json};

use crate::pointer::escape;
use crate::workspace::NamedPath;
use crate::yaml::{Content, Part};

/// The end of the pointer of an evidence.
pub(super) const EVIDENCE: &str = "/x-weeek-evidence";

/// The spec, with the line of each part. Parts are named by JSON pointers.
#[derive(Clone, Debug)]
pub struct Spec {
    root: Value,
    lines: BTreeMap<String, usize>,
    operations: Vec<Operation>,
    /// The regular expressions of the schemas.
    patterns: BTreeMap<String, Regex>,
    /// The parts whose evidence is only that they are documented.
    documented: BTreeSet<String>,
}

/// An operation, and its location in the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Such as `tasks.list`.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// Such as `/tm/tasks/{taskId}`.
    pub template: String,
    /// Its JSON pointer.
    pub pointer: String,
}

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name on the wire, brackets included.
    pub name: String,
    /// Whether it is part of the path rather than of the query.
    pub in_path: bool,
    /// Whether the call needs it.
    pub required: bool,
    /// The pointer of its schema.
    pub schema: String,
}

/// A declared response.
#[derive(Clone, Debug, PartialEq)]
pub struct Response<'s> {
    /// The HTTP status.
    pub status: u16,
    /// The property of the envelope that holds the item.
    pub item: Option<&'s str>,
    /// The pointer of the body's schema; `None` if there is no body.
    pub schema: Option<String>,
    /// The example of the body.
    pub example: Option<&'s Value>,
}

/// Offset pagination of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pagination<'s> {
    /// The parameter with the maximum number of items.
    pub limit: &'s str,
    /// The parameter with the number of items to skip.
    pub offset: &'s str,
    /// The flag of the response that says whether more items follow.
    pub has_more: Option<&'s str>,
    /// The client's page size.
    pub page_size: usize,
}

impl Spec {
    /// Loads `file`, or the spec of this repository. Rejects a spec that the generator rejects.
    pub fn load(file: Option<&Path>) -> Result<Self, String> {
        let spec = NamedPath::spec(file)?;
        let (text, name) = (spec.read()?, &spec.name);
        if weeek_codegen::lint(&text).is_err() {
            let option = if spec.is_explicit { format!(" --spec {name}") } else { String::new() };
            return Err(format!("{name} has errors\nhelp: `cargo xtask lint{option}` lists them"));
        }
        Self::parse(&text).map_err(|error| format!("{name}: {error}"))
    }

    /// Parses a spec without checking its rules.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = BTreeMap::new();
        let root = to_json(&Part::read(text)?, &mut String::new(), &mut lines);
        let patterns = lines.keys().filter(|pointer| pointer.ends_with("/pattern"));
        let patterns = patterns.filter_map(|pointer| root.pointer(pointer)?.as_str());
        let patterns = patterns.filter_map(|text| Some((text.to_owned(), Regex::new(text).ok()?))).collect();
        let documented =
            lines.keys().filter(|pointer| root.pointer(pointer).is_some_and(|value| value == "documented"));
        let documented = documented.filter_map(|pointer| pointer.strip_suffix(EVIDENCE)).map(str::to_owned).collect();
        let mut spec = Self { root, lines, operations: Vec::new(), patterns, documented };
        let mut operations = spec.read_operations();
        operations.sort_by_key(|operation| spec.line(&operation.pointer));
        spec.operations = operations;
        Ok(spec)
    }

    /// The operations in the order of the spec.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation with this id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The base URL of the API.
    pub fn server(&self) -> &str {
        self.at("/servers/0/url").as_str().unwrap_or_default()
    }

    /// The value at a pointer, or null.
    pub fn at(&self, pointer: &str) -> &Value {
        self.find(pointer).unwrap_or(&Value::Null)
    }

    /// Like `Value::pointer`, which makes two strings of each key: replay spends its time here.
    fn find(&self, pointer: &str) -> Option<&Value> {
        pointer.split('/').skip(1).try_fold(&self.root, |node, key| match node {
            Value::Object(entries) if key.contains('~') => entries.get(&key.replace("~1", "/").replace("~0", "~")),
            Value::Object(entries) => entries.get(key),
            Value::Array(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Whether the evidence of a part is `documented`.
    pub(super) fn is_documented(&self, pointer: &str) -> bool {
        self.documented.contains(pointer)
    }

    /// Whether a string matches one of the spec's patterns. An unknown pattern matches everything.
    pub(crate) fn matches(&self, pattern: &str, text: &str) -> bool {
        self.patterns.get(pattern).is_none_or(|pattern| pattern.is_match(text))
    }

    /// The line of a part, or of the nearest part around it.
    pub fn line(&self, pointer: &str) -> usize {
        let mut pointer = pointer;
        loop {
            match (self.lines.get(pointer), pointer.rfind('/')) {
                (Some(line), _) => return *line,
                (None, Some(at)) => pointer = &pointer[..at],
                (None, None) => return 1,
            }
        }
    }

    /// Follows references, and the `allOf` or `anyOf` around one that adds a description or null; also returns whether null is allowed
    /// on the way.
    pub fn resolve(&self, pointer: &str) -> (String, bool) {
        let (pointer, _, nullable) = self.follow(pointer);
        (pointer, nullable)
    }

    /// Like [`Spec::resolve`], and returns the part too.
    pub(super) fn follow(&self, pointer: &str) -> (String, &Value, bool) {
        let (mut pointer, mut nullable) = (pointer.to_owned(), false);
        loop {
            let node = self.at(&pointer);
            nullable |= node["nullable"] == true;
            let parts = |key: &str| node[key].as_array().map_or(&[][..], Vec::as_slice);
            match (node["$ref"].as_str(), parts("allOf"), parts("anyOf")) {
                (Some(reference), ..) => reference.trim_start_matches('#').clone_into(&mut pointer),
                (None, [_], _) => pointer.push_str("/allOf/0"),
                (None, _, [_, null]) if *null == json!({"enum": [null]}) => {
                    nullable = true;
                    pointer.push_str("/anyOf/0");
                }
                _ => return (pointer, node, nullable),
            }
        }
    }

    /// The name of the schema that a pointer leads to, if it is a component.
    pub fn schema_name(&self, pointer: &str) -> Option<String> {
        self.resolve(pointer)
            .0
            .strip_prefix("/components/schemas/")
            .filter(|rest| !rest.contains('/'))
            .map(str::to_owned)
    }

    /// The parameters of an operation.
    pub fn parameters(&self, operation: &Operation) -> Vec<Parameter> {
        let list = format!("{}/parameters", operation.pointer);
        let count = self.at(&list).as_array().map_or(0, Vec::len);
        let parameter = |at| {
            let (pointer, _) = self.resolve(&format!("{list}/{at}"));
            let node = self.at(&pointer);
            Some(Parameter {
                name: node["name"].as_str()?.to_owned(),
                in_path: node["in"] == "path",
                required: node["required"] == true,
                schema: format!("{pointer}/schema"),
            })
        };
        (0..count).filter_map(parameter).collect()
    }

    /// The response that is declared for a status.
    pub fn response(&self, operation: &Operation, status: u16) -> Option<Response<'_>> {
        let pointer = format!("{}/responses/{status}", operation.pointer);
        self.find(&pointer)?;
        let (pointer, _) = self.resolve(&pointer);
        let media = format!("{pointer}/content/application~1json");
        Some(Response {
            status,
            item: self.at(&pointer)["x-weeek-item"].as_str(),
            schema: self.find(&format!("{media}/schema")).map(|_| format!("{media}/schema")),
            example: self.find(&format!("{media}/example")),
        })
    }

    /// The statuses that an operation declares.
    pub fn statuses(&self, operation: &Operation) -> Vec<u16> {
        let responses = self.at(&operation.pointer)["responses"].as_object();
        responses.into_iter().flatten().filter_map(|(status, _)| status.parse().ok()).collect()
    }

    /// The response of a success.
    pub fn success(&self, operation: &Operation) -> Option<Response<'_>> {
        let status = self.statuses(operation).into_iter().find(|status| (200..300).contains(status))?;
        self.response(operation, status)
    }

    /// The pagination of the operation's list.
    pub fn pagination(&self, operation: &Operation) -> Option<Pagination<'_>> {
        let pagination = &self.at(&operation.pointer)["x-weeek-paging"];
        Some(Pagination {
            limit: pagination["limit"].as_str()?,
            offset: pagination["offset"].as_str()?,
            has_more: pagination["hasMore"].as_str(),
            page_size: usize::try_from(pagination["pageSize"].as_u64()?).ok()?,
        })
    }

    fn read_operations(&self) -> Vec<Operation> {
        let paths = self.root["paths"].as_object().into_iter().flatten();
        let of_path = |(template, item): (&String, &Value)| {
            let read = |(method, node): (&String, &Value)| {
                Some(Operation {
                    id: node["operationId"].as_str()?.to_owned(),
                    method: method.to_uppercase(),
                    template: template.clone(),
                    pointer: format!("/paths/{}/{method}", escape(template)),
                })
            };
            item.as_object().into_iter().flatten().filter_map(read).collect::<Vec<_>>()
        };
        paths.flat_map(of_path).collect()
    }
}

/// The value as JSON; adds the line of each part, by JSON pointer.
fn to_json(part: &Part, pointer: &mut String, lines: &mut BTreeMap<String, usize>) -> Value {
    let mut entry = |key: &str, part: &Part| {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&escape(key));
        lines.insert(pointer.clone(), part.line);
        let value = to_json(part, pointer, lines);
        pointer.truncate(length);
        value
    };
    match &part.content {
        Content::Scalar(text, true) => Value::String(text.clone()),
        Content::Scalar(text, false) => scalar(text),
        Content::List(items) => items.iter().enumerate().map(|(at, item)| entry(&at.to_string(), item)).collect(),
        Content::Map(entries) => entries.iter().map(|(key, part)| (key.clone(), entry(key, part))).collect(),
    }
}

fn scalar(text: &str) -> Value {
    let numeric = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let number = || {
        let integer = text.parse::<i64>().map(Number::from).ok();
        integer.or_else(|| text.parse().ok().and_then(Number::from_f64)).filter(|_| numeric)
    };
    match text {
        "" | "~" | "null" => Value::Null,
        "true" | "false" => Value::Bool(text == "true"),
        _ => number().map_or_else(|| text.into(), Value::Number),
    }
}

/// The spec of this repository, read once for all tests.
#[cfg(test)]
pub(crate) static SPEC: std::sync::LazyLock<std::sync::Arc<Spec>> =
    std::sync::LazyLock::new(|| Spec::load(None).unwrap().into());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_know_their_lines() {
        let spec = Spec::parse("a:\n  b: [1, '2', x, null]\n  'c/d':\n    e: true\n").unwrap();
        assert_eq!(*spec.at("/a/b"), serde_json::json!([1, "2", "x", null]));
        let lines = ["/a", "/a/b/3", "/a/c~1d", "/a/c~1d/e", "/a/c~1d/e/f", "/z"].map(|part| spec.line(part));
        assert_eq!(lines, [1, 2, 3, 4, 4, 1]);
        assert!(Spec::parse("a: [").unwrap_err().starts_with("line "));
    }

    #[test]
    fn a_spec_with_errors_is_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("openapi.yaml");
        std::fs::write(&file, "openapi: 3.0.3\n").unwrap();
        assert!(Spec::load(Some(&file)).unwrap_err().contains("has errors"));
        assert!(Spec::load(Some(Path::new("no/such.yaml"))).unwrap_err().contains("cannot read no/such.yaml"));
    }
}

//! The document as data with places: what replay, mock and probe know of the API, they know from here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Map, Number, Value, json};

/// The document, every part of it with its line. Parts are named by JSON pointers.
#[derive(Clone, Debug)]
pub struct Document {
    root: Value,
    lines: BTreeMap<String, usize>,
    operations: Vec<Operation>,
    /// The regular expressions of the schemas.
    patterns: BTreeMap<String, Regex>,
}

/// An operation, and where in the document it is.
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

/// What stands at the end of a path and method.
#[derive(Debug, PartialEq, Eq)]
pub enum Route<'d> {
    /// The operation, and the segments that stand for its path parameters, decoded.
    Operation(&'d Operation, BTreeMap<String, String>),
    /// The path is known, but with these methods only.
    OtherMethods(Vec<&'d str>),
    /// Nothing.
    Unknown,
}

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// As on the wire, brackets included.
    pub name: String,
    /// Whether it is part of the path rather than of the query.
    pub in_path: bool,
    /// Whether the call needs it.
    pub required: bool,
    /// The pointer of its schema.
    pub schema: String,
}

/// A declared answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<'d> {
    /// The HTTP status.
    pub status: u16,
    /// The property of the envelope that holds the answer proper.
    pub item: Option<&'d str>,
    /// The pointer of the body's schema; none where the answer is empty.
    pub schema: Option<String>,
    /// The example of the body.
    pub example: Option<&'d Value>,
}

/// How a list pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging<'d> {
    /// The parameter that says how many rows to answer with.
    pub limit: &'d str,
    /// The parameter that says how many rows to skip.
    pub offset: &'d str,
    /// The flag of the answer that says whether more rows follow.
    pub more: Option<&'d str>,
    /// The page length of the client.
    pub size: usize,
}

impl Document {
    /// The document in `file`, or that of this repository. A document that the generator refuses is refused here too.
    pub fn load(file: Option<&Path>) -> Result<Self, String> {
        let usual = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("spec").join("openapi.yaml");
        let (path, name): (PathBuf, _) = match file {
            Some(file) => (file.to_owned(), file.display().to_string()),
            None => (usual, "spec/openapi.yaml".to_owned()),
        };
        let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {name}: {error}"))?;
        if weeek_codegen::lint(&text).is_err() {
            let option = file.map(|_| format!(" --spec {name}")).unwrap_or_default();
            return Err(format!("{name} has faults\nhelp: `cargo xtask lint{option}` lists them"));
        }
        Self::parse(&text).map_err(|error| format!("{name}: {error}"))
    }

    /// Reads a document; its rules are the generator's to check.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { parser: Parser::new_from_str(text), lines: BTreeMap::new() };
        let root = reader.document()?;
        let patterns = reader.lines.keys().filter(|pointer| pointer.ends_with("/pattern"));
        let patterns = patterns.filter_map(|pointer| root.pointer(pointer)?.as_str());
        let patterns = patterns.filter_map(|text| Some((text.to_owned(), Regex::new(text).ok()?))).collect();
        let mut document = Self { root, lines: reader.lines, operations: Vec::new(), patterns };
        let mut operations = document.read_operations();
        operations.sort_by_key(|operation| document.line(&operation.pointer));
        document.operations = operations;
        Ok(document)
    }

    /// The operations in the order of the document.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation with this id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Where the API lives.
    pub fn server(&self) -> &str {
        self.at("/servers/0/url").as_str().unwrap_or_default()
    }

    /// What stands at a pointer; null where nothing does.
    pub fn at(&self, pointer: &str) -> &Value {
        self.find(pointer).unwrap_or(&Value::Null)
    }

    /// Like `Value::pointer`, which makes two strings of each key: this is where replay spends its time.
    fn find(&self, pointer: &str) -> Option<&Value> {
        pointer.split('/').skip(1).try_fold(&self.root, |node, key| match node {
            Value::Object(entries) if key.contains('~') => entries.get(&key.replace("~1", "/").replace("~0", "~")),
            Value::Object(entries) => entries.get(key),
            Value::Array(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Whether a text matches one of the document's patterns. What is none of them matches everything.
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

    /// Follows references, and the `allOf` or `anyOf` that adds words or null to one, and says whether null is allowed on
    /// the way.
    pub fn resolve(&self, pointer: &str) -> (String, bool) {
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
                _ => return (pointer, nullable),
            }
        }
    }

    /// The name of the component that a schema is, or that it refers to at last.
    pub fn schema_name(&self, pointer: &str) -> Option<String> {
        self.resolve(pointer)
            .0
            .strip_prefix("/components/schemas/")
            .filter(|rest| !rest.contains('/'))
            .map(str::to_owned)
    }

    /// The operation for a path below the server's, with or without the server's own path, its query or its host.
    pub fn route(&self, method: &str, path: &str) -> Route<'_> {
        let path = self.below_server(path);
        let segments: Vec<String> = path.split('/').map(decode).collect();
        let fits = |template: &str| {
            let parts: Vec<_> = template.split('/').collect();
            let mut ids = BTreeMap::new();
            (parts.len() == segments.len()).then_some(())?;
            for (part, segment) in parts.iter().zip(&segments) {
                match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                    Some(name) if !segment.is_empty() => drop(ids.insert(name.to_owned(), segment.clone())),
                    _ if part == segment => {}
                    _ => return None,
                }
            }
            Some(ids)
        };
        let mut found: Vec<_> =
            self.operations.iter().filter_map(|operation| Some((operation, fits(&operation.template)?))).collect();
        // Where words and ids compete for a segment, the word is meant.
        let fewest = found.iter().map(|(_, ids)| ids.len()).min();
        found.retain(|(_, ids)| Some(ids.len()) == fewest);
        match found.iter().position(|(operation, _)| operation.method.eq_ignore_ascii_case(method)) {
            Some(at) => {
                let (operation, ids) = found.swap_remove(at);
                Route::Operation(operation, ids)
            }
            None if found.is_empty() => Route::Unknown,
            None => Route::OtherMethods(found.iter().map(|(operation, _)| operation.method.as_str()).collect()),
        }
    }

    /// A path without host, query and the path of the server.
    pub fn below_server<'p>(&self, path: &'p str) -> &'p str {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = match path.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => path,
        };
        let base = self.base_path();
        path.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(path)
    }

    /// The path of the server, `/public/v1`.
    pub fn base_path(&self) -> &str {
        let server = self.server();
        let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
        rest.find('/').map_or("", |at| rest[at..].trim_end_matches('/'))
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

    /// The answer that is declared for a status.
    pub fn answer(&self, operation: &Operation, status: u16) -> Option<Answer<'_>> {
        let pointer = format!("{}/responses/{status}", operation.pointer);
        self.find(&pointer)?;
        let (pointer, _) = self.resolve(&pointer);
        let node = self.at(&pointer);
        let media = format!("{pointer}/content/application~1json");
        Some(Answer {
            status,
            item: node["x-weeek-item"].as_str(),
            schema: self.find(&format!("{media}/schema")).map(|_| format!("{media}/schema")),
            example: self.find(&format!("{media}/example")),
        })
    }

    /// The statuses that an operation declares.
    pub fn statuses(&self, operation: &Operation) -> Vec<u16> {
        let responses = self.at(&operation.pointer)["responses"].as_object();
        responses.into_iter().flatten().filter_map(|(status, _)| status.parse().ok()).collect()
    }

    /// The answer of a success.
    pub fn success(&self, operation: &Operation) -> Option<Answer<'_>> {
        let status = self.statuses(operation).into_iter().find(|status| (200..300).contains(status))?;
        self.answer(operation, status)
    }

    /// How the operation's list pages.
    pub fn paging(&self, operation: &Operation) -> Option<Paging<'_>> {
        let paging = &self.at(&operation.pointer)["x-weeek-paging"];
        Some(Paging {
            limit: paging["limit"].as_str()?,
            offset: paging["offset"].as_str()?,
            more: paging["hasMore"].as_str(),
            size: usize::try_from(paging["pageSize"].as_u64()?).ok()?,
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

/// A key as a part of a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Undoes percent encoding; what is no encoding stays as it is.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = tail.get(..2).filter(|_| first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

struct Reader<'text> {
    parser: Parser<'text, StrInput<'text>>,
    lines: BTreeMap<String, usize>,
}

impl<'text> Reader<'text> {
    fn document(&mut self) -> Result<Value, String> {
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd | Event::DocumentEnd, _) => return Err("the document is empty".to_owned()),
                (event, _) => return self.value(event, &mut String::new()),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'text>, Span), String> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(format!("line {}: not valid YAML: {}", error.marker().line(), error.info())),
            None => Err("the document ends too early".to_owned()),
        }
    }

    fn value(&mut self, event: Event<'text>, pointer: &mut String) -> Result<Value, String> {
        match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) => Ok(scalar(&text)),
            Event::Scalar(text, ..) => Ok(Value::String(text.into_owned())),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
                        (event, span) => {
                            let key = items.len().to_string();
                            items.push(self.entry(&key, event, span.start.line(), pointer)?);
                        }
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut entries = Map::new();
                loop {
                    match self.next()? {
                        (Event::MappingEnd, _) => return Ok(Value::Object(entries)),
                        (Event::Scalar(key, ..), span) => {
                            let (event, _) = self.next()?;
                            let value = self.entry(&key, event, span.start.line(), pointer)?;
                            entries.insert(key.into_owned(), value);
                        }
                        (_, span) => return Err(format!("line {}: a key has to be a text", span.start.line())),
                    }
                }
            }
            _ => Err("YAML aliases are not supported".to_owned()),
        }
    }

    fn entry(&mut self, key: &str, event: Event<'text>, line: usize, pointer: &mut String) -> Result<Value, String> {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&escape(key));
        self.lines.insert(pointer.clone(), line);
        let value = self.value(event, pointer);
        pointer.truncate(length);
        value
    }
}

fn scalar(text: &str) -> Value {
    match text {
        "" | "~" | "null" => return Value::Null,
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    let numeric = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let integer = text.parse::<i64>().map(Number::from).ok();
    let number = integer.or_else(|| text.parse().ok().and_then(Number::from_f64)).filter(|_| numeric);
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        Document::load(None).unwrap()
    }

    #[test]
    fn parts_know_their_lines() {
        let document = Document::parse("a:\n  b: [1, '2', x, null]\n  'c/d':\n    e: true\n").unwrap();
        assert_eq!(*document.at("/a/b"), serde_json::json!([1, "2", "x", null]));
        let lines = ["/a", "/a/b/3", "/a/c~1d", "/a/c~1d/e", "/a/c~1d/e/f", "/z"].map(|part| document.line(part));
        assert_eq!(lines, [1, 2, 3, 4, 4, 1]);
        assert!(Document::parse("a: [").unwrap_err().starts_with("line "));
    }

    #[test]
    fn paths_lead_to_operations() {
        let document = document();
        assert_eq!(document.operations().len(), 157);
        let ids = |text: &str| BTreeMap::from([("taskId".to_owned(), text.to_owned())]);
        for path in ["/tm/tasks/17", "/public/v1/tm/tasks/17?x=1", "https://api.weeek.net/public/v1/tm/tasks/17#a"] {
            let Route::Operation(operation, found) = document.route("get", path) else { panic!("{path}") };
            assert_eq!((operation.id.as_str(), found), ("tasks.get", ids("17")));
        }
        let Route::Operation(_, found) = document.route("GET", "/tm/tasks/a%2Fb") else { panic!() };
        assert_eq!(found, ids("a/b"));
        assert_eq!(document.route("PATCH", "/tm/tasks/17"), Route::OtherMethods(vec!["GET", "PUT", "DELETE"]));
        for path in ["/tm/tasks/", "/tm/tasks/17/x", "/public/v1tm/tasks", ""] {
            assert_eq!(document.route("GET", path), Route::Unknown, "{path}");
        }
    }

    #[test]
    fn a_document_with_faults_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("openapi.yaml");
        fs::write(&file, "openapi: 3.0.3\n").unwrap();
        assert!(Document::load(Some(&file)).unwrap_err().contains("has faults"));
        assert!(Document::load(Some(Path::new("no/such.yaml"))).unwrap_err().contains("cannot read no/such.yaml"));
    }
}

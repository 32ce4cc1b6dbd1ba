//! Reads what the spec declares, without code of the generator.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::schema::{Strictness, json_schema};

/// `spec/openapi.yaml`.
pub(crate) struct Spec {
    pub(crate) root: Value,
    closed: Map<String, Value>,
    complete: Map<String, Value>,
}

/// The schema of a body, and its example.
pub(crate) type Declared = (Value, Value);

/// Names and values of a query, decoded, in the order sent.
pub(crate) type Pairs = Vec<(String, String)>;

impl Spec {
    pub(crate) fn get() -> &'static Self {
        static SPEC: LazyLock<Spec> = LazyLock::new(Spec::load);
        &SPEC
    }

    fn load() -> Self {
        let text = std::fs::read_to_string(xtask::workspace::root().unwrap().join("spec/openapi.yaml")).unwrap();
        let root: Value = serde_yaml::from_str(&text).unwrap();
        let schemas = root["components"]["schemas"].as_object().unwrap();
        let all = |level| schemas.iter().map(|(name, schema)| (name.clone(), json_schema(schema, level))).collect();
        Self { closed: all(Strictness::Closed), complete: all(Strictness::Complete), root }
    }

    /// Resolves a reference; returns any other node as it is.
    pub(crate) fn resolve<'s>(&'s self, node: &'s Value) -> &'s Value {
        match node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => self.root.pointer(pointer).unwrap_or_else(|| panic!("no such node: {pointer}")),
            None => node,
        }
    }

    pub(crate) fn operation(&self, path: &str, method: &str) -> &Value {
        &self.root["paths"][path][method.to_lowercase()]
    }

    /// Validates `value` against the schema.
    pub(crate) fn violations(&self, schema: &Value, strictness: Strictness, value: &Value) -> Vec<String> {
        let definitions = match strictness {
            Strictness::Closed => &self.closed,
            Strictness::Complete => &self.complete,
        };
        let mut schema = json_schema(schema, strictness);
        // Compiling only the schemas in use is faster.
        let mut in_use = Map::new();
        collect_used(&schema, definitions, &mut in_use);
        schema["components"] = json!({"schemas": in_use});
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
        let validator = options.build(&schema).unwrap();
        validator.iter_errors(value).map(|error| format!("at `{}`: {error}", error.instance_path())).collect()
    }

    /// The operation's responses by status.
    pub(crate) fn responses(&self, operation: &Value) -> Vec<(u16, Option<Declared>)> {
        let responses = operation["responses"].as_object().unwrap().iter();
        let declared = responses.map(|(status, response)| {
            let media = self.resolve(response).pointer("/content/application~1json");
            (status.parse().unwrap(), media.map(|media| (media["schema"].clone(), media["example"].clone())))
        });
        declared.collect()
    }

    fn parameters<'s>(&'s self, operation: &'s Value, location: &str) -> Vec<&'s Value> {
        let declared = operation["parameters"].as_array().into_iter().flatten().map(|node| self.resolve(node));
        declared.filter(|parameter| parameter["in"] == location).collect()
    }

    /// The names of the operation's query parameters.
    pub(crate) fn query_names(&self, operation: &Value) -> BTreeSet<String> {
        let declared = self.parameters(operation, "query");
        declared.iter().map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Validates a path.
    pub(crate) fn path_violations(&self, operation: &Value, template: &str, path: &str) -> Vec<String> {
        let mut declared = self.parameters(operation, "path");
        let mut violations = Vec::new();
        let (expected, found): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        if expected.len() != found.len() {
            return vec![format!("`{path}` is not a `{template}`")];
        }
        for (expected, found) in expected.into_iter().zip(found) {
            let Some(name) = expected.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
                violations.extend((expected != found).then(|| format!("expected `{expected}`, found `{found}`")));
                continue;
            };
            match declared.iter().position(|parameter| parameter["name"] == name) {
                Some(at) => violations.extend(self.parameter_violations(declared.remove(at), &[found.to_owned()])),
                None => violations.push(format!("`{name}` is not declared")),
            }
        }
        violations.extend(declared.iter().map(|parameter| format!("the path has no {}", parameter["name"])));
        violations
    }

    /// Validates a query.
    pub(crate) fn query_violations(&self, operation: &Value, mut pairs: Pairs) -> Vec<String> {
        let mut violations = Vec::new();
        for parameter in self.parameters(operation, "query") {
            let name = parameter["name"].as_str().unwrap();
            if parameter["style"] == "deepObject" {
                let prefix = format!("{name}[");
                let own: Pairs = pairs.extract_if(.., |(name, _)| name.starts_with(&prefix)).collect();
                violations.extend(self.object_violations(parameter, &own));
                continue;
            }
            let own: Vec<String> = pairs.extract_if(.., |(own, _)| own == name).map(|(_, value)| value).collect();
            if !own.is_empty() {
                violations.extend(self.parameter_violations(parameter, &own));
            } else if parameter["required"] == true {
                violations.push(format!("`{name}` is required"));
            }
        }
        violations.extend(pairs.into_iter().map(|(name, _)| format!("`{name}` is not declared")));
        violations
    }

    fn parameter_violations(&self, parameter: &Value, values: &[String]) -> Vec<String> {
        let schema = &parameter["schema"];
        let value = match values {
            _ if schema["type"] == "array" => values.iter().map(|text| self.scalar(&schema["items"], text)).collect(),
            [text] => self.scalar(schema, text),
            _ => return vec![format!("{} is sent {} times", parameter["name"], values.len())],
        };
        self.violations(schema, Strictness::Closed, &value)
    }

    /// Validates a list of objects, written `name[0][id]=…&name[0][value]=…`.
    fn object_violations(&self, parameter: &Value, pairs: &Pairs) -> Vec<String> {
        let schema = &parameter["schema"];
        let properties = &self.resolve(&schema["items"])["properties"];
        let mut items: Vec<Map<String, Value>> = Vec::new();
        for (name, value) in pairs {
            let keys: Vec<&str> = name.split(['[', ']']).filter(|key| !key.is_empty()).collect();
            let &[_, index, key] = keys.as_slice() else { return vec![format!("`{name}` is not `name[0][key]`")] };
            let index: usize = index.parse().unwrap();
            if index == items.len() {
                items.push(Map::new());
            }
            let Some(item) = items.get_mut(index) else { return vec![format!("`{name}` leaves a gap")] };
            item.insert(key.to_owned(), self.scalar(&properties[key], value));
        }
        let value: Value = items.into();
        self.violations(schema, Strictness::Closed, &value)
    }

    /// Converts a string in a path or query to JSON.
    fn scalar(&self, schema: &Value, text: &str) -> Value {
        let integer = self.resolve(schema)["type"] == "integer";
        text.parse::<i64>().ok().filter(|_| integer).map_or_else(|| text.into(), Value::from)
    }
}

/// Collects the definitions that `schema` refers to.
fn collect_used(schema: &Value, definitions: &Map<String, Value>, in_use: &mut Map<String, Value>) {
    match schema {
        Value::Object(entries) => {
            let target = entries.get("$ref").and_then(Value::as_str);
            let name = target.and_then(|target| target.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| !in_use.contains_key(*name)) {
                in_use.insert(name.to_owned(), definitions[name].clone());
                collect_used(&definitions[name], definitions, in_use);
            }
            entries.values().for_each(|value| collect_used(value, definitions, in_use));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_used(item, definitions, in_use)),
        _ => {}
    }
}

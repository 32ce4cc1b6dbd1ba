//! The document as the oracle: what it declares, read with no line of the generator.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::schema::{Rigour, json_schema};

/// `spec/openapi.yaml`.
pub(crate) struct Document {
    pub(crate) root: Value,
    closed: Map<String, Value>,
    whole: Map<String, Value>,
}

/// Names and values of a query, decoded, in the order sent.
pub(crate) type Pairs = Vec<(String, String)>;

impl Document {
    pub(crate) fn get() -> &'static Self {
        static DOCUMENT: LazyLock<Document> = LazyLock::new(Document::load);
        &DOCUMENT
    }

    fn load() -> Self {
        let text = std::fs::read_to_string(xtask::workspace::root().unwrap().join("spec/openapi.yaml")).unwrap();
        let root: Value = serde_yaml::from_str(&text).unwrap();
        let schemas = root["components"]["schemas"].as_object().unwrap();
        let all = |rigour| schemas.iter().map(|(name, schema)| (name.clone(), json_schema(schema, rigour))).collect();
        Self { closed: all(Rigour::Closed), whole: all(Rigour::Whole), root }
    }

    /// The object that a reference leads to, or the object itself.
    pub(crate) fn follow<'d>(&'d self, node: &'d Value) -> &'d Value {
        match node["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => self.root.pointer(pointer).unwrap_or_else(|| panic!("nothing is at {pointer}")),
            None => node,
        }
    }

    pub(crate) fn operation(&self, path: &str, method: &str) -> &Value {
        &self.root["paths"][path][method.to_lowercase()]
    }

    /// What the validator has to say against `value`.
    pub(crate) fn faults(&self, schema: &Value, rigour: Rigour, value: &Value) -> Vec<String> {
        let definitions = match rigour {
            Rigour::Closed => &self.closed,
            Rigour::Whole => &self.whole,
        };
        let mut schema = json_schema(schema, rigour);
        // What the schema doesn't reach would only be compiled in vain.
        let mut reached = Map::new();
        reach(&schema, definitions, &mut reached);
        schema["components"] = json!({"schemas": reached});
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
        let validator = options.build(&schema).unwrap();
        validator.iter_errors(value).map(|fault| format!("at `{}`: {fault}", fault.instance_path())).collect()
    }

    /// Status, schema and example of the operation's success answer.
    pub(crate) fn answer(&self, operation: &Value) -> (u16, Option<(Value, Value)>) {
        let mut responses = operation["responses"].as_object().unwrap().iter();
        let (status, response) = responses.find(|(status, _)| status.starts_with('2')).unwrap();
        let media = self.follow(response).pointer("/content/application~1json");
        (status.parse().unwrap(), media.map(|media| (media["schema"].clone(), media["example"].clone())))
    }

    fn parameters<'d>(&'d self, operation: &'d Value, place: &str) -> Vec<&'d Value> {
        let declared = operation["parameters"].as_array().into_iter().flatten().map(|node| self.follow(node));
        declared.filter(|parameter| parameter["in"] == place).collect()
    }

    /// The names of the operation's query parameters.
    pub(crate) fn query_names(&self, operation: &Value) -> BTreeSet<String> {
        let declared = self.parameters(operation, "query");
        declared.iter().map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    }

    /// What is wrong with a path.
    pub(crate) fn path_faults(&self, operation: &Value, template: &str, path: &str) -> Vec<String> {
        let mut declared = self.parameters(operation, "path");
        let mut faults = Vec::new();
        let (wanted, got): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        if wanted.len() != got.len() {
            return vec![format!("`{path}` is not a `{template}`")];
        }
        for (wanted, got) in wanted.into_iter().zip(got) {
            let Some(name) = wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
                faults.extend((wanted != got).then(|| format!("`{got}` stands where `{wanted}` belongs")));
                continue;
            };
            match declared.iter().position(|parameter| parameter["name"] == name) {
                Some(at) => faults.extend(self.parameter_faults(declared.remove(at), &[got.to_owned()])),
                None => faults.push(format!("nothing declares `{name}`")),
            }
        }
        faults.extend(declared.iter().map(|parameter| format!("the path has no {}", parameter["name"])));
        faults
    }

    /// What is wrong with a query.
    pub(crate) fn query_faults(&self, operation: &Value, mut pairs: Pairs) -> Vec<String> {
        let mut faults = Vec::new();
        for parameter in self.parameters(operation, "query") {
            let name = parameter["name"].as_str().unwrap();
            if parameter["style"] == "deepObject" {
                let prefix = format!("{name}[");
                let own: Pairs = pairs.extract_if(.., |(name, _)| name.starts_with(&prefix)).collect();
                faults.extend(self.object_faults(parameter, &own));
                continue;
            }
            let own: Vec<String> = pairs.extract_if(.., |(own, _)| own == name).map(|(_, value)| value).collect();
            if !own.is_empty() {
                faults.extend(self.parameter_faults(parameter, &own));
            } else if parameter["required"] == true {
                faults.push(format!("`{name}` is required"));
            }
        }
        faults.extend(pairs.into_iter().map(|(name, _)| format!("nothing declares `{name}`")));
        faults
    }

    fn parameter_faults(&self, parameter: &Value, values: &[String]) -> Vec<String> {
        let schema = &parameter["schema"];
        let value = match values {
            _ if schema["type"] == "array" => values.iter().map(|text| self.scalar(&schema["items"], text)).collect(),
            [text] => self.scalar(schema, text),
            _ => return vec![format!("{} is sent {} times", parameter["name"], values.len())],
        };
        self.faults(schema, Rigour::Closed, &value)
    }

    /// `name[0][id]=…&name[0][value]=…` is a list of objects.
    fn object_faults(&self, parameter: &Value, pairs: &Pairs) -> Vec<String> {
        let schema = &parameter["schema"];
        let properties = &self.follow(&schema["items"])["properties"];
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
        self.faults(schema, Rigour::Closed, &value)
    }

    /// The JSON that a text in a path or query stands for.
    fn scalar(&self, schema: &Value, text: &str) -> Value {
        let integer = self.follow(schema)["type"] == "integer";
        text.parse::<i64>().ok().filter(|_| integer).map_or_else(|| text.into(), Value::from)
    }
}

/// Gathers the definitions that `schema` refers to.
fn reach(schema: &Value, definitions: &Map<String, Value>, reached: &mut Map<String, Value>) {
    match schema {
        Value::Object(entries) => {
            let target = entries.get("$ref").and_then(Value::as_str);
            let name = target.and_then(|target| target.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| !reached.contains_key(*name)) {
                reached.insert(name.to_owned(), definitions[name].clone());
                reach(&definitions[name], definitions, reached);
            }
            entries.values().for_each(|value| reach(value, definitions, reached));
        }
        Value::Array(items) => items.iter().for_each(|item| reach(item, definitions, reached)),
        _ => {}
    }
}

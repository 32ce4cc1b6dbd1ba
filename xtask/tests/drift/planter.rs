//! Walks an example along its schema, and lists the drift that can be planted at each location.

use serde_json::{Value, json};
use xtask::contract::Spec;
use xtask::pointer::escape;

/// One mismatch, and how it must be reported.
#[derive(Clone, Debug)]
pub(crate) struct Plant {
    /// The JSON pointer in the body.
    pointer: String,
    /// The planted value; `None` removes the property.
    value: Option<Value>,
    pub(crate) kind: &'static str,
    pub(crate) json_path: String,
    pub(crate) line: usize,
}

impl Plant {
    /// The example with the mismatch.
    pub(crate) fn body(&self, example: &Value) -> Value {
        let mut body = example.clone();
        let (parent, key) = self.pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/").replace("~0", "~");
        match (body.pointer_mut(parent).unwrap(), &self.value) {
            (Value::Object(object), Some(value)) => drop(object.insert(key, value.clone())),
            (Value::Object(object), None) => drop(object.remove(&key)),
            (Value::Array(items), Some(value)) => items[key.parse::<usize>().unwrap()] = value.clone(),
            other => panic!("{other:?} at {parent}"),
        }
        body
    }

    /// Whether one location contains the other.
    pub(crate) fn touches(&self, other: &Self) -> bool {
        self.pointer.starts_with(&other.pointer)
            || other.pointer.starts_with(&self.pointer)
            || self.json_path == other.json_path
    }
}

/// The drift that can be planted in an example of the schema.
pub(crate) fn plants(spec: &Spec, schema: &str, example: &Value) -> Vec<Plant> {
    let mut planter = Planter { spec, pointer: String::new(), json_path: String::new(), plants: Vec::new() };
    let (target, _) = spec.resolve(schema);
    planter.object(&target, example);
    planter.plants
}

struct Planter<'s> {
    spec: &'s Spec,
    pointer: String,
    json_path: String,
    plants: Vec<Plant>,
}

impl Planter<'_> {
    fn plant(&mut self, kind: &'static str, value: Option<Value>, line_of: &str) {
        let (pointer, json_path, line) = (self.pointer.clone(), self.json_path.clone(), self.spec.line(line_of));
        self.plants.push(Plant { pointer, value, kind, json_path, line });
    }

    fn at(&mut self, pointer: &str, place: &str, plant: impl FnOnce(&mut Self)) {
        let lengths = (self.pointer.len(), self.json_path.len());
        self.pointer.push('/');
        self.pointer.push_str(&escape(pointer));
        if !self.json_path.is_empty() && place != "[]" {
            self.json_path.push('.');
        }
        self.json_path.push_str(place);
        plant(self);
        self.pointer.truncate(lengths.0);
        self.json_path.truncate(lengths.1);
    }

    fn object(&mut self, target: &str, example: &Value) {
        let node = self.spec.at(target);
        let Some(properties) = node["properties"].as_object() else {
            let values = format!("{target}/additionalProperties");
            for (key, value) in example.as_object().unwrap() {
                self.at(key, "*", |planter| planter.value(&values, value));
            }
            return;
        };
        self.at("plantedField", "plantedField", |planter| {
            planter.plant("unknownField", Some(json!("planted")), &format!("{target}/properties"));
        });
        for name in properties.keys() {
            let schema = format!("{target}/properties/{}", escape(name));
            let is_required = node["required"].as_array().is_some_and(|names| names.iter().any(|known| known == name));
            self.at(name, name, |planter| {
                if is_required {
                    planter.plant("missingField", None, &schema);
                }
                match (planter.tagged(&schema, example), example.get(name)) {
                    (Tagged::Variant(form), Some(value)) => planter.value(&form, value),
                    (Tagged::No, Some(value)) => planter.value(&schema, value),
                    _ => {}
                }
            });
        }
    }

    /// The variant of a value that a sibling names.
    fn tagged(&self, schema: &str, siblings: &Value) -> Tagged {
        let (target, _) = self.spec.resolve(schema);
        let node = self.spec.at(&target);
        let Some(tag) = node["x-weeek-tagged-by"].as_str() else { return Tagged::No };
        let forms = node["anyOf"].as_array().unwrap();
        match forms.iter().position(|form| form["title"] == siblings[tag]) {
            Some(at) => Tagged::Variant(format!("{target}/anyOf/{at}")),
            None => Tagged::Unknown,
        }
    }

    fn value(&mut self, schema: &str, example: &Value) {
        let (target, nullable) = self.spec.resolve(schema);
        let node = self.spec.at(&target);
        let discriminator = &node["discriminator"];
        // What has no type may be anything, null too.
        let is_typed = ["type", "oneOf", "anyOf"].iter().any(|key| node.get(key).is_some());
        if !nullable && is_typed && !self.is_tagged_variant(schema) {
            self.plant("null", Some(Value::Null), schema);
        }
        if let Some(name) = discriminator["propertyName"].as_str() {
            if let Some(tag) = example[name].as_str() {
                let form = discriminator["mapping"][tag].as_str().unwrap().trim_start_matches('#').to_owned();
                let before = self.plants.len();
                self.object(&form, example);
                // Drift of the tag itself depends on the discriminator.
                let pointer = format!("{}/{name}", self.pointer);
                let of_the_tag = self.plants.split_off(before).into_iter().filter(|plant| plant.pointer != pointer);
                self.plants.extend(of_the_tag.collect::<Vec<_>>());
            }
            return;
        }
        let wrong = json!({"planted": 1});
        match node["type"].as_str() {
            Some("object") => {
                self.plant("wrongType", Some(json!("planted")), schema);
                if example.is_object() {
                    self.object(&target, example);
                }
            }
            Some("array") => {
                self.plant("wrongType", Some(json!("planted")), schema);
                let items = example.as_array().into_iter().flatten().enumerate();
                for (at, item) in items {
                    self.at(&at.to_string(), "[]", |planter| planter.value(&format!("{target}/items"), item));
                }
            }
            Some(kind) => {
                self.plant("wrongType", Some(wrong), schema);
                self.scalar(kind, schema, &target);
            }
            None => {}
        }
    }

    fn scalar(&mut self, kind: &str, schema: &str, target: &str) {
        let node = self.spec.at(target);
        match (kind, node["enum"].is_array()) {
            ("integer", true) => return self.plant("unknownValue", Some(json!(98765)), schema),
            (_, true) => return self.plant("unknownValue", Some(json!("planted_value")), schema),
            _ => {}
        }
        if let Some("date" | "date-time" | "uuid" | "uri" | "email") = node["format"].as_str() {
            self.plant("wrongFormat", Some(json!("planted")), schema);
        }
        let mut bound = |keyword: &str, value: Value| {
            self.plant("outOfBounds", Some(value), &format!("{target}/{keyword}"));
        };
        if let Some(least) = node["minimum"].as_i64() {
            bound("minimum", json!(least - 1));
        }
        if let Some(most) = node["maximum"].as_i64() {
            bound("maximum", json!(most + 1));
        }
        if let Some(most) = node["maxLength"].as_u64() {
            bound("maxLength", json!(format!("{}@example.com", "ß".repeat(usize::try_from(most).unwrap()))));
        }
        if node["pattern"].is_string() {
            bound("pattern", json!("~"));
        }
        let is_id = target.strip_prefix("/components/schemas/").is_some_and(|rest| !rest.contains('/'));
        if node["minLength"] == 1 && !is_id {
            bound("minLength", json!(""));
        }
    }

    /// A tagged value that is null has no variant.
    fn is_tagged_variant(&self, schema: &str) -> bool {
        schema.rsplit_once("/anyOf/").is_some_and(|(owner, _)| !self.spec.at(owner)["x-weeek-tagged-by"].is_null())
    }
}

enum Tagged {
    No,
    Variant(String),
    Unknown,
}

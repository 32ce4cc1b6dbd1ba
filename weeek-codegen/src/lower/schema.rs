//! Lowers schemas to types.

use std::collections::{BTreeMap, BTreeSet};

use super::variants::Taken;
use super::{Lower, aliases};
use crate::ir::{Choice, Field, Group, Struct, TypeDef, TypeKind, TypeRef, note};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve::{self, wrapped_ref};

/// The property of a response that is false for an error. The runtime reads it; callers do not need it.
pub(super) const ENVELOPE: &str = "success";

impl Lower<'_> {
    /// Lowers every named schema to a type, except those that are inlined.
    pub(super) fn schemas(&mut self) {
        for (key, node) in resolve::components(self.root, "schemas") {
            if self.inlined.contains(&key.name) || node.get("$ref").is_some() {
                continue;
            }
            let Some(kind) = self.named_schema(key, node) else { continue };
            let text = |key| node.text_at(key).unwrap_or_default().to_owned();
            let (example_code, aliases) = (text("x-weeek-example-code"), aliases::of(node, str::to_owned));
            let ty = TypeDef { example_code, aliases, ..TypeDef::new(key.name.clone(), text("description"), kind) };
            self.define(&key.span, ty);
        }
    }

    fn named_schema(&mut self, key: &Key, node: &Node) -> Option<TypeKind> {
        if node.get("oneOf").is_some() {
            return self.one_of(&key.name, node);
        }
        if node.get("anyOf").is_some() {
            return self.any_of(&key.name, node);
        }
        match node.text_at("type") {
            Some("object") if node.get("additionalProperties").is_some() => self.map(node),
            Some("object") => Some(TypeKind::Struct(self.object(node))),
            Some("string") if node.get("enum").is_some() => self.string_enum(node),
            Some("integer") if node.get("enum").is_some() => self.integer_enum(node),
            Some("string") => Some(TypeKind::StringId),
            Some("integer") => Some(TypeKind::IntegerId),
            _ => {
                let help = "an object, an enumeration, a string, an integer, `oneOf` and `anyOf` can have a name";
                let message = format!("schema `{}` has a shape that can't have a name", key.name);
                self.diagnostics.error(Rule::UnsupportedSchema, &key.span, message).help(help);
                None
            }
        }
    }

    pub(super) fn object(&mut self, node: &Node) -> Struct {
        let mut fields = self.fields(node);
        let mut choices = Vec::new();
        for (key, choice) in node.entries_at("x-weeek-exclusive") {
            choices.extend(self.choice(key, choice, &mut fields));
        }
        Struct { fields, choices }
    }

    pub(super) fn fields(&mut self, node: &Node) -> Vec<Field> {
        let required: BTreeSet<&str> = node.texts("required").collect();
        let mut fields = Vec::new();
        let mut keys: BTreeMap<String, &Key> = BTreeMap::new();
        let mut envelopes = self.envelopes.iter().filter_map(|name| resolve::component(self.root, "schemas", name));
        let is_envelope = envelopes.any(|(_, schema)| std::ptr::eq(schema, node));
        for (key, property) in node.entries_at("properties") {
            if is_envelope && key.name == ENVELOPE {
                continue;
            }
            let Some(name) = self.rust_name(property, &key.name, &key.span) else { continue };
            if let Some(other) = keys.insert(name.clone(), key).filter(|other| other.name != key.name) {
                let message = format!("`{}` and `{}` are both named `{name}` in Rust", other.name, key.name);
                let error = self.diagnostics.error(Rule::NameCollision, &key.span, message);
                error.help("rename one with `x-weeek-name`").related(&other.span, "the other property");
                continue;
            }
            let Some(ty) = self.type_ref(property) else { continue };
            let (mut docs, deprecated) = (self.description(property), property.is_true("deprecated"));
            if deprecated {
                append(&mut docs, note::DEPRECATED);
            }
            evidence_note(property, &mut docs);
            fields.push(Field {
                name,
                wire_name: key.name.clone(),
                docs,
                limits: String::new(),
                ty,
                required: required.contains(key.name.as_str()),
                nullable: resolve::is_nullable(property),
                dotted: property.text_at("x-weeek-rust-type") == Some("date"),
                deprecated,
                aliases: aliases::of(property, naming::snake_name),
            });
        }
        fields
    }

    /// The description of the property, or of the schema that it refers to.
    fn description(&self, property: &Node) -> String {
        let target = resolve::resolve_ref(self.root, "schemas", wrapped_ref(property).unwrap_or(property));
        let text = property.text_at("description").or_else(|| target.text_at("description"));
        text.unwrap_or_default().trim().to_owned()
    }

    /// Only a property or parameter of its own is written as dd.mm.yyyy.
    fn no_dotted_dates(&mut self, item: &Node, outer: &str) {
        let rust_type = item.get("x-weeek-rust-type").filter(|rust_type| rust_type.text() == Some("date"));
        if let Some(rust_type) = rust_type {
            let message = format!("{outer} can't have dates as dd.mm.yyyy");
            let help = "write `format: date`, if the API accepts dates as 2026-11-24";
            self.diagnostics.error(Rule::TypeOverride, &rust_type.span, message).help(help);
        }
    }

    /// The Rust type of a schema without a name.
    pub(super) fn type_ref(&mut self, node: &Node) -> Option<TypeRef> {
        if let Some(reference) = wrapped_ref(node) {
            return self.type_ref(reference);
        }
        if let Some(name) = resolve::reference(node) {
            return Some(TypeRef::Named(name.to_owned()));
        }
        match node.text_at("x-weeek-rust-type") {
            Some("boolean") => return Some(TypeRef::Boolean),
            Some("date") => return Some(TypeRef::Date),
            _ => {}
        }
        let shape = ["oneOf", "anyOf", "allOf", "enum", "discriminator"].iter().find(|key| node.get(key).is_some());
        if self.diagnostics.is_tainted(&node.span) {
            return None;
        }
        if let Some(shape) = shape {
            let help = "name it under `components.schemas`";
            let message = format!("a schema without a name can't have `{shape}`");
            self.diagnostics.error(Rule::UnsupportedSchema, &node.key_span(shape), message).help(help);
            return None;
        }
        match (node.text_at("type"), node.text_at("format")) {
            (Some("string"), Some("date")) => Some(TypeRef::Date),
            (Some("string"), Some("date-time")) => Some(TypeRef::Timestamp),
            (Some("string"), None | Some("uri" | "email" | "uuid")) => Some(TypeRef::String),
            (Some("integer"), None | Some("int64")) => Some(TypeRef::Integer),
            (Some("number"), None | Some("double")) => Some(TypeRef::Number),
            (Some("boolean"), None) => Some(TypeRef::Boolean),
            (Some("array"), None) => {
                let Some(items) = node.get("items") else {
                    self.diagnostics.error(Rule::UnsupportedSchema, &node.first_token(), "an array requires `items`");
                    return None;
                };
                self.no_dotted_dates(items, "a list");
                let is_nullable = resolve::is_nullable(items);
                let nullable = |item| if is_nullable { TypeRef::Nullable(Box::new(item)) } else { item };
                self.type_ref(items).map(|item| TypeRef::List(Box::new(nullable(item))))
            }
            (Some("object"), None) => match node.get("additionalProperties") {
                Some(values) if node.get("properties").is_none() && values.boolean().is_none() => {
                    self.no_dotted_dates(values, "a map");
                    self.type_ref(values).map(|value| TypeRef::StringMap(Box::new(value)))
                }
                _ => {
                    let help = "name it under `components.schemas`";
                    let message = "an object requires a name";
                    self.diagnostics.error(Rule::UnsupportedSchema, &node.first_token(), message).help(help);
                    None
                }
            },
            (None, None) => Some(TypeRef::Json),
            (ty, format) => {
                let (ty, format) = (ty.unwrap_or("no type"), format.unwrap_or("none"));
                let span = node.get("format").map_or(node.first_token(), Node::first_token);
                let message = format!("format `{format}` is not allowed for {ty} here");
                self.diagnostics.error(Rule::TypeFormat, &span, message);
                None
            }
        }
    }

    fn map(&mut self, node: &Node) -> Option<TypeKind> {
        let values = node.get("additionalProperties")?;
        if node.get("properties").is_some() || values.boolean().is_some() {
            let message = "an object has either `properties` or a schema of `additionalProperties`";
            let span = node.key_span("additionalProperties");
            self.diagnostics.error(Rule::UnsupportedSchema, &span, message);
            return None;
        }
        let key = node.text_at("x-weeek-map-key").map_or(TypeRef::String, |name| TypeRef::Named(name.to_owned()));
        let value = self.type_ref(values)?;
        Some(TypeKind::Map { key, value, nullable: resolve::is_nullable(values) })
    }

    /// Moves the properties of a choice from `fields` to a type of their own.
    fn choice(&mut self, key: &Key, node: &Node, fields: &mut Vec<Field>) -> Option<Choice> {
        let ty = node.get("name")?;
        let name = ty.text()?.to_owned();
        let (mut groups, mut taken) = (Vec::new(), Taken::new());
        for (variant, properties) in node.entries_at("variants") {
            let mut members = Vec::new();
            for property in properties.items() {
                // `lint` reports a name that is not a property, or in two variants.
                let at = fields.iter().position(|field| Some(field.wire_name.as_str()) == property.text())?;
                members.push(fields.remove(at));
            }
            let name = naming::pascal_name(&variant.name);
            self.claim(&mut taken, &name, &variant.span, "rename it");
            groups.push(Group { name, fields: members });
        }
        let single = groups.iter().all(|group| group.fields.len() == 1);
        let kind = if single {
            let variant = |Group { name, fields }: Group| {
                fields.into_iter().map(move |field| Field { name: name.clone(), ..field })
            };
            TypeKind::OneOf(groups.into_iter().flat_map(variant).collect())
        } else {
            TypeKind::ExclusiveGroups(groups)
        };
        let docs = node.text_at("description").unwrap_or_default().to_owned();
        self.define(&ty.first_token(), TypeDef::new(name.clone(), docs, kind));
        let setter = naming::snake_name(&key.name);
        if !naming::is_identifier(&setter) {
            let message = format!("`{}` is not a valid name in Rust", key.name);
            self.diagnostics.error(Rule::RustName, &key.span, message).help("rename it");
        }
        Some(Choice { name: setter, ty: name })
    }
}

pub(super) fn evidence_note(node: &Node, docs: &mut String) {
    match node.text_at("x-weeek-evidence") {
        Some("documented") => append(docs, note::DOCUMENTED),
        Some("third-party" | "inferred") => append(docs, note::UNVERIFIED),
        Some("contradictory") => append(docs, note::CONTRADICTORY),
        _ => {}
    }
}

fn append(docs: &mut String, note: &str) {
    docs.push_str("\n\n");
    docs.push_str(note);
}

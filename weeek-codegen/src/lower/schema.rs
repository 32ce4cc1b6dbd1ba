//! Schemas to types.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Lower, former};
use crate::ir::{
    Choice, ContentVariant, Field, Group, Struct, TaggedVariant, TypeDef, TypeKind, TypeRef, Variant, note,
};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve::{self, wrapped as single_all_of};
use crate::spec::words::did_you_mean;

/// The property by which an answer says that it is no refusal. The runtime reads it, and callers need it no more.
pub(super) const ENVELOPE: &str = "success";

/// Variants of an enumeration, and where their names come from.
struct Variants<T> {
    list: Vec<Variant<T>>,
    places: BTreeMap<String, Range<usize>>,
}

impl<T> Default for Variants<T> {
    fn default() -> Self {
        Self { list: Vec::new(), places: BTreeMap::new() }
    }
}

impl Lower<'_> {
    /// Lowers every named schema that an operation reaches as a type, and reports those that nothing reaches.
    pub(super) fn schemas(&mut self) {
        for (key, node) in resolve::components(self.root, "schemas") {
            if self.spread.contains(key.name.as_str()) || node.get("$ref").is_some() {
                continue;
            }
            let Some(kind) = self.named_schema(key, node) else { continue };
            let docs = node.text_at("description").unwrap_or_default().to_owned();
            let program = node.text_at("x-weeek-example-code").unwrap_or_default().to_owned();
            let was = former::names(node, str::to_owned);
            let name = key.name.to_string();
            self.define(&key.span, TypeDef { name, docs, program, kind, was, sent: false, received: false });
        }
    }

    fn named_schema(&mut self, key: &Key, node: &Node) -> Option<TypeKind> {
        if node.get("oneOf").is_some() {
            return self.one_of(&key.name, node);
        }
        if let Some(forms) = node.get("anyOf") {
            return self.content(&key.name, node, forms);
        }
        match node.text_at("type") {
            Some("object") if node.get("additionalProperties").is_some() => self.map(node),
            Some("object") => Some(TypeKind::Struct(self.object(node))),
            Some("string") if node.get("enum").is_some() => self.text_enum(node),
            Some("integer") if node.get("enum").is_some() => self.integer_enum(node),
            Some("string") => Some(TypeKind::TextId),
            Some("integer") => Some(TypeKind::IntegerId),
            _ => {
                let help = "objects, enumerations, text or integer scalars, `oneOf` and `anyOf` can be named";
                let message = format!("schema `{}` has a form that can't be named", key.name);
                self.report.fault(Rule::SchemaForm, &key.span, message).help(help);
                None
            }
        }
    }

    pub(super) fn object(&mut self, node: &Node) -> Struct {
        let required = required(node);
        let mut fields = self.fields(node, &required);
        let mut choices = Vec::new();
        for (key, choice) in node.get("x-weeek-exclusive").map_or(&[][..], Node::entries) {
            choices.extend(self.choice(key, choice, &mut fields));
        }
        Struct { fields, choices }
    }

    pub(super) fn fields(&mut self, node: &Node, required: &BTreeSet<String>) -> Vec<Field> {
        let mut fields = Vec::new();
        let mut places: BTreeMap<String, &Key> = BTreeMap::new();
        let mut envelopes = self.envelopes.iter().filter_map(|name| resolve::component(self.root, "schemas", name));
        let is_envelope = envelopes.any(|(_, schema)| std::ptr::eq(schema, node));
        for (key, property) in node.entries_at("properties") {
            if is_envelope && key.name == ENVELOPE {
                continue;
            }
            let Some(name) = self.rust_name(property, &key.name, &key.span) else { continue };
            if let Some(other) = places.insert(name.clone(), key).filter(|other| other.name != key.name) {
                let message = format!("`{}` and `{}` are both called `{name}` in Rust", other.name, key.name);
                self.report.fault(Rule::NameCollision, &key.span, message).related(&other.span, "the other one");
                continue;
            }
            let Some(ty) = self.type_ref(property) else { continue };
            let mut docs = self.description(property);
            if property.is_true("deprecated") {
                append(&mut docs, note::DEPRECATED);
            }
            evidence_note(property, &mut docs);
            fields.push(Field {
                name,
                wire: key.name.to_string(),
                docs,
                ty,
                required: required.contains(key.name.as_str()),
                nullable: resolve::is_nullable(property),
                dotted: property.text_at("x-weeek-rust-type") == Some("date"),
                was: former::names(property, naming::value),
            });
        }
        fields
    }

    /// The property's own description, or that of the schema it refers to.
    fn description(&self, property: &Node) -> String {
        let target = resolve::follow(self.root, "schemas", single_all_of(property).unwrap_or(property));
        let text = property.text_at("description").or_else(|| target.text_at("description"));
        text.unwrap_or_default().trim().to_owned()
    }

    /// The Rust type of a schema that has no name of its own.
    pub(super) fn type_ref(&mut self, node: &Node) -> Option<TypeRef> {
        if let Some(reference) = single_all_of(node) {
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
        let form = ["oneOf", "anyOf", "allOf", "enum", "discriminator"].iter().find(|key| node.get(key).is_some());
        if let Some(form) = form {
            let help = "give it a name under `components.schemas`";
            let place = node
                .entries()
                .iter()
                .find(|(key, _)| key.name == *form)
                .map_or(node.head(), |(key, _)| key.span.clone());
            let message = format!("an inline schema can't have `{form}`");
            self.report.fault(Rule::SchemaForm, &place, message).help(help);
            return None;
        }
        match (node.text_at("type"), node.text_at("format")) {
            (Some("string"), Some("date")) => Some(TypeRef::Date),
            (Some("string"), Some("date-time")) => Some(TypeRef::Instant),
            (Some("string"), None | Some("uri" | "email" | "uuid")) => Some(TypeRef::Text),
            (Some("integer"), None | Some("int64")) => Some(TypeRef::Integer),
            (Some("number"), None | Some("double")) => Some(TypeRef::Number),
            (Some("boolean"), None) => Some(TypeRef::Boolean),
            (Some("array"), None) => {
                let Some(items) = node.get("items") else {
                    self.report.fault(Rule::SchemaForm, &node.head(), "an array needs `items`");
                    return None;
                };
                self.type_ref(items).map(|item| TypeRef::List(Box::new(item)))
            }
            (Some("object"), None) => match node.get("additionalProperties") {
                Some(values) if node.get("properties").is_none() && values.boolean().is_none() => {
                    self.type_ref(values).map(|value| TypeRef::TextMap(Box::new(value)))
                }
                _ => {
                    let help = "give it a name under `components.schemas`";
                    self.report.fault(Rule::SchemaForm, &node.head(), "an object has to be named").help(help);
                    None
                }
            },
            (None, None) => Some(TypeRef::Json),
            (ty, format) => {
                let (ty, format) = (ty.unwrap_or("no type"), format.unwrap_or("none"));
                let place = node.get("format").map_or(node.head(), Node::head);
                let message = format!("format `{format}` does not go with {ty} here");
                self.report.fault(Rule::TypeFormat, &place, message);
                None
            }
        }
    }

    fn text_enum(&mut self, node: &Node) -> Option<TypeKind> {
        let names = variant_names(node);
        let mut variants = Variants::default();
        for (at, value) in node.get("enum").map_or(&[][..], Node::items).iter().enumerate() {
            let Some(text) = value.text() else {
                self.report.fault(Rule::EnumValues, &value.head(), "a value of a string enumeration has to be a text");
                continue;
            };
            let name = names.get(at).cloned().unwrap_or_else(|| naming::kind(text));
            self.variant(&mut variants, value, name, text.to_owned());
        }
        (!variants.list.is_empty()).then_some(TypeKind::TextEnum(variants.list))
    }

    fn integer_enum(&mut self, node: &Node) -> Option<TypeKind> {
        let names = variant_names(node);
        let values = node.get("enum").map_or(&[][..], Node::items);
        if names.len() != values.len() {
            let place = node.get("x-enum-varnames").or_else(|| node.get("enum")).map_or(node.head(), Node::head);
            let message = "an integer enumeration needs `x-enum-varnames`, one for each value";
            self.report.fault(Rule::EnumNames, &place, message);
            return None;
        }
        let mut variants = Variants::default();
        for (value, name) in values.iter().zip(names) {
            match value.integer() {
                Some(integer) => self.variant(&mut variants, value, name, integer),
                None => {
                    let message = "a value of an integer enumeration has to be an integer";
                    self.report.fault(Rule::EnumValues, &value.head(), message);
                }
            }
        }
        Some(TypeKind::IntegerEnum(variants.list))
    }

    /// Adds a variant under a name that no other has.
    fn variant<T>(&mut self, variants: &mut Variants<T>, at: &Node, name: String, value: T) {
        if !naming::is_identifier(&name) || name == "Unknown" {
            let help = "name the variants with `x-enum-varnames`";
            let message = format!("`{name}` can't be the name of a variant");
            self.report.fault(Rule::RustName, &at.span, message).help(help);
        } else if let Some(first) = variants.places.insert(name.clone(), at.head()) {
            let message = format!("the same variant as `{name}`");
            let help = "tell them apart with `x-enum-varnames`";
            self.report.fault(Rule::NameCollision, &at.span, message).help(help).related(&first, "the other one");
        } else {
            variants.list.push(Variant { name, value });
        }
    }

    /// Objects told apart by a property, or the one property of several.
    fn one_of(&mut self, name: &str, node: &Node) -> Option<TypeKind> {
        let forms = node.get("oneOf").map_or(&[][..], Node::items);
        match node.get("discriminator") {
            Some(discriminator) => self.tagged(name, discriminator, forms),
            None => Some(self.exclusive(forms)),
        }
    }

    fn tagged(&mut self, name: &str, discriminator: &Node, forms: &[Node]) -> Option<TypeKind> {
        let tag = discriminator.text_at("propertyName")?.to_owned();
        let mut variants = Vec::new();
        for form in forms {
            let Some(ty) = resolve::reference(form) else {
                self.report.fault(
                    Rule::Discriminator,
                    &form.head(),
                    "a form of a tagged `oneOf` has to be a reference",
                );
                continue;
            };
            let mapping = discriminator.get("mapping").map_or(&[][..], Node::entries);
            let leads_here = |target: &Node| target.text().and_then(|text| text.rsplit('/').next()) == Some(ty);
            let values: Vec<String> =
                mapping.iter().filter(|(_, target)| leads_here(target)).map(|(key, _)| key.name.to_string()).collect();
            if values.is_empty() && !self.report.is_unsound(&discriminator.span) {
                self.report.fault(Rule::Discriminator, &form.head(), format!("no value of `{tag}` leads to `{ty}`"));
            }
            variants.push(TaggedVariant { name: naming::variant_of(name, ty), ty: ty.to_owned(), values });
        }
        for (key, target) in discriminator.entries_at("mapping") {
            let name = target.text().and_then(|text| text.rsplit('/').next()).unwrap_or_default();
            if !forms.iter().any(|form| resolve::reference(form) == Some(name)) {
                let help = did_you_mean(name, forms.iter().filter_map(resolve::reference));
                let message = format!("`{}` leads to none of the forms", key.name);
                self.report.fault(Rule::Discriminator, &target.head(), message).help = help;
            }
        }
        Some(TypeKind::Tagged { tag, variants })
    }

    fn exclusive(&mut self, forms: &[Node]) -> TypeKind {
        let mut fields = Vec::new();
        for form in forms {
            let required = required(form);
            let mut own = self.fields(form, &required);
            match (own.pop(), own.is_empty()) {
                (Some(mut field), true) if field.required => {
                    if let Some(docs) = form.text_at("description") {
                        docs.clone_into(&mut field.docs);
                    }
                    fields.push(field);
                }
                _ => {
                    let help = "each form has exactly one property, and requires it; or add a `discriminator`";
                    let message = "this form of `oneOf` can't be told from the others";
                    self.report.fault(Rule::SchemaForm, &form.head(), message).help(help);
                }
            }
        }
        TypeKind::OneOf(fields)
    }

    fn content(&mut self, name: &str, node: &Node, forms: &Node) -> Option<TypeKind> {
        let Some(by) = node.text_at("x-weeek-tagged-by") else {
            let help = "name the sibling property that tells the forms apart: `x-weeek-tagged-by`";
            let message = "`anyOf` says nothing of which form a value has";
            self.report.fault(Rule::TaggedBy, &forms.head(), message).help(help);
            return None;
        };
        let names = self.names_by_tag(name, by);
        let mut variants = Vec::new();
        let mut places = BTreeMap::new();
        for form in forms.items() {
            let Some(tag) = form.text_at("title") else {
                let message = "a form needs a `title`: the value of the sibling that selects it";
                self.report.fault(Rule::TaggedBy, &form.head(), message);
                continue;
            };
            let Some(ty) = self.type_ref(form) else { continue };
            let docs = form.text_at("description").unwrap_or_default().to_owned();
            let name = names.get(tag).cloned().unwrap_or_else(|| naming::kind(tag));
            let title = form.get("title").map_or(form.head(), Node::head);
            if !naming::is_identifier(&name) || name == "Unknown" {
                let message = format!("`{tag}` can't be the name of a variant");
                self.report.fault(Rule::RustName, &title, message);
            } else if let Some(first) = places.insert(name.clone(), title.clone()) {
                let message = format!("another form is called `{tag}` too");
                self.report.fault(Rule::NameCollision, &title, message).related(&first, "the other one");
            }
            variants.push(ContentVariant { name, tag: tag.to_owned(), docs, ty });
        }
        Some(TypeKind::Content { by: by.to_owned(), variants })
    }

    /// The variants of the enumeration that tells the forms of the schema `name` apart, by their values: a form is called
    /// like the variant that selects it.
    fn names_by_tag(&self, name: &str, by: &str) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        for (_, schema) in resolve::components(self.root, "schemas") {
            let properties = schema.entries_at("properties");
            let holds = properties.iter().any(|(_, property)| resolve::schema_name(property) == Some(name));
            let tag = properties.iter().find(|(key, _)| key.name == by).filter(|_| holds);
            let Some(target) = tag.and_then(|(_, tag)| resolve::schema_name(tag)) else { continue };
            if let Some((_, kind)) = resolve::component(self.root, "schemas", target) {
                names.extend(kind.texts("enum").map(str::to_owned).zip(variant_names(kind)));
            }
        }
        names
    }

    fn map(&mut self, node: &Node) -> Option<TypeKind> {
        let values = node.get("additionalProperties")?;
        if node.get("properties").is_some() || values.boolean().is_some() {
            let place = node.entries().iter().find(|(key, _)| key.name == "additionalProperties");
            let place = place.map_or(node.head(), |(key, _)| key.span.clone());
            let message = "an object has either `properties` or a schema of `additionalProperties`";
            self.report.fault(Rule::SchemaForm, &place, message);
            return None;
        }
        let key = match node.text_at("x-weeek-map-key") {
            Some(name) if resolve::component(self.root, "schemas", name).is_some() => TypeRef::Named(name.to_owned()),
            Some(name) => {
                let names = resolve::components(self.root, "schemas").iter().map(|(key, _)| key.name.as_str());
                let help = did_you_mean(name, names);
                let place = node.get("x-weeek-map-key").map_or(node.head(), Node::head);
                let message = format!("x-weeek-map-key names `{name}`, which is no schema");
                self.report.fault(Rule::MapKey, &place, message).help = help;
                return None;
            }
            None => TypeRef::Text,
        };
        let value = self.type_ref(values)?;
        Some(TypeKind::Map { key, value, nullable: resolve::is_nullable(values) })
    }

    /// Takes the properties of a choice out of `fields` and makes them a type.
    fn choice(&mut self, key: &Key, node: &Node, fields: &mut Vec<Field>) -> Option<Choice> {
        let name = node.text_at("name")?.to_owned();
        let mut groups = Vec::new();
        for (variant, properties) in node.get("variants").map_or(&[][..], Node::entries) {
            let mut members = Vec::new();
            for property in properties.items() {
                // A name that is no property, or in two variants, is a fault already.
                if let Some(at) = fields.iter().position(|field| Some(field.wire.as_str()) == property.text()) {
                    members.push(fields.remove(at));
                }
            }
            groups.push(Group { name: naming::kind(&variant.name), fields: members });
        }
        let single = groups.iter().all(|group| group.fields.len() == 1);
        let kind = if single {
            TypeKind::OneOf(groups.into_iter().flat_map(|group| group.fields).collect())
        } else {
            TypeKind::Groups(groups)
        };
        let docs = node.text_at("description").unwrap_or_default().to_owned();
        let (program, was) = (String::new(), Vec::new());
        let choice = Choice { name: naming::value(&key.name), ty: name.clone() };
        let place = node.get("name").map_or(key.span.clone(), Node::head);
        self.define(&place, TypeDef { name, docs, program, kind, was, sent: false, received: false });
        Some(choice)
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

fn required(node: &Node) -> BTreeSet<String> {
    node.texts("required").map(str::to_owned).collect()
}

fn variant_names(node: &Node) -> Vec<String> {
    node.texts("x-enum-varnames").map(naming::kind).collect()
}

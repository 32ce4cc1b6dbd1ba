//! Schemas to types.

use std::collections::BTreeSet;

use super::{Lower, former};
use crate::ir::{
    Choice, ContentVariant, Field, Group, Struct, TaggedVariant, TypeDef, TypeKind, TypeRef, Variant, note,
};
use crate::naming;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;

impl Lower<'_> {
    /// Lowers every named schema that an operation reaches as a type, and reports those that nothing reaches.
    pub(super) fn schemas(&mut self) {
        for (key, node) in self.components("schemas") {
            if self.spread.contains(&key.name) {
                continue;
            }
            let Some(kind) = self.named_schema(key, node) else { continue };
            let docs = node.text_at("description").unwrap_or_default().to_owned();
            let was = former::names(node, str::to_owned);
            self.define(&key.span, TypeDef { name: key.name.clone(), docs, kind, was, sent: false, received: false });
        }
    }

    fn named_schema(&mut self, key: &Key, node: &Node) -> Option<TypeKind> {
        if node.get("description").is_none() && node.get("$ref").is_none() {
            self.report.fault(&key.span, format!("schema `{}` has no description", key.name));
        }
        if node.get("oneOf").is_some() {
            return self.one_of(&key.name, node);
        }
        if let Some(forms) = node.get("anyOf") {
            return self.content(node, forms);
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
                self.report.fault_with_help(
                    &key.span,
                    format!("schema `{}` has a form that can't be named", key.name),
                    help,
                );
                None
            }
        }
    }

    pub(super) fn object(&mut self, node: &Node) -> Struct {
        let required = self.required(node);
        let mut fields = self.fields(node, &required);
        let mut choices = Vec::new();
        for (key, choice) in node.get("x-weeek-choice").map_or(&[][..], Node::entries) {
            choices.extend(self.choice(key, choice, &mut fields));
        }
        for (at, field) in fields.iter().enumerate() {
            if let Some(other) = fields[..at].iter().find(|other| other.name == field.name) {
                let properties = node.get("properties").map_or(&[][..], Node::entries);
                let place =
                    properties.iter().find(|(key, _)| key.name == field.wire).map_or(&node.span, |(key, _)| &key.span);
                self.report.fault(
                    place,
                    format!("`{}` and `{}` are both called `{}` in Rust", other.wire, field.wire, field.name),
                );
            }
        }
        Struct { fields, choices }
    }

    fn required(&mut self, node: &Node) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for name in node.get("required").map_or(&[][..], Node::items) {
            let Some(text) = name.text() else { continue };
            if node.get("properties").and_then(|properties| properties.get(text)).is_none() {
                self.report.fault(&name.span, format!("`{text}` is required but not a property"));
            }
            if !names.insert(text.to_owned()) {
                self.report.fault(&name.span, format!("`{text}` is required twice"));
            }
        }
        names
    }

    pub(super) fn fields(&mut self, node: &Node, required: &BTreeSet<String>) -> Vec<Field> {
        let mut fields = Vec::new();
        for (key, property) in node.get("properties").map_or(&[][..], Node::entries) {
            if key.name == "success" {
                continue;
            }
            let name = naming::value(&key.name);
            if !naming::is_identifier(&name) {
                self.report.fault(&key.span, format!("`{}` can't be the name of a Rust field", key.name));
                continue;
            }
            let Some(ty) = self.type_ref(property) else { continue };
            let mut docs = self.description(key, property);
            if property.is_true("deprecated") {
                append(&mut docs, note::DEPRECATED);
            }
            evidence_note(property, &mut docs);
            fields.push(Field {
                name,
                wire: key.name.clone(),
                docs,
                ty,
                required: required.contains(&key.name),
                nullable: property.is_true("nullable"),
                was: former::names(property, naming::value),
            });
        }
        fields
    }

    /// The property's own description, or that of the schema it refers to.
    fn description(&mut self, key: &Key, property: &Node) -> String {
        let target = self.target(property);
        match property.text_at("description").or_else(|| target.and_then(|target| target.text_at("description"))) {
            Some(text) => text.trim().to_owned(),
            None => {
                self.report.fault(&key.span, format!("`{}` has no description", key.name));
                String::new()
            }
        }
    }

    fn target<'n>(&'n self, node: &'n Node) -> Option<&'n Node> {
        let reference = single_all_of(node).unwrap_or(node);
        let name = resolve::reference(reference)?;
        resolve::component(self.root, "schemas", name).map(|(_, target)| target)
    }

    /// The Rust type of a schema that has no name of its own.
    pub(super) fn type_ref(&mut self, node: &Node) -> Option<TypeRef> {
        if let Some(reference) = single_all_of(node) {
            return self.type_ref(reference);
        }
        if let Some(name) = resolve::reference(node) {
            return Some(TypeRef::Named(name.to_owned()));
        }
        match node.text_at("x-weeek-as") {
            Some("boolean") => return Some(TypeRef::Boolean),
            Some("date") => return Some(TypeRef::Date),
            _ => {}
        }
        let form = ["oneOf", "anyOf", "allOf", "enum", "discriminator"].iter().find(|key| node.get(key).is_some());
        if let Some(form) = form {
            let help = "give it a name under `components.schemas`";
            self.report.fault_with_help(&node.head(), format!("an inline schema can't have `{form}`"), help);
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
                    self.report.fault(&node.head(), "an array needs `items`");
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
                    self.report.fault_with_help(&node.head(), "an object has to be named", help);
                    None
                }
            },
            (None, None) => Some(TypeRef::Json),
            (ty, format) => {
                let (ty, format) = (ty.unwrap_or("no type"), format.unwrap_or("none"));
                self.report.fault(&node.head(), format!("format `{format}` does not go with {ty} here"));
                None
            }
        }
    }

    fn text_enum(&mut self, node: &Node) -> Option<TypeKind> {
        let names = self.variant_names(node);
        let mut variants = Vec::new();
        for (at, value) in node.get("enum").map_or(&[][..], Node::items).iter().enumerate() {
            let Some(text) = value.text() else {
                self.report.fault(&value.span, "a value of a string enumeration has to be a text");
                continue;
            };
            let name = names.get(at).cloned().unwrap_or_else(|| naming::kind(text));
            self.variant(&mut variants, value, name, text.to_owned());
        }
        (!variants.is_empty()).then_some(TypeKind::TextEnum(variants))
    }

    fn integer_enum(&mut self, node: &Node) -> Option<TypeKind> {
        let names = self.variant_names(node);
        let values = node.get("enum").map_or(&[][..], Node::items);
        if names.len() != values.len() {
            self.report.fault(&node.head(), "an integer enumeration needs `x-enum-varnames`, one for each value");
            return None;
        }
        let mut variants = Vec::new();
        for (value, name) in values.iter().zip(names) {
            match value.integer() {
                Some(integer) => self.variant(&mut variants, value, name, integer),
                None => self.report.fault(&value.span, "a value of an integer enumeration has to be an integer"),
            }
        }
        Some(TypeKind::IntegerEnum(variants))
    }

    fn variant_names(&mut self, node: &Node) -> Vec<String> {
        let Some(names) = node.get("x-enum-varnames") else { return Vec::new() };
        let count = node.get("enum").map_or(0, |values| values.items().len());
        if names.items().len() != count {
            let message = format!("{} names for {count} values", names.items().len());
            self.report.fault(&names.head(), message);
        }
        names.items().iter().filter_map(|name| name.text().map(naming::kind)).collect()
    }

    fn variant<T: PartialEq>(&mut self, variants: &mut Vec<Variant<T>>, at: &Node, name: String, value: T) {
        if !naming::is_identifier(&name) || name == "Unknown" {
            let help = "name the variants with `x-enum-varnames`";
            self.report.fault_with_help(&at.span, format!("`{name}` can't be the name of a variant"), help);
        } else if let Some(other) = variants.iter().find(|other| other.name == name || other.value == value) {
            self.report.fault(&at.span, format!("the same variant as `{}`", other.name));
        } else {
            variants.push(Variant { name, value });
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
                self.report.fault(&form.head(), "a form of a tagged `oneOf` has to be a reference");
                continue;
            };
            let mapping = discriminator.get("mapping").map_or(&[][..], Node::entries);
            let leads_here = |target: &Node| target.text().and_then(|text| text.rsplit('/').next()) == Some(ty);
            let values: Vec<String> =
                mapping.iter().filter(|(_, target)| leads_here(target)).map(|(key, _)| key.name.clone()).collect();
            if values.is_empty() {
                self.report.fault(&form.head(), format!("no value of `{tag}` leads to `{ty}`"));
            }
            variants.push(TaggedVariant { name: naming::variant_of(name, ty), ty: ty.to_owned(), values });
        }
        Some(TypeKind::Tagged { tag, variants })
    }

    fn exclusive(&mut self, forms: &[Node]) -> TypeKind {
        let mut fields = Vec::new();
        for form in forms {
            let required = self.required(form);
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
                    self.report.fault_with_help(
                        &form.head(),
                        "this form of `oneOf` can't be told from the others",
                        help,
                    );
                }
            }
        }
        TypeKind::OneOf(fields)
    }

    fn content(&mut self, node: &Node, forms: &Node) -> Option<TypeKind> {
        let Some(by) = node.text_at("x-weeek-tagged-by") else {
            let help = "name the sibling property that tells the forms apart: `x-weeek-tagged-by`";
            self.report.fault_with_help(&forms.head(), "`anyOf` says nothing of which form a value has", help);
            return None;
        };
        let mut variants = Vec::new();
        for form in forms.items() {
            let Some(tag) = form.text_at("title") else {
                self.report.fault(&form.head(), "a form needs a `title`: the value of the sibling that selects it");
                continue;
            };
            let Some(ty) = self.type_ref(form) else { continue };
            let docs = form.text_at("description").unwrap_or_default().to_owned();
            variants.push(ContentVariant { name: naming::kind(tag), tag: tag.to_owned(), docs, ty });
        }
        Some(TypeKind::Content { by: by.to_owned(), variants })
    }

    fn map(&mut self, node: &Node) -> Option<TypeKind> {
        let values = node.get("additionalProperties")?;
        if node.get("properties").is_some() || values.boolean().is_some() {
            self.report.fault(&node.head(), "an object has either `properties` or a schema of `additionalProperties`");
            return None;
        }
        let key = match node.text_at("x-weeek-key") {
            Some(name) if resolve::component(self.root, "schemas", name).is_some() => TypeRef::Named(name.to_owned()),
            Some(name) => {
                self.report.fault(&node.head(), format!("x-weeek-key names `{name}`, which is no schema"));
                return None;
            }
            None => TypeRef::Text,
        };
        let value = self.type_ref(values)?;
        Some(TypeKind::Map { key, value, nullable: values.is_true("nullable") })
    }

    /// Takes the properties of a choice out of `fields` and makes them a type.
    fn choice(&mut self, key: &Key, node: &Node, fields: &mut Vec<Field>) -> Option<Choice> {
        let name = node.text_at("name")?.to_owned();
        let mut groups = Vec::new();
        for (variant, properties) in node.get("variants").map_or(&[][..], Node::entries) {
            let mut members = Vec::new();
            for property in properties.items() {
                match fields.iter().position(|field| Some(field.wire.as_str()) == property.text()) {
                    Some(at) => members.push(fields.remove(at)),
                    None => self.report.fault(&property.span, "not a property, or one of another variant already"),
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
        let docs = "Properties that exclude each other: one variant is sent, whole.".to_owned();
        self.define(
            &key.span,
            TypeDef { name: name.clone(), docs, kind, was: Vec::new(), sent: false, received: false },
        );
        Some(Choice { name: naming::value(&key.name), ty: name })
    }
}

pub(super) fn evidence_note(node: &Node, docs: &mut String) {
    match node.text_at("x-weeek-evidence") {
        Some("documented") => append(docs, note::DOCUMENTED),
        Some("client" | "inferred") => append(docs, note::UNVERIFIED),
        Some("contradictory") => append(docs, note::CONTRADICTORY),
        _ => {}
    }
}

fn append(docs: &mut String, note: &str) {
    docs.push_str("\n\n");
    docs.push_str(note);
}

/// The reference inside `allOf: [{$ref: …}]`, the way 3.0 adds words to a reference.
fn single_all_of(node: &Node) -> Option<&Node> {
    match node.get("allOf").map(Node::items) {
        Some([reference]) if reference.get("$ref").is_some() => Some(reference),
        _ => None,
    }
}

//! Lowers enumerations, `oneOf` and `anyOf`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Lower;
use crate::ir::{Field, SiblingVariant, TaggedVariant, TypeKind, Variant};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;
use crate::spec::suggest::did_you_mean;

const ENUM_HELP: &str = "name the variants with `x-enum-varnames`";

/// The span of each variant's name.
pub(super) type Taken = BTreeMap<String, Range<usize>>;

impl Lower<'_> {
    pub(super) fn string_enum(&mut self, node: &Node) -> Option<TypeKind> {
        let names = variant_names(node);
        let (mut variants, mut taken) = (Vec::new(), Taken::new());
        for (at, value) in node.items_at("enum").iter().enumerate() {
            let Some(text) = value.text() else {
                let message = "a value of a string enumeration is not a string";
                self.diagnostics.error(Rule::EnumValues, &value.first_token(), message);
                continue;
            };
            let name = names.get(at).cloned().unwrap_or_else(|| naming::pascal_name(text));
            if self.claim_value(&mut taken, &name, node, at) {
                variants.push(Variant { name, value: text.to_owned() });
            }
        }
        (!variants.is_empty()).then_some(TypeKind::StringEnum(variants))
    }

    pub(super) fn integer_enum(&mut self, node: &Node) -> Option<TypeKind> {
        let names = variant_names(node);
        let values = node.items_at("enum");
        if names.len() != values.len() {
            let span =
                node.get("x-enum-varnames").or_else(|| node.get("enum")).map_or(node.first_token(), Node::first_token);
            let message = "an integer enumeration requires `x-enum-varnames`, with one name for each value";
            self.diagnostics.error(Rule::EnumNames, &span, message);
            return None;
        }
        let (mut variants, mut taken) = (Vec::new(), Taken::new());
        for (at, (value, name)) in values.iter().zip(names).enumerate() {
            let Some(integer) = value.integer() else {
                let message = "a value of an integer enumeration is not an integer";
                self.diagnostics.error(Rule::EnumValues, &value.first_token(), message);
                continue;
            };
            if self.claim_value(&mut taken, &name, node, at) {
                variants.push(Variant { name, value: integer });
            }
        }
        Some(TypeKind::IntegerEnum(variants))
    }

    /// Claims the name of a value, which is given or made of the value.
    fn claim_value(&mut self, taken: &mut Taken, name: &str, node: &Node, at: usize) -> bool {
        match node.items_at("x-enum-varnames").get(at) {
            Some(given) => self.claim(taken, name, &given.first_token(), "choose another name"),
            None => self.claim(taken, name, &node.items_at("enum")[at].first_token(), ENUM_HELP),
        }
    }

    /// Whether the name of a variant is valid and free; otherwise reports it.
    pub(super) fn claim(&mut self, taken: &mut Taken, name: &str, span: &Range<usize>, help: &str) -> bool {
        if !is_variant_name(name) {
            let message = format!("`{name}` is not a valid name of a variant");
            self.diagnostics.error(Rule::RustName, span, message).help(help);
            return false;
        }
        if let Some(first) = taken.insert(name.to_owned(), span.clone()) {
            let message = format!("another variant is named `{name}`");
            self.diagnostics.error(Rule::NameCollision, span, message).help(help).related(&first, "the other variant");
            return false;
        }
        true
    }

    /// Objects with a discriminator, or objects of one required property each.
    pub(super) fn one_of(&mut self, name: &str, node: &Node) -> Option<TypeKind> {
        let variants = node.items_at("oneOf");
        match node.get("discriminator") {
            Some(discriminator) => self.tagged(name, discriminator, variants),
            None => Some(self.exclusive(variants)),
        }
    }

    fn tagged(&mut self, name: &str, discriminator: &Node, nodes: &[Node]) -> Option<TypeKind> {
        let tag = discriminator.text_at("propertyName")?.to_owned();
        let mapping = discriminator.entries_at("mapping");
        let (mut variants, mut taken) = (Vec::new(), Taken::new());
        for node in nodes {
            let span = node.first_token();
            let Some(ty) = resolve::reference(node) else {
                let message = "a variant of a `oneOf` with a discriminator is not a reference";
                self.diagnostics.error(Rule::Discriminator, &span, message);
                continue;
            };
            let values: Vec<String> =
                mapping.iter().filter(|(_, node)| mapped(node) == ty).map(|(key, _)| key.name.clone()).collect();
            if values.is_empty() && !self.diagnostics.is_tainted(&discriminator.span) {
                let message = format!("no value of `{tag}` is mapped to `{ty}`");
                self.diagnostics.error(Rule::Discriminator, &span, message);
            }
            let variant = naming::variant_of(name, ty);
            self.claim(&mut taken, &variant, &span, "rename the schema");
            variants.push(TaggedVariant { name: variant, ty: ty.to_owned(), values });
        }
        for (key, node) in mapping {
            let name = mapped(node);
            if !nodes.iter().any(|variant| resolve::reference(variant) == Some(name)) {
                let help = did_you_mean(name, nodes.iter().filter_map(resolve::reference));
                let message = format!("`{}` is mapped to a schema that is not a variant", key.name);
                self.diagnostics.error(Rule::Discriminator, &node.first_token(), message).help = help;
            }
        }
        Some(TypeKind::Tagged { tag, variants })
    }

    fn exclusive(&mut self, nodes: &[Node]) -> TypeKind {
        let (mut variants, mut taken): (Vec<Field>, _) = (Vec::new(), Taken::new());
        for node in nodes {
            let mut fields = self.fields(node);
            match (fields.pop(), fields.is_empty()) {
                (Some(mut field), true) if field.required => {
                    if let Some(docs) = node.text_at("description") {
                        docs.clone_into(&mut field.docs);
                    }
                    field.name = naming::pascal_name(&field.wire_name);
                    self.claim(&mut taken, &field.name, &node.first_token(), "rename the property");
                    variants.push(field);
                }
                _ if resolve::requires_unknown(node) => {}
                _ => {
                    let help = "each variant has exactly one property, which is required; or add a `discriminator`";
                    let message = "this variant of `oneOf` can't be distinguished from the others";
                    self.diagnostics.error(Rule::UnsupportedSchema, &node.first_token(), message).help(help);
                }
            }
        }
        TypeKind::OneOf(variants)
    }

    /// Values whose variant a sibling property selects.
    pub(super) fn any_of(&mut self, name: &str, node: &Node) -> Option<TypeKind> {
        let nodes = node.get("anyOf")?;
        let Some(tag) = node.text_at("x-weeek-tagged-by") else {
            let help = "name the sibling property that selects the variant with `x-weeek-tagged-by`";
            let message = "nothing selects the variant of this `anyOf`";
            self.diagnostics.error(Rule::TaggedBy, &nodes.first_token(), message).help(help);
            return None;
        };
        let names = self.names_by_tag(name, tag);
        let (mut variants, mut taken) = (Vec::new(), Taken::new());
        for node in nodes.items() {
            let Some(title) = node.get("title").filter(|title| title.text().is_some()) else {
                let message = "the variant requires a `title`: the value of the sibling that selects it";
                self.diagnostics.error(Rule::TaggedBy, &node.first_token(), message);
                continue;
            };
            let Some(ty) = self.type_ref(node) else { continue };
            let value = title.text().unwrap_or_default().to_owned();
            let name = names.get(&value).cloned().unwrap_or_else(|| naming::pascal_name(&value));
            self.claim(&mut taken, &name, &title.span, "a variant has the name of its title");
            let docs = node.text_at("description").unwrap_or_default().to_owned();
            variants.push(SiblingVariant { name, value, docs, ty });
        }
        Some(TypeKind::TaggedBySibling { tag: tag.to_owned(), variants })
    }

    /// The variants of the enumerations that select a variant of the schema `name`, by value. Both variants have one name.
    fn names_by_tag(&self, name: &str, tag: &str) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        for (_, schema) in resolve::components(self.root, "schemas") {
            let properties = schema.entries_at("properties");
            let uses = properties.iter().any(|(_, property)| resolve::schema_name(property) == Some(name));
            let tag = properties.iter().find(|(key, _)| key.name == tag).filter(|_| uses);
            let Some(target) = tag.and_then(|(_, tag)| resolve::schema_name(tag)) else { continue };
            if let Some((_, values)) = resolve::component(self.root, "schemas", target) {
                names.extend(values.texts("enum").map(str::to_owned).zip(variant_names(values)));
            }
        }
        names
    }
}

/// The schema that a discriminator maps a value to.
fn mapped(node: &Node) -> &str {
    node.text().and_then(|text| resolve::target_in("schemas", text)).unwrap_or_default()
}

fn variant_names(node: &Node) -> Vec<String> {
    node.texts("x-enum-varnames").map(naming::pascal_name).collect()
}

/// Every enum has a variant `Unknown`.
fn is_variant_name(name: &str) -> bool {
    naming::is_identifier(name) && name != "Unknown"
}

//! Contradictions in schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use regex_lite::Regex;

use super::LintContext;
use crate::diagnostic::{Diagnostics, quoted};
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;
use crate::spec::suggest::did_you_mean;
use crate::spec::validate::QUOTE;

/// The types that each constraint is allowed for.
const CONSTRAINTS: [(&str, &[&str]); 17] = [
    ("pattern", &["string"]),
    ("minLength", &["string"]),
    ("maxLength", &["string"]),
    ("minimum", &["integer", "number"]),
    ("maximum", &["integer", "number"]),
    ("exclusiveMinimum", &["integer", "number"]),
    ("exclusiveMaximum", &["integer", "number"]),
    ("minItems", &["array"]),
    ("maxItems", &["array"]),
    ("uniqueItems", &["array"]),
    ("items", &["array"]),
    ("properties", &["object"]),
    ("required", &["object"]),
    ("additionalProperties", &["object"]),
    ("x-weeek-map-key", &["object"]),
    ("x-weeek-example-code", &["object"]),
    ("enum", &["string", "integer"]),
];

/// The key that each key requires.
const COMPANIONS: [(&str, &str); 8] = [
    ("discriminator", "oneOf"),
    ("x-weeek-tagged-by", "anyOf"),
    ("x-enum-varnames", "enum"),
    ("x-weeek-exclusive", "properties"),
    ("x-weeek-map-key", "additionalProperties"),
    ("exclusiveMinimum", "minimum"),
    ("exclusiveMaximum", "maximum"),
    ("nullable", "type"),
];

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    let named: BTreeSet<_> = resolve::components(root, "schemas").iter().map(|(_, node)| node.span.start).collect();
    for outer in resolve::outer_schemas(root) {
        resolve::each_schema(outer, &mut |schema| {
            if resolve::is_null(schema) {
                return;
            }
            let before = diagnostics.count();
            required(schema, diagnostics);
            enumeration(schema, diagnostics);
            constraints(schema, diagnostics);
            companions(schema, diagnostics);
            if !named.contains(&schema.span.start) {
                only_named(schema, diagnostics);
            }
            discriminator(root, schema, diagnostics);
            exclusive(schema, diagnostics);
            rust_type(schema, diagnostics);
            // No value matches a schema that contradicts itself.
            if diagnostics.count() > before {
                diagnostics.taint(&schema.span);
            }
        });
    }
}

fn required(schema: &Node, diagnostics: &mut Diagnostics) {
    let names = schema.entries_at("properties").iter().map(|(key, _)| key.name.as_str());
    if schema.get("properties").is_none() && !schema.items_at("required").is_empty() {
        let message = "the schema has no `properties`, but requires some";
        diagnostics.error(Rule::Required, &schema.key_span("required"), message);
        return;
    }
    let mut seen: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
    for name in schema.items_at("required") {
        let Some(text) = name.text() else { continue };
        if let Some(first) = seen.insert(text, &name.span) {
            diagnostics
                .error(Rule::Required, &name.span, format!("`{text}` is listed twice"))
                .related(first, "the first one");
        } else if !names.clone().any(|known| known == text) {
            let is_former = |name: &str| name.split('@').next() == Some(text);
            let mut properties = schema.entries_at("properties").iter();
            let renamed = properties.find(|(_, property)| property.texts("x-weeek-aliases").any(is_former));
            let help = renamed.map(|(key, _)| format!("its name is now `{}`", key.name));
            let help = help.or_else(|| did_you_mean(text, names.clone()));
            diagnostics.error(Rule::Required, &name.span, format!("`{text}` is required but not a property")).help =
                help;
        }
    }
}

fn enumeration(schema: &Node, diagnostics: &mut Diagnostics) {
    let Some(list) = schema.get("enum") else { return };
    let values = list.items();
    if values.is_empty() {
        diagnostics.error(Rule::EnumValues, &list.span, "an enumeration requires a value");
    }
    let mut seen: BTreeMap<String, &Range<usize>> = BTreeMap::new();
    for value in values {
        let (matches, expected) = match schema.text_at("type") {
            Some("integer") => (value.integer().is_some(), "an integer"),
            _ => (value.text().is_some() && (value.string().is_some() || value.plain().is_none()), "a string"),
        };
        let Some(text) = value.text().filter(|_| matches) else {
            let message = format!("expected {expected}, found {}", value.kind());
            let error = diagnostics.error(Rule::EnumValues, &value.first_token(), message);
            if let Some(text) = value.plain().filter(|_| expected == "a string") {
                error.help(QUOTE).fix(quoted(text));
            }
            continue;
        };
        // `0x1` and `1` are the same integer.
        let key =
            value.integer().filter(|_| expected == "an integer").map_or(text.to_owned(), |integer| integer.to_string());
        if let Some(first) = seen.insert(key, &value.span) {
            diagnostics
                .error(Rule::EnumValues, &value.span, format!("the value `{text}` is listed twice"))
                .related(first, "the first one");
        }
    }
    if let Some(names) = schema.get("x-enum-varnames")
        && names.items().len() != values.len()
    {
        let message = format!("{} names for {} values", names.items().len(), values.len());
        diagnostics.error(Rule::EnumNames, &names.first_token(), message).related(&list.first_token(), "the values");
    }
}

/// Properties that exclude each other exist, each in one variant.
fn exclusive(schema: &Node, diagnostics: &mut Diagnostics) {
    let names = || schema.entries_at("properties").iter().map(|(key, _)| key.name.as_str());
    let mut seen: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
    // A choice without any property is an error of its own.
    let choices = schema.entries_at("x-weeek-exclusive").iter().filter(|_| schema.get("properties").is_some());
    for name in choices.flat_map(|(_, choice)| choice.entries_at("variants")).flat_map(|(_, variant)| variant.items()) {
        let Some(text) = name.text() else { continue };
        if let Some(first) = seen.insert(text, &name.span) {
            let message = format!("another variant has `{text}`");
            diagnostics.error(Rule::ExclusiveChoice, &name.span, message).related(first, "the other variant");
        } else if !names().any(|known| known == text) {
            let help = did_you_mean(text, names());
            diagnostics.error(Rule::ExclusiveChoice, &name.span, format!("`{text}` is not a property")).help = help;
        }
    }
}

/// Each variant has the property of the discriminator.
fn discriminator(root: &Node, schema: &Node, diagnostics: &mut Diagnostics) {
    let Some(name) = schema.get("discriminator").and_then(|discriminator| discriminator.get("propertyName")) else {
        return;
    };
    let text = name.text().unwrap_or_default();
    for variant in schema.items_at("oneOf") {
        let target = resolve::resolve_ref(root, "schemas", variant);
        let is_complete = target.get("$ref").is_none() && !diagnostics.is_tainted(&target.span);
        if is_complete && !target.entries_at("properties").iter().any(|(key, _)| key.name == text) {
            let message =
                format!("`{}` has no property `{text}`", resolve::reference(variant).unwrap_or("this variant"));
            diagnostics.error(Rule::Discriminator, &name.span, message).related(&variant.first_token(), "the variant");
        }
    }
}

fn companions(schema: &Node, diagnostics: &mut Diagnostics) {
    // Siblings of a reference are errors of their own.
    if resolve::reference(schema).is_some() {
        return;
    }
    let has = |name: &&str| schema.get(name).is_some();
    for (key, _) in schema.entries() {
        let is_alone = |(name, companion): &&(&str, &str)| *name == key.name && !has(companion);
        let alone = COMPANIONS.iter().find(is_alone).filter(|_| !is_misplaced(schema, &key.name));
        if let Some((name, companion)) = alone {
            let message = format!("`{name}` has no effect without `{companion}`");
            let error = diagnostics.error(Rule::Constraint, &key.span, message);
            if *name == "nullable" {
                error.help("write `anyOf: [{$ref: …}, {enum: [null]}]`; a schema without a type allows null anyway");
            }
        }
    }
    let mut shapes = ["type", "oneOf", "anyOf", "allOf"].into_iter().filter(has);
    if let (Some(first), Some(second)) = (shapes.next(), shapes.next()) {
        let help = "name one of them under `components.schemas` and refer to it";
        let message = format!("`{second}` is not allowed beside `{first}`");
        diagnostics.error(Rule::UnsupportedSchema, &schema.key_span(second), message).help(help);
    }
}

/// Whether a constraint is not allowed for the type of the schema, which is an error of its own.
fn is_misplaced(schema: &Node, name: &str) -> bool {
    let types = CONSTRAINTS.iter().find(|(known, _)| *known == name).map(|(_, types)| types);
    types.is_some_and(|types| schema.text_at("type").is_some_and(|ty| !types.contains(&ty)))
}

fn only_named(schema: &Node, diagnostics: &mut Diagnostics) {
    let key = "x-weeek-example-code";
    if schema.get(key).is_some() {
        let message = format!("`{key}` has no effect on a schema without a name");
        let error = diagnostics.error(Rule::Constraint, &schema.key_span(key), message);
        error.help("name the schema under `components.schemas`");
    }
}

/// A type override requires the type in JSON that the runtime writes.
fn rust_type(schema: &Node, diagnostics: &mut Diagnostics) {
    let Some(rust_type) = schema.get("x-weeek-rust-type") else { return };
    let help = match rust_type.text() {
        Some("boolean") if schema.text_at("type") != Some("integer") || !schema.texts("enum").eq(["0", "1"]) => {
            "a boolean requires `type: integer, enum: [0, 1]`"
        }
        Some("date") if schema.text_at("type") != Some("string") || schema.get("format").is_some() => {
            "a date, written as dd.mm.yyyy, requires `type: string` without a format"
        }
        _ => return,
    };
    let message = format!("this can't be a {} in Rust", rust_type.text().unwrap_or_default());
    diagnostics.error(Rule::TypeOverride, &rust_type.span, message).help(help);
}

fn constraints(schema: &Node, diagnostics: &mut Diagnostics) {
    let ty = schema.text_at("type");
    for (key, _) in schema.entries() {
        let Some((_, types)) = CONSTRAINTS.iter().find(|(name, _)| *name == key.name) else { continue };
        match ty {
            Some(ty) if !types.contains(&ty) => {
                let message = format!("`{}` is not allowed for type `{ty}`", key.name);
                diagnostics
                    .error(Rule::Constraint, &key.span, message)
                    .help(format!("it is allowed for {}", types.join(" and ")));
            }
            None => {
                let help = format!("add `type: {}`", types.join("` or `type: "));
                diagnostics.error(Rule::Constraint, &key.span, format!("`{}` requires a type", key.name)).help(help);
            }
            Some(_) => {}
        }
    }
    for (least, most) in [("minLength", "maxLength"), ("minItems", "maxItems"), ("minimum", "maximum")] {
        let bound = |key| schema.get(key).and_then(|node: &Node| Some((node, node.number()?)));
        if let (Some((low, least)), Some((high, most))) = (bound(least), bound(most))
            && least > most
        {
            let message = "no value satisfies these bounds";
            diagnostics.error(Rule::Constraint, &high.span, message).related(&low.span, "the lower bound");
        }
    }
    if let Some(pattern) = schema.get("pattern")
        && let Some(Err(error)) = pattern.text().map(Regex::new)
    {
        diagnostics.error(Rule::Pattern, &pattern.span, format!("invalid regular expression: {error}"));
    }
    if ty == Some("array") && schema.get("items").is_none() {
        diagnostics.error(Rule::UnsupportedSchema, &schema.first_token(), "an array requires `items`");
    }
}

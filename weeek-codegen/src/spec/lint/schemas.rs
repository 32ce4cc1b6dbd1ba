//! Schemas that contradict themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use regex_lite::Regex;

use super::Subject;
use crate::diagnostic::Report;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;
use crate::spec::words::did_you_mean;

/// What goes with which types.
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

/// What says nothing without its companion.
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

/// What speaks of a type, which only a schema with a name becomes.
const OF_TYPES: [&str; 2] = ["x-weeek-example-code", "x-weeek-similar-to"];

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    let named: BTreeSet<_> = resolve::components(root, "schemas").iter().map(|(_, node)| node.span.start).collect();
    for outer in resolve::outer_schemas(root) {
        resolve::each_schema(outer, &mut |schema| {
            if resolve::is_null(schema) {
                return;
            }
            let before = report.count();
            required(schema, report);
            enumeration(schema, report);
            constraints(schema, report);
            companions(schema, report);
            if !named.contains(&schema.span.start) {
                of_a_type(schema, report);
            }
            discriminator(root, schema, report);
            choices(schema, report);
            taken_as(schema, report);
            // Nothing is true to a schema that contradicts itself.
            if report.count() > before {
                report.unsound(&schema.span);
            }
        });
    }
}

fn required(schema: &Node, report: &mut Report) {
    let names = schema.entries_at("properties").iter().map(|(key, _)| key.name.as_str());
    let mut seen: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
    for name in schema.items_at("required") {
        let Some(text) = name.text() else { continue };
        if let Some(first) = seen.insert(text, &name.span) {
            report
                .fault(Rule::Required, &name.span, format!("`{text}` is required twice"))
                .related(first, "here already");
        } else if !names.clone().any(|known| known == text) {
            let help = did_you_mean(text, names.clone());
            report.fault(Rule::Required, &name.span, format!("`{text}` is required but not a property")).help = help;
        }
    }
}

fn enumeration(schema: &Node, report: &mut Report) {
    let Some(list) = schema.get("enum") else { return };
    let values = list.items();
    if values.is_empty() {
        report.fault(Rule::EnumValues, &list.span, "an enumeration needs a value");
    }
    let mut seen: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
    for value in values {
        let (fits, wanted) = match schema.text_at("type") {
            Some("integer") => (value.integer().is_some(), "an integer"),
            _ => (value.text().is_some() && (value.string().is_some() || value.plain().is_none()), "a text"),
        };
        let Some(text) = value.text().filter(|_| fits) else {
            let message = format!("expected {wanted} as in the type, found {}", value.kind());
            let fault = report.fault(Rule::EnumValues, &value.head(), message);
            if wanted == "a text" && value.plain().is_some() {
                fault.help("quote it");
            }
            continue;
        };
        if let Some(first) = seen.insert(text, &value.span) {
            report
                .fault(Rule::EnumValues, &value.span, format!("the value `{text}` is there twice"))
                .related(first, "here already");
        }
    }
    if let Some(names) = schema.get("x-enum-varnames")
        && names.items().len() != values.len()
    {
        let message = format!("{} names for {} values", names.items().len(), values.len());
        report.fault(Rule::EnumNames, &names.head(), message).related(&list.head(), "the values");
    }
}

/// Properties that exclude each other are properties, each of them in one variant.
fn choices(schema: &Node, report: &mut Report) {
    let names = || schema.entries_at("properties").iter().map(|(key, _)| key.name.as_str());
    let mut seen: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
    let choices = schema.entries_at("x-weeek-exclusive").iter();
    for name in choices.flat_map(|(_, choice)| choice.entries_at("variants")).flat_map(|(_, variant)| variant.items()) {
        let Some(text) = name.text() else { continue };
        if let Some(first) = seen.insert(text, &name.span) {
            let message = format!("`{text}` is part of another variant already");
            report.fault(Rule::Choice, &name.span, message).related(first, "here");
        } else if !names().any(|known| known == text) {
            let help = did_you_mean(text, names());
            report.fault(Rule::Choice, &name.span, format!("`{text}` is not a property")).help = help;
        }
    }
}

/// Each form has the property that tells it.
fn discriminator(root: &Node, schema: &Node, report: &mut Report) {
    let Some(name) = schema.get("discriminator").and_then(|discriminator| discriminator.get("propertyName")) else {
        return;
    };
    let text = name.text().unwrap_or_default();
    for form in schema.items_at("oneOf") {
        let target = resolve::follow(root, "schemas", form);
        let is_whole = target.get("$ref").is_none() && !report.is_unsound(&target.span);
        if is_whole && !target.entries_at("properties").iter().any(|(key, _)| key.name == text) {
            let message = format!("`{}` has no property `{text}`", resolve::reference(form).unwrap_or("this form"));
            report.fault(Rule::Discriminator, &name.span, message).related(&form.head(), "the form");
        }
    }
}

fn companions(schema: &Node, report: &mut Report) {
    let has = |name: &&str| schema.get(name).is_some();
    for (key, _) in schema.entries() {
        let alone = COMPANIONS.iter().find(|(name, companion)| *name == key.name && !has(companion));
        if let Some((name, companion)) = alone {
            let fault =
                report.fault(Rule::Constraint, &key.span, format!("`{name}` says nothing without `{companion}`"));
            if *name == "nullable" {
                fault.help("say `anyOf: [{$ref: …}, {enum: [null]}]`; what has no type may be null anyway");
            }
        }
    }
    let mut forms = ["type", "oneOf", "anyOf", "allOf"].into_iter().filter(has);
    if let (Some(first), Some(second)) = (forms.next(), forms.next()) {
        let entry = schema.entries().iter().find(|(key, _)| key.name == second);
        let place = entry.map_or(schema.head(), |(key, _)| key.span.clone());
        let help = "name one of them under `components.schemas` and refer to it";
        report.fault(Rule::SchemaForm, &place, format!("`{second}` does not go with `{first}`")).help(help);
    }
}

fn of_a_type(schema: &Node, report: &mut Report) {
    for (key, _) in schema.entries().iter().filter(|(key, _)| OF_TYPES.contains(&key.name.as_str())) {
        let help = "name the schema under `components.schemas`";
        let message = format!("`{}` says nothing of a schema without a name", key.name);
        report.fault(Rule::Constraint, &key.span, message).help(help);
    }
}

/// What Rust takes for something else has to look on the wire the way the runtime writes it.
fn taken_as(schema: &Node, report: &mut Report) {
    let Some(taken) = schema.get("x-weeek-rust-type") else { return };
    let help = match taken.text() {
        Some("boolean") if schema.text_at("type") != Some("integer") || !schema.texts("enum").eq(["0", "1"]) => {
            "a boolean is written as 0 or 1: `type: integer, enum: [0, 1]`"
        }
        Some("date") if schema.text_at("type") != Some("string") || schema.get("format").is_some() => {
            "a date is written as dd.mm.yyyy: `type: string` and no format"
        }
        _ => return,
    };
    let message = format!("this can't be taken as a {}", taken.text().unwrap_or_default());
    report.fault(Rule::As, &taken.span, message).help(help);
}

fn constraints(schema: &Node, report: &mut Report) {
    let ty = schema.text_at("type");
    for (key, _) in schema.entries() {
        let Some((_, types)) = CONSTRAINTS.iter().find(|(name, _)| *name == key.name) else { continue };
        match ty {
            Some(ty) if !types.contains(&ty) => {
                let message = format!("`{}` does not go with type `{ty}`", key.name);
                report
                    .fault(Rule::Constraint, &key.span, message)
                    .help(format!("it goes with {}", types.join(" and ")));
            }
            None => {
                let help = format!("say `type: {}`", types.join("` or `type: "));
                report.fault(Rule::Constraint, &key.span, format!("`{}` needs a type", key.name)).help(help);
            }
            Some(_) => {}
        }
    }
    for (least, most) in [("minLength", "maxLength"), ("minItems", "maxItems"), ("minimum", "maximum")] {
        let bound = |key| schema.get(key).and_then(|node: &Node| Some((node, node.number()?)));
        if let (Some((low, least)), Some((high, most))) = (bound(least), bound(most))
            && least > most
        {
            let message = "no value lies within these bounds";
            report.fault(Rule::Constraint, &high.span, message).related(&low.span, "the least");
        }
    }
    if let Some(pattern) = schema.get("pattern")
        && let Some(Err(error)) = pattern.text().map(Regex::new)
    {
        report.fault(Rule::Pattern, &pattern.span, format!("this pattern can't be read: {error}"));
    }
    if ty == Some("array") && schema.get("items").is_none() {
        report.fault(Rule::SchemaForm, &schema.head(), "an array needs `items`");
    }
}

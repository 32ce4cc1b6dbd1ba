//! Validates values against their schema: the part of JSON Schema that our specs use.

mod formats;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;

use regex_lite::Regex;

use super::node::{Node, Value};
use super::resolve;
use super::suggest::{closest, did_you_mean};

/// A schema that takes more steps than this for one value is built to be slow.
const MAX_STEPS: usize = 20_000;

/// Schemas that apply to one another deeper than this refer to themselves, which `structure` reports.
const MAX_DEPTH: usize = 256;

/// The help for a string that YAML reads as another type.
pub(crate) const QUOTE: &str = "quote it";

/// A violation of a schema by a value.
#[derive(Debug)]
pub(crate) struct Violation {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The part of the schema that is violated.
    pub(crate) schema_span: Range<usize>,
}

/// Validates values against the schemas of one spec.
pub(crate) struct Validator<'a> {
    root: &'a Node,
    /// Whether an error destroys the meaning of a part of the spec.
    is_tainted: &'a dyn Fn(&Range<usize>) -> bool,
    patterns: RefCell<BTreeMap<&'a str, Option<Regex>>>,
    steps: Cell<usize>,
    depth: Cell<usize>,
}

impl<'a> Validator<'a> {
    pub(crate) fn new(root: &'a Node, is_tainted: &'a dyn Fn(&Range<usize>) -> bool) -> Self {
        Self { root, is_tainted, patterns: RefCell::default(), steps: Cell::default(), depth: Cell::default() }
    }

    /// Every violation of `schema` by `value`.
    pub(crate) fn violations(&self, schema: &'a Node, value: &'a Node) -> Vec<Violation> {
        self.steps.set(0);
        let mut found = Vec::new();
        self.check(schema, value, None, &mut found);
        found
    }

    /// The properties that `value` lacks, required or not, each with the object that lacks it.
    pub(crate) fn missing_properties(&self, schema: &'a Node, value: &'a Node) -> Vec<(&'a str, Range<usize>)> {
        self.steps.set(0);
        let mut found = Vec::new();
        self.collect_missing(schema, value, None, &mut Vec::new(), &mut found);
        found
    }

    fn is_exhausted(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() > MAX_STEPS
    }

    /// Runs `step` one level deeper, unless that is too deep.
    fn descend(&self, step: impl FnOnce()) {
        let depth = self.depth.get();
        if depth < MAX_DEPTH {
            self.depth.set(depth + 1);
            step();
            self.depth.set(depth);
        }
    }

    fn check(&self, schema: &'a Node, value: &'a Node, parent: Option<&'a Node>, found: &mut Vec<Violation>) {
        self.descend(|| self.check_here(schema, value, parent, found));
    }

    fn check_here(&self, schema: &'a Node, value: &'a Node, parent: Option<&'a Node>, found: &mut Vec<Violation>) {
        let schema = resolve::resolve_ref(self.root, "schemas", schema);
        if self.is_exhausted() || (self.is_tainted)(&schema.span) || (value.is_null() && self.takes_null(schema)) {
            return;
        }
        // For a wrapped reference, the wrapper's `nullable` counts.
        if value.is_null() && schema.get("allOf").is_some() {
            let nullable = schema.get("nullable").unwrap_or(schema);
            violation(found, value, "null is not allowed".to_owned(), nullable);
            return;
        }
        let wrapped = resolve::wrapped_ref(schema);
        for part in schema.items_at("allOf").iter().chain(wrapped.filter(|_| schema.get("allOf").is_none())) {
            self.check(part, value, parent, found);
        }
        if let Some(variant) = selected_variant(schema, value, parent) {
            return self.check(variant, value, parent, found);
        }
        if let (Some(discriminator), Value::Mapping(_)) = (schema.get("discriminator"), &value.value) {
            return no_variant(discriminator, value, found);
        }
        for key in ["oneOf", "anyOf"] {
            if schema.get(key).is_some() && wrapped.is_none() {
                self.variants(schema, key, value, parent, found);
            }
        }
        let before = found.len();
        check_type(schema, value, found);
        if found.len() == before {
            check_enum(schema, value, found);
            self.check_bounds(schema, value, found);
            self.parts(schema, value, found);
        }
    }

    /// Whether the schema, or the one that it wraps, is nullable, or has no constraint at all.
    fn takes_null(&self, schema: &Node) -> bool {
        let is_empty = ["type", "enum", "allOf", "oneOf", "anyOf"].iter().all(|key| schema.get(key).is_none());
        let target = resolve::wrapped_ref(schema).map(|inner| resolve::resolve_ref(self.root, "schemas", inner));
        resolve::is_nullable(schema) || is_empty || target.is_some_and(|target| target.is_true("nullable"))
    }

    fn variants(
        &self,
        schema: &'a Node,
        key: &str,
        value: &'a Node,
        parent: Option<&'a Node>,
        found: &mut Vec<Violation>,
    ) {
        let matches = |variant: &&'a Node| {
            let mut found = Vec::new();
            self.check(variant, value, parent, &mut found);
            found.is_empty()
        };
        let count = schema.items_at(key).iter().filter(matches).count();
        let message = match count {
            0 => "matches no variant".to_owned(),
            1 => return,
            _ if key == "anyOf" => return,
            _ => format!("matches {count} variants, expected 1"),
        };
        if self.steps.get() <= MAX_STEPS {
            violation(found, value, message, schema.get(key).unwrap_or(schema));
        }
    }

    fn check_bounds(&self, schema: &'a Node, value: &'a Node, found: &mut Vec<Violation>) {
        if let (Some("string"), Some(text)) = (schema.text_at("type"), value.text()) {
            let length = text.chars().count();
            check_count(schema, value, ("minLength", "maxLength"), length, "characters", found);
            check_format(schema, value, text, found);
            if let Some(pattern) = schema.get("pattern").filter(|pattern| !self.matches(pattern, text)) {
                violation(found, value, format!("`{text}` does not match the pattern"), pattern);
            }
        }
        if let (Some("integer" | "number"), Some(number)) = (schema.text_at("type"), value.number()) {
            let bound = |key| schema.get(key).and_then(|node: &Node| Some((node, node.number()?)));
            if let Some((node, least)) = bound("minimum")
                && (number < least || (number <= least && schema.is_true("exclusiveMinimum")))
            {
                violation(found, value, format!("{number} is too small"), node);
            }
            if let Some((node, most)) = bound("maximum")
                && (number > most || (number >= most && schema.is_true("exclusiveMaximum")))
            {
                violation(found, value, format!("{number} is too large"), node);
            }
        }
    }

    fn matches(&self, pattern: &'a Node, text: &str) -> bool {
        let Some(source) = pattern.text() else { return true };
        let mut patterns = self.patterns.borrow_mut();
        let regex = patterns.entry(source).or_insert_with(|| Regex::new(source).ok());
        // `lint` reports an invalid pattern.
        regex.as_ref().is_none_or(|regex| regex.is_match(text))
    }

    fn parts(&self, schema: &'a Node, value: &'a Node, found: &mut Vec<Violation>) {
        if let Value::Sequence(items) = &value.value {
            check_count(schema, value, ("minItems", "maxItems"), items.len(), "items", found);
            if let Some(unique) = schema.get("uniqueItems").filter(|unique| unique.boolean() == Some(true)) {
                let mut seen = std::collections::BTreeSet::new();
                for item in items.iter().filter(|item| item.text().is_some_and(|text| !seen.insert(text))) {
                    violation(found, item, "duplicate item".to_owned(), unique);
                }
            }
            if let Some(of) = schema.get("items") {
                items.iter().for_each(|item| self.check(of, item, None, found));
            }
        }
        if let Value::Mapping(_) = &value.value {
            self.properties(schema, value, found);
        }
    }

    fn properties(&self, schema: &'a Node, value: &'a Node, found: &mut Vec<Violation>) {
        let known = schema.entries_at("properties");
        let others = schema.get("additionalProperties");
        let names = || known.iter().map(|(key, _)| key.name.as_str());
        let missing: Vec<_> = schema.items_at("required").iter().filter(|name| is_missing(name, value)).collect();
        let unknown = value.entries().iter().map(|(key, _)| key.name.as_str());
        // Unlike JSON Schema, we treat an unknown property as a mistake.
        let is_closed = !known.is_empty() && others.is_none_or(|others| others.boolean() == Some(false));
        let unknown: Vec<_> = unknown.filter(|key| is_closed && names().all(|name| name != *key)).collect();
        // One of each is a property with another name, such as a former one.
        let meant = |key| match (&*unknown, &*missing) {
            ([_], [name]) => name.text(),
            _ => closest(key, names()),
        };
        let misspelled: Vec<_> = unknown.iter().map(|key| meant(key)).collect();
        for name in missing.iter().filter(|name| !misspelled.contains(&name.text())) {
            violation(found, value, format!("`{}` is missing", name.text().unwrap_or_default()), name);
        }
        for (key, inner) in value.entries() {
            match (known.iter().find(|(name, _)| name.name == key.name), others) {
                (Some((_, property)), _) => self.check(property, inner, Some(value), found),
                (None, Some(others)) if others.boolean().is_none() => self.check(others, inner, None, found),
                (None, _) if is_closed => {
                    let message = format!("`{}` is not a property of this schema", key.name);
                    let help = meant(&key.name).map(|name| format!("did you mean `{name}`?"));
                    found.push(Violation { span: key.span.clone(), message, help, schema_span: schema.first_token() });
                }
                (None, _) => {}
            }
        }
        if let Some(name) = schema.text_at("x-weeek-map-key")
            && let Some((_, keys)) = resolve::component(self.root, "schemas", name)
        {
            for (key, _) in value.entries() {
                let mut wrong = Vec::new();
                check_format(keys, value, &key.name, &mut wrong);
                found.extend(wrong.into_iter().map(|error| Violation { span: key.span.clone(), ..error }));
            }
        }
        for (_, choice) in schema.entries_at("x-weeek-exclusive") {
            let names = |variant: &'a Node| variant.items().iter().filter_map(Node::text);
            let is_used = |variant: &&'a Node| names(variant).any(|name| value.get(name).is_some());
            let used: Vec<&Node> =
                choice.entries_at("variants").iter().map(|(_, variant)| variant).filter(is_used).collect();
            if let [_, second, ..] = used[..] {
                let error = violation(found, value, "these properties exclude each other".to_owned(), second);
                error.span = names(second)
                    .find_map(|name| value.entries().iter().find(|(key, _)| key.name == name))
                    .map_or(value.first_token(), |(key, _)| key.span.clone());
            }
        }
    }

    fn collect_missing(
        &self,
        schema: &'a Node,
        value: &'a Node,
        parent: Option<&'a Node>,
        within: &mut Vec<&'a str>,
        found: &mut Vec<(&'a str, Range<usize>)>,
    ) {
        if let Some(name) = resolve::reference(schema) {
            within.push(name);
            if let Some((_, target)) = resolve::component(self.root, "schemas", name) {
                self.descend(|| self.collect_missing(target, value, parent, within, found));
            }
            within.pop();
            return;
        }
        if self.is_exhausted() || (self.is_tainted)(&schema.span) {
            return;
        }
        if let Some(inner) = resolve::wrapped_ref(schema) {
            return self.collect_missing(inner, value, parent, within, found);
        }
        if let Some(variant) = selected_variant(schema, value, parent) {
            return self.collect_missing(variant, value, parent, within, found);
        }
        match &value.value {
            Value::Sequence(items) => {
                let of = schema.get("items");
                items
                    .iter()
                    .for_each(|item| of.into_iter().for_each(|of| self.collect_missing(of, item, None, within, found)));
            }
            Value::Mapping(_) => {
                for (key, property) in schema.entries_at("properties") {
                    match value.get(&key.name) {
                        Some(inner) => self.collect_missing(property, inner, Some(value), within, found),
                        None if is_chosen_otherwise(schema, value, &key.name) => {}
                        // A recursive type ends somewhere.
                        None if resolve::schema_name(property).is_some_and(|name| within.contains(&name)) => {}
                        None => found.push((&key.name, value.first_token())),
                    }
                }
            }
            Value::Scalar { .. } => {}
        }
    }
}

/// The variant that a property of the value, or of its parent object, selects.
fn selected_variant<'a>(schema: &'a Node, value: &'a Node, parent: Option<&'a Node>) -> Option<&'a Node> {
    if let Some(discriminator) = schema.get("discriminator") {
        let tag = value.text_at(discriminator.text_at("propertyName")?)?;
        let target = discriminator.get("mapping")?.text_at(tag)?;
        let target = resolve::target_in("schemas", target)?;
        return schema.items_at("oneOf").iter().find(|variant| resolve::reference(variant) == Some(target));
    }
    let tag = parent?.text_at(schema.text_at("x-weeek-tagged-by")?)?;
    schema.items_at("anyOf").iter().find(|variant| variant.text_at("title") == Some(tag))
}

fn check_type(schema: &Node, value: &Node, found: &mut Vec<Violation>) {
    let Some(ty) = schema.get("type") else { return };
    let (fits, wanted) = match ty.text() {
        Some("string") => {
            (value.string().is_some() || matches!(value.value, Value::Scalar { quoted: true, .. }), "a string")
        }
        Some("integer") => (value.integer().is_some(), "an integer"),
        Some("number") => (value.number().is_some(), "a number"),
        Some("boolean") => (value.boolean().is_some(), "true or false"),
        Some("array") => (matches!(value.value, Value::Sequence(_)), "an array"),
        Some("object") => (matches!(value.value, Value::Mapping(_)), "an object"),
        _ => return,
    };
    if !fits {
        let error = violation(found, value, format!("expected {wanted}, found {}", value.kind()), ty);
        if wanted == "a string" && value.text().is_some_and(|text| !text.is_empty()) && !value.is_null() {
            error.help = Some(QUOTE.to_owned());
        }
    }
}

fn check_enum(schema: &Node, value: &Node, found: &mut Vec<Violation>) {
    let (Some(list), Some(text)) = (schema.get("enum"), value.text()) else { return };
    let is_equal = |known: &Node| {
        known.text() == Some(text) || known.integer().is_some_and(|integer| Some(integer) == value.integer())
    };
    if !list.items().iter().any(is_equal) {
        let help = did_you_mean(text, list.items().iter().filter_map(Node::text));
        violation(found, value, format!("`{text}` is not an allowed value"), list).help = help;
    }
}

fn check_count(
    schema: &Node,
    value: &Node,
    (least, most): (&str, &str),
    count: usize,
    of: &str,
    found: &mut Vec<Violation>,
) {
    let bound = |key| schema.get(key).and_then(|node: &Node| Some((node, usize::try_from(node.integer()?).ok()?)));
    if let Some((node, least)) = bound(least).filter(|(_, least)| count < *least) {
        violation(found, value, format!("{count} {of}, minimum is {least}"), node);
    }
    if let Some((node, most)) = bound(most).filter(|(_, most)| count > *most) {
        violation(found, value, format!("{count} {of}, maximum is {most}"), node);
    }
}

fn check_format(schema: &Node, value: &Node, text: &str, found: &mut Vec<Violation>) {
    let Some(format) = schema.get("format") else { return };
    if let Some(expected) = formats::violated(format.text().unwrap_or_default(), text) {
        violation(found, value, format!("`{text}` is not {expected}"), format);
    }
}

/// Whether `name` belongs to another variant of a choice than the value has, or would have.
fn is_chosen_otherwise(schema: &Node, value: &Node, name: &str) -> bool {
    let contains = |variant: &Node| variant.items().iter().any(|item| item.text() == Some(name));
    let is_shown =
        |variant: &&Node| variant.items().iter().filter_map(Node::text).any(|name| value.get(name).is_some());
    schema.entries_at("x-weeek-exclusive").iter().any(|(_, choice)| {
        let variants: Vec<&Node> = choice.entries_at("variants").iter().map(|(_, variant)| variant).collect();
        let chosen = variants.iter().copied().find(is_shown).or(variants.first().copied());
        variants.iter().any(|variant| contains(variant)) && !chosen.is_some_and(contains)
    })
}

fn is_missing(name: &Node, value: &Node) -> bool {
    name.text().is_some_and(|name| value.get(name).is_none())
}

fn no_variant(discriminator: &Node, value: &Node, found: &mut Vec<Violation>) {
    let name = discriminator.text_at("propertyName").unwrap_or_default();
    let Some(tag) = value.get(name) else {
        violation(found, value, format!("`{name}` is missing"), discriminator);
        return;
    };
    let text = tag.text().unwrap_or_default();
    let help = did_you_mean(text, discriminator.entries_at("mapping").iter().map(|(key, _)| key.name.as_str()));
    violation(found, tag, format!("`{text}` selects no variant"), discriminator).help = help;
}

fn violation<'f>(found: &'f mut Vec<Violation>, value: &Node, message: String, schema: &Node) -> &'f mut Violation {
    let at = found.len();
    found.push(Violation { span: value.first_token(), message, help: None, schema_span: schema.first_token() });
    &mut found[at]
}

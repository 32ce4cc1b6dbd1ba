//! Values held against their schema: the part of JSON Schema that our documents use.

mod formats;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;

use regex_lite::Regex;

use self::formats::{is_date, is_email, is_instant, is_uri, is_uuid};
use super::node::{Node, Value};
use super::resolve;
use super::words::did_you_mean;

/// A schema that takes more steps than this for one value is built to be slow.
const MAX_STEPS: usize = 20_000;

/// One way in which a value is not what its schema says.
#[derive(Debug)]
pub(crate) struct Mismatch {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The part of the schema that says otherwise.
    pub(crate) asked: Range<usize>,
}

/// Holds values against the schemas of one document.
pub(crate) struct Validator<'a> {
    root: &'a Node,
    /// Whether nothing can be said of a part of the document.
    is_unsound: &'a dyn Fn(&Range<usize>) -> bool,
    patterns: RefCell<BTreeMap<&'a str, Option<Regex>>>,
    steps: Cell<usize>,
}

impl<'a> Validator<'a> {
    pub(crate) fn new(root: &'a Node, is_unsound: &'a dyn Fn(&Range<usize>) -> bool) -> Self {
        Self { root, is_unsound, patterns: RefCell::default(), steps: Cell::default() }
    }

    /// Everything in which `value` departs from `schema`.
    pub(crate) fn mismatches(&self, schema: &'a Node, value: &'a Node) -> Vec<Mismatch> {
        self.steps.set(0);
        let mut found = Vec::new();
        self.check(schema, value, None, &mut found);
        found
    }

    /// The properties that `value` could show and does not, each with the object that lacks it.
    pub(crate) fn absent(&self, schema: &'a Node, value: &'a Node) -> Vec<(&'a str, Range<usize>)> {
        self.steps.set(0);
        let mut found = Vec::new();
        self.gaps(schema, value, None, &mut Vec::new(), &mut found);
        found
    }

    fn is_exhausted(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() > MAX_STEPS
    }

    fn check(&self, schema: &'a Node, value: &'a Node, around: Option<&'a Node>, found: &mut Vec<Mismatch>) {
        let schema = resolve::follow(self.root, "schemas", schema);
        if self.is_exhausted() || (self.is_unsound)(&schema.span) || (value.is_null() && self.takes_null(schema)) {
            return;
        }
        // Whoever wraps a reference decides on null, and what is referred to has nothing to add.
        if value.is_null() && schema.get("allOf").is_some() {
            let asked = schema.get("nullable").unwrap_or(schema);
            mismatch(found, value, "null does not go here".to_owned(), asked);
            return;
        }
        let wrapped = resolve::wrapped(schema);
        for part in schema.items_at("allOf").iter().chain(wrapped.filter(|_| schema.get("allOf").is_none())) {
            self.check(part, value, around, found);
        }
        if let Some(form) = form(schema, value, around) {
            return self.check(form, value, around, found);
        }
        if let (Some(discriminator), Value::Mapping(_)) = (schema.get("discriminator"), &value.value) {
            return no_form(discriminator, value, found);
        }
        for key in ["oneOf", "anyOf"] {
            if schema.get(key).is_some() && wrapped.is_none() {
                self.forms(schema, key, value, around, found);
            }
        }
        let before = found.len();
        of_type(schema, value, found);
        if found.len() == before {
            of_values(schema, value, found);
            self.within_bounds(schema, value, found);
            self.parts(schema, value, found);
        }
    }

    /// `null` is a value where the schema, or one that it wraps, says so, or says nothing at all.
    fn takes_null(&self, schema: &Node) -> bool {
        let says_nothing = ["type", "enum", "allOf", "oneOf", "anyOf"].iter().all(|key| schema.get(key).is_none());
        let target = resolve::wrapped(schema).map(|inner| resolve::follow(self.root, "schemas", inner));
        resolve::is_nullable(schema) || says_nothing || target.is_some_and(|target| target.is_true("nullable"))
    }

    fn forms(&self, schema: &'a Node, key: &str, value: &'a Node, around: Option<&'a Node>, found: &mut Vec<Mismatch>) {
        let fits = |form: &&'a Node| {
            let mut found = Vec::new();
            self.check(form, value, around, &mut found);
            found.is_empty()
        };
        let count = schema.items_at(key).iter().filter(fits).count();
        let message = match count {
            0 => "none of the forms fits".to_owned(),
            1 => return,
            _ if key == "anyOf" => return,
            _ => format!("{count} of the forms fit, where one has to"),
        };
        if self.steps.get() <= MAX_STEPS {
            mismatch(found, value, message, schema.get(key).unwrap_or(schema));
        }
    }

    fn within_bounds(&self, schema: &'a Node, value: &'a Node, found: &mut Vec<Mismatch>) {
        if let (Some("string"), Some(text)) = (schema.text_at("type"), value.text()) {
            let length = text.chars().count();
            counted(schema, value, ("minLength", "maxLength"), length, "characters", found);
            formatted(schema, value, text, found);
            if let Some(pattern) = schema.get("pattern").filter(|pattern| !self.matches(pattern, text)) {
                mismatch(found, value, format!("`{text}` does not match the pattern"), pattern);
            }
        }
        if let (Some("integer" | "number"), Some(number)) = (schema.text_at("type"), value.number()) {
            let bound = |key| schema.get(key).and_then(|node: &Node| Some((node, node.number()?)));
            if let Some((node, least)) = bound("minimum")
                && (number < least || (number <= least && schema.is_true("exclusiveMinimum")))
            {
                mismatch(found, value, format!("{number} is too small"), node);
            }
            if let Some((node, most)) = bound("maximum")
                && (number > most || (number >= most && schema.is_true("exclusiveMaximum")))
            {
                mismatch(found, value, format!("{number} is too large"), node);
            }
        }
    }

    fn matches(&self, pattern: &'a Node, text: &str) -> bool {
        let Some(source) = pattern.text() else { return true };
        let mut patterns = self.patterns.borrow_mut();
        let regex = patterns.entry(source).or_insert_with(|| Regex::new(source).ok());
        // A pattern that is none is a fault of its own.
        regex.as_ref().is_none_or(|regex| regex.is_match(text))
    }

    fn parts(&self, schema: &'a Node, value: &'a Node, found: &mut Vec<Mismatch>) {
        if let Value::Sequence(items) = &value.value {
            counted(schema, value, ("minItems", "maxItems"), items.len(), "items", found);
            if let Some(unique) = schema.get("uniqueItems").filter(|unique| unique.boolean() == Some(true)) {
                let mut seen = std::collections::BTreeSet::new();
                for item in items.iter().filter(|item| item.text().is_some_and(|text| !seen.insert(text))) {
                    mismatch(found, item, "the same item twice".to_owned(), unique);
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

    fn properties(&self, schema: &'a Node, value: &'a Node, found: &mut Vec<Mismatch>) {
        let known = schema.entries_at("properties");
        for name in schema.items_at("required") {
            if let Some(text) = name.text().filter(|text| value.get(text).is_none()) {
                mismatch(found, value, format!("`{text}` is missing"), name);
            }
        }
        let others = schema.get("additionalProperties");
        for (key, inner) in value.entries() {
            match (known.iter().find(|(name, _)| name.name == key.name), others) {
                (Some((_, property)), _) => self.check(property, inner, Some(value), found),
                (None, Some(others)) if others.boolean().is_none() => self.check(others, inner, None, found),
                (None, Some(others)) if others.boolean() == Some(true) => {}
                // Other than JSON Schema we take what a schema does not name for a mistake.
                (None, _) if schema.get("properties").is_some() => {
                    let message = format!("`{}` is not a property of this schema", key.name);
                    let help = did_you_mean(&key.name, known.iter().map(|(name, _)| name.name.as_str()));
                    found.push(Mismatch { span: key.span.clone(), message, help, asked: schema.head() });
                }
                (None, _) => {}
            }
        }
        if let Some(name) = schema.text_at("x-weeek-map-key")
            && let Some((_, keys)) = resolve::component(self.root, "schemas", name)
        {
            for (key, _) in value.entries() {
                let mut wrong = Vec::new();
                formatted(keys, value, &key.name, &mut wrong);
                found.extend(wrong.into_iter().map(|fault| Mismatch { span: key.span.clone(), ..fault }));
            }
        }
        for (_, choice) in schema.entries_at("x-weeek-exclusive") {
            let names = |variant: &'a Node| variant.items().iter().filter_map(Node::text);
            let is_used = |variant: &&'a Node| names(variant).any(|name| value.get(name).is_some());
            let used: Vec<&Node> =
                choice.entries_at("variants").iter().map(|(_, variant)| variant).filter(is_used).collect();
            if let [_, second, ..] = used[..] {
                let fault = mismatch(found, value, "properties that exclude each other".to_owned(), second);
                fault.span = names(second)
                    .find_map(|name| value.entries().iter().find(|(key, _)| key.name == name))
                    .map_or(value.head(), |(key, _)| key.span.clone());
            }
        }
    }

    fn gaps(
        &self,
        schema: &'a Node,
        value: &'a Node,
        around: Option<&'a Node>,
        within: &mut Vec<&'a str>,
        found: &mut Vec<(&'a str, Range<usize>)>,
    ) {
        if let Some(name) = resolve::reference(schema) {
            within.push(name);
            if let Some((_, target)) = resolve::component(self.root, "schemas", name) {
                self.gaps(target, value, around, within, found);
            }
            within.pop();
            return;
        }
        if self.is_exhausted() || (self.is_unsound)(&schema.span) {
            return;
        }
        if let Some(inner) = resolve::wrapped(schema) {
            return self.gaps(inner, value, around, within, found);
        }
        if let Some(form) = form(schema, value, around) {
            return self.gaps(form, value, around, within, found);
        }
        match &value.value {
            Value::Sequence(items) => {
                let of = schema.get("items");
                items.iter().for_each(|item| of.into_iter().for_each(|of| self.gaps(of, item, None, within, found)));
            }
            Value::Mapping(_) => {
                for (key, property) in schema.entries_at("properties") {
                    match value.get(&key.name) {
                        Some(inner) => self.gaps(property, inner, Some(value), within, found),
                        None if is_chosen_otherwise(schema, value, &key.name) => {}
                        // What holds more of its own kind ends somewhere.
                        None if resolve::schema_name(property).is_some_and(|name| within.contains(&name)) => {}
                        None => found.push((&key.name, value.head())),
                    }
                }
            }
            Value::Scalar { .. } => {}
        }
    }
}

/// The one form of several that a property of the value, or of the object around it, selects.
fn form<'a>(schema: &'a Node, value: &'a Node, around: Option<&'a Node>) -> Option<&'a Node> {
    if let Some(discriminator) = schema.get("discriminator") {
        let tag = value.text_at(discriminator.text_at("propertyName")?)?;
        let target = discriminator.get("mapping")?.text_at(tag)?.rsplit('/').next()?;
        return schema.items_at("oneOf").iter().find(|form| resolve::reference(form) == Some(target));
    }
    let tag = around?.text_at(schema.text_at("x-weeek-tagged-by")?)?;
    schema.items_at("anyOf").iter().find(|form| form.text_at("title") == Some(tag))
}

fn of_type(schema: &Node, value: &Node, found: &mut Vec<Mismatch>) {
    let Some(ty) = schema.get("type") else { return };
    let (fits, wanted) = match ty.text() {
        Some("string") => (value.string().is_some() || is_quoted(value), "a text"),
        Some("integer") => (value.integer().is_some(), "an integer"),
        Some("number") => (value.number().is_some(), "a number"),
        Some("boolean") => (value.boolean().is_some(), "true or false"),
        Some("array") => (matches!(value.value, Value::Sequence(_)), "a list"),
        Some("object") => (matches!(value.value, Value::Mapping(_)), "a mapping"),
        _ => return,
    };
    if !fits {
        let fault = mismatch(found, value, format!("expected {wanted}, found {}", value.kind()), ty);
        if wanted == "a text" && value.text().is_some_and(|text| !text.is_empty()) && !value.is_null() {
            fault.help = Some("quote it".to_owned());
        }
    }
}

fn of_values(schema: &Node, value: &Node, found: &mut Vec<Mismatch>) {
    let (Some(list), Some(text)) = (schema.get("enum"), value.text()) else { return };
    if !list.items().iter().any(|known| known.text() == Some(text)) {
        let help = did_you_mean(text, list.items().iter().filter_map(Node::text));
        mismatch(found, value, format!("`{text}` is none of the values"), list).help = help;
    }
}

fn counted(
    schema: &Node,
    value: &Node,
    (least, most): (&str, &str),
    count: usize,
    of: &str,
    found: &mut Vec<Mismatch>,
) {
    let bound = |key| schema.get(key).and_then(|node: &Node| Some((node, usize::try_from(node.integer()?).ok()?)));
    if let Some((node, least)) = bound(least).filter(|(_, least)| count < *least) {
        mismatch(found, value, format!("{count} {of} where {least} are the least"), node);
    }
    if let Some((node, most)) = bound(most).filter(|(_, most)| count > *most) {
        mismatch(found, value, format!("{count} {of} where {most} are the most"), node);
    }
}

fn formatted(schema: &Node, value: &Node, text: &str, found: &mut Vec<Mismatch>) {
    let Some(format) = schema.get("format") else { return };
    let (fits, what) = match format.text() {
        Some("uuid") => (is_uuid(text), "a uuid"),
        Some("date") => (is_date(text), "a date, yyyy-mm-dd"),
        Some("date-time") => (is_instant(text), "an instant, yyyy-mm-ddThh:mm:ssZ"),
        Some("email") => (is_email(text), "an email address"),
        Some("uri") => (is_uri(text), "a URI"),
        _ => return,
    };
    if !fits {
        mismatch(found, value, format!("`{text}` is not {what}"), format);
    }
}

/// Whether `name` belongs to a variant of a choice other than the one that the value shows, or has to show.
fn is_chosen_otherwise(schema: &Node, value: &Node, name: &str) -> bool {
    let holds = |variant: &Node| variant.items().iter().any(|item| item.text() == Some(name));
    let is_shown =
        |variant: &&Node| variant.items().iter().filter_map(Node::text).any(|name| value.get(name).is_some());
    schema.entries_at("x-weeek-exclusive").iter().any(|(_, choice)| {
        let variants: Vec<&Node> = choice.entries_at("variants").iter().map(|(_, variant)| variant).collect();
        let chosen = variants.iter().copied().find(is_shown).or(variants.first().copied());
        variants.iter().any(|variant| holds(variant)) && !chosen.is_some_and(holds)
    })
}

fn no_form(discriminator: &Node, value: &Node, found: &mut Vec<Mismatch>) {
    let name = discriminator.text_at("propertyName").unwrap_or_default();
    let known = || discriminator.entries_at("mapping").iter().map(|(key, _)| key.name.as_str());
    match value.get(name) {
        None => {
            mismatch(found, value, format!("`{name}` is missing"), discriminator);
        }
        Some(tag) => {
            let text = tag.text().unwrap_or_default();
            let help = did_you_mean(text, known());
            mismatch(found, tag, format!("`{text}` leads to no form"), discriminator).help = help;
        }
    }
}

fn mismatch<'f>(found: &'f mut Vec<Mismatch>, value: &Node, message: String, asked: &Node) -> &'f mut Mismatch {
    let at = found.len();
    found.push(Mismatch { span: value.head(), message, help: None, asked: asked.head() });
    &mut found[at]
}

fn is_quoted(value: &Node) -> bool {
    matches!(value.value, Value::Scalar { quoted: true, .. })
}

//! Lint and an independent validator agree on examples.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use xtask::contract::Spec;
use xtask::pointer::escape;
use xtask::workspace::NamedPath;

use super::SCHEMAS;

/// An example of a body, its location, and its schema.
struct Example {
    pointer: String,
    /// Its lines, from 0.
    lines: std::ops::Range<usize>,
    value: Value,
    schema: String,
}

fn examples(spec: &Spec, text: &str) -> Vec<Example> {
    let mut bodies = Vec::new();
    media("", spec.at(""), &mut bodies);
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let example = |media: String| {
        let pointer = format!("{media}/example");
        let first = spec.line(&pointer) - 1;
        assert!(lines[first].trim_start().starts_with("example:"), "{pointer}");
        let is_inside = |line: &&str| line.trim().is_empty() || indent(line) > indent(lines[first]);
        let last = first + 1 + lines[first + 1..].iter().copied().take_while(is_inside).count();
        Example { value: spec.at(&pointer).clone(), pointer, lines: first..last, schema: format!("{media}/schema") }
    };
    bodies.into_iter().map(example).collect()
}

/// The pointers of all media types with an example.
fn media(pointer: &str, node: &Value, found: &mut Vec<String>) {
    let Some(object) = node.as_object() else { return };
    for (key, inner) in object {
        let below = format!("{pointer}/{}", escape(key));
        if inner.get("example").is_some() && inner.get("schema").is_some() && pointer.ends_with("/content") {
            found.push(below);
        } else {
            media(&below, inner, found);
        }
    }
}

/// Every part of the value, by pointer.
fn parts(pointer: &str, value: &Value, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(object) => object.iter().for_each(|(key, inner)| {
            parts(&format!("{pointer}/{}", escape(key)), inner, found);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, inner)| {
            parts(&format!("{pointer}/{at}"), inner, found);
        }),
        _ => {}
    }
}

/// The value with one part replaced, removed or extended; `turn` selects the change.
fn changed(value: &Value, turn: usize) -> Value {
    let others = [
        json!(null),
        json!({}),
        json!([]),
        json!(""),
        json!("some text"),
        json!("x".repeat(300)),
        json!("2026-02-30"),
        json!("2026-11-24"),
        json!("2026-11-24T09:30:00Z"),
        json!("someone@example.com"),
        json!("0b7f6d2c-93ce-4d0a-8e51-7a4b1f9c3d28"),
        json!("https://example.com/x"),
        json!("#6C78F4"),
        json!(0),
        json!(1),
        json!(-1),
        json!(1440),
        json!(7.5),
        json!(true),
    ];
    let mut places = Vec::new();
    parts("", value, &mut places);
    let mut changed = value.clone();
    let (place, how) = (&places[turn % places.len()], turn / places.len() % (others.len() + 2));
    if let Some(other) = others.get(how) {
        *changed.pointer_mut(place).unwrap() = other.clone();
        return changed;
    }
    match changed.pointer_mut(place).unwrap() {
        Value::Object(object) if how == others.len() => drop(object.insert("surprise".to_owned(), json!(1))),
        Value::Object(object) => {
            let first = object.keys().next().cloned();
            first.into_iter().for_each(|first| drop(object.remove(&first)));
        }
        Value::Array(items) if how == others.len() => items.extend(items.first().cloned()),
        Value::Array(items) => items.clear(),
        Value::String(text) => text.push('~'),
        other => *other = json!("7"),
    }
    changed
}

#[test]
fn lint_agrees_with_a_validator_on_every_example() {
    const TURNS: usize = 40;
    let text = NamedPath::spec(None).unwrap().read().unwrap();
    let examples = examples(SCHEMAS.spec(), &text);
    assert!(examples.len() > 130, "{} examples", examples.len());
    let starts: BTreeMap<usize, &Example> = examples.iter().map(|example| (example.lines.start, example)).collect();
    let (mut valid, mut invalid, mut stricter) = (0, 0, 0);
    for turn in 0..TURNS {
        let (mut changed_text, mut lines, mut tried, mut skip) = (String::new(), 0, BTreeMap::new(), 0..0);
        for (at, line) in text.lines().enumerate() {
            if let Some(example) = starts.get(&at) {
                // Examples differ in size: each steps through its own parts.
                let value = changed(&example.value, turn * 7919 + at);
                tried.insert(lines, (*example, value.clone()));
                let indent = line.len() - line.trim_start().len();
                writeln!(changed_text, "{:indent$}example: {value}", "").unwrap();
                skip = example.lines.clone();
            } else if skip.contains(&at) {
                continue;
            } else {
                writeln!(changed_text, "{line}").unwrap();
            }
            lines += 1;
        }
        let ends: Vec<_> = changed_text.match_indices('\n').map(|(at, _)| at).collect();
        let diagnostics = weeek_codegen::lint(&changed_text).expect_err("some example is invalid in every turn");
        let mut reported: BTreeMap<usize, String> = BTreeMap::new();
        for error in diagnostics.iter().filter(|error| error.rule.id() == "example") {
            // Several values that violate the same part of a schema are one error.
            let others = error.related.iter().filter(|related| related.note == "another value that does not match");
            for span in others.map(|related| &related.span).chain([&error.span]) {
                let before = &changed_text[..span.start];
                let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
                let place = line.rfind("customFields").map_or("", |at| &line[at..]);
                reported.insert(ends.partition_point(|end| *end < span.start), format!("{place} {}", error.message));
            }
        }
        for (line, (example, value)) in &tried {
            let is_valid = SCHEMAS.fits(&example.schema, value);
            let verdict = reported.get(line);
            // JSON Schema cannot express the variant of a value by the type of its field, nor the format of keys.
            if is_valid && verdict.is_some_and(|message| message.starts_with("customFields")) {
                stricter += 1;
                continue;
            }
            assert_eq!(is_valid, verdict.is_none(), "{}: {value}\nlint: {verdict:?}", example.pointer);
            *(if is_valid { &mut valid } else { &mut invalid }) += 1;
        }
    }
    assert!(
        valid > 500 && invalid > 2000 && stricter < 20,
        "{valid} valid, {invalid} invalid, {stricter} by lint alone"
    );
}

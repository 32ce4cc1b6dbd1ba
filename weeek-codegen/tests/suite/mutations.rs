//! The real spec, damaged at random: nothing panics, and nothing is lost silently.
//!
//! Each damage is reported near its location, or changes the generated client, or is at a location that does not affect the client.
//! `MUTATIONS=5000 cargo test -p weeek-codegen --release --test suite mutations` tries more than the default.

use std::ops::Range;
use std::sync::LazyLock;

use crate::damage::{ALL, Damage, Random};

use serde_yaml::{Mapping, Value};
use weeek_codegen::Rule;

use crate::real::{CLIENT, REAL};

/// What a debug build tries in some seconds.
const DEFAULT: u64 = 104;

/// The lines of the operation, component or tag that contains a line.
fn construct(lines: &[&str], at: usize) -> Range<usize> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let begins = |line: &&str| {
        let is_entry = match depth(line) {
            0 | 4 => true,
            2 => line.starts_with("  /") || line.starts_with("  - "),
            _ => false,
        };
        is_entry && !line.trim().is_empty() && !line.trim_start().starts_with('#')
    };
    let start = (0..=at).rev().find(|line| begins(&lines[*line])).unwrap_or(0);
    let end = (at + 1..lines.len()).find(|line| begins(&lines[*line])).unwrap_or(lines.len());
    start..end
}

/// The spec as YAML, without insignificant order, without runs of spaces, which docs drop, and without what does not affect the
/// client.
fn meaning(text: &str) -> Option<Value> {
    serde_yaml::from_str(text).ok().map(|value| normal(value, &mut Vec::new()))
}

static MEANING: LazyLock<Option<Value>> = LazyLock::new(|| meaning(&REAL.text));

fn normal(value: Value, path: &mut Vec<String>) -> Value {
    match value {
        Value::String(text) => Value::String(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Value::Sequence(items) => {
            path.push(String::new());
            let items = items.into_iter().map(|item| normal(item, path)).collect();
            path.pop();
            Value::Sequence(items)
        }
        Value::Mapping(entries) => {
            let mut kept = Mapping::new();
            let is_null = |property: &Value| property.get("nullable").and_then(Value::as_bool) == Some(true);
            let properties = entries.get("properties").and_then(Value::as_mapping).into_iter().flatten();
            // A nullable property is an `Option` in a response, required or not.
            let optional: Vec<Value> =
                properties.filter(|(_, property)| is_null(property)).map(|(name, _)| name.clone()).collect();
            for (key, value) in entries {
                let name = key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned);
                if is_inert(path, &name, &value) {
                    continue;
                }
                path.push(name);
                let value = match normal(value, path) {
                    Value::Sequence(mut names) if key == "required" || key == "parameters" => {
                        names.retain(|name| name != "success" && !optional.contains(name));
                        names.sort_by_key(|name| serde_yaml::to_string(name).unwrap());
                        Value::Sequence(names)
                    }
                    value => value,
                };
                path.pop();
                kept.insert(key, value);
            }
            Value::Mapping(kept)
        }
        other => other,
    }
}

/// Whether the value of `key` at `path` does not affect the client, although it can violate a rule.
#[expect(clippy::match_same_arms, reason = "each arm has a reason of its own")]
fn is_inert(path: &[String], key: &str, value: &Value) -> bool {
    let above: Vec<&str> = path.iter().map(String::as_str).collect();
    let is_name = matches!(above.last(), Some(&("properties" | "schemas" | "parameters" | "responses" | "mapping")));
    match (&above[..], key) {
        // Metadata, and the token, which the runtime sends.
        ([], "info" | "security" | "externalDocs") | (["components"], "securitySchemes") => true,
        // The runtime decodes error responses of every shape.
        ([.., "responses"], status) if status.starts_with('4') => true,
        (
            ["components", "responses"],
            "Unauthenticated" | "Forbidden" | "ModelNotFound" | "RecordNotFound" | "Invalid",
        ) => true,
        (["components", "schemas"], "Failure") => true,
        // The type of an id has docs, and arguments and files have no type.
        (["components", "parameters", _], "description") => true,
        (["components", "schemas", "FunnelStatusInput" | "AttachmentUpload", ..], "description" | "required") => true,
        // The type of a response has docs.
        ([.., "responses", _], "description") => true,
        // The runtime reads it before the item.
        ([.., "properties"], "success") => true,
        // A missing list is empty.
        (["components", "responses", ..], "required") => true,
        _ if is_name => false,
        // Examples are only validated.
        (_, "example" | "default") => true,
        // The server checks limits.
        (_, "pattern" | "uniqueItems" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum") => true,
        (_, "minLength" | "maxLength" | "minItems" | "maxItems") => true,
        // These are all the same type of Rust.
        (_, "format") => matches!(value.as_str(), Some("uri" | "email" | "uuid" | "int64" | "double")),
        // An optional property is an `Option` in a response, nullable or not.
        (_, "nullable") => true,
        // This is the default.
        (_, "explode") => value.as_bool() == Some(true),
        // The evidence of a schema is not in its docs, and `live` adds no note.
        (["components", "schemas", _], "x-weeek-evidence") => true,
        (_, "x-weeek-evidence") => value == "live",
        _ => false,
    }
}

/// The lines of all errors, and the report.
fn reported(diagnostics: &weeek_codegen::Diagnostics, text: &str) -> (Vec<usize>, String) {
    let line = |at: usize| text[..at].matches('\n').count();
    let mut lines = Vec::new();
    for error in diagnostics {
        assert!(error.span.start <= error.span.end && text.get(error.span.clone()).is_some(), "{error:?}");
        assert!(!error.message.is_empty(), "{error:?}");
        lines.push(line(error.span.start));
        lines.extend(error.related.iter().map(|related| line(related.span.start)));
    }
    (lines, diagnostics.render("openapi.yaml", text, false))
}

/// Checks that a damage is reported near its location, or changes the client.
fn check(lines: &[&str], damage: Damage, at: usize, damaged: &[String]) -> Result<(), String> {
    let text = damaged.join("\n") + "\n";
    let whole = construct(lines, at);
    match weeek_codegen::generate(&text) {
        Ok(client) if client.files != CLIENT.files => Ok(()),
        Ok(_) if meaning(&text) == *MEANING => Ok(()),
        Ok(_) => Err(format!("{damage:?} is not reported at line {}: {}", at + 1, lines[at])),
        Err(diagnostics) => {
            let (lines_of_errors, said) = reported(&diagnostics, &text);
            // The error can be in the neighbor that a line moved to, or that absorbed it.
            let near = whole.start.saturating_sub(2)..whole.end + 2;
            let names: Vec<&str> = [lines[whole.start], lines[at]]
                .into_iter()
                .flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric() && letter != '.'))
                .filter(|word| word.len() > 3)
                .collect();
            let is_near = lines_of_errors.iter().any(|place| near.contains(place));
            // The YAML parser reports syntax errors late.
            let is_syntax = diagnostics.iter().any(|error| error.rule == Rule::YamlSyntax);
            // A missing banner is reported at the entry below it.
            let is_banner = damage == Damage::SwapWithNext && lines[at + 1].trim_start().starts_with("# ---");
            let is_after = (is_syntax || is_banner) && lines_of_errors.iter().all(|place| *place >= at);
            if is_near || is_after || names.iter().any(|name| said.contains(name)) {
                return Ok(());
            }
            Err(format!("{damage:?} at line {} ({}) is reported elsewhere:\n{said}", at + 1, lines[at]))
        }
    }
}

#[test]
fn damage_is_reported_or_changes_the_client() {
    let lines: Vec<&str> = REAL.text.lines().collect();
    let count = std::env::var("MUTATIONS").map_or(DEFAULT, |count| count.parse().unwrap());
    let part = |seeds: Range<u64>| {
        let mut failures = Vec::new();
        for seed in seeds {
            let mut random = Random::new(seed + 1);
            let damage = ALL[usize::try_from(seed).unwrap() % ALL.len()];
            let (at, damaged) = std::iter::repeat_with(|| random.below(lines.len()))
                .map(|at| (at, damage.applied(&lines, at, &mut Random::new(seed + 7))))
                .find_map(|(at, damaged)| Some((at, damaged?)))
                .unwrap();
            failures.extend(check(&lines, damage, at, &damaged).err());
        }
        failures
    };
    let failures: Vec<String> = std::thread::scope(|scope| {
        let other = scope.spawn(|| part(count / 2..count));
        let mut failures = part(0..count / 2);
        failures.extend(other.join().unwrap());
        failures
    });
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn truncated_and_strange_specs_are_reported() {
    let lines: Vec<&str> = REAL.text.lines().collect();
    for at in (0..lines.len()).step_by(1511) {
        assert!(weeek_codegen::lint(&lines[..at].join("\n")).is_err(), "the first {at} lines");
    }
    for text in
        ["", "[]", "a: &a [*a]", "- - -\n", "\u{feff}", "openapi: 3.0.3", "\"", "{{{{", "a: b: c", "\0", "é: [", "? a"]
    {
        assert!(weeek_codegen::generate(text).is_err(), "{text:?}");
    }
}

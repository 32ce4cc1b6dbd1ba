//! `cargo xtask lint`: the checks of `codegen`, and nothing else.

use std::fmt::Write as _;
use std::path::Path;

use weeek_codegen::{Counts, Diagnostics, Rule};
use xtask::outcome::Outcome;

use crate::faults::{Format, Place, faults};

/// Checks the document; a path that is not given is that of this repository.
pub(crate) fn run(spec: Option<&Path>, format: Format) -> Outcome {
    let spec = Place::spec(spec);
    let text = match spec.read() {
        Ok(text) => text,
        Err(error) => return Outcome::failure(&error),
    };
    match weeek_codegen::lint(&text) {
        Ok(counts) => Outcome { out: clean(&spec.name, counts, format), ..Outcome::default() },
        Err(report) => faults(&report, &spec, &text, format, ""),
    }
}

/// Names every rule, and what it asks for.
pub(crate) fn rules() -> Outcome {
    let mut out = String::new();
    for rule in Rule::all() {
        let _ = writeln!(out, "{:<22}  {}", rule.id(), rule.summary());
    }
    Outcome { out, ..Outcome::default() }
}

/// Explains a rule.
pub(crate) fn explain(rule: Rule) -> Outcome {
    Outcome { out: rule.explanation(), ..Outcome::default() }
}

fn clean(name: &str, counts: Counts, format: Format) -> String {
    if format == Format::Json {
        return Diagnostics::default().to_json(name, "");
    }
    let Counts { operations, schemas, examples, .. } = counts;
    let rules = Rule::all().count();
    format!(
        "{name} is clean: {operations} operations, {schemas} schemas and {examples} examples keep all {rules} rules\n"
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn our_document_is_clean_and_the_run_says_what_was_checked() {
        let outcome = run(None, Format::Text);
        assert_eq!(outcome.status, 0, "{}", outcome.err);
        assert!(outcome.out.starts_with("spec/openapi.yaml is clean: 157 operations, "), "{}", outcome.out);
        assert_eq!(outcome.out.lines().count(), 1);
        assert!(run(None, Format::Json).out.contains("\"ok\": true"));
    }

    #[test]
    fn faults_are_told_to_people_and_to_editors() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("openapi.yaml");
        fs::write(&spec, "openapi: 3.1.0\n").unwrap();
        let outcome = run(Some(&spec), Format::Text);
        assert_eq!((outcome.status, outcome.out.as_str()), (1, ""));
        assert!(outcome.err.contains("error[openapi-version]: OpenAPI 3.1.0 is not supported"), "{}", outcome.err);
        assert!(outcome.err.ends_with("openapi.yaml\n") && !outcome.err.contains('\u{1b}'));

        let outcome = run(Some(&spec), Format::Json);
        assert_eq!((outcome.status, outcome.err.as_str()), (1, ""));
        for part in ["\"line\": 1", "\"column\": 10", "\"endColumn\": 15", "\"rule\": \"openapi-version\""] {
            assert!(outcome.out.contains(part), "{}", outcome.out);
        }
    }

    #[test]
    fn an_unreadable_document_is_no_fault_of_the_document() {
        let outcome = run(Some(Path::new("no/such/file.yaml")), Format::Json);
        assert_eq!(outcome.status, 2);
        assert!(outcome.err.contains("no/such/file.yaml"));
    }
}

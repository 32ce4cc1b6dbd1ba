//! `cargo xtask lint`: checks the spec without generating anything.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use weeek_codegen::{Counts, Diagnostics, Rule};

use super::diagnostics;
use crate::format::Format;
use crate::outcome::Outcome;
use crate::workspace::NamedPath;

/// Check the spec without generating anything.
///
/// Exit status: 0 clean, 1 errors in the spec, 2 usage or I/O.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// The spec to check.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// List the rules instead of checking.
    #[arg(long, conflicts_with_all = ["spec", "format"])]
    list_rules: bool,
    /// Explain a rule, with a wrong and a right example, instead of checking.
    #[arg(long, value_name = "RULE", conflicts_with_all = ["spec", "format", "list_rules"])]
    explain: Option<Rule>,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    if options.list_rules {
        return Ok(Outcome::clean(rules()));
    }
    if let Some(rule) = options.explain {
        return Ok(Outcome::clean(rule.explanation()));
    }
    let spec = NamedPath::spec(options.spec.as_deref())?;
    let text = spec.read()?;
    Ok(match weeek_codegen::lint(&text) {
        Ok(counts) => Outcome::clean(clean(&spec.name, counts, options.format)),
        Err(diagnostics) => diagnostics::show(&diagnostics, &spec, &text, options.format, ""),
    })
}

fn rules() -> String {
    let mut out = String::new();
    for rule in Rule::all() {
        let _ = writeln!(out, "{:<22}  {}", rule.id(), rule.summary());
    }
    out
}

fn clean(name: &str, counts: Counts, format: Format) -> String {
    if format == Format::Json {
        return Diagnostics::default().to_json(name, "");
    }
    let Counts { operations, schemas, examples, .. } = counts;
    let rules = Rule::all().count();
    format!(
        "{name} is clean: {operations} operations, {schemas} schemas and {examples} examples follow all {rules} rules\n"
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn our_spec_is_clean_and_the_totals_are_shown() {
        let outcome = run(&Options::default()).unwrap();
        assert_eq!(outcome.status, 0, "{}", outcome.err);
        let count = weeek_codegen::operations(&NamedPath::spec(None).unwrap().read().unwrap()).unwrap().len();
        let start = format!("spec/openapi.yaml is clean: {count} operations, ");
        assert!(outcome.out.starts_with(&start), "{}", outcome.out);
        assert_eq!(outcome.out.lines().count(), 1);
        let outcome = run(&Options { format: Format::Json, ..Options::default() }).unwrap();
        assert!(outcome.out.contains("\"ok\": true"));
    }

    #[test]
    fn errors_are_shown_in_every_format() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("openapi.yaml");
        fs::write(&spec, "openapi: 3.1.0\n").unwrap();
        let lint = |format| run(&Options { spec: Some(spec.clone()), format, ..Options::default() }).unwrap();
        let outcome = lint(Format::Text);
        assert_eq!((outcome.status, outcome.out.as_str()), (1, ""));
        assert!(outcome.err.contains("error[openapi-version]: OpenAPI 3.1.0 is not supported"), "{}", outcome.err);
        assert!(outcome.err.ends_with("openapi.yaml\n") && !outcome.err.contains('\u{1b}'));

        for (format, parts) in [
            (Format::Json, ["\"line\": 1", "\"column\": 10", "\"endColumn\": 15", "\"rule\": \"openapi-version\""]),
            (Format::Markdown, ["```text\n", "error[openapi-version]", "\n```\n\n", "error in "]),
        ] {
            let outcome = lint(format);
            assert_eq!((outcome.status, outcome.err.as_str()), (1, ""));
            for part in parts {
                assert!(outcome.out.contains(part), "{}", outcome.out);
            }
        }
    }

    #[test]
    fn an_unreadable_spec_is_not_an_error_in_the_spec() {
        let options = Options { spec: Some("no/such/file.yaml".into()), format: Format::Json, ..Options::default() };
        assert!(run(&options).unwrap_err().contains("no/such/file.yaml"));
    }
}

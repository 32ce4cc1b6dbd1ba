//! `cargo xtask replay`: compares recorded responses with the spec.

use std::path::PathBuf;

use clap::Args;

use crate::contract::report::Report;
use crate::contract::{Spec, recording};
use crate::format::Format;
use crate::outcome::Outcome;
use crate::workspace::NamedPath;

/// Compare recorded responses with the spec, and report which of them the client cannot decode.
///
/// Exit status: 0 all decodable, 1 some are not, 2 usage or I/O.
#[derive(Debug, Args)]
pub struct Options {
    /// Files of recorded responses, or folders of them.
    ///
    /// A file holds one response or an array: {"method": "GET", "path": "/tm/tasks/17?x=1", "status": 200, "body": …}. The
    /// body is JSON, a string for anything else, or null for an empty body.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The spec to compare with.
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    let spec = Spec::load(options.spec.as_deref())?;
    let name = NamedPath::spec(options.spec.as_deref())?.name;
    let report = Report::new(&spec, &recording::read(&options.paths)?);
    let out = report.render(options.format, &name);
    Ok(Outcome { status: u8::from(report.has_undecodable()), ..Outcome::clean(out) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn replay(text: &str, format: Format) -> Result<Outcome, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.json"), text).unwrap();
        run(&Options { paths: vec![folder.path().to_owned()], format, spec: None })
    }

    #[test]
    fn drift_is_grouped_and_counted() {
        let outcome = replay(
            r##"[
            {"method":"GET","path":"/ws/tags","status":200,"body":{"success":true,"tags":[{"id":"3","title":"a","color":"#fff"}]}},
            {"method":"GET","path":"/ws/tags","status":200,"body":{"success":true,"tags":[{"title":"a","color":null}]}},
            {"method":"GET","path":"/ws/tags","status":502,"body":"<html>"},
            {"method":"GET","path":"/public/v1/ws","status":200,"body":{"success":true,"workspace":{"id":1,"title":"a","logo":null}}},
            {"method":"POST","path":"/nowhere","status":404,"body":null}]"##,
            Format::Text,
        )
        .unwrap();
        assert_eq!(outcome.status, 1, "{}", outcome.err);
        let without_lines: String =
            outcome.out.lines().map(|line| line.split("spec/").next().unwrap().trim_end().to_owned() + "\n").collect();
        let expected = "\
POST /nowhere
  tolerated    (response)    unknown operation                    1 of 1

tags.list  GET /ws/tags
  undecodable  tags[].id     missing required property            1 of 3
  tolerated    (response)    undeclared status 502                1 of 3
  tolerated    tags[].color  null but not nullable                1 of 3
  tolerated    tags[].id     expected an integer, found a string  1 of 3

5 responses, 2 operations: 1 undecodable, 4 tolerated
";
        assert_eq!(without_lines, expected);
    }

    #[test]
    fn lines_are_those_of_the_spec() {
        let text = r#"{"method":"GET","path":"/ws/tags/3","status":200,"body":{"success":true,"tag":{"id":3,"color":"","x":1}}}"#;
        let outcome = replay(text, Format::Json).unwrap();
        let report: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
        assert_eq!((outcome.status, &report["drift"][0]["kind"]), (0, &"missingField".into()));
        let spec = NamedPath::spec(None).unwrap().read().unwrap();
        let line = |at: usize| {
            let line = report["drift"][at]["line"].as_u64().unwrap();
            spec.lines().nth(usize::try_from(line).unwrap() - 1).unwrap().trim()
        };
        assert!(line(0).starts_with("title:") && line(1).starts_with("properties:"), "{} {}", line(0), line(1));
    }

    #[test]
    fn control_characters_of_keys_are_escaped() {
        let text = r#"{"method":"GET","path":"/ws","status":200,"body":{"success":true,"\u001b[2J":1,"workspace":{"id":1,"title":"a","logo":null}}}"#;
        let out = replay(text, Format::Text).unwrap().out;
        assert!(out.contains(r"\u{1b}[2J") && !out.contains('\u{1b}'), "{out}");
    }

    #[test]
    fn no_drift_is_reported_and_bad_input_is_an_error() {
        let clean =
            replay(r#"{"method":"DELETE","path":"/ws/tags/3","status":200,"body":{"success":true}}"#, Format::Text)
                .unwrap();
        assert_eq!((clean.status, clean.out.as_str()), (0, "1 response, 1 operation: no drift\n"));
        assert!(replay("{", Format::Text).unwrap_err().contains("a.json"));
    }
}

//! `cargo xtask replay`: recorded answers against the document.

use std::path::PathBuf;

use clap::Args;

use crate::document::Document;
use crate::outcome::Outcome;
use crate::recording;
use crate::report::{Format, Report};

/// What to replay, and how to tell.
#[derive(Debug, Args)]
pub struct Options {
    /// Files of recorded answers, or folders of them.
    ///
    /// A file holds one answer or a list: {"method": "GET", "path": "/tm/tasks/17?x=1", "status": 200, "body": …}, where the
    /// body is JSON, a text for what is not JSON, or null for none.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to report.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The document to compare with.
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
}

/// Runs the command.
pub fn run(options: &Options) -> Outcome {
    try_run(options).unwrap_or_else(|error| Outcome::failure(&error))
}

fn try_run(options: &Options) -> Result<Outcome, String> {
    let document = Document::load(options.spec.as_deref())?;
    let name = options.spec.as_ref().map_or("spec/openapi.yaml".to_owned(), |path| path.display().to_string());
    let recordings = recording::read(&options.paths)?;
    let report = Report::new(&document, &recordings);
    Ok(Outcome { status: u8::from(report.breaks()), out: report.render(options.format, &name), err: String::new() })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn replay(text: &str, format: Format) -> Outcome {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.json"), text).unwrap();
        run(&Options { paths: vec![folder.path().to_owned()], format, spec: None })
    }

    #[test]
    fn departures_are_grouped_counted_and_weighed() {
        let outcome = replay(
            r##"[
            {"method":"GET","path":"/ws/tags","status":200,"body":{"success":true,"tags":[{"id":"3","title":"a","color":"#fff"}]}},
            {"method":"GET","path":"/ws/tags","status":200,"body":{"success":true,"tags":[{"title":"a","color":null}]}},
            {"method":"GET","path":"/ws/tags","status":502,"body":"<html>"},
            {"method":"GET","path":"/public/v1/ws","status":200,"body":{"success":true,"workspace":{"id":1,"title":"a","logo":null}}},
            {"method":"POST","path":"/nowhere","status":404,"body":null}]"##,
            Format::Text,
        );
        assert_eq!(outcome.status, 1, "{}", outcome.err);
        let without_lines: String =
            outcome.out.lines().map(|line| line.split("spec/").next().unwrap().trim_end().to_owned() + "\n").collect();
        let expected = "\
POST /nowhere
  read    (the answer)  the document has no such operation  1 of 1

tags.list  GET /ws/tags
  breaks  tags[].id     required, and missing               1 of 3
  read    (the answer)  status 502 is not declared          1 of 3
  read    tags[].color  null, and not nullable              1 of 3
  read    tags[].id     expected an integer, got a text     1 of 3

5 answers, 2 operations: 1 departure that breaks the client, 4 that it reads
";
        assert_eq!(without_lines, expected);
    }

    #[test]
    fn lines_are_those_of_the_document() {
        let text = r#"{"method":"GET","path":"/ws/tags/3","status":200,"body":{"success":true,"tag":{"id":3,"color":"","x":1}}}"#;
        let outcome = replay(text, Format::Json);
        let report: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
        assert_eq!((outcome.status, &report["departures"][0]["fault"]), (0, &"missingField".into()));
        let document = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/openapi.yaml")).unwrap();
        let line = |at: usize| {
            let line = report["departures"][at]["line"].as_u64().unwrap();
            document.lines().nth(usize::try_from(line).unwrap() - 1).unwrap().trim()
        };
        assert!(line(0).starts_with("title:") && line(1).starts_with("properties:"), "{} {}", line(0), line(1));
    }

    #[test]
    fn keys_of_answers_do_not_speak_to_the_terminal() {
        let text = r#"{"method":"GET","path":"/ws","status":200,"body":{"success":true,"\u001b[2J":1,"workspace":{"id":1,"title":"a","logo":null}}}"#;
        let out = replay(text, Format::Text).out;
        assert!(out.contains(r"\u{1b}[2J") && !out.contains('\u{1b}'), "{out}");
    }

    #[test]
    fn nothing_to_report_is_said_and_bad_input_is_no_finding() {
        let clean =
            replay(r#"{"method":"DELETE","path":"/ws/tags/3","status":200,"body":{"success":true}}"#, Format::Text);
        assert_eq!((clean.status, clean.out.as_str()), (0, "1 answer, 1 operation: no departure from the document\n"));
        let bad = replay("{", Format::Text);
        assert_eq!(bad.status, 2);
        assert!(bad.err.starts_with("error: ") && bad.err.contains("a.json"));
    }
}

//! `cargo xtask replay`: compares recorded responses with the spec.

use std::path::PathBuf;

use clap::Args;

use super::evidence;
use crate::contract::Spec;
use crate::contract::recording::{self, Recordings};
use crate::contract::report::Report;
use crate::contract::schema::Schemas;
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
    /// Raise the evidence of the documented facts that the responses confirm, in the spec.
    ///
    /// Only for responses of the live API.
    #[arg(long)]
    pub write: bool,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    let schemas = Schemas::closed(Spec::load(options.spec.as_deref())?.into());
    let file = NamedPath::spec(options.spec.as_deref())?;
    let Recordings { valid, skipped } = recording::read_valid(&options.paths);
    if valid.is_empty() {
        return Err(format!("no recording to compare\n  {}", skipped.join("\n  ")));
    }
    let report = Report::new(&schemas, &valid);
    let out = report.render(options.format, &file.name);
    let mut outcome = Outcome { status: u8::from(report.has_undecodable()), ..Outcome::clean(out) };
    skipped.iter().for_each(|skipped| outcome.fail(&format!("skipped {skipped}")));
    if !skipped.is_empty() {
        outcome.fail(&format!("{} recordings compared, {} skipped", valid.len(), skipped.len()));
    }
    if options.write {
        evidence::write(&file, &report.confirmed, &mut outcome);
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn replay(text: &str, format: Format) -> Result<Outcome, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.json"), text).unwrap();
        run(&Options { paths: vec![folder.path().to_owned()], format, spec: None, write: false })
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
        let error = replay("{", Format::Text).unwrap_err();
        assert!(error.starts_with("no recording to compare\n") && error.contains("a.json: not JSON"), "{error}");
    }

    #[test]
    fn what_is_not_a_recording_is_skipped_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let good = r#"{"method":"DELETE","path":"/ws/tags/3","status":200,"body":{"success":true}}"#;
        for (name, bytes) in [
            ("a.json", b"{".to_vec()),
            ("b.json", format!(r#"[{good},{{"method":"GET"}},{good}]"#).into_bytes()),
            ("c.json", vec![0xFF, 0xFE, 0, 0]),
            ("d.json", good.as_bytes().to_vec()),
        ] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let paths = vec![folder.path().join("gone"), folder.path().to_owned()];
        let outcome = run(&Options { paths, format: Format::Text, spec: None, write: false }).unwrap();
        assert_eq!((outcome.status, outcome.out.as_str()), (2, "3 responses, 1 operation: no drift\n"));
        let lines: Vec<_> = outcome.err.lines().collect();
        for (line, part) in lines.iter().zip([
            "gone: ",
            "a.json: not JSON",
            "b.json: recording 2: `path` must be a string",
            "c.json: UTF-16",
            "3 recordings compared, 4 skipped",
        ]) {
            assert!(line.starts_with("error: ") && line.contains(part), "{}", outcome.err);
        }
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn a_success_with_a_redirect_status_is_not_decodable() {
        let text = r#"{"method":"DELETE","path":"/ws/tags/3","status":302,"body":{"success":true}}"#;
        let outcome = replay(text, Format::Text).unwrap();
        assert!(
            outcome.status == 1 && outcome.out.contains("undecodable  (response)  undeclared status 302"),
            "{}",
            outcome.out
        );
    }

    #[cfg(unix)]
    #[test]
    fn confirmed_evidence_is_listed_and_written() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("openapi.yaml"), folder.path().join("link.yaml"));
        let text = NamedPath::spec(None).unwrap().read().unwrap();
        fs::write(&file, &text).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let spec = &*crate::contract::SPEC;
        let example = spec.success(spec.operation("portfolios.list").unwrap()).unwrap().example.unwrap();
        let recording = serde_json::json!({"method": "GET", "path": "/tm/portfolios", "status": 200, "body": example});
        fs::write(folder.path().join("a.json"), recording.to_string()).unwrap();
        let replay = |format, write| {
            let paths = vec![folder.path().join("a.json")];
            run(&Options { paths, format, spec: Some(link.clone()), write }).unwrap()
        };
        let line = spec.line("/paths/~1tm~1portfolios/get/x-weeek-evidence");
        let outcome = replay(Format::Text, false);
        assert!(outcome.out.contains(&format!("  portfolios.list  {}:{line}\n", link.display())), "{}", outcome.out);
        assert!(replay(Format::Markdown, false).out.contains("- `portfolios.list` ("));
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        let outcome = replay(Format::Json, true);
        let report: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
        assert_eq!(report["confirmed"][0], serde_json::json!({"fact": "portfolios.list", "line": line}));
        assert!(outcome.err.starts_with("raised 2 in "), "{}", outcome.err);
        assert_eq!(replay(Format::Text, true).err, "no evidence to raise\n");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}

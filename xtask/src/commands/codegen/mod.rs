//! `cargo xtask codegen`: generates the client, or checks it.

mod output;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use weeek_codegen::diff::Version;
use weeek_codegen::{Client, FileChange, FileStatus};

use self::output::Output;
use super::diagnostics;
use crate::format::Format;
use crate::outcome::Outcome;
use crate::workspace::NamedPath;

/// Generate the client from the spec, or check that it is up to date.
///
/// Exit status: 0 clean, 1 stale client or errors in the spec, 2 usage or I/O.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// Compare only: list every difference and write nothing.
    #[arg(long)]
    check: bool,
    /// The spec to read.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The folder of the generated files, which contains nothing else.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// First write this version to each alias of the spec that has none, as a release does.
    #[arg(long, value_name = "VERSION", conflicts_with = "check")]
    aliases_since: Option<Version>,
    /// Output format of errors in the spec.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    let spec = NamedPath::spec(options.spec.as_deref())?;
    let out = NamedPath::new(options.out.as_deref(), "weeek-generated/src/generated")?;
    let text = spec.read()?;
    let dated = options.aliases_since.and_then(|version| weeek_codegen::with_version(&text, version));
    let text = dated.as_ref().unwrap_or(&text);
    let client = match weeek_codegen::generate(text) {
        Ok(client) => client,
        Err(diagnostics) => {
            return Ok(diagnostics::show(&diagnostics, &spec, text, options.format, "; nothing was written"));
        }
    };
    let root = NamedPath::new(None, "weeek-generated")?;
    let mut outputs = vec![(Output::read(&out, &client.files)?, &client.files)];
    // The files beside the folder belong to the client of this repository.
    if !out.is_explicit {
        outputs.push((Output::beside(&root, &client.beside)?, &client.beside));
    }
    if options.check {
        let changes: Vec<_> = outputs.iter().flat_map(|(output, _)| output.changes()).collect();
        return Ok(check(&changes, &client));
    }
    if let Some(dated) = &dated {
        spec.write(dated)?;
    }
    let mut lines = outputs.iter().map(|(output, files)| output.write(files)).collect::<Result<String, _>>()?;
    if lines.is_empty() {
        lines.push_str("nothing changed\n");
    }
    let _ = writeln!(lines, "{}", counts(&client));
    Ok(Outcome::clean(lines))
}

fn check(changes: &[(&str, &FileChange)], client: &Client) -> Outcome {
    if changes.is_empty() {
        return Outcome::clean(format!("generated code is up to date: {}\n", counts(client)));
    }
    let of = |wanted: fn(&FileStatus) -> bool| changes.iter().filter(|(_, change)| wanted(&change.status)).count();
    let parts = [
        (of(|status| matches!(status, FileStatus::Changed { .. })), "changed"),
        (of(|status| *status == FileStatus::Missing), "missing"),
        (of(|status| *status == FileStatus::Stale), "stale"),
    ];
    let parts: Vec<_> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let mut err = format!("error: generated code is stale: {}\n", parts.join(", "));
    for (name, FileChange { path, status }) in changes {
        let _ = match status {
            FileStatus::Changed { line } => {
                writeln!(err, "  changed  {name}/{path}  (first difference at line {line})")
            }
            FileStatus::Missing => writeln!(err, "  missing  {name}/{path}"),
            FileStatus::Stale => writeln!(err, "  stale    {name}/{path}"),
        };
    }
    err.push_str("help: run `cargo xtask codegen` and commit the result together with your change\n");
    Outcome { status: 1, err, ..Outcome::default() }
}

fn counts(client: &Client) -> String {
    let (counts, files) = (client.counts, client.files.len());
    format!("{} operations, {} types, {files} files", counts.operations, counts.types)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use weeek_codegen::MARKER;

    use super::*;

    const STALE: &str = "\n\nrun `cargo xtask codegen` and commit the result together with your change";

    fn codegen(check: bool, spec: Option<&Path>, out: Option<&Path>) -> Outcome {
        let (spec, out) = (spec.map(Path::to_owned), out.map(Path::to_owned));
        run(&Options { check, spec, out, ..Options::default() }).unwrap()
    }

    #[test]
    fn the_committed_client_is_up_to_date() {
        let outcome = codegen(true, None, None);
        assert_eq!(outcome.status, 0, "{}{STALE}", outcome.err);
    }

    #[test]
    fn every_difference_is_listed_and_written() {
        let folder = tempfile::tempdir().unwrap();
        let out = Some(folder.path());
        assert_eq!(codegen(false, None, out).status, 0);
        assert!(codegen(false, None, out).out.starts_with("nothing changed"));

        let changed = folder.path().join("mod.rs");
        fs::write(&changed, fs::read_to_string(&changed).unwrap().replacen("pub mod", "pub  mod", 1)).unwrap();
        fs::remove_file(folder.path().join("models/deals.rs")).unwrap();
        fs::write(folder.path().join("models/folder.rs"), MARKER).unwrap();
        let outcome = codegen(true, None, out);
        assert_eq!(outcome.status, 1);
        let err = outcome.err;
        assert!(err.starts_with("error: generated code is stale: 1 changed, 1 missing, 1 stale\n"), "{err}");
        for line in ["mod.rs  (first difference at ", "models/deals.rs\n", "models/folder.rs\n", "cargo xtask codegen"]
        {
            assert!(err.contains(line), "{err}");
        }

        assert_eq!(codegen(false, None, out).status, 0);
        assert_eq!(codegen(true, None, out).status, 0);
    }

    #[test]
    fn a_release_dates_the_aliases() {
        let folder = tempfile::tempdir().unwrap();
        let (spec, out) = (folder.path().join("openapi.yaml"), folder.path().join("out"));
        let text = NamedPath::spec(None).unwrap().read().unwrap();
        let called = "operationId: tags.get\n";
        let text = text.replacen(called, &format!("{called}      x-weeek-aliases: [tags.read]\n"), 1);
        fs::write(&spec, &text).unwrap();
        let options = Options { spec: Some(spec.clone()), out: Some(out.clone()), ..Options::default() };
        let options = Options { aliases_since: Some("0.2.0".parse().unwrap()), ..options };
        for _ in 0..2 {
            assert_eq!(run(&options).unwrap().status, 0);
            assert_eq!(fs::read_to_string(&spec).unwrap(), text.replace("[tags.read]", "[tags.read@0.2.0]"));
        }
        let calls = fs::read_to_string(out.join("endpoints/tags.rs")).unwrap();
        assert!(calls.contains(r#"#[deprecated(since = "0.2.0", note = "renamed to `get`")]"#), "{calls}");

        let broken = text.replacen("nullable: true", "nullabel: true", 1);
        fs::write(&spec, &broken).unwrap();
        assert_eq!((run(&options).unwrap().status, fs::read_to_string(&spec).unwrap()), (1, broken));
    }

    #[test]
    fn a_run_without_changes_touches_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let out = Some(folder.path());
        assert_eq!(codegen(false, None, out).status, 0);
        let client = weeek_codegen::generate(&NamedPath::spec(None).unwrap().read().unwrap()).unwrap();
        let files: Vec<_> = client.files.iter().map(|(name, _)| folder.path().join(name)).collect();
        let past = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        for file in &files {
            fs::File::options().write(true).open(file).unwrap().set_modified(past).unwrap();
        }
        assert!(codegen(false, None, out).out.starts_with("nothing changed"));
        assert!(files.len() > 30 && files.iter().all(|file| fs::metadata(file).unwrap().modified().unwrap() == past));
    }

    #[test]
    fn a_spec_with_errors_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("openapi.yaml");
        let text = NamedPath::spec(None).unwrap().read().unwrap();
        let errors = [
            ("\npaths:", "\npaths: [", "invalid YAML"),
            ("operationId:", "operationid:", "did you mean `operationId`?"),
            ("#/components/schemas/DealId'", "#/components/schemas/DealIdd'", "did you mean `DealId`?"),
            ("operationId: deals.get", "operationId: deal.get", "is not `deals.verb`"),
        ];
        for (from, to, message) in errors {
            fs::write(&spec, text.replacen(from, to, 1)).unwrap();
            let out = folder.path().join("out");
            let outcome = codegen(false, Some(&spec), Some(&out));
            assert_eq!(outcome.status, 1, "{to}");
            assert!(outcome.err.contains(message), "{}", outcome.err);
            assert!(outcome.err.contains("nothing was written") && !out.exists());
        }
    }
}

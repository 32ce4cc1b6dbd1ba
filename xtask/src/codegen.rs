//! `cargo xtask codegen`: the file system around the generator.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use weeek_codegen::{Client, FileChange, FileStatus, MARKER};
use xtask::outcome::Outcome;

use crate::faults::{Format, Place, faults};

/// Whether differences are written or reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

/// Runs the command; paths that are not given are those of this repository.
pub(crate) fn run(mode: Mode, spec: Option<&Path>, out: Option<&Path>, format: Format) -> Outcome {
    let (spec, out) = (Place::spec(spec), Place::new(out, "weeek-generated/src/generated"));
    try_run(mode, &spec, &out, format).unwrap_or_else(|error| Outcome::failure(&error))
}

fn try_run(mode: Mode, spec: &Place, out: &Place, format: Format) -> Result<Outcome, String> {
    let text = spec.read()?;
    let client = match weeek_codegen::generate(&text) {
        Ok(client) => client,
        Err(report) => return Ok(faults(&report, spec, &text, format, "; nothing was written")),
    };
    let folder = read_folder(&out.path).map_err(|error| out.error("read", &error))?;
    let changes = client.files.changes(&folder);
    match mode {
        Mode::Check => Ok(check(&changes, &client, out)),
        Mode::Write => {
            refuse_foreign(&changes, &folder, out)?;
            write(&changes, &client, out)
        }
    }
}

/// Only the client's own folder belongs to the generator whole. Elsewhere, a file that it did not write is not its to touch.
fn refuse_foreign(changes: &[FileChange], folder: &BTreeMap<String, Vec<u8>>, out: &Place) -> Result<(), String> {
    let is_foreign = |text: &Vec<u8>| !text.starts_with(MARKER.as_bytes());
    let foreign = changes.iter().find(|change| folder.get(&change.path).is_some_and(is_foreign));
    match foreign {
        Some(FileChange { path, .. }) if out.is_chosen => Err(format!(
            "{}/{path} is not a generated file; nothing was written\nhelp: choose a folder of its own for `--out`",
            out.name
        )),
        _ => Ok(()),
    }
}

fn check(changes: &[FileChange], client: &Client, out: &Place) -> Outcome {
    if changes.is_empty() {
        return Outcome { out: format!("generated code is up to date: {}\n", counts(client)), ..Outcome::default() };
    }
    let of = |wanted: fn(&FileStatus) -> bool| changes.iter().filter(|change| wanted(&change.status)).count();
    let parts = [
        (of(|status| matches!(status, FileStatus::Changed { .. })), "changed"),
        (of(|status| *status == FileStatus::Missing), "missing"),
        (of(|status| *status == FileStatus::Stale), "stale"),
    ];
    let parts: Vec<_> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let mut err = format!("error: generated code is out of date: {}\n", parts.join(", "));
    for FileChange { path, status } in changes {
        let name = &out.name;
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

fn write(changes: &[FileChange], client: &Client, out: &Place) -> Result<Outcome, String> {
    let mut lines = String::new();
    for FileChange { path, status } in changes {
        let target = out.path.join(path);
        let (what, result) = match (status, client.files.get(path)) {
            (FileStatus::Stale, _) | (_, None) => ("removed", fs::remove_file(&target)),
            (_, Some(text)) => ("wrote", write_whole(&target, text)),
        };
        result.map_err(|error| format!("cannot write {}/{path}: {error}", out.name))?;
        let _ = writeln!(lines, "{what:>7}  {}/{path}", out.name);
    }
    if changes.is_empty() {
        lines.push_str("nothing changed\n");
    }
    let _ = writeln!(lines, "{}", counts(client));
    Ok(Outcome { out: lines, ..Outcome::default() })
}

fn counts(client: &Client) -> String {
    let (counts, files) = (client.counts, client.files.len());
    format!("{} operations, {} types, {files} files", counts.operations, counts.types)
}

/// Writes beside the target and renames, so that a half-written file never stands in its place.
fn write_whole(target: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent)?;
    }
    let partial = target.with_extension("rs.partial");
    fs::write(&partial, text).and_then(|()| fs::rename(&partial, target)).inspect_err(|_| {
        let _ = fs::remove_file(&partial);
    })
}

/// Every file below `folder`, by its path with `/` between the parts; a folder that is not there is empty.
fn read_folder(folder: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![(folder.to_owned(), String::new())];
    while let Some((path, prefix)) = waiting.pop() {
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && prefix.is_empty() => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                waiting.push((entry.path(), name + "/"));
            } else {
                files.insert(name, fs::read(entry.path())?);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STALE: &str = "\n\nrun `cargo xtask codegen` and commit the result together with your change";

    #[test]
    fn the_committed_client_is_up_to_date() {
        let outcome = run(Mode::Check, None, None, Format::Text);
        assert_eq!(outcome.status, 0, "{}{STALE}", outcome.err);
    }

    #[test]
    fn every_kind_of_drift_is_listed_and_mended() {
        let folder = tempfile::tempdir().unwrap();
        let out = Some(folder.path());
        assert_eq!(run(Mode::Write, None, out, Format::Text).status, 0);
        assert!(run(Mode::Write, None, out, Format::Text).out.starts_with("nothing changed"));

        let changed = folder.path().join("mod.rs");
        fs::write(&changed, fs::read_to_string(&changed).unwrap().replacen("Calls", "calls", 1)).unwrap();
        fs::remove_file(folder.path().join("models/deals.rs")).unwrap();
        fs::write(folder.path().join("models/folder.rs"), MARKER).unwrap();
        let outcome = run(Mode::Check, None, out, Format::Text);
        assert_eq!(outcome.status, 1);
        assert!(
            outcome.err.starts_with("error: generated code is out of date: 1 changed, 1 missing, 1 stale\n"),
            "{}",
            outcome.err
        );
        for line in
            ["mod.rs  (first difference at line ", "models/deals.rs\n", "models/folder.rs\n", "cargo xtask codegen"]
        {
            assert!(outcome.err.contains(line), "{}", outcome.err);
        }

        assert_eq!(run(Mode::Write, None, out, Format::Text).status, 0);
        assert_eq!(run(Mode::Check, None, out, Format::Text).status, 0);
    }

    #[test]
    fn a_run_without_changes_touches_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let out = Some(folder.path());
        assert_eq!(run(Mode::Write, None, out, Format::Text).status, 0);
        let files = || read_folder(folder.path()).unwrap().into_keys().map(|name| folder.path().join(name));
        let past = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        for file in files() {
            fs::File::options().write(true).open(file).unwrap().set_modified(past).unwrap();
        }
        assert!(run(Mode::Write, None, out, Format::Text).out.starts_with("nothing changed"));
        assert!(files().len() > 30 && files().all(|file| fs::metadata(file).unwrap().modified().unwrap() == past));
    }

    #[test]
    fn a_file_that_is_not_generated_is_never_removed_nor_overwritten() {
        for name in ["notes.txt", "mod.rs"] {
            let folder = tempfile::tempdir().unwrap();
            let mine = folder.path().join(name);
            fs::write(&mine, "mine").unwrap();
            let outcome = run(Mode::Write, None, Some(folder.path()), Format::Text);
            assert_eq!(outcome.status, 2);
            assert!(outcome.err.contains(&format!("{name} is not a generated file")), "{}", outcome.err);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
            assert_eq!(fs::read_to_string(mine).unwrap(), "mine");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("models")).unwrap();
        let outcome = run(Mode::Write, None, Some(folder.path()), Format::Text);
        assert_eq!(outcome.status, 2, "{}", outcome.out);
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_faulty_document_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("openapi.yaml");
        let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/openapi.yaml")).unwrap();
        let faults = [
            ("\npaths:", "\npaths: [", "invalid YAML"),
            ("operationId:", "operationid:", "did you mean `operationId`?"),
            ("#/components/schemas/DealId'", "#/components/schemas/DealIdd'", "did you mean `DealId`?"),
            ("operationId: deals.get", "operationId: deal.get", "is not `deals.verb`"),
        ];
        for (from, to, message) in faults {
            fs::write(&spec, text.replacen(from, to, 1)).unwrap();
            let out = folder.path().join("out");
            let outcome = run(Mode::Write, Some(&spec), Some(&out), Format::Text);
            assert_eq!(outcome.status, 1, "{to}");
            assert!(outcome.err.contains(message), "{}", outcome.err);
            assert!(outcome.err.contains("nothing was written") && !out.exists());
        }
    }

    #[test]
    fn an_unreadable_document_is_no_fault_of_the_document() {
        let outcome = run(Mode::Check, Some(Path::new("no/such/file.yaml")), None, Format::Text);
        assert_eq!(outcome.status, 2);
        assert!(outcome.err.contains("no/such/file.yaml"));
    }
}

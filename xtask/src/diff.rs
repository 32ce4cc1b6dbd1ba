//! `cargo xtask diff`: what a change of the document does to users of the client.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;
use weeek_codegen::diff::{Diff, DiffLabels, Impact, Spec};
use xtask::outcome::Outcome;

use crate::changelog;
use crate::faults::is_colored;
use crate::format::Format;

const SPEC: &str = "spec/openapi.yaml";

/// The weight that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Programs that compiled don't.
    Breaking,
}

/// What is compared, and what is made of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
    pub(crate) format: Format,
    pub(crate) deny: Option<Deny>,
    pub(crate) changelog: Option<PathBuf>,
}

/// Runs the command in the repository whose top is `root`.
pub(crate) fn run(root: &Path, options: &Options) -> Outcome {
    try_run(root, options).unwrap_or_else(|failure| match failure {
        Failure::Use(text) => Outcome { status: 2, err: format!("error: {text}\n"), ..Outcome::default() },
        Failure::Faults(err) => Outcome { status: 1, err, ..Outcome::default() },
    })
}

enum Failure {
    /// Wrong usage, input or output.
    Use(String),
    /// A document that can't be compared.
    Faults(String),
}

/// A document, and how it is called in messages.
struct Side {
    name: String,
    text: String,
}

fn try_run(root: &Path, options: &Options) -> Result<Outcome, Failure> {
    let old = side(root, Some(options.old.as_deref().unwrap_or("HEAD")))?;
    let new = side(root, options.new.as_deref())?;
    let diff = Diff::between(&document("old", &old)?, &document("new", &new)?);
    let version = env!("CARGO_PKG_VERSION").parse().map_err(Failure::Use)?;
    let sides = DiffLabels { old: old.name, new: new.name, version };
    let out = match options.format {
        Format::Text => diff.text(&sides),
        Format::Markdown => diff.markdown(&sides),
        Format::Json => diff.json(&sides),
    };
    let mut outcome = Outcome { out, ..Outcome::default() };
    let breaking = diff.count(Impact::Breaking);
    if breaking == 0 {
        return Ok(outcome);
    }
    let changes = if breaking == 1 { "1 breaking change".to_owned() } else { format!("{breaking} breaking changes") };
    if let Some(path) = &options.changelog {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::Use(format!("cannot read {}: {error}", path.display())))?;
        let untold = changelog::untold(&text, &diff);
        if !untold.is_empty() {
            outcome.status = 1;
            outcome.err = changelog::advice(&untold, &path.display().to_string());
        }
    }
    if options.deny == Some(Deny::Breaking) {
        outcome.status = 1;
        let _ = writeln!(outcome.err, "error: {changes}, denied by `--deny breaking`");
    }
    Ok(outcome)
}

/// The document that `name` leads to: a file, the document of a revision, or the one of the working tree.
fn side(root: &Path, name: Option<&str>) -> Result<Side, Failure> {
    let Some(name) = name else {
        let text = fs::read_to_string(root.join(SPEC))
            .map_err(|error| Failure::Use(format!("cannot read {SPEC}: {error}")))?;
        return Ok(Side { name: SPEC.to_owned(), text });
    };
    if Path::new(name).exists() {
        let text = fs::read_to_string(name).map_err(|error| Failure::Use(format!("cannot read {name}: {error}")))?;
        return Ok(Side { name: name.to_owned(), text });
    }
    let (revision, path) = name.split_once(':').unwrap_or((name, SPEC));
    let name = format!("{revision}:{path}");
    Ok(Side { text: committed(root, revision, path)?, name })
}

/// The text of a file as a revision has it.
fn committed(root: &Path, revision: &str, path: &str) -> Result<String, Failure> {
    let git = |arguments: &[&str]| {
        let output = git(root).args(arguments).output();
        output.map_err(|error| Failure::Use(format!("cannot run git, which knows what `{revision}` is: {error}")))
    };
    if !git(&["rev-parse", "--git-dir"])?.status.success() {
        let text = format!("`{revision}` is no file, and {} is in no git repository", root.display());
        return Err(Failure::Use(format!("{text}\nhelp: give two files: `cargo xtask diff old.yaml new.yaml`")));
    }
    let commit = format!("{revision}^{{commit}}");
    if !git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?.status.success() {
        let text = format!("`{revision}` is neither a file nor a revision");
        return Err(Failure::Use(format!("{text}\nhelp: `git log --oneline -- {SPEC}` lists those of the document")));
    }
    let shown = git(&["show", "--end-of-options", &format!("{revision}:{path}")])?;
    if !shown.status.success() {
        return Err(Failure::Use(format!("revision `{revision}` has no file {path}")));
    }
    String::from_utf8(shown.stdout).map_err(|_| Failure::Use(format!("{revision}:{path} is not UTF-8")))
}

/// Git in `root`, whatever repository a hook of git that runs this speaks for.
fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(variable);
    }
    git.arg("-C").arg(root);
    git
}

fn document(which: &str, side: &Side) -> Result<Spec, Failure> {
    Spec::read(&side.text).map_err(|report| {
        let faults = report.render(&side.name, &side.text, is_colored());
        Failure::Faults(format!(
            "{faults}error: the {which} side, {}, can't be compared\nhelp: both sides are read by this generator; \
             a document that was written for an older one has to be compared by that one\n",
            side.name
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC_TEXT: &str = include_str!("../../spec/openapi.yaml");
    const CALLED: &str = "operationId: tags.get\n";
    const RENAMED: &str = "operationId: tags.read\n";

    /// A repository of its own, with the document committed once.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), &["init", "--quiet"]);
        write(folder.path(), SPEC, SPEC_TEXT);
        commit(folder.path());
        folder
    }

    fn make(folder: &Path, arguments: &[&str]) {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
        let output = git(folder).args(identity).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(folder: &Path) {
        make(folder, &["add", "."]);
        make(folder, &["commit", "--quiet", "--message=x"]);
    }

    fn write(folder: &Path, name: &str, text: &str) -> String {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn compare(root: &Path, old: &str) -> Outcome {
        run(root, &Options { old: Some(old.to_owned()), ..Options::default() })
    }

    #[test]
    fn the_last_commit_is_held_against_the_working_tree() {
        let folder = repository();
        let outcome = run(folder.path(), &Options::default());
        assert_eq!((outcome.status, outcome.err.as_str()), (0, ""));
        assert!(outcome.out.contains("no changes for users"), "{}", outcome.out);

        write(folder.path(), SPEC, &SPEC_TEXT.replacen(CALLED, RENAMED, 1));
        let outcome = run(folder.path(), &Options::default());
        assert!(outcome.out.contains("! tags().get -> tags().read: the old name is removed"), "{}", outcome.out);
        assert_eq!(outcome.status, 0);

        commit(folder.path());
        let options =
            Options { old: Some("HEAD~1".to_owned()), new: Some(format!("HEAD:{SPEC}")), ..Options::default() };
        let outcome = run(folder.path(), &options);
        assert!(outcome.out.starts_with("HEAD~1:spec/openapi.yaml -> HEAD:spec/openapi.yaml\n"), "{}", outcome.out);
        assert!(outcome.out.contains("1 breaking: next version is "), "{}", outcome.out);
    }

    #[test]
    fn a_file_wins_and_needs_no_repository() {
        let folder = tempfile::tempdir().unwrap();
        let old = write(folder.path(), "old.yaml", SPEC_TEXT);
        let new = write(folder.path(), "new.yaml", &SPEC_TEXT.replacen(CALLED, RENAMED, 1));
        for (format, part) in [
            (Format::Text, "! tags().get -> tags().read"),
            (Format::Markdown, "- **breaking** `tags().get -> tags().read`"),
            (Format::Json, r#""impact": "breaking""#),
        ] {
            let options = Options { old: Some(old.clone()), new: Some(new.clone()), format, ..Options::default() };
            let outcome = run(folder.path(), &options);
            assert_eq!((outcome.status, outcome.err.as_str()), (0, ""));
            assert!(outcome.out.contains(part), "{}", outcome.out);
        }
    }

    #[test]
    fn what_breaks_can_be_denied_or_has_to_be_told() {
        let folder = tempfile::tempdir().unwrap();
        let old = write(folder.path(), "old.yaml", SPEC_TEXT);
        let new = write(folder.path(), "new.yaml", &SPEC_TEXT.replacen(CALLED, RENAMED, 1));
        let alias = format!("{RENAMED}      x-weeek-aliases: [tags.get]\n");
        let added = write(folder.path(), "added.yaml", &SPEC_TEXT.replacen(CALLED, &alias, 1));
        let silent =
            write(folder.path(), "a.md", "# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.1.0\n\n- Breaking: old.\n");
        let status = |new: &str, deny, changelog: Option<&str>| {
            let changelog = changelog.map(PathBuf::from);
            let (old, new) = (Some(old.clone()), Some(new.to_owned()));
            let outcome = run(folder.path(), &Options { old, new, deny, changelog, format: Format::Text });
            (outcome.status, outcome.err)
        };
        let (code, err) = status(&new, Some(Deny::Breaking), None);
        assert_eq!((code, err.as_str()), (1, "error: 1 breaking change, denied by `--deny breaking`\n"));
        let (code, err) = status(&new, None, Some(&silent));
        assert_eq!(code, 1);
        let line = "- Breaking: `tags().get` -> `tags().read`: the old name is removed.\n";
        assert!(err.contains("a.md says nothing of a breaking change\nhelp: add under `## Unreleased`"), "{err}");
        assert!(err.ends_with(line), "{err}");
        for told in ["- Breaking: `tags().read`, before `get`.\n", "- Breaking: all of `tags()`.\n", line] {
            let path = write(folder.path(), "b.md", &format!("# Changelog\n\n## Unreleased\n\n{told}"));
            assert_eq!(status(&new, None, Some(&path)).0, 0, "{told}");
        }
        for silent in ["- Breaking: `tags().list`.\n", "- Breaking: tags, get and read.\n", "- `tags().read` is new.\n"]
        {
            let path = write(folder.path(), "c.md", &format!("# Changelog\n\n## Unreleased\n\n{silent}"));
            assert_eq!(status(&new, None, Some(&path)).0, 1, "{silent}");
        }
        assert_eq!(status(&added, Some(Deny::Breaking), Some(&silent)).0, 0);
        assert_eq!(status(&new, None, Some("no/such/file.md")).0, 2);
    }

    #[test]
    fn a_side_that_can_not_be_compared_is_told_apart() {
        let folder = repository();
        for (name, part) in [
            ("no-such-revision", "`no-such-revision` is neither a file nor a revision\nhelp: `git log"),
            ("HEAD:no/such/file.yaml", "revision `HEAD` has no file no/such/file.yaml"),
        ] {
            let outcome = compare(folder.path(), name);
            assert_eq!(outcome.status, 2, "{}", outcome.err);
            assert!(outcome.err.contains(part), "{}", outcome.err);
        }
        let faulty = write(folder.path(), "faulty.yaml", &SPEC_TEXT.replacen("operationId:", "operationid:", 1));
        let outcome = compare(folder.path(), &faulty);
        assert_eq!((outcome.status, outcome.out.as_str()), (1, ""));
        for part in
            ["did you mean `operationId`?", &format!("the old side, {faulty}, can't be compared"), "help: both sides"]
        {
            assert!(outcome.err.contains(part), "{}", outcome.err);
        }
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), SPEC, SPEC_TEXT);
        let outcome = compare(outside.path(), "HEAD");
        assert_eq!(outcome.status, 2);
        assert!(outcome.err.contains("is in no git repository\nhelp: give two files"), "{}", outcome.err);
    }
}

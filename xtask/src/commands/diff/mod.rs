//! `cargo xtask diff`: reports how a spec change affects users.

mod changelog;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, ValueEnum};
use weeek_codegen::diff::{Diff, DiffLabels, Impact, Spec};

use super::diagnostics::is_colored;
use crate::format::Format;
use crate::outcome::Outcome;
use crate::workspace::{self, NamedPath};

const SPEC: &str = "spec/openapi.yaml";

/// Report how a spec change affects users of the client.
///
/// Each side is a file, or a git revision: `HEAD~3`, `v0.1.0`, `main:spec/openapi.yaml`. An existing file wins. Exit status:
/// 0 success, 1 denied or unlisted change or errors in a spec, 2 usage or I/O.
#[derive(Clone, Debug, Default, Args)]
pub struct Options {
    /// The published spec [default: HEAD]
    old: Option<String>,
    /// The new spec [default: the working tree]
    new: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 1 if there is a change of this impact.
    #[arg(long, value_enum, value_name = "IMPACT")]
    deny: Option<Deny>,
    /// Exit with 1 if a breaking change has no line `- Breaking: …` under `## Unreleased` of this file.
    #[arg(long, value_name = "FILE")]
    changelog: Option<PathBuf>,
}

/// An impact that can be denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Programs that compiled no longer do.
    Breaking,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    run_in(&workspace::root()?, options)
}

/// A spec, and its name in messages.
struct Side {
    name: String,
    text: String,
}

fn run_in(root: &Path, options: &Options) -> Result<Outcome, String> {
    let old = side(root, Some(options.old.as_deref().unwrap_or("HEAD")))?;
    let new = side(root, options.new.as_deref())?;
    let diff = match (read("old", &old), read("new", &new)) {
        (Ok(old), Ok(new)) => Diff::between(&old, &new),
        (Err(err), _) | (_, Err(err)) => return Ok(Outcome { status: 1, err, ..Outcome::default() }),
    };
    let labels = DiffLabels { old: old.name, new: new.name, version: env!("CARGO_PKG_VERSION").parse()? };
    let mut outcome = Outcome::clean(match options.format {
        Format::Text => diff.text(&labels),
        Format::Markdown => diff.markdown(&labels),
        Format::Json => diff.json(&labels),
    });
    let breaking = diff.count(Impact::Breaking);
    if breaking == 0 {
        return Ok(outcome);
    }
    if let Some(path) = &options.changelog {
        let unmentioned = changelog::unmentioned(&NamedPath::new(Some(path), "")?.read()?, &diff);
        if !unmentioned.is_empty() {
            outcome.status = 1;
            outcome.err = changelog::missing_entries(&unmentioned, &path.display().to_string());
        }
    }
    if options.deny == Some(Deny::Breaking) {
        outcome.status = 1;
        let _ = writeln!(outcome.err, "error: {}, denied by `--deny breaking`", changelog::counted(breaking));
    }
    Ok(outcome)
}

/// The spec with this name: a file, a file of a revision, or the spec of the working tree.
fn side(root: &Path, name: Option<&str>) -> Result<Side, String> {
    let (path, name) = match name {
        None => (root.join(SPEC), SPEC),
        Some(name) if Path::new(name).exists() => (name.into(), name),
        Some(name) => {
            let (revision, path) = name.split_once(':').unwrap_or((name, SPEC));
            return Ok(Side { text: committed(root, revision, path)?, name: format!("{revision}:{path}") });
        }
    };
    let file = NamedPath { path, name: name.to_owned(), is_explicit: true };
    Ok(Side { text: file.read()?, name: file.name })
}

/// The text of a file in a revision.
fn committed(root: &Path, revision: &str, path: &str) -> Result<String, String> {
    let git = |arguments: &[&str]| {
        let output = git(root).args(arguments).output();
        output.map_err(|error| format!("cannot run git to read revision {revision}: {error}"))
    };
    if !git(&["rev-parse", "--git-dir"])?.status.success() {
        let text = format!("`{revision}` is not a file, and {} is not in a git repository", root.display());
        return Err(format!("{text}\nhelp: give two files: `cargo xtask diff old.yaml new.yaml`"));
    }
    let commit = format!("{revision}^{{commit}}");
    if !git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?.status.success() {
        let text = format!("`{revision}` is neither a file nor a revision");
        return Err(format!("{text}\nhelp: `git log --oneline -- {SPEC}` lists the revisions of the spec"));
    }
    let shown = git(&["show", "--end-of-options", &format!("{revision}:{path}")])?;
    if !shown.status.success() {
        return Err(format!("revision `{revision}` has no file {path}"));
    }
    String::from_utf8(shown.stdout).map_err(|_| format!("{revision}:{path} is not UTF-8"))
}

/// Git in `root`, ignoring variables set by git hooks.
fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(variable);
    }
    git.arg("-C").arg(root);
    git
}

fn read(which: &str, side: &Side) -> Result<Spec, String> {
    Spec::read(&side.text).map_err(|diagnostics| {
        format!(
            "{}error: cannot read {} ({which})\nhelp: compare an older spec with the xtask of its time\n",
            diagnostics.render(&side.name, &side.text, is_colored()),
            side.name
        )
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const CALLED: &str = "operationId: tags.get\n";
    const RENAMED: &str = "operationId: tags.read\n";

    fn spec() -> String {
        NamedPath::spec(None).unwrap().read().unwrap()
    }

    /// A repository with the spec committed once.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), &["init", "--quiet"]);
        write(folder.path(), SPEC, &spec());
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

    fn compare(root: &Path, old: &str) -> Result<Outcome, String> {
        run_in(root, &Options { old: Some(old.to_owned()), ..Options::default() })
    }

    #[test]
    fn the_last_commit_is_compared_with_the_working_tree() {
        let folder = repository();
        let outcome = run_in(folder.path(), &Options::default()).unwrap();
        assert_eq!((outcome.status, outcome.err.as_str()), (0, ""));
        assert!(outcome.out.contains("no changes for users"), "{}", outcome.out);

        write(folder.path(), SPEC, &spec().replacen(CALLED, RENAMED, 1));
        let outcome = run_in(folder.path(), &Options::default()).unwrap();
        assert!(outcome.out.contains("! tags().get -> tags().read: the old name is removed"), "{}", outcome.out);
        assert_eq!(outcome.status, 0);

        commit(folder.path());
        let options =
            Options { old: Some("HEAD~1".to_owned()), new: Some(format!("HEAD:{SPEC}")), ..Options::default() };
        let outcome = run_in(folder.path(), &options).unwrap();
        assert!(outcome.out.starts_with("HEAD~1:spec/openapi.yaml -> HEAD:spec/openapi.yaml\n"), "{}", outcome.out);
        assert!(outcome.out.contains("1 breaking: next version is "), "{}", outcome.out);
    }

    #[test]
    fn a_file_wins_and_needs_no_repository() {
        let folder = tempfile::tempdir().unwrap();
        let old = write(folder.path(), "old.yaml", &spec());
        let new = write(folder.path(), "new.yaml", &spec().replacen(CALLED, RENAMED, 1));
        for (format, part) in [
            (Format::Text, "! tags().get -> tags().read"),
            (Format::Markdown, "- **breaking** `tags().get -> tags().read`"),
            (Format::Json, r#""impact": "breaking""#),
        ] {
            let options = Options { old: Some(old.clone()), new: Some(new.clone()), format, ..Options::default() };
            let outcome = run_in(folder.path(), &options).unwrap();
            assert_eq!((outcome.status, outcome.err.as_str()), (0, ""));
            assert!(outcome.out.contains(part), "{}", outcome.out);
        }
    }

    #[test]
    fn breaking_changes_can_be_denied_or_must_be_in_the_changelog() {
        let folder = tempfile::tempdir().unwrap();
        let old = write(folder.path(), "old.yaml", &spec());
        let new = write(folder.path(), "new.yaml", &spec().replacen(CALLED, RENAMED, 1));
        let alias = format!("{RENAMED}      x-weeek-aliases: [tags.get]\n");
        let added = write(folder.path(), "added.yaml", &spec().replacen(CALLED, &alias, 1));
        let silent =
            write(folder.path(), "a.md", "# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.1.0\n\n- Breaking: old.\n");
        let status = |new: &str, deny, changelog: Option<&str>| {
            let changelog = changelog.map(PathBuf::from);
            let (old, new) = (Some(old.clone()), Some(new.to_owned()));
            let outcome = run_in(folder.path(), &Options { old, new, deny, changelog, format: Format::Text });
            outcome.map_or_else(|error| (2, error), |outcome| (outcome.status, outcome.err))
        };
        let (code, err) = status(&new, Some(Deny::Breaking), None);
        assert_eq!((code, err.as_str()), (1, "error: 1 breaking change, denied by `--deny breaking`\n"));
        let (code, err) = status(&new, None, Some(&silent));
        assert_eq!(code, 1);
        let line = "- Breaking: `tags().get` -> `tags().read`: the old name is removed.\n";
        assert!(err.contains("a.md does not mention 1 breaking change\nhelp: add under `## Unreleased`"), "{err}");
        assert!(err.ends_with(line), "{err}");
        for entry in ["- Breaking: `tags().read`, before `get`.\n", "- Breaking: all of `tags()`.\n", line] {
            let path = write(folder.path(), "b.md", &format!("# Changelog\n\n## Unreleased\n\n{entry}"));
            assert_eq!(status(&new, None, Some(&path)).0, 0, "{entry}");
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
    fn a_side_that_cannot_be_read_is_named() {
        let folder = repository();
        for (name, part) in [
            ("no-such-revision", "`no-such-revision` is neither a file nor a revision\nhelp: `git log"),
            ("HEAD:no/such/file.yaml", "revision `HEAD` has no file no/such/file.yaml"),
        ] {
            let error = compare(folder.path(), name).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
        let faulty = write(folder.path(), "faulty.yaml", &spec().replacen("operationId:", "operationid:", 1));
        let outcome = compare(folder.path(), &faulty).unwrap();
        assert_eq!((outcome.status, outcome.out.as_str()), (1, ""));
        for part in [
            "did you mean `operationId`?",
            &format!("error: cannot read {faulty} (old)"),
            "help: compare an older spec",
        ] {
            assert!(outcome.err.contains(part), "{}", outcome.err);
        }
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), SPEC, &spec());
        let error = compare(outside.path(), "HEAD").unwrap_err();
        assert!(error.contains("is not in a git repository\nhelp: give two files"), "{error}");
    }
}

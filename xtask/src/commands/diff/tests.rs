use std::fs;

use super::*;
use crate::workspace::SPEC;

const CALLED: &str = "operationId: notes.delete\n";
const RENAMED: &str = "operationId: notes.remove\n";

/// A small spec.
const NOTES: &str = include_str!("../../../tests/suite/upstream/notes.yaml");

/// A repository with the spec committed once.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), &["init", "--quiet"]);
    write(folder.path(), SPEC, NOTES);
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

    write(folder.path(), SPEC, &NOTES.replacen(CALLED, RENAMED, 1));
    let outcome = run_in(folder.path(), &Options::default()).unwrap();
    assert!(outcome.out.contains("! notes().delete -> notes().remove: the old name is removed"), "{}", outcome.out);
    assert_eq!(outcome.status, 0);

    commit(folder.path());
    let options = Options { old: Some("HEAD~1".to_owned()), new: Some(format!("HEAD:{SPEC}")), ..Options::default() };
    let outcome = run_in(folder.path(), &options).unwrap();
    assert!(outcome.out.starts_with("HEAD~1:spec/openapi.yaml -> HEAD:spec/openapi.yaml\n"), "{}", outcome.out);
    assert!(outcome.out.contains("1 breaking: next version is "), "{}", outcome.out);
}

#[test]
fn the_version_follows_from_the_old_one_and_from_the_code_too() {
    let folder = repository();
    let manifest = |version| format!("[workspace.package]\nversion = \"{version}\"\n");
    let source = "weeek-generated/src/lib.rs";
    write(folder.path(), source, "pub fn a() {}\npub fn b() {}\n");
    write(folder.path(), "Cargo.toml", &manifest("0.4.2"));
    commit(folder.path());
    make(folder.path(), &["tag", "v0.4.2"]);
    let compared = |version| {
        write(folder.path(), "Cargo.toml", &manifest(version));
        let old = Some("v0.4.2".to_owned());
        let outcome = run_in(folder.path(), &Options { old, check_version: true, ..Options::default() }).unwrap();
        (outcome.status, outcome.out + &outcome.err)
    };
    let (status, text) = compared("0.4.2");
    assert!(status == 0 && text.ends_with("no changes for users\n"), "{text}");

    write(folder.path(), source, "pub fn a() {}\n");
    let (status, text) = compared("0.4.2");
    assert!(status == 0 && text.contains("Changed in the hand-written code\n  ! b: is removed\n"), "{text}");
    assert!(text.ends_with("1 breaking: next version is 0.5.0 (below 1.0, breaking bumps minor)\n"), "{text}");
    let (status, text) = compared("0.4.3");
    assert!(status == 1 && text.ends_with("error: version 0.4.3 is too low\nhelp: release 0.5.0\n"), "{text}");
    assert_eq!(compared("0.5.0").0, 0);

    // Code that this generator does not make of the old spec.
    write(folder.path(), source, "");
    write(folder.path(), "weeek-generated/src/generated/mod.rs", "pub struct Older;\n");
    commit(folder.path());
    let text = compare(folder.path(), "HEAD").unwrap().out;
    assert!(text.contains("\nChanged by the generator\n  ! Older: is removed\n  + "), "{text}");
}

/// A release asks for its version by what changed since the last one.
#[test]
fn the_version_of_the_workspace_is_released_or_high_enough() {
    let root = workspace::root().unwrap();
    let current = Side::read(&root, None).unwrap().version;
    let changelog = fs::read_to_string(root.join("CHANGELOG.md")).unwrap();
    let released = changelog.lines().find_map(released);
    assert_eq!(current, released.unwrap_or_else(|| "0.1.0".parse().unwrap()), "left: Cargo.toml, right: CHANGELOG.md");

    let tag = git(&root).args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]).output().unwrap();
    if tag.status.success() {
        let old = Some(String::from_utf8(tag.stdout).unwrap().trim().to_owned());
        let outcome = run_in(&root, &Options { old, check_version: true, ..Options::default() }).unwrap();
        assert_eq!((outcome.status, outcome.err.as_str()), (0, ""), "{}", outcome.out);
    }
}

#[test]
fn a_file_wins_and_needs_no_repository() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(folder.path(), "old.yaml", NOTES);
    let new = write(folder.path(), "new.yaml", &NOTES.replacen(CALLED, RENAMED, 1));
    for (format, part) in [
        (Format::Text, "! notes().delete -> notes().remove"),
        (Format::Markdown, "- **breaking** `notes().delete -> notes().remove`"),
        (Format::Json, r#""impact": "breaking""#),
    ] {
        let options = Options { old: Some(old.clone()), new: Some(new.clone()), format, ..Options::default() };
        let outcome = run_in(folder.path(), &options).unwrap();
        assert_eq!((outcome.status, outcome.err.as_str()), (0, ""));
        assert!(outcome.out.contains(part), "{}", outcome.out);
    }
}

#[test]
fn breaking_changes_must_be_in_the_changelog() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(folder.path(), "old.yaml", NOTES);
    let new = write(folder.path(), "new.yaml", &NOTES.replacen(CALLED, RENAMED, 1));
    let alias = format!("{RENAMED}      x-weeek-aliases: [notes.delete]\n");
    let added = write(folder.path(), "added.yaml", &NOTES.replacen(CALLED, &alias, 1));
    let silent =
        write(folder.path(), "a.md", "# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.1.0\n\n- Breaking: old.\n");
    let status = |new: &str, changelog: &str| {
        let changelog = Some(PathBuf::from(changelog));
        let (old, new) = (Some(old.clone()), Some(new.to_owned()));
        let outcome = run_in(folder.path(), &Options { old, new, changelog, ..Options::default() });
        outcome.map_or_else(|error| (2, error), |outcome| (outcome.status, outcome.err))
    };
    let (code, err) = status(&new, &silent);
    assert_eq!(code, 1);
    let line = "- Breaking: `notes().delete` -> `notes().remove`: the old name is removed.\n";
    assert!(err.contains("a.md does not mention 1 breaking change\nhelp: add under `## Unreleased`"), "{err}");
    assert!(err.ends_with(line), "{err}");
    for entry in ["- Breaking: `notes().remove`, before `delete`.\n", "- Breaking: all of `notes()`.\n", line] {
        let path = write(folder.path(), "b.md", &format!("# Changelog\n\n## Unreleased\n\n{entry}"));
        assert_eq!(status(&new, &path).0, 0, "{entry}");
    }
    for silent in
        ["- Breaking: `notes().list`.\n", "- Breaking: notes, delete and remove.\n", "- `notes().remove` is new.\n"]
    {
        let path = write(folder.path(), "c.md", &format!("# Changelog\n\n## Unreleased\n\n{silent}"));
        assert_eq!(status(&new, &path).0, 1, "{silent}");
    }
    assert_eq!(status(&added, &silent).0, 0);
    assert_eq!(status(&new, "no/such/file.md").0, 2);
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
    let faulty = write(folder.path(), "faulty.yaml", &NOTES.replacen("operationId:", "operationid:", 1));
    let outcome = compare(folder.path(), &faulty).unwrap();
    assert_eq!((outcome.status, outcome.out.as_str()), (1, ""));
    for part in
        ["did you mean `operationId`?", &format!("error: cannot read {faulty} (old)"), "help: compare an older spec"]
    {
        assert!(outcome.err.contains(part), "{}", outcome.err);
    }
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), SPEC, NOTES);
    let error = compare(outside.path(), "HEAD").unwrap_err();
    assert!(error.contains("is not in a git repository\nhelp: give two files"), "{error}");
}

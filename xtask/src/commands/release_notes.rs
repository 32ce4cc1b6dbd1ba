//! `cargo xtask release-notes`: what users learn about a release.

use std::fs;
use std::path::Path;

use clap::Args;
use weeek_codegen::diff::{DiffLabels, Spec, Version};

use super::diff::{Side, compare, git, released};
use super::operations::evidence;
use crate::outcome::Outcome;
use crate::workspace;

/// Print the notes of a release as Markdown: its section of the changelog, what changed since the last release, the evidence.
///
/// Exit status: 0 printed, 2 no such release or I/O.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// The revision of the last release [default: its tag below HEAD]
    #[arg(long, value_name = "REVISION")]
    since: Option<String>,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    notes(&workspace::root()?, options.since.as_deref()).map(Outcome::clean)
}

fn notes(root: &Path, since: Option<&str>) -> Result<String, String> {
    let new = Side::read(root, None)?;
    let read = |side: &Side| Spec::read(&side.text).map_err(|_| format!("{} has errors", side.name));
    let changelog = fs::read_to_string(root.join("CHANGELOG.md")).map_err(|error| format!("CHANGELOG.md: {error}"))?;
    let mut notes = section(&changelog, new.version)?;
    let evidence = format!("\n### Evidence of the operations\n\n{}.\n", counts(&new.text)?);
    let Some(since) = since.map(str::to_owned).or_else(|| last_tag(root)) else { return Ok(notes + &evidence) };
    let old = Side::read(root, Some(&since))?;
    let diff = compare(&old, &read(&old)?, &new, &read(&new)?)?;
    let labels = DiffLabels { old: since, new: new.version.to_string(), version: old.version, current: new.version };
    notes += &evidence.replace(".\n", &format!(" (before: {}).\n", counts(&old.text)?));
    Ok(format!("{notes}\n{}", diff.markdown(&labels)))
}

/// The section of a version, without its heading.
fn section(changelog: &str, version: Version) -> Result<String, String> {
    let lines = changelog.lines().skip_while(|line| released(line) != Some(version));
    let lines: Vec<&str> = lines.skip(1).take_while(|line| !line.starts_with("## ")).collect();
    match lines.join("\n").trim() {
        "" => Err(format!("CHANGELOG.md has no section {version}\nhelp: `cargo release` gives it its heading")),
        section => Ok(format!("{section}\n")),
    }
}

/// The tag of the release before this revision.
fn last_tag(root: &Path) -> Option<String> {
    let output = git(root).args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD^"]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `157 operations: 93 documented, 49 live`
fn counts(spec: &str) -> Result<String, String> {
    let operations = weeek_codegen::operations(spec).map_err(|_| "the spec has errors")?;
    Ok(format!("{} operations: {}", operations.len(), evidence(&operations)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_a_section_and_evidence() {
        let changelog =
            "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n- B.\n\n### C\n\n- D.\n\n## 0.1.0\n\n- A.\n";
        for (version, expected) in [("0.2.0", "- B.\n\n### C\n\n- D.\n"), ("0.1.0", "- A.\n")] {
            assert_eq!(section(changelog, version.parse().unwrap()).unwrap(), expected);
        }
        assert!(
            section(changelog, "0.3.0".parse().unwrap()).unwrap_err().starts_with("CHANGELOG.md has no section 0.3.0")
        );

        let folder = tempfile::tempdir().unwrap();
        let spec = fs::read_to_string(workspace::root().unwrap().join("spec/openapi.yaml")).unwrap();
        for (path, text) in [("spec/openapi.yaml", spec.as_str()), ("CHANGELOG.md", changelog)] {
            fs::create_dir_all(folder.path().join("spec")).unwrap();
            fs::write(folder.path().join(path), text).unwrap();
        }
        fs::write(folder.path().join("Cargo.toml"), "version = \"0.1.0\"\n").unwrap();
        let notes = notes(folder.path(), None).unwrap();
        assert!(notes.starts_with("- A.\n\n### Evidence of the operations\n\n157 operations: "), "{notes}");
    }
}

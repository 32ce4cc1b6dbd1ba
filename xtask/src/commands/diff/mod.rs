//! `cargo xtask diff`: reports how a spec change affects users.

mod changelog;
mod side;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use weeek_codegen::diff::{Cause, Diff, DiffLabels, Spec};

pub(super) use self::changelog::released;
pub(super) use self::side::{Side, git};
use super::diagnostics::is_colored;
use crate::format::Format;
use crate::outcome::Outcome;
use crate::workspace::{self, NamedPath};

/// Report how a change of the spec, of the generator or of the hand-written code affects users of the client.
///
/// Each side is a file, or a git revision: `HEAD~3`, `v0.1.0`, `main:spec/openapi.yaml`. An existing file wins. Of revisions,
/// the code is compared too. Exit status: 0 success, 1 too low a version, unlisted change or errors in a spec, 2 usage or I/O.
#[derive(Clone, Debug, Default, Args)]
pub struct Options {
    /// The published spec [default: HEAD]
    old: Option<String>,
    /// The new spec [default: the working tree]
    new: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 1 if the new version in Cargo.toml is lower than the changes ask for.
    #[arg(long)]
    check_version: bool,
    /// Exit with 1 if a breaking change has no line `- Breaking: …` under `## Unreleased` of this file.
    #[arg(long, value_name = "FILE")]
    changelog: Option<PathBuf>,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    run_in(&workspace::root()?, options)
}

fn run_in(root: &Path, options: &Options) -> Result<Outcome, String> {
    let old = Side::read(root, Some(options.old.as_deref().unwrap_or("HEAD")))?;
    let new = Side::read(root, options.new.as_deref())?;
    let diff = match (read("old", &old), read("new", &new)) {
        (Ok(old_spec), Ok(new_spec)) => compare(&old, &old_spec, &new, &new_spec)?,
        (Err(err), _) | (_, Err(err)) => return Ok(Outcome { status: 1, err, ..Outcome::default() }),
    };
    let labels = DiffLabels { old: old.name, new: new.name, version: old.version, current: new.version };
    let mut outcome = Outcome::clean(match options.format {
        Format::Text => diff.text(&labels),
        Format::Markdown => diff.markdown(&labels),
        Format::Json => diff.json(&labels),
    });
    if options.check_version && labels.is_too_low(&diff) {
        outcome.status = 1;
        let next = diff.release(labels.version).map(|release| release.version.to_string()).unwrap_or_default();
        let _ = writeln!(outcome.err, "error: version {} is too low\nhelp: release {next}", labels.current);
    }
    if let Some(path) = &options.changelog {
        let changelog = NamedPath::new(Some(path), "")?;
        let unmentioned = changelog::unmentioned(&changelog.read()?, &diff, labels.version);
        if !unmentioned.is_empty() {
            outcome.status = 1;
            outcome.err += &changelog::missing_entries(&unmentioned, &changelog.name);
        }
    }
    Ok(outcome)
}

/// The differences by the spec; and if both sides are revisions, those by the generator and by the hand-written code.
pub(super) fn compare(old: &Side, old_spec: &Spec, new: &Side, new_spec: &Spec) -> Result<Diff, String> {
    let mut diff = Diff::between(old_spec, new_spec);
    if old.code.is_some() && new.code.is_some() {
        if old.sources(true).next().is_some() {
            let files = old_spec.files();
            diff.add_code(Cause::Generator, old.sources(true), files.iter())?;
        }
        diff.add_code(Cause::Runtime, old.sources(false), new.sources(false))?;
    }
    Ok(diff)
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
mod tests;

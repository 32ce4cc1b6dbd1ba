//! Finds breaking changes that the changelog does not mention.

use std::fmt::Write as _;

use weeek_codegen::diff::{Change, Diff, Impact, Version};

use crate::format::counted;

const HEADING: &str = "## Unreleased";
const MARK: &str = "- Breaking";

/// The breaking changes that no entry of `changelog` mentions, in the order of the diff.
///
/// An entry names a function or a type in code: `` `tasks().list` ``, `` `Task` `` or `` `Task::title` ``; after a rename,
/// either name will do. `` `tasks()` `` stands for all functions of a resource. An entry `- Breaking until 0.3.0: …` no longer
/// counts once the old side has that version.
pub(super) fn unmentioned<'d>(changelog: &str, diff: &'d Diff, old: Version) -> Vec<&'d Change> {
    let entries: Vec<String> = entries(changelog, old).into_iter().filter(|entry| holds(entry, old)).collect();
    let spans: Vec<&str> = entries.iter().flat_map(|entry| code_spans(entry)).collect();
    let is_mentioned =
        |change: &Change| change.name.split(" -> ").any(|name| spans.iter().any(|span| mentions(span, name)));
    let breaking = diff.changes().iter().filter(|change| change.impact == Impact::Breaking);
    breaking.filter(|change| !is_mentioned(change)).collect()
}

/// The error, with changelog entries to paste.
pub(super) fn missing_entries(unmentioned: &[&Change], path: &str) -> String {
    let mut text = format!(
        "error: {path} does not mention {}\nhelp: add under `{HEADING}`, and say what callers write now:\n",
        counted(unmentioned.len(), "breaking change")
    );
    let mut at = 0;
    while let Some(first) = unmentioned.get(at) {
        let alike = unmentioned[at..].iter().take_while(|change| change.name == first.name);
        let texts: Vec<&str> = alike.map(|change| change.text.as_str()).collect();
        at += texts.len();
        let _ = writeln!(text, "{MARK}: `{}`: {}.", first.name.replace(" -> ", "` -> `"), texts.join("; "));
    }
    text
}

/// The entries since the old version that are marked as breaking, each with its continuation lines.
fn entries(changelog: &str, old: Version) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    let mut is_open = false;
    let lines = changelog.lines().skip_while(|line| line.trim_end() != HEADING).skip(1);
    let is_old = |line: &&str| released(line).is_some_and(|version| version <= old);
    for line in lines.take_while(|line| !is_old(line)) {
        if line.starts_with("- ") || line.starts_with('#') {
            is_open = line.starts_with("- Breaking:") || line.starts_with("- Breaking until ");
            entries.extend(is_open.then(String::new));
        }
        if let Some(entry) = entries.last_mut().filter(|_| is_open) {
            entry.push_str(line);
            entry.push('\n');
        }
    }
    entries
}

/// The version of a heading: `## 0.2.0 (2026-12-01)`.
pub(in crate::commands) fn released(line: &str) -> Option<Version> {
    line.strip_prefix("## ")?.split(' ').next()?.parse().ok()
}

/// Whether an entry still counts for the changes since a version.
fn holds(entry: &str, old: Version) -> bool {
    let until = entry.strip_prefix("- Breaking until ").and_then(|rest| rest.split(':').next());
    until.is_none_or(|until| until.trim().parse().is_ok_and(|until: Version| old < until))
}

/// The text in backticks.
fn code_spans(entry: &str) -> impl Iterator<Item = &str> {
    entry.split('`').skip(1).step_by(2)
}

/// Whether `span` contains `name` as a whole word, or the resource of the function.
fn mentions(span: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let contains = |name: &str, ends: &dyn Fn(&str) -> bool| {
        span.match_indices(name).any(|(at, _)| {
            let (before, after) = (&span[..at], &span[at + name.len()..]);
            !before.ends_with(is_part) && !after.starts_with(is_part) && ends(after)
        })
    };
    let resource = name.split_once("().").map(|(resource, _)| format!("{resource}()"));
    contains(name, &|_| true) || resource.is_some_and(|resource| contains(&resource, &|after| !after.starts_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole() {
        for (span, name) in [
            ("tasks().list", "tasks().list"),
            ("weeek.tasks().list(query)", "tasks().list"),
            ("tasks()", "tasks().list"),
            ("Task::title", "Task"),
            ("Vec<Task>", "Task"),
        ] {
            assert!(mentions(span, name), "{span} mentions {name}");
        }
        for (span, name) in [
            ("tasks().list_comments", "tasks().list"),
            ("subtasks().list", "tasks().list"),
            ("tasks().get", "tasks().list"),
            ("TaskComment", "Task"),
            ("CreateTask", "Task"),
        ] {
            assert!(!mentions(span, name), "{span} does not mention {name}");
        }
    }

    #[test]
    fn an_approval_ends_with_its_version() {
        for (entry, expected) in [
            ("- Breaking: `A`.", true),
            ("- Breaking until 0.3.0: `A`.", true),
            ("- Breaking until 0.2.0: `A`.", false),
            ("- Breaking until soon: `A`.", false),
        ] {
            assert_eq!(holds(entry, "0.2.0".parse().unwrap()), expected, "{entry}");
        }
    }

    #[test]
    fn only_breaking_entries_since_the_old_version_count() {
        let text = "# Changelog\n\n## Unreleased\n\n- Breaking: `A`\n  and `B`.\n- New: `C`.\n\n### More\n\n- Breaking: `D`.\n\n\
                    ## 0.2.0 (2026-12-01)\n\n- Breaking: `E`.\n\n## 0.1.0\n\n- Breaking: `F`.\n";
        for (old, expected) in [("0.1.0", &["A", "B", "D", "E"][..]), ("0.2.0", &["A", "B", "D"])] {
            let entries = entries(text, old.parse().unwrap());
            assert_eq!(entries.iter().flat_map(|entry| code_spans(entry)).collect::<Vec<_>>(), expected);
        }
    }
}

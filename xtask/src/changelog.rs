//! Whether the changelog tells of what breaks.

use std::fmt::Write as _;

use weeek_codegen::diff::{Change, Diff, Impact};

const HEADING: &str = "## Unreleased";
const MARK: &str = "- Breaking:";

/// The breaking changes that no entry of `changelog` names, in the order of the difference.
///
/// An entry names a function or a type in code: `` `tasks().list` ``, `` `Task` `` or `` `Task::title` ``; after a rename,
/// either name will do. `` `tasks()` `` stands for all functions of a resource.
pub(crate) fn untold<'d>(changelog: &str, diff: &'d Diff) -> Vec<&'d Change> {
    let told = entries(changelog).iter().flat_map(|entry| spans(entry)).map(str::to_owned).collect::<Vec<_>>();
    let is_told = |change: &Change| change.name.split(" -> ").any(|name| told.iter().any(|span| names(span, name)));
    let breaking = diff.changes().iter().filter(|change| change.impact == Impact::Breaking);
    breaking.filter(|change| !is_told(change)).collect()
}

/// What is wrong, and the lines to be pasted.
pub(crate) fn advice(untold: &[&Change], path: &str) -> String {
    let changes =
        if untold.len() == 1 { "a breaking change".to_owned() } else { format!("{} breaking changes", untold.len()) };
    let mut text = format!(
        "error: {path} says nothing of {changes}\nhelp: add under `{HEADING}`, and say what callers have to write now:\n"
    );
    let mut at = 0;
    while let Some(first) = untold.get(at) {
        let alike = untold[at..].iter().take_while(|change| change.name == first.name);
        let texts: Vec<&str> = alike.map(|change| change.text.as_str()).collect();
        at += texts.len();
        let _ = writeln!(text, "{MARK} `{}`: {}.", first.name.replace(" -> ", "` -> `"), texts.join("; "));
    }
    text
}

/// The entries of what is not released yet that are marked as breaking, each with the lines that go on with it.
fn entries(changelog: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    let mut is_open = false;
    let lines = changelog.lines().skip_while(|line| line.trim_end() != HEADING).skip(1);
    for line in lines.take_while(|line| !line.starts_with("## ")) {
        if line.starts_with("- ") || line.starts_with('#') {
            is_open = line.starts_with(MARK);
            entries.extend(is_open.then(String::new));
        }
        if let Some(entry) = entries.last_mut().filter(|_| is_open) {
            entry.push_str(line);
            entry.push('\n');
        }
    }
    entries
}

/// What stands between backticks.
fn spans(entry: &str) -> impl Iterator<Item = &str> {
    entry.split('`').skip(1).step_by(2)
}

/// Whether `span` has `name` in it as a whole, or the resource that the function belongs to.
fn names(span: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let stands = |name: &str, ends: &dyn Fn(&str) -> bool| {
        span.match_indices(name).any(|(at, _)| {
            let (before, after) = (&span[..at], &span[at + name.len()..]);
            !before.ends_with(is_part) && !after.starts_with(is_part) && ends(after)
        })
    };
    let resource = name.split_once("().").map(|(resource, _)| format!("{resource}()"));
    stands(name, &|_| true) || resource.is_some_and(|resource| stands(&resource, &|after| !after.starts_with('.')))
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
            assert!(names(span, name), "{span} names {name}");
        }
        for (span, name) in [
            ("tasks().list_comments", "tasks().list"),
            ("subtasks().list", "tasks().list"),
            ("tasks().get", "tasks().list"),
            ("TaskComment", "Task"),
            ("CreateTask", "Task"),
        ] {
            assert!(!names(span, name), "{span} does not name {name}");
        }
    }

    #[test]
    fn only_breaking_entries_of_what_is_unreleased_count() {
        let text = "# Changelog\n\n## Unreleased\n\n- Breaking: `A`\n  and `B`.\n- New: `C`.\n\n### More\n\n- Breaking: `D`.\n\n\
                    ## 0.1.0\n\n- Breaking: `E`.\n";
        let told: Vec<String> = entries(text).iter().flat_map(|entry| spans(entry)).map(str::to_owned).collect();
        assert_eq!(told, ["A", "B", "D"]);
    }
}

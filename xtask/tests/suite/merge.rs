//! Merges two branches that each add an operation. The result calls no other endpoint: it is a conflict, or every function has its row.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use xtask::workspace;

/// The spec with a further operation before the path `before`.
fn with_operation(spec: &str, before: &str, path: &str, id: &str) -> String {
    let (_, block) = spec.split_once("  /tm/tasks/{taskId}/un-complete:\n").unwrap();
    let block = block.split("\n  /").next().unwrap();
    let block = block.replace("tasks.reopen", id).replace("Reopen a completed task.", "Do something new with a task.");
    let added = format!("  {path}:\n{block}\n");
    let at = spec.find(&format!("  {before}:\n")).unwrap();
    format!("{}{added}{}", &spec[..at], &spec[at..])
}

fn git(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GIT_")) {
        command.env_remove(name);
    }
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    command.current_dir(folder).args(identity).args(arguments).output().expect("git runs")
}

fn commit(folder: &Path, spec: &str, message: &str) {
    for (path, text) in weeek_codegen::generate(spec).unwrap().files.iter() {
        let path = folder.join("generated").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    git(folder, &["add", "-A"]);
    let output = git(folder, &["commit", "-qm", message]);
    assert!(output.status.success(), "{output:?}");
}

/// A repository with a branch for each of two new operations, and the merge of both.
fn merge(attributes: &str) -> (tempfile::TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let spec = fs::read_to_string(workspace::root().unwrap().join("spec/openapi.yaml")).unwrap();
    git(path, &["init", "-q", "-b", "main"]);
    fs::write(path.join(".gitattributes"), attributes).unwrap();
    commit(path, &spec, "base");
    git(path, &["checkout", "-qb", "one"]);
    commit(
        path,
        &with_operation(&spec, "/tm/tasks/{taskId}/complete", "/tm/tasks/{taskId}/one", "tasks.addOne"),
        "one",
    );
    git(path, &["checkout", "-qb", "two", "main"]);
    commit(
        path,
        &with_operation(&spec, "/tm/tasks/{taskId}/watchers", "/tm/tasks/{taskId}/two", "tasks.addTwo"),
        "two",
    );
    let output = git(path, &["merge", "-q", "one"]);
    (folder, output)
}

/// The name of the row that a function refers to, by the function.
fn rows(text: &str) -> Vec<(String, String)> {
    let functions = text.split("    pub fn ").skip(2);
    let row = |function: &str| {
        let (name, body) = function.split_once(['(', '<']).unwrap();
        let row = body.split_once("Request::new(&")?.1.split_once(')')?.0;
        Some((name.to_owned(), row.to_owned()))
    };
    functions.filter_map(row).collect()
}

#[test]
fn a_clean_merge_calls_no_other_endpoint() {
    let (folder, output) = merge("");
    let text = fs::read_to_string(folder.path().join("generated/endpoints/tasks.rs")).unwrap();
    if !output.status.success() {
        assert!(text.contains("<<<<<<<"), "a conflict does not compile: {output:?}");
        return;
    }
    let rows = rows(&text);
    assert!(rows.len() > 25, "{rows:?}");
    for (function, row) in rows {
        assert_eq!(function.to_uppercase(), row, "the function of another row");
        assert_eq!(text.matches(&format!("    {row} = \"tasks.")).count(), 1, "{row}");
    }
    assert!(text.contains("ADD_ONE = ") && text.contains("ADD_TWO = "));
}

#[test]
fn generated_files_are_never_merged() {
    let attributes = fs::read_to_string(workspace::root().unwrap().join(".gitattributes")).unwrap();
    let pattern = attributes.lines().find(|line| line.contains("-merge")).expect("generated files have -merge");
    let (folder, output) = merge(&pattern.replace("weeek-generated/src/generated", "generated"));
    assert!(!output.status.success(), "git asks the maintainer to generate: {output:?}");
    let status = git(folder.path(), &["status", "--porcelain"]);
    assert!(String::from_utf8_lossy(&status.stdout).contains("UU generated/endpoints/tasks.rs"));
}

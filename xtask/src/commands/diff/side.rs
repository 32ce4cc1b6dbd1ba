//! A side of a comparison: a file, or a revision with the code of the client.

use std::fs;
use std::path::Path;
use std::process::Command;

use weeek_codegen::diff::Version;

use crate::workspace::{NamedPath, SPEC};

const SOURCES: &str = "weeek-generated/src";

/// A spec, its name in messages, and the client that belongs to it.
pub(in crate::commands) struct Side {
    pub(in crate::commands) name: String,
    pub(in crate::commands) text: String,
    /// The version in Cargo.toml.
    pub(in crate::commands) version: Version,
    /// The sources of the client, by paths below `src`; of a file there are none.
    pub(in crate::commands) code: Option<Vec<(String, String)>>,
}

impl Side {
    /// The side with this name, or else the working tree.
    pub(in crate::commands) fn read(root: &Path, name: Option<&str>) -> Result<Self, String> {
        let working_version = || version(&fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default());
        match name {
            None => {
                let file = NamedPath::below(root, SPEC);
                let mut code = Vec::new();
                read_sources(&root.join(SOURCES), "", &mut code)?;
                Ok(Self { text: file.read()?, name: file.name, version: working_version()?, code: Some(code) })
            }
            Some(name) if Path::new(name).exists() && !Path::new(name).is_dir() => {
                let file = NamedPath::new(Some(Path::new(name)), SPEC)?;
                Ok(Self { text: file.read()?, name: file.name, version: working_version()?, code: None })
            }
            Some(name) => {
                let (revision, path) = name.split_once(':').unwrap_or((name, SPEC));
                let text = committed(root, revision, path)?;
                let manifest = show(root, &format!("{revision}:Cargo.toml"))?.unwrap_or_default();
                let code = if path == SPEC { Some(committed_sources(root, revision)?) } else { None };
                Ok(Self { text, name: format!("{revision}:{path}"), version: version(&manifest)?, code })
            }
        }
    }

    /// The generated sources, or the hand-written ones; generated files by paths below their folder.
    pub(in crate::commands) fn sources(&self, is_generated: bool) -> impl Iterator<Item = (&str, &str)> {
        self.code.iter().flatten().filter_map(move |(path, text)| match path.strip_prefix("generated/") {
            Some(path) if is_generated => Some((path, text.as_str())),
            None if !is_generated => Some((path.as_str(), text.as_str())),
            _ => None,
        })
    }
}

/// The first version in a manifest: that of the workspace.
fn version(manifest: &str) -> Result<Version, String> {
    let found = manifest.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    found.unwrap_or(env!("CARGO_PKG_VERSION")).parse()
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// Reads the Rust files below a folder, if there is one.
fn read_sources(folder: &Path, below: &str, found: &mut Vec<(String, String)>) -> Result<(), String> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), format!("{below}{}", entry.file_name().display()));
        if path.is_dir() {
            read_sources(&path, &format!("{name}/"), found)?;
        } else if is_rust(&name) {
            let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            found.push((name, text));
        }
    }
    Ok(())
}

/// The text of a file in a revision.
fn committed(root: &Path, revision: &str, path: &str) -> Result<String, String> {
    let is_known = |arguments: &[&str]| {
        let output = git(root).args(arguments).output();
        let output = output.map_err(|error| format!("cannot run git to read revision {revision}: {error}"))?;
        Ok::<_, String>(output.status.success())
    };
    if !is_known(&["rev-parse", "--git-dir"])? {
        let text = format!("`{revision}` is not a file, and {} is not in a git repository", root.display());
        return Err(format!("{text}\nhelp: give two files: `cargo xtask diff old.yaml new.yaml`"));
    }
    if !is_known(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])? {
        let text = format!("`{revision}` is neither a file nor a revision");
        return Err(format!("{text}\nhelp: `git log --oneline -- {SPEC}` lists the revisions of the spec"));
    }
    show(root, &format!("{revision}:{path}"))?.ok_or_else(|| format!("revision `{revision}` has no file {path}"))
}

/// The sources of the client in a revision: `git show` prints all of them in a row, and `git ls-tree` has their sizes.
fn committed_sources(root: &Path, revision: &str) -> Result<Vec<(String, String)>, String> {
    let run = |arguments: &[&str]| {
        let output = git(root).args(arguments).output().map_err(|error| format!("cannot run git: {error}"))?;
        String::from_utf8(output.stdout).map_err(|_| format!("{SOURCES} in {revision} is not UTF-8"))
    };
    let listed = run(&["ls-tree", "-r", "-l", "-z", "--full-tree", revision, "--", SOURCES])?;
    let mut files = Vec::new();
    for (entry, path) in listed.split('\0').filter_map(|line| line.split_once('\t')) {
        // `100644 blob <id> <size>`
        let mut parts = entry.split_whitespace().skip(2);
        if let (true, Some(id), Some(Ok(size))) = (is_rust(path), parts.next(), parts.next().map(str::parse::<usize>)) {
            files.push((path, id, size));
        }
    }
    let ids = files.iter().map(|(_, id, _)| *id);
    let text = run(&["show", "--no-textconv"].into_iter().chain(ids).collect::<Vec<_>>())?;
    let mut rest = text.as_str();
    let read = |(path, _, size): (&str, &str, usize)| {
        let (text, after) = rest.split_at_checked(size).ok_or_else(|| format!("git shows only a part of {path}"))?;
        rest = after;
        Ok((path.trim_start_matches(SOURCES).trim_start_matches('/').to_owned(), text.to_owned()))
    };
    files.into_iter().map(read).collect()
}

/// The text of an object, such as `HEAD:Cargo.toml`; `None` if it does not exist.
fn show(root: &Path, object: &str) -> Result<Option<String>, String> {
    let output = git(root).args(["cat-file", "blob", object]).output();
    let output = output.map_err(|error| format!("cannot run git: {error}"))?;
    let text = output.status.success().then(|| String::from_utf8(output.stdout)).transpose();
    text.map_err(|_| format!("{object} is not UTF-8"))
}

/// Git in `root`, ignoring variables set by git hooks.
pub(in crate::commands) fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(variable);
    }
    git.arg("-C").arg(root);
    git
}

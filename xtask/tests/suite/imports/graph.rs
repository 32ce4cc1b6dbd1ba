//! The imports of a crate's modules. The tests of every crate of the workspace read their sources with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The modules that each module imports, by paths such as `crate::call::pages`.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

/// Reads the modules in `folder`.
pub(crate) fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    sources(folder, "crate", &mut found);
    found
}

/// Reads the modules in `folder`, without their tests.
pub(crate) fn modules(folder: &Path) -> BTreeMap<String, String> {
    let without_tests = |text: String| text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
    texts(folder).into_iter().map(|(module, text)| (module, without_tests(text))).collect()
}

pub(crate) fn graph(modules: &BTreeMap<String, String>) -> Graph {
    modules.iter().map(|(module, text)| (module.clone(), imports(module, text, modules))).collect()
}

/// The modules on a circle, and those that import one: what remains after repeatedly removing modules without imports.
pub(crate) fn circles(graph: &Graph) -> Graph {
    let mut rest = graph.clone();
    loop {
        let names: BTreeSet<String> = rest.keys().cloned().collect();
        rest.retain(|_, imported| imported.iter().any(|other| names.contains(other)));
        if rest.len() == names.len() {
            return rest;
        }
    }
}

/// Adds the modules in `folder` by their paths.
fn sources(folder: &Path, module: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let below = if name == "mod" { module.to_owned() } else { format!("{module}::{name}") };
        if path.is_dir() {
            sources(&path, &below, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.insert(below, fs::read_to_string(&path).unwrap());
        }
    }
}

/// The paths of a use tree: `a::{b, c::d}` has `a::b` and `a::c::d`.
fn expand(tree: &str, prefix: &str, paths: &mut Vec<String>) {
    let Some((head, group)) = tree.split_once('{') else { return paths.push(format!("{prefix}{}", tree.trim())) };
    let (mut depth, mut start) = (0, 0);
    let group = format!("{},", group.trim_end().strip_suffix('}').unwrap());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = group[start..at].trim();
                if !part.is_empty() {
                    expand(part, &format!("{prefix}{}", head.trim()), paths);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// The modules that a module imports.
fn imports(module: &str, text: &str, modules: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut paths = Vec::new();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
    for (at, line) in lines.iter().enumerate() {
        let line = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
        if let Some(first) = line.strip_prefix("use ") {
            let tree = format!("{first} {}", lines[at + 1..].join(" "));
            expand(tree.split(';').next().unwrap(), "", &mut paths);
        }
    }
    // Paths in the code itself.
    let text = lines.join(" ");
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    for start in ["crate::", "super::"] {
        let found = text.match_indices(start).filter_map(|(at, _)| text[at..].split(|letter| !is_path(letter)).next());
        paths.extend(found.map(str::to_owned));
    }
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let absolute = |path: &String| match path.split_once("::") {
        Some(("crate", rest)) => format!("crate::{rest}"),
        Some(("super", rest)) => format!("{parent}::{rest}"),
        Some(("self", rest)) => format!("{module}::{rest}"),
        _ => format!("{module}::{path}"),
    };
    let module_of = |path: String| {
        let mut path = path.as_str();
        while !modules.contains_key(path) {
            path = path.rsplit_once("::")?.0;
        }
        Some(path.to_owned())
    };
    paths.iter().map(absolute).filter_map(module_of).filter(|found| found != module).collect()
}

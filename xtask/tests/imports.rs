//! Reads the source: imports follow the order in `lib.rs` without a circle, files are short, and no path is compiled in.

#![allow(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use xtask::workspace;

/// Modules of the library from the bottom to the top. Those of one line do not import each other.
const ORDER: [&[&str]; 6] = [
    &["outcome", "format", "text_formats", "files"],
    &["workspace"],
    &["contract"],
    &["mock", "upstream"],
    &["probe"],
    &["commands"],
];

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

/// The text without its tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap()
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
    let lines: Vec<&str> = code(text).lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
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

#[test]
fn imports_follow_the_order_and_have_no_circle() {
    let mut modules = BTreeMap::new();
    sources(&workspace::root().unwrap().join("xtask/src"), "crate", &mut modules);
    modules.retain(|module, _| !["crate::lib", "crate::main", "crate::bin::live"].contains(&module.as_str()));
    assert!(modules.len() > 30, "{modules:?}");
    let graph: BTreeMap<_, _> =
        modules.iter().map(|(module, text)| (module, imports(module, text, &modules))).collect();
    assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 80, "the imports are found");

    let room = |module: &str| module.split("::").nth(1).unwrap().to_owned();
    let floor = |room: &str| ORDER.iter().position(|floor| floor.contains(&room)).expect(room);
    for (module, imported) in &graph {
        for other in imported {
            let (from, to) = (room(module), room(other));
            assert!(from == to || floor(&from) > floor(&to), "{module} imports {other}, against the order");
        }
    }

    // Whatever remains after repeatedly removing modules without imports is on a circle, or imports one.
    let mut rest = graph;
    loop {
        let before = rest.len();
        let names: BTreeSet<String> = rest.keys().map(|module| (*module).clone()).collect();
        rest.retain(|_, imported| imported.iter().any(|other| names.contains(other)));
        if rest.len() == before {
            break;
        }
    }
    assert!(rest.is_empty(), "modules import each other in a circle: {rest:#?}");
}

#[test]
fn files_are_short() {
    let mut modules = BTreeMap::new();
    sources(&workspace::root().unwrap().join("xtask/src"), "crate", &mut modules);
    for (module, text) in modules {
        assert!(code(&text).lines().count() <= 400, "{module} is too long");
    }
}

/// Checkouts can share a target folder, and then share programs and tests.
#[test]
fn no_path_of_a_checkout_is_compiled_in() {
    let (root, mut modules) = (workspace::root().unwrap(), BTreeMap::new());
    for folder in ["xtask/src", "xtask/tests", "weeek-codegen/src", "weeek-codegen/tests", "weeek-generated/tests"] {
        sources(&root.join(folder), folder, &mut modules);
    }
    let macro_name = format!("env!({}", "\"CARGO_MANIFEST_DIR");
    for (module, text) in modules {
        assert!(!text.contains(&macro_name), "{module}");
    }
}

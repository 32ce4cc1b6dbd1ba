//! Reads the imports of `src`: they follow the order in `lib.rs`, and no modules import each other in a circle.

mod graph;

use std::collections::BTreeSet;

use xtask::workspace;

/// Modules of the library from the bottom to the top. Those of one line do not import each other.
const ORDER: [&[&str]; 7] = [
    &["printable"],
    &["outcome", "format", "text_formats", "files", "pointer"],
    &["workspace", "yaml"],
    &["contract"],
    &["mock", "upstream"],
    &["probe"],
    &["commands"],
];

#[test]
fn imports_follow_the_order_and_have_no_circle() {
    let mut modules = graph::modules(&workspace::root().unwrap().join("xtask/src"));
    modules.retain(|module, _| !["crate::lib", "crate::main", "crate::bin::live"].contains(&module.as_str()));
    assert!(modules.len() > 30, "{modules:?}");
    let graph = graph::graph(&modules);
    assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 80, "the imports are found");

    let room = |module: &str| module.split("::").nth(1).unwrap().to_owned();
    let floor = |room: &str| ORDER.iter().position(|floor| floor.contains(&room)).expect(room);
    for (module, imported) in &graph {
        for other in imported {
            let (from, to) = (room(module), room(other));
            assert!(from == to || floor(&from) > floor(&to), "{module} imports {other}, against the order");
        }
    }

    let rest = graph::circles(&graph);
    assert!(rest.is_empty(), "modules import each other in a circle: {rest:#?}");
}

#[test]
fn files_are_short() {
    for (module, text) in graph::modules(&workspace::root().unwrap().join("xtask/src")) {
        assert!(text.lines().count() <= 400, "{module} is too long");
    }
}

/// Checkouts can share a target folder, and then share programs and tests.
#[test]
fn no_path_of_a_checkout_is_compiled_in() {
    let root = workspace::root().unwrap();
    let macro_name = format!("env!({}", "\"CARGO_MANIFEST_DIR");
    for folder in ["xtask/src", "xtask/tests", "weeek-codegen/src", "weeek-codegen/tests", "weeek-generated/tests"] {
        for (module, text) in graph::texts(&root.join(folder)) {
            assert!(!text.contains(&macro_name), "{folder}: {module}");
        }
    }
}

//! Checks the imports of `src`: they follow the order of the layers, and have no cycles.

#![allow(missing_docs)]

#[path = "../../xtask/tests/suite/imports/graph.rs"]
mod graph;

use std::collections::BTreeSet;

/// Layers of modules, from the bottom to the top. The longest prefix counts. A module imports from its own layer and from lower ones.
const ORDER: [&[&str]; 11] = [
    &["operation", "model", "generated::server", "generated::examples", "transport::token"],
    &["request::path", "request::query"],
    &["response"],
    &["error"],
    &["request", "response::decode", "response::envelope"],
    &["transport"],
    &["call"],
    &["client"],
    &["prelude", "model::ids", "model::enums", "model::request_objects", "model::response_objects", "generated"],
    &["download", "helpers"],
    &["testing"],
];

fn layer(module: &str) -> usize {
    let path = module.strip_prefix("crate::").unwrap();
    let is_in = |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("::"));
    let layers = ORDER.iter().enumerate();
    let prefixes =
        layers.flat_map(|(layer, prefixes)| prefixes.iter().map(move |prefix| (prefix.len(), layer, *prefix)));
    let (_, layer, _) =
        prefixes.filter(|(.., prefix)| is_in(prefix)).max().unwrap_or_else(|| panic!("{module} has no layer"));
    layer
}

#[test]
fn imports_follow_the_layers() {
    let mut modules = graph::modules(&xtask::workspace::root().unwrap().join("weeek-generated/src"));
    modules.remove("crate::lib");
    let graph = graph::graph(&modules);
    assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 150, "imports are missing");
    for (module, imported) in &graph {
        for other in imported {
            assert!(layer(module) >= layer(other), "{module} imports {other} from a higher layer");
        }
    }
    let cycles = graph::circles(&graph);
    assert!(cycles.is_empty(), "modules import each other: {cycles:#?}");
}

#[test]
fn files_written_by_hand_are_short() {
    for (module, text) in graph::modules(&xtask::workspace::root().unwrap().join("weeek-generated/src")) {
        assert!(module.starts_with("crate::generated") || text.lines().count() <= 400, "{module} is too long");
    }
}

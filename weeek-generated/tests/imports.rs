//! Reads the imports of `src`: they go one way, and no modules import each other in a circle.

#![allow(missing_docs)]

#[path = "../../xtask/tests/imports/graph.rs"]
mod graph;

use std::collections::BTreeSet;

/// Modules from the bottom to the top; the longest prefix counts. A module imports those of its own floor and of the floors below.
const ORDER: [&[&str]; 10] = [
    &["operation", "model", "generated::server", "transport::token"],
    &["request::path", "request::query"],
    &["response"],
    &["error"],
    &["request", "response::decode", "response::envelope"],
    &["transport"],
    &["call"],
    &["client"],
    &["prelude", "model::ids", "model::enums", "model::objects", "generated"],
    &["download"],
];

fn floor(module: &str) -> usize {
    let path = module.strip_prefix("crate::").unwrap();
    let is_in = |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("::"));
    let floors = ORDER.iter().enumerate();
    let prefixes =
        floors.flat_map(|(floor, prefixes)| prefixes.iter().map(move |prefix| (prefix.len(), floor, *prefix)));
    let (_, floor, _) =
        prefixes.filter(|(.., prefix)| is_in(prefix)).max().unwrap_or_else(|| panic!("{module} is new"));
    floor
}

#[test]
fn imports_go_one_way() {
    let mut modules = graph::modules(&xtask::workspace::root().unwrap().join("weeek-generated/src"));
    modules.remove("crate::lib");
    let graph = graph::graph(&modules);
    assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 150, "the imports are found");
    for (module, imported) in &graph {
        for other in imported {
            assert!(floor(module) >= floor(other), "{module} imports {other}, against the order");
        }
    }
    let rest = graph::circles(&graph);
    assert!(rest.is_empty(), "modules import each other in a circle: {rest:#?}");
}

#[test]
fn files_written_by_hand_are_short() {
    for (module, text) in graph::modules(&xtask::workspace::root().unwrap().join("weeek-generated/src")) {
        assert!(module.starts_with("crate::generated") || text.lines().count() <= 400, "{module} is too long");
    }
}

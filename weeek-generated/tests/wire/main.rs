//! Calls every operation over a real socket. A validator that shares no code with the generator checks requests, responses and
//! examples against the spec.

#![allow(missing_docs)]
#![expect(deprecated, reason = "deprecated operations are tested too")]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

mod contacts;
mod custom_fields;
mod deals;
mod examples;
mod ids;
mod projects;
mod schema;
mod spec;
mod tasks;
mod wire;
mod workspace;

use std::collections::BTreeSet;

use weeek_generated::Upload;

/// Two files for an upload.
fn files() -> [Upload; 2] {
    [Upload::bytes("a.txt", "hello"), Upload::bytes("b.png", vec![0, 159]).content_type("image/png")]
}

#[test]
fn every_tag_has_a_test() {
    let tests =
        [workspace::TAGS, custom_fields::TAGS, projects::TAGS, tasks::TAGS, deals::TAGS, contacts::TAGS].concat();
    let tags = weeek_generated::operations().map(|operation| operation.id().split('.').next().unwrap());
    assert_eq!(tests.into_iter().collect::<BTreeSet<_>>(), tags.collect());
}

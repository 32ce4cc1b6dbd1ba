//! Every operation on a real socket. What is sent, the examples, and the answers are held against the document by a validator
//! that knows nothing of the generator.

#![allow(missing_docs)]
#![expect(deprecated, reason = "what Weeek deprecates is still there")]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

mod cast;
mod custom_fields;
mod deals;
mod directory;
mod document;
mod examples;
mod projects;
mod schema;
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
        [workspace::TAGS, custom_fields::TAGS, projects::TAGS, tasks::TAGS, deals::TAGS, directory::TAGS].concat();
    let tags = weeek_generated::operations().map(|operation| operation.id().split('.').next().unwrap());
    assert_eq!(tests.into_iter().collect::<BTreeSet<_>>(), tags.collect());
}

//! What fuzzing found worth keeping, as a plain test. CONTRIBUTING.md says how to fuzz on.

#![allow(missing_docs)]

#[path = "../fuzz/document.rs"]
mod document;
#[path = "../fuzz/edits.rs"]
mod edits;
#[path = "../fuzz/hostile.rs"]
mod hostile;
mod package;

use std::fs;

/// Runs `target` on every file of its corpus.
fn each(name: &str, target: fn(&[u8])) {
    let folder = package::path(&format!("fuzz/corpus/{name}"));
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 40, "{} files", paths.len());
    for path in paths {
        eprintln!("{}", path.display());
        target(&fs::read(path).unwrap());
    }
}

#[test]
fn any_text_is_a_client_or_faults() {
    each("document", document::run);
}

#[test]
fn any_change_of_a_sound_document_is_a_client_or_faults() {
    each("edits", edits::run);
}

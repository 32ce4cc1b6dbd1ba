//! The fuzzing corpus as a test. `fuzz/README.md` describes how to fuzz.

use std::fs;

use crate::{document, package};

#[test]
fn any_text_is_a_client_or_errors() {
    let folder = package::path("fuzz/corpus/document");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 40, "{} files", paths.len());
    for path in paths {
        eprintln!("{}", path.display());
        document::run(&fs::read(path).unwrap());
    }
}

//! What lint calls clean compiles, and neither clippy nor rustdoc warns of the generated code.

use std::fs;
use std::path::Path;

use crate::{package, runtime};

#[test]
fn unusual_names_and_docs_compile_without_warnings() {
    let text = fs::read_to_string(package::path("tests/clean/spec.yaml")).unwrap();
    let client = weeek_codegen::generate(&text)
        .unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render("spec.yaml", &text, false)));
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clean");
    let files = client.files.iter().map(|(path, text)| (format!("generated/{path}"), text.to_owned()));
    let calls = client.beside.get("tests/generated/calls.rs").unwrap();
    assert!(calls.contains("weeek.books().create(") && calls.contains("weeek.books().list("), "{calls}");
    let files = files.chain([("calls.rs".to_owned(), calls.to_owned())]);
    let warnings = runtime::check(&place, files, "crm", &["clippy", "doc --no-deps"]);
    assert!(warnings.is_empty(), "{}\n{} warnings", warnings.join("\n"), warnings.len());
}

//! What lint calls clean compiles, and neither clippy nor rustdoc warns of the generated code.

#![allow(missing_docs)]

use std::fs;
use std::path::Path;
use std::process::Command;

mod package;
mod runtime;
mod sources;

#[test]
fn unusual_names_and_docs_compile_without_warnings() {
    let text = fs::read_to_string(package::path("tests/clean/spec.yaml")).unwrap();
    let client = weeek_codegen::generate(&text)
        .unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render("spec.yaml", &text, false)));
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clean");
    let calls = client.beside.get("tests/generated/calls.rs").unwrap();
    assert!(calls.contains("weeek.books().create(") && calls.contains("weeek.books().list("), "{calls}");
    runtime::check(&place, &client.files, calls).unwrap_or_else(|errors| panic!("{errors}"));
    // The crate has the lints of the workspace; the runtime itself is linted where it belongs.
    let workspace = fs::read_to_string(package::path("../Cargo.toml")).unwrap();
    let lints = workspace.split("\n[").filter_map(|section| section.strip_prefix("workspace.lints."));
    let mut manifest = fs::read_to_string(place.join("Cargo.toml")).unwrap();
    manifest.extend(lints.flat_map(|section| ["\n[lints.", section]));
    fs::write(place.join("Cargo.toml"), manifest).unwrap();
    let warnings: Vec<String> =
        ["clippy", "doc --no-deps"].iter().flat_map(|command| warnings(&place, command)).collect();
    assert!(warnings.is_empty(), "{}\n{} warnings", warnings.join("\n"), warnings.len());
}

/// The warnings of generated files.
fn warnings(place: &Path, command: &str) -> Vec<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(place)
        .args(command.split(' '))
        .args(["--quiet", "--offline", "--no-default-features", "--features=crm", "--target-dir"])
        .arg(place.with_file_name("runtime-target"))
        .output()
        .expect("cargo runs");
    let output = String::from_utf8_lossy(&output.stderr).into_owned();
    output.split("\n\n").filter(|warning| warning.contains("src/generated/")).map(str::to_owned).collect()
}

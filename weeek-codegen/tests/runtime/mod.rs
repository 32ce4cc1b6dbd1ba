//! The runtime of `weeek-generated` with the client of another document in it, checked by the compiler.

use std::fs;
use std::path::Path;
use std::process::Command;

use weeek_codegen::FileSet;

/// Compiles the generated calls in the crate itself.
const CALLS: &str = "
extern crate self as weeek_generated;
macro_rules! calls {
    ($weeek:ident { $($id:literal => $call:expr,)+ }) => { pub fn calls($weeek: &crate::Client) { $(let _ = $call;)+ } };
}
mod calls;
";

/// Compiles `files` and `calls` with the runtime, in a crate at `place`, or tells what the compiler says. The dependencies are those
/// of `weeek-generated` without TLS, checked once and kept in a target folder of their own.
pub(crate) fn check(place: &Path, files: &FileSet, calls: &str) -> Result<(), String> {
    let original = crate::package::path("../weeek-generated");
    let source = place.join("src");
    let _ = fs::remove_dir_all(&source);
    fs::create_dir_all(source.join("generated")).unwrap();
    let generated = files.iter().map(|(path, text)| (Path::new("generated").join(path), text.to_owned()));
    for (path, text) in crate::sources::of_runtime().into_iter().chain(generated) {
        let path = source.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let lib = source.join("lib.rs");
    fs::write(&lib, fs::read_to_string(&lib).unwrap() + CALLS).unwrap();
    fs::write(source.join("calls.rs"), calls).unwrap();
    fs::write(place.join("Cargo.toml"), manifest(&fs::read_to_string(original.join("Cargo.toml")).unwrap())).unwrap();
    fs::copy(original.join("../Cargo.lock"), place.join("Cargo.lock")).unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(place)
        .args(["check", "--quiet", "--offline", "--no-default-features", "--features=crm", "--target-dir"])
        .arg(place.with_file_name("runtime-target"))
        .env("RUSTFLAGS", "--cap-lints=warn -Awarnings")
        .output()
        .expect("cargo runs");
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// The features and the dependencies of the original in a workspace of one.
fn manifest(original: &str) -> String {
    let section = |name: &str| {
        let (_, rest) = original.split_once(&format!("\n[{name}]\n")).unwrap();
        let section = rest.split("\n[").next().unwrap();
        format!("[{name}]\n{section}\n")
    };
    let package = "[package]\nname = \"weeek-generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n";
    [package, &section("features"), &section("dependencies")].concat()
}

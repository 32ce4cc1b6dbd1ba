//! The runtime of `weeek-generated` with other files in it, checked by cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles the generated calls in the crate itself.
const CALLS: &str = "
extern crate self as weeek_generated;
macro_rules! calls {
    ($weeek:ident { $($id:literal => $call:expr,)+ }) => { pub fn calls($weeek: &crate::Client) { $(let _ = $call;)+ } };
}
macro_rules! bodies {
    ($($id:literal => $ty:ty,)*) => { pub fn bodies(json: &str) { $(let _ = serde_json::from_str::<$ty>(json);)* } };
}
mod calls;
";

/// Runs cargo commands in a crate at `place`, with the lints of the workspace: the runtime, and `files` by their path below `src`.
/// Returns what the commands report of generated files. With `calls.rs`, the calls in it are compiled too.
///
/// The dependencies are those of `weeek-generated` without TLS, checked once.
pub(crate) fn check(
    place: &Path,
    files: impl IntoIterator<Item = (String, String)>,
    features: &str,
    commands: &[&str],
) -> Vec<String> {
    let original = crate::package::path("../weeek-generated");
    let source = place.join("src");
    let _ = fs::remove_dir_all(&source);
    let files = files.into_iter().map(|(path, text)| (PathBuf::from(path), text));
    for (path, text) in crate::sources::of_runtime().into_iter().chain(files) {
        let path = source.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    // The helpers are for models of the spec, which other specs do not have.
    fs::write(source.join("helpers.rs"), "").unwrap();
    if source.join("calls.rs").exists() {
        let library = source.join("lib.rs");
        fs::write(&library, fs::read_to_string(&library).unwrap() + CALLS).unwrap();
    }
    let read = |path: &str| fs::read_to_string(original.join(path)).unwrap();
    fs::write(place.join("Cargo.toml"), manifest(&read("Cargo.toml"), &read("../Cargo.toml"))).unwrap();
    fs::copy(original.join("../Cargo.lock"), place.join("Cargo.lock")).unwrap();
    commands.iter().flat_map(|command| run(place, features, command)).collect()
}

/// In the target folder of the tests, whose macros and build scripts it shares. With a target, its docs stay apart.
fn run(place: &Path, features: &str, command: &str) -> Vec<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(place)
        .args(command.split(' '))
        .args(["--quiet", "--offline", "--no-default-features", "--features", features, "--target", &host()])
        .arg("--target-dir")
        .arg(place.ancestors().nth(2).unwrap())
        .output()
        .expect("cargo runs");
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    let is_generated = |warning: &&str| ["src/generated/", "src/edits/"].iter().any(|path| warning.contains(path));
    let warnings: Vec<String> = report.split("\n\n").filter(is_generated).map(str::to_owned).collect();
    if warnings.is_empty() && !output.status.success() { vec![report] } else { warnings }
}

/// Such as `x86_64-unknown-linux-gnu`.
fn host() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().expect("rustc runs");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

/// The features and dependencies of the original, and the lints and profiles of the workspace, in a workspace of one.
fn manifest(original: &str, workspace: &str) -> String {
    let section = |name: &str| {
        let (_, rest) = original.split_once(&format!("\n[{name}]\n")).unwrap();
        let section = rest.split("\n[").next().unwrap();
        format!("[{name}]\n{section}\n")
    };
    let package = "[package]\nname = \"weeek-generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n";
    let shared = workspace.split("\n[").filter_map(|section| {
        let section = section.strip_prefix("workspace.").unwrap_or(section);
        (section.starts_with("lints.") || section.starts_with("profile.")).then(|| format!("\n[{section}"))
    });
    // With tokio's macros, the macros of all dependencies have the features that the tests build them with.
    let dependencies = section("dependencies").replace("\"fs\", ", "\"fs\", \"macros\", ");
    [package, &section("features"), &dependencies, &shared.collect::<String>()].concat()
}

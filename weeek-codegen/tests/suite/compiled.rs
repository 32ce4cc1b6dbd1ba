//! What lint calls clean compiles, and neither clippy nor rustdoc warns of the generated code.
//!
//! One crate has it all, because the runtime takes time to check: the client of `clean/spec.yaml`, and below `cases` that of the
//! shapes, the models of the specs that are edited, and a module for each edit. `EDITS=5000 cargo test -p weeek-codegen --release
//! --test suite compiled` tries more edits than the default.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::edits::Original;
use crate::{package, shapes, sources};

/// Compiles the generated calls and the cases in the crate itself.
const ROOT: &str = "
extern crate self as weeek_generated;
macro_rules! calls {
    ($weeek:ident { $($id:literal => $call:expr,)+ }) => { pub fn calls($weeek: &crate::Client) { $(let _ = $call;)+ } };
}
macro_rules! bodies {
    ($($id:literal => $ty:ty,)*) => { pub fn bodies(json: &str) { $(let _ = serde_json::from_str::<$ty>(json);)* } };
}
mod calls;
/// Cases.
#[cfg(not(doc))]
";

#[test]
fn clean_specs_compile_without_warnings() {
    let text = fs::read_to_string(package::path("tests/clean/spec.yaml")).unwrap();
    let clean = weeek_codegen::generate(&text)
        .unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render("spec.yaml", &text, false)));
    let calls = clean.beside.get("tests/generated/calls.rs").unwrap();
    assert!(calls.contains("weeek.books().create(") && calls.contains("weeek.books().list("), "{calls}");
    let mut checked = Crate::default();
    checked.add("calls.rs", calls.to_owned());
    clean.files.iter().for_each(|(path, text)| checked.add(&format!("generated/{path}"), text.to_owned()));
    checked.cases("shapes", shapes::accepted().iter());
    // The shapes have no descriptions, and maps of objects without properties.
    checked.modules.push_str("#[allow(missing_docs, clippy::zero_sized_map_values)]\npub mod shapes;\n");
    checked.used.push_str("    (shapes::OPERATIONS, shapes::server::SERVER),\n");
    for original in Original::all() {
        let name = original.path.rsplit("::").next().unwrap();
        if name != "crate" {
            checked.cases(name, original.files.iter().filter(|(path, _)| path.starts_with("models/")));
            let _ = writeln!(checked.modules, "/// Models.\npub mod {name} {{\n/// Types.\npub mod models;\n}}");
        }
        for (seed, text) in original.modules() {
            checked.edit(&format!("{name}_seed{seed}"), &text);
        }
    }
    let warnings = checked.warnings();
    assert!(warnings.is_empty(), "{}\n{} warnings", warnings.join("\n"), warnings.len());
}

/// The runtime of `weeek-generated` with other generated files.
#[derive(Default)]
struct Crate {
    /// By their paths below `src`.
    files: Vec<(String, String)>,
    /// The modules below `cases`.
    modules: String,
    /// The tables of operations, which would be unused.
    used: String,
}

impl Crate {
    fn add(&mut self, path: &str, text: String) {
        self.files.push((path.to_owned(), text));
    }

    fn cases<'f>(&mut self, name: &str, files: impl Iterator<Item = (&'f str, &'f str)>) {
        for (path, text) in files {
            let text = text.replace("crate::models::", &format!("crate::cases::{name}::models::"));
            self.add(&format!("cases/{name}/{path}"), text);
        }
    }

    fn edit(&mut self, name: &str, text: &str) {
        for handle in text.lines().filter_map(|line| line.strip_prefix("pub mod r#")?.strip_suffix(" {")) {
            let _ = writeln!(self.used, "    (&[{name}::r#{handle}::OPERATIONS], \"\"),");
        }
        let _ = writeln!(self.modules, "/// An edit.\npub mod {name};");
        self.add(&format!("cases/{name}.rs"), format!("//! An edit.\n#![allow(missing_docs)]\n{text}"));
    }

    /// Writes the crate and checks it, with the lints of the workspace. Returns what is reported of generated files.
    fn warnings(mut self) -> Vec<String> {
        let original = package::path("../weeek-generated");
        let read = |path: &str| fs::read_to_string(original.join(path)).unwrap();
        let library = read("src/lib.rs");
        let attributes = library.split_once("\nmod generated;\n").unwrap().0;
        let attributes = &attributes[attributes.rfind("#[allow(").unwrap()..];
        self.add("lib.rs", format!("{library}{ROOT}{attributes}\npub mod cases;\n"));
        let Self { modules, used, .. } = &self;
        let used = format!("/// What is used.\npub static USED: &[(&[&[&crate::Operation]], &str)] = &[\n{used}];\n");
        self.add("cases/mod.rs", format!("//! Cases.\n{modules}{used}"));
        // These are for models of the spec, which other specs do not have.
        self.add("helpers.rs", String::new());
        self.add("download/mod.rs", "#[derive(Debug)]\npub struct Download;\n".to_owned());
        self.add("../Cargo.toml", manifest(&read("Cargo.toml"), &read("../Cargo.toml")));
        self.add("../Cargo.lock", read("../Cargo.lock"));

        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
        let _ = fs::remove_dir_all(place.join("src"));
        let files = self.files.into_iter().map(|(path, text)| (path.into(), text));
        for (path, text) in sources::of_runtime().into_iter().chain(files) {
            let path = place.join("src").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        ["clippy", "doc --no-deps"].iter().flat_map(|command| run(&place, command)).collect()
    }
}

/// In the target folder of the tests, whose macros and build scripts it shares. With a target, its docs stay apart.
fn run(place: &Path, command: &str) -> Vec<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(place)
        .args(command.split(' '))
        .args(["--quiet", "--offline", "--no-default-features", "--features", "crm,task-manager,workspace"])
        .args(["--target", &host(), "--target-dir"])
        .arg(place.ancestors().nth(2).unwrap())
        .output()
        .expect("cargo runs");
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    let is_generated = |warning: &&str| ["src/generated/", "src/cases/"].iter().any(|path| warning.contains(path));
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
    let package = "[package]\nname = \"weeek-generated\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n";
    let shared = workspace.split("\n[").filter_map(|section| {
        let section = section.strip_prefix("workspace.").unwrap_or(section);
        (section.starts_with("lints.") || section.starts_with("profile.")).then(|| format!("\n[{section}"))
    });
    // With tokio's macros, the macros of all dependencies have the features that the tests build them with.
    let dependencies = section("dependencies").replace("\"fs\", ", "\"fs\", \"macros\", ");
    [package, &section("features"), &dependencies, &shared.collect::<String>()].concat()
}

//! Our generator beside others on the same API: the time they take, the lines they write, and what these lines cost to compile, as a
//! Markdown table. A generator that is not installed is skipped. `cargo test` only makes the specs that the others can read.
//!
//! The arguments `check`, `debug` and `release` say which builds to measure; all of them take an hour of processor time.

#![allow(missing_docs)]

#[path = "support/document.rs"]
mod document;
#[path = "support/plot.rs"]
mod plot;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use document::{Version, document};

const SPEC: &str = include_str!("../../spec/openapi.yaml");

/// The operations of our spec, and of those for others, which cannot upload.
const OURS: usize = 157;
const THEIRS: usize = 155;

const RUNS: u32 = 10;

/// What is below the folder of this bench: `3.0.json`, `3.1.json`, and a folder for each generator.
struct Generator {
    name: &'static str,
    /// The package of the crate that it writes.
    package: &'static str,
    /// The program with its arguments. It runs in the folder.
    command: &'static str,
    /// The manifest of the crate, and the sources that the generator writes.
    manifest: &'static str,
    sources: &'static str,
}

const GENERATORS: [Generator; 5] = [
    Generator {
        name: "weeek-codegen",
        package: "weeek-generated",
        command: "target/release/xtask codegen --out weeek",
        manifest: "../../Cargo.toml",
        sources: "weeek",
    },
    Generator {
        name: "openapi-nexus",
        package: "weeek-public-api",
        command: "openapi-nexus generate --input 3.1.json --output nexus --generators rust-reqwest",
        manifest: "nexus/Cargo.toml",
        sources: "nexus/src",
    },
    Generator {
        name: "progenitor",
        package: "by-progenitor",
        command: "cargo-progenitor progenitor --input 3.0.json --output progenitor --name by-progenitor --version 0.1.0",
        manifest: "progenitor/Cargo.toml",
        sources: "progenitor/src",
    },
    Generator {
        name: "oas3-gen",
        package: "oas3",
        command: "oas3-gen generate client-mod --workspace --input 3.1.json --output oas3",
        manifest: "oas3/Cargo.toml",
        sources: "oas3/src",
    },
    // A library, so a program of ours calls it.
    Generator {
        name: "spargen",
        package: "by-spargen",
        command: "target/release/spargen-program",
        manifest: "spargen/Cargo.toml",
        sources: "spargen/src",
    },
];

/// A build: its name, the command of cargo, and the profile.
type Build = (&'static str, &'static str, &'static str);

const BUILDS: [Build; 3] = [("check", "check", "dev"), ("debug", "build", "dev"), ("release", "build", "release")];

/// The figures of a generator.
struct Figures {
    wall: f64,
    processor: f64,
    lines: usize,
    code: usize,
    /// Processor seconds of each build; `None` if it fails.
    builds: Vec<Option<f64>>,
}

fn main() {
    let folder = PathBuf::from("../target/generators");
    fs::create_dir_all(&folder).unwrap();
    let folder = folder.canonicalize().unwrap();
    for (version, name) in [(Version::V3_0, "3.0.json"), (Version::V3_1, "3.1.json")] {
        fs::write(folder.join(name), document(SPEC, version, THEIRS)).unwrap();
    }
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    programs(&folder);
    let is_wanted = |(name, ..): &Build| std::env::args().any(|argument| argument == *name);
    let builds: Vec<Build> = BUILDS.into_iter().filter(is_wanted).collect();
    let mut rows = Vec::new();
    for generator in &GENERATORS {
        match figures(&folder, generator, &builds) {
            Some(figures) => rows.push((generator.name, figures)),
            None => println!("{} is skipped: it is not installed, or it fails", generator.name),
        }
    }
    table(&rows, &builds);
    let times: Vec<_> = rows.iter().map(|(name, figures)| ((*name).to_owned(), figures.wall * 1e3)).collect();
    fs::write("benches/generators.svg", plot::bars("Time to generate the client, in ms", &times)).unwrap();
}

/// Builds our generator and the program that calls spargen.
fn programs(folder: &Path) {
    let target = folder.join("target");
    let build = |manifest: &Path, package: &str| {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--quiet", "--release", "--package", package, "--manifest-path"]).arg(manifest);
        quiet(cargo.arg("--target-dir").arg(&target))
    };
    assert!(build(&folder.join("../../Cargo.toml"), "xtask"), "xtask builds");
    let program = folder.join("spargen-program");
    write(&program.join("Cargo.toml"), &manifest("spargen-program", "spargen = \"0.5\""));
    write(
        &program.join("src/main.rs"),
        "fn main() { spargen::generate(&spargen::Spec::new(\"3.1.json\").build(\"spargen/src/lib.rs\")).expect_success(); }",
    );
    build(&program.join("Cargo.toml"), "spargen-program");
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\n[workspace]\n"
    )
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Runs a command without its output, and returns whether it succeeds.
fn quiet(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn figures(folder: &Path, generator: &Generator, builds: &[Build]) -> Option<Figures> {
    let sources = folder.join(generator.sources);
    let (mut wall, before) = (f64::INFINITY, children());
    for _ in 0..RUNS {
        let _ = fs::remove_dir_all(&sources);
        fs::create_dir_all(&sources).ok()?;
        let mut words = generator.command.split(' ');
        let program = words.next()?;
        // A program of ours is below the folder, which is not the current one yet.
        let program = if program.contains('/') { folder.join(program) } else { PathBuf::from(program) };
        let start = Instant::now();
        if !quiet(Command::new(program).args(words).current_dir(folder)) {
            return None;
        }
        wall = wall.min(start.elapsed().as_secs_f64());
    }
    let processor = (children() - before) / f64::from(RUNS);
    let (lines, code) = lines(&sources);
    let manifest = folder.join(generator.manifest);
    if generator.name == "spargen" {
        let dependencies = "bytes = \"1\"\nfutures-core = \"0.3\"\nsecrecy = \"0.10\"\nserde_json = \"1\"\n\
            reqwest = { version = \"0.13\", default-features = false, features = [\"rustls\", \"multipart\", \"stream\"] }\n\
            serde = { version = \"1\", features = [\"derive\"] }";
        write(&manifest, &self::manifest(generator.package, dependencies));
    } else if !fs::read_to_string(&manifest).ok()?.contains("[workspace]") {
        let text = fs::read_to_string(&manifest).ok()? + "\n[workspace]\n";
        fs::write(&manifest, text).ok()?;
    }
    let builds =
        builds.iter().map(|(_, command, profile)| build(folder, generator, &manifest, command, profile)).collect();
    Some(Figures { wall, processor, lines, code, builds })
}

/// The least processor time to compile the crate alone.
fn build(folder: &Path, generator: &Generator, manifest: &Path, command: &str, profile: &str) -> Option<f64> {
    let cargo = |command: &str, rest: &[&str]| {
        let mut cargo = Command::new("cargo");
        cargo.args([command, "--quiet", "--package", generator.package, "--profile", profile, "--manifest-path"]);
        // Cargo does not compile dependencies incrementally.
        cargo.arg(manifest).args(rest).env("CARGO_INCREMENTAL", "0");
        quiet(cargo.env("CARGO_TARGET_DIR", folder.join("target").join(generator.name)))
    };
    if !cargo(command, &["--lib"]) {
        return None;
    }
    let run = |_| {
        cargo("clean", &[]);
        let before = children();
        cargo(command, &["--lib"]).then(|| children() - before)
    };
    (0..3).filter_map(run).reduce(f64::min)
}

/// The processor seconds of all finished processes that this one started. Where the kernel does not say, all time counts.
fn children() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let start = *START;
    let times = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which can have spaces; in hundredths of a second.
    let fields: Vec<&str> = times.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let time = |at: usize| fields.get(at)?.parse::<f64>().ok();
    time(13).zip(time(14)).map_or_else(|| start.elapsed().as_secs_f64(), |(user, system)| (user + system) / 100.0)
}

/// All lines of the sources below a folder, and those that are neither empty nor a comment.
fn lines(folder: &Path) -> (usize, usize) {
    let mut sum = (0, 0);
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            let (lines, code) = lines(&path);
            sum = (sum.0 + lines, sum.1 + code);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
            sum = (sum.0 + text.lines().count(), sum.1 + code.count());
        }
    }
    sum
}

fn table(rows: &[(&str, Figures)], builds: &[Build]) {
    let names: Vec<String> = builds.iter().map(|(name, ..)| format!(" {name} |")).collect();
    println!("| generator | time | processor | lines | an operation |{}", names.concat());
    println!("| --- | ---: | ---: | ---: | ---: |{}", " ---: |".repeat(builds.len()));
    let Some((_, ours)) = rows.first() else { return };
    for (name, figures) in rows {
        let operations = if *name == "weeek-codegen" { OURS } else { THEIRS };
        let seconds = |value: f64, ours: f64| format!("{value:.3} s ({:.1})", value / ours);
        let builds = figures.builds.iter().zip(&ours.builds).map(|(build, ours)| match (build, ours) {
            (Some(build), Some(ours)) => format!(" {build:.1} s ({:.2}) |", ours / build),
            _ => " fails |".to_owned(),
        });
        println!(
            "| {name} | {} | {} | {} | {} ({}) |{}",
            seconds(figures.wall, ours.wall),
            seconds(figures.processor, ours.processor),
            figures.lines,
            figures.lines / operations,
            figures.code / operations,
            builds.collect::<String>()
        );
    }
    println!(
        "\nIn brackets: times ours; lines without comments; ours as a part of theirs. Builds are processor time of the crate alone."
    );
}

//! `cargo xtask bench build`: what the client costs those who compile it.

mod cargo;
mod report;

use std::path::{Path, PathBuf};

use clap::Args;
use xtask::outcome::Outcome;

use self::cargo::{Cargo, Step};
use self::report::{Build, Report, Size};
use crate::faults::Place;
use crate::format::Format;

/// How to measure, and how to tell.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Options {
    /// How often each build is repeated; the shortest counts.
    #[arg(long, default_value_t = 3, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(1..))]
    runs: u8,
    /// How the tables are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What users choose from. What TLS is made of is no code of ours, so that one backend stands for both.
const FEATURES: [&str; 6] = [
    "",
    "workspace",
    "task-manager",
    "crm",
    "workspace,task-manager,crm,rustls",
    "workspace,task-manager,crm,rustls,tracing",
];

/// A program that makes one call, by hand and with the client.
const PROGRAMS: [(&str, &str); 2] = [
    ("reqwest and serde_json", include_str!("program/by_hand.rs")),
    ("the client", include_str!("program/with_client.rs")),
];

/// Measures in folders of its own below `target/`; `progress` is told what is going on.
pub(crate) fn run(root: &Path, options: Options, progress: impl FnMut(&str)) -> Outcome {
    match measure(root, options.runs, progress) {
        Ok(report) => Outcome { out: report.render(options.format), ..Outcome::default() },
        Err(error) => Outcome::failure(&error),
    }
}

fn measure(root: &Path, runs: u8, mut progress: impl FnMut(&str)) -> Result<Report, String> {
    let spec = Place::spec(None).read()?;
    let client = weeek_codegen::generate(&spec).map_err(|report| report.summary("spec/openapi.yaml"))?;
    let cargo = Cargo::new(root, root.join("target/bench-build"));
    let mut builds = Vec::new();
    for features in FEATURES {
        let dependencies = cargo.dependencies(features)?;
        let mut costs = Vec::new();
        for step in Step::ALL {
            progress(&format!("[{features}] {}: {dependencies} dependencies first", step.name()));
            cargo.build(step, features)?;
            progress(&format!("[{features}] {}: the client alone, {runs} times", step.name()));
            costs.push(cargo.cost(step, features, runs)?);
        }
        let rlib = cargo.rlib()?;
        builds.push(Build { features, dependencies, costs, rlib });
    }
    let mut programs = Vec::new();
    for (name, source) in PROGRAMS {
        progress(&format!("a small program with {name}"));
        programs.push((name, program(root, &cargo, source)?));
    }
    let text = || client.files.iter().map(|(_, text)| text);
    Ok(Report {
        builds,
        programs,
        generated: Size {
            operations: client.counts.operations,
            files: client.files.len(),
            lines: text().map(|text| text.lines().count()).sum(),
            bytes: text().map(str::len).sum(),
        },
    })
}

/// The size of a stripped program in bytes.
fn program(root: &Path, cargo: &Cargo, source: &str) -> Result<u64, String> {
    let folder: PathBuf = root.join("target/bench-program");
    let manifest =
        include_str!("program/manifest.toml").replace("{client}", &root.join("weeek-generated").display().to_string());
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder))
            .and_then(|()| std::fs::write(&path, text))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))
    };
    write("Cargo.toml", &manifest)?;
    write("src/main.rs", source)?;
    // The same versions as in the repository.
    let lock =
        std::fs::read_to_string(root.join("Cargo.lock")).map_err(|error| format!("cannot read Cargo.lock: {error}"))?;
    write("Cargo.lock", &lock)?;
    cargo.program(&folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_of_every_set_of_features_are_counted() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let cargo = Cargo::new(root, root.join("target/bench-build"));
        let counts: Vec<usize> = FEATURES.iter().map(|features| cargo.dependencies(features).unwrap()).collect();
        // Areas bring no dependencies, and spans need what reqwest brings; a TLS backend does.
        assert!(counts[0] > 0 && counts[..4].iter().all(|count| *count == counts[0]), "{counts:?}");
        assert!(counts[3] < counts[4] && counts[4] == counts[5], "{counts:?}");
    }
}

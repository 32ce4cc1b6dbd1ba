//! `cargo xtask bench build`: measures what it costs to compile the client.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use clap::{Args, Subcommand};

use crate::outcome::Outcome;
use crate::workspace;

/// Measure the cost of the client.
#[derive(Debug, Args)]
pub struct Options {
    #[command(subcommand)]
    command: BenchCommand,
}

#[derive(Debug, Subcommand)]
enum BenchCommand {
    /// Measure check and build times of the client alone with each set of features, and its size, as a Markdown table.
    ///
    /// The first run builds the dependencies several times, which takes about ten minutes. Exit status: 0 measured, 2 usage,
    /// I/O, or a failed build.
    Build {
        /// Number of runs of each build; the shortest counts.
        #[arg(long, default_value_t = 3, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(1..))]
        runs: u8,
    },
}

/// The feature sets measured. One TLS backend is enough.
const FEATURES: [&str; 6] = [
    "",
    "workspace",
    "task-manager",
    "crm",
    "workspace,task-manager,crm,rustls",
    "workspace,task-manager,crm,rustls,tracing",
];

/// Subcommand and profile of cargo.
const STEPS: [(&str, &str); 3] = [("check", "dev"), ("build", "dev"), ("build", "release")];

/// Programs with one call, by hand and with the client.
const PROGRAMS: [(&str, &str); 2] = [
    ("reqwest and serde_json", include_str!("bench_program/by_hand.rs")),
    ("the client", include_str!("bench_program/with_client.rs")),
];

/// Runs the command in folders below `target/`.
pub fn run(options: &Options) -> Result<Outcome, String> {
    let BenchCommand::Build { runs } = options.command;
    let bench = Bench::new(workspace::root()?);
    let mut out = "| features | dependencies | check | debug | release | rlib |\n| --- |".to_owned();
    out.push_str(&" ---: |".repeat(5));
    for features in FEATURES {
        let _ = write!(out, "\n| {features} | {} |", bench.dependencies(features)?);
        for (command, profile) in STEPS {
            eprintln!("[{features}] {command} --profile {profile}");
            let _ = write!(out, " {} |", bench.cost(command, profile, features, runs)?);
        }
        let _ = write!(out, " {} |", size(&bench.target.join("release/libweeek_generated.rlib"))?);
    }
    out.push_str("\n\nSeconds for the client alone; in brackets processor time of all processes.\n\n");
    out.push_str("| a small program, stripped | size |\n| --- | ---: |\n");
    for (name, source) in PROGRAMS {
        eprintln!("a small program with {name}");
        let _ = writeln!(out, "| {name} | {} |", bench.program(source)?);
    }
    Ok(Outcome::clean(out))
}

/// Cargo with its own target folder.
struct Bench {
    root: PathBuf,
    target: PathBuf,
}

impl Bench {
    fn new(root: PathBuf) -> Self {
        Self { target: root.join("target/bench-build"), root }
    }

    /// The number of packages that the client depends on.
    fn dependencies(&self, features: &str) -> Result<usize, String> {
        let tree = ["tree", "--package", "weeek-generated", "--edges", "normal,build", "--prefix", "none"];
        let tree = self.cargo(&[&tree[..], &["--no-default-features", "--features", features]].concat())?;
        let packages = tree.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty());
        Ok(packages.collect::<BTreeSet<_>>().len() - 1)
    }

    /// The shortest of several builds, and its processor time. The first build is for the dependencies.
    fn cost(&self, command: &str, profile: &str, features: &str, runs: u8) -> Result<String, String> {
        let package = ["--package", "weeek-generated", "--profile", profile];
        let build = [&[command, "--lib"], &package[..], &["--no-default-features", "--features", features]].concat();
        self.cargo(&build)?;
        let (mut wall, mut processor) = (Duration::MAX, Duration::MAX);
        for _ in 0..runs {
            self.cargo(&[&["clean"], &package[..]].concat())?;
            let (start, before) = (Instant::now(), processor_time());
            self.cargo(&build)?;
            wall = wall.min(start.elapsed());
            processor = processor.min(processor_time().saturating_sub(before));
        }
        Ok(format!("{:.2} ({:.2})", wall.as_secs_f64(), processor.as_secs_f64()))
    }

    /// Builds a stripped program, and returns its size.
    fn program(&self, source: &str) -> Result<String, String> {
        let folder = self.root.join("target/bench-program");
        let client = self.root.join("weeek-generated").display().to_string();
        let manifest = include_str!("bench_program/manifest.toml").replace("{client}", &client);
        let failed = |error| format!("cannot write {}: {error}", folder.display());
        fs::create_dir_all(folder.join("src")).map_err(failed)?;
        fs::write(folder.join("Cargo.toml"), manifest).map_err(failed)?;
        fs::write(folder.join("src/main.rs"), source).map_err(failed)?;
        // The same versions as in the repository.
        fs::copy(self.root.join("Cargo.lock"), folder.join("Cargo.lock")).map_err(failed)?;
        let manifest = folder.join("Cargo.toml").display().to_string();
        self.cargo(&["build", "--release", "--manifest-path", &manifest])?;
        size(&self.target.join(format!("release/program{}", env::consts::EXE_SUFFIX)))
    }

    fn cargo(&self, arguments: &[&str]) -> Result<String, String> {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // Cargo does not compile dependencies incrementally.
        cargo.current_dir(&self.root).env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", &self.target);
        let output = cargo.args(arguments).arg("--quiet").stdin(Stdio::null()).output();
        let output = output.map_err(|error| format!("cannot run cargo: {error}"))?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            return Err(format!("`cargo {}` failed\n{}", arguments.join(" "), errors.trim_end()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn size(path: &Path) -> Result<String, String> {
    let size = fs::metadata(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?.len();
    Ok(format!("{}.{} MB", size / 1_000_000, size % 1_000_000 / 100_000))
}

/// The processor time of all child processes that have ended; zero if the system does not report it.
fn processor_time() -> Duration {
    fs::read_to_string("/proc/self/stat").ok().and_then(|stat| from_stat(&stat)).unwrap_or_default()
}

/// Reads `cutime` and `cstime` of proc(5), in hundredths of a second.
fn from_stat(text: &str) -> Option<Duration> {
    let (_, fields) = text.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(13).map(str::parse::<u64>);
    Some(Duration::from_millis((fields.next()?.ok()? + fields.next()?.ok()?) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_that_of_children() {
        let stat = "42 (a) program) S 1 42 42 0 -1 4194304 100 200 0 0 11 12 1300 14 20 0 1 0 5 6 7";
        assert_eq!(from_stat(stat), Some(Duration::from_millis(13_140)));
        assert_eq!(from_stat("42 (a"), None);
    }

    #[test]
    fn dependencies_of_every_feature_set_are_counted_and_a_failure_names_its_command() {
        let bench = Bench::new(workspace::root().unwrap());
        let counts: Vec<usize> = FEATURES.iter().map(|features| bench.dependencies(features).unwrap()).collect();
        // Areas add no dependencies, and reqwest already needs those of tracing; a TLS backend adds some.
        assert!(counts[0] > 0 && counts[..4].iter().all(|count| *count == counts[0]), "{counts:?}");
        assert!(counts[3] < counts[4] && counts[4] == counts[5], "{counts:?}");
        let error = bench.dependencies("nonsense").unwrap_err();
        assert!(error.starts_with("`cargo tree --package weeek-generated") && error.contains("nonsense"), "{error}");
    }
}

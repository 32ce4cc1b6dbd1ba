//! Runs of cargo, and what they took.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

const PACKAGE: &str = "weeek-generated";

/// What is done with the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Check,
    Debug,
    Release,
}

impl Step {
    pub(super) const ALL: [Self; 3] = [Self::Check, Self::Debug, Self::Release];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }

    fn command(self) -> &'static str {
        if self == Self::Check { "check" } else { "build" }
    }

    fn profile(self) -> &'static str {
        if self == Self::Release { "release" } else { "dev" }
    }
}

/// What a build took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cost {
    pub(super) wall: Duration,
    /// Of all processes together, where the system tells.
    pub(super) processor: Option<Duration>,
}

/// Cargo, with a target folder of its own.
pub(super) struct Cargo {
    program: OsString,
    root: PathBuf,
    target: PathBuf,
}

impl Cargo {
    pub(super) fn new(root: &Path, target: PathBuf) -> Self {
        Self { program: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), root: root.to_owned(), target }
    }

    /// How many packages are built for the client, itself not counted.
    pub(super) fn dependencies(&self, features: &str) -> Result<usize, String> {
        let mut command = self.command("tree");
        command.args(["--package", PACKAGE, "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
        let tree = output(command.args(["--no-default-features", "--features", features]))?;
        let packages = tree.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty());
        Ok(packages.collect::<std::collections::BTreeSet<_>>().len() - 1)
    }

    /// Builds the client, and before it whatever it depends on.
    pub(super) fn build(&self, step: Step, features: &str) -> Result<(), String> {
        let mut command = self.command(step.command());
        command.args(["--package", PACKAGE, "--lib", "--profile", step.profile(), "--target-dir"]).arg(&self.target);
        output(command.args(["--no-default-features", "--features", features])).map(drop)
    }

    /// The shortest of several builds of the client alone.
    pub(super) fn cost(&self, step: Step, features: &str, runs: u8) -> Result<Cost, String> {
        let mut costs = Vec::new();
        for _ in 0..runs {
            let mut clean = self.command("clean");
            clean.args(["--package", PACKAGE, "--profile", step.profile(), "--target-dir"]).arg(&self.target);
            output(&mut clean)?;
            let (start, before) = (Instant::now(), processor());
            self.build(step, features)?;
            let processor = processor().zip(before).map(|(after, before)| after.saturating_sub(before));
            costs.push(Cost { wall: start.elapsed(), processor });
        }
        let wall = costs.iter().map(|cost| cost.wall).min().unwrap_or_default();
        Ok(Cost { wall, processor: costs.iter().filter_map(|cost| cost.processor).min() })
    }

    /// The size of the library as the last release build left it.
    pub(super) fn rlib(&self) -> Result<u64, String> {
        size(&self.target.join("release/libweeek_generated.rlib"))
    }

    /// The size of the program in `folder`, built for release.
    pub(super) fn program(&self, folder: &Path) -> Result<u64, String> {
        let mut command = self.command("build");
        command
            .args(["--release", "--target-dir"])
            .arg(&self.target)
            .arg("--manifest-path")
            .arg(folder.join("Cargo.toml"));
        output(&mut command)?;
        size(&self.target.join(format!("release/program{}", env::consts::EXE_SUFFIX)))
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        // Of a dependency, nothing is kept for the next time.
        command.current_dir(&self.root).args([name, "--quiet"]).env("CARGO_INCREMENTAL", "0").stdin(Stdio::null());
        command
    }
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`cargo {}` failed\n{}", arguments.join(" "), errors.trim_end()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn size(path: &Path) -> Result<u64, String> {
    fs::metadata(path).map(|data| data.len()).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The processor time of all processes that this one has waited for.
fn processor() -> Option<Duration> {
    from_stat(&fs::read_to_string("/proc/self/stat").ok()?)
}

/// `cutime` and `cstime` of proc(5), which Linux counts in hundredths of a second.
fn from_stat(text: &str) -> Option<Duration> {
    let (_, fields) = text.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(13).map(str::parse::<u64>);
    Some(Duration::from_millis((fields.next()?.ok()? + fields.next()?.ok()?) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_that_of_the_children() {
        let stat = "42 (a) program) S 1 42 42 0 -1 4194304 100 200 0 0 11 12 1300 14 20 0 1 0 5 6 7";
        assert_eq!(from_stat(stat), Some(Duration::from_millis(13_140)));
        assert_eq!(from_stat("42 (a"), None);
    }

    #[test]
    fn a_failure_is_told_with_its_command() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let error = Cargo::new(root, root.join("target/bench-build")).dependencies("nonsense").unwrap_err();
        assert!(error.starts_with("`cargo tree --quiet --package weeek-generated"), "{error}");
        assert!(error.contains("nonsense"), "{error}");
    }
}

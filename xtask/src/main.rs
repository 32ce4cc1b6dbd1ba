//! The maintainer's commands: `cargo xtask help`.

mod bench;
mod changelog;
mod codegen;
mod coverage;
mod diff;
mod faults;
mod format;
mod lint;
mod live;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Commands for whoever keeps the document and its client.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Regenerate the client from the document, or check that it is up to date.
    ///
    /// Exit status: 0 clean, 1 the client is out of date or the document has faults, 2 usage or input/output.
    Codegen(Codegen),
    /// Check the document without generating anything.
    ///
    /// Exit status: 0 clean, 1 the document has faults, 2 usage or input/output.
    Lint(Lint),
    /// List every operation, the function that calls it, and how sure its facts are.
    ///
    /// Exit status: 0 listed, 1 the document has faults, 2 usage or input/output.
    Coverage(Coverage),
    /// Tell what a change of the document does to users of the client.
    ///
    /// Each side is a file, or a git revision whose document is meant: `HEAD~3`, `v0.1.0`, `main:spec/openapi.yaml`. A path
    /// that exists wins. Exit status: 0 told, 1 denied, not in the changelog, or a document has faults, 2 usage or
    /// input/output.
    Diff(Diff),
    /// Measure what the client costs.
    Bench(Bench),
    /// Compare recorded answers with the document, and say which of them the client can't read.
    ///
    /// Exit status: 0 the client reads them all, 1 it does not, 2 usage or input/output.
    Replay(xtask::replay::Options),
    /// Serve the document on this machine, to try programs on. Builds the server first.
    #[command(disable_help_flag = true)]
    Mock(Passed),
    /// Read the live API with WEEEK_TOKEN, and say where its answers depart from the document. Builds the tools first.
    #[command(disable_help_flag = true)]
    Probe(Passed),
}

/// Arguments for the program that has the command.
#[derive(Debug, Args)]
struct Passed {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
struct Codegen {
    /// Compare only: list every difference and write nothing.
    #[arg(long)]
    check: bool,
    /// The document to read.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The folder that holds the generated files and nothing else.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How faults of the document are told.
    #[arg(long, value_enum, default_value_t)]
    format: faults::Format,
}

#[derive(Debug, Args)]
struct Lint {
    /// The document to read.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// How faults are told.
    #[arg(long, value_enum, default_value_t)]
    format: faults::Format,
    /// Name every rule, and what it asks for, instead of checking.
    #[arg(long, conflicts_with_all = ["spec", "format"])]
    rules: bool,
    /// Explain a rule, with an example, instead of checking.
    #[arg(long, value_name = "RULE", conflicts_with_all = ["spec", "format", "rules"])]
    explain: Option<weeek_codegen::Rule>,
}

#[derive(Debug, Args)]
struct Coverage {
    /// The document to read.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// How the table is written.
    #[arg(long, value_enum, default_value_t)]
    format: format::Format,
}

#[derive(Debug, Args)]
struct Bench {
    #[command(subcommand)]
    what: Measured,
}

#[derive(Debug, Subcommand)]
enum Measured {
    /// How long the client alone takes to be checked and built with each set of features, and how large it is.
    ///
    /// The first run builds its dependencies several times over, which takes ten minutes or so. Exit status: 0 measured,
    /// 2 usage, input/output, or a build that failed.
    Build(bench::Options),
}

#[derive(Debug, Args)]
struct Diff {
    /// What users have [default: HEAD]
    old: Option<String>,
    /// What they would get [default: the working tree]
    new: Option<String>,
    /// How the difference is written.
    #[arg(long, value_enum, default_value_t)]
    format: format::Format,
    /// Exit with 1 where a change weighs as much.
    #[arg(long, value_enum, value_name = "WEIGHT")]
    deny: Option<diff::Deny>,
    /// Exit with 1 where something breaks that no line `- Breaking: …` under `## Unreleased` of this file names.
    #[arg(long, value_name = "FILE")]
    changelog: Option<PathBuf>,
}

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let outcome = match Cli::parse().command {
        Command::Codegen(options) => {
            let mode = if options.check { codegen::Mode::Check } else { codegen::Mode::Write };
            codegen::run(mode, options.spec.as_deref(), options.out.as_deref(), options.format)
        }
        Command::Lint(options) if options.rules => lint::rules(),
        Command::Lint(Lint { explain: Some(rule), .. }) => lint::explain(rule),
        Command::Lint(options) => lint::run(options.spec.as_deref(), options.format),
        Command::Coverage(options) => coverage::run(options.spec.as_deref(), options.format),
        Command::Diff(Diff { old, new, format, deny, changelog }) => {
            diff::run(root, &diff::Options { old, new, format, deny, changelog })
        }
        Command::Bench(Bench { what: Measured::Build(options) }) => {
            bench::run(root, options, |line| eprintln!("{line}"))
        }
        Command::Replay(options) => xtask::replay::run(&options),
        Command::Mock(passed) => return live::run("mock", &passed.arguments),
        Command::Probe(passed) => return live::run("probe", &passed.arguments),
    };
    outcome.finish()
}

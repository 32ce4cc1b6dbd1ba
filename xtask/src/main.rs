//! The maintainer's commands: `cargo xtask help`.

mod codegen;

use std::path::PathBuf;
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
}

fn main() -> ExitCode {
    let Command::Codegen(options) = Cli::parse().command;
    let mode = if options.check { codegen::Mode::Check } else { codegen::Mode::Write };
    let outcome = codegen::run(mode, options.spec.as_deref(), options.out.as_deref());
    print!("{}", outcome.out);
    eprint!("{}", outcome.err);
    ExitCode::from(outcome.status)
}

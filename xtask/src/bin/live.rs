//! The commands that talk over the network. `cargo xtask` builds and runs this program when they are asked for.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::probe::Target;

/// Commands that talk over the network.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the document on this machine: requests are checked against it, and answered with its examples.
    ///
    /// `Prefer: code=422` asks for the example of any declared status. Exit status: 2 usage or input/output.
    Mock(xtask::mock::Options),
    /// Read the live API, and say where its answers depart from the document.
    ///
    /// Needs WEEEK_TOKEN; WEEEK_BASE_URL leads elsewhere. Only GET is sent, at most four times a second. Exit status: 0 the
    /// client reads all answers, 1 it does not, 2 usage, input/output or no answer.
    Probe(xtask::probe::Options),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Mock(options) => {
            eprintln!("error: {}", xtask::mock::run(&options).await);
            ExitCode::from(2)
        }
        Command::Probe(options) => {
            xtask::probe::run(&options, Target::from_env(), |line| eprintln!("{line}")).await.finish()
        }
    }
}

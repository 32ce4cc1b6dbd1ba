//! Flags and dispatch of the commands that need the network or the client. `cargo xtask` builds and runs this program.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::commands;
use xtask::outcome::Outcome;

/// Commands that need the network or the client.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Mock(commands::mock::Options),
    Probe(commands::probe::Options),
    Replay(commands::replay::Options),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    Outcome::finish(match Cli::parse().command {
        Command::Mock(options) => commands::mock::run(&options).await,
        Command::Probe(options) => commands::probe::run(&options).await,
        Command::Replay(options) => commands::replay::run(&options),
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn flags_are_consistent() {
        super::Cli::command().debug_assert();
    }
}

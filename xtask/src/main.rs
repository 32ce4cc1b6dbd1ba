//! Flags and dispatch of `cargo xtask`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::commands;
use xtask::outcome::Outcome;

/// Maintenance commands for the spec and the client.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Codegen(commands::codegen::Options),
    Lint(commands::lint::Options),
    Add(commands::add::Options),
    Operations(commands::operations::Options),
    Diff(commands::diff::Options),
    ReleaseNotes(commands::release_notes::Options),
    Upstream(commands::upstream::Options),
    /// Run a mock server from the spec. Builds the server first.
    #[command(disable_help_flag = true)]
    Mock(commands::live::PassThrough),
    /// Compare the live API with the spec; needs WEEEK_TOKEN. Builds the tools first.
    #[command(disable_help_flag = true)]
    Probe(commands::live::PassThrough),
    /// Compare recorded responses with the spec and the client. Builds the tools first.
    #[command(disable_help_flag = true)]
    Replay(commands::live::PassThrough),
}

fn main() -> ExitCode {
    Outcome::finish(match Cli::parse().command {
        Command::Codegen(options) => commands::codegen::run(&options),
        Command::Add(options) => commands::add::run(&options),
        Command::Lint(options) => commands::lint::run(&options),
        Command::Operations(options) => commands::operations::run(&options),
        Command::Diff(options) => commands::diff::run(&options),
        Command::ReleaseNotes(options) => commands::release_notes::run(&options),
        Command::Upstream(options) => commands::upstream::run(&options),
        Command::Mock(arguments) => commands::live::run("mock", &arguments),
        Command::Probe(arguments) => commands::live::run("probe", &arguments),
        Command::Replay(arguments) => commands::live::run("replay", &arguments),
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

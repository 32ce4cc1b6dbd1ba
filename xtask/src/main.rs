//! Dispatch of `cargo xtask`.

use std::process::ExitCode;

use clap::Parser as _;
use xtask::commands::{self, Command};
use xtask::outcome::Outcome;

fn main() -> ExitCode {
    Outcome::finish(match Command::parse() {
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

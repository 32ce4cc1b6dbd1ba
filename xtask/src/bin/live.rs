//! Dispatch of the commands that need the network or the client. `cargo xtask` builds and runs this program.

use std::process::ExitCode;

use clap::Parser as _;
use xtask::commands::{self, LiveCommand};
use xtask::outcome::Outcome;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    Outcome::finish(match LiveCommand::parse() {
        LiveCommand::Mock(options) => commands::mock::run(&options).await,
        LiveCommand::Probe(options) => commands::probe::run(&options).await,
        LiveCommand::Replay(options) => commands::replay::run(&options),
    })
}

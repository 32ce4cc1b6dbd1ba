//! Runs the commands that need the network, which are a program of their own.

use std::env;
use std::ffi::OsString;
use std::io;
use std::process::{Command, ExitStatus};

use clap::Args;

use crate::outcome::Outcome;
use crate::workspace;

/// Arguments for the other program.
#[derive(Debug, Args)]
pub struct PassThrough {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    arguments: Vec<OsString>,
}

/// Builds the program if necessary, runs the command, and returns its exit status.
pub fn run(command: &str, options: &PassThrough) -> Result<Outcome, String> {
    let is_built = env::current_exe()
        .is_ok_and(|this| this.with_file_name(format!("xtask-live{}", env::consts::EXE_SUFFIX)).exists());
    if !is_built {
        eprintln!("building the tools for `{command}` first, which takes a minute or two");
    }
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["run", "--quiet", "--manifest-path"])
        .arg(workspace::root()?.join("xtask/Cargo.toml"))
        .args(["--features", "live", "--bin", "xtask-live", "--", command])
        .args(&options.arguments);
    let status = exec_or_spawn(&mut cargo).map_err(|error| format!("cannot run cargo: {error}"))?;
    let status = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2);
    Ok(Outcome { status, ..Outcome::default() })
}

/// Replaces this process if the system can, so stopping it stops the server.
#[cfg(unix)]
fn exec_or_spawn(command: &mut Command) -> io::Result<ExitStatus> {
    Err(std::os::unix::process::CommandExt::exec(command))
}

#[cfg(not(unix))]
fn exec_or_spawn(command: &mut Command) -> io::Result<ExitStatus> {
    command.status()
}

//! Commands that need a server or a client: they are a program of their own, so that the generator is built without it.

use std::env;
use std::ffi::OsString;
use std::io;
use std::process::{Command, ExitCode, ExitStatus};

/// Builds the program where it has to be, runs the command, and passes its exit status on.
pub(crate) fn run(command: &str, arguments: &[OsString]) -> ExitCode {
    let is_built = env::current_exe()
        .is_ok_and(|this| this.with_file_name(format!("xtask-live{}", env::consts::EXE_SUFFIX)).exists());
    if !is_built {
        eprintln!("building the tools for `{command}` first, which takes a minute or two");
    }
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["run", "--quiet", "--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .args(["--features", "live", "--bin", "xtask-live", "--", command])
        .args(arguments);
    match become_or_run(&mut cargo) {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2)),
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            ExitCode::from(2)
        }
    }
}

/// Where a process can become another one it does, so that whoever stops this one stops the server.
#[cfg(unix)]
fn become_or_run(command: &mut Command) -> io::Result<ExitStatus> {
    Err(std::os::unix::process::CommandExt::exec(command))
}

#[cfg(not(unix))]
fn become_or_run(command: &mut Command) -> io::Result<ExitStatus> {
    command.status()
}

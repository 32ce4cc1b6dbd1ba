//! Commands that need a server or a client: they are a program of their own, so that the generator is built without it.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

/// Builds the program where it has to be, runs the command, and passes its exit status on.
pub(crate) fn run(command: &str, arguments: &[OsString]) -> ExitCode {
    let is_built = env::current_exe()
        .is_ok_and(|this| this.with_file_name(format!("xtask-live{}", env::consts::EXE_SUFFIX)).exists());
    if !is_built {
        eprintln!("building the tools for `{command}` first, which takes a minute or two");
    }
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["run", "--quiet", "--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .args(["--features", "live", "--bin", "xtask-live", "--", command])
        .args(arguments)
        .status();
    match status {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2)),
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            ExitCode::from(2)
        }
    }
}

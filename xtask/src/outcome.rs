//! What a command leaves behind.

use std::io::{self, Write as _};
use std::process::ExitCode;

/// What a run printed, and its exit status: 0 clean, 1 what the command is there to find, 2 usage or input/output.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The exit status.
    pub status: u8,
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub err: String,
}

impl Outcome {
    /// A command that could not do its work.
    pub fn failure(error: &str) -> Self {
        Self { status: 2, err: format!("error: {error}\n"), ..Self::default() }
    }

    /// Prints what is to be printed, and is the exit status of the process.
    pub fn finish(&self) -> ExitCode {
        // Whoever reads may have seen enough, such as `head`: that is no failure, and changes no status.
        let _ = io::stdout().write_all(self.out.as_bytes()).and_then(|()| io::stdout().flush());
        let _ = io::stderr().write_all(self.err.as_bytes());
        ExitCode::from(self.status)
    }
}

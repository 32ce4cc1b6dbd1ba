//! The result of a command.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::printable::printable_lines;

/// The output of a command and its exit status: 0 clean, 1 findings, 2 usage or I/O.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The exit status.
    pub status: u8,
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub err: String,
}

impl Outcome {
    /// A command that succeeded.
    pub fn clean(out: impl Into<String>) -> Self {
        Self { out: out.into(), ..Self::default() }
    }

    /// Adds an error.
    pub fn fail(&mut self, error: &str) {
        self.status = 2;
        self.err.extend(["error: ", error, "\n"]);
    }

    /// Prints the output, and returns the exit status of the process.
    pub fn finish(result: Result<Self, String>) -> ExitCode {
        let outcome =
            result.unwrap_or_else(|error| Self { status: 2, err: format!("error: {error}\n"), ..Self::default() });
        let [out, err] = [&outcome.out, &outcome.err].map(|text| printable_lines(text));
        // A reader such as `head` may close the pipe: this is not a failure.
        let _ = io::stdout().write_all(out.as_bytes()).and_then(|()| io::stdout().flush());
        let _ = io::stderr().write_all(err.as_bytes());
        ExitCode::from(outcome.status)
    }
}

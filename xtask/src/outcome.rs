//! What a command leaves behind.

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
}

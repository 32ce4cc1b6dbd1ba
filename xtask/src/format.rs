//! Output formats.

use clap::ValueEnum;

/// The format of a command's output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For a page, a comment or the summary of a CI job.
    Markdown,
    /// For a program.
    Json,
}

/// `1 response`, `2 responses`
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

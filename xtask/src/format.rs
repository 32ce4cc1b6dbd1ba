//! How a command writes what it found.

use clap::ValueEnum;

/// How the output is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For a page, a comment or a job's summary.
    Markdown,
    /// For a program.
    Json,
}

//! Shows the errors of a spec.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};

use weeek_codegen::Diagnostics;

use crate::format::Format;
use crate::outcome::Outcome;
use crate::workspace::NamedPath;

/// The errors of a spec, and their number with `consequence`.
pub(super) fn show(
    diagnostics: &Diagnostics,
    spec: &NamedPath,
    text: &str,
    format: Format,
    consequence: &str,
) -> Outcome {
    let mut outcome = Outcome { status: 1, ..Outcome::default() };
    match format {
        Format::Json => outcome.out = diagnostics.to_json(&spec.name, text),
        Format::Markdown => {
            let errors = diagnostics.render(&spec.name, text, false);
            outcome.out = format!("```text\n{errors}```\n\n{}{consequence}\n", diagnostics.summary(&spec.name));
        }
        Format::Text => {
            outcome.err = diagnostics.render(&spec.name, text, is_colored());
            let _ = writeln!(outcome.err, "error: {}{consequence}", diagnostics.summary(&spec.name));
        }
    }
    outcome
}

/// Whether standard error takes colors: it is a terminal, and `NO_COLOR` is not set.
pub(super) fn is_colored() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

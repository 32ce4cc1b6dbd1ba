//! Where the document is, and how its faults are shown.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use weeek_codegen::Diagnostics;
use xtask::outcome::Outcome;

/// How faults are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: each fault under its source line, on standard error.
    #[default]
    Text,
    /// For editors and annotations: one JSON document on standard output.
    Json,
}

/// The faults of a document; `end` is what follows from them.
pub(crate) fn faults(report: &Diagnostics, spec: &Place, text: &str, format: Format, end: &str) -> Outcome {
    if format == Format::Json {
        return Outcome { status: 1, out: report.to_json(&spec.name, text), ..Outcome::default() };
    }
    let mut err = report.render(&spec.name, text, is_colored());
    let _ = writeln!(err, "error: {}{end}", report.summary(&spec.name));
    Outcome { status: 1, err, ..Outcome::default() }
}

/// Whether standard error takes colours: a terminal does, unless `NO_COLOR` says something.
pub(crate) fn is_colored() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A path, and how it is called in messages: as the user gave it, or from the top of the repository.
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) is_chosen: bool,
}

impl Place {
    /// The path that was given, or the usual one of this repository.
    pub(crate) fn new(given: Option<&Path>, usual: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
        match given {
            Some(path) => Self { path: path.to_owned(), name: path.display().to_string(), is_chosen: true },
            None => Self { path: root.join(usual), name: usual.to_owned(), is_chosen: false },
        }
    }

    /// The document: what `--spec` names, or ours.
    pub(crate) fn spec(given: Option<&Path>) -> Self {
        Self::new(given, "spec/openapi.yaml")
    }

    /// The text of the file.
    pub(crate) fn read(&self) -> Result<String, String> {
        fs::read_to_string(&self.path).map_err(|error| self.error("read", &error))
    }

    pub(crate) fn error(&self, doing: &str, error: &io::Error) -> String {
        format!("cannot {doing} {}: {error}", self.name)
    }
}

//! The workspace root, and files named on the command line.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder that contains `xtask`.
pub fn root() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    Ok(root.to_owned())
}

/// A path, and its name in messages: as the user gave it, or relative to the workspace root.
#[derive(Clone, Debug)]
pub struct NamedPath {
    /// The path.
    pub path: PathBuf,
    /// The name in messages.
    pub name: String,
    /// Whether the user gave the path.
    pub is_explicit: bool,
}

impl NamedPath {
    /// The given path, or the default one below the workspace root.
    pub fn new(given: Option<&Path>, default: &str) -> Result<Self, String> {
        Ok(match given {
            Some(path) => Self { path: path.to_owned(), name: path.display().to_string(), is_explicit: true },
            None => Self { path: root()?.join(default), name: default.to_owned(), is_explicit: false },
        })
    }

    /// The spec: the value of `--spec`, or that of this repository.
    pub fn spec(given: Option<&Path>) -> Result<Self, String> {
        Self::new(given, "spec/openapi.yaml")
    }

    /// Reads the file.
    pub fn read(&self) -> Result<String, String> {
        fs::read_to_string(&self.path).map_err(|error| self.error("read", &error))
    }

    /// A message for a failed operation, such as `read`.
    pub fn error(&self, operation: &str, error: &io::Error) -> String {
        format!("cannot {operation} {}: {error}", self.name)
    }
}

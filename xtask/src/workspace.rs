//! The workspace root, and files named on the command line.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::{read_text, write_atomic};

/// The spec of this repository.
pub const SPEC: &str = "spec/openapi.yaml";

/// Finds the workspace root: above the package that cargo runs, else above the current folder.
///
/// The path is not compiled in, because checkouts can share a target folder and then share this program.
pub fn root() -> Result<PathBuf, String> {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let mut folders = package.into_iter().chain(env::current_dir());
    let root = folders.find_map(|folder| root_above(&folder));
    root.ok_or_else(|| "the workspace root is not above the current folder\nhelp: run it in the repository".to_owned())
}

fn root_above(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join("xtask/Cargo.toml").is_file()).map(Path::to_owned)
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

    /// A file below a workspace root, under its path there.
    pub fn below(root: &Path, path: &str) -> Self {
        Self { path: root.join(path), name: path.to_owned(), is_explicit: true }
    }

    /// The spec: the value of `--spec`, or that of this repository.
    pub fn spec(given: Option<&Path>) -> Result<Self, String> {
        Self::new(given, SPEC)
    }

    /// Reads the file as UTF-8 text.
    pub fn read(&self) -> Result<String, String> {
        read_text(&self.path).map_err(|error| format!("cannot read {}{error}", self.name))
    }

    /// Writes the text of the file itself, not of a link to it.
    pub fn write(&self, text: &str) -> Result<(), String> {
        let target = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        write_atomic(&target, text).map_err(|error| self.error("write", &error))
    }

    /// A message for a failed operation, such as `read`.
    pub fn error(&self, operation: &str, error: &io::Error) -> String {
        format!("cannot {operation} {}: {error}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_nearest_folder_with_this_package() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        for root in [folder.path(), &inner] {
            fs::create_dir_all(root.join("xtask/src")).unwrap();
            fs::write(root.join("xtask/Cargo.toml"), "").unwrap();
        }
        fs::create_dir(inner.join("spec")).unwrap();
        assert_eq!(root_above(&inner.join("spec")), Some(inner.clone()));
        assert_eq!(root_above(&inner.join("xtask")), Some(inner));
        assert_eq!(root_above(&folder.path().join("xtask/src")), Some(folder.path().to_owned()));
        assert_eq!(root_above(Path::new("/")), None);
    }
}

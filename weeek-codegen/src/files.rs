//! The output as a whole, and how a folder departs from it.

use std::collections::BTreeMap;

/// Generated files by their path below the output folder, `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, String>,
}

/// A difference between the output and a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Path below the output folder.
    pub path: String,
    /// How it differs.
    pub reason: Reason,
}

/// How a file departs from what would be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The text differs, first at this line.
    Changed {
        /// Counted from one.
        line: usize,
    },
    /// The file is not there.
    Missing,
    /// The file should not be there.
    Stale,
}

impl FileSet {
    pub(crate) fn insert(&mut self, path: String, text: String) {
        self.files.insert(path, text);
    }

    /// The files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Everything in which `folder`, the files that are there now, departs from this output.
    pub fn changes(&self, folder: &BTreeMap<String, Vec<u8>>) -> Vec<Change> {
        let mut changes = Vec::new();
        for (path, text) in &self.files {
            let reason = match folder.get(path) {
                None => Reason::Missing,
                Some(found) if found == text.as_bytes() => continue,
                Some(found) => Reason::Changed { line: first_difference(text.as_bytes(), found) },
            };
            changes.push(Change { path: path.clone(), reason });
        }
        let stale = folder.keys().filter(|path| !self.files.contains_key(*path));
        changes.extend(stale.map(|path| Change { path: path.clone(), reason: Reason::Stale }));
        changes
    }
}

fn first_difference(wanted: &[u8], found: &[u8]) -> usize {
    let same = wanted.iter().zip(found).take_while(|(a, b)| a == b).count();
    wanted[..same].iter().filter(|byte| **byte == b'\n').count() + 1
}

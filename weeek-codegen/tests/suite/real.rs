//! The real spec, and the part of it that a change of one line affects.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use weeek_codegen::Client;

use crate::package;

pub(crate) static REAL: LazyLock<Real> = LazyLock::new(Real::read);

/// The client of the real spec.
pub(crate) static CLIENT: LazyLock<Client> = LazyLock::new(|| weeek_codegen::generate(&REAL.text).unwrap());

pub(crate) struct Real {
    pub(crate) text: String,
    /// The tag, path or component that each line belongs to. Every part has the other lines.
    entries: Vec<Option<usize>>,
    /// Each entry, with all that it uses.
    uses: Vec<BTreeSet<usize>>,
    /// A path that uses components of every kind.
    tags: usize,
}

impl Real {
    fn read() -> Self {
        let text = fs::read_to_string(package::path("../spec/openapi.yaml")).unwrap();
        let (mut entries, mut names, mut references) = (Vec::new(), BTreeMap::new(), Vec::<Vec<&str>>::new());
        let (mut section, mut kind, mut entry) = ("", "", None);
        for line in text.lines() {
            let code = line.trim_start();
            let key = code.split(':').next().unwrap();
            let name = match (section, line.len() - code.len()) {
                (_, 0) if !line.is_empty() => {
                    (section, entry) = (key, None);
                    None
                }
                ("components", 2) => {
                    (kind, entry) = (key, None);
                    None
                }
                ("tags", 2) => code.strip_prefix("- name: ").map(str::to_owned),
                ("paths", 2) => Some(key.to_owned()),
                ("components", 4) if kind != "securitySchemes" => Some(format!("#/components/{kind}/{key}")),
                _ => None,
            };
            if let Some(name) = name.filter(|_| !code.starts_with('#')) {
                entry = Some(references.len());
                names.insert(name, references.len());
                references.push(Vec::new());
            }
            entries.push(entry);
            if let Some(entry) = entry {
                references[entry].extend(line.split('\'').filter(|word| word.starts_with("#/components/")));
                references[entry].extend(code.strip_prefix("tags: [").and_then(|tags| tags.strip_suffix(']')));
            }
        }
        let used = |entry: usize| {
            let (mut found, mut open) = (BTreeSet::new(), vec![entry]);
            while let Some(entry) = open.pop() {
                if found.insert(entry) {
                    open.extend(references[entry].iter().filter_map(|name| names.get(*name)));
                }
            }
            found
        };
        let (uses, tags) = ((0..references.len()).map(used).collect(), names["/ws/tags/{tagId}"]);
        Self { text, entries, uses, tags }
    }

    /// The lines of all entries that use the entry of a line, and of what they use: a spec that takes a tenth of the time.
    pub(crate) fn part(&self, at: usize) -> impl Iterator<Item = (usize, &str)> {
        let changed = self.entries[at].unwrap_or(self.tags);
        let users = self.uses.iter().filter(|used| used.contains(&changed)).chain([&self.uses[self.tags]]);
        let kept: BTreeSet<usize> = users.flatten().copied().collect();
        let lines = self.text.lines().enumerate();
        lines.filter(move |(at, _)| self.entries[*at].is_none_or(|entry| kept.contains(&entry)))
    }
}

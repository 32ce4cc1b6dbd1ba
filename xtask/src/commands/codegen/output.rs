//! The output folder: what is there, and how it becomes what it should be.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use weeek_codegen::{FileChange, FileSet, FileStatus, MARKER};

use crate::files::{is_partial, remove_partial, write_atomic};
use crate::workspace::NamedPath;

/// An output folder.
pub(super) struct Output<'o> {
    out: &'o NamedPath,
    /// The differences from the generated files.
    changes: Vec<FileChange>,
    /// The folders below it, each after its parent.
    folders: Vec<PathBuf>,
    /// Files that a killed run left, or that another run is writing.
    partials: Vec<PathBuf>,
}

impl<'o> Output<'o> {
    /// Compares the folder with the generated files. A missing folder is empty.
    ///
    /// Only the client's own folder belongs to the generator. Another one may contain only generated files, so the first other
    /// file is an error. Nothing is read but regular files, and of each not more than can be equal.
    pub(super) fn read(out: &'o NamedPath, generated: &FileSet) -> Result<Self, String> {
        let (mut files, mut folders, mut partials) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut pending = vec![(out.path.clone(), String::new())];
        while let Some((folder, prefix)) = pending.pop() {
            let entries = match fs::read_dir(&folder) {
                // It does not exist yet, or another run has just removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries.and_then(Iterator::collect::<io::Result<Vec<_>>>),
            };
            for entry in entries.map_err(|error| out.error("read", &error))? {
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                let path = entry.path();
                let kind = entry.file_type().map_err(|error| out.error("read", &error))?;
                let foreign = || {
                    let name = format!("{}/{name}", out.name);
                    format!(
                        "{name} is not a generated file; nothing was written\nhelp: remove it, or choose another folder with `--out`"
                    )
                };
                if kind.is_dir() {
                    folders.push(path.clone());
                    pending.push((path, name + "/"));
                    continue;
                }
                if !kind.is_file() || path.to_str().is_none() {
                    return Err(foreign());
                }
                let expected = generated.get(&name);
                let size = expected.map_or(0, str::len).max(MARKER.len()) + 1;
                let found = match read_start(&path, size) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    found => found.map_err(|error| format!("cannot read {}/{name}: {error}", out.name))?,
                };
                let is_cut = MARKER.as_bytes().starts_with(&found);
                let is_generated = found.starts_with(MARKER.as_bytes());
                if (is_cut || is_generated) && (is_partial(&name) || name.ends_with(".rs.partial")) {
                    partials.push(path);
                } else if out.is_explicit && !is_generated && !(expected.is_some() && is_cut) {
                    return Err(foreign());
                } else {
                    files.insert(name, found);
                }
            }
        }
        Ok(Self { out, changes: generated.changes(&files), folders, partials })
    }

    /// Compares generated files that have hand-written neighbors, which stay.
    pub(super) fn beside(out: &'o NamedPath, generated: &FileSet) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        for (path, _) in generated.iter() {
            match fs::read(out.path.join(path)) {
                Ok(bytes) => drop(files.insert(path.to_owned(), bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(format!("cannot read {}/{path}: {error}", out.name)),
            }
        }
        Ok(Self { out, changes: generated.changes(&files), folders: Vec::new(), partials: Vec::new() })
    }

    /// The differences, each with the name of the folder.
    pub(super) fn changes(&self) -> impl Iterator<Item = (&str, &FileChange)> {
        self.changes.iter().map(|change| (self.out.name.as_str(), change))
    }

    /// Writes what differs, removes what is stale, and lists both.
    pub(super) fn write(&self, generated: &FileSet) -> Result<String, String> {
        let mut lines = String::new();
        let mut log = |action: &str, path: &str, result: io::Result<()>| {
            result.map_err(|error| format!("cannot write {}/{path}: {error}", self.out.name))?;
            let _ = writeln!(lines, "{action:>7}  {}/{path}", self.out.name);
            Ok::<_, String>(())
        };
        let (stale, wanted): (Vec<_>, Vec<_>) =
            self.changes.iter().partition(|change| change.status == FileStatus::Stale);
        for FileChange { path, .. } in stale {
            let removed = fs::remove_file(self.out.path.join(path));
            log(
                "removed",
                path,
                removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }),
            )?;
        }
        self.partials.iter().for_each(|path| remove_partial(path));
        // A folder that is not empty stays.
        self.folders.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
        for FileChange { path, .. } in wanted {
            log("wrote", path, write_atomic(&self.out.path.join(path), generated.get(path).unwrap_or_default()))?;
        }
        Ok(lines)
    }
}

fn read_start(path: &Path, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(size as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated() -> FileSet {
        ["mod.rs", "models/mod.rs", "models/tasks.rs"]
            .map(|name| (name.to_owned(), format!("{MARKER} {name}\n{}", "line\n".repeat(100))))
            .into_iter()
            .collect()
    }

    fn codegen(folder: &Path, is_explicit: bool) -> Result<String, String> {
        let out = NamedPath { path: folder.to_owned(), name: "out".to_owned(), is_explicit };
        Output::read(&out, &generated())?.write(&generated())
    }

    fn is_clean(folder: &Path) -> bool {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        codegen(folder, true) == Ok(String::new()) && names == ["mod.rs", "models"]
    }

    fn age(path: &Path) {
        let past = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
        File::options().write(true).open(path).unwrap().set_modified(past).unwrap();
    }

    #[test]
    fn a_run_recovers_from_the_files_of_a_killed_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir_all(path.join("models/tasks.rs/empty")).unwrap();
        fs::create_dir(path.join("endpoints")).unwrap();
        let old = ["mod.rs.partial", "models/tasks.rs.17-0.partial", "models/mod.rs.17-3.partial"];
        for (name, text) in old.iter().zip(["", &MARKER[..9], &format!("{MARKER} half")]) {
            fs::write(path.join(name), text).unwrap();
            age(&path.join(name));
        }
        fs::write(path.join("mod.rs"), "").unwrap();
        fs::write(path.join("models/mod.rs"), &MARKER[..5]).unwrap();
        let partial = path.join("models/new.rs.17-0.partial");
        fs::write(&partial, MARKER).unwrap();

        assert_eq!(codegen(path, true).unwrap().lines().count(), 3);
        assert!(is_clean(path));
        assert!(partial.exists(), "another run may be writing it");
        age(&partial);
        assert!(is_clean(path) && !partial.exists());
        assert!(old.iter().all(|name| !path.join(name).exists()));
    }

    #[test]
    fn runs_at_the_same_time_all_succeed() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..20 {
            if round % 2 == 0 {
                let _ = fs::remove_dir_all(folder.path().join("models"));
                fs::create_dir_all(folder.path().join("old/empty")).unwrap();
                fs::write(folder.path().join("old/stale.rs"), MARKER).unwrap();
            }
            std::thread::scope(|scope| {
                let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| codegen(folder.path(), true))).collect();
                runs.into_iter().for_each(|run| drop(run.join().unwrap().unwrap()));
            });
            assert!(is_clean(folder.path()));
        }
    }

    #[test]
    fn files_of_others_stay() {
        for (name, text) in [
            ("notes.txt", "mine"),
            ("mod.rs", "mine"),
            ("notes.txt", ""),
            ("mod.rs.1-1.partial", "mine"),
            ("notes.partial", ""),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let mine = folder.path().join(name);
            fs::write(&mine, text).unwrap();
            let error = codegen(folder.path(), true).unwrap_err();
            assert!(
                error.starts_with(&format!("out/{name} is not a generated file; nothing was written\n")),
                "{error}"
            );
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
            assert_eq!(fs::read_to_string(mine).unwrap(), text);
        }
        // The client's own folder belongs to the generator.
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.txt"), "x").unwrap();
        assert!(codegen(folder.path(), false).unwrap().starts_with("removed  out/notes.txt\n"));
        assert!(is_clean(folder.path()));
    }

    #[test]
    fn large_files_are_not_read_whole() {
        let folder = tempfile::tempdir().unwrap();
        File::create(folder.path().join("mod.rs")).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(codegen(folder.path(), false).unwrap().lines().count(), 3);
        assert!(is_clean(folder.path()));
    }

    #[cfg(unix)]
    #[test]
    fn links_and_pipes_are_neither_followed_nor_opened() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let victim = elsewhere.path().join("victim");
        fs::write(&victim, MARKER).unwrap();
        for (name, target) in [("models", elsewhere.path()), ("mod.rs", &victim), ("gone.rs", Path::new("/no/such"))] {
            let link = folder.path().join(name);
            std::os::unix::fs::symlink(target, &link).unwrap();
            assert!(codegen(folder.path(), false).unwrap_err().contains("is not a generated file"), "{name}");
            fs::remove_file(link).unwrap();
        }
        assert_eq!(fs::read_to_string(victim).unwrap(), MARKER);
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
        let pipe = std::process::Command::new("mkfifo").arg(folder.path().join("mod.rs")).status();
        assert!(pipe.unwrap().success());
        assert!(codegen(folder.path(), false).unwrap_err().contains("out/mod.rs is not a generated file"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

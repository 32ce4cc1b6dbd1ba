//! Reads text with a limit, and writes files atomically.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process;
use std::time::{Duration, SystemTime};

/// The generator accepts at most this many bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a file of UTF-8 text. A byte order mark is skipped. An error begins with the separator after the file's name.
pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    let failed = |error: io::Error| format!(": {error}");
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // A pipe has no length, so the reading is limited too.
    let is_too_large = file.metadata().map_err(failed)?.len() > MAX_BYTES
        || file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed)? as u64 > MAX_BYTES;
    if is_too_large {
        return Err(format!(": larger than {} MiB", MAX_BYTES >> 20));
    }
    decode(bytes)
}

fn decode(mut bytes: Vec<u8>) -> Result<String, String> {
    if matches!(bytes[..], [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]) {
        return Err(": UTF-16 is not supported; save the file as UTF-8".to_owned());
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..at]);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!(":{line}:{column}: invalid UTF-8, byte 0x{:02X}; save the file as UTF-8", error.as_bytes()[at])
    })
}

/// Writes a file beside the target and renames it, so the target is never incomplete and keeps its permissions, and a link is
/// replaced, not followed.
///
/// Runs at the same time do not disturb each other: each has its own file, and creates a folder that another one removed.
pub(crate) fn write_atomic(target: &Path, text: &str) -> io::Result<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let mut attempt = 0;
    let (partial, mut file) = loop {
        target.parent().map_or(Ok(()), fs::create_dir_all)?;
        let partial = target.with_file_name(format!("{name}.{}-{attempt}.partial", process::id()));
        match File::options().write(true).create_new(true).open(&partial) {
            Ok(file) => break (partial, file),
            Err(error) if attempt == 99 => return Err(error),
            Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) => {
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    };
    if let Ok(old) = fs::metadata(target) {
        let _ = file.set_permissions(old.permissions());
    }
    file.write_all(text.as_bytes()).and_then(|()| fs::rename(&partial, target)).inspect_err(|_| {
        let _ = fs::remove_file(&partial);
    })
}

/// Whether a file has the name of an incomplete file that [`write_atomic`] left when it was killed.
pub(crate) fn is_partial(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit());
    let numbers = name.strip_suffix(".partial").and_then(|rest| rest.rsplit_once('.')?.1.split_once('-'));
    numbers.is_some_and(|(process, attempt)| is_number(process) && is_number(attempt))
}

/// Removes an incomplete file unless it is so new that another run may be writing it.
pub(crate) fn remove_partial(path: &Path) {
    let age = fs::symlink_metadata(path).and_then(|data| data.modified()).ok();
    let age = age.and_then(|modified| SystemTime::now().duration_since(modified).ok());
    if age.is_some_and(|age| age > Duration::from_secs(60)) {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utf8_and_errors_have_a_location() {
        for (bytes, expected) in [
            (&b"a: \xC3\xA9\n"[..], Ok("a: é\n")),
            (b"\xEF\xBB\xBFa: 1", Ok("a: 1")),
            (b"", Ok("")),
            (b"a: 1\nb: \xC3\xA9 \xE9\n", Err(":2:6: invalid UTF-8, byte 0xE9; save the file as UTF-8")),
            (b"\xFF\xFEa\0", Err(": UTF-16 is not supported; save the file as UTF-8")),
            (b"\xFE\xFF\0a", Err(": UTF-16 is not supported; save the file as UTF-8")),
            (b"a\0:\0", Err(": UTF-16 is not supported; save the file as UTF-8")),
        ] {
            assert_eq!(decode(bytes.to_vec()), expected.map(str::to_owned).map_err(str::to_owned), "{bytes:?}");
        }
    }

    #[test]
    fn large_files_are_rejected_unread() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.yaml");
        // Three gigabytes without a block on the disk.
        File::create(&path).unwrap().set_len(3 << 30).unwrap();
        assert_eq!(read_text(&path), Err(": larger than 64 MiB".to_owned()));
        #[cfg(unix)]
        assert_eq!(read_text(Path::new("/dev/zero")), Err(": larger than 64 MiB".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        write_atomic(&path, "a").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o604)).unwrap();
        write_atomic(&path, "b").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o604);
        assert_eq!(fs::read_to_string(&path).unwrap(), "b");
    }

    #[test]
    fn partial_files_have_numbers() {
        for name in ["mod.rs.17-0.partial", "tasks.list.json.4711-12.partial"] {
            assert!(is_partial(name), "{name}");
        }
        for name in ["mod.rs", "mod.rs.partial", "notes.partial", "a.-.partial", "a.1-x.partial", "1-2.partial"] {
            assert!(!is_partial(name), "{name}");
        }
    }
}

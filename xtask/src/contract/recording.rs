//! Recorded responses, and the files that contain them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::files::read_text;

/// A response as received.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The HTTP method of the request.
    pub method: String,
    /// The path of the request, with its query.
    pub path: String,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Body,
}

/// The body of a response.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// No body, or white space.
    Empty,
    /// JSON.
    Json(Value),
    /// Anything else, such as an HTML page of a proxy.
    Text(String),
}

impl Body {
    /// Classifies the bytes of a body.
    pub fn read(bytes: &[u8]) -> Self {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Self::Empty;
        }
        let text = || Self::Text(String::from_utf8_lossy(bytes).into_owned());
        serde_json::from_slice(bytes).map_or_else(|_| text(), Self::Json)
    }

    /// Returns the bytes that a server would send.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Empty => Vec::new(),
            Self::Json(value) => value.to_string().into_bytes(),
            Self::Text(text) => text.clone().into_bytes(),
        }
    }
}

impl Recording {
    /// Returns the recording as a file contains it.
    pub fn to_json(&self) -> Value {
        let body = match &self.body {
            Body::Empty => Value::Null,
            Body::Json(value @ (Value::Null | Value::String(_))) => Value::String(value.to_string()),
            Body::Json(value) => value.clone(),
            Body::Text(text) => Value::String(text.clone()),
        };
        json!({"method": self.method, "path": self.path, "status": self.status, "body": body})
    }

    fn from_json(value: Value) -> Result<Self, String> {
        let Value::Object(mut fields) = value else { return Err("a recording must be an object".to_owned()) };
        let mut text = |name| match fields.remove(name) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(format!("`{name}` must be a string")),
        };
        let (method, path) = (text("method")?, text("path")?);
        let status = fields.remove("status").and_then(|status| u16::try_from(status.as_u64()?).ok());
        let status = status.filter(|status| (100..600).contains(status)).ok_or("`status` must be an HTTP status")?;
        let body = match fields.remove("body") {
            None => return Err("`body` is missing; null stands for an empty body".to_owned()),
            Some(Value::Null) => Body::Empty,
            // A string holds the bytes of what is not a JSON object or array.
            Some(Value::String(text)) => Body::read(text.as_bytes()),
            Some(value) => Body::Json(value),
        };
        if let Some(key) = fields.keys().next() {
            return Err(format!("unknown key `{key}`; a recording has method, path, status and body"));
        }
        Ok(Self { method, path, status, body })
    }
}

/// The recordings of a set of files.
#[derive(Debug, Default)]
pub struct Recordings {
    /// The valid recordings.
    pub valid: Vec<Recording>,
    /// What is not a recording: the file, and the reason.
    pub skipped: Vec<String>,
}

/// Reads files, and all `.json` files below folders, in the order of their names. Skips what is not a recording.
pub fn read_valid(paths: &[PathBuf]) -> Recordings {
    let mut recordings = Recordings::default();
    for path in paths {
        let mut files = Vec::new();
        if let Err(error) = collect(path, true, &mut files) {
            recordings.skipped.push(format!("{}: {error}", path.display()));
        } else if files.is_empty() {
            recordings.skipped.push(format!("{} contains no .json file", path.display()));
        }
        for file in files {
            let skip = |error: String| format!("{}: {error}", file.display());
            match items(&file) {
                Ok(items) => items.into_iter().for_each(|item| match item {
                    Ok(recording) => recordings.valid.push(recording),
                    Err(error) => recordings.skipped.push(skip(error)),
                }),
                Err(error) => recordings.skipped.push(skip(error)),
            }
        }
    }
    recordings
}

/// Like [`read_valid`], but anything that is not a recording is an error, and so is the lack of recordings.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Recording>, String> {
    let Recordings { valid, skipped } = read_valid(paths);
    match skipped.into_iter().next() {
        Some(error) => Err(error),
        None if valid.is_empty() => Err("the files contain no recording".to_owned()),
        None => Ok(valid),
    }
}

/// Reads the recordings of one file.
pub fn read_file(file: &Path) -> Result<Vec<Recording>, String> {
    items(file)?.into_iter().collect()
}

/// The items of a file: a single one, or those of an array.
fn items(file: &Path) -> Result<Vec<Result<Recording, String>>, String> {
    let text = read_text(file).map_err(|error| error.trim_start_matches([':', ' ']).to_owned())?;
    match serde_json::from_str(&text).map_err(|error| format!("not JSON: {error}"))? {
        Value::Array(items) => {
            let items = items.into_iter().enumerate();
            let read =
                |(at, item)| Recording::from_json(item).map_err(|error| format!("recording {}: {error}", at + 1));
            Ok(items.map(read).collect())
        }
        value => Ok(vec![Recording::from_json(value)]),
    }
}

/// Adds the named file, or the regular `.json` files below the named folder.
fn collect(path: &Path, is_named: bool, files: &mut Vec<PathBuf>) -> io::Result<()> {
    // A link below a folder may lead back to it.
    let kind = if is_named { fs::metadata(path)? } else { fs::symlink_metadata(path)? };
    if kind.is_dir() {
        let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        return entries.iter().try_for_each(|entry| collect(entry, false, files));
    }
    if is_named || (kind.is_file() && path.extension().is_some_and(|extension| extension == "json")) {
        files.push(path.to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_recordings_arrays_and_folders_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir(path.join("a")).unwrap();
        fs::write(path.join("a/one.json"), r#"{"method":"GET","path":"/ws","status":200,"body":{"a":1}}"#).unwrap();
        let list = r#"[{"method":"DELETE","path":"/x","status":204,"body":null},
            {"method":"GET","path":"/x","status":502,"body":"<html>"},
            {"method":"GET","path":"/x","status":200,"body":"[1]"}]"#;
        fs::write(path.join("b.json"), list).unwrap();
        fs::write(path.join("notes.txt"), "not read").unwrap();
        let read = read(&[path.to_owned()]).unwrap();
        let bodies: Vec<_> = read.iter().map(|recording| recording.body.clone()).collect();
        let html = Body::Text("<html>".to_owned());
        assert_eq!(bodies, [Body::Json(json!({"a": 1})), Body::Empty, html, Body::Json(json!([1]))]);
        for body in bodies.into_iter().chain([Body::Json(json!("text")), Body::Json(Value::Null)]) {
            let recording = Recording { body, ..read[0].clone() };
            assert_eq!(Recording::from_json(recording.to_json()), Ok(recording));
        }
    }

    #[test]
    fn an_invalid_recording_is_named_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.json");
        for (text, message) in [
            ("{", "not JSON"),
            ("3", "a recording must be an object"),
            (r#"{"method":"GET"}"#, "`path` must be a string"),
            (r#"{"method":"GET","path":"/","status":7,"body":null}"#, "`status` must be an HTTP status"),
            (r#"{"method":"GET","path":"/","status":200}"#, "`body` is missing"),
            (r#"[{"method":"GET","path":"/","status":200,"body":1,"x":1}]"#, "recording 1: unknown key `x`"),
        ] {
            fs::write(&file, text).unwrap();
            let error = read(std::slice::from_ref(&file)).unwrap_err();
            assert!(error.contains("x.json") && error.contains(message), "{error}");
        }
        fs::write(&file, "[]").unwrap();
        assert_eq!(read(std::slice::from_ref(&file)), Err("the files contain no recording".to_owned()));
        let empty = tempfile::tempdir().unwrap();
        assert!(read(&[empty.path().to_owned()]).unwrap_err().contains("contains no .json file"));
        assert!(read(&[empty.path().join("gone")]).unwrap_err().contains("gone: "));
    }
}

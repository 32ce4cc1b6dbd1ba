//! The folder of recordings.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::scrub::Scrubber;
use crate::contract::recording::{self, Recording};
use crate::contract::{Route, Spec};
use crate::files::{is_partial, remove_partial, write_atomic};

/// Rejects a folder that contains anything but recordings of the probe. A link is not one.
pub fn check_output_dir(spec: &Spec, folder: &Path) -> Result<(), String> {
    if !folder.exists() {
        return Ok(());
    }
    let failed = |error| format!("cannot read {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        let is_file = entry.file_type().map_err(failed)?.is_file();
        let is_ours = name.strip_suffix(".json").is_some_and(|id| spec.operation(id).is_some());
        if is_file && is_partial(&name) {
            remove_partial(&path);
        } else if !is_file || !is_ours || recording::read_file(&path).is_err() {
            return Err(format!(
                "{}/{name} was not recorded by the probe; no request was sent\nhelp: choose a folder for `--record` that contains nothing else",
                folder.display()
            ));
        }
    }
    Ok(())
}

/// Removes private data from recordings.
pub fn scrub(spec: &Spec, recordings: &[Recording]) -> Vec<Recording> {
    let mut scrubber = Scrubber::new(spec);
    let scrubbed = recordings.iter().filter_map(|recording| match spec.route(&recording.method, &recording.path) {
        Route::Operation(operation, _) => Some(scrubber.scrub(operation, recording)),
        _ => None,
    });
    scrubbed.collect()
}

/// Writes scrubbed recordings, one file per operation.
pub fn write_recordings(spec: &Spec, folder: &Path, recordings: &[Recording]) -> Result<(), String> {
    let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for recording in recordings {
        if let Route::Operation(operation, _) = spec.route(&recording.method, &recording.path) {
            files.entry(&operation.id).or_default().push(recording.to_json());
        }
    }
    for (id, responses) in files {
        let path = folder.join(format!("{id}.json"));
        write_atomic(&path, &format!("{:#}\n", Value::Array(responses)))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

//! The folder of recordings.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::scrub::Scrubber;
use crate::contract::recording::{self, Recording};
use crate::contract::{Route, Spec};

/// Rejects a folder that contains anything but recordings of the probe.
pub fn check_output_dir(spec: &Spec, folder: &Path) -> Result<(), String> {
    let name = folder.display();
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(|error| format!("cannot read {name}: {error}"))? {
        let path = entry.map_err(|error| format!("cannot read {name}: {error}"))?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_ours = file.strip_suffix(".json").is_some_and(|id| spec.operation(id).is_some());
        if !is_ours || recording::read_file(&path).is_err() {
            return Err(format!(
                "{name}/{file} was not recorded by the probe; no request was sent\nhelp: choose a folder for `--record` that contains nothing else"
            ));
        }
    }
    Ok(())
}

/// Writes scrubbed recordings, one file per operation.
pub fn write_recordings(spec: &Spec, folder: &Path, recordings: &[Recording]) -> Result<(), String> {
    let mut scrubber = Scrubber::new(spec);
    let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for recording in recordings {
        if let Route::Operation(operation, _) = spec.route(&recording.method, &recording.path) {
            files.entry(&operation.id).or_default().push(scrubber.scrub(operation, recording).to_json());
        }
    }
    let failed = |error| format!("cannot write to {}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    for (id, responses) in files {
        fs::write(folder.join(format!("{id}.json")), format!("{:#}\n", Value::Array(responses))).map_err(failed)?;
    }
    Ok(())
}

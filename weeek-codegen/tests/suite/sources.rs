//! The source files of the runtime.

use std::fs;
use std::path::PathBuf;

/// The files below `weeek-generated/src` that are not generated, by their paths there.
pub(crate) fn of_runtime() -> Vec<(PathBuf, String)> {
    let source = crate::package::path("../weeek-generated/src");
    let (mut files, mut folders) = (Vec::new(), vec![source.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(&source).unwrap().to_owned(), text));
            } else if path != source.join("generated") {
                folders.push(path);
            }
        }
    }
    files
}

//! Finds the package at run time, because checkouts can share a target folder.

use std::path::PathBuf;

/// A path below `weeek-codegen`, which is above the folder that cargo sets or the current one.
pub(crate) fn path(below: &str) -> PathBuf {
    let start = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| std::env::current_dir().unwrap(), PathBuf::from);
    let mut packages = start.ancestors().map(|folder| folder.join("weeek-codegen"));
    let package = packages.find(|package| package.join("Cargo.toml").is_file());
    package.expect("the current folder is not in the repository").join(below)
}

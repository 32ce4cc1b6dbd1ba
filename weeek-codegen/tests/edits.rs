//! Single edits that lint calls clean: the client of each compiles, and no edit makes the generator panic.
//!
//! `EDITS=5000 cargo test -p weeek-codegen --test edits --release` tries more than the default.

#![allow(missing_docs)]

mod damage;
mod package;
#[path = "hostile/texts.rs"]
mod texts;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use damage::{ALL, Random};
use texts::HOSTILE;
use weeek_codegen::FileSet;

/// Small specs with one of everything: the client of one is checked in a tenth of a second.
const SPECS: [&str; 3] = ["fixtures/base.yaml", "clean/spec.yaml", "diff/proof/base.yaml"];

const DEFAULT: u64 = 600;

/// Words that are valid in many locations, and mean something else there.
const WORDS: [&str; 28] = [
    "string",
    "integer",
    "number",
    "boolean",
    "array",
    "object",
    "true",
    "false",
    "1",
    "0x1",
    "date",
    "date-time",
    "uuid",
    "gen",
    "self",
    "new",
    "default",
    "key",
    "add",
    "2nd",
    "''",
    "_",
    "type",
    "kind",
    "Unknown",
    "Option",
    "live",
    "query",
];

/// The spec with one edit, if it applies.
fn edited(lines: &[&str], seed: u64) -> Option<String> {
    let mut random = Random::new(seed + 1);
    let at = random.below(lines.len());
    let kind = random.below(ALL.len() + 3);
    if let Some(damage) = ALL.get(kind) {
        return damage.applied(lines, at, &mut random).map(|lines| lines.join("\n") + "\n");
    }
    // A value or a key becomes another word.
    let line = lines[at];
    let (words, separators) = match kind - ALL.len() {
        0 => (&WORDS[..], [": ", "}"]),
        1 => (&HOSTILE[..], [": ", "}"]),
        _ => (&WORDS[..], ["{", ":"]),
    };
    let start = line.find(separators[0])? + separators[0].len();
    let end = start + line[start..].find([',', '}', ']', ':']).unwrap_or(line.len() - start);
    let word = words[random.below(words.len())];
    let word = if kind == ALL.len() + 1 { format!("{word:?}") } else { word.to_owned() };
    let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    lines[at] = format!("{}{word}{}", &line[..start], &line[end..]);
    Some(lines.join("\n") + "\n")
}

/// The clients of clean edits that differ from the client of the spec.
fn clients(spec: &str, seeds: std::ops::Range<u64>) -> Vec<(String, FileSet)> {
    let text = fs::read_to_string(package::path("tests").join(spec)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let original = weeek_codegen::diff::Spec::read(&text).unwrap().files();
    let mut seen = BTreeSet::new();
    let edits = seeds.filter_map(|seed| Some((seed, edited(&lines, seed)?)));
    let clean = edits.filter_map(|(seed, text)| {
        // House rules do not matter here: without them, more edits are clean.
        let client = weeek_codegen::diff::Spec::read(&text).ok()?.files();
        Some((format!("{spec}, seed {seed}"), client))
    });
    clean.filter(|(_, files)| *files != original && seen.insert(format!("{files:?}"))).collect()
}

/// Checks the types of a client with the stand-in for the runtime, or returns what the compiler reports.
fn check(folder: &Path, files: &FileSet) -> Result<(), String> {
    let _ = fs::remove_dir_all(folder);
    for (path, text) in files.iter() {
        let path = folder.join("generated").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let library = folder.join("lib.rs");
    fs::copy(package::path("tests/diff/proof/client.rs"), &library).unwrap();
    rustc(folder, &["--crate-type=lib", "--emit=metadata"], &library)
}

fn rustc(folder: &Path, options: &[&str], file: &Path) -> Result<(), String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args([
            "--edition=2024",
            "--cap-lints=allow",
            "--cfg=feature=\"crm\"",
            "--cfg=feature=\"workspace\"",
            "--out-dir",
        ])
        .arg(folder)
        .arg(format!("-L{}", folder.parent().unwrap().display()))
        .args(options)
        .arg(file)
        .output()
        .expect("rustc runs");
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn count() -> u64 {
    std::env::var("EDITS").map_or(DEFAULT, |count| count.parse().unwrap())
}

#[test]
fn edits_of_the_real_spec_end_in_a_client_or_errors() {
    let text = fs::read_to_string(package::path("../spec/openapi.yaml")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // The real spec takes thirty times as long.
    let found =
        (0..count() / 30).filter_map(|seed| edited(&lines, seed)).map(|text| match weeek_codegen::generate(&text) {
            Ok(client) => usize::from(client.files.is_empty()),
            Err(diagnostics) => {
                assert!(diagnostics.iter().all(|error| text.get(error.span.clone()).is_some()));
                usize::from(diagnostics.render("openapi.yaml", &text, false).is_empty())
            }
        });
    assert_eq!(found.sum::<usize>(), 0);
}

#[test]
fn clean_edits_compile() {
    let place: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("edits");
    let count = count();
    let clients: Vec<_> = SPECS.iter().flat_map(|spec| clients(spec, 0..count / 3)).collect();
    assert!(clients.len() > 20, "{} of {count} edits are clean", clients.len());
    let failures: Vec<String> = std::thread::scope(|scope| {
        let parts = clients.chunks(clients.len().div_ceil(2)).enumerate().map(|(at, clients)| {
            let folder = place.join(format!("part{at}"));
            scope.spawn(move || {
                let failures = clients
                    .iter()
                    .filter_map(|(name, files)| check(&folder, files).err().map(|errors| format!("{name}\n{errors}")));
                failures.collect::<Vec<_>>()
            })
        });
        let parts: Vec<_> = parts.collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), clients.len(), failures.join("\n"));
}

//! Proves the impact of changes: a program for the old client compiles against the new one, or does not.
//!
//! The generated code is compiled with a stand-in for the runtime (`diff/proof/client.rs`). The program (`diff/proof/caller.rs`)
//! is a separate crate, so privacy and `non_exhaustive` count.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use weeek_codegen::diff::{Diff, Impact, Spec};

use crate::{package, sources};

const FOLDER: &str = "tests/diff/proof";

/// Warnings of the client are errors, except those that the attributes of `mod generated` allow, and those that a runtime without
/// bodies causes.
const LINTS: [&str; 5] = ["-Dwarnings", "-Aunused_imports", "-Adeprecated", "-Adead_code", "-Aunused_macros"];

#[test]
fn the_impact_is_what_the_compiler_finds() {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diff_proof");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).unwrap();
    let base = fs::read_to_string(package::path(FOLDER).join("base.yaml")).unwrap();
    let proof = Proof { old: Spec::read(&base).expect("the base is clean"), base, place };
    let jobs = proof.jobs();
    let (next, diagnostics) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let error = proof.compile(job).err();
            diagnostics.lock().unwrap().extend(error);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let diagnostics = diagnostics.into_inner().unwrap();
    assert!(diagnostics.is_empty(), "{}", diagnostics.join("\n\n"));
}

#[test]
fn a_function_needs_its_feature() {
    let base = fs::read_to_string(package::path(FOLDER).join("base.yaml")).unwrap();
    let moved = base
        .replace("x-weeek-resource: Picture, x-weeek-area: workspace", "x-weeek-resource: Picture, x-weeek-area: crm");
    let diff = Diff::between(&Spec::read(&base).unwrap(), &Spec::read(&moved).unwrap());
    assert_eq!(diff.impact(), Some(Impact::Breaking));
    for text in
        ["requires the feature `crm` (was `workspace`)", "is no longer available with only the feature `workspace`"]
    {
        assert!(diff.changes().iter().any(|change| change.text == text), "{diff:#?}");
    }
}

/// The runtime decides which types a setter with `impl Into<Nullable<…>>` accepts.
#[test]
fn the_stand_in_converts_what_the_runtime_converts() {
    let runtime: String = sources::of_runtime().into_iter().map(|(_, text)| text).collect();
    let stand_in = fs::read_to_string(package::path(FOLDER).join("client.rs")).unwrap();
    let conversions = |text: &str| {
        let lines = text.lines().map(str::trim);
        let headers = lines.filter(|line| {
            line.starts_with("impl") && line.contains(" From<") || line.starts_with("impl_integer_id!($name,")
        });
        headers
            .filter(|line| line.contains("for Nullable<") || line.contains("$name"))
            .map(|line| line.trim_end_matches([' ', '{', ';']).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        conversions(&stand_in),
        conversions(&runtime),
        "left: tests/diff/proof/client.rs, right: weeek-generated/src; apply the change to the stand-in and check the impacts"
    );
}

/// A change of the base spec.
struct Case {
    name: String,
    edits: Vec<(String, String)>,
    impact: Option<Impact>,
}

/// The cases of `diff/cases.txt`, whose first lines describe them.
fn cases() -> Vec<Case> {
    let text = fs::read_to_string(package::path("tests/diff/cases.txt")).unwrap();
    let case = |text: &str| {
        let (head, hunks) = text.split_once('\n').unwrap();
        let (impact, name) = head.split_once(": ").unwrap();
        let is = |known: &Impact| known.name() == impact;
        let impact = [Impact::Breaking, Impact::Behavior, Impact::Additive, Impact::Docs].into_iter().find(is);
        assert!(impact.is_some() || head.starts_with("none: "), "{head}");
        let side = |hunk: &str, sign: char| {
            let lines = hunk.lines().filter(|line| line.starts_with([' ', sign]));
            lines.map(|line| &line[1..]).collect::<Vec<_>>().join("\n")
        };
        let edits = hunks.split("@@\n").map(|hunk| (side(hunk, '-'), side(hunk, '+'))).collect();
        Case { name: name.to_owned(), edits, impact }
    };
    let cases: Vec<_> = text.split("\n== ").skip(1).map(case).collect();
    assert!(cases.len() > 60, "{}", cases.len());
    cases
}

struct Proof {
    base: String,
    old: Spec,
    place: PathBuf,
}

/// A client to compile the program against.
struct Job {
    name: String,
    text: String,
    spec: Spec,
    breaks: bool,
}

impl Proof {
    /// One client for each breaking change. The other changes are tested together if they do not overlap: a program that
    /// compiles against all of them compiles against each.
    fn jobs(&self) -> Vec<Job> {
        let (name, text, spec) = ("no breaking change".to_owned(), self.base.clone(), self.old.clone());
        let mut jobs = vec![Job { name, text, spec, breaks: false }];
        for Case { name, edits, impact } in cases() {
            let text = edited(&self.base, &edits).unwrap_or_else(|from| panic!("{name}: the base has no `{from}`"));
            let spec = Spec::read(&text)
                .unwrap_or_else(|diagnostics| panic!("{name}: {}", diagnostics.render("new", &text, false)));
            let diff = Diff::between(&self.old, &spec);
            assert_eq!(diff.impact(), impact, "{name}: {:#?}", diff.changes());
            if impact == Some(Impact::Breaking) {
                jobs.push(Job { name, text, spec, breaks: true });
                continue;
            }
            let fits = jobs.iter_mut().filter(|job| !job.breaks).find_map(|job| {
                let text = edited(&job.text, &edits).ok()?;
                let spec = Spec::read(&text).ok()?;
                (Diff::between(&self.old, &spec).count(Impact::Breaking) == 0).then_some((job, text, spec))
            });
            match fits {
                Some((job, text, spec)) => {
                    let name = format!("{}, {name}", job.name);
                    *job = Job { name, text, spec, breaks: false };
                }
                None => jobs.push(Job { name, text, spec, breaks: false }),
            }
        }
        jobs
    }

    /// Compiles the new client, and the old program against it. Returns where the compiler and the impact disagree.
    fn compile(&self, Job { name, spec, breaks, .. }: &Job) -> Result<(), String> {
        let folder = self.place.join(name.split(',').next().unwrap().replace(' ', "_"));
        for (path, text) in spec.files().iter() {
            let path = folder.join("generated").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        for table in ["ids", "enums", "filter", "request_objects", "response_objects"] {
            let file = format!("{table}.rs");
            fs::copy(package::path("../weeek-generated/src/model").join(&file), folder.join(file)).unwrap();
        }
        let library = folder.join("lib.rs");
        fs::copy(package::path(FOLDER).join("client.rs"), &library).unwrap();
        let features = ["--cfg=feature=\"crm\"", "--cfg=feature=\"workspace\""];
        let common = ["--crate-type=lib", "--emit=metadata"];
        rustc(&folder, &[&common[..], &features, &LINTS, &["--crate-name=client"]].concat(), &library)
            .map_err(|errors| format!("{name}: the new client does not compile\n{errors}"))?;
        let client = format!("--extern=client={}", folder.join("libclient.rmeta").display());
        let caller = package::path(FOLDER).join("caller.rs");
        match rustc(&folder, &[&common[..], &["--crate-name=caller", &client]].concat(), &caller) {
            Ok(()) if *breaks => Err(format!("{name}: breaking, but the old program compiles")),
            Err(errors) if !breaks => {
                Err(format!("{name}: not breaking, but the old program does not compile\n{errors}"))
            }
            _ => Ok(()),
        }
    }
}

/// The edited text, or the first part that it lacks.
fn edited<'e>(text: &str, edits: &'e [(String, String)]) -> Result<String, &'e str> {
    let replace = |text: String, (from, to): &'e (String, String)| {
        if text.contains(from) { Ok(text.replace(from, to)) } else { Err(from.as_str()) }
    };
    edits.iter().try_fold(text.to_owned(), replace)
}

fn rustc(folder: &Path, options: &[&str], file: &Path) -> Result<(), String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--edition=2024", "--out-dir"])
        .arg(folder)
        .args(options)
        .arg(file)
        .output()
        .expect("rustc runs");
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

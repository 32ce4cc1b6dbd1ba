//! Faults as a reader meets them: `fixtures/README.md` is the manual.

#![allow(missing_docs)]

mod package;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use weeek_codegen::{Report, Rule};

const PATH: &str = "openapi.yaml";

fn fixtures() -> PathBuf {
    package::path("tests/fixtures")
}

/// A case: what is wrong, the document it is in, and the report.
struct Case {
    path: PathBuf,
    /// Everything above the report.
    head: String,
    document: String,
    expected: String,
}

impl Case {
    fn read(path: PathBuf, base: &str) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let (head, expected) =
            text.split_once("=== report\n").unwrap_or_else(|| panic!("{} has no report", path.display()));
        let document = match (head.split_once("=== change\n"), head.split_once("=== document\n")) {
            (Some((_, change)), None) => apply(change, base, &path),
            (None, Some((_, document))) => document.to_owned(),
            _ => panic!("{} has either a change or a document", path.display()),
        };
        Self { head: head.to_owned(), document, expected: expected.to_owned(), path }
    }

    fn name(&self) -> String {
        self.path.strip_prefix(fixtures()).unwrap().display().to_string()
    }

    fn rule(&self) -> &str {
        self.path.parent().unwrap().file_name().unwrap().to_str().unwrap()
    }

    /// Compares with the report on file, or writes it there.
    fn hold(&self, report: &str) -> Result<(), String> {
        if std::env::var_os("BLESS").is_some() {
            fs::write(&self.path, format!("{}=== report\n{report}", self.head)).unwrap();
            return Ok(());
        }
        if self.expected == report {
            return Ok(());
        }
        Err(format!("{} expects\n{}\nand got\n{report}\n", self.name(), self.expected))
    }
}

/// Replaces, hunk by hunk, the lines of the base document that a hunk begins with ` ` or `-` by those with ` ` or `+`.
fn apply(change: &str, base: &str, path: &Path) -> String {
    let mut document = base.to_owned();
    for hunk in change.split("@@\n") {
        let side = |sign: char| -> String {
            let lines = hunk.lines().filter(|line| line.starts_with([' ', sign]));
            lines.flat_map(|line| [&line[1..], "\n"]).collect()
        };
        let (old, new) = (side('-'), side('+'));
        assert_eq!(
            document.matches(&old).count(),
            1,
            "{}: not exactly once in the base document:\n{old}",
            path.display()
        );
        document = document.replacen(&old, &new, 1);
    }
    document
}

fn cases(folder: &Path) -> Vec<Case> {
    let base = fs::read_to_string(fixtures().join("base.yaml")).unwrap();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| Case::read(path, &base)).collect()
}

fn report(document: &str) -> Result<(Report, String), String> {
    match weeek_codegen::generate(document) {
        Ok(client) => Err(format!("{} operations, {} files\n", client.counts.operations, client.files.len())),
        Err(report) => {
            let text = format!("{}{}\n", report.render(PATH, document, false), report.summary(PATH));
            Ok((report, text))
        }
    }
}

fn hold_all(cases: &[Case], told: impl Fn(&Case) -> Result<String, String>) {
    let failures: Vec<String> =
        cases.iter().filter_map(|case| told(case).and_then(|text| case.hold(&text)).err()).collect();
    assert!(
        failures.is_empty(),
        "{}\n{} cases; see tests/fixtures/README.md for how to accept a change",
        failures.join("\n"),
        failures.len()
    );
}

#[test]
fn the_base_document_has_no_fault() {
    let base = fs::read_to_string(fixtures().join("base.yaml")).unwrap();
    if let Ok((_, text)) = report(&base) {
        panic!("{text}");
    }
}

#[test]
fn one_cause_is_one_fault_and_its_text_is_pinned() {
    let cases = cases(&fixtures().join("rules"));
    assert!(cases.len() >= 120, "{} cases", cases.len());
    hold_all(&cases, |case| {
        let (report, text) = report(&case.document).map_err(|_| format!("{} is taken for sound", case.name()))?;
        let rules: Vec<&str> = report.faults().iter().map(|fault| fault.rule.id()).collect();
        if rules == [case.rule()] { Ok(text) } else { Err(format!("{} breaks {rules:?}\n{text}", case.name())) }
    });
}

#[test]
fn every_rule_has_a_case() {
    let with_case: BTreeSet<String> =
        cases(&fixtures().join("rules")).iter().map(|case| case.rule().to_owned()).collect();
    // Each of these has a test of its own in `bounds.rs` or stands for a fault of the generator itself.
    let elsewhere = ["depth", "size", "openapi-document"];
    let rules: BTreeSet<String> = Rule::all().map(|rule| rule.id().to_owned()).collect();
    let without: Vec<&String> =
        rules.difference(&with_case).filter(|rule| !elsewhere.contains(&rule.as_str())).collect();
    assert!(without.is_empty(), "no case for {without:?}");
    assert!(with_case.is_subset(&rules), "{:?}", with_case.difference(&rules).collect::<Vec<_>>());
}

#[test]
fn documents_from_elsewhere_are_told_what_is_missing() {
    hold_all(&cases(&fixtures().join("documents")), |case| {
        Ok(report(&case.document).map_or_else(|generated| generated, |(_, text)| text))
    });
}

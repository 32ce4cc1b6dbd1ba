//! Diagnostics as a reader sees them; `fixtures/README.md` is the manual. Each fixture is a test, and
//! `cargo test -p weeek-codegen path-parameter` runs those with that name.

#![allow(missing_docs)]

mod package;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use weeek_codegen::Rule;

const FOLDER: &str = "tests/fixtures";

/// A fixture: a spec, and the diagnostics that are expected of it.
struct Fixture {
    path: PathBuf,
    /// The path below the folder, without its extension.
    name: String,
    /// Everything above the report.
    head: String,
    spec: String,
    expected: String,
}

impl Fixture {
    fn read(path: PathBuf, base: &str) -> Self {
        let name = path.strip_prefix(package::path(FOLDER)).unwrap().with_extension("").display().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let (head, expected) = text.split_once("=== report\n").unwrap_or_else(|| panic!("{name} has no report"));
        let spec = match (head.split_once("=== change\n"), head.split_once("=== document\n")) {
            (Some((_, change)), None) => apply(change, base, &name),
            (None, Some((_, document))) => document.to_owned(),
            _ => panic!("{name} has either a change or a document"),
        };
        Self { head: head.to_owned(), spec, expected: expected.to_owned(), name, path }
    }

    /// The rule in the path of a fixture under `rules/`.
    fn rule(&self) -> Option<&str> {
        self.name.strip_prefix("rules/")?.split('/').next()
    }

    fn run(&self) -> Result<(), String> {
        let (rules, report) = report(&self.spec);
        if let Some(rule) = self.rule().filter(|rule| rules != [*rule]) {
            return Err(format!("expected one error of {rule}, found {rules:?}\n{report}"));
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&self.path, format!("{}=== report\n{report}", self.head)).map_err(|error| error.to_string())
        } else if self.expected == report {
            Ok(())
        } else {
            Err(format!("expected\n{}\nfound\n{report}", self.expected))
        }
    }
}

/// Replaces, hunk by hunk, the lines of the base spec that start with ` ` or `-` in the hunk by those with ` ` or `+`.
fn apply(change: &str, base: &str, name: &str) -> String {
    let mut spec = base.to_owned();
    for hunk in change.split("@@\n") {
        let side = |sign: char| -> String {
            let lines = hunk.lines().filter(|line| line.starts_with([' ', sign]));
            lines.flat_map(|line| [&line[1..], "\n"]).collect()
        };
        let (old, new) = (side('-'), side('+'));
        assert_eq!(spec.matches(&old).count(), 1, "{name}: not exactly once in the base spec:\n{old}");
        spec = spec.replacen(&old, &new, 1);
    }
    spec
}

fn fixtures(base: &str) -> Vec<Fixture> {
    let entries = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let groups = ["rules", "documents"].into_iter().flat_map(|kind| entries(&package::path(FOLDER).join(kind)));
    let mut paths: Vec<PathBuf> = groups.flat_map(|group| entries(&group)).collect();
    paths.sort();
    paths.into_iter().map(|path| Fixture::read(path, base)).collect()
}

/// The rules that are violated, and the report; or how much is generated.
fn report(spec: &str) -> (Vec<&'static str>, String) {
    match weeek_codegen::generate(spec) {
        Ok(client) => (Vec::new(), format!("{} operations, {} files\n", client.counts.operations, client.files.len())),
        Err(diagnostics) => {
            let text = diagnostics.render("openapi.yaml", spec, false);
            let rules = diagnostics.iter().map(|error| error.rule.id()).collect();
            (rules, format!("{text}{}\n", diagnostics.summary("openapi.yaml")))
        }
    }
}

fn every_rule_has_a_fixture(fixtures: &[Fixture]) -> Result<(), String> {
    // `bounds.rs` tests these, except the last one: it means a bug of the generator.
    let elsewhere = ["depth", "size", "openapi-document"];
    let with: BTreeSet<&str> = fixtures.iter().filter_map(Fixture::rule).chain(elsewhere).collect();
    let rules: BTreeSet<&str> = Rule::all().map(Rule::id).collect();
    let wrong: Vec<_> = with.symmetric_difference(&rules).collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("rules without a fixture, or fixtures without a rule: {wrong:?}"))
    }
}

type Test<'a> = (&'a str, Box<dyn Fn() -> Result<(), String> + 'a>);

fn main() -> ExitCode {
    let base = fs::read_to_string(package::path(FOLDER).join("base.yaml")).unwrap();
    let fixtures = fixtures(&base);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list" || argument == "--ignored") {
        return ExitCode::SUCCESS;
    }
    let filters: Vec<_> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let is_chosen = |name: &str| filters.is_empty() || filters.iter().any(|filter| name.contains(*filter));
    let base_result = || match report(&base) {
        (rules, _) if rules.is_empty() => Ok(()),
        (_, report) => Err(report),
    };
    let mut tests: Vec<Test> =
        vec![("base", Box::new(base_result)), ("every-rule", Box::new(|| every_rule_has_a_fixture(&fixtures)))];
    tests.extend(fixtures.iter().map(|fixture| -> Test { (&fixture.name, Box::new(|| fixture.run())) }));
    let (mut passed, mut failed) = (0, 0);
    for (name, test) in tests.iter().filter(|(name, _)| is_chosen(name)) {
        match test() {
            Ok(()) => passed += 1,
            Err(message) => {
                failed += 1;
                println!("test {name} ... FAILED\n{message}\nfixtures/README.md describes how to accept a change\n");
            }
        }
    }
    let result = if failed == 0 { "ok" } else { "FAILED" };
    println!("test result: {result}. {passed} passed; {failed} failed; {} filtered out", tests.len() - passed - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! The texts of differences, and that differences depend on the content of specs and not on their order.

use std::fs;
use std::path::Path;

use weeek_codegen::diff::{Cause, Diff, DiffLabels, Impact, Spec};

use crate::package;

const FOLDER: &str = "tests/diff";
const SPEC: &str = "../spec/openapi.yaml";

fn read(path: &Path) -> Spec {
    let text = fs::read_to_string(path).unwrap();
    Spec::read(&text)
        .unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render(&path.display().to_string(), &text, false)))
}

fn between(old: &str, new: &str) -> Diff {
    Diff::between(&Spec::read(old).unwrap(), &Spec::read(new).unwrap())
}

#[test]
fn differences_read_as_expected() {
    let cases: Vec<_> = fs::read_dir(package::path(FOLDER)).unwrap().map(|entry| entry.unwrap().path()).collect();
    let cases: Vec<_> = cases.into_iter().filter(|case| case.join("old.yaml").exists()).collect();
    assert!(!cases.is_empty());
    for case in cases {
        let diff = Diff::between(&read(&case.join("old.yaml")), &read(&case.join("new.yaml")));
        let [version, current] = ["0.1.0", "0.1.1"].map(|version| version.parse().unwrap());
        let sides = DiffLabels { old: "old.yaml".to_owned(), new: "new.yaml".to_owned(), version, current };
        for (name, found) in [
            ("expected.txt", diff.text(&sides)),
            ("expected.md", diff.markdown(&sides)),
            ("expected.json", diff.json(&sides)),
        ] {
            let path = case.join(name);
            if std::env::var_os("BLESS").is_some() {
                fs::write(&path, &found).unwrap();
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(found, expected, "{}: review the difference, then run with BLESS=1", path.display());
        }
    }
}

#[test]
fn a_spec_does_not_differ_from_itself() {
    let text = fs::read_to_string(package::path(SPEC)).unwrap();
    assert_eq!(between(&text, &text).changes(), []);
}

/// Reverses the blocks of `section` with this indent, without comments.
fn reversed(text: &str, section: &str, indent: usize) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let start = lines.iter().position(|line| line.trim_end() == section).unwrap() + 1;
    let length =
        lines[start..].iter().position(|line| !line.is_empty() && depth(line) < indent).unwrap_or(lines.len() - start);
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    for line in lines[start..start + length].iter().copied() {
        match blocks.last_mut() {
            Some(block) if depth(line) > indent || line.is_empty() => block.push(line),
            _ => blocks.push(vec![line]),
        }
    }
    assert!(blocks.len() > 10, "{section} has {} entries", blocks.len());
    blocks.reverse();
    let middle = blocks.concat();
    [&lines[..start], &middle, &lines[start + length..]].concat().join("\n") + "\n"
}

#[test]
fn names_do_not_depend_on_the_order() {
    let text = fs::read_to_string(package::path(SPEC)).unwrap();
    let mut shuffled = text.clone();
    for (section, indent) in [("paths:", 2), ("  parameters:", 4), ("  schemas:", 4), ("  responses:", 4)] {
        shuffled = reversed(&shuffled, section, indent);
    }
    assert_ne!(text, shuffled);
    let client = |text| Spec::read(text).unwrap().files();
    let (before, after) = (client(&text), client(&shuffled));
    assert_eq!(before.len(), after.len());
    for ((path, before), (other, after)) in before.iter().zip(after.iter()) {
        assert_eq!(path, other);
        let names = |text: &str| {
            // The position of an operation in its table follows the order.
            let public = text.lines().filter(|line| line.trim_start().starts_with("pub "));
            let mut public: Vec<_> = public.map(|line| format!("{}\n", line.trim())).collect();
            public.sort();
            public.concat()
        };
        assert_eq!(names(before), names(after), "{path}");
    }
    assert_eq!(between(&text, &shuffled).changes(), []);
}

#[test]
fn swapped_arguments_of_one_type_are_breaking() {
    let text = fs::read_to_string(package::path(FOLDER).join("notes/old.yaml")).unwrap();
    let (title, body) =
        ("        title: {type: string, description: A.}\n", "        body: {type: string, description: B.}\n");
    let with = |properties: String| {
        let (before, after) = text.split_once("      required: [title]\n      properties:\n").unwrap();
        let rest = after.split_once("Its title.}\n").unwrap().1;
        format!("{before}      required: [title, body]\n      properties:\n{properties}{rest}")
    };
    let (old, new) = (with(format!("{title}{body}")), with(format!("{body}{title}")));
    assert_ne!(old, new);
    let diff = between(&old, &new);
    assert_eq!(diff.impact(), Some(Impact::Breaking), "{diff:#?}");
    let expected_text = "`new` takes its arguments in another order: (body, title), was (title, body)";
    assert!(diff.changes().iter().any(|change| change.text == expected_text), "{diff:#?}");
}

#[test]
fn the_largest_impact_decides_the_version() {
    let old = fs::read_to_string(package::path(FOLDER).join("notes/old.yaml")).unwrap();
    let additive = old.replace("enum: [red, green]", "enum: [red, green, blue]");
    let breaking = old.replace("enum: [red, green]", "enum: [red]");
    for (new, now, next) in [
        (&old, "0.1.0", None),
        (&additive, "0.1.0", Some("0.1.1")),
        (&breaking, "0.1.7", Some("0.2.0")),
        (&additive, "1.2.3", Some("1.3.0")),
        (&breaking, "1.2.3", Some("2.0.0")),
    ] {
        let release = between(&old, new).release(now.parse().unwrap());
        assert_eq!(release.map(|release| release.version.to_string()).as_deref(), next);
    }
}

#[test]
fn callers_learn_what_to_write_instead() {
    let old = fs::read_to_string(package::path(FOLDER).join("notes/old.yaml")).unwrap();
    for (edits, name, text) in [
        (
            &[("Identifies a note., type: integer", "Identifies a note., type: string")][..],
            "NoteId",
            "is a string id (was an integer id): write `\"17\"` instead of `17` for `notes().delete`",
        ),
        (
            &[
                ("CreateNote", "AddNote"),
                ("        pinned:", "        top: {type: boolean, description: On top.}\n        pinned:"),
            ],
            "CreateNote",
            "an object: `notes().add` takes `AddNote`",
        ),
        (
            &[(
                "        title: {type: string, description: Its title.}\n        pinned",
                "        title: {type: string, pattern: '^a', default: a, description: Its title.}\n        pinned",
            )],
            "CreateNote",
            "the API accepts for `title`: Must match `^a`, Default: `a` (was: anything)",
        ),
        (
            &[("[red, green]", "[green, blue, red]")],
            "NoteColour",
            "the order of its values is Green, Red (was Red, Green)",
        ),
    ] {
        let new = edits.iter().fold(old.clone(), |text, (from, to)| text.replace(from, to));
        let diff = between(&old, &new);
        let found = diff.changes().iter().any(|change| change.name == name && change.text == text);
        assert!(found, "{name}: {text}\n{:#?}", diff.changes());
    }
}

#[test]
fn the_generator_and_the_hand_written_code_are_causes_too() {
    let spec = fs::read_to_string(package::path(FOLDER).join("notes/old.yaml")).unwrap();
    let mut diff = between(&spec, &spec);
    let old = "pub struct A; impl A { pub fn f(&self, x: u8) {} pub fn g() {} }";
    let new = "#[derive(Clone)] pub struct A; impl A { pub fn f(&self, y: u16) {} }";
    diff.add_code(Cause::Runtime, [("a.rs", old)], [("a.rs", new)]).unwrap();
    diff.add_code(Cause::Generator, [("a.rs", new)], [("a.rs", new)]).unwrap();
    let found: Vec<_> =
        diff.changes().iter().map(|it| (it.cause, it.name.as_str(), it.impact, it.text.as_str())).collect();
    assert_eq!(
        found,
        [
            (Cause::Runtime, "A::g", Impact::Breaking, "is removed"),
            (Cause::Runtime, "A::f", Impact::Breaking, "is `fn f(&self, u16)` (was `fn f(&self, u8)`)"),
            (Cause::Runtime, "impl Clone for A", Impact::Additive, "is new"),
        ]
    );
    assert!(diff.add_code(Cause::Runtime, [("a.rs", "pub")], []).unwrap_err().starts_with("a.rs: "));
}

#[test]
fn a_version_can_be_too_low() {
    let old = fs::read_to_string(package::path(FOLDER).join("notes/old.yaml")).unwrap();
    let diff = between(&old, &old.replace("enum: [red, green]", "enum: [red]"));
    for (current, expected) in [("0.1.0", false), ("0.1.1", true), ("0.2.0", false), ("0.10.0", false)] {
        let [version, current] = ["0.1.0", current].map(|version| version.parse().unwrap());
        let labels = DiffLabels { old: String::new(), new: String::new(), version, current };
        assert_eq!(labels.is_too_low(&diff), expected, "{current}");
    }
}

#[test]
fn a_key_can_be_read_beside_its_former_name() {
    let old = fs::read_to_string(package::path(FOLDER).join("notes/new.yaml")).unwrap();
    let renamed =
        |aliases: &str| old.replace("        due: {", &format!("        dueOn: {{x-weeek-name: due, {aliases}"));
    let (gone, both) = (renamed(""), renamed("x-weeek-aliases: [due], "));
    for (from, to, impact, text) in [
        (&old, &gone, Impact::Behavior, "`due` is read from `dueOn` (was `due`)"),
        (&old, &both, Impact::Additive, "`due` is read from `dueOn` or `due` (was `due`)"),
        (&gone, &both, Impact::Additive, "`due` is read from `dueOn` or `due` (was `dueOn`)"),
        (&both, &gone, Impact::Behavior, "`due` is read from `dueOn` (was `dueOn` or `due`)"),
    ] {
        let diff = between(from, to);
        let found: Vec<_> = diff.changes().iter().map(|change| (change.impact, change.text.as_str())).collect();
        assert_eq!(found, [(impact, text)]);
    }
}

#[test]
fn a_removed_alias_is_breaking() {
    let old = fs::read_to_string(package::path(FOLDER).join("notes/new.yaml")).unwrap();
    let new = old
        .replace("      x-weeek-aliases: [notes.add]\n", "")
        .replace("x-weeek-aliases: [NoteColour], ", "")
        .replace("x-weeek-aliases: [pinned], ", "");
    let old = old.replace("[notes.add]", "[notes.add@0.1.0]").replace("[pinned]", "[pinned@0.1.1]");
    let diff = between(&old, &new);
    let found: Vec<_> = diff.changes().iter().map(|change| (change.name.as_str(), change.text.as_str())).collect();
    assert_eq!(
        found,
        [
            ("notes().create", "its deprecated alias `add` (since 0.1.0) is removed"),
            ("CreateNote", "the deprecated alias `pinned` (since 0.1.1) of `on_top` is removed"),
            ("NoteColor", "its deprecated alias `NoteColour` is removed"),
        ]
    );
    assert_eq!(diff.count(Impact::Breaking), 3);
    let back = between(&new, &old);
    assert_eq!((back.impact(), back.count(Impact::Additive)), (Some(Impact::Additive), 3), "{back:#?}");
}

//! The weight of a change is that of `cargo xtask diff` once our spec follows.

use std::collections::BTreeMap;

use weeek_codegen::diff::{Diff, Spec};
use xtask::upstream::departures::Departures;
use xtask::upstream::normal;
use xtask::upstream::pin::Pin;
use xtask::upstream::review::{Review, Sides};

pub(crate) const NOTES: &str = include_str!("notes.yaml");

/// What is replaced by what.
const CHANGES: &[(&str, &str)] = &[
    // Received.
    ("        day: {type", "        place: {type: string, description: A place.}\n        day: {type"),
    ("        title: {type: string, description: The text.}\n", ""),
    ("title: {type: string, description: The text.}", "title: {type: integer, format: int64, description: The text.}"),
    ("title: {type: string, description: The text.}", "title: {type: string, nullable: true, description: The text.}"),
    ("required: [id, title, color]", "required: [id, color]"),
    ("format: date, nullable", "format: date-time, nullable"),
    // Sent.
    ("        rank: {type", "        place: {type: string, description: A place.}\n        rank: {type"),
    ("        rank: {type: integer, format: int64, description: The rank.}\n", ""),
    ("      required: [title]\n", "      required: [title, rank]\n"),
    ("      required: [title]\n", ""),
    ("memo: {type: string, nullable: true,", "memo: {type: string,"),
    ("rank: {type: integer, format: int64,", "rank: {type: integer, format: int64, nullable: true,"),
    ("rank: {type: integer, format: int64,", "rank: {type: string,"),
    (
        "        - {name: search,",
        "        - {name: text, in: query, description: A., schema: {type: string}}\n        - {name: search,",
    ),
    (
        "        - {name: search,",
        "        - {name: text, in: query, required: true, description: A., schema: {type: string}}\n        - {name: search,",
    ),
    ("        - {name: search, in: query, description: A text., schema: {type: string}}\n", ""),
    ("{name: search, in: query,", "{name: search, in: query, required: true,"),
    // Both.
    ("enum: [red, green]", "enum: [red, green, blue]"),
    ("enum: [red, green]", "enum: [red]"),
    // Operations.
    ("      summary: Delete a note.\n", "      summary: Delete a note.\n      deprecated: true\n"),
    ("  /ws/notes/{noteId}:\n    delete:", "  /ws/files/notes/{noteId}:\n    delete:"),
    ("api.example.com/v1", "api.example.com/v2"),
];

#[test]
fn weights_are_those_of_diff() {
    let old = Spec::read(NOTES).unwrap();
    let ours = normal::read(NOTES).unwrap();
    let pin = Pin { date: "2026-10".to_owned(), sha256: String::new(), api: ours.clone() };
    let mut wrong = Vec::new();
    for (from, to) in CHANGES {
        let text = NOTES.replacen(from, to, 1);
        assert_ne!(text, NOTES, "{from}");
        let new = Spec::read(&text).unwrap_or_else(|report| panic!("{}", report.render("new", &text, false)));
        let expected = Diff::between(&old, &new);
        let (departures, functions, new) = (Departures::default(), BTreeMap::new(), normal::read(&text).unwrap());
        let sides = Sides { pin: &pin, new: &new, ours: &ours, departures: &departures, functions: &functions };
        let review = Review::of(sides);
        let found: Vec<_> = review.new.iter().map(|item| item.weight).collect();
        if found != [expected.impact()] {
            wrong.push(format!("{from} -> {to}: {:?} but {:?}", review.new, expected.changes()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

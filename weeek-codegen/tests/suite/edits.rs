//! Single edits that lint calls clean, as modules with the items that they change and those that use them.
//!
//! `compiled.rs` compiles them. No edit makes the generator panic.

mod parts;

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;
use std::thread;

use crate::damage::{ALL, Random};
use crate::package;
use crate::real::REAL;
use crate::texts::HOSTILE;
use parts::Client;
use weeek_codegen::FileSet;
use weeek_codegen::diff::Spec;

/// Edits of each spec.
const DEFAULT: usize = 200;

/// Words that are valid in many locations, and mean something else there.
const WORDS: [&str; 27] = [
    "string",
    "integer",
    "number",
    "boolean",
    "array",
    "object",
    "true",
    "false",
    "1",
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

/// Changes that a maintainer makes: what a line has, and what it has then.
const CHANGES: [(&str, &str); 34] = [
    ("type: string,", "type: integer,"),
    ("type: string,", "type: boolean,"),
    ("{type: string,", "{type: string, format: date,"),
    ("{type: string,", "{type: string, format: date-time,"),
    ("{type: string,", "{type: string, nullable: true,"),
    ("{type: string,", "{type: object, additionalProperties: {type: string},"),
    ("{type: string,", "{type: array, items: {type: string},"),
    ("{type: string,", "{type: string, minLength: 2, maxLength: 9, pattern: '^[`\\w]+$', default: ab,"),
    ("format: date,", "format: date-time,"),
    ("format: date-time,", "format: date,"),
    ("type: boolean", "type: string"),
    ("type: number", "type: integer"),
    ("items: {type: string}", "items: {type: integer}"),
    ("nullable: true, ", ""),
    ("nullable: true", "nullable: false"),
    ("required: true", "required: false"),
    ("required: [", "required: [id, "),
    (", title", ""),
    (", id", ""),
    ("id: {", "number: {"),
    ("name: {", "gen: {"),
    ("title: {", "key: {"),
    ("color: {", "2fa: {x-weeek-name: factors, "),
    ("description: {", "new: {x-weeek-name: newer, "),
    ("description: ", "description: See [x], `Vec<T>`, <b> and https://a.b "),
    ("description: |", "description: |2\n          - a list\n        that goes on\n"),
    ("summary: ", "summary: Do [this] <b> and "),
    ("      summary: ", "      deprecated: true\n      summary: "),
    ("evidence: live", "evidence: contradictory"),
    ("evidence: documented", "evidence: third-party"),
    ("enum: [", "enum: [gen, "),
    ("pageSize: ", "pageSize: 1"),
    (", hasMore: hasMore", ""),
    (
        "  - $ref: '#/components/parameters/",
        "  - {name: gen, in: query, description: 'A [b].', schema: {type: boolean}}\n        - $ref: '#/components/parameters/",
    ),
];

/// A line that one change applies to, and the changed line, if any line has its text.
fn changed(lines: &[&str], seed: u64) -> Option<(usize, String)> {
    let mut random = Random::new(seed + 1);
    let (from, to) = CHANGES[random.below(CHANGES.len())];
    let candidates: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains(from)).collect();
    let at = *candidates.get(random.below(candidates.len().max(1)))?;
    Some((at, lines[at].replacen(from, to, 1)))
}

/// The spec with any edit, if it applies.
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

/// A spec that is edited.
pub(crate) struct Original {
    /// The path of the module of its client.
    pub(crate) path: &'static str,
    pub(crate) files: FileSet,
    text: String,
    client: OnceLock<Client>,
}

/// The text of a spec, or of a part of it, before and after an edit.
struct Edit {
    seed: u64,
    before: String,
    after: String,
}

impl Original {
    /// The real spec, and small ones with one of everything.
    pub(crate) fn all() -> [Self; 4] {
        let original = |(path, spec)| {
            let text = fs::read_to_string(package::path("tests").join(spec)).unwrap();
            Self { path, files: Spec::read(&text).unwrap().files(), text, client: OnceLock::new() }
        };
        [
            ("crate::cases::real", "../../spec/openapi.yaml"),
            ("crate::cases::fixtures", "fixtures/base.yaml"),
            ("crate", "clean/spec.yaml"),
            ("crate::cases::proof", "diff/proof/base.yaml"),
        ]
        .map(original)
    }

    fn edit(&self, lines: &[&str], seed: u64) -> Option<Edit> {
        // Few of the edits that damage a line are clean in the real spec.
        let is_real = self.text == REAL.text;
        if !is_real && !seed.is_multiple_of(2) {
            return Some(Edit { seed, before: self.text.clone(), after: edited(lines, seed)? });
        }
        let (at, line) = changed(lines, seed)?;
        let part: Vec<_> = if is_real { REAL.part(at).collect() } else { lines.iter().copied().enumerate().collect() };
        let with = |line: &str| {
            let lines = part.iter().map(|(number, own)| if *number == at { line } else { own });
            lines.flat_map(|line| [line, "\n"]).collect::<String>()
        };
        Some(Edit { seed, before: with(lines[at]), after: with(&line) })
    }

    /// The modules of clean edits that change the client, by their seeds. `EDITS` is the number of edits.
    pub(crate) fn modules(&self) -> Vec<(u64, String)> {
        let count = std::env::var("EDITS").map_or(DEFAULT, |count| count.parse().unwrap());
        let (lines, mut texts) = (self.text.lines().collect::<Vec<_>>(), BTreeSet::new());
        let mut edits: Vec<_> = (0..count as u64).filter_map(|seed| self.edit(&lines, seed)).collect();
        edits.retain(|edit| texts.insert(edit.after.clone()));
        let modules = |edits: &[Edit]| {
            let module = |edit: &Edit| Some((edit.seed, self.module(edit)?));
            edits.iter().filter_map(module).collect::<Vec<_>>()
        };
        let (some, others) = edits.split_at(edits.len() / 2);
        let mut all = thread::scope(|scope| {
            let some = scope.spawn(|| modules(some));
            let others = modules(others);
            [some.join().unwrap(), others].concat()
        });
        let mut seen = BTreeSet::new();
        all.retain(|(_, text)| seen.insert(text.clone()));
        assert!(all.len() > count / 8, "{}: only {} of {count} edits are clean", self.path, all.len());
        eprintln!("{}: {} texts, {} clients", self.path, edits.len(), all.len());
        all
    }

    fn module(&self, Edit { before, after, .. }: &Edit) -> Option<String> {
        // House rules do not matter here: without them, more edits are clean.
        let part = (*before != self.text).then(|| Client::of(&Spec::read(before).unwrap().files()));
        let client = part.as_ref().unwrap_or_else(|| self.client.get_or_init(|| Client::of(&self.files)));
        match Spec::read(after) {
            Ok(spec) => client.module(&spec.files(), &format!("{}::models", self.path)),
            Err(diagnostics) => {
                let has_span = diagnostics.iter().all(|error| after.get(error.span.clone()).is_some());
                assert!(has_span && !diagnostics.render("openapi.yaml", after, false).is_empty());
                None
            }
        }
    }
}

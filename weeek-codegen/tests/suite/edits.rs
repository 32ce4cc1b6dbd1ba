//! Single edits that lint calls clean: the client of each compiles without a warning, and no edit makes the generator panic.
//!
//! One crate has the runtime, the client of the real spec, and a module for each edit, with the items that it changes and those
//! that use them. Clippy checks them all at once, with the lints of the workspace. `EDITS=5000 cargo test -p weeek-codegen --release
//! --test suite edits` tries more than the default.

mod parts;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::damage::{ALL, Random};
use crate::texts::HOSTILE;
use parts::Client;
use weeek_codegen::FileSet;
use weeek_codegen::diff::Spec;

use crate::{package, runtime};

/// The real spec, and small ones with one of everything.
const SPECS: [&str; 4] = ["../../spec/openapi.yaml", "fixtures/base.yaml", "clean/spec.yaml", "diff/proof/base.yaml"];

/// Edits of each spec.
const DEFAULT: u64 = 200;

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

/// The spec with one change of one line, if any line has its text.
fn changed(lines: &[&str], seed: u64) -> Option<String> {
    let mut random = Random::new(seed + 1);
    let (from, to) = CHANGES[random.below(CHANGES.len())];
    let candidates: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains(from)).collect();
    let at = *candidates.get(random.below(candidates.len().max(1)))?;
    let line = lines[at].replacen(from, to, 1);
    Some([&lines[..at], &[line.as_str()], &lines[at + 1..], &[""]].concat().join("\n"))
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

/// A spec and its client.
struct Original {
    name: &'static str,
    text: String,
    files: FileSet,
    /// The path of the module with its types.
    base: String,
    /// Few of the edits that damage a line are clean in the real spec.
    is_real: bool,
}

impl Original {
    fn read(at: usize) -> Self {
        let name = SPECS[at];
        let text = fs::read_to_string(package::path("tests").join(name)).unwrap();
        let files = Spec::read(&text).unwrap().files();
        let base = if at == 0 { "crate::models".to_owned() } else { format!("crate::edits::base{at}::models") };
        Self { name, text, files, base, is_real: at == 0 }
    }

    /// The modules of clean edits that change the client.
    fn modules(&self, seeds: impl Iterator<Item = u64>) -> Vec<(u64, String)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let client = Client::of(&self.files);
        let modules = seeds.filter_map(|seed| {
            let text = if self.is_real || seed % 2 == 0 { changed(&lines, seed)? } else { edited(&lines, seed)? };
            // House rules do not matter here: without them, more edits are clean.
            match Spec::read(&text) {
                Ok(spec) => Some((seed, client.module(&spec.files(), &self.base)?)),
                Err(diagnostics) => {
                    let has_span = diagnostics.iter().all(|error| text.get(error.span.clone()).is_some());
                    assert!(has_span && !diagnostics.render("openapi.yaml", &text, false).is_empty());
                    None
                }
            }
        });
        modules.collect()
    }
}

/// The root of the crate: the modules of the edits have the attributes of the generated code.
fn library() -> String {
    let text = fs::read_to_string(package::path("../weeek-generated/src/lib.rs")).unwrap();
    let (attributes, rest) = text.split_once("\nmod generated;\n").unwrap();
    let start = attributes.rfind("#[allow(").unwrap();
    format!("{attributes}\nmod generated;\n/// Edits.\n{}\npub mod edits;\n{rest}", &attributes[start..])
}

#[test]
fn clean_edits_compile() {
    let count = std::env::var("EDITS").map_or(DEFAULT, |count| count.parse().unwrap());
    let originals: Vec<Original> = (0..SPECS.len()).map(Original::read).collect();
    let (mut files, mut index, mut operations) = (Vec::new(), "//! Edits.\n".to_owned(), String::new());
    for (at, original) in originals.iter().enumerate() {
        let (mut modules, others) = std::thread::scope(|scope| {
            let even = scope.spawn(|| original.modules((0..count).step_by(2)));
            (original.modules((1..count).step_by(2)), even.join().unwrap())
        });
        modules.extend(others);
        modules.sort();
        let mut seen = BTreeSet::new();
        modules.retain(|(_, text)| seen.insert(text.clone()));
        assert!(
            modules.len() as u64 > count / 8,
            "{}: only {} of {count} edits are clean",
            original.name,
            modules.len()
        );
        eprintln!("{}: {} clients", original.name, modules.len());
        if at > 0 {
            files.extend(original.files.iter().filter(|(path, _)| path.starts_with("models/")).map(|(path, text)| {
                (format!("base{at}/{path}"), text.replace("crate::models::", &format!("{}::", original.base)))
            }));
            files.push((format!("base{at}/mod.rs"), "//! A small spec.\n/// Its types.\npub mod models;\n".to_owned()));
            let _ = writeln!(index, "/// A small spec.\npub mod base{at};");
        }
        for (seed, text) in modules {
            let name = format!("spec{at}_seed{seed}");
            for handle in text.lines().filter_map(|line| line.strip_prefix("pub mod r#")?.strip_suffix(" {")) {
                let _ = writeln!(operations, "    {name}::r#{handle}::OPERATIONS,");
            }
            let _ = writeln!(index, "/// An edit.\npub mod {name};");
            files.push((format!("{name}.rs"), format!("//! An edit.\n#![allow(missing_docs)]\n{text}")));
        }
    }
    let _ = writeln!(index, "/// The tables are used.\npub static ALL: &[&[&crate::Operation]] = &[\n{operations}];");
    files.push(("mod.rs".to_owned(), index));
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("edits");
    let files = files.into_iter().map(|(path, text)| (format!("edits/{path}"), text));
    let client = originals[0].files.iter().map(|(path, text)| (format!("generated/{path}"), text.to_owned()));
    let library = [("lib.rs".to_owned(), library())];
    let features = "crm,task-manager,workspace";
    let warnings = runtime::check(&place, files.chain(client).chain(library), features, &["clippy"]);
    assert!(warnings.is_empty(), "{}\n{} warnings", warnings.join("\n\n"), warnings.len());
}

//! Every shape of a schema at every location: it is rejected with a span, or its client compiles.
//!
//! `shapes/shapes.txt` and `shapes/positions.txt` have both, and `shapes/table.txt` lists the results; `BLESS=1` updates it. The
//! accepted combinations are one spec; `compiled.rs` compiles its client.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use weeek_codegen::diff::Spec;
use weeek_codegen::{FileSet, Rule};

use crate::package;

const TABLE: &str = "tests/shapes/table.txt";
const SHAPES: &str = include_str!("../shapes/shapes.txt");
const POSITIONS: &str = include_str!("../shapes/positions.txt");

const THING: &str = "@Thing: {type: object, required: [id, name, seen], properties: {id: {type: integer}, name: {type: string}, \
                     seen: {type: string, format: date-time, nullable: true}, success: {type: boolean}, \
                     tags: {type: array, items: {type: string}}}}";

const VALUE: &str = "@Value: {x-weeek-tagged-by: kind, anyOf: [{title: text, type: string}, \
                     {title: day, type: string, format: date}]}";

const DONE: &str = "{description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}}}";

/// The sections of a text by name, each with its lines. An indented line continues the one before.
fn sections(text: &'static str) -> Vec<(&'static str, Vec<String>)> {
    let section = |section: &'static str| {
        let (name, lines) = section.split_once('\n').unwrap();
        (name, lines.replace("\n  ", " ").lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
    };
    text.split("\n== ").skip(1).map(section).collect()
}

/// A shape at a location.
struct Case {
    shape: &'static str,
    position: &'static str,
    resource: String,
    path: String,
    schemas: String,
}

impl Case {
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for (title, own) in sections(POSITIONS) {
            let (position, tested) = title.split_once(": ").unwrap_or((title, ""));
            let values = |word: &str| {
                let is_either = tested.contains(&format!("{word} or not"));
                if is_either { vec![false, true] } else { vec![tested.contains(word)] }
            };
            for (at, (shape, lines)) in sections(SHAPES).iter().enumerate() {
                for required in values("required") {
                    for nullable in values("nullable") {
                        let number = cases.len();
                        cases.push(Self::new((shape, lines, at), (position, &own), (required, nullable), number));
                    }
                }
            }
        }
        cases
    }

    fn new(
        (shape, lines, at): (&'static str, &[String], usize),
        (position, own): (&'static str, &[String]),
        (required, nullable): (bool, bool),
        number: usize,
    ) -> Self {
        let (resource, number) = (format!("Form{at}"), format!("Case{number}"));
        let name = format!("{resource}{number}");
        let schema = format!("{{{}{}}}", lines[0], if nullable { ", nullable: true" } else { "" });
        let tag = format!("tags: [{resource}s], summary: It., x-weeek-evidence: live, operationId");
        let filled = |text: &str| {
            text.replace("DONE", DONE)
                .replace('?', if required { "required: [value], " } else { "" })
                .replace('*', if required { "required: true, " } else { "" })
                .replace("SCHEMA", &schema)
                .replace('@', &name)
                .replace('&', &number)
                .replace("operationId: ", &format!("operationId: {}s.", resource.to_lowercase()))
                .replace("operationId", &tag)
        };
        let end = if position == "path" { "/{value}" } else { "" };
        let others = lines[1..].join("\n").replace("THING", THING).replace("VALUE", VALUE).replace('@', &name);
        Self {
            shape,
            position,
            path: format!("/{}{end}: {{{}}}", name.to_lowercase(), filled(&own[0])),
            schemas: [filled(&own[1..].join("\n")), others].join("\n"),
            resource,
        }
    }
}

/// The spec of these cases.
fn spec<'c>(cases: impl Iterator<Item = &'c Case> + Clone) -> String {
    let mut text =
        "openapi: 3.0.3\ninfo: {title: Forms, version: '1'}\nservers: [{url: 'https://forms.example'}]\ntags:\n"
            .to_owned();
    for resource in cases.clone().map(|case| &case.resource).collect::<BTreeSet<_>>() {
        let keys = format!("x-weeek-resource: {resource}, x-weeek-area: crm");
        let _ = writeln!(text, "  - {{name: {resource}s, description: It., {keys}}}");
    }
    text.push_str("paths:\n");
    for Case { path, .. } in cases.clone() {
        let _ = writeln!(text, "  {path}");
    }
    text.push_str("components:\n  schemas:\n    Done: {type: object, properties: {success: {type: boolean}}}\n");
    let lines = cases.flat_map(|case| case.schemas.lines());
    for line in lines.filter(|line| !line.is_empty()) {
        let _ = writeln!(text, "    {line}");
    }
    text
}

/// The rules that a case violates.
fn violated(case: &Case) -> BTreeSet<Rule> {
    let text = spec(std::iter::once(case));
    let Err(diagnostics) = Spec::read(&text) else { return BTreeSet::new() };
    for error in &diagnostics {
        assert!(!error.span.is_empty() && text.get(error.span.clone()).is_some(), "no span: {error:?}\n{text}");
        assert!(error.context.is_some(), "{}: no context\n{}", case.shape, diagnostics.render("x", &text, false));
    }
    diagnostics.iter().map(|error| error.rule).collect()
}

/// Checks the table, and returns the client of what is accepted.
pub(crate) fn accepted() -> FileSet {
    let cases = Case::all();
    let mut accepted = Vec::new();
    let mut results: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for case in &cases {
        let rules = violated(case);
        if rules.is_empty() {
            accepted.push(case);
        }
        let result: Vec<&str> = rules.iter().map(|rule| rule.id()).collect();
        let result = if result.is_empty() { "yes".to_owned() } else { result.join("+") };
        results.entry((case.shape, case.position)).or_default().insert(result);
    }
    let mut table = String::new();
    for (shape, _) in sections(SHAPES) {
        let _ = writeln!(table, "{shape}");
        let mut by_result: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (title, _) in sections(POSITIONS) {
            let position = title.split(": ").next().unwrap();
            let result = results[&(shape, position)].iter().cloned().collect::<Vec<_>>().join(" or ");
            by_result.entry(result).or_default().push(position);
        }
        for (result, positions) in by_result {
            let _ = writeln!(table, "    {result}: {}", positions.join(", "));
        }
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(package::path(TABLE), &table).unwrap();
    }
    assert_eq!(
        fs::read_to_string(package::path(TABLE)).unwrap_or_default(),
        table,
        "the top of this file describes the table"
    );
    assert!(accepted.len() > 300, "{} of {} are accepted", accepted.len(), cases.len());

    let text = spec(accepted.into_iter());
    Spec::read(&text).unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render("x", &text, false))).files()
}

//! Every form of a schema in every place where one may stand: it is refused, and its place is told, or the client compiles.
//!
//! `forms/table.txt` says which is which; `BLESS=1` writes it anew. What is accepted goes into one document, whose client
//! is compiled together with the runtime.

#![allow(missing_docs)]

mod package;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use weeek_codegen::Rule;
use weeek_codegen::diff::Document;

mod runtime;

const TABLE: &str = "tests/forms/table.txt";

/// A form: its name, how it is written where it stands, and the schemas that it needs. `@` is the name of the resource.
type Form = (&'static str, &'static str, &'static str);

const FORMS: &[Form] = &[
    ("any", "description: Any.", ""),
    ("boolean", "type: boolean", ""),
    ("integer", "type: integer", ""),
    ("number", "type: number", ""),
    ("text", "type: string", ""),
    ("uuid", "type: string, format: uuid", ""),
    ("day", "type: string, format: date", ""),
    ("dotted day", "type: string, x-weeek-rust-type: date", ""),
    ("zero or one", "type: integer, enum: [0, 1], x-weeek-rust-type: boolean", ""),
    ("instant", "type: string, format: date-time", ""),
    ("file", "type: string, format: binary", ""),
    ("texts", "type: array, items: {type: string}", ""),
    ("days", "type: array, items: {type: string, format: date}", ""),
    ("dotted days", "type: array, items: {type: string, x-weeek-rust-type: date}", ""),
    ("texts or null", "type: array, items: {type: string, nullable: true}", ""),
    ("lists of numbers", "type: array, items: {type: array, items: {type: number}}", ""),
    ("things", "type: array, items: {$ref: '#/components/schemas/@Thing'}", THING),
    ("map", "type: object, additionalProperties: {type: integer}", ""),
    ("map to null", "type: object, additionalProperties: {type: integer, nullable: true}", ""),
    ("map of lists", "type: object, additionalProperties: {type: array, items: {type: string}}", ""),
    ("map of days", "type: object, additionalProperties: {type: string, format: date}", ""),
    ("free map", "type: object, additionalProperties: true", ""),
    ("inline object", "type: object, properties: {name: {type: string}}", ""),
    ("inline enumeration", "type: string, enum: [a, b]", ""),
    ("inline choice", "oneOf: [{type: string}, {type: integer}]", ""),
    (
        "sum",
        "allOf: [{$ref: '#/components/schemas/@Thing'}, {type: object, properties: {more: {type: string}}}]",
        THING,
    ),
    ("number id", "allOf: [{$ref: '#/components/schemas/@Id'}]", "@Id: {type: integer}"),
    ("number id or null", "anyOf: [{$ref: '#/components/schemas/@Id'}, {enum: [null]}]", "@Id: {type: integer}"),
    ("text id", "allOf: [{$ref: '#/components/schemas/@Id'}]", "@Id: {type: string}"),
    ("enumeration", "allOf: [{$ref: '#/components/schemas/@Kind'}]", "@Kind: {type: string, enum: [a, b]}"),
    (
        "numbers with names",
        "allOf: [{$ref: '#/components/schemas/@Kind'}]",
        "@Kind: {type: integer, enum: [-1, 1], x-enum-varnames: [Low, High]}",
    ),
    ("thing", "allOf: [{$ref: '#/components/schemas/@Thing'}]", THING),
    ("empty object", "allOf: [{$ref: '#/components/schemas/@Void'}]", "@Void: {type: object}"),
    (
        "object with a choice",
        "allOf: [{$ref: '#/components/schemas/@Move'}]",
        "@Move: {type: object, properties: {after: {type: integer}, day: {type: string, format: date, nullable: true}}, \
         x-weeek-exclusive: {place: {name: @Place, variants: {After: [after], Day: [day]}, description: It.}}}",
    ),
    (
        "object with groups",
        "allOf: [{$ref: '#/components/schemas/@Move'}]",
        "@Move: {type: object, properties: {start: {type: string, format: date}, end: {type: string, format: date, \
         nullable: true}, at: {type: string, format: date-time}}, \
         x-weeek-exclusive: {time: {name: @Time, variants: {Days: [start, end], At: [at]}, description: It.}}}",
    ),
    (
        "told by a discriminator",
        "allOf: [{$ref: '#/components/schemas/@Look'}]",
        "@Look: {oneOf: [{$ref: '#/components/schemas/@PaperLook'}, {$ref: '#/components/schemas/@BoardLook'}], \
         discriminator: {propertyName: type, mapping: {paper: '#/components/schemas/@PaperLook', \
         board: '#/components/schemas/@BoardLook'}}}\n\
         @PaperLook: {type: object, properties: {type: {type: string}, cut: {type: string, format: date}}}\n\
         @BoardLook: {type: object, required: [type], properties: {type: {type: string}}}",
    ),
    (
        "one property of several",
        "allOf: [{$ref: '#/components/schemas/@Target'}]",
        "@Target: {oneOf: [{type: object, required: [id], properties: {id: {type: integer}}}, \
         {type: object, required: [day], properties: {day: {type: string, format: date, nullable: true}}}]}",
    ),
    ("told by a sibling", "allOf: [{$ref: '#/components/schemas/@Value'}]", VALUE),
    (
        "object with a told value",
        "allOf: [{$ref: '#/components/schemas/@Field'}]",
        "@Field: {type: object, required: [kind], properties: {id: {type: integer}, kind: {type: string}, \
         value: {$ref: '#/components/schemas/@Value'}, other: {$ref: '#/components/schemas/@Value'}, \
         set: {type: string, format: date}}}\n@Value: {x-weeek-tagged-by: kind, anyOf: [{title: text, type: string}, \
         {title: day, type: string, format: date}]}",
    ),
    (
        "object with an untold value",
        "allOf: [{$ref: '#/components/schemas/@Field'}]",
        "@Field: {type: object, properties: {kind: {type: integer}, value: {$ref: '#/components/schemas/@Value'}}}\n\
         @Value: {x-weeek-tagged-by: kind, anyOf: [{title: text, type: string}]}",
    ),
    (
        "any of several",
        "allOf: [{$ref: '#/components/schemas/@Any'}]",
        "@Any: {anyOf: [{type: string}, {type: integer}]}",
    ),
    ("no form", "allOf: [{$ref: '#/components/schemas/@Any'}]", "@Any: {oneOf: []}"),
    ("named list", "allOf: [{$ref: '#/components/schemas/@List'}]", "@List: {type: array, items: {type: string}}"),
    (
        "named map",
        "allOf: [{$ref: '#/components/schemas/@Map'}]",
        "@Map: {type: object, x-weeek-map-key: @Word, additionalProperties: {type: number, nullable: true}}\n@Word: {type: string}",
    ),
    (
        "named map of things",
        "allOf: [{$ref: '#/components/schemas/@Map'}]",
        "@Map: {type: object, additionalProperties: {$ref: '#/components/schemas/@Thing'}}\n\
         @Thing: {type: object, properties: {name: {type: string}, day: {type: string, format: date}}}",
    ),
    (
        "named map of days",
        "allOf: [{$ref: '#/components/schemas/@Map'}]",
        "@Map: {type: object, additionalProperties: {type: string, format: date}}",
    ),
    (
        "thing of things",
        "allOf: [{$ref: '#/components/schemas/@Tree'}]",
        "@Tree: {type: object, properties: {name: {type: string}, parts: {type: array, \
         items: {$ref: '#/components/schemas/@Tree'}}}}",
    ),
];

const THING: &str = "@Thing: {type: object, required: [id, name, seen], properties: {id: {type: integer}, name: {type: string}, \
                     seen: {type: string, format: date-time, nullable: true}, success: {type: boolean}, \
                     tags: {type: array, items: {type: string}}}}";

const VALUE: &str = "@Value: {x-weeek-tagged-by: kind, anyOf: [{title: text, type: string}, \
                     {title: day, type: string, format: date}]}";

/// A place: its name, with which of required and nullable it is tried, the operation, and the schemas of its own.
/// `SCHEMA` is the schema that stands there, `?` and `*` are where it says that it is required, and `&` tells operations
/// apart.
type Position = (&'static str, &'static [(bool, bool)], &'static str, &'static str);

const ONCE: &[(bool, bool)] = &[(false, false)];
const NULLABLE: &[(bool, bool)] = &[(true, false), (true, true)];
const REQUIRED: &[(bool, bool)] = &[(false, false), (true, false)];
const BOTH_KEYS: &[(bool, bool)] = &[(false, false), (false, true), (true, false), (true, true)];

const POSITIONS: &[Position] = &[
    ("body", BOTH_KEYS, BODY, "Create@: {type: object, ?properties: {value: SCHEMA}}"),
    ("answer", BOTH_KEYS, ANSWER, "@: {type: object, ?properties: {value: SCHEMA}}"),
    ("both", BOTH_KEYS, BOTH, "@: {type: object, ?properties: {value: SCHEMA}}"),
    ("list in both", ONCE, BOTH, "@: {type: object, ?properties: {value: {type: array, items: SCHEMA}}}"),
    (
        "map in body",
        ONCE,
        BODY,
        "Create@: {type: object, ?properties: {value: {type: object, additionalProperties: SCHEMA}}}",
    ),
    ("argument", NULLABLE, ARGUMENT, "Create@: {type: object, required: [value], properties: {value: SCHEMA}}"),
    ("item", BOTH_KEYS, ITEM, ""),
    ("page", ONCE, PAGE, ""),
    ("query", REQUIRED, QUERY, ""),
    ("list in query", ONCE, LIST_IN_QUERY, ""),
    ("objects in query", ONCE, OBJECTS_IN_QUERY, ""),
    ("path", ONCE, PATH, ""),
];

const BODY: &str = "post: {operationId: create&, requestBody: {required: true, content: {application/json: {schema: \
                    {$ref: '#/components/schemas/Create@'}}}}, responses: {'200': DONE}}";
const ANSWER: &str = "get: {operationId: list&, responses: {'200': {description: It., content: {application/json: \
                      {schema: {$ref: '#/components/schemas/@'}}}}}}";
const BOTH: &str = "put: {operationId: update&, requestBody: {required: true, content: {application/json: {schema: \
                    {$ref: '#/components/schemas/@'}}}}, responses: {'200': {description: It., content: {application/json: \
                    {schema: {$ref: '#/components/schemas/@'}}}}}}";
const ARGUMENT: &str = "post: {operationId: create&, requestBody: {required: true, x-weeek-arguments: true, content: \
                        {application/json: {schema: {$ref: '#/components/schemas/Create@'}}}}, responses: {'200': DONE}}";
const ITEM: &str = "get: {operationId: list&, responses: {'200': {description: It., x-weeek-item: value, content: \
                    {application/json: {schema: {type: object, ?properties: {value: SCHEMA}}}}}}}";
const PAGE: &str = "get: {operationId: list&, x-weeek-paging: {limit: limit, offset: offset, pageSize: 10}, \
                    parameters: [{name: limit, in: query, description: Rows., schema: {type: integer}}, \
                    {name: offset, in: query, description: Rows., schema: {type: integer}}], \
                    responses: {'200': {description: It., x-weeek-item: value, content: \
                    {application/json: {schema: {type: object, properties: {value: {type: array, items: SCHEMA}}}}}}}}";
const QUERY: &str = "get: {operationId: list&, parameters: [{name: value, in: query, *description: It., schema: SCHEMA}], \
                     responses: {'200': DONE}}";
const LIST_IN_QUERY: &str = "get: {operationId: list&, parameters: [{name: 'value[]', in: query, style: form, explode: true, \
                             description: It., schema: {type: array, items: SCHEMA}}], responses: {'200': DONE}}";
const OBJECTS_IN_QUERY: &str = "get: {operationId: list&, parameters: [{name: value, in: query, style: deepObject, explode: true, \
                                description: It., schema: {type: array, items: SCHEMA}}], responses: {'200': DONE}}";
const PATH: &str = "get: {operationId: get&, parameters: [{name: value, in: path, required: true, description: It., schema: SCHEMA}], \
                    responses: {'200': DONE}}";
const DONE: &str = "{description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}}}";

/// A form in a place.
struct Case {
    form: &'static str,
    position: &'static str,
    resource: String,
    path: String,
    schemas: String,
}

impl Case {
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for (position, keys, operation, own) in POSITIONS {
            for (at, (form, schema, schemas)) in FORMS.iter().enumerate() {
                for (required, nullable) in keys.iter().copied() {
                    let resource = format!("Form{at}");
                    let number = format!("Case{}", cases.len());
                    let name = format!("{resource}{number}");
                    let schema = format!("{{{schema}{}}}", if nullable { ", nullable: true" } else { "" });
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
                    let end = if *position == "path" { "/{value}" } else { "" };
                    cases.push(Self {
                        form,
                        position,
                        path: format!("/{}{end}: {{{}}}", name.to_lowercase(), filled(operation)),
                        schemas: [filled(own), schemas.replace('@', &name)].join("\n"),
                        resource,
                    });
                }
            }
        }
        cases
    }
}

/// The document of these cases.
fn document<'c>(cases: impl Iterator<Item = &'c Case> + Clone) -> String {
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

/// What is said of a case: the rules that it breaks.
fn broken(case: &Case) -> BTreeSet<Rule> {
    let text = document(std::iter::once(case));
    let Err(report) = Document::read(&text) else { return BTreeSet::new() };
    for fault in report.faults() {
        assert!(!fault.span.is_empty() && text.get(fault.span.clone()).is_some(), "no place: {fault:?}\n{text}");
        assert!(fault.context.is_some(), "{}: it belongs to nothing\n{}", case.form, report.render("x", &text, false));
    }
    report.faults().iter().map(|fault| fault.rule).collect()
}

#[test]
fn what_is_not_refused_compiles() {
    let cases = Case::all();
    let mut accepted = Vec::new();
    let mut verdicts: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for case in &cases {
        let rules = broken(case);
        if rules.is_empty() {
            accepted.push(case);
        }
        let verdict: Vec<&str> = rules.iter().map(|rule| rule.id()).collect();
        let verdict = if verdict.is_empty() { "yes".to_owned() } else { verdict.join("+") };
        verdicts.entry((case.form, case.position)).or_default().insert(verdict);
    }
    let mut table = String::new();
    for (form, ..) in FORMS {
        let _ = writeln!(table, "{form}");
        let mut by_verdict: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (position, ..) in POSITIONS {
            let verdict = verdicts[&(*form, *position)].iter().cloned().collect::<Vec<_>>().join(" or ");
            by_verdict.entry(verdict).or_default().push(position);
        }
        for (verdict, positions) in by_verdict {
            let _ = writeln!(table, "    {verdict}: {}", positions.join(", "));
        }
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(package::path(TABLE), &table).unwrap();
    }
    assert_eq!(fs::read_to_string(package::path(TABLE)).unwrap_or_default(), table, "see the top of this file");
    assert!(accepted.len() > 300, "{} of {} are accepted", accepted.len(), cases.len());

    let text = document(accepted.iter().copied());
    let files = Document::read(&text).unwrap_or_else(|report| panic!("{}", report.render("x", &text, false))).files();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("forms");
    runtime::check(&place, &files).unwrap_or_else(|errors| panic!("{errors}"));
}

//! Every shape of a schema at every location: it is rejected with a span, or its client compiles.
//!
//! `shapes/table.txt` lists the results; `BLESS=1` updates it. The accepted combinations are one spec, whose client is compiled
//! with the runtime.

#![allow(missing_docs)]

mod package;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use weeek_codegen::Rule;
use weeek_codegen::diff::Spec;

mod runtime;
mod sources;

const TABLE: &str = "tests/shapes/table.txt";

/// A shape: its name, its schema, and the schemas that it refers to. `@` is the name of the resource.
type Shape = (&'static str, &'static str, &'static str);

const SHAPES: &[Shape] = &[
    ("any", "description: Any.", ""),
    ("boolean", "type: boolean", ""),
    ("integer", "type: integer", ""),
    ("number", "type: number", ""),
    ("string", "type: string", ""),
    ("uuid", "type: string, format: uuid", ""),
    ("date", "type: string, format: date", ""),
    ("dotted date", "type: string, x-weeek-rust-type: date", ""),
    ("zero or one", "type: integer, enum: [0, 1], x-weeek-rust-type: boolean", ""),
    ("timestamp", "type: string, format: date-time", ""),
    ("file", "type: string, format: binary", ""),
    ("strings", "type: array, items: {type: string}", ""),
    ("dates", "type: array, items: {type: string, format: date}", ""),
    ("dotted dates", "type: array, items: {type: string, x-weeek-rust-type: date}", ""),
    ("strings or null", "type: array, items: {type: string, nullable: true}", ""),
    ("arrays of numbers", "type: array, items: {type: array, items: {type: number}}", ""),
    ("things", "type: array, items: {$ref: '#/components/schemas/@Thing'}", THING),
    ("map", "type: object, additionalProperties: {type: integer}", ""),
    ("map to null", "type: object, additionalProperties: {type: integer, nullable: true}", ""),
    ("map of arrays", "type: object, additionalProperties: {type: array, items: {type: string}}", ""),
    ("map of dates", "type: object, additionalProperties: {type: string, format: date}", ""),
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
    ("string id", "allOf: [{$ref: '#/components/schemas/@Id'}]", "@Id: {type: string}"),
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
        "with a discriminator",
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
    ("tagged by a sibling", "allOf: [{$ref: '#/components/schemas/@Value'}]", VALUE),
    (
        "object with a tagged value",
        "allOf: [{$ref: '#/components/schemas/@Field'}]",
        "@Field: {type: object, required: [kind], properties: {id: {type: integer}, kind: {type: string}, \
         value: {$ref: '#/components/schemas/@Value'}, other: {$ref: '#/components/schemas/@Value'}, \
         set: {type: string, format: date}}}\n@Value: {x-weeek-tagged-by: kind, anyOf: [{title: text, type: string}, \
         {title: day, type: string, format: date}]}",
    ),
    (
        "object without the tag",
        "allOf: [{$ref: '#/components/schemas/@Field'}]",
        "@Field: {type: object, properties: {kind: {type: integer}, value: {$ref: '#/components/schemas/@Value'}}}\n\
         @Value: {x-weeek-tagged-by: kind, anyOf: [{title: text, type: string}]}",
    ),
    (
        "any of several",
        "allOf: [{$ref: '#/components/schemas/@Any'}]",
        "@Any: {anyOf: [{type: string}, {type: integer}]}",
    ),
    ("no variant", "allOf: [{$ref: '#/components/schemas/@Any'}]", "@Any: {oneOf: []}"),
    ("named array", "allOf: [{$ref: '#/components/schemas/@List'}]", "@List: {type: array, items: {type: string}}"),
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
        "named map of dates",
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

/// A location: its name, the tested combinations of required and nullable, the operation, and its schemas. `SCHEMA` is the schema
/// at the location, `?` and `*` are where it is required, and `&` is a unique suffix of operations.
type Position = (&'static str, &'static [(bool, bool)], &'static str, &'static str);

const ONCE: &[(bool, bool)] = &[(false, false)];
const NULLABLE: &[(bool, bool)] = &[(true, false), (true, true)];
const REQUIRED: &[(bool, bool)] = &[(false, false), (true, false)];
const BOTH_KEYS: &[(bool, bool)] = &[(false, false), (false, true), (true, false), (true, true)];

const POSITIONS: &[Position] = &[
    ("body", BOTH_KEYS, BODY, "Create@: {type: object, ?properties: {value: SCHEMA}}"),
    ("response", BOTH_KEYS, RESPONSE, "@: {type: object, ?properties: {value: SCHEMA}}"),
    ("both", BOTH_KEYS, BOTH, "@: {type: object, ?properties: {value: SCHEMA}}"),
    ("array in both", ONCE, BOTH, "@: {type: object, ?properties: {value: {type: array, items: SCHEMA}}}"),
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
    ("array in query", ONCE, LIST_IN_QUERY, ""),
    ("objects in query", ONCE, OBJECTS_IN_QUERY, ""),
    ("path", ONCE, PATH, ""),
];

const BODY: &str = "post: {operationId: create&, requestBody: {required: true, content: {application/json: {schema: \
                    {$ref: '#/components/schemas/Create@'}}}}, responses: {'200': DONE}}";
const RESPONSE: &str = "get: {operationId: list&, responses: {'200': {description: It., content: {application/json: \
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
        for (position, keys, operation, own) in POSITIONS {
            for (at, (shape, schema, schemas)) in SHAPES.iter().enumerate() {
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
                        shape,
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

#[test]
fn what_is_accepted_compiles() {
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
    for (shape, ..) in SHAPES {
        let _ = writeln!(table, "{shape}");
        let mut by_result: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (position, ..) in POSITIONS {
            let result = results[&(*shape, *position)].iter().cloned().collect::<Vec<_>>().join(" or ");
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

    let text = spec(accepted.iter().copied());
    let files =
        Spec::read(&text).unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render("x", &text, false))).files();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("forms");
    let files = files.iter().map(|(path, text)| (format!("generated/{path}"), text.to_owned()));
    let mut errors = runtime::check(&place, files, "crm", &["check"]);
    // The shapes have no descriptions.
    errors.retain(|error| !error.starts_with("warning: missing documentation"));
    assert!(errors.is_empty(), "{}", errors.join("\n\n"));
}

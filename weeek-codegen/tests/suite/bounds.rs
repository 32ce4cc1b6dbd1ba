//! Specs built to exhaust time, memory or the stack: each ends in an error or in a client.

use std::fmt::Write as _;
use std::fs;

use weeek_codegen::Rule;

use crate::package;

fn base() -> String {
    fs::read_to_string(package::path("tests/fixtures/base.yaml")).unwrap()
}

fn rules(text: &str) -> Vec<Rule> {
    let diagnostics = weeek_codegen::lint(text).expect_err("the spec has an error");
    diagnostics.iter().map(|error| error.rule).collect()
}

#[test]
fn nesting_is_limited() {
    let deep = format!("openapi: 3.0.3\nx: {}", "[".repeat(100_000));
    // The YAML parser has its own limit for brackets.
    assert_eq!(rules(&deep), [Rule::YamlSyntax]);
    let blocks = (0..500).map(|depth| " ".repeat(depth) + "a:").collect::<Vec<_>>().join("\n");
    assert_eq!(rules(&blocks), [Rule::Depth]);
    let items = "{type: array, items: ".repeat(80);
    let text = base().replacen("description: The headline.", &format!("description: The headline., items: {items}"), 1);
    assert_eq!(rules(&text), [Rule::Depth]);
}

#[test]
fn yaml_aliases_are_not_expanded() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (from, to) in ('a'..='y').zip('b'..='z') {
        let _ = writeln!(text, "{to}: &{to} [{}]", vec![format!("*{from}"); 9].join(", "));
    }
    assert!(rules(&text).iter().all(|rule| *rule == Rule::YamlFeature));
}

#[test]
fn size_is_limited() {
    let text = format!("# {}\n{}", "x".repeat(65 << 20), base());
    assert_eq!(rules(&text), [Rule::Size]);
}

#[test]
fn a_huge_enumeration_is_a_huge_type() {
    let values: Vec<String> = (0..20_000).map(|at| format!("value{at}")).collect();
    let text = base().replacen("[plain, fancy]", &format!("[plain, fancy, {}]", values.join(", ")), 1);
    let counts = weeek_codegen::lint(&text).unwrap();
    assert_eq!(counts.schemas, 17);
    let twice = text.replacen("value19999]", "value19998]", 1);
    assert_eq!(rules(&twice), [Rule::EnumValues]);
}

#[test]
fn a_long_chain_of_schemas_does_not_overflow() {
    let mut chain = String::new();
    for at in 0..2000 {
        let _ = writeln!(chain, "    NoteLink{at}:\n      description: A link.\n      type: object\n      properties:");
        let _ = writeln!(chain, "        next{at}: {{$ref: '#/components/schemas/NoteLink{}'}}", at + 1);
    }
    let last = "    NoteLink2000: {description: The last., type: string}\n    NoteWord:\n";
    let text = base().replacen("    NoteWord:\n", &format!("{chain}{last}"), 1).replacen(
        "        title: {type: string, description: The headline.}\n",
        "        title: {type: string, description: The headline.}\n        link: {$ref: '#/components/schemas/NoteLink0'}\n",
        1,
    );
    assert_eq!(rules(&text), [Rule::ExampleIncomplete]);
}

#[test]
fn reference_cycles_end() {
    let circle = "    NoteWord: {allOf: [{$ref: '#/components/schemas/NoteWord'}], description: Itself.}\n";
    let text =
        base().replacen("    NoteWord:\n      description: A word of the vocabulary.\n      type: string\n", circle, 1);
    assert_eq!(rules(&text), [Rule::ReferenceCycle]);
}

/// Each of these made the generator overflow its stack once, or nearly.
#[test]
fn schemas_of_every_circle_end() {
    let to = |section: &str, name: &str| format!("{{$ref: '#/components/{section}/{name}'}}");
    let (a, b, other) = (to("schemas", "A"), to("schemas", "B"), to("parameters", "A"));
    for (components, rule) in [
        (format!("schemas: {{A: {{allOf: [{a}], example: 1}}}}"), Rule::ReferenceCycle),
        (format!("schemas: {{A: {a}, B: {{allOf: [{a}], example: 1}}}}"), Rule::ReferenceCycle),
        (format!("schemas: {{A: {{oneOf: [{b}, {b}], example: 1}}, B: {{anyOf: [{a}, {a}]}}}}"), Rule::ReferenceCycle),
        (format!("schemas: {{A: {{allOf: [{other}], example: 1}}}}, parameters: {{A: {a}}}"), Rule::ReferenceTarget),
        (format!("schemas: {{A: {{type: array, items: {a}, example: [[[[]]]]}}}}"), Rule::UnsupportedSchema),
        (
            format!(
                "schemas: {{A: {{type: object, required: [a], properties: {{a: {a}}}, example: {{a: {{a: {{}}}}}}}}}}"
            ),
            Rule::RecursiveType,
        ),
    ] {
        let text =
            format!("openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths: {{}}\ncomponents: {{{components}}}\n");
        let found = rules(&text);
        assert!(found.contains(&rule), "{components}: {found:?}");
    }
}

#[test]
fn nested_variants_do_not_multiply() {
    let mut schemas = String::new();
    for at in 0..24 {
        let next = if at == 23 {
            "{type: string}".to_owned()
        } else {
            format!("{{$ref: '#/components/schemas/NoteForm{}'}}", at + 1)
        };
        let form = format!("{{type: object, description: x, properties: {{a: {next}}}}}");
        let _ =
            writeln!(schemas, "    NoteForm{at}:\n      description: A form.\n      oneOf: [{form}, {form}, {form}]");
    }
    let example = format!("{}x{}", "{a: ".repeat(24), "}".repeat(24));
    let text = base()
        .replacen("    NoteWord:\n", &format!("{schemas}    NoteWord:\n"), 1)
        .replacen("              look: {type: paper, lines: 12}", &format!("              look: {example}"), 1)
        .replacen("look: {$ref: '#/components/schemas/NoteLook'}", "look: {$ref: '#/components/schemas/NoteForm0'}", 1);
    assert!(rules(&text).contains(&Rule::UnsupportedSchema));
}

#[test]
fn many_errors_are_reported_in_part() {
    let unknown: Vec<String> = (0..30_000).map(|at| format!("  x{at}: 1\n")).collect();
    let text = base().replacen("info:\n", &format!("info:\n{}", unknown.concat()), 1);
    let diagnostics = weeek_codegen::lint(&text).unwrap_err();
    assert_eq!(diagnostics.iter().len(), 1000);
    assert_eq!(diagnostics.summary("openapi.yaml"), "30000 errors in openapi.yaml");
    assert!(diagnostics.render("openapi.yaml", &text, false).ends_with("… and 29000 more\n\n"));
}

/// A spec with many of one thing is linted in seconds, also by a debug build on a busy machine.
#[test]
fn growth_is_not_quadratic() {
    let many = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let properties = many(20_000, &|at| format!("        word{at}: {{type: string, description: A word.}}\n"));
    let parameters = many(8_000, &|at| {
        format!("        - {{name: word{at}, in: query, description: A word., schema: {{type: string}}}}\n")
    });
    let schemas = many(4_000, &|at| {
        let names = ["a", "b", "c", "d", "e"].map(|name| format!("{name}: {{type: string, description: A word.}}"));
        let own = format!("own{at}: {{type: string, description: A word.}}");
        format!(
            "    NoteLike{at}: {{description: A note., type: object, properties: {{{}, {own}}}}}\n",
            names.join(", ")
        )
    });
    for (above, part, rule) in [
        ("        lines: {type: integer", properties, Rule::ExampleIncomplete),
        ("        - name: since\n", parameters, Rule::Description),
        ("    NoteWord:\n", schemas, Rule::Unused),
    ] {
        let text = base().replacen(above, &format!("{part}{above}"), 1);
        let start = std::time::Instant::now();
        match weeek_codegen::lint(&text) {
            Ok(counts) => assert_eq!(counts.operations, 5),
            Err(diagnostics) => assert!(diagnostics.iter().any(|error| error.rule == rule), "{rule:?}"),
        }
        assert!(start.elapsed().as_secs() < 20, "{rule:?}: {:?}", start.elapsed());
    }
}

#[test]
fn errors_on_one_long_line_are_cut_around_their_spans() {
    let unknown: Vec<String> = (0..2_000).map(|at| format!("x{at}: {{{}}}", "a: 1, ".repeat(100))).collect();
    let text = base().replacen("openapi: 3.0.3\n", "", 1);
    let text =
        format!("openapi: 3.0.3\ninfo: {{{}}}\n{text}", unknown.join(", ")).replacen("\ninfo:\n", "\nextra:\n", 1);
    let diagnostics = weeek_codegen::lint(&text).unwrap_err();
    let start = std::time::Instant::now();
    let shown = diagnostics.render("openapi.yaml", &text, false);
    assert!(start.elapsed().as_secs() < 20 && shown.lines().all(|line| line.len() < 1200), "{:?}", start.elapsed());
    assert!(shown.contains("openapi.yaml:2:"), "{}", &shown[..2000]);
}

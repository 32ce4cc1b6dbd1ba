//! No spec can use the names that the runtime and the generated files use themselves.

use std::fs;

use weeek_codegen::Rule;
use weeek_codegen::diff::Spec;

use crate::{package, sources};

/// A spec with one resource and one schema.
fn spec(tag: &str, schema: &str) -> String {
    let path = "/things: {get: {tags: [TAG], operationId: things.get, summary: It., x-weeek-evidence: live, \
                responses: {'200': {description: It., content: {application/json: {schema: \
                {$ref: '#/components/schemas/SCHEMA'}}}}}}}";
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Things, version: '1'}}\nservers: [{{url: 'https://things.example'}}]\n\
         tags: [{{name: TAG, description: It., x-weeek-resource: Thing, x-weeek-area: crm}}]\npaths:\n  {path}\n\
         components: {{schemas: {{SCHEMA: {{type: object}}}}}}\n"
    );
    text.replace("TAG", tag).replace("SCHEMA", schema)
}

/// The text at the one error of a spec.
fn rejected(text: &str) -> Option<&str> {
    let diagnostics = Spec::read(text).err()?;
    let [error] = diagnostics.iter().as_slice() else { panic!("{}", diagnostics.render("x", text, false)) };
    assert_eq!(error.rule, Rule::RustName, "{error:?}");
    text.get(error.span.clone())
}

#[test]
fn other_names_are_free() {
    assert_eq!(rejected(&spec("Things", "Thing")), None);
}

#[test]
fn types_of_the_prelude_are_reserved() {
    let path = package::path("../weeek-generated/src/prelude.rs");
    let prelude = fs::read_to_string(path).unwrap();
    let imported =
        prelude.split(';').filter_map(|item| item.trim().rsplit_once("pub(crate) use ")).map(|(_, item)| item);
    let words = imported.flat_map(|item| item.split(|letter: char| !letter.is_alphanumeric() && letter != '_'));
    let names: Vec<&str> = words.filter(|word| word.starts_with(char::is_uppercase)).collect();
    assert!(names.len() >= 15, "{names:?}");
    for name in names.into_iter().chain(["Option", "Some", "Vec", "String", "Result", "Box", "Default", "Into"]) {
        assert_eq!(rejected(&spec("Things", name)), Some(name));
    }
}

#[test]
fn functions_of_the_client_are_reserved() {
    let mut names = Vec::new();
    for (_, text) in sources::of_runtime() {
        for part in text.split("\nimpl Client {\n").skip(1) {
            let body = part.split("\n}\n").next().unwrap();
            let code = body.lines().filter(|line| !line.trim_start().starts_with("//"));
            let functions = code.filter_map(|line| line.split_once("fn "));
            names.extend(functions.map(|(_, rest)| rest.split(['(', '<']).next().unwrap().to_owned()));
        }
    }
    assert!(names.len() >= 5, "{names:?}");
    for name in names.iter().map(String::as_str).chain(["common", "serde", "serde_json", "jiff"]) {
        assert_eq!(rejected(&spec(name, "Thing")), Some(name));
    }
}

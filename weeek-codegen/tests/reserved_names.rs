//! What the runtime and the generated files need for themselves, no document can take.

#![allow(missing_docs)]

mod package;

use std::fs;

use weeek_codegen::Rule;
use weeek_codegen::diff::Document;

/// A document with one resource and one schema.
fn document(tag: &str, schema: &str) -> String {
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

/// The place of the one fault that a document has.
fn refused(text: &str) -> Option<&str> {
    let report = Document::read(text).err()?;
    let [fault] = report.faults() else { panic!("{}", report.render("x", text, false)) };
    assert_eq!(fault.rule, Rule::RustName, "{fault:?}");
    text.get(fault.span.clone())
}

fn runtime() -> Vec<String> {
    let folder = package::path("../weeek-generated/src");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn a_name_of_no_one_is_free() {
    assert_eq!(refused(&document("Things", "Thing")), None);
}

#[test]
fn a_type_of_the_prelude_is_refused() {
    let path = package::path("../weeek-generated/src/prelude.rs");
    let prelude = fs::read_to_string(path).unwrap();
    let imported =
        prelude.split(';').filter_map(|item| item.trim().rsplit_once("pub(crate) use ")).map(|(_, item)| item);
    let words = imported.flat_map(|item| item.split(|letter: char| !letter.is_alphanumeric() && letter != '_'));
    let names: Vec<&str> = words.filter(|word| word.starts_with(char::is_uppercase)).collect();
    assert!(names.len() >= 15, "{names:?}");
    for name in names.into_iter().chain(["Option", "Some", "Vec", "String", "Result", "Box", "Default", "Into"]) {
        assert_eq!(refused(&document("Things", name)), Some(name));
    }
}

#[test]
fn a_function_of_the_client_is_refused() {
    let mut names = Vec::new();
    for text in runtime() {
        for part in text.split("\nimpl Client {\n").skip(1) {
            let body = part.split("\n}\n").next().unwrap();
            let code = body.lines().filter(|line| !line.trim_start().starts_with("//"));
            let functions = code.filter_map(|line| line.split_once("fn "));
            names.extend(functions.map(|(_, rest)| rest.split(['(', '<']).next().unwrap().to_owned()));
        }
    }
    assert!(names.len() >= 5, "{names:?}");
    for name in names.iter().map(String::as_str).chain(["common", "serde", "jiff", "wire"]) {
        assert_eq!(refused(&document(name, "Thing")), Some(name));
    }
}

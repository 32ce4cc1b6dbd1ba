//! Errors planted in the real spec, one at a time: each is reported once, at its token.

#![allow(missing_docs)]

mod package;

use std::fs;

/// What is replaced with what, and the token of the only error.
const PLANTED: &[(&str, &str, &str)] = &[
    // A name is changed in one location of many.
    ("    TaskId:\n      name: taskId", "    TaskNo:\n      name: taskId", "TaskNo"),
    ("      name: taskId", "      name: taskNo", "taskNo"),
    ("    TaskId:\n      description:", "    TaskNo:\n      description:", "TaskNo"),
    ("    Unauthenticated:\n", "    Unauthorized:\n", "Unauthorized"),
    ("    Tag:\n      description: A col", "    Label:\n      description: A col", "Label"),
    ("    Tag:\n      description: A col", "    TagId:\n      description: A col", "TagId"),
    ("  - name: Tags\n", "  - name: Labels\n", "Labels"),
    ("  - name: Tags\n", "  - name: Tgas\n", "Tgas"),
    ("  - name: Tags\n", "  - nme: Tags\n", "nme"),
    ("x-weeek-resource: Tag\n", "x-weeek-resource: Label\n", "Label"),
    ("    UpdateTag:\n", "    UpdateLabel:\n", "'#/components/schemas/UpdateTag'"),
    ("  /ws/tags/{tagId}:", "  /ws/tags/{tagID}:", "/ws/tags/{tagID}"),
    ("  /ws/tags/{tagId}:", "  /ws/tags/{id}:", "/ws/tags/{id}"),
    ("  /ws/tags/{tagId}:", "  /ws/tags/tagId:", "/ws/tags/tagId"),
    ("  /ws/tags/{tagId}:", "  /ws/tags:", "/ws/tags"),
    ("    token:\n", "    tokn:\n", "tokn"),
    // Operations.
    ("      requestBody:\n        required: true\n", "      requestBody:\n        requierd: true\n", "requierd"),
    (
        "      name: tagId\n      in: path\n      required: true\n",
        "      name: tagId\n      in: path\n      requred: true\n",
        "requred",
    ),
    ("            example: {title: Urgent}\n", "            exampel: {title: Urgent}\n", "exampel"),
    ("operationId: tags.list", "operationId: tag.list", "tag.list"),
    ("operationId: tags.list", "operationId: tags.lst", "tags.lst"),
    ("operationId: tags.list", "operationId: tags.create", "tags.create"),
    ("summary: List the tags.", "summary: Lists the tags.", "Lists the tags."),
    ("summary: List the tags.", "summry: List the tags.", "summry"),
    ("tags: [Tags]\n      operationId: tags.list", "tags: [Tag]\n      operationId: tags.list", "Tag"),
    ("  /ws/tags:\n    get:", "  /ws/tags:\n    got:", "got"),
    ("      name: tagId\n      in: path", "      name: tagId\n      in: query", "query"),
    ("      name: tagId\n      in: path\n      required: true\n", "      name: tagId\n      in: path\n", "name"),
    ("        '200': {$ref: '#/components/responses/Tags'}\n", "", "responses"),
    (
        "        '200': {$ref: '#/components/responses/Tags'}",
        "        200: {$ref: '#/components/responses/Tags'}",
        "200",
    ),
    ("'#/components/responses/Tags'", "'#/components/responses/Tagz'", "'#/components/responses/Tagz'"),
    ("'#/components/responses/Tags'", "'#/components/schemas/Tag'", "'#/components/schemas/Tag'"),
    ("        x-weeek-arguments: true\n", "        x-weeek-argument: true\n", "x-weeek-argument"),
    // Schemas and examples.
    ("x-weeek-item: tag\n", "x-weeek-item: tg\n", "tg"),
    ("required: [id, title, color]", "required: [id, titel, color]", "titel"),
    ("required: [id, title, color]", "requird: [id, title, color]", "requird"),
    ("example: {title: Urgent}", "example: {titel: Urgent}", "titel"),
    ("example: {title: Urgent}", "example: {title: 1}", "1"),
    ("title: Urgent, color: '#FF6AA9'}", "title: Urgent, color: red}", "red"),
    ("pattern: '^#[0-9a-fA-F]{6}$'", "pattern: '^#[0-9a-fA-F{6}$'", "'^#[0-9a-fA-F{6}$'"),
    ("title: {type: string, description: The text on", "title: {type: strng, description: The text on", "strng"),
    ("title: {type: string, description: The text on", "title: {tpe: string, description: The text on", "tpe"),
    ("      format: int64\n", "      format: int32\n", "int32"),
    // Sections.
    ("url: https://api", "url: http://api", "http://api.weeek.net/public/v1"),
    ("x-weeek-area: crm", "x-weeek-area: cmr", "cmr"),
    ("---- tags\n", "---- tgas\n", "tgas"),
    ("components:\n", "component:\n", "component"),
    ("\npaths:\n", "\npath:\n", "path"),
    ("\n  schemas:\n", "\n  schema:\n", "schema"),
    ("\n  responses:\n", "\n  response:\n", "response"),
    ("\n  parameters:\n", "\n  parameter:\n", "parameter"),
    ("\n  securitySchemes:\n", "\n  securityScheme:\n", "securityScheme"),
    ("\nsecurity:\n", "\nsecurty:\n", "securty"),
    ("\nservers:\n", "\nserver:\n", "server"),
    ("\ntags:\n", "\ntag:\n", "tag"),
];

#[test]
fn each_error_is_reported_once_at_its_token() {
    let spec = fs::read_to_string(package::path("../spec/openapi.yaml")).unwrap();
    let mut failures = Vec::new();
    for (from, to, token) in PLANTED {
        assert!(spec.contains(from), "the spec has no {from:?}");
        let text = spec.replacen(from, to, 1);
        let diagnostics = weeek_codegen::lint(&text).expect_err(to);
        let tokens: Vec<&str> = diagnostics.iter().map(|error| &text[error.span.clone()]).collect();
        if tokens != [*token] {
            failures.push(format!("{to:?}\n{}", diagnostics.render("openapi.yaml", &text, false)));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), PLANTED.len(), failures.join("\n"));
}

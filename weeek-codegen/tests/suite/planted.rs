//! Errors planted in two specs, one at a time: each is reported at its token.

use std::fs;

use crate::package;
use crate::real::REAL;

/// What is replaced with what in our spec, and the token of the only error.
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
    ("  /ws/tags/{tagId}:", "  /ws/tags/tagId}:", "/ws/tags/tagId}"),
    ("  /ws/tags/{tagId}:", "  '/ws/tags/{tagId}}':", "'/ws/tags/{tagId}}'"),
    ("  /ws/tags/{tagId}:", "  '/ws/tags/{}':", "'/ws/tags/{}'"),
    ("  /ws/tags:\n", "  '/ws/ta{gs':\n", "'/ws/ta{gs'"),
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
    ("    Tag:\n      description: A col", "    Tag:\n      descripton: A col", "descripton"),
    ("'200': {$ref: '#/components/responses/Tags'}", "'200': {$reff: '#/components/responses/Tags'}", "$reff"),
    ("schema: {$ref: '#/components/schemas/CreateTag'}", "schema: {$reff: '#/components/schemas/CreateTag'}", "$reff"),
    ("- $ref: '#/components/parameters/TagId'", "- $reff: '#/components/parameters/TagId'", "$reff"),
    (
        "      description: The email.\n      schema: {$ref:",
        "      description: The email.\n      schema: {$reff:",
        "$reff",
    ),
    ("          schema: {type: string}\n", "          schema: {typee: string}\n", "typee"),
    ("        tagId: {$ref", "        tagd: {$ref", "tagId"),
    ("        watchers:\n          type", "        watches:\n          type", "watchers"),
    ("        propertyName: type\n", "        propertyNae: type\n", "propertyNae"),
    ("      oneOf:\n        - $ref", "      onef:\n        - $ref", "onef"),
    ("CustomFieldConfig'}, {enum: [null]}]", "CustomFieldConfig'}, {enumm: [null]}]", "enumm"),
    (
        "        after:\n          description: Directly after this task.",
        "        aftr:\n          description: Directly after this task.",
        "after",
    ),
    ("success: {type: boolean, description:", "success: {type: boolean, descriptin:", "descriptin"),
    ("example: {title: Urgent}", "example: {titel: Urgent}", "titel"),
    ("example: {title: Urgent}", "example: {title: 1}", "1"),
    ("title: Urgent, color: '#FF6AA9'}", "title: Urgent, color: red}", "red"),
    ("pattern: '^#[0-9a-fA-F]{6}$'", "pattern: '^#[0-9a-fA-F{6}$'", "'^#[0-9a-fA-F{6}$'"),
    ("title: {type: string, description: The text on", "title: {type: strng, description: The text on", "strng"),
    ("title: {type: string, description: The text on", "title: {tpe: string, description: The text on", "tpe"),
    ("      format: int64\n", "      format: int32\n", "int32"),
    // What is gone, of which other parts know.
    ("    Limit:\n      name: limit\n", "    Limit:\n", "Limit"),
    ("        propertyName: type\n", "", "discriminator"),
    ("          variants: {Dates: [startDate, dueDate], DateTimes: [startDateTime, dueDateTime]}\n", "", "schedule"),
    ("          style: form\n          explode: true\n", "          explode: true\n", "name"),
    (
        "              hasMore: {type: boolean, description: Whether there are more comments after this page.}\n",
        "",
        "hasMore",
    ),
    ("        service: {$ref: '#/components/schemas/AttachmentService'}\n", "", "service"),
    (
        "              organizations:\n                type: array\n                description: The organizations of this page.\n                items: {$ref: '#/components/schemas/Organization'}\n",
        "",
        "organizations",
    ),
    ("      requestBody:\n        required: true\n", "      requestBody:\n        required: 'true'\n", "'true'"),
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

/// What is replaced with what in a spec that follows no house rule, and the rule and the token of the error that follows.
const FOREIGN: &[(&str, &str, &str, &str)] = &[
    ("createOrder", "listOrders", "duplicate-operation-id", "listOrders"),
    ("/orders/{orderId}", "/orders/{id}", "path-parameter", "/orders/{id}"),
    ("in: path, required: true", "in: path", "path-parameter", "name"),
    (
        "        - {name: limit",
        "        - {name: limit, in: query, schema: {}}\n        - {name: limit",
        "duplicate-parameter",
        "name",
    ),
    ("        '201': {description: Created.}\n", "", "success-response", "responses"),
    ("        '201'", "        '200': {description: Done.}\n        '201'", "success-response", "'201'"),
    (
        "'#/components/schemas/NewOrder'",
        "'#/components/schemas/NewOder'",
        "dangling-reference",
        "'#/components/schemas/NewOder'",
    ),
    ("'#/components/schemas/NewOrder'", "'order.yaml#/NewOrder'", "external-reference", "'order.yaml#/NewOrder'"),
    (
        "'#/components/responses/Order'",
        "'#/components/schemas/Order'",
        "reference-target",
        "'#/components/schemas/Order'",
    ),
    ("required: [title]", "required: [titel]", "required", "titel"),
    ("minimum: 1, maximum: 100", "minimum: 100, maximum: 1", "constraint", "1"),
    ("'^[a-z]+$'", "'^[a-z+$'", "pattern", "'^[a-z+$'"),
    ("count: 2", "count: two", "example", "two"),
    ("{title: Books, ", "{", "example", "count"),
    ("default: 20", "default: 200", "example", "200"),
    ("[open, paid]", "[open, open]", "enum-values", "open"),
    ("enum: [open, paid]", "enum: [open, 1]", "enum-values", "1"),
    ("count: {type: integer}", "count: {type: intger}", "unknown-value", "intger"),
    ("tags: {type: array, items: {type: string}}", "tags: {type: array}", "unsupported-schema", "type"),
    ("    NewOrder:\n", "    Order: {type: object}\n    NewOrder:\n", "duplicate-key", "Order"),
    (
        "  /orders/{orderId}:",
        "  /orders/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: x}}}}\n  /orders/{orderId}:",
        "same-path",
        "/orders/{orderId}",
    ),
    ("  /orders:", "  orders:", "path-template", "orders"),
    ("in: query", "in: body", "unknown-value", "body"),
    ("'200': {$ref", "'20': {$ref", "status", "'20'"),
];

/// The rule and the token of each error, and the report.
fn lint(text: &str) -> (Vec<(&'static str, String)>, String) {
    let diagnostics = weeek_codegen::lint(text).unwrap_err();
    let errors = diagnostics.iter().map(|error| (error.rule.id(), text[error.span.clone()].to_owned()));
    (errors.collect(), diagnostics.render("openapi.yaml", text, false))
}

fn planted(spec: &str, from: &str, to: &str) -> (Vec<(&'static str, String)>, String) {
    assert!(spec.contains(from), "the spec has no {from:?}");
    lint(&spec.replacen(from, to, 1))
}

#[test]
fn our_spec_has_the_planted_error_alone() {
    let reports = PLANTED.iter().filter_map(|(from, to, token)| {
        let (errors, report) = planted(&REAL.text, from, to);
        let is_alone = matches!(&errors[..], [(_, found)] if found == token);
        (!is_alone).then(|| format!("{from:?} -> {to:?}, expected at {token:?}\n{report}"))
    });
    none_failed(&reports.collect::<Vec<_>>());
}

#[test]
fn a_foreign_spec_has_the_planted_error_too() {
    let spec = fs::read_to_string(package::path("tests/planted/shop.yaml")).unwrap();
    let (before, _) = lint(&spec);
    let reports = FOREIGN.iter().filter_map(|(from, to, rule, token)| {
        let (errors, report) = planted(&spec, from, to);
        let error = (*rule, (*token).to_owned());
        let is_found = !before.contains(&error) && errors.contains(&error);
        (!is_found).then(|| format!("{from:?} -> {to:?}, expected {rule} at {token:?}\n{report}"))
    });
    none_failed(&reports.collect::<Vec<_>>());
}

fn none_failed(reports: &[String]) {
    assert!(reports.is_empty(), "{} cases failed\n\n{}", reports.len(), reports.join("\n"));
}

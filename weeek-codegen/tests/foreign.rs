//! A spec that follows no house rule still gets its errors against OpenAPI, at the token that is wrong.

#![allow(missing_docs)]

const SPEC: &str = "\
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders:
    get:
      operationId: listOrders
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
      responses:
        '200':
          description: The orders.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}
    post:
      operationId: createOrder
      callbacks: {}
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/NewOrder'}
            example: {title: Books, count: 2}
      responses:
        '201': {description: Created.}
        default: {description: Failed.}
  /orders/{orderId}:
    get:
      operationId: getOrder
      parameters:
        - {name: orderId, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}}
      responses:
        '200': {$ref: '#/components/responses/Order'}
components:
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: integer, readOnly: true}
        status: {type: string, enum: [open, paid]}
        tags: {type: array, items: {type: string}}
    NewOrder:
      type: object
      required: [title]
      properties: {title: {type: string}, count: {type: integer}}
  responses:
    Order:
      description: The order.
      content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
";

/// What is replaced with what, and the rule and the token of the error that follows.
const PLANTED: [(&str, &str, &str, &str); 24] = [
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

#[test]
fn every_planted_error_is_reported_at_its_token() {
    let mut missed = Vec::new();
    for (from, to, rule, token) in PLANTED {
        assert!(SPEC.contains(from), "{from}");
        let text = SPEC.replacen(from, to, 1);
        let diagnostics = weeek_codegen::lint(&text).unwrap_err();
        let is_found = |text: &str, diagnostics: &weeek_codegen::Diagnostics| {
            diagnostics.iter().any(|error| error.rule.id() == rule && text.get(error.span.clone()) == Some(token))
        };
        assert!(!is_found(SPEC, &weeek_codegen::lint(SPEC).unwrap_err()), "{rule} without the change");
        if !is_found(&text, &diagnostics) {
            missed.push(format!("{from} -> {to}: no {rule} at `{token}`\n{}", diagnostics.render("x", &text, false)));
        }
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), PLANTED.len(), missed.join("\n"));
}

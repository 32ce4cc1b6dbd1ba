//! The grammar of our OpenAPI 3.0 specs. A key that is not listed here is an error, so what the generator does not support is
//! rejected by leaving it out.

/// The type of a value.
#[derive(Debug)]
pub(crate) enum Shape {
    Any,
    String,
    Boolean,
    Count,
    Number,
    Keyword(&'static [&'static str]),
    Object(&'static ObjectRule),
    List(&'static Shape),
    Map(&'static Shape),
    BooleanOr(&'static ObjectRule),
    /// The name of a schema.
    SchemaName,
    /// A reference to a schema, as a string.
    SchemaReference,
    /// Media types, with the supported ones.
    Media(&'static [&'static str]),
}

/// An object of the spec: its keys, and the section of its references.
#[derive(Debug)]
pub(crate) struct ObjectRule {
    pub(crate) name: &'static str,
    pub(crate) section: Option<&'static str>,
    pub(crate) required: &'static [&'static str],
    pub(crate) fields: &'static [(&'static str, Shape)],
    /// Keys of OpenAPI 3.0 that the client does not support.
    pub(crate) unsupported: &'static [&'static str],
    /// Whether the object has sections, so an unknown key does not taint the rest.
    pub(crate) is_root_section: bool,
}

const RULE: ObjectRule =
    ObjectRule { name: "", section: None, required: &[], fields: &[], unsupported: &[], is_root_section: false };

use Shape::{
    Any, Boolean, BooleanOr, Count, Keyword, List, Map, Media, Number, Object, SchemaName, SchemaReference, String,
};

const EVIDENCE: Shape = Keyword(&["live", "third-party", "documented", "inferred", "contradictory"]);

pub(crate) static OPENAPI: ObjectRule = ObjectRule {
    name: "the spec",
    required: &["openapi", "info", "servers", "tags", "paths", "components"],
    fields: &[
        ("openapi", String),
        ("info", Object(&INFO)),
        ("servers", List(&Object(&SERVER))),
        ("security", List(&Map(&List(&String)))),
        ("externalDocs", Any),
        ("tags", List(&Object(&TAG))),
        ("paths", Map(&Object(&PATH_ITEM))),
        ("components", Object(&COMPONENTS)),
    ],
    is_root_section: true,
    ..RULE
};

static INFO: ObjectRule = ObjectRule {
    name: "info",
    required: &["title", "version"],
    fields: &[
        ("title", String),
        ("version", String),
        ("description", String),
        ("termsOfService", String),
        ("contact", Any),
        ("license", Object(&LICENSE)),
    ],
    ..RULE
};

static LICENSE: ObjectRule =
    ObjectRule { name: "license", required: &["name"], fields: &[("name", String), ("url", String)], ..RULE };

static SERVER: ObjectRule = ObjectRule {
    name: "a server",
    required: &["url"],
    fields: &[("url", String), ("description", String)],
    unsupported: &["variables"],
    ..RULE
};

static TAG: ObjectRule = ObjectRule {
    name: "a tag",
    required: &["name", "description", "x-weeek-resource", "x-weeek-area"],
    fields: &[
        ("name", String),
        ("description", String),
        ("x-weeek-resource", String),
        ("x-weeek-area", Keyword(&["workspace", "task-manager", "crm"])),
        ("x-weeek-example-code", String),
    ],
    unsupported: &["externalDocs"],
    ..RULE
};

static COMPONENTS: ObjectRule = ObjectRule {
    name: "components",
    required: &["schemas"],
    fields: &[
        ("securitySchemes", Map(&Object(&SECURITY_SCHEME))),
        ("parameters", Map(&Object(&PARAMETER))),
        ("schemas", Map(&Object(&SCHEMA))),
        ("responses", Map(&Object(&RESPONSE))),
    ],
    unsupported: &["examples", "requestBodies", "headers", "links", "callbacks"],
    is_root_section: true,
    ..RULE
};

static SECURITY_SCHEME: ObjectRule = ObjectRule {
    name: "a security scheme",
    required: &["type", "scheme"],
    fields: &[
        ("type", Keyword(&["http"])),
        ("scheme", Keyword(&["bearer"])),
        ("bearerFormat", String),
        ("description", String),
    ],
    unsupported: &["in", "name", "flows", "openIdConnectUrl"],
    ..RULE
};

static PATH_ITEM: ObjectRule = ObjectRule {
    name: "a path",
    fields: &[
        ("get", Object(&OPERATION)),
        ("post", Object(&OPERATION)),
        ("put", Object(&OPERATION)),
        ("patch", Object(&OPERATION)),
        ("delete", Object(&OPERATION)),
    ],
    unsupported: &["summary", "description", "servers", "parameters", "head", "options", "trace"],
    ..RULE
};

static OPERATION: ObjectRule = ObjectRule {
    name: "an operation",
    required: &["tags", "operationId", "summary", "x-weeek-evidence", "responses"],
    fields: &[
        ("tags", List(&String)),
        ("operationId", String),
        ("summary", String),
        ("description", String),
        ("deprecated", Boolean),
        ("x-weeek-evidence", EVIDENCE),
        ("x-weeek-idempotent", Boolean),
        ("x-weeek-aliases", List(&String)),
        ("x-weeek-paging", Object(&PAGING)),
        ("parameters", List(&Object(&PARAMETER))),
        ("requestBody", Object(&REQUEST_BODY)),
        ("responses", Map(&Object(&RESPONSE))),
    ],
    unsupported: &["externalDocs", "callbacks", "security", "servers"],
    ..RULE
};

static PAGING: ObjectRule = ObjectRule {
    name: "x-weeek-paging",
    required: &["limit", "offset", "pageSize"],
    fields: &[("limit", String), ("offset", String), ("hasMore", String), ("pageSize", Count)],
    ..RULE
};

static PARAMETER: ObjectRule = ObjectRule {
    name: "a parameter",
    section: Some("parameters"),
    required: &["name", "in", "description", "schema"],
    fields: &[
        ("name", String),
        ("in", Keyword(&["path", "query"])),
        ("description", String),
        ("required", Boolean),
        ("deprecated", Boolean),
        ("style", Keyword(&["simple", "form", "deepObject"])),
        ("explode", Boolean),
        ("schema", Object(&SCHEMA)),
        ("example", Any),
        ("x-weeek-evidence", EVIDENCE),
        ("x-weeek-name", String),
        ("x-weeek-aliases", List(&String)),
    ],
    unsupported: &["allowEmptyValue", "allowReserved", "content", "examples"],
    ..RULE
};

static REQUEST_BODY: ObjectRule = ObjectRule {
    name: "a request body",
    required: &["content"],
    fields: &[
        ("description", String),
        ("required", Boolean),
        ("x-weeek-arguments", Boolean),
        ("content", Media(&["application/json", "multipart/form-data"])),
    ],
    ..RULE
};

static RESPONSE: ObjectRule = ObjectRule {
    name: "a response",
    section: Some("responses"),
    required: &["description"],
    fields: &[
        ("description", String),
        ("x-weeek-item", String),
        ("x-weeek-evidence", EVIDENCE),
        ("content", Media(&["application/json"])),
    ],
    unsupported: &["headers", "links"],
    ..RULE
};

pub(crate) static MEDIA_TYPE: ObjectRule = ObjectRule {
    name: "a media type",
    required: &["schema"],
    fields: &[("schema", Object(&SCHEMA)), ("example", Any)],
    unsupported: &["examples", "encoding"],
    ..RULE
};

static SCHEMA: ObjectRule = ObjectRule {
    name: "a schema",
    section: Some("schemas"),
    fields: &[
        ("title", String),
        ("description", String),
        ("type", Keyword(&["object", "array", "string", "integer", "number", "boolean"])),
        ("format", Keyword(&["int64", "double", "uuid", "date", "date-time", "uri", "email", "binary"])),
        ("enum", List(&Any)),
        ("nullable", Boolean),
        ("deprecated", Boolean),
        ("default", Any),
        ("example", Any),
        ("pattern", String),
        ("minLength", Count),
        ("maxLength", Count),
        ("minimum", Number),
        ("maximum", Number),
        ("exclusiveMinimum", Boolean),
        ("exclusiveMaximum", Boolean),
        ("minItems", Count),
        ("maxItems", Count),
        ("uniqueItems", Boolean),
        ("items", Object(&SCHEMA)),
        ("properties", Map(&Object(&SCHEMA))),
        ("required", List(&String)),
        ("additionalProperties", BooleanOr(&SCHEMA)),
        ("allOf", List(&Object(&SCHEMA))),
        ("oneOf", List(&Object(&SCHEMA))),
        ("anyOf", List(&Object(&SCHEMA))),
        ("discriminator", Object(&DISCRIMINATOR)),
        ("x-enum-varnames", List(&String)),
        ("x-weeek-evidence", EVIDENCE),
        ("x-weeek-rust-type", Keyword(&["boolean", "date"])),
        ("x-weeek-name", String),
        ("x-weeek-aliases", List(&String)),
        ("x-weeek-tagged-by", String),
        ("x-weeek-map-key", SchemaName),
        ("x-weeek-exclusive", Map(&Object(&CHOICE))),
        ("x-weeek-example-code", String),
    ],
    unsupported: &[
        "not",
        "multipleOf",
        "minProperties",
        "maxProperties",
        "readOnly",
        "writeOnly",
        "xml",
        "externalDocs",
    ],
    ..RULE
};

/// The objects with keys of our own.
pub(crate) static EXTENSIBLE: [&ObjectRule; 6] = [&TAG, &OPERATION, &PARAMETER, &REQUEST_BODY, &RESPONSE, &SCHEMA];

static DISCRIMINATOR: ObjectRule = ObjectRule {
    name: "a discriminator",
    required: &["propertyName", "mapping"],
    fields: &[("propertyName", String), ("mapping", Map(&SchemaReference))],
    ..RULE
};

static CHOICE: ObjectRule = ObjectRule {
    name: "x-weeek-exclusive",
    required: &["name", "description", "variants"],
    fields: &[("name", String), ("description", String), ("variants", Map(&List(&String)))],
    ..RULE
};

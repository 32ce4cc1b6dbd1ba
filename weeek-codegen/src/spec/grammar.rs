//! What may stand where in an OpenAPI 3.0 document of ours. A key that is not named here is a fault: forms that the generator
//! can't honour are refused by leaving them out.

/// What a value has to be.
#[derive(Debug)]
pub(crate) enum Shape {
    Any,
    Text,
    Boolean,
    Count,
    Number,
    Keyword(&'static [&'static str]),
    Object(&'static Kind),
    List(&'static Shape),
    Map(&'static Shape),
    BooleanOr(&'static Kind),
    /// The name of a schema.
    SchemaName,
    /// A reference to a schema, written as a text.
    SchemaReference,
    /// Media types, of those that are named.
    Media(&'static [&'static str]),
}

/// An object of the document: its keys, and where references to it lead.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) section: Option<&'static str>,
    pub(crate) required: &'static [&'static str],
    pub(crate) fields: &'static [(&'static str, Shape)],
    /// Keys of OpenAPI 3.0 that the client can't honour.
    pub(crate) unsupported: &'static [&'static str],
    /// Whether everything else hangs on this object, so that one unknown key says nothing about the rest.
    pub(crate) is_frame: bool,
}

const KIND: Kind = Kind { name: "", section: None, required: &[], fields: &[], unsupported: &[], is_frame: false };

use Shape::{
    Any, Boolean, BooleanOr, Count, Keyword, List, Map, Media, Number, Object, SchemaName, SchemaReference, Text,
};

const EVIDENCE: Shape = Keyword(&["live", "third-party", "documented", "inferred", "contradictory"]);

pub(crate) static OPENAPI: Kind = Kind {
    name: "the document",
    required: &["openapi", "info", "servers", "tags", "paths", "components"],
    fields: &[
        ("openapi", Text),
        ("info", Object(&INFO)),
        ("servers", List(&Object(&SERVER))),
        ("security", List(&Map(&List(&Text)))),
        ("externalDocs", Any),
        ("tags", List(&Object(&TAG))),
        ("paths", Map(&Object(&PATH_ITEM))),
        ("components", Object(&COMPONENTS)),
    ],
    is_frame: true,
    ..KIND
};

static INFO: Kind = Kind {
    name: "info",
    required: &["title", "version"],
    fields: &[
        ("title", Text),
        ("version", Text),
        ("description", Text),
        ("termsOfService", Text),
        ("contact", Any),
        ("license", Object(&LICENSE)),
    ],
    ..KIND
};

static LICENSE: Kind = Kind { name: "license", required: &["name"], fields: &[("name", Text), ("url", Text)], ..KIND };

static SERVER: Kind = Kind {
    name: "a server",
    required: &["url"],
    fields: &[("url", Text), ("description", Text)],
    unsupported: &["variables"],
    ..KIND
};

static TAG: Kind = Kind {
    name: "a tag",
    required: &["name", "description", "x-weeek-resource", "x-weeek-area"],
    fields: &[
        ("name", Text),
        ("description", Text),
        ("x-weeek-resource", Text),
        ("x-weeek-area", Keyword(&["workspace", "task-manager", "crm"])),
        ("x-weeek-example-code", Text),
    ],
    unsupported: &["externalDocs"],
    ..KIND
};

static COMPONENTS: Kind = Kind {
    name: "components",
    required: &["schemas"],
    fields: &[
        ("securitySchemes", Map(&Object(&SECURITY_SCHEME))),
        ("parameters", Map(&Object(&PARAMETER))),
        ("schemas", Map(&Object(&SCHEMA))),
        ("responses", Map(&Object(&RESPONSE))),
    ],
    unsupported: &["examples", "requestBodies", "headers", "links", "callbacks"],
    is_frame: true,
    ..KIND
};

static SECURITY_SCHEME: Kind = Kind {
    name: "a security scheme",
    required: &["type", "scheme"],
    fields: &[
        ("type", Keyword(&["http"])),
        ("scheme", Keyword(&["bearer"])),
        ("bearerFormat", Text),
        ("description", Text),
    ],
    unsupported: &["in", "name", "flows", "openIdConnectUrl"],
    ..KIND
};

static PATH_ITEM: Kind = Kind {
    name: "a path",
    fields: &[
        ("get", Object(&OPERATION)),
        ("post", Object(&OPERATION)),
        ("put", Object(&OPERATION)),
        ("patch", Object(&OPERATION)),
        ("delete", Object(&OPERATION)),
    ],
    unsupported: &["summary", "description", "servers", "parameters", "head", "options", "trace"],
    ..KIND
};

static OPERATION: Kind = Kind {
    name: "an operation",
    required: &["tags", "operationId", "summary", "x-weeek-evidence", "responses"],
    fields: &[
        ("tags", List(&Text)),
        ("operationId", Text),
        ("summary", Text),
        ("description", Text),
        ("deprecated", Boolean),
        ("x-weeek-evidence", EVIDENCE),
        ("x-weeek-idempotent", Boolean),
        ("x-weeek-aliases", List(&Text)),
        ("x-weeek-paging", Object(&PAGING)),
        ("parameters", List(&Object(&PARAMETER))),
        ("requestBody", Object(&REQUEST_BODY)),
        ("responses", Map(&Object(&RESPONSE))),
    ],
    unsupported: &["externalDocs", "callbacks", "security", "servers"],
    ..KIND
};

static PAGING: Kind = Kind {
    name: "x-weeek-paging",
    required: &["limit", "offset", "pageSize"],
    fields: &[("limit", Text), ("offset", Text), ("hasMore", Text), ("pageSize", Count)],
    ..KIND
};

static PARAMETER: Kind = Kind {
    name: "a parameter",
    section: Some("parameters"),
    required: &["name", "in", "description", "schema"],
    fields: &[
        ("name", Text),
        ("in", Keyword(&["path", "query"])),
        ("description", Text),
        ("required", Boolean),
        ("deprecated", Boolean),
        ("style", Keyword(&["simple", "form", "deepObject"])),
        ("explode", Boolean),
        ("schema", Object(&SCHEMA)),
        ("example", Any),
        ("x-weeek-evidence", EVIDENCE),
        ("x-weeek-name", Text),
        ("x-weeek-aliases", List(&Text)),
    ],
    unsupported: &["allowEmptyValue", "allowReserved", "content", "examples"],
    ..KIND
};

static REQUEST_BODY: Kind = Kind {
    name: "a request body",
    required: &["content"],
    fields: &[
        ("description", Text),
        ("required", Boolean),
        ("x-weeek-arguments", Boolean),
        ("content", Media(&["application/json", "multipart/form-data"])),
    ],
    ..KIND
};

static RESPONSE: Kind = Kind {
    name: "a response",
    section: Some("responses"),
    required: &["description"],
    fields: &[
        ("description", Text),
        ("x-weeek-item", Text),
        ("x-weeek-evidence", EVIDENCE),
        ("content", Media(&["application/json"])),
    ],
    unsupported: &["headers", "links"],
    ..KIND
};

pub(crate) static MEDIA_TYPE: Kind = Kind {
    name: "a media type",
    required: &["schema"],
    fields: &[("schema", Object(&SCHEMA)), ("example", Any)],
    unsupported: &["examples", "encoding"],
    ..KIND
};

static SCHEMA: Kind = Kind {
    name: "a schema",
    section: Some("schemas"),
    fields: &[
        ("title", Text),
        ("description", Text),
        ("type", Keyword(&["object", "array", "string", "integer", "number", "boolean"])),
        ("format", Keyword(&["int64", "double", "uuid", "date", "date-time", "uri", "email", "binary"])),
        ("enum", List(&Any)),
        ("nullable", Boolean),
        ("deprecated", Boolean),
        ("default", Any),
        ("example", Any),
        ("pattern", Text),
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
        ("required", List(&Text)),
        ("additionalProperties", BooleanOr(&SCHEMA)),
        ("allOf", List(&Object(&SCHEMA))),
        ("oneOf", List(&Object(&SCHEMA))),
        ("anyOf", List(&Object(&SCHEMA))),
        ("discriminator", Object(&DISCRIMINATOR)),
        ("x-enum-varnames", List(&Text)),
        ("x-weeek-evidence", EVIDENCE),
        ("x-weeek-rust-type", Keyword(&["boolean", "date"])),
        ("x-weeek-name", Text),
        ("x-weeek-aliases", List(&Text)),
        ("x-weeek-tagged-by", Text),
        ("x-weeek-map-key", SchemaName),
        ("x-weeek-exclusive", Map(&Object(&CHOICE))),
        ("x-weeek-similar-to", Map(&Text)),
        ("x-weeek-example-code", Text),
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
    ..KIND
};

static DISCRIMINATOR: Kind = Kind {
    name: "a discriminator",
    required: &["propertyName", "mapping"],
    fields: &[("propertyName", Text), ("mapping", Map(&SchemaReference))],
    ..KIND
};

static CHOICE: Kind = Kind {
    name: "x-weeek-exclusive",
    required: &["name", "description", "variants"],
    fields: &[("name", Text), ("description", Text), ("variants", Map(&List(&Text)))],
    ..KIND
};

//! What may stand where in an OpenAPI 3.0 document of ours. A key that is not named here is a fault: forms that the generator
//! can't honour are refused by leaving them out.

/// What a value has to be.
#[derive(Debug)]
pub(crate) enum Shape {
    Any,
    Text,
    Boolean,
    Integer,
    Number,
    Keyword(&'static [&'static str]),
    Object(&'static Kind),
    List(&'static Shape),
    Map(&'static Shape),
    BooleanOr(&'static Kind),
}

/// An object of the document: its keys, and where references to it lead.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) section: Option<&'static str>,
    pub(crate) required: &'static [&'static str],
    pub(crate) fields: &'static [(&'static str, Shape)],
}

use Shape::{Any, Boolean, BooleanOr, Integer, Keyword, List, Map, Number, Object, Text};

const EVIDENCE: Shape = Keyword(&["live", "client", "documented", "inferred", "contradictory"]);

pub(crate) static OPENAPI: Kind = Kind {
    name: "the document",
    section: None,
    required: &["openapi", "info", "servers", "tags", "paths", "components"],
    fields: &[
        ("openapi", Text),
        ("info", Object(&INFO)),
        ("servers", List(&Object(&SERVER))),
        ("security", Any),
        ("tags", List(&Object(&TAG))),
        ("paths", Map(&Object(&PATH_ITEM))),
        ("components", Object(&COMPONENTS)),
    ],
};

static INFO: Kind = Kind {
    name: "info",
    section: None,
    required: &["title", "version"],
    fields: &[("title", Text), ("version", Text), ("description", Text), ("license", Object(&LICENSE))],
};

static LICENSE: Kind =
    Kind { name: "license", section: None, required: &["name"], fields: &[("name", Text), ("url", Text)] };

static SERVER: Kind =
    Kind { name: "a server", section: None, required: &["url"], fields: &[("url", Text), ("description", Text)] };

static TAG: Kind = Kind {
    name: "a tag",
    section: None,
    required: &["name", "description", "x-weeek-resource", "x-weeek-area"],
    fields: &[
        ("name", Text),
        ("description", Text),
        ("x-weeek-resource", Text),
        ("x-weeek-area", Keyword(&["workspace", "task-manager", "crm"])),
        ("x-weeek-program", Text),
    ],
};

static COMPONENTS: Kind = Kind {
    name: "components",
    section: None,
    required: &["schemas"],
    fields: &[
        ("securitySchemes", Any),
        ("parameters", Map(&Object(&PARAMETER))),
        ("schemas", Map(&Object(&SCHEMA))),
        ("responses", Map(&Object(&RESPONSE))),
    ],
};

static PATH_ITEM: Kind = Kind {
    name: "a path",
    section: None,
    required: &[],
    fields: &[
        ("get", Object(&OPERATION)),
        ("post", Object(&OPERATION)),
        ("put", Object(&OPERATION)),
        ("patch", Object(&OPERATION)),
        ("delete", Object(&OPERATION)),
    ],
};

static OPERATION: Kind = Kind {
    name: "an operation",
    section: None,
    required: &["tags", "operationId", "summary", "x-weeek-evidence", "responses"],
    fields: &[
        ("tags", List(&Text)),
        ("operationId", Text),
        ("summary", Text),
        ("description", Text),
        ("deprecated", Boolean),
        ("x-weeek-evidence", EVIDENCE),
        ("x-weeek-idempotent", Boolean),
        ("x-weeek-was", List(&Text)),
        ("x-weeek-paging", Object(&PAGING)),
        ("parameters", List(&Object(&PARAMETER))),
        ("requestBody", Object(&REQUEST_BODY)),
        ("responses", Map(&Object(&RESPONSE))),
    ],
};

static PAGING: Kind = Kind {
    name: "x-weeek-paging",
    section: None,
    required: &["limit", "offset", "size"],
    fields: &[("limit", Text), ("offset", Text), ("more", Text), ("size", Integer)],
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
        ("x-weeek-was", List(&Text)),
    ],
};

static REQUEST_BODY: Kind = Kind {
    name: "a request body",
    section: None,
    required: &["content"],
    fields: &[
        ("description", Text),
        ("required", Boolean),
        ("x-weeek-arguments", Boolean),
        ("content", Object(&REQUEST_CONTENT)),
    ],
};

static REQUEST_CONTENT: Kind = Kind {
    name: "the content of a request",
    section: None,
    required: &[],
    fields: &[("application/json", Object(&MEDIA_TYPE)), ("multipart/form-data", Object(&MEDIA_TYPE))],
};

static RESPONSE: Kind = Kind {
    name: "a response",
    section: Some("responses"),
    required: &["description"],
    fields: &[
        ("description", Text),
        ("x-weeek-item", Text),
        ("x-weeek-evidence", EVIDENCE),
        ("content", Object(&RESPONSE_CONTENT)),
    ],
};

static RESPONSE_CONTENT: Kind = Kind {
    name: "the content of a response",
    section: None,
    required: &[],
    fields: &[("application/json", Object(&MEDIA_TYPE))],
};

static MEDIA_TYPE: Kind = Kind {
    name: "a media type",
    section: None,
    required: &["schema"],
    fields: &[("schema", Object(&SCHEMA)), ("example", Any)],
};

static SCHEMA: Kind = Kind {
    name: "a schema",
    section: Some("schemas"),
    required: &[],
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
        ("minLength", Integer),
        ("maxLength", Integer),
        ("minimum", Number),
        ("maximum", Number),
        ("exclusiveMinimum", Boolean),
        ("exclusiveMaximum", Boolean),
        ("minItems", Integer),
        ("maxItems", Integer),
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
        ("x-weeek-as", Keyword(&["boolean", "date"])),
        ("x-weeek-was", List(&Text)),
        ("x-weeek-tagged-by", Text),
        ("x-weeek-key", Text),
        ("x-weeek-choice", Map(&Object(&CHOICE))),
    ],
};

static DISCRIMINATOR: Kind = Kind {
    name: "a discriminator",
    section: None,
    required: &["propertyName", "mapping"],
    fields: &[("propertyName", Text), ("mapping", Map(&Text))],
};

static CHOICE: Kind = Kind {
    name: "x-weeek-choice",
    section: None,
    required: &["name", "variants"],
    fields: &[("name", Text), ("variants", Map(&List(&Text)))],
};

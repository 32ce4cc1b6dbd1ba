//! The table of rules: the id, a fixture as the example, what the rule requires, and why.

macro_rules! rules {
    ($($name:ident $id:literal $([$case:literal])?: $summary:literal, $reason:literal;)+) => {
        /// A rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $summary] $name,)+
        }

        /// The rules in their order.
        pub(super) const TABLE: &[Row] = &[$(Row {
            rule: Rule::$name,
            id: $id,
            summary: $summary,
            reason: $reason,
            // The tests check the fixtures.
            fixture: concat!($(include_str!(concat!("../../tests/fixtures/rules/", $id, "/", $case, ".txt")))?),
        },)+];
    };
}

/// What is known of a rule.
pub(super) struct Row {
    pub(super) rule: Rule,
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) reason: &'static str,
    pub(super) fixture: &'static str,
}

rules! {
    YamlSyntax "yaml-syntax" ["colon"]: "the spec is valid YAML",
        "Nothing can be read from text that is not YAML. Strings with `: `, ` #` or brackets need quotes.";
    YamlFeature "yaml-feature" ["anchor"]: "the spec uses no YAML anchors, aliases, tags, keys that are not strings, or numbers that are not decimal",
        "References of OpenAPI say what is shared in a way that every tool understands. Tags and other keys have no meaning in OpenAPI. \
         Readers disagree on numbers such as `017`.";
    InvisibleCharacter "invisible-character" ["direction"]:
        "no string has a character that is invisible or changes the order of text",
        "A reader can't see what such a character does to the text, or to the code that is generated from it.";
    OneDocument "one-document" ["two"]: "the file has exactly one YAML document",
        "Only the first document would be read.";
    DuplicateKey "duplicate-key" ["property"]: "a mapping has each key once",
        "YAML readers keep the first or the last of two equal keys, and drop the other silently.";
    Depth "depth": "nesting is limited to 64 levels",
        "Deeper nesting is a mistake or an attack, and every reader would need a deeper stack.";
    Size "size": "the spec is at most 64 MiB",
        "A larger file is not a spec written by hand.";
    OpenapiVersion "openapi-version" ["three-one"]: "the spec is OpenAPI 3.0",
        "OpenAPI 3.1 has other keys for null, bounds and examples; Swagger has other sections.";
    OpenapiDocument "openapi-document": "the openapiv3 crate can read the spec too",
        "The spec is for every tool of OpenAPI, not only for this generator. An error here without another one is a bug of the generator.";
    UnknownKey "unknown-key" ["schema"]: "every key is defined by OpenAPI 3.0 or by this project",
        "A misspelled key would be ignored, and its meaning lost.";
    UnsupportedKey "unsupported-key" ["read-only"]: "the spec uses no part of OpenAPI that the client does not support",
        "The generated client would not do what the key says.";
    MissingKey "missing-key" ["summary"]: "an object has its required keys",
        "The generated client or its docs need the value.";
    WrongType "wrong-type" ["required-property"]: "a value has the type that its key requires",
        "The value has no meaning for its key.";
    UnknownValue "unknown-value" ["type"]: "a keyword is one of the known ones",
        "The value has no meaning for its key.";
    DanglingReference "dangling-reference" ["schema"]: "the target of a reference exists",
        "Nothing can be generated for a reference without a target.";
    ExternalReference "external-reference" ["file"]: "a reference stays in the spec",
        "The spec is one file, which opens in every tool without others.";
    ReferenceTarget "reference-target" ["section"]:
        "a reference is allowed at its location and points to the right section",
        "A schema can't be used as a response, nor a response as a schema.";
    ReferenceSiblings "reference-siblings" ["description"]: "`$ref` has no siblings",
        "OpenAPI 3.0 ignores everything beside `$ref`.";
    ReferenceCycle "reference-cycle" ["itself"]: "no reference leads back to itself",
        "A value would have to match the schema without end.";
    ComponentAlias "component-alias" ["schema"]: "a component is more than a reference",
        "A second name for the same component is one name too many.";
    Servers "servers" ["http"]: "there is one server, with an https URL",
        "The client has one base URL, and sends the token only over https.";
    Security "security" ["missing"]: "every call sends the bearer token and nothing else",
        "The client sends a bearer token with every call.";
    TagName "tag-name" ["singular"]: "a tag is the plural of its resource, and declares the singular",
        "The tag names the functions of a resource, the singular names its types.";
    DuplicateTag "duplicate-tag" ["twice"]: "a tag and its resource are declared once",
        "Two tags of one resource would be two handles in the client.";
    UndeclaredTag "undeclared-tag" ["misspelled"]: "the tag of an operation is declared",
        "The tag decides on the handle and the cargo feature of the operation.";
    OneTag "one-tag" ["two"]: "an operation has exactly one tag",
        "An operation is a function of exactly one handle.";
    UnusedTag "unused-tag" ["unused"]: "a declared tag has operations",
        "The client would have a handle without functions.";
    OperationId "operation-id" ["snake-case"]: "an operation id is `tag.verb` in camelCase",
        "The id names the function: `tasks.listComments` is `tasks().list_comments`.";
    DuplicateOperationId "duplicate-operation-id" ["taken"]: "an operation id is unique, and so is its function",
        "Two operations would be the same function.";
    Verb "verb" ["unknown"]: "the verb of an operation is in the vocabulary and allowed for its method",
        "Callers guess names of functions from a few verbs.";
    Summary "summary" ["third-person"]: "a summary is one sentence in the imperative",
        "The summary is the first line of the function's docs.";
    PathTemplate "path-template" ["no-slash"]: "a path starts with `/`, and a parameter is a whole segment",
        "The client fills whole segments, percent-encoded, so an id never changes the path.";
    EmptyPath "empty-path" ["empty"]: "a path has operations",
        "A path without operations means nothing.";
    SamePath "same-path" ["names"]: "two paths differ in more than the names of parameters",
        "No server can tell the two paths apart.";
    PathParameter "path-parameter" ["misspelled"]: "path parameters are required, and are those of the path template",
        "The client could not fill the path.";
    PathParameterName "path-parameter-name" ["other-name"]: "a path parameter has the name of its schema",
        "The parameter, its type and the argument have one name everywhere.";
    DuplicateParameter "duplicate-parameter" ["inline"]: "an operation has each parameter once",
        "Only one of the two could be sent.";
    ParameterStyle "parameter-style" ["commas"]: "the client supports the style of a parameter",
        "The client writes lists as `name=1&name=2` or `name[0][key]=1`, and nothing else.";
    ParameterName "parameter-name" ["snake-case"]: "a query parameter is in camelCase, with brackets only for lists",
        "The API has camelCase names, with brackets for lists.";
    MediaType "media-type" ["xml"]: "a body is JSON, or files as multipart/form-data",
        "The client sends JSON and files, and reads JSON.";
    RequestBody "request-body" ["optional"]: "a request body is named and required, and GET has none",
        "A body that can be missing is mostly a mistake of the documentation.";
    Upload "upload" ["two-properties"]: "an upload is one list of files",
        "An upload is a function that takes files.";
    Arguments "arguments" ["not-marked"]:
        "a body of one required property is spread into arguments, any other is a type",
        "A struct with one required property is longer to write than an argument.";
    Status "status" ["unquoted"]: "a status code is a quoted number of three digits",
        "YAML reads `200` as a number, and keys of OpenAPI are strings.";
    SuccessResponse "success-response" ["two"]: "an operation has exactly one success response",
        "A function returns one type.";
    ErrorResponses "error-responses" ["not-found"]: "an operation declares the error responses that it can have",
        "Every operation can fail in the ways that its path and its request imply.";
    NamedResponse "named-response" ["inline"]: "a response refers to an entry of `components.responses`",
        "A response that has a name is described once.";
    Envelope "envelope" ["optional"]: "the envelope of a response requires its `success`",
        "Without `success` a failure with status 200 would look like a success.";
    ResponseItem "response-item" ["misspelled"]: "the item of a response is a property of its envelope",
        "The client returns the item, not its envelope.";
    Paging "paging" ["limit"]: "paging names query parameters, a flag of the response, and a list",
        "The client requests all pages by these names.";
    Description "description" ["property"]: "schemas, properties and parameters have descriptions",
        "The descriptions are the docs of the client.";
    Required "required" ["unknown"]: "a required name is a property, and is listed once",
        "The name of a property that does not exist is mostly a misspelling.";
    Constraint "constraint" ["wrong-type"]: "a constraint is allowed for its type, and some value satisfies it",
        "The constraint would have no effect, or no value could satisfy it.";
    Pattern "pattern" ["broken"]: "a pattern is a valid regular expression",
        "A pattern that is invalid matches nothing.";
    EnumValues "enum-values" ["number-among-strings"]:
        "enumeration values have the type of the enumeration, and each is listed once",
        "A value of another type could never be sent or received.";
    EnumNames "enum-names" ["too-few"]: "`x-enum-varnames` has one name for each value",
        "Each value needs the name of its variant.";
    TypeFormat "type-format" ["uuid-of-boolean"]: "a format is allowed for its type",
        "The format would have no effect.";
    UnsupportedSchema "unsupported-schema" ["one-of"]: "a schema has a shape that Rust has a type for",
        "Rust has no type for the schema, or the client can't decode one.";
    Discriminator "discriminator" ["no-value"]:
        "a discriminator has a value for each variant, and each variant has its property",
        "A variant without a value could never be decoded.";
    TaggedBy "tagged-by" ["no-such-sibling"]: "the value of a sibling selects each variant of an `anyOf`",
        "The client needs a sibling to know the type of such a value.";
    ExclusiveChoice "exclusive-choice" ["unknown"]: "properties that exclude each other exist, each in one variant",
        "The setter takes one of the variants, so each property is in one.";
    TypeOverride "type-override" ["one-value"]: "`x-weeek-rust-type` is allowed for the type in JSON",
        "The client writes the value in JSON as the override implies.";
    MapKey "map-key" ["enumeration"]: "the keys of a map are a named string or integer",
        "The keys of a JSON object are strings.";
    RecursiveType "recursive-type" ["directly"]: "a type contains itself only in a list, a map or an optional property",
        "No value of such a type could ever end.";
    RustName "rust-name" ["digit"]: "a name can be written in Rust",
        "The name would not compile.";
    NameCollision "name-collision" ["properties"]: "two names stay different in Rust",
        "Two things with one name would not compile.";
    Alias "alias" ["taken"]: "an alias is unused, and Rust can have it where it is",
        "The alias would not compile, or lead to something else.";
    ComponentName "component-name" ["schema"]: "components are in PascalCase",
        "Components are types in Rust.";
    SchemaOwner "schema-owner" ["schema"]:
        "the name of a schema starts with its resource, or with a verb and its resource",
        "The name of a type shows its resource.";
    Order "order" ["banners"]: "paths and components are in the order of the tags",
        "A long file is readable if everything is where one expects it.";
    Banner "banner" ["missing"]: "a banner comment is above the parts of each resource",
        "A long file is readable if its parts have headings.";
    Example "example" ["type"]: "examples and defaults match their schema",
        "The examples are in the docs, in tests and in the mock server.";
    ExampleMissing "example-missing" ["response"]: "every JSON body has an example",
        "The examples are in the docs, in tests and in the mock server.";
    ExampleIncomplete "example-incomplete" ["nested"]: "the example of a body has all properties",
        "An example shows what a caller can send or will receive.";
    SameShape "same-shape" ["schemas"]: "no two schemas have the same shape",
        "A caller would have to convert between two equal types.";
    Unused "unused" ["schema"]: "every component is used",
        "What is not used is not tested, and gets stale.";
    Completeness "completeness" ["beside-the-item"]: "every operation and schema of the spec is generated",
        "Nothing of the API may get lost silently.";
}

//! The rules that a spec has to follow.

mod explain;

use std::str::FromStr;

use crate::spec::suggest;

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "`summary` describes each rule")]
pub enum Rule {
    YamlSyntax,
    YamlFeature,
    InvisibleCharacter,
    OneDocument,
    DuplicateKey,
    Depth,
    Size,
    OpenapiVersion,
    OpenapiDocument,
    UnknownKey,
    UnsupportedKey,
    MissingKey,
    WrongType,
    UnknownValue,
    DanglingReference,
    ExternalReference,
    ReferenceTarget,
    ReferenceSiblings,
    ReferenceCycle,
    ComponentAlias,
    Servers,
    Security,
    TagName,
    DuplicateTag,
    UndeclaredTag,
    OneTag,
    UnusedTag,
    OperationId,
    DuplicateOperationId,
    Verb,
    Summary,
    PathTemplate,
    EmptyPath,
    SamePath,
    PathParameter,
    PathParameterName,
    DuplicateParameter,
    ParameterStyle,
    ParameterName,
    MediaType,
    RequestBody,
    Upload,
    Arguments,
    Status,
    SuccessResponse,
    ErrorResponses,
    NamedResponse,
    Envelope,
    ResponseItem,
    Paging,
    Description,
    Required,
    Constraint,
    Pattern,
    EnumValues,
    EnumNames,
    TypeFormat,
    UnsupportedSchema,
    Discriminator,
    TaggedBy,
    ExclusiveChoice,
    TypeOverride,
    MapKey,
    RecursiveType,
    RustName,
    NameCollision,
    Alias,
    ComponentName,
    SchemaOwner,
    Order,
    Banner,
    Example,
    ExampleMissing,
    ExampleIncomplete,
    SameShape,
    Unused,
    Completeness,
}

/// The rule, its id, and what it requires.
const TABLE: &[(Rule, &str, &str)] = &[
    (Rule::YamlSyntax, "yaml-syntax", "the spec is valid YAML"),
    (Rule::YamlFeature, "yaml-feature", "the spec uses no YAML anchors, aliases, tags or keys that are not strings"),
    (
        Rule::InvisibleCharacter,
        "invisible-character",
        "no string has a character that is invisible or changes the order of text",
    ),
    (Rule::OneDocument, "one-document", "the file has exactly one YAML document"),
    (Rule::DuplicateKey, "duplicate-key", "a mapping has each key once"),
    (Rule::Depth, "depth", "nesting is limited to 64 levels"),
    (Rule::Size, "size", "the spec is at most 64 MiB"),
    (Rule::OpenapiVersion, "openapi-version", "the spec is OpenAPI 3.0"),
    (Rule::OpenapiDocument, "openapi-document", "the openapiv3 crate can read the spec too"),
    (Rule::UnknownKey, "unknown-key", "every key is defined by OpenAPI 3.0 or by this project"),
    (Rule::UnsupportedKey, "unsupported-key", "the spec uses no part of OpenAPI that the client does not support"),
    (Rule::MissingKey, "missing-key", "an object has its required keys"),
    (Rule::WrongType, "wrong-type", "a value has the type that its key requires"),
    (Rule::UnknownValue, "unknown-value", "a keyword is one of the known ones"),
    (Rule::DanglingReference, "dangling-reference", "the target of a reference exists"),
    (Rule::ExternalReference, "external-reference", "a reference stays in the spec"),
    (
        Rule::ReferenceTarget,
        "reference-target",
        "a reference is allowed at its location and points to the right section",
    ),
    (Rule::ReferenceSiblings, "reference-siblings", "`$ref` has no siblings"),
    (Rule::ReferenceCycle, "reference-cycle", "no reference leads back to itself"),
    (Rule::ComponentAlias, "component-alias", "a component is more than a reference"),
    (Rule::Servers, "servers", "there is one server, with an https URL"),
    (Rule::Security, "security", "every call sends the bearer token and nothing else"),
    (Rule::TagName, "tag-name", "a tag is the plural of its resource, and declares the singular"),
    (Rule::DuplicateTag, "duplicate-tag", "a tag and its resource are declared once"),
    (Rule::UndeclaredTag, "undeclared-tag", "the tag of an operation is declared"),
    (Rule::OneTag, "one-tag", "an operation has exactly one tag"),
    (Rule::UnusedTag, "unused-tag", "a declared tag has operations"),
    (Rule::OperationId, "operation-id", "an operation id is `tag.verb` in camelCase"),
    (Rule::DuplicateOperationId, "duplicate-operation-id", "an operation id is unique, and so is its function"),
    (Rule::Verb, "verb", "the verb of an operation is in the vocabulary and allowed for its method"),
    (Rule::Summary, "summary", "a summary is one sentence in the imperative"),
    (Rule::PathTemplate, "path-template", "a path starts with `/`, and a parameter is a whole segment"),
    (Rule::EmptyPath, "empty-path", "a path has operations"),
    (Rule::SamePath, "same-path", "two paths differ in more than the names of parameters"),
    (Rule::PathParameter, "path-parameter", "path parameters are required, and are those of the path template"),
    (Rule::PathParameterName, "path-parameter-name", "a path parameter has the name of its schema"),
    (Rule::DuplicateParameter, "duplicate-parameter", "an operation has each parameter once"),
    (Rule::ParameterStyle, "parameter-style", "the client supports the style of a parameter"),
    (Rule::ParameterName, "parameter-name", "a query parameter is in camelCase, with brackets only for lists"),
    (Rule::MediaType, "media-type", "a body is JSON, or files as multipart/form-data"),
    (Rule::RequestBody, "request-body", "a request body is named and required, and GET has none"),
    (Rule::Upload, "upload", "an upload is one list of files"),
    (Rule::Arguments, "arguments", "a body of one required property is spread into arguments, any other is a type"),
    (Rule::Status, "status", "a status code is a quoted number of three digits"),
    (Rule::SuccessResponse, "success-response", "an operation has exactly one success response"),
    (Rule::ErrorResponses, "error-responses", "an operation declares the error responses that it can have"),
    (Rule::NamedResponse, "named-response", "a response refers to an entry of `components.responses`"),
    (Rule::Envelope, "envelope", "the envelope of a response requires its `success`"),
    (Rule::ResponseItem, "response-item", "the item of a response is a property of its envelope"),
    (Rule::Paging, "paging", "paging names query parameters, a flag of the response, and a list"),
    (Rule::Description, "description", "schemas, properties and parameters have descriptions"),
    (Rule::Required, "required", "a required name is a property, and is listed once"),
    (Rule::Constraint, "constraint", "a constraint is allowed for its type, and some value satisfies it"),
    (Rule::Pattern, "pattern", "a pattern is a valid regular expression"),
    (Rule::EnumValues, "enum-values", "enumeration values have the type of the enumeration, and each is listed once"),
    (Rule::EnumNames, "enum-names", "`x-enum-varnames` has one name for each value"),
    (Rule::TypeFormat, "type-format", "a format is allowed for its type"),
    (Rule::UnsupportedSchema, "unsupported-schema", "a schema has a shape that Rust has a type for"),
    (
        Rule::Discriminator,
        "discriminator",
        "a discriminator has a value for each variant, and each variant has its property",
    ),
    (Rule::TaggedBy, "tagged-by", "the value of a sibling selects each variant of an `anyOf`"),
    (Rule::ExclusiveChoice, "exclusive-choice", "properties that exclude each other exist, each in one variant"),
    (Rule::TypeOverride, "type-override", "`x-weeek-rust-type` is allowed for the type in JSON"),
    (Rule::MapKey, "map-key", "the keys of a map are a named string or integer"),
    (Rule::RecursiveType, "recursive-type", "a type contains itself only in a list, a map or an optional property"),
    (Rule::RustName, "rust-name", "a name can be written in Rust"),
    (Rule::NameCollision, "name-collision", "two names stay different in Rust"),
    (Rule::Alias, "alias", "an alias is unused, and Rust can have it where it is"),
    (Rule::ComponentName, "component-name", "components are in PascalCase"),
    (
        Rule::SchemaOwner,
        "schema-owner",
        "the name of a schema starts with its resource, or with a verb and its resource",
    ),
    (Rule::Order, "order", "paths and components are in the order of the tags"),
    (Rule::Banner, "banner", "a banner comment is above the parts of each resource"),
    (Rule::Example, "example", "examples and defaults match their schema"),
    (Rule::ExampleMissing, "example-missing", "every JSON body has an example"),
    (Rule::ExampleIncomplete, "example-incomplete", "the example of a body has all properties"),
    (Rule::SameShape, "same-shape", "no two schemas have the same shape"),
    (Rule::Unused, "unused", "every component is used"),
    (Rule::Completeness, "completeness", "every operation and schema of the spec is generated"),
];

impl Rule {
    /// All rules, in the order in which a spec is checked.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(rule, ..)| *rule)
    }

    /// The id in diagnostics: `unknown-key`.
    pub fn id(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// The rule in full: what it requires and why, and an example with its report.
    pub fn explanation(self) -> String {
        explain::explain(self)
    }

    /// What the rule requires.
    pub fn summary(self) -> &'static str {
        TABLE[self as usize].2
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, String> {
        Self::all().find(|rule| rule.id() == id).ok_or_else(|| {
            let help = suggest::did_you_mean(id, Self::all().map(Self::id));
            help.map_or_else(|| format!("no rule `{id}`"), |help| format!("no rule `{id}`; {help}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_rules() {
        assert!(TABLE.iter().enumerate().all(|(at, (rule, ..))| *rule as usize == at));
        let ids: std::collections::BTreeSet<_> = Rule::all().map(Rule::id).collect();
        assert_eq!(ids.len(), TABLE.len());
    }
}

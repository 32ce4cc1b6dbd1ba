//! Every rule that a document is held against, by the name that reports print.

/// A rule of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "`summary` says what each rule asks for")]
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
    ReferenceChain,
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
    SuccessAnswer,
    ErrorAnswers,
    NamedAnswer,
    Envelope,
    AnswerItem,
    Paging,
    Description,
    Required,
    Constraint,
    Pattern,
    EnumValues,
    EnumNames,
    TypeFormat,
    SchemaForm,
    Discriminator,
    TaggedBy,
    Choice,
    As,
    MapKey,
    ContainsItself,
    RustName,
    NameCollision,
    FormerName,
    ComponentName,
    SchemaOwner,
    Order,
    Banner,
    Example,
    ExampleMissing,
    ExampleIncomplete,
    SameShape,
    SimilarShape,
    Twin,
    Unused,
    Ledger,
}

/// The rule, its name, and what it asks for.
const TABLE: &[(Rule, &str, &str)] = &[
    (Rule::YamlSyntax, "yaml-syntax", "the document is valid YAML"),
    (Rule::YamlFeature, "yaml-feature", "no anchors, aliases, tags or keys that are no text"),
    (Rule::InvisibleCharacter, "invisible-character", "no character of a text hides or moves what stands beside it"),
    (Rule::OneDocument, "one-document", "the file holds one document"),
    (Rule::DuplicateKey, "duplicate-key", "a mapping has each key once"),
    (Rule::Depth, "depth", "nesting stays within bounds"),
    (Rule::Size, "size", "the document stays within bounds"),
    (Rule::OpenapiVersion, "openapi-version", "the document is OpenAPI 3.0"),
    (Rule::OpenapiDocument, "openapi-document", "a second reader understands the document too"),
    (Rule::UnknownKey, "unknown-key", "every key is one of OpenAPI 3.0 or of ours"),
    (Rule::UnsupportedKey, "unsupported-key", "no part of OpenAPI that the client can't honour"),
    (Rule::MissingKey, "missing-key", "what an object needs is there"),
    (Rule::WrongType, "wrong-type", "every value is of the type that its key asks for"),
    (Rule::UnknownValue, "unknown-value", "a keyword is one of those that are known"),
    (Rule::DanglingReference, "dangling-reference", "a reference leads to a component"),
    (Rule::ExternalReference, "external-reference", "a reference stays in the document"),
    (Rule::ReferenceTarget, "reference-target", "a reference stands where one may, and leads to the right section"),
    (Rule::ReferenceSiblings, "reference-siblings", "nothing stands beside `$ref`"),
    (Rule::ReferenceCycle, "reference-cycle", "no reference leads back to itself"),
    (Rule::ReferenceChain, "reference-chain", "a component is more than a reference"),
    (Rule::Servers, "servers", "there is one server, reached by https"),
    (Rule::Security, "security", "every call carries the bearer token, and nothing else"),
    (Rule::TagName, "tag-name", "a tag names its resource in the plural and declares the singular"),
    (Rule::DuplicateTag, "duplicate-tag", "a tag, and its resource, are declared once"),
    (Rule::UndeclaredTag, "undeclared-tag", "the tag of an operation is declared"),
    (Rule::OneTag, "one-tag", "an operation has exactly one tag"),
    (Rule::UnusedTag, "unused-tag", "a declared tag has operations"),
    (Rule::OperationId, "operation-id", "an operation is called `tag.verb`, in camelCase"),
    (Rule::DuplicateOperationId, "duplicate-operation-id", "an operation's id, and its function, are its own"),
    (Rule::Verb, "verb", "an operation's verb is one of the vocabulary and goes with its method"),
    (Rule::Summary, "summary", "a summary is one sentence in the imperative"),
    (Rule::PathTemplate, "path-template", "a path begins with `/`, and a parameter fills a whole segment"),
    (Rule::EmptyPath, "empty-path", "a path has operations"),
    (Rule::SamePath, "same-path", "two paths differ in more than the names of their parameters"),
    (Rule::PathParameter, "path-parameter", "path parameters are required, and are those of the template"),
    (Rule::PathParameterName, "path-parameter-name", "a path parameter is called after what it identifies"),
    (Rule::DuplicateParameter, "duplicate-parameter", "an operation has each parameter once"),
    (Rule::ParameterStyle, "parameter-style", "a parameter is written in a style that the client can write"),
    (Rule::ParameterName, "parameter-name", "a query parameter is called in camelCase, and brackets mark a list"),
    (Rule::MediaType, "media-type", "bodies are JSON, or files as multipart/form-data"),
    (Rule::RequestBody, "request-body", "a request body is named, required, and not sent with GET"),
    (Rule::Upload, "upload", "an upload is one list of files"),
    (Rule::Arguments, "arguments", "what becomes arguments is required as a whole"),
    (Rule::Status, "status", "a status is a quoted number of three digits"),
    (Rule::SuccessAnswer, "success-answer", "an operation has exactly one success answer"),
    (Rule::ErrorAnswers, "error-answers", "an operation declares the refusals that its form implies"),
    (Rule::NamedAnswer, "named-answer", "an answer refers to an entry of `components.responses`"),
    (Rule::Envelope, "envelope", "the envelope of an answer requires its `success`"),
    (Rule::AnswerItem, "answer-item", "the item of an answer is a property of its envelope"),
    (Rule::Paging, "paging", "paging names query parameters, a flag of the answer, and a list"),
    (Rule::Description, "description", "schemas, properties and parameters are described"),
    (Rule::Required, "required", "a required name is a property, and is named once"),
    (Rule::Constraint, "constraint", "a constraint goes with its type and leaves values"),
    (Rule::Pattern, "pattern", "a pattern is a regular expression"),
    (Rule::EnumValues, "enum-values", "values of an enumeration are of its type, and each is there once"),
    (Rule::EnumNames, "enum-names", "`x-enum-varnames` has one name for each value"),
    (Rule::TypeFormat, "type-format", "a format goes with its type"),
    (Rule::SchemaForm, "schema-form", "a schema has a form that Rust has a type for"),
    (Rule::Discriminator, "discriminator", "a discriminator leads to each form, by a property that it has"),
    (Rule::TaggedBy, "tagged-by", "each form of an `anyOf` is told by a value of a sibling"),
    (Rule::Choice, "choice", "properties that exclude each other are properties, each in one variant"),
    (Rule::As, "as", "`x-weeek-rust-type` goes with the form on the wire"),
    (Rule::MapKey, "map-key", "the keys of a map are a named text"),
    (Rule::ContainsItself, "contains-itself", "a type holds itself only in a list or a map"),
    (Rule::RustName, "rust-name", "a name can be written in Rust"),
    (Rule::NameCollision, "name-collision", "two names stay two names in Rust"),
    (Rule::FormerName, "former-name", "a former name is free, and stands where Rust can have an alias"),
    (Rule::ComponentName, "component-name", "components are called in PascalCase"),
    (Rule::SchemaOwner, "schema-owner", "a schema's name begins with its resource, or with a verb and its resource"),
    (Rule::Order, "order", "paths and components go through the resources in the order of the tags"),
    (Rule::Banner, "banner", "a banner comment stands before each resource"),
    (Rule::Example, "example", "examples and defaults are true to their schema"),
    (Rule::ExampleMissing, "example-missing", "every body has an example"),
    (Rule::ExampleIncomplete, "example-incomplete", "the example of a body shows all properties"),
    (Rule::SameShape, "same-shape", "no shape has two names"),
    (Rule::SimilarShape, "similar-shape", "two shapes differ by more than a detail"),
    (Rule::Twin, "twin", "`x-weeek-similar-to` names a schema of nearly the same shape"),
    (Rule::Unused, "unused", "every component is used"),
    (Rule::Ledger, "ledger", "everything that went in came out"),
];

impl Rule {
    /// All rules, in the order in which a document is checked.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(rule, ..)| *rule)
    }

    /// What reports call the rule: `unknown-key`.
    pub fn id(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// What a document that keeps the rule looks like.
    pub fn summary(self) -> &'static str {
        TABLE[self as usize].2
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

//! The reasons of the rules, each with an example. The examples are fixtures, so the tests check them.

use std::fmt::Write as _;

use super::Rule;

macro_rules! fixture {
    ($case:literal) => {
        include_str!(concat!("../../tests/fixtures/rules/", $case, ".txt"))
    };
}

/// Each rule with the reason for it, and a fixture.
const EXPLANATIONS: &[(Rule, &str, &str)] = &[
    (
        Rule::YamlSyntax,
        "Nothing can be read from text that is not YAML. Strings with `: `, ` #` or brackets need quotes.",
        fixture!("yaml-syntax/colon"),
    ),
    (
        Rule::YamlFeature,
        "References of OpenAPI say what is shared in a way that every tool understands. Tags and other keys have no meaning in OpenAPI.",
        fixture!("yaml-feature/anchor"),
    ),
    (
        Rule::InvisibleCharacter,
        "A reader can't see what such a character does to the text, or to the code that is generated from it.",
        fixture!("invisible-character/direction"),
    ),
    (Rule::OneDocument, "Only the first document would be read.", fixture!("one-document/two")),
    (
        Rule::DuplicateKey,
        "YAML readers keep the first or the last of two equal keys, and drop the other silently.",
        fixture!("duplicate-key/property"),
    ),
    (Rule::Depth, "Deeper nesting is a mistake or an attack, and every reader would need a deeper stack.", ""),
    (Rule::Size, "A larger file is not a spec written by hand.", ""),
    (
        Rule::OpenapiVersion,
        "OpenAPI 3.1 has other keys for null, bounds and examples; Swagger has other sections.",
        fixture!("openapi-version/three-one"),
    ),
    (
        Rule::OpenapiDocument,
        "The spec is for every tool of OpenAPI, not only for this generator. An error here without another one is a bug of the generator.",
        "",
    ),
    (Rule::UnknownKey, "A misspelled key would be ignored, and its meaning lost.", fixture!("unknown-key/schema")),
    (
        Rule::UnsupportedKey,
        "The generated client would not do what the key says.",
        fixture!("unsupported-key/read-only"),
    ),
    (Rule::MissingKey, "The generated client or its docs need the value.", fixture!("missing-key/summary")),
    (Rule::WrongType, "The value has no meaning for its key.", fixture!("wrong-type/required-property")),
    (Rule::UnknownValue, "The value has no meaning for its key.", fixture!("unknown-value/type")),
    (
        Rule::DanglingReference,
        "Nothing can be generated for a reference without a target.",
        fixture!("dangling-reference/schema"),
    ),
    (
        Rule::ExternalReference,
        "The spec is one file, which opens in every tool without others.",
        fixture!("external-reference/file"),
    ),
    (
        Rule::ReferenceTarget,
        "A schema can't be used as a response, nor a response as a schema.",
        fixture!("reference-target/section"),
    ),
    (
        Rule::ReferenceSiblings,
        "OpenAPI 3.0 ignores everything beside `$ref`.",
        fixture!("reference-siblings/description"),
    ),
    (Rule::ReferenceCycle, "A value would have to match the schema without end.", fixture!("reference-cycle/itself")),
    (
        Rule::ComponentAlias,
        "A second name for the same component is one name too many.",
        fixture!("component-alias/schema"),
    ),
    (Rule::Servers, "The client has one base URL, and sends the token only over https.", fixture!("servers/http")),
    (Rule::Security, "The client sends a bearer token with every call.", fixture!("security/missing")),
    (
        Rule::TagName,
        "The tag names the functions of a resource, the singular names its types.",
        fixture!("tag-name/singular"),
    ),
    (
        Rule::DuplicateTag,
        "Two tags of one resource would be two handles in the client.",
        fixture!("duplicate-tag/twice"),
    ),
    (
        Rule::UndeclaredTag,
        "The tag decides on the handle and the cargo feature of the operation.",
        fixture!("undeclared-tag/misspelled"),
    ),
    (Rule::OneTag, "An operation is a function of exactly one handle.", fixture!("one-tag/two")),
    (Rule::UnusedTag, "The client would have a handle without functions.", fixture!("unused-tag/unused")),
    (
        Rule::OperationId,
        "The id names the function: `tasks.listComments` is `tasks().list_comments`.",
        fixture!("operation-id/snake-case"),
    ),
    (
        Rule::DuplicateOperationId,
        "Two operations would be the same function.",
        fixture!("duplicate-operation-id/taken"),
    ),
    (Rule::Verb, "Callers guess names of functions from a few verbs.", fixture!("verb/unknown")),
    (Rule::Summary, "The summary is the first line of the function's docs.", fixture!("summary/third-person")),
    (
        Rule::PathTemplate,
        "The client fills whole segments, percent-encoded, so an id never changes the path.",
        fixture!("path-template/no-slash"),
    ),
    (Rule::EmptyPath, "A path without operations means nothing.", fixture!("empty-path/empty")),
    (Rule::SamePath, "No server can tell the two paths apart.", fixture!("same-path/names")),
    (Rule::PathParameter, "The client could not fill the path.", fixture!("path-parameter/misspelled")),
    (
        Rule::PathParameterName,
        "The parameter, its type and the argument have one name everywhere.",
        fixture!("path-parameter-name/other-name"),
    ),
    (Rule::DuplicateParameter, "Only one of the two could be sent.", fixture!("duplicate-parameter/inline")),
    (
        Rule::ParameterStyle,
        "The client writes lists as `name=1&name=2` or `name[0][key]=1`, and nothing else.",
        fixture!("parameter-style/commas"),
    ),
    (
        Rule::ParameterName,
        "The API has camelCase names, with brackets for lists.",
        fixture!("parameter-name/snake-case"),
    ),
    (Rule::MediaType, "The client sends JSON and files, and reads JSON.", fixture!("media-type/xml")),
    (
        Rule::RequestBody,
        "A body that can be missing is mostly a mistake of the documentation.",
        fixture!("request-body/optional"),
    ),
    (Rule::Upload, "An upload is a function that takes files.", fixture!("upload/two-properties")),
    (
        Rule::Arguments,
        "A struct with one required property is longer to write than an argument.",
        fixture!("arguments/not-marked"),
    ),
    (Rule::Status, "YAML reads `200` as a number, and keys of OpenAPI are strings.", fixture!("status/unquoted")),
    (Rule::SuccessResponse, "A function returns one type.", fixture!("success-response/two")),
    (
        Rule::ErrorResponses,
        "Every operation can fail in the ways that its path and its request imply.",
        fixture!("error-responses/not-found"),
    ),
    (Rule::NamedResponse, "A response that has a name is described once.", fixture!("named-response/inline")),
    (
        Rule::Envelope,
        "Without `success` a failure with status 200 would look like a success.",
        fixture!("envelope/optional"),
    ),
    (Rule::ResponseItem, "The client returns the item, not its envelope.", fixture!("response-item/misspelled")),
    (Rule::Paging, "The client requests all pages by these names.", fixture!("paging/limit")),
    (Rule::Description, "The descriptions are the docs of the client.", fixture!("description/property")),
    (
        Rule::Required,
        "The name of a property that does not exist is mostly a misspelling.",
        fixture!("required/unknown"),
    ),
    (
        Rule::Constraint,
        "The constraint would have no effect, or no value could satisfy it.",
        fixture!("constraint/wrong-type"),
    ),
    (Rule::Pattern, "A pattern that is invalid matches nothing.", fixture!("pattern/broken")),
    (
        Rule::EnumValues,
        "A value of another type could never be sent or received.",
        fixture!("enum-values/number-among-strings"),
    ),
    (Rule::EnumNames, "Each value needs the name of its variant.", fixture!("enum-names/too-few")),
    (Rule::TypeFormat, "The format would have no effect.", fixture!("type-format/uuid-of-boolean")),
    (
        Rule::UnsupportedSchema,
        "Rust has no type for the schema, or the client can't decode one.",
        fixture!("unsupported-schema/one-of"),
    ),
    (Rule::Discriminator, "A variant without a value could never be decoded.", fixture!("discriminator/no-value")),
    (
        Rule::TaggedBy,
        "The client needs a sibling to know the type of such a value.",
        fixture!("tagged-by/no-such-sibling"),
    ),
    (
        Rule::ExclusiveChoice,
        "The setter takes one of the variants, so each property is in one.",
        fixture!("exclusive-choice/unknown"),
    ),
    (
        Rule::TypeOverride,
        "The client writes the value in JSON as the override implies.",
        fixture!("type-override/one-value"),
    ),
    (Rule::MapKey, "The keys of a JSON object are strings.", fixture!("map-key/enumeration")),
    (Rule::RecursiveType, "No value of such a type could ever end.", fixture!("recursive-type/directly")),
    (Rule::RustName, "The name would not compile.", fixture!("rust-name/digit")),
    (Rule::NameCollision, "Two things with one name would not compile.", fixture!("name-collision/properties")),
    (Rule::Alias, "The alias would not compile, or lead to something else.", fixture!("alias/taken")),
    (Rule::ComponentName, "Components are types in Rust.", fixture!("component-name/schema")),
    (Rule::SchemaOwner, "The name of a type shows its resource.", fixture!("schema-owner/schema")),
    (Rule::Order, "A long file is readable if everything is where one expects it.", fixture!("order/banners")),
    (Rule::Banner, "A long file is readable if its parts have headings.", fixture!("banner/missing")),
    (Rule::Example, "The examples are in the docs, in tests and in the mock server.", fixture!("example/type")),
    (
        Rule::ExampleMissing,
        "The examples are in the docs, in tests and in the mock server.",
        fixture!("example-missing/response"),
    ),
    (
        Rule::ExampleIncomplete,
        "An example shows what a caller can send or will receive.",
        fixture!("example-incomplete/nested"),
    ),
    (Rule::SameShape, "A caller would have to convert between two equal types.", fixture!("same-shape/schemas")),
    (Rule::Unused, "What is not used is not tested, and gets stale.", fixture!("unused/schema")),
    (Rule::Completeness, "Nothing of the API may get lost silently.", fixture!("completeness/beside-the-item")),
];

/// The rule in full: what it requires and why, and an example with its report.
pub(super) fn explain(rule: Rule) -> String {
    let (_, reason, fixture) = EXPLANATIONS[rule as usize];
    let mut out = format!("{}: {}\n\n{reason}\n", rule.id(), rule.summary());
    let Some((head, report)) = fixture.split_once("=== report\n") else { return out };
    let (title, example) = head.split_once("=== ").unwrap_or((head, ""));
    let (kind, example) = example.split_once('\n').unwrap_or(("", example));
    let signs = if kind == "change" { "Lines with `-` are right, lines with `+` are wrong.\n" } else { "" };
    let _ = write!(out, "\nExample: {}\n{signs}\n", title.trim());
    for line in example.lines() {
        let _ = writeln!(out, "    {line}");
    }
    let _ = write!(out, "\nReport:\n\n{report}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained() {
        assert!(Rule::all().map(|rule| rule as usize).eq(0..EXPLANATIONS.len()));
        for (at, (rule, reason, _)) in EXPLANATIONS.iter().enumerate() {
            assert_eq!(*rule as usize, at);
            assert!(reason.ends_with('.'), "{rule:?}");
            assert!(explain(*rule).starts_with(&format!("{}: ", rule.id())));
        }
        let text = explain(Rule::SamePath);
        for part in ["No server can tell", "\n    -", "\n    +", "error[same-path]: "] {
            assert!(text.contains(part), "{text}");
        }
    }
}

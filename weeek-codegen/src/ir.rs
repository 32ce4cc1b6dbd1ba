//! The client as plain data: every name is decided, and nothing of OpenAPI is left.

mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value;

/// Sentences that end a description.
pub(crate) mod note {
    pub(crate) const DEPRECATED: &str = "Deprecated by Weeek.";
    pub(crate) const DOCUMENTED: &str = "Documented, not verified.";
    pub(crate) const UNVERIFIED: &str = "Unverified.";
    pub(crate) const CONTRADICTORY: &str = "Sources disagree on this.";
}

/// The whole client.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Api {
    /// The base URL.
    pub(crate) server: String,
    pub(crate) resources: Vec<Resource>,
    pub(crate) types: BTreeMap<String, TypeDef>,
    /// Where the spec describes each operation, by id, and each type, by name.
    pub(crate) spans: BTreeMap<String, Range<usize>>,
    /// The JSON of the examples of successful responses, by the names of the responses.
    pub(crate) response_examples: BTreeMap<String, String>,
}

/// A resource: a file of models and a file of endpoints.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Resource {
    /// The module: `board_columns`.
    pub(crate) name: String,
    /// The name of the handle's type without `Api`: `BoardColumns`.
    pub(crate) handle: String,
    /// The singular: `BoardColumn`.
    pub(crate) singular: String,
    pub(crate) docs: String,
    /// The body of an async function that has a client called `weeek`.
    pub(crate) example_code: String,
    /// The cargo feature of the endpoints; `None` for the types that resources share.
    pub(crate) feature: Option<String>,
    /// The cargo features that need the models.
    pub(crate) model_features: BTreeSet<String>,
    pub(crate) types: Vec<String>,
    pub(crate) operations: Vec<Operation>,
}

/// A type of the client.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TypeDef {
    pub(crate) name: String,
    pub(crate) docs: String,
    /// The body of an async function that has a client called `weeek`.
    pub(crate) example_code: String,
    pub(crate) kind: TypeKind,
    pub(crate) aliases: Vec<Alias>,
    /// Whether a request contains the type.
    pub(crate) in_request: bool,
    /// Whether a response contains the type.
    pub(crate) in_response: bool,
    /// A value of the type: the response whose example has it, and the JSON pointer to it.
    pub(crate) example: Option<(String, String)>,
    /// The functions that take the type as their argument: `TasksApi::list`.
    pub(crate) used_by: Vec<String>,
    /// The functions that return the type, or a list of it.
    pub(crate) returned_by: Vec<String>,
}

impl TypeDef {
    pub(crate) fn new(name: String, docs: String, kind: TypeKind) -> Self {
        Self {
            name,
            docs,
            example_code: String::new(),
            kind,
            aliases: Vec::new(),
            in_request: false,
            in_response: false,
            example: None,
            used_by: Vec::new(),
            returned_by: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TypeKind {
    IntegerId,
    StringId,
    StringEnum(Vec<Variant<String>>),
    IntegerEnum(Vec<Variant<i64>>),
    Struct(Struct),
    /// One of several objects; the value of their property `tag` selects which.
    Tagged {
        tag: String,
        variants: Vec<TaggedVariant>,
    },
    /// One of several values; the value of the sibling property `tag` selects which.
    TaggedBySibling {
        tag: String,
        variants: Vec<SiblingVariant>,
    },
    /// Exactly one of several properties; the name of each is that of its variant.
    OneOf(Vec<Field>),
    /// Exactly one of several groups of properties.
    ExclusiveGroups(Vec<Group>),
    Map {
        key: TypeRef,
        value: TypeRef,
        nullable: bool,
    },
    Query(Vec<Parameter>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variant<T> {
    pub(crate) name: String,
    pub(crate) value: T,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TaggedVariant {
    pub(crate) name: String,
    pub(crate) ty: String,
    /// The values of the tag that select this variant.
    pub(crate) values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SiblingVariant {
    pub(crate) name: String,
    /// The value of the sibling that selects this variant.
    pub(crate) value: String,
    pub(crate) docs: String,
    pub(crate) ty: TypeRef,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Struct {
    pub(crate) fields: Vec<Field>,
    pub(crate) choices: Vec<Choice>,
}

/// A setter that takes an enum of properties that exclude each other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) ty: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The name in JSON.
    pub(crate) wire_name: String,
    pub(crate) docs: String,
    /// What the API accepts in a request: bounds, lengths, patterns and the default, in words. The docs have it too.
    pub(crate) limits: String,
    pub(crate) ty: TypeRef,
    pub(crate) required: bool,
    pub(crate) nullable: bool,
    /// Whether a date is sent as `dd.mm.yyyy`.
    pub(crate) dotted: bool,
    pub(crate) deprecated: bool,
    /// Former names of the setter, and of the key in responses.
    pub(crate) aliases: Vec<Alias>,
}

/// How a field holds its value in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// The value itself.
    Always,
    /// `Option`: a missing value and null are the same.
    Optional,
    /// `Nullable`: null or a value, never missing.
    Nullable,
    /// `Option<Nullable>`: missing, null and a value differ.
    OptionalNullable,
}

impl Field {
    /// How the field holds its value in a type that responses contain, or in one that only requests contain.
    pub(crate) fn presence(&self, in_response: bool) -> Presence {
        match (self.required, self.nullable) {
            _ if in_response && self.has_neutral_value() => Presence::Always,
            _ if in_response => Presence::Optional,
            (true, false) => Presence::Always,
            (true, true) => Presence::Nullable,
            (false, false) => Presence::Optional,
            (false, true) => Presence::OptionalNullable,
        }
    }

    /// Whether a response without the value can still be decoded into a value: an empty list, 0, false, an empty string. The
    /// id of an object has none, but a response without it is an error.
    fn has_neutral_value(&self) -> bool {
        match self.ty {
            TypeRef::List(_) | TypeRef::StringMap(_) | TypeRef::Nullable(_) => true,
            TypeRef::Boolean | TypeRef::Integer | TypeRef::Number | TypeRef::String => self.required && !self.nullable,
            TypeRef::Named(_) => self.is_identity(),
            TypeRef::Date | TypeRef::Timestamp | TypeRef::Json | TypeRef::Boxed(_) => false,
        }
    }

    /// Whether the field identifies its object, so a response without it is an error.
    pub(crate) fn is_identity(&self) -> bool {
        self.required && !self.nullable && self.wire_name == "id"
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TypeRef {
    Boolean,
    Integer,
    Number,
    String,
    Date,
    Timestamp,
    Json,
    Named(String),
    /// A named type that contains itself through this value.
    Boxed(String),
    List(Box<TypeRef>),
    StringMap(Box<TypeRef>),
    /// An item of a list that may be null.
    Nullable(Box<TypeRef>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) function: String,
    pub(crate) method: String,
    /// The path template.
    pub(crate) path: String,
    pub(crate) aliases: Vec<FunctionAlias>,
    pub(crate) summary: String,
    pub(crate) docs: String,
    pub(crate) evidence: String,
    pub(crate) deprecated: bool,
    pub(crate) idempotent: bool,
    pub(crate) path_parameters: Vec<Parameter>,
    pub(crate) required_query: Vec<Parameter>,
    /// The type of the optional query parameters.
    pub(crate) query: Option<String>,
    pub(crate) body: Body,
    /// The example of the body.
    pub(crate) example: Option<Value>,
    pub(crate) response: Response,
    /// The status of the successful response, and its name among the examples unless it has no body.
    pub(crate) success: (u16, Option<String>),
    /// Whether the response always has `success`.
    pub(crate) has_success: bool,
    pub(crate) paging: Option<Paging>,
}

/// A former name of a function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FunctionAlias {
    pub(crate) function: String,
    /// The former name of the function that returns all pages.
    pub(crate) all_pages: Option<String>,
    pub(crate) since: Option<String>,
}

/// A former name, which stays as a deprecated alias.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alias {
    pub(crate) name: String,
    /// The name as the spec writes it.
    pub(crate) wire_name: String,
    /// The release that renamed it; `None` before the release.
    pub(crate) since: Option<String>,
}

impl Alias {
    pub(crate) fn is_among(name: &str, aliases: &[Self]) -> bool {
        aliases.iter().any(|alias| alias.name == name)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// The name in the URL.
    pub(crate) wire_name: String,
    pub(crate) docs: String,
    /// What the API accepts: bounds, lengths, patterns and the default, in words. The docs have it too.
    pub(crate) limits: String,
    pub(crate) ty: TypeRef,
    pub(crate) encoding: Encoding,
    /// Former names of the setter.
    pub(crate) aliases: Vec<Alias>,
    /// The example of the spec, or a value that the schema allows.
    pub(crate) sample: Value,
    /// Whether the sample is the example of the spec.
    pub(crate) has_example: bool,
}

/// How a query parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Plain,
    /// A date as `dd.mm.yyyy`.
    DottedDate,
    /// `name=1&name=2`
    List,
    /// `name[0][key]=value`
    Objects,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    None,
    /// JSON of a named type.
    Json(String),
    /// A JSON object whose properties are arguments.
    Arguments(Vec<Field>),
    /// `multipart/form-data` with this name for each part.
    Files(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Response {
    Unit,
    Item { key: String, ty: TypeRef, required: bool },
    Page { key: String, item: TypeRef },
    Body(TypeRef),
}

/// Offset pagination of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Paging {
    /// The function that returns all pages.
    pub(crate) function: String,
    pub(crate) limit: String,
    pub(crate) offset: String,
    pub(crate) has_more: Option<String>,
    pub(crate) page_size: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_follows_from_the_direction_and_the_type() {
        use Presence::{Always, Nullable, Optional, OptionalNullable};
        let named = || TypeRef::Named("TaskId".to_owned());
        let list = || TypeRef::List(Box::new(TypeRef::Date));
        // For each of required and nullable: in a response, only in requests.
        for (ty, name, expected) in [
            (
                TypeRef::String,
                "title",
                [(Optional, Optional), (Optional, OptionalNullable), (Always, Always), (Optional, Nullable)],
            ),
            (
                TypeRef::Date,
                "day",
                [(Optional, Optional), (Optional, OptionalNullable), (Optional, Always), (Optional, Nullable)],
            ),
            (list(), "days", [(Always, Optional), (Always, OptionalNullable), (Always, Always), (Always, Nullable)]),
            (
                named(),
                "id",
                [(Optional, Optional), (Optional, OptionalNullable), (Always, Always), (Optional, Nullable)],
            ),
            (
                named(),
                "task",
                [(Optional, Optional), (Optional, OptionalNullable), (Optional, Always), (Optional, Nullable)],
            ),
        ] {
            let found = [(false, false), (false, true), (true, false), (true, true)].map(|(required, nullable)| {
                let (docs, limits, aliases) = (String::new(), String::new(), Vec::new());
                let (name, wire_name, ty) = (name.to_owned(), name.to_owned(), ty.clone());
                let (dotted, deprecated) = (false, false);
                let field =
                    Field { name, wire_name, docs, limits, ty, required, nullable, dotted, deprecated, aliases };
                (field.presence(true), field.presence(false))
            });
            assert_eq!(found, expected, "{ty:?} {name}");
        }
    }
}

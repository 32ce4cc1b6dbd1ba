//! The client as plain data: every name decided, nothing of the document's syntax left.

use std::collections::{BTreeMap, BTreeSet};

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
    pub(crate) server: String,
    pub(crate) modules: Vec<Module>,
    pub(crate) types: BTreeMap<String, TypeDef>,
}

/// A resource: a file of models, a file of endpoints.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Module {
    pub(crate) name: String,
    pub(crate) handle: String,
    /// What one of them is called.
    pub(crate) resource: String,
    pub(crate) docs: String,
    /// What a caller may write in a function that has a client called `weeek`.
    pub(crate) program: String,
    /// The cargo feature that carries the endpoints; none for what all resources share.
    pub(crate) feature: Option<String>,
    /// The features that need the models.
    pub(crate) model_features: BTreeSet<String>,
    pub(crate) types: Vec<String>,
    pub(crate) operations: Vec<Operation>,
}

/// A type of the client.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TypeDef {
    pub(crate) name: String,
    pub(crate) docs: String,
    /// What a caller may write with it in a function that has a client called `weeek`.
    pub(crate) program: String,
    pub(crate) kind: TypeKind,
    /// What it was called before; each name stays as a deprecated alias.
    pub(crate) was: Vec<String>,
    pub(crate) sent: bool,
    pub(crate) received: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TypeKind {
    IntegerId,
    TextId,
    TextEnum(Vec<Variant<String>>),
    IntegerEnum(Vec<Variant<i64>>),
    Struct(Struct),
    /// One of several objects, told apart by a property of theirs.
    Tagged {
        tag: String,
        variants: Vec<TaggedVariant>,
    },
    /// One of several values, told apart by a sibling property.
    Content {
        by: String,
        variants: Vec<ContentVariant>,
    },
    /// Exactly one property of several.
    OneOf(Vec<Field>),
    /// Exactly one group of properties of several.
    Groups(Vec<Group>),
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
    pub(crate) values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ContentVariant {
    pub(crate) name: String,
    pub(crate) tag: String,
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

/// A setter that takes an enum, because its properties exclude each other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) ty: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) wire: String,
    pub(crate) docs: String,
    pub(crate) ty: TypeRef,
    pub(crate) required: bool,
    pub(crate) nullable: bool,
    /// Whether its date is written as dd.mm.yyyy.
    pub(crate) dotted: bool,
    /// What its setter was called before.
    pub(crate) was: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TypeRef {
    Boolean,
    Integer,
    Number,
    Text,
    Date,
    Instant,
    Json,
    Named(String),
    List(Box<TypeRef>),
    TextMap(Box<TypeRef>),
}

impl TypeRef {
    /// The named type inside, whatever is wrapped around it.
    pub(crate) fn named(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::TextMap(inner) => inner.named(),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) function: String,
    pub(crate) constant: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) was: Vec<Former>,
    pub(crate) summary: String,
    pub(crate) docs: String,
    pub(crate) evidence: String,
    pub(crate) deprecated: bool,
    pub(crate) idempotent: bool,
    pub(crate) path_parameters: Vec<Parameter>,
    pub(crate) required_query: Vec<Parameter>,
    /// The type that holds the optional query parameters.
    pub(crate) query: Option<String>,
    pub(crate) body: Body,
    pub(crate) answer: Answer,
    /// Whether the response always has `success`.
    pub(crate) has_success: bool,
    pub(crate) paging: Option<Paging>,
}

/// What a function was called before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Former {
    pub(crate) function: String,
    /// The function that went through all pages.
    pub(crate) all_pages: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) wire: String,
    pub(crate) docs: String,
    pub(crate) ty: TypeRef,
    pub(crate) encoding: Encoding,
    /// What its setter was called before.
    pub(crate) was: Vec<String>,
}

/// How a query parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Plain,
    /// A date as dd.mm.yyyy.
    DottedDate,
    /// `name=1&name=2`
    List,
    /// `name[0][key]=value`
    Objects,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    None,
    Json(String),
    Arguments(Vec<Field>),
    /// The parts' name.
    Files(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Nothing,
    Item { key: String, ty: TypeRef, required: bool },
    Page { key: String, item: TypeRef },
    Whole(TypeRef),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Paging {
    pub(crate) function: String,
    pub(crate) limit: String,
    pub(crate) offset: String,
    pub(crate) more: Option<String>,
    pub(crate) size: i64,
}

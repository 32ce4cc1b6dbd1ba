//! The operations of the API as data.

use std::fmt;

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) idempotent: bool,
    pub(crate) evidence: Evidence,
    pub(crate) item: Option<&'static str>,
    pub(crate) paging: Option<Paging>,
}

/// The operations of a resource, a row each: id, method, path, evidence, and what else is known.
macro_rules! operations {
    ({ $($id:literal = $method:ident($path:literal, $evidence:ident) $($fact:ident $(($($value:expr),*))?)*),* $(,)? }) => {
        pub(crate) static OPERATIONS: &[Operation] = &[
            $(Operation::new($id, Method::$method, $path, Evidence::$evidence)$(.$fact($($($value),*)?))*),*
        ];
    };
}

impl Operation {
    pub(crate) const fn new(id: &'static str, method: Method, path: &'static str, evidence: Evidence) -> Self {
        Self { id, method, path, idempotent: false, evidence, item: None, paging: None }
    }

    pub(crate) const fn idempotent(self) -> Self {
        Self { idempotent: true, ..self }
    }

    /// The property of the answer that holds what was asked for.
    pub(crate) const fn item(self, item: &'static str) -> Self {
        Self { item: Some(item), ..self }
    }

    pub(crate) const fn pages(
        self,
        limit: &'static str,
        offset: &'static str,
        more: Option<&'static str>,
        size: usize,
    ) -> Self {
        Self { paging: Some(Paging { limit, offset, more, size }), ..self }
    }

    /// A name for logs and metrics, such as `tasks.listComments`.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The HTTP method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The path template, such as `/tm/tasks/{taskId}`.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Whether repeating the call is harmless.
    pub fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// How sure it is that the operation works as described.
    pub fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// How the list pages, where it does.
    pub fn paging(&self) -> Option<Paging> {
        self.paging
    }
}

/// How a list pages: by rows to skip and rows to answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// The query parameter that says how many rows to answer with.
    pub limit: &'static str,
    /// The query parameter that says how many rows to skip.
    pub offset: &'static str,
    /// The property of the answer that says whether more rows follow. Without one, a short page is the last.
    pub more: Option<&'static str>,
    /// How many rows a stream over all pages asks for at once.
    pub size: usize,
}

/// HTTP methods that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
#[non_exhaustive]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// In capitals, as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How sure a fact about the API is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// Observed on the live API.
    Live,
    /// Visible only in how working clients talk to the API.
    ThirdParty,
    /// Documented by Weeek, not verified.
    Documented,
    /// A reading of other facts, unconfirmed.
    Inferred,
    /// Sources disagree.
    Contradictory,
}

/// Every operation that is compiled in, resource by resource.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    crate::generated::OPERATIONS.iter().flat_map(|table| table.iter())
}

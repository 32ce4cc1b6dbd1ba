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

impl Operation {
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
    Client,
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

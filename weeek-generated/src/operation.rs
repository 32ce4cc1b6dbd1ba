//! The operations of the API as data.

use reqwest::Method;

/// An operation of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    id: &'static str,
    method: Method,
    path_template: &'static str,
    idempotent: bool,
    evidence: Evidence,
    item_key: Option<&'static str>,
    has_success: bool,
    pagination: Option<Pagination>,
}

/// The operations of a resource, each with a name that its function refers to: id, method, path, evidence, and what else is known.
///
/// Functions never refer to a row by its number: two branches that each add a row merge cleanly, and the numbers would shift.
macro_rules! operations {
    ($($name:ident = $id:literal $method:ident($path:literal, $evidence:ident) $($fact:ident $(($($value:expr),*))?)*),* $(,)?) => {
        $(static $name: Operation =
            Operation::new($id, Method::$method, $path, Evidence::$evidence)$(.$fact($($($value),*)?))*;)*

        pub(crate) static OPERATIONS: &[&Operation] = &[$(&$name),*];
    };
}

impl Operation {
    pub(crate) const fn new(id: &'static str, method: Method, path_template: &'static str, evidence: Evidence) -> Self {
        let (idempotent, item_key, has_success, pagination) = (false, None, true, None);
        Self { id, method, path_template, idempotent, evidence, item_key, has_success, pagination }
    }

    pub(crate) const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// The property of the response that holds the value.
    pub(crate) const fn item(mut self, key: &'static str) -> Self {
        self.item_key = Some(key);
        self
    }

    /// The response may lack the `success` property.
    pub(crate) const fn without_success(mut self) -> Self {
        self.has_success = false;
        self
    }

    pub(crate) const fn pages(
        mut self,
        limit: &'static str,
        offset: &'static str,
        has_more: Option<&'static str>,
        page_size: usize,
    ) -> Self {
        self.pagination = Some(Pagination { limit, offset, has_more, page_size });
        self
    }

    /// A stable name for logs and metrics, such as `tasks.listComments`.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path template, such as `/tm/tasks/{taskId}`.
    pub fn path_template(&self) -> &'static str {
        self.path_template
    }

    /// Whether repeating the call has no further effect.
    pub fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// How well the operation is verified.
    pub fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// The pagination of a list, if it has pages.
    pub fn pagination(&self) -> Option<Pagination> {
        self.pagination
    }

    pub(crate) fn item_key(&self) -> Option<&'static str> {
        self.item_key
    }

    pub(crate) fn has_success(&self) -> bool {
        self.has_success
    }
}

/// Offset pagination of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pagination {
    /// The query parameter for the maximum number of items.
    pub limit: &'static str,
    /// The query parameter for the number of items to skip.
    pub offset: &'static str,
    /// The property of the response that says whether more items follow. Without one, an empty page is the last.
    pub has_more: Option<&'static str>,
    /// The number of items that a stream over all pages requests at once.
    pub page_size: usize,
}

/// How well a fact about the API is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// Observed on the live API.
    Live,
    /// Seen only in how working third-party clients call the API.
    ThirdParty,
    /// Documented by Weeek, not verified.
    Documented,
    /// Derived from other facts, not verified.
    Inferred,
    /// Sources disagree.
    Contradictory,
}

//! What the setters of a list's parameters accept.

/// A value that filters a list: one that converts to `T`, or an `Option` of such a value. `None` sets no filter.
///
/// `M` is always inferred. Only a bare `None` has no type to infer: leave the setter out instead.
///
/// ```
/// # use weeek_generated::models::{ListTasks, ProjectId};
/// let project: Option<i64> = std::env::args().nth(1).and_then(|id| id.parse().ok());
/// let filters = ListTasks::new().project_id(project).completed(false);
/// ```
pub trait Filter<T, M> {
    /// Returns the value of the filter, if there is one.
    fn into_filter(self) -> Option<T>;
}

/// Marks a plain value among the kinds of a [`Filter`].
#[derive(Debug)]
pub enum Plain {}

/// Marks an `Option` among the kinds of a [`Filter`].
#[derive(Debug)]
pub enum Optional {}

impl<T, U: Into<T>> Filter<T, Plain> for U {
    #[inline]
    fn into_filter(self) -> Option<T> {
        Some(self.into())
    }
}

impl<T, U: Into<T>> Filter<T, Optional> for Option<U> {
    #[inline]
    fn into_filter(self) -> Option<T> {
        self.map(Into::into)
    }
}

//! Reports where a response does not match the spec.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::operation::Operation;

/// A value of a response that does not match the spec.
///
/// Reported are a value of another type or in another format, a required property that is missing or null, a null that the spec does
/// not allow, a property that the spec does not have, and a new value of an enumeration. The value itself is not included, so a
/// drift is safe to log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// The operation whose response it is.
    pub operation: &'static Operation,
    /// The location in the response, such as `tasks[3].dueDate`; empty for the whole response.
    pub json_path: String,
    /// What the spec says.
    pub expected: Cow<'static, str>,
    /// What kind of value the response has.
    pub found: Cow<'static, str>,
}

impl fmt::Display for Drift {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, json_path, expected, found } = self;
        write!(f, "{}: ", operation.id())?;
        if !json_path.is_empty() {
            write!(f, "at {json_path}: ")?;
        }
        write!(f, "expected {expected}, found {found}")
    }
}

/// The function that is called for each drift.
#[derive(Clone)]
pub(crate) struct DriftHook(Arc<dyn Fn(&Drift) + Send + Sync>);

impl DriftHook {
    pub(crate) fn new(hook: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hook))
    }
}

impl fmt::Debug for DriftHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DriftHook")
    }
}

/// Whether mismatches are reported: to a hook, or to a subscriber of `tracing`.
pub(crate) fn is_watched(hook: Option<&DriftHook>) -> bool {
    #[cfg(feature = "tracing")]
    if tracing::event_enabled!(tracing::Level::WARN) {
        return true;
    }
    hook.is_some()
}

pub(crate) fn report(hook: Option<&DriftHook>, drift: &Drift) {
    #[cfg(feature = "tracing")]
    {
        let Drift { operation, json_path, expected, found } = drift;
        tracing::warn!(operation = operation.id(), json_path, %expected, %found, "a response does not match the spec");
    }
    if let Some(hook) = hook {
        (hook.0)(drift);
    }
}

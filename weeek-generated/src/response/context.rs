//! What the reading of a response knows: where it is, what it found, and how much memory it may still use.
//!
//! A body is read once, without its locations. Only if it cannot be decoded, or has a mismatch that has to be reported, is it
//! read again with a [`Trace`].

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt::Write as _;

use serde::de::Error;

/// Why a body of very many small values is not decoded.
pub(crate) const EXHAUSTED: &str = "the response has too many values for its size";

/// What is expected of a property that the spec does not have.
pub(crate) const NO_SUCH_PROPERTY: &str = "no such property";
/// What a value of an enumeration is that this version does not know.
pub(crate) const UNKNOWN_VALUE: &str = "an unknown value";

/// The most mismatches that are kept of a response.
const MAX_MISMATCHES: usize = 200;
/// Decoded values may take this many times the memory of the body.
const MEMORY_FACTOR: usize = 8;
/// A small body may take this much more.
const MEMORY_BASE: usize = 4 << 20;
/// How often a piece of JSON text may be read inside another. The parser bounds the depth of one piece only.
const MAX_NESTED_READINGS: u8 = 8;

/// One reading of a body.
pub(crate) struct Reading {
    memory: Cell<usize>,
    nested: Cell<u8>,
    /// What the last mismatch was; `None` while everything matches.
    found: Cell<Option<&'static str>>,
    trace: Option<RefCell<Trace>>,
}

#[derive(Default)]
struct Trace {
    path: Vec<Segment>,
    mismatches: Vec<Mismatch>,
    omitted: usize,
}

#[derive(Clone)]
pub(crate) enum Segment {
    Key(&'static str),
    Index(usize),
    /// A property that the spec does not have.
    Unknown(Box<str>),
}

/// A value that does not match the spec.
#[derive(Debug, PartialEq)]
pub(crate) struct Mismatch {
    pub(crate) path: String,
    pub(crate) expected: Cow<'static, str>,
    pub(crate) found: Cow<'static, str>,
}

impl Reading {
    pub(crate) fn new(body: &[u8]) -> Self {
        let memory = body.len().saturating_mul(MEMORY_FACTOR).saturating_add(MEMORY_BASE);
        Self { memory: Cell::new(memory), nested: Cell::new(0), found: Cell::new(None), trace: None }
    }

    pub(crate) fn traced(body: &[u8]) -> Self {
        Self { trace: Some(RefCell::default()), ..Self::new(body) }
    }

    pub(crate) fn cx(&self) -> Cx<'_> {
        Cx(self)
    }

    pub(crate) fn has_mismatch(&self) -> bool {
        self.found.get().is_some()
    }

    /// The current location: after a failure, the location of the failure.
    pub(crate) fn location(&self) -> String {
        self.trace.as_ref().map_or_else(String::new, |trace| trace.borrow().location())
    }

    /// The mismatches in their order, and a last entry that counts those that were left out.
    pub(crate) fn into_mismatches(self) -> Vec<Mismatch> {
        let Trace { mut mismatches, omitted, .. } = self.trace.map(RefCell::into_inner).unwrap_or_default();
        if omitted > 0 {
            let (expected, found) = ("no more mismatches".into(), format!("{omitted} more mismatches").into());
            mismatches.push(Mismatch { path: String::new(), expected, found });
        }
        mismatches
    }
}

impl Mismatch {
    /// Whether the decoded value does not show what was found. Unknown properties and values are kept unchanged.
    pub(crate) fn loses_something(&self) -> bool {
        self.expected != NO_SUCH_PROPERTY && self.found != UNKNOWN_VALUE
    }
}

/// A handle of a [`Reading`] that every reader passes on.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'c>(&'c Reading);

impl Cx<'_> {
    /// Records that a value does not match the spec.
    #[inline]
    pub(crate) fn note(self, expected: &'static str, found: &'static str) {
        self.0.found.set(Some(found));
        if let Some(trace) = &self.0.trace {
            trace.borrow_mut().push(expected, found);
        }
    }

    /// Records a mismatch of the property `key` of the current object.
    #[cold]
    pub(crate) fn note_at(self, segment: Segment, expected: &'static str, found: &'static str) {
        let depth = self.enter(segment);
        self.note(expected, found);
        self.leave(depth);
    }

    /// Reads something at a location. After a failure the location stays what it was there.
    #[inline]
    pub(crate) fn at<T, E>(
        self,
        segment: impl FnOnce() -> Segment,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let depth = if self.is_traced() { self.enter(segment()) } else { 0 };
        let result = read();
        if self.is_traced() && result.is_ok() {
            self.leave(depth);
        }
        result
    }

    #[inline]
    pub(crate) fn is_traced(self) -> bool {
        self.0.trace.is_some()
    }

    /// How many segments the location has.
    pub(crate) fn depth(self) -> usize {
        self.0.trace.as_ref().map_or(0, |trace| trace.borrow().path.len())
    }

    /// Moves to a location: the first segments of the current one, and one more.
    #[cold]
    pub(crate) fn relocate(self, depth: usize, segment: Option<Segment>) {
        self.leave(depth);
        if let Some(segment) = segment {
            self.enter(segment);
        }
    }

    /// Reads an item at a location of its own, and returns the location of a failure.
    pub(crate) fn isolate<T, E>(
        self,
        key: Segment,
        index: Segment,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, (String, E)> {
        let depth = self.enter(key);
        self.enter(index);
        let result = read().map_err(|error| {
            self.note("a readable item", "an unreadable one");
            (self.0.location(), error)
        });
        self.leave(depth);
        result
    }

    /// Reads something whose failure is tolerated.
    pub(crate) fn attempt<T, E>(self, expected: &'static str, read: impl FnOnce() -> Result<T, E>) -> Option<T> {
        let depth = self.depth();
        let value = read().ok();
        if value.is_none() {
            self.note(expected, "an incompatible value");
            self.leave(depth);
        }
        value
    }

    /// Reads a piece of JSON text inside another. `None` if there are too many inside each other already.
    pub(crate) fn nest<T>(self, read: impl FnOnce() -> T) -> Option<T> {
        let depth = self.0.nested.get();
        if depth == MAX_NESTED_READINGS {
            return None;
        }
        self.0.nested.set(depth + 1);
        let result = read();
        self.0.nested.set(depth);
        Some(result)
    }

    /// The error for a value that cannot be read, as the last mismatch describes it.
    #[cold]
    pub(crate) fn error<E: Error>(self, expected: &'static str) -> E {
        let found = self.0.found.get().unwrap_or("an incompatible type");
        E::custom(format_args!("expected {expected}, found {found}"))
    }

    /// Takes memory from what the body may use.
    #[inline]
    pub(crate) fn charge<E: Error>(self, bytes: usize) -> Result<(), E> {
        match self.0.memory.get().checked_sub(bytes) {
            Some(rest) => {
                self.0.memory.set(rest);
                Ok(())
            }
            None => Err(E::custom(EXHAUSTED)),
        }
    }

    #[cold]
    fn enter(self, segment: Segment) -> usize {
        self.0.trace.as_ref().map_or(0, |trace| {
            let path = &mut trace.borrow_mut().path;
            path.push(segment);
            path.len() - 1
        })
    }

    #[cold]
    fn leave(self, depth: usize) {
        if let Some(trace) = &self.0.trace {
            trace.borrow_mut().path.truncate(depth);
        }
    }
}

impl Trace {
    fn push(&mut self, expected: &'static str, found: &'static str) {
        if self.mismatches.len() == MAX_MISMATCHES {
            self.omitted += 1;
            return;
        }
        let path = self.location();
        self.mismatches.push(Mismatch { path, expected: expected.into(), found: found.into() });
    }

    fn location(&self) -> String {
        let mut out = String::new();
        for segment in &self.path {
            let key = match segment {
                Segment::Index(at) => {
                    let _ = write!(out, "[{at}]");
                    continue;
                }
                Segment::Key(key) => key,
                Segment::Unknown(key) => &**key,
            };
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(key);
        }
        out
    }
}

impl Segment {
    /// The name of an unknown property, without control characters and not longer than a name is.
    pub(crate) fn unknown(key: &str) -> Self {
        const MAX_CHARS: usize = 64;
        let mut name: String =
            key.chars().take(MAX_CHARS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        if key.chars().nth(MAX_CHARS).is_some() {
            name.push('…');
        }
        Self::Unknown(name.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Failure = serde::de::value::Error;

    #[test]
    fn the_location_of_a_failure_is_the_innermost_that_is_not_tolerated() {
        let reading = Reading::traced(b"");
        let cx = reading.cx();
        let fail = || Err::<(), _>(cx.error::<Failure>("an id"));
        let result = cx.at(
            || Segment::Key("task"),
            || {
                cx.at(
                    || Segment::Key("config"),
                    || {
                        cx.attempt("a value", || cx.at(|| Segment::Key("kind"), fail));
                        Ok(())
                    },
                )?;
                cx.at(|| Segment::Key("tags"), || cx.at(|| Segment::Index(3), fail))
            },
        );
        assert_eq!(result.unwrap_err().to_string(), "expected an id, found an incompatible value");
        assert_eq!(reading.location(), "task.tags[3]");
        assert_eq!(reading.into_mismatches()[0].path, "task.config.kind");
    }

    #[test]
    fn mismatches_and_memory_have_a_limit() {
        let reading = Reading::traced(b"12345678");
        (0..1000).for_each(|_| reading.cx().note("a", "b"));
        assert!(reading.cx().charge::<Failure>(MEMORY_BASE + 64).is_ok());
        assert!(reading.cx().charge::<Failure>(1).is_err());
        let mismatches = reading.into_mismatches();
        assert_eq!((mismatches.len(), &*mismatches[MAX_MISMATCHES].found), (MAX_MISMATCHES + 1, "800 more mismatches"));
    }
}

//! What the reading of a response knows: where it is, what it found, and how much memory it may still use.
//!
//! A location is a chain of [`Frame`]s on the stack. A key costs no more than storing its index: the location becomes text only for a
//! mismatch that is reported, and for a failure.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use serde::de::Error;

use crate::model::property::Property;

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

/// The reading of a body.
pub(crate) struct Reading {
    memory: Cell<usize>,
    nested: Cell<u8>,
    /// What the last mismatch was; `None` while everything matches.
    found: Cell<Option<&'static str>>,
    /// The mismatches, if they are reported, and how many more there are.
    mismatches: Option<RefCell<(Vec<Mismatch>, usize)>>,
    /// The innermost location of a failure.
    failure: Cell<Option<String>>,
}

/// A value that does not match the spec.
#[derive(Debug, PartialEq)]
pub(crate) struct Mismatch {
    pub(crate) path: String,
    pub(crate) expected: Cow<'static, str>,
    pub(crate) found: Cow<'static, str>,
}

/// A step of a location below the one before.
pub(crate) struct Frame<'p> {
    reading: &'p Reading,
    parent: Option<&'p Frame<'p>>,
    step: Step<'p>,
    /// The index of the item, or of the property among its keys.
    at: Cell<usize>,
}

pub(crate) enum Step<'p> {
    /// The whole body.
    Root,
    Key(&'static str),
    /// A key that the spec does not have.
    Unknown(&'p str),
    /// A property of an object, one after the other.
    Property(&'static [Property]),
    /// An item of an array, one after the other.
    Item,
}

impl Reading {
    pub(crate) fn new(body: &[u8]) -> Self {
        let memory = body.len().saturating_mul(MEMORY_FACTOR).saturating_add(MEMORY_BASE);
        Self {
            memory: Cell::new(memory),
            nested: Cell::new(0),
            found: Cell::new(None),
            mismatches: None,
            failure: Cell::default(),
        }
    }

    /// Keeps the mismatches.
    pub(crate) fn watched(body: &[u8]) -> Self {
        Self { mismatches: Some(RefCell::default()), ..Self::new(body) }
    }

    pub(crate) fn root(&self) -> Frame<'_> {
        Frame { reading: self, parent: None, step: Step::Root, at: Cell::default() }
    }

    pub(crate) fn has_mismatch(&self) -> bool {
        self.found.get().is_some()
    }

    /// Returns the location of the failure; empty for the whole body.
    pub(crate) fn take_failure(&self) -> String {
        self.failure.take().unwrap_or_default()
    }

    /// The mismatches in their order, and a last entry that counts those that were left out.
    pub(crate) fn into_mismatches(self) -> Vec<Mismatch> {
        let (mut mismatches, omitted) = self.mismatches.map(RefCell::into_inner).unwrap_or_default();
        if omitted > 0 {
            let (expected, found) = ("no more mismatches".into(), format!("{omitted} more mismatches").into());
            mismatches.push(Mismatch { path: String::new(), expected, found });
        }
        mismatches
    }

    #[cold]
    fn push(&self, path: impl FnOnce() -> String, expected: &'static str, found: &'static str) {
        let Some(mismatches) = &self.mismatches else { return };
        let (mismatches, omitted) = &mut *mismatches.borrow_mut();
        if mismatches.len() == MAX_MISMATCHES {
            *omitted += 1;
        } else {
            mismatches.push(Mismatch { path: path(), expected: expected.into(), found: found.into() });
        }
    }
}

impl Mismatch {
    /// Whether the decoded value does not show what was found. Unknown properties and values are kept unchanged.
    pub(crate) fn loses_something(&self) -> bool {
        self.expected != NO_SUCH_PROPERTY && self.found != UNKNOWN_VALUE
    }
}

impl Frame<'_> {
    #[inline]
    pub(crate) fn cx(&self) -> Cx<'_> {
        Cx(self)
    }

    /// Moves to another property or item.
    #[inline]
    pub(crate) fn move_to(&self, at: usize) {
        self.at.set(at);
    }

    #[inline]
    pub(crate) fn at(&self) -> usize {
        self.at.get()
    }

    /// Keeps the location of a failure, unless it came from further inside.
    #[cold]
    pub(crate) fn fail(&self) {
        let location = self.reading.failure.take().unwrap_or_else(|| self.location());
        self.reading.failure.set(Some(location));
    }

    fn location(&self) -> String {
        let mut path = self.parent.map(Frame::location).unwrap_or_default();
        let key = match &self.step {
            Step::Root => return path,
            Step::Item => {
                return path + &format!("[{}]", self.at.get());
            }
            Step::Key(key) => Cow::Borrowed(*key),
            Step::Property(properties) => Cow::Borrowed(properties[self.at.get()].key),
            Step::Unknown(key) => Cow::Owned(printable(key)),
        };
        if !path.is_empty() {
            path.push('.');
        }
        path + &key
    }
}

/// A handle of the current location, which every reader passes on.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'c>(&'c Frame<'c>);

impl<'c> Cx<'c> {
    /// The frame of the steps that follow.
    #[inline]
    pub(crate) fn frame(self, step: Step<'c>) -> Frame<'c> {
        Frame { reading: self.0.reading, parent: Some(self.0), step, at: Cell::new(0) }
    }

    /// Records that a value does not match the spec.
    #[inline]
    pub(crate) fn note(self, expected: &'static str, found: &'static str) {
        let reading = self.0.reading;
        reading.found.set(Some(found));
        if reading.mismatches.is_some() {
            reading.push(|| self.0.location(), expected, found);
        }
    }

    /// Records a mismatch of a property of the current object.
    #[cold]
    pub(crate) fn note_at(self, step: Step<'_>, expected: &'static str, found: &'static str) {
        self.frame(step).cx().note(expected, found);
    }

    /// Reads something at a location.
    #[inline]
    pub(crate) fn at<T, E>(self, step: Step<'_>, read: impl FnOnce(Cx<'_>) -> Result<T, E>) -> Result<T, E> {
        let frame = self.frame(step);
        let result = read(frame.cx());
        if result.is_err() {
            frame.fail();
        }
        result
    }

    /// Reads something whose failure is tolerated.
    pub(crate) fn attempt<T, E>(self, expected: &'static str, read: impl FnOnce() -> Result<T, E>) -> Option<T> {
        read().inspect_err(|_| drop(self.tolerate(expected, "an incompatible value"))).ok()
    }

    /// Records a failure as a mismatch, and returns its location.
    #[cold]
    pub(crate) fn tolerate(self, expected: &'static str, found: &'static str) -> String {
        self.0.fail();
        let (reading, location) = (self.0.reading, self.0.reading.take_failure());
        reading.found.set(Some(found));
        reading.push(|| location.clone(), expected, found);
        location
    }

    /// Reads a piece of JSON text inside another. `None` if there are too many inside each other already.
    pub(crate) fn nest<T>(self, read: impl FnOnce() -> T) -> Option<T> {
        let nested = &self.0.reading.nested;
        let depth = nested.get();
        if depth == MAX_NESTED_READINGS {
            return None;
        }
        nested.set(depth + 1);
        let result = read();
        nested.set(depth);
        Some(result)
    }

    /// The error for a value that cannot be read, as the last mismatch describes it.
    #[cold]
    pub(crate) fn error<E: Error>(self, expected: &'static str) -> E {
        let found = self.0.reading.found.get().unwrap_or("an incompatible type");
        E::custom(format_args!("expected {expected}, found {found}"))
    }

    /// Takes memory from what the body may use.
    #[inline]
    pub(crate) fn charge<E: Error>(self, bytes: usize) -> Result<(), E> {
        let memory = &self.0.reading.memory;
        match memory.get().checked_sub(bytes) {
            Some(rest) => {
                memory.set(rest);
                Ok(())
            }
            None => Err(E::custom(EXHAUSTED)),
        }
    }
}

/// The name of an unknown property, without control characters and not longer than a name is.
fn printable(key: &str) -> String {
    const MAX_CHARS: usize = 64;
    let mut name: String = key.chars().take(MAX_CHARS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if key.chars().nth(MAX_CHARS).is_some() {
        name.push('…');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    type Failure = serde::de::value::Error;

    #[test]
    fn the_location_of_a_failure_is_the_innermost_that_is_not_tolerated() {
        const PROPERTIES: &[Property] = &[Property::new("id"), Property::new("tags")];
        let reading = Reading::watched(b"");
        let fail = |cx: Cx<'_>| Err::<(), _>(cx.error::<Failure>("an id"));
        let result = reading.root().cx().at(Step::Key("task"), |cx| {
            cx.at(Step::Key("config"), |cx| {
                cx.attempt("a value", || cx.at(Step::Unknown("ki\nnd"), fail));
                Ok::<(), Failure>(())
            })?;
            cx.at(Step::Property(PROPERTIES), |cx| {
                cx.0.move_to(1);
                cx.at(Step::Item, |cx| {
                    cx.0.move_to(3);
                    fail(cx)
                })
            })
        });
        assert_eq!(result.unwrap_err().to_string(), "expected an id, found an incompatible value");
        assert_eq!(reading.take_failure(), "task.tags[3]");
        assert_eq!(reading.into_mismatches()[0].path, "task.config.ki\u{fffd}nd");
    }

    #[test]
    fn mismatches_and_memory_have_a_limit() {
        let reading = Reading::watched(b"12345678");
        let (root, long) = (reading.root(), "x".repeat(65));
        (0..1000).for_each(|_| root.cx().note_at(Step::Unknown(&long), "a", "b"));
        assert!(root.cx().charge::<Failure>(MEMORY_BASE + 64).is_ok());
        assert!(root.cx().charge::<Failure>(1).is_err());
        let mismatches = reading.into_mismatches();
        assert_eq!(mismatches[0].path, format!("{}…", "x".repeat(64)));
        assert_eq!((mismatches.len(), &*mismatches[MAX_MISMATCHES].found), (MAX_MISMATCHES + 1, "800 more mismatches"));
    }
}

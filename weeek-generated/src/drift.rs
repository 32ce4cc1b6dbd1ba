//! What had to be tolerated in an answer, told to whoever asks.
//!
//! Where a hook is set, an answer that was decoded is gone through once more, with a deserializer that knows where it is
//! and compares what each type expects with what stands there. So is one that could not be decoded, to find the place. Otherwise
//! nothing of this runs.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Expected, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::{Error, Value};

use crate::answer::Raw;
use crate::operation::Operation;

/// A place where an answer departs from the contract, although the client could read it.
///
/// Told are a value of another kind or form, a required property that is missing or null, a property that nobody knows, and
/// an enumeration's new value. The value itself is never told, so that a drift can be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// The operation that was answered.
    pub operation: &'static Operation,
    /// Where in the answer, such as `tasks[3].dueDate`.
    pub path: String,
    /// What should stand there.
    pub expected: String,
    /// What kind of value stands there.
    pub got: &'static str,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, path, expected, got } = self;
        write!(f, "{}: at {path}: expected {expected}, got {got}", operation.id())
    }
}

/// Whoever is to be told.
#[derive(Clone)]
pub(crate) struct Hook(Arc<dyn Fn(&Drift) + Send + Sync>);

impl Hook {
    pub(crate) fn new(hook: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hook))
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

thread_local! {
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
    /// Whether there is a watch. It needs no destructor, so asking costs next to nothing, and every object asks.
    static WATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Decoding is synchronous, so where it stands can be kept beside the types that are decoded.
#[derive(Default)]
struct Watch {
    path: Vec<Segment>,
    found: Vec<Found>,
    /// The keys of the object that was read last, and whether null stood there.
    object: Vec<(String, bool)>,
    /// Where reading failed.
    failed: Option<String>,
}

enum Segment {
    Key(String),
    Index(usize),
}

struct Found {
    path: String,
    expected: String,
    got: &'static str,
}

/// Reads an answer once more and tells its hook, where it has one, what had to be tolerated.
pub(crate) fn tell(raw: &Raw, seed: impl for<'de> DeserializeSeed<'de>) {
    if raw.drift.is_none() {
        return;
    }
    if let Ok(answer) = json(raw) {
        report(raw, watch(&answer, seed));
    }
}

/// Reads an answer once more and says where it can't be read, if that is not at its very top.
pub(crate) fn failure(raw: &Raw, seed: impl for<'de> DeserializeSeed<'de>) -> Option<String> {
    json(raw).map_or_else(|place| place, |answer| watch(&answer, seed).failed)
}

/// The answer, or the place where it is no JSON.
fn json(raw: &Raw) -> Result<Value, Option<String>> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(&raw.body))
        .map_err(|error| Some(error.path().to_string()).filter(|path| path != "."))
}

fn report(raw: &Raw, watch: Watch) {
    let Some(Hook(hook)) = &raw.drift else { return };
    // The envelope's flag is no property of an answer that has its properties beside it.
    for Found { path, expected, got } in watch.found.into_iter().filter(|found| found.path != "success") {
        hook(&Drift { operation: raw.operation, path, expected, got });
    }
}

fn watch<'v>(answer: &'v Value, seed: impl DeserializeSeed<'v>) -> Watch {
    WATCH.set(Some(Watch::default()));
    WATCHING.set(true);
    let _ = seed.deserialize(Watched(answer));
    WATCHING.set(false);
    WATCH.take().unwrap_or_default()
}

/// Whether somebody watches what is decoded right now.
pub(crate) fn watching() -> bool {
    WATCHING.get()
}

/// Tells that the value here is none that this version knows.
pub(crate) fn unknown(ty: &str) {
    with(&mut |watch| watch.note(None, format!("a known {ty}"), "another value"));
}

/// Tells which required properties the object that was just read lacks.
#[inline]
pub(crate) fn required(names: &[&str]) {
    with(&mut |watch| {
        for name in names {
            match watch.object.iter().find(|(key, _)| key == name) {
                Some((_, false)) => {}
                Some((_, true)) => watch.note(Some(name), "a value".to_owned(), "null"),
                None => watch.note(Some(name), "a value".to_owned(), "nothing"),
            }
        }
    });
}

/// Reads what stands in the property `name`, apart from the object around it.
pub(crate) fn within<T>(name: &str, read: impl FnOnce() -> T) -> T {
    if !watching() {
        return read();
    }
    enter(&mut || Segment::Key(name.to_owned()));
    let value = read();
    leave(false);
    value
}

/// The same, where it may fail to be read.
pub(crate) fn try_within<T, E>(name: &str, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    step(&mut || Segment::Key(name.to_owned()), read)
}

fn step<T, E>(segment: &mut dyn FnMut() -> Segment, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    enter(segment);
    let value = read();
    leave(value.is_err());
    value
}

fn enter(segment: &mut dyn FnMut() -> Segment) {
    with(&mut |watch| watch.path.push(segment()));
}

fn leave(has_failed: bool) {
    with(&mut |watch| {
        // What failed inside of a value that could be read was tolerated.
        let inner = watch.failed.take().filter(|_| has_failed);
        watch.failed = inner.or_else(|| has_failed.then(|| watch.place(None)));
        watch.path.pop();
    });
}

/// Every object and every value asks whether somebody watches, so that is done in place, and there is but one copy of the rest.
#[inline]
fn with(work: &mut dyn FnMut(&mut Watch)) {
    if watching() {
        WATCH.with_borrow_mut(|watch| watch.as_mut().map(work));
    }
}

impl Watch {
    /// Notes a departure here or in the property `name` here, unless all that is here was noted already.
    fn note(&mut self, name: Option<&str>, expected: String, got: &'static str) {
        let path = self.place(name);
        let inside = |found: &Found| path.strip_prefix(&found.path).is_some_and(|rest| rest.starts_with(['.', '[']));
        if !self.found.iter().any(inside) {
            self.found.push(Found { path, expected, got });
        }
    }

    fn place(&self, name: Option<&str>) -> String {
        let keys = self.path.iter().map(|segment| match segment {
            Segment::Index(at) => format!("[{at}]"),
            Segment::Key(key) => format!(".{key}"),
        });
        let text: String = keys.chain(name.map(|name| format!(".{name}"))).collect();
        text.strip_prefix('.').unwrap_or(&text).to_owned()
    }
}

fn compare(expected: &dyn Expected, value: &Value) {
    let expected = expected.to_string();
    if let Some(got) = departure(&expected, value) {
        with(&mut |watch| watch.note(None, expected.clone(), got));
    }
}

/// Whether `value` is what a type calls `expected`, and what it is if not. Null is asked for by [`required`].
fn departure(expected: &str, value: &Value) -> Option<&'static str> {
    let text = value.as_str();
    let fits = match expected {
        "a boolean" => value.is_boolean(),
        "an integer" => value.is_i64() || value.is_u64(),
        "a number" => value.is_number(),
        "a text" => value.is_string(),
        "a date" => text.is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok()),
        "an instant" => text.is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()),
        "a list" => value.is_array(),
        "an object" => value.is_object(),
        _ => true,
    };
    (!fits && !value.is_null()).then(|| match value {
        Value::String(text) if text.is_empty() => "an empty text",
        Value::String(_) if matches!(expected, "a date" | "an instant") => "a text of another form",
        value => kind(value),
    })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// JSON that is watched while a type reads it.
#[derive(Clone, Copy)]
pub(crate) struct Watched<'v>(pub(crate) &'v Value);

impl<'de> Deserializer<'de> for Watched<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if watching() {
            compare(&visitor, self.0);
        }
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items { items: items.iter(), at: 0 }),
            Value::Object(entries) => visitor.visit_map(Entries { object: entries, rest: entries.iter(), value: None }),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Number(number) => number.deserialize_any(visitor),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Null => visitor.visit_unit(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Types ignore only what they don't know.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        with(&mut |watch| watch.note(None, "no such property".to_owned(), kind(self.0)));
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier
    }
}

struct Items<'v> {
    items: std::slice::Iter<'v, Value>,
    at: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let at = self.at;
        self.at += 1;
        step(&mut || Segment::Index(at), || seed.deserialize(Watched(item))).map(Some)
    }
}

struct Entries<'v> {
    object: &'v serde_json::Map<String, Value>,
    rest: serde_json::map::Iter<'v>,
    value: Option<(&'v String, &'v Value)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.value = self.rest.next();
        let Some((key, _)) = self.value else {
            let keys = || self.object.iter().map(|(key, value)| (key.clone(), value.is_null())).collect();
            with(&mut |watch| watch.object = keys());
            return Ok(None);
        };
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let Some((key, value)) = self.value.take() else {
            return Err(serde::de::Error::custom("a value was asked for before its key"));
        };
        try_within(key, || seed.deserialize(Watched(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_failure_is_the_innermost_that_was_not_tolerated() {
        WATCH.set(Some(Watch::default()));
        WATCHING.set(true);
        let fails = || Err::<(), ()>(());
        let read = try_within("task", || {
            try_within("config", || Ok::<_, ()>(try_within("kind", fails).is_ok()))?;
            try_within("tags", || step(&mut || Segment::Index(3), fails))
        });
        WATCHING.set(false);
        assert!(read.is_err());
        assert_eq!(WATCH.take().unwrap().failed.as_deref(), Some("task.tags[3]"));
    }
}

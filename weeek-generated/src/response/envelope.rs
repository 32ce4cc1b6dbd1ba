//! Decodes responses. Only this module knows the envelope, `{"success": true, "task": {…}, "hasMore": false}`.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::RawResponse;
use super::context::{Cx, Mismatch, Reading, Segment};
use super::drift::{self, Drift};
use super::json::repair;
use super::lenient::{Atom, Lenient, LenientSeed, Read, read_raw, reason};
use super::list::{PageItems, RawItems};
use super::object::{NO_SUCH_PROPERTY, kind};
use crate::error::{Error, Result};

type Json<'de> = serde_json::Deserializer<serde_json::de::SliceRead<'de>>;

/// Decodes a response without data: no body, `{"success": true}`, or what PHP makes of nothing: `[]`, `null`, `true`.
pub(crate) fn decode_unit(raw: &RawResponse) -> Result<()> {
    if raw.is_blank() {
        return Ok(());
    }
    decode_envelope::<NoItem>(raw, |seed| seed.bare()).map(drop)
}

/// Decodes the item of the envelope, or the body itself where the envelope is missing.
pub(crate) fn decode_item<T: Lenient>(raw: &RawResponse) -> Result<T> {
    match decode_optional(raw, true)? {
        Some(item) => Ok(item),
        None => T::missing().filter(|_| T::KEYS.is_empty()).ok_or_else(|| missing_item(raw)),
    }
}

/// Decodes the item of the envelope, if it is there.
pub(crate) fn decode_optional_item<T: Lenient>(raw: &RawResponse) -> Result<Option<T>> {
    decode_optional(raw, false)
}

/// `None` is an item that is null. Where its key is missing, the body may be the item.
fn decode_optional<T: Lenient>(raw: &RawResponse, is_required: bool) -> Result<Option<T>> {
    let envelope = decode_envelope::<T>(raw, |seed| seed.required(is_required))?;
    match envelope.item {
        Item::Value(item) => Ok(Some(item)),
        Item::Null => Ok(None),
        Item::Absent if envelope.has_id && T::KEYS.contains(&"id") => decode_body(raw).map(Some),
        Item::Absent if is_required => Err(missing_item(raw)),
        Item::Absent => Ok(None),
    }
}

/// Decodes a page of a list. An item that cannot be read is set apart and does not lose the page.
pub(crate) fn decode_page<T: Lenient>(raw: &RawResponse) -> Result<DecodedPage<T>> {
    let whole = decode_envelope::<PageItems<T>>(raw, |seed| seed.required(true));
    let page = |items, sent, has_more| DecodedPage { items, sent, has_more, unreadable: Vec::new() };
    match whole {
        Ok(Envelope { item: Item::Value(PageItems { items, sent }), has_more, .. }) => Ok(page(items, sent, has_more)),
        Ok(Envelope { item: Item::Null, has_more, .. }) => Ok(page(Vec::new(), 0, has_more)),
        Ok(_) => Err(missing_item(raw)),
        Err(error) if error.is_decode() => decode_page_by_item(raw).map_err(|_| error),
        Err(error) => Err(error),
    }
}

/// Decodes each item of a page on its own.
fn decode_page_by_item<T: Lenient>(raw: &RawResponse) -> Result<DecodedPage<T>> {
    let envelope = decode_envelope::<RawItems>(raw, |seed| seed.required(true))?;
    let Item::Value(RawItems(sent)) = envelope.item else { return Err(missing_item(raw)) };
    let reading = Reading::traced(&raw.body);
    let (cx, key) = (reading.cx(), raw.operation.item_key().unwrap_or_default());
    let (mut items, mut unreadable) = (Vec::new(), Vec::new());
    for (at, item) in sent.iter().enumerate() {
        let read =
            cx.isolate(Segment::Key(key), Segment::Index(at), || match read_raw::<T, serde_json::Error>(cx, item)? {
                Read::Value(value) => {
                    cx.charge(size_of::<T>())?;
                    Ok(Some(value))
                }
                Read::Null | Read::Empty => {
                    cx.note(T::EXPECTED, "null");
                    Ok(None)
                }
                Read::Misfit => Err(cx.error(T::EXPECTED)),
            });
        match read {
            Ok(value) => items.extend(value),
            Err((json_path, error)) => {
                unreadable.push(UnreadableItem { json_path, reason: reason(&error), json: item.get().to_owned() });
            }
        }
    }
    report(raw, reading);
    Ok(DecodedPage { items, sent: sent.len(), has_more: envelope.has_more, unreadable })
}

/// A page as it came.
pub(crate) struct DecodedPage<T> {
    pub(crate) items: Vec<T>,
    pub(crate) sent: usize,
    pub(crate) has_more: Option<bool>,
    pub(crate) unreadable: Vec<UnreadableItem>,
}

/// An item of a page that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableItem {
    /// The location of the value that cannot be read, such as `tasks[3].id`.
    pub json_path: String,
    /// Why it cannot be read.
    pub reason: String,
    /// The item as it came.
    pub json: String,
}

/// Decodes a body without an envelope.
pub(crate) fn decode_body<T: Lenient>(raw: &RawResponse) -> Result<T> {
    decode_envelope::<NoItem>(raw, |seed| seed.silent())?;
    let read = |cx: Cx<'_>, json: &mut Json<'_>| {
        if raw.operation.item_key().is_some() {
            cx.note("an envelope", "an item without one");
        }
        match T::read(cx, json)? {
            Read::Value(value) => Ok(value),
            Read::Null | Read::Empty | Read::Misfit => Err(cx.error(T::EXPECTED)),
        }
    };
    decode(raw, read, |_| Outcome::Success)
}

/// Decodes the whole body into a type of the caller.
pub(crate) fn decode_raw<T: DeserializeOwned>(raw: &RawResponse) -> Result<T> {
    if raw.is_blank() {
        return serde_json::from_str("null")
            .map_err(|error| Error::decode(raw, None, format!("the body is empty: {error}")));
    }
    let body = raw.json();
    let mut json = serde_json::Deserializer::from_slice(body);
    let probe = EnvelopeSeed::<NoItem>::new(raw, Reading::new(body).cx()).bare().deserialize(&mut json);
    if probe.is_ok_and(|envelope| envelope.is_failure) {
        return Err(Error::api(raw));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        Error::decode(raw, Some(path).filter(|path| path != "."), reason(error.inner()))
    })
}

fn missing_item(raw: &RawResponse) -> Error {
    match raw.operation.item_key() {
        Some(key) => Error::decode(raw, None, format!("the response has no `{key}`")),
        None => Error::decode(raw, None, "the response is empty"),
    }
}

impl RawResponse {
    /// The body without a byte order mark.
    pub(super) fn json(&self) -> &[u8] {
        self.body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.body)
    }

    fn is_blank(&self) -> bool {
        self.json().iter().all(u8::is_ascii_whitespace)
    }
}

/// Opens the envelope. A response that says it failed is an API error, whatever its status.
fn decode_envelope<T: Lenient>(
    raw: &RawResponse,
    configure: impl Fn(EnvelopeSeed<'_, T>) -> EnvelopeSeed<'_, T>,
) -> Result<Envelope<T>> {
    let read = |cx: Cx<'_>, json: &mut Json<'_>| configure(EnvelopeSeed::new(raw, cx)).deserialize(json);
    decode(raw, read, |envelope| match envelope.item {
        _ if envelope.is_failure => Outcome::Failure,
        Item::Absent if envelope.has_id => Outcome::Bare,
        _ => Outcome::Success,
    })
}

/// What a body turns out to be.
#[derive(PartialEq)]
enum Outcome {
    Success,
    /// The API reports a failure.
    Failure,
    /// The envelope may be missing. Another reading will tell, and report mismatches.
    Bare,
}

/// Reads the body. Where that fails, or meets a mismatch that somebody wants reported, the body is read again to learn the location.
fn decode<V>(
    raw: &RawResponse,
    read: impl Fn(Cx<'_>, &mut Json<'_>) -> serde_json::Result<V>,
    outcome: impl Fn(&V) -> Outcome,
) -> Result<V> {
    let body = raw.json();
    let reading = Reading::new(body);
    let mut json = serde_json::Deserializer::from_slice(body);
    let first = read(reading.cx(), &mut json);
    let is_clean = !reading.has_mismatch() && json.end().is_ok();
    let repaired = match first {
        Ok(value) if outcome(&value) == Outcome::Failure => return Err(Error::api(raw)),
        Ok(value) if is_clean || outcome(&value) == Outcome::Bare || !drift::is_watched(raw.drift.as_ref()) => {
            return Ok(value);
        }
        Ok(_) => None,
        Err(_) => repair(body),
    };
    let reading = Reading::traced(body);
    let mut json = serde_json::Deserializer::from_slice(repaired.as_deref().unwrap_or(body));
    match read(reading.cx(), &mut json) {
        Ok(value) if outcome(&value) == Outcome::Failure => Err(Error::api(raw)),
        Ok(value) => {
            if repaired.is_some() {
                reading.cx().note("valid JSON", "a character or number that JSON cannot hold");
            }
            if json.end().is_err() {
                reading.cx().note("one value", "more text after it");
            }
            report(raw, reading);
            Ok(value)
        }
        Err(error) => {
            let location = Some(reading.location()).filter(|location| !location.is_empty());
            Err(Error::decode(raw, location, reason(&error)))
        }
    }
}

fn report(raw: &RawResponse, reading: Reading) {
    if !drift::is_watched(raw.drift.as_ref()) {
        return;
    }
    let mismatches = reading.into_mismatches().into_iter();
    // A body without an envelope has the flag among its properties.
    let is_flag = |mismatch: &Mismatch| mismatch.path == "success" && mismatch.expected == NO_SUCH_PROPERTY;
    for Mismatch { path, expected, found } in mismatches.filter(|mismatch| !is_flag(mismatch)) {
        drift::report(raw.drift.as_ref(), &Drift { operation: raw.operation, json_path: path, expected, found });
    }
}

struct Envelope<T> {
    item: Item<T>,
    has_more: Option<bool>,
    is_failure: bool,
    /// Whether the body has an id of its own, as an item without its envelope has.
    has_id: bool,
}

enum Item<T> {
    Value(T),
    Null,
    /// A response without the key is of another form, and not an empty list.
    Absent,
}

/// How a body is opened.
struct EnvelopeSeed<'c, T> {
    cx: Cx<'c>,
    item: Option<&'static str>,
    has_more: Option<&'static str>,
    has_success: bool,
    is_required: bool,
    /// Whether a body that is no object may stand for success.
    is_bare: bool,
    /// Whether unknown properties are left to another reading.
    is_silent: bool,
    ty: PhantomData<T>,
}

impl<'c, T> EnvelopeSeed<'c, T> {
    fn new(raw: &RawResponse, cx: Cx<'c>) -> Self {
        let operation = raw.operation;
        Self {
            cx,
            item: operation.item_key(),
            has_more: operation.pagination().and_then(|pagination| pagination.has_more),
            has_success: operation.has_success(),
            is_required: false,
            is_bare: false,
            is_silent: false,
            ty: PhantomData,
        }
    }

    fn required(self, is_required: bool) -> Self {
        Self { is_required, ..self }
    }

    fn bare(self) -> Self {
        Self { is_bare: true, ..self }
    }

    fn silent(self) -> Self {
        Self { is_silent: true, is_bare: true, ..self }
    }
}

impl<'de, T: Lenient> DeserializeSeed<'de> for EnvelopeSeed<'_, T> {
    type Value = Envelope<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<T> Envelope<T> {
    fn new(is_failure: bool) -> Self {
        Self { item: Item::Absent, has_more: None, is_failure, has_id: false }
    }
}

impl<T: Lenient> EnvelopeSeed<'_, T> {
    /// A body that is no object: only a call without data accepts what stands for success or failure.
    fn other<E: serde::de::Error>(
        self,
        found: &'static str,
        success: Option<bool>,
    ) -> std::result::Result<Envelope<T>, E> {
        self.cx.note("an object", found);
        match success {
            Some(success) if self.is_bare => Ok(Envelope::new(!success)),
            _ => Err(self.cx.error("an object")),
        }
    }

    fn atom<E: serde::de::Error>(self, atom: Atom<'_>) -> std::result::Result<Envelope<T>, E> {
        let success = if let Atom::Bool(success) = atom { Some(success) } else { None };
        self.other(atom.kind(), success)
    }
}

impl<'de, T: Lenient> Visitor<'de> for EnvelopeSeed<'_, T> {
    type Value = Envelope<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> std::result::Result<Self::Value, E> {
        self.atom(Atom::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> std::result::Result<Self::Value, E> {
        self.atom(Atom::Integer(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> std::result::Result<Self::Value, E> {
        self.atom(Atom::Large(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> std::result::Result<Self::Value, E> {
        self.atom(Atom::Float(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> std::result::Result<Self::Value, E> {
        self.atom(Atom::Str(value))
    }

    fn visit_unit<E: serde::de::Error>(self) -> std::result::Result<Self::Value, E> {
        self.other("null", Some(true))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Self::Value, A::Error> {
        let is_empty = list.next_element::<IgnoredAny>()?.is_none();
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.other("an array", is_empty.then_some(true))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
        let (cx, mut envelope) = (self.cx, Envelope::new(false));
        let (mut has_success, mut has_more_flag) = (false, false);
        while let Some(key) = map.next_key_seed(FieldSeed { item: self.item, has_more: self.has_more })? {
            match key {
                Field::Item(key) if matches!(envelope.item, Item::Absent) => {
                    envelope.item =
                        cx.at(|| Segment::Key(key), || read_item(cx, map.next_value_seed(LenientSeed::new(cx))?))?;
                }
                Field::HasMore(key) if !has_more_flag => {
                    has_more_flag = true;
                    envelope.has_more = cx.at(
                        || Segment::Key(key),
                        || {
                            let read = map.next_value_seed(LenientSeed::<bool>::new(cx))?;
                            if matches!(read, Read::Null) {
                                cx.note(bool::EXPECTED, "null");
                            }
                            Ok(read.value())
                        },
                    )?;
                }
                Field::Success if !has_success => {
                    has_success = true;
                    envelope.is_failure = cx.at(|| Segment::Key("success"), || read_success(cx, map.next_value()?))?;
                }
                Field::Other(key) => {
                    let value: &'de RawValue = map.next_value()?;
                    envelope.has_id |= key == "id";
                    if !self.is_silent {
                        cx.note_at(Segment::unknown(&key), NO_SUCH_PROPERTY, kind(value));
                    }
                }
                Field::Item(_) | Field::HasMore(_) | Field::Success => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let is_whole = !self.is_silent && !envelope.is_failure;
        if let (Some(key), Item::Absent, true) = (self.item, &envelope.item, self.is_required && is_whole) {
            cx.note_at(Segment::Key(key), T::EXPECTED, "nothing");
        }
        if let (Some(key), false, true) = (self.has_more, has_more_flag, is_whole) {
            cx.note_at(Segment::Key(key), bool::EXPECTED, "nothing");
        }
        if self.has_success && !has_success && is_whole {
            cx.note_at(Segment::Key("success"), bool::EXPECTED, "nothing");
        }
        Ok(envelope)
    }
}

fn read_item<T: Lenient, E: serde::de::Error>(cx: Cx<'_>, read: Read<T>) -> std::result::Result<Item<T>, E> {
    match read {
        Read::Value(item) => Ok(Item::Value(item)),
        Read::Null | Read::Empty => {
            cx.note(T::EXPECTED, "null");
            Ok(Item::Null)
        }
        Read::Misfit => T::unreadable().map(Item::Value).ok_or_else(|| cx.error(T::EXPECTED)),
    }
}

/// Returns whether the flag says that the call failed. An odd flag says nothing.
fn read_success<E>(cx: Cx<'_>, raw: &RawValue) -> std::result::Result<bool, E> {
    let text = raw.get();
    if text != "true" && text != "false" {
        cx.note(bool::EXPECTED, kind(raw));
    }
    Ok(matches!(text.trim_matches('"'), "false" | "0" | "no" | "0.0") && !text.starts_with(['[', '{']))
}

enum Field {
    Item(&'static str),
    HasMore(&'static str),
    Success,
    Other(String),
}

struct FieldSeed {
    item: Option<&'static str>,
    has_more: Option<&'static str>,
}

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = Field;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Field, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for FieldSeed {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> std::result::Result<Field, E> {
        Ok(match (self.item, self.has_more) {
            // The published spec has the second spelling in places.
            _ if key == "success" || key == "sucess" => Field::Success,
            (Some(item), _) if key == item => Field::Item(item),
            (_, Some(has_more)) if key == has_more => Field::HasMore(has_more),
            _ => Field::Other(key.to_owned()),
        })
    }
}

/// Stands for an item where none is looked for.
struct NoItem;

impl Lenient for NoItem {
    const EXPECTED: &'static str = "a value";

    fn read<'de, D: Deserializer<'de>>(_: Cx<'_>, deserializer: D) -> std::result::Result<Read<Self>, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Read::Value(Self))
    }
}

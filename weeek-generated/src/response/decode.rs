//! Decodes responses into values.

use serde::de::{DeserializeOwned, DeserializeSeed as _};
use serde_json::value::RawValue;

use super::RawResponse;
use super::context::{Cx, EXHAUSTED, Mismatch, NO_SUCH_PROPERTY, Reading, Step};
use super::drift::{self, Drift};
use super::envelope::{Envelope, EnvelopeSeed, Item, NoItem, Opening};
use super::json::repair;
use super::lenient::{Lenient, UNKNOWN, read_raw, reason};
use super::list::{PageItems, RawItems};
use crate::error::{Error, Result};

type Json<'de> = serde_json::Deserializer<serde_json::de::StrRead<'de>>;

/// Decodes a response without data: no body, `{"success": true}`, or what PHP makes of nothing: `[]`, `null`, `true`.
pub(crate) fn decode_unit(raw: &RawResponse) -> Result<()> {
    if raw.is_blank() {
        if raw.operation.has_success() {
            let reading = Reading::watched(&raw.body);
            reading.root().cx().note("an envelope", "an empty body");
            report(raw, reading);
        }
        return Ok(());
    }
    decode_envelope::<NoItem>(raw, Opening::Unit).map(drop)
}

/// Decodes the item of the envelope, or the body itself where the envelope is missing.
pub(crate) fn decode_item<T: Lenient>(raw: &RawResponse) -> Result<T> {
    match decode_optional(raw, true)? {
        Some(item) => Ok(item),
        None => T::missing().filter(|_| T::PROPERTIES.is_empty()).ok_or_else(|| missing_item(raw)),
    }
}

/// Decodes the item of the envelope, if it is there.
pub(crate) fn decode_optional_item<T: Lenient>(raw: &RawResponse) -> Result<Option<T>> {
    decode_optional(raw, false)
}

/// `None` is an item that is null. Where its key is missing, the body may be the item.
fn decode_optional<T: Lenient>(raw: &RawResponse, is_required: bool) -> Result<Option<T>> {
    let envelope = decode_envelope::<T>(raw, if is_required { Opening::Required } else { Opening::Optional })?;
    match envelope.item {
        Item::Value(item) => Ok(Some(item)),
        Item::Absent if envelope.has_id && T::index_of("id") != UNKNOWN => decode_body(raw).map(Some),
        Item::Absent if is_required => Err(missing_item(raw)),
        Item::Null | Item::Absent => Ok(None),
    }
}

/// Decodes a page of a list. An item that cannot be read is set apart and does not lose the page.
pub(crate) fn decode_page<T: Lenient>(raw: &RawResponse) -> Result<DecodedPage<T>> {
    let whole = decode_envelope::<PageItems<T>>(raw, Opening::Required);
    let page = |items, sent, has_more| DecodedPage { items, sent, has_more, unreadable: Vec::new() };
    match whole {
        Ok(Envelope { item: Item::Value(PageItems { items, sent }), has_more, .. }) => Ok(page(items, sent, has_more)),
        Ok(Envelope { item: Item::Null, has_more, .. }) => Ok(page(Vec::new(), 0, has_more)),
        Ok(_) => Err(missing_item(raw)),
        Err(error) if error.is_decode() && error.message() != Some(EXHAUSTED) => {
            decode_page_by_item(raw).map_err(|_| error)
        }
        Err(error) => Err(error),
    }
}

/// Decodes each item of a page on its own.
fn decode_page_by_item<T: Lenient>(raw: &RawResponse) -> Result<DecodedPage<T>> {
    let envelope = decode_envelope::<RawItems>(raw, Opening::Required)?;
    let Item::Value(RawItems(sent)) = envelope.item else { return Err(missing_item(raw)) };
    let reading = new_reading(raw);
    let root = reading.root();
    let list = root.cx().frame(Step::Key(raw.operation.item_key().unwrap_or_default()));
    let item_at = list.cx().frame(Step::Item);
    let cx = item_at.cx();
    let charge =
        |bytes| cx.charge::<serde_json::Error>(bytes).map_err(|error| Error::decode(raw, None, reason(&error)));
    charge(raw.body.len() + sent.len() * RawItems::OVERHEAD)?;
    let (mut items, mut unreadable) = (Vec::new(), Vec::new());
    for (at, item) in sent.iter().enumerate() {
        item_at.move_to(at);
        let read = read_raw::<T, serde_json::Error>(cx, item).and_then(|read| read.into_item(cx));
        match read {
            Ok(value) => {
                charge(size_of::<T>())?;
                items.extend(value);
            }
            Err(error) => {
                let json_path = cx.tolerate("a readable item", "an unreadable one");
                let item = UnreadableItem::new(raw, json_path, &error, item);
                charge(2 * size_of::<UnreadableItem>() + item.json_path.len() + item.reason.len() + item.json.len())?;
                unreadable.push(item);
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
    /// The item as it came, without the token if it is in there.
    pub json: String,
}

impl UnreadableItem {
    /// Like an error, it never contains the token.
    pub(crate) fn new(raw: &RawResponse, json_path: String, error: &serde_json::Error, item: &RawValue) -> Self {
        let [json_path, reason, json] = [json_path, reason(error), item.get().to_owned()].map(|text| raw.redact(text));
        Self { json_path, reason, json }
    }
}

/// Decodes a body without an envelope.
pub(crate) fn decode_body<T: Lenient>(raw: &RawResponse) -> Result<T> {
    decode_envelope::<NoItem>(raw, Opening::Probe)?;
    let read = |cx: Cx<'_>, json: &mut Json<'_>| {
        if raw.operation.item_key().is_some() {
            cx.note("an envelope", "an item without one");
        }
        T::read(cx, json)?.value().ok_or_else(|| cx.error(T::EXPECTED))
    };
    decode(raw, read, |_| Outcome::Success)
}

/// Decodes the whole body into a type of the caller.
pub(crate) fn decode_raw<T: DeserializeOwned>(raw: &RawResponse) -> Result<T> {
    if raw.is_blank() {
        return serde_json::from_str("null")
            .map_err(|error| Error::decode(raw, None, format!("the body is empty: {error}")));
    }
    if is_failure(raw, Opening::Unit) {
        return Err(Error::api(raw));
    }
    let mut json = serde_json::Deserializer::from_slice(raw.json());
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        undecodable(raw, if path == "." { "" } else { &path }, error.inner())
    })
}

/// Whether a response says that it failed, also if its item cannot be decoded.
fn is_failure(raw: &RawResponse, opening: Opening) -> bool {
    let Ok(text) = str::from_utf8(raw.json()) else { return false };
    let (reading, mut json) = (Reading::new(raw.json()), serde_json::Deserializer::from_str(text));
    let root = reading.root();
    let envelope = EnvelopeSeed::<NoItem>::new(raw, root.cx(), opening).deserialize(&mut json);
    envelope.is_ok_and(|envelope| envelope.is_failure)
}

fn undecodable(raw: &RawResponse, location: &str, error: &serde_json::Error) -> Error {
    if raw.json().trim_ascii_start().starts_with(b"<") {
        return Error::decode(raw, None, "the response is HTML or XML, perhaps of a proxy; check the base URL");
    }
    Error::decode(raw, (!location.is_empty()).then(|| location.to_owned()), reason(error))
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

/// Opens the envelope. A response that says it failed is an API error, with any status.
fn decode_envelope<T: Lenient>(raw: &RawResponse, opening: Opening) -> Result<Envelope<T>> {
    let read = |cx: Cx<'_>, json: &mut Json<'_>| EnvelopeSeed::new(raw, cx, opening).deserialize(json);
    decode(raw, read, |envelope| match envelope.item {
        _ if envelope.is_failure => Outcome::Failure,
        Item::Absent if envelope.has_id && (opening == Opening::Probe || T::index_of("id") != UNKNOWN) => Outcome::Bare,
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

/// Reads the body. A body that is nearly JSON is repaired and read again.
fn decode<V>(
    raw: &RawResponse,
    read: impl Fn(Cx<'_>, &mut Json<'_>) -> serde_json::Result<V>,
    outcome: impl Fn(&V) -> Outcome,
) -> Result<V> {
    let body = raw.json();
    let read = |text: &str| {
        let (reading, mut json) = (new_reading(raw), serde_json::Deserializer::from_str(text));
        let value = read(reading.root().cx(), &mut json);
        if value.is_ok() && json.end().is_err() {
            reading.root().cx().note("one value", "more text after it");
        }
        (reading, value)
    };
    let (mut reading, mut value) = match str::from_utf8(body) {
        Ok(text) => read(text),
        Err(error) => (Reading::new(body), Err(serde::de::Error::custom(error))),
    };
    if value.is_err()
        && let Some(text) = repair(body)
    {
        (reading, value) = read(&text);
        reading.root().cx().note("valid JSON", "a character or number that JSON cannot hold");
    }
    let value = value.map_err(|error| {
        if is_failure(raw, Opening::Required) {
            return Error::api(raw);
        }
        undecodable(raw, &reading.take_failure(), &error)
    })?;
    match outcome(&value) {
        Outcome::Failure => return Err(Error::api(raw)),
        Outcome::Success => report(raw, reading),
        Outcome::Bare => {}
    }
    Ok(value)
}

/// A reading that keeps mismatches only if somebody wants them reported.
fn new_reading(raw: &RawResponse) -> Reading {
    let new = if drift::is_watched(raw.drift.as_ref()) { Reading::watched } else { Reading::new };
    new(raw.json())
}

fn report(raw: &RawResponse, reading: Reading) {
    let mismatches = reading.into_mismatches().into_iter();
    // A body without an envelope has the flag among its properties.
    let is_flag = |mismatch: &Mismatch| mismatch.path == "success" && mismatch.expected == NO_SUCH_PROPERTY;
    for Mismatch { path, expected, found } in mismatches.filter(|mismatch| !is_flag(mismatch)) {
        let json_path = raw.redact(path);
        drift::report(raw.drift.as_ref(), &Drift { operation: raw.operation, json_path, expected, found });
    }
}

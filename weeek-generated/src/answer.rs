//! Bytes to values: the envelope is opened here and nowhere else.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, Visitor};

use crate::drift::{self, Hook};
use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::page::Page;
use crate::tolerant::{Maybe, Tolerant};

/// An answer as it came, without its value.
#[derive(Clone)]
pub(crate) struct Raw {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Who is to be told what had to be tolerated.
    pub(crate) drift: Option<Hook>,
}

/// An answer with everything about it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// What the call answers.
    pub value: T,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("value", &self.value).field("status", &self.status).finish_non_exhaustive()
    }
}

pub(crate) type Decode<T> = fn(&Raw) -> Result<T>;

pub(crate) fn nothing(raw: &Raw) -> Result<()> {
    if raw.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    open::<IgnoredItem>(raw, None)?;
    drift::tell(raw, Open::<IgnoredItem>::of(raw, None, false));
    Ok(())
}

pub(crate) fn item<T: Tolerant>(raw: &Raw) -> Result<T> {
    let neutral = T::absent();
    let has_neutral = neutral.is_some();
    let envelope = open(raw, raw.operation.item)?;
    match envelope.item.or(neutral.filter(|_| envelope.names_item)) {
        Some(item) => {
            drift::tell(raw, Open::<T>::of(raw, raw.operation.item, true));
            Ok(item)
        }
        None if has_neutral => Err(missing(raw)),
        // Some answers are known with and without an envelope.
        None => whole(raw).map_err(|_| missing(raw)),
    }
}

pub(crate) fn optional_item<T: Tolerant>(raw: &Raw) -> Result<Option<T>> {
    let item = open(raw, raw.operation.item)?.item;
    if item.is_some() || !T::REQUIRED.contains(&"id") {
        drift::tell(raw, Open::<T>::of(raw, raw.operation.item, false));
        return Ok(item);
    }
    Ok(whole(raw).ok())
}

pub(crate) fn page<T: Tolerant>(raw: &Raw) -> Result<Page<T>> {
    let envelope = open(raw, raw.operation.item)?;
    if !envelope.names_item {
        return Err(missing(raw));
    }
    drift::tell(raw, Open::<Vec<T>>::of(raw, raw.operation.item, true));
    Ok(Page { items: envelope.item.unwrap_or_default(), has_more: envelope.more })
}

pub(crate) fn whole<T: Tolerant>(raw: &Raw) -> Result<T> {
    open::<IgnoredItem>(raw, None)?;
    let value = decode(raw, || Maybe::<T>(PhantomData))?.ok_or_else(|| missing(raw))?;
    drift::tell(raw, Maybe::<T>(PhantomData));
    Ok(value)
}

/// The whole body as a type of the caller's.
pub(crate) fn custom<T: DeserializeOwned>(raw: &Raw) -> Result<T> {
    if raw.body.iter().all(u8::is_ascii_whitespace) {
        return serde_json::from_str("null")
            .map_err(|error| Error::decode(raw, format!("the answer is empty: {error}")));
    }
    if open::<IgnoredItem>(raw, None).is_err_and(|error| error.is_refused()) {
        return Err(Error::refused(raw));
    }
    serde_json::from_slice(&raw.body).map_err(|error| {
        let place = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(&raw.body))
            .err()
            .map(|error| error.path().to_string());
        broken(raw, place.as_deref().filter(|place| *place != "."), &error)
    })
}

fn missing(raw: &Raw) -> Error {
    let text = raw
        .operation
        .item
        .map_or_else(|| "the answer is empty".to_owned(), |item| format!("the answer has no `{item}`"));
    Error::decode(raw, text)
}

fn open<T: Tolerant>(raw: &Raw, item: Option<&'static str>) -> Result<Envelope<T>> {
    let envelope = decode(raw, || Open::of(raw, item, false))?;
    if envelope.refused { Err(Error::refused(raw)) } else { Ok(envelope) }
}

/// Decodes the body; only where that fails it is read a second time, to learn the place.
fn decode<S: for<'de> DeserializeSeed<'de, Value = V>, V>(raw: &Raw, seed: impl Fn() -> S) -> Result<V> {
    let mut json = serde_json::Deserializer::from_slice(&raw.body);
    let value = seed().deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    value.map_err(|error| broken(raw, drift::failure(raw, seed()).as_deref(), &error))
}

fn broken(raw: &Raw, place: Option<&str>, error: &serde_json::Error) -> Error {
    let place = place.map_or_else(String::new, |place| format!("at {place}: "));
    Error::decode(raw, format!("{place}{error}"))
}

struct Envelope<T> {
    item: Option<T>,
    /// Whether the item's key is there. An answer without it is of another form, and not an empty list.
    names_item: bool,
    more: Option<bool>,
    refused: bool,
}

struct Open<T> {
    item: Option<&'static str>,
    /// Whether an answer without the item is a departure.
    needed: bool,
    more: Option<&'static str>,
    ty: PhantomData<T>,
}

impl<T> Open<T> {
    fn of(raw: &Raw, item: Option<&'static str>, needed: bool) -> Self {
        Self { item, needed, more: raw.operation.paging.and_then(|paging| paging.more), ty: PhantomData }
    }
}

impl<'de, T: Tolerant> DeserializeSeed<'de> for Open<T> {
    type Value = Envelope<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Tolerant> Visitor<'de> for Open<T> {
    type Value = Envelope<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
        let mut envelope = Envelope { item: None, names_item: false, more: None, refused: false };
        while let Some(key) = map.next_key_seed(Key { item: self.item, more: self.more })? {
            match key {
                Part::Item => {
                    envelope.item = map.next_value_seed(Maybe(PhantomData))?;
                    envelope.names_item = true;
                }
                Part::More => envelope.more = map.next_value_seed(Maybe(PhantomData))?,
                Part::Success => envelope.refused = map.next_value_seed(Maybe(PhantomData))? == Some(false),
                Part::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if let (Some(item), true) = (self.item, self.needed) {
            drift::required(&[item]);
        }
        Ok(envelope)
    }
}

enum Part {
    Item,
    More,
    Success,
    Other,
}

struct Key {
    item: Option<&'static str>,
    more: Option<&'static str>,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Part;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Part, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> std::result::Result<Part, E> {
        Ok(match key {
            // The published document spells it wrong in places; so did answers, perhaps.
            "success" | "sucess" => Part::Success,
            key if Some(key) == self.item => Part::Item,
            key if Some(key) == self.more => Part::More,
            _ => Part::Other,
        })
    }
}

/// Stands for an item where none is looked for.
struct IgnoredItem;

impl Tolerant for IgnoredItem {
    fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Self>, D::Error> {
        serde::Deserialize::deserialize(deserializer).map(|_: IgnoredAny| Some(Self))
    }
}

//! A page of a list.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::response::decode::{self, DecodedPage, UnreadableItem, decode_page};
use crate::response::lenient::{Lenient, hash, reason};
use crate::response::{RawResponse, Response};

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Whether more items follow, if the response says so.
    pub has_more: Option<bool>,
    /// The items that cannot be read. They are not among [`Page::items`].
    pub unreadable: Vec<UnreadableItem>,
    /// The number of items that the API sent, with those that cannot be read or are null. The offset of the next page is larger by it.
    pub sent: usize,
    /// A hash of the ids in their order, or of the body: a server that ignores the offset sends the same ones again.
    pub(super) identity: u64,
    /// The response of the page, for [`Pages::with_response`](super::pages::Pages::with_response) alone.
    pub(super) response: Option<Box<Response<()>>>,
}

pub(super) fn decode<T: Lenient>(raw: &RawResponse) -> Result<Page<T>> {
    let DecodedPage { items, sent, has_more, unreadable } = decode_page::<T>(raw)?;
    let ids: Option<Vec<u64>> = items.iter().map(T::identity).collect();
    let identity = match ids {
        Some(ids) if unreadable.is_empty() && !ids.is_empty() => hash(&ids),
        _ => hash(&raw.body),
    };
    Ok(Page { items, has_more, unreadable, sent, identity, response: None })
}

/// Decodes a page of a list that has no function of its own.
pub(super) fn decode_raw<T: DeserializeOwned>(raw: &RawResponse, key: &str) -> Result<Page<T>> {
    let body: BTreeMap<String, Box<RawValue>> = decode::decode_raw(raw)?;
    let list = body.get(key).ok_or_else(|| Error::decode(raw, None, format!("the response has no `{key}`")))?;
    // PHP writes an empty array as `{}` in places.
    let sent: Vec<&RawValue> = match list.get() {
        "{}" | "null" => Vec::new(),
        json => serde_json::from_str(json).map_err(|error| Error::decode(raw, Some(key.to_owned()), reason(&error)))?,
    };
    let has_more = body.iter().find(|(name, _)| name.starts_with("hasMore"));
    let has_more = has_more.and_then(|(_, flag)| serde_json::from_str(flag.get()).ok());
    let (mut items, mut unreadable) = (Vec::with_capacity(sent.len()), Vec::new());
    for (at, item) in sent.iter().enumerate() {
        match serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(item.get())) {
            Ok(item) => items.push(item),
            Err(error) => {
                let path = Some(error.path().to_string()).filter(|path| path != ".");
                let dot = path.as_ref().map_or("", |path| if path.starts_with('[') { "" } else { "." });
                let json_path = format!("{key}[{at}]{dot}{}", path.unwrap_or_default());
                unreadable.push(UnreadableItem::new(raw, json_path, error.inner(), item));
            }
        }
    }
    // Other properties, such as a signed URL, can change from response to response.
    let id = |item: &&RawValue| serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(item.get()).ok()?.remove("id");
    let ids: Option<Vec<_>> = sent.iter().map(|item| id(item).map(|id| id.get().to_owned())).collect();
    let identity = ids.map_or_else(|| hash(&list.get()), |ids| hash(&ids));
    Ok(Page { items, has_more, unreadable, sent: sent.len(), identity, response: None })
}

impl<T> Page<T> {
    /// The number of items that can be read.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether no item can be read.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns an iterator over the items that can be read.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<'p, T> IntoIterator for &'p Page<T> {
    type Item = &'p T;
    type IntoIter = std::slice::Iter<'p, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

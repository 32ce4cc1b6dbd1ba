//! A page of a list.

use crate::error::Result;
use crate::response::RawResponse;
use crate::response::decode::{DecodedPage, UnreadableItem, decode_page};
use crate::response::lenient::{Lenient, hash};

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
    /// The number of items that the API sent, nulls included: the next page starts after them.
    pub(super) sent: usize,
    /// A hash of the ids in their order, or of the body: a server that ignores the offset sends the same ones again.
    pub(super) identity: u64,
}

pub(super) fn decode<T: Lenient>(raw: &RawResponse) -> Result<Page<T>> {
    let DecodedPage { items, sent, has_more, unreadable } = decode_page::<T>(raw)?;
    let ids: Option<Vec<u64>> = items.iter().map(T::identity).collect();
    let identity = match ids {
        Some(ids) if unreadable.is_empty() && !ids.is_empty() => hash(&ids),
        _ => hash(&raw.body),
    };
    Ok(Page { items, has_more, unreadable, sent, identity })
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

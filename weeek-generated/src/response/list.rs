//! Reads arrays, and objects in their place.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};
use serde_json::value::RawValue;

use super::context::{Cx, Step};
use super::lenient::{Lenient, LenientSeed, Read, UNKNOWN, read_raw};

/// The items of a page, and how many the API sent: a null is sent, but is no item.
#[derive(Debug)]
pub(crate) struct PageItems<T> {
    pub(crate) items: Vec<T>,
    pub(crate) sent: usize,
}

/// The items of an array as JSON text, to be read one by one.
pub(crate) struct RawItems(pub(crate) Vec<Box<RawValue>>);

impl RawItems {
    /// What an item takes beside its text: the pointer, and what the allocator adds.
    pub(crate) const OVERHEAD: usize = 48;
}

impl<T: Lenient> Lenient for Vec<T> {
    const EXPECTED: &'static str = "an array";

    fn missing() -> Option<Self> {
        Some(Self::new())
    }

    fn from_list<'de, A: SeqAccess<'de>>(cx: Cx<'_>, list: A) -> Result<Read<Self>, A::Error> {
        Ok(Read::Value(read_items(cx, list)?.items))
    }

    fn from_object<'de, A: MapAccess<'de>>(cx: Cx<'_>, object: A) -> Result<Read<Self>, A::Error> {
        Ok(Read::Value(read_object_as_items(cx, object)?.items))
    }
}

impl<T: Lenient> Lenient for PageItems<T> {
    const EXPECTED: &'static str = "an array";

    fn from_list<'de, A: SeqAccess<'de>>(cx: Cx<'_>, list: A) -> Result<Read<Self>, A::Error> {
        read_items(cx, list).map(Read::Value)
    }

    fn from_object<'de, A: MapAccess<'de>>(cx: Cx<'_>, object: A) -> Result<Read<Self>, A::Error> {
        read_object_as_items(cx, object).map(Read::Value)
    }
}

impl Lenient for RawItems {
    const EXPECTED: &'static str = "an array";

    fn from_list<'de, A: SeqAccess<'de>>(cx: Cx<'_>, mut list: A) -> Result<Read<Self>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element::<Box<RawValue>>()? {
            cx.charge(Self::OVERHEAD)?;
            items.push(item);
        }
        Ok(Read::Value(Self(items)))
    }
}

fn read_items<'de, T: Lenient, A: SeqAccess<'de>>(cx: Cx<'_>, mut list: A) -> Result<PageItems<T>, A::Error> {
    let (mut items, mut sent) = (Vec::with_capacity(list.size_hint().unwrap_or(0).min(64)), 0);
    let item = cx.frame(Step::Item);
    while list.next_element_seed(ItemSeed { cx: item.cx(), items: &mut items }).inspect_err(|_| item.fail())?.is_some()
    {
        sent += 1;
        item.move_to(sent);
    }
    Ok(PageItems { items, sent })
}

/// Reads an item into the list.
struct ItemSeed<'s, T> {
    cx: Cx<'s>,
    items: &'s mut Vec<T>,
}

impl<'de, T: Lenient> DeserializeSeed<'de> for ItemSeed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let read = T::read(self.cx, deserializer)?;
        push(self.cx, self.items, read)
    }
}

fn push<T: Lenient, E: serde::de::Error>(cx: Cx<'_>, items: &mut Vec<T>, read: Read<T>) -> Result<(), E> {
    let Some(item) = read.into_item(cx)? else { return Ok(()) };
    cx.charge(size_of::<T>())?;
    items.push(item);
    Ok(())
}

/// An object that has a property of the item is the one item of the array; any other is the array of its values, in their order.
fn read_object_as_items<'de, T: Lenient, A: MapAccess<'de>>(
    cx: Cx<'_>,
    mut object: A,
) -> Result<PageItems<T>, A::Error> {
    cx.note("an array", "an object");
    let mut entries: Vec<(String, &'de RawValue)> = Vec::new();
    while let Some((key, value)) = object.next_entry::<String, &'de RawValue>()? {
        cx.charge(64 + key.len())?;
        entries.push((key, value));
    }
    let (mut items, sent) = (Vec::new(), entries.len());
    if entries.iter().any(|(key, _)| T::index_of(key) != UNKNOWN) {
        let item = object_text(&entries);
        cx.at(Step::Item, |cx| {
            let read = RawValue::from_string(item).map_err(serde::de::Error::custom)?;
            push(cx, &mut items, read_raw(cx, &read)?)
        })?;
        return Ok(PageItems { items, sent: 1 });
    }
    let item = cx.frame(Step::Item);
    for (at, (_, value)) in entries.into_iter().enumerate() {
        item.move_to(at);
        let read = read_raw(item.cx(), value).and_then(|read| push(item.cx(), &mut items, read));
        read.inspect_err(|_| item.fail())?;
    }
    Ok(PageItems { items, sent })
}

fn object_text(entries: &[(String, &RawValue)]) -> String {
    let mut text = String::from("{");
    for (at, (key, value)) in entries.iter().enumerate() {
        text.push_str(if at > 0 { "," } else { "" });
        text.push_str(&serde_json::Value::from(key.as_str()).to_string());
        text.push(':');
        text.push_str(value.get());
    }
    text.push('}');
    text
}

/// An object whose keys are data.
impl<K: FromStr + Ord, T: Lenient> Lenient for BTreeMap<K, T> {
    const EXPECTED: &'static str = "an object";

    fn missing() -> Option<Self> {
        Some(Self::new())
    }

    /// PHP writes an empty map as `[]`.
    fn from_list<'de, A: SeqAccess<'de>>(cx: Cx<'_>, list: A) -> Result<Read<Self>, A::Error> {
        cx.note(Self::EXPECTED, "an array");
        let items = read_items::<T, A>(cx, list)?;
        Ok(if items.sent == 0 { Read::Value(Self::new()) } else { Read::Misfit })
    }

    fn from_object<'de, A: MapAccess<'de>>(cx: Cx<'_>, mut object: A) -> Result<Read<Self>, A::Error> {
        let mut map = Self::new();
        while let Some(key) = object.next_key::<String>()? {
            let value = cx.at(Step::Unknown(&key), |cx| {
                match (object.next_value_seed(LenientSeed::<T>::new(cx))?, T::unreadable()) {
                    (Read::Misfit, Some(unreadable)) => Ok(Some(unreadable)),
                    (read, _) => read.into_item(cx),
                }
            })?;
            if let Some(value) = value {
                cx.charge(2 * (size_of::<T>() + size_of::<K>()) + key.len())?;
                let first = map.insert(key.parse().map_err(|_| cx.error("a key that is an id"))?, value);
                if first.is_some() {
                    cx.note_at(Step::Unknown(&key), "one value", "two");
                }
            }
        }
        Ok(Read::Value(map))
    }
}

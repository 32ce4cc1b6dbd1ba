//! Opens the envelope, `{"success": true, "task": {…}, "hasMore": false}`. Only this module knows its keys.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::RawResponse;
use super::context::{Cx, NO_SUCH_PROPERTY, Step};
use super::lenient::{Atom, Lenient, LenientSeed, Outcome, Read, visit_atoms};
use super::object::kind;

/// An opened envelope.
pub(super) struct Envelope<T> {
    pub(super) item: Item<T>,
    pub(super) has_more: Option<bool>,
    pub(super) is_failure: bool,
    /// Whether the body has an id of its own, as an item without its envelope has.
    pub(super) has_id: bool,
}

pub(super) enum Item<T> {
    Value(T),
    Null,
    /// A response without the key is of another form, and not an empty list.
    Absent,
}

/// What a call expects of the envelope.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Opening {
    /// An item.
    Required,
    /// Perhaps an item.
    Optional,
    /// Success or failure, which a body that is no object may stand for.
    Unit,
    /// Only whether the call failed. Another reading of the body looks at the properties.
    Probe,
}

/// Opens the envelope.
pub(super) struct EnvelopeSeed<'c, T> {
    cx: Cx<'c>,
    item: Option<&'static str>,
    has_more: Option<&'static str>,
    has_success: bool,
    opening: Opening,
    ty: PhantomData<T>,
}

impl<'c, T> EnvelopeSeed<'c, T> {
    pub(super) fn new(raw: &RawResponse, cx: Cx<'c>, opening: Opening) -> Self {
        let operation = raw.operation;
        Self {
            cx,
            item: operation.item_key(),
            has_more: operation.pagination().and_then(|pagination| pagination.has_more),
            has_success: operation.has_success(),
            opening,
            ty: PhantomData,
        }
    }
}

impl<'de, T: Lenient> DeserializeSeed<'de> for EnvelopeSeed<'_, T> {
    type Value = Envelope<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<T> Envelope<T> {
    fn new(is_failure: bool) -> Self {
        Self { item: Item::Absent, has_more: None, is_failure, has_id: false }
    }
}

impl<T: Lenient> EnvelopeSeed<'_, T> {
    /// A body that is not an object. Only a call without data accepts it, as success or failure.
    fn other<E: Error>(self, found: &'static str, success: Option<bool>) -> Result<Envelope<T>, E> {
        self.cx.note("an object", found);
        match success {
            Some(success) if matches!(self.opening, Opening::Unit | Opening::Probe) => Ok(Envelope::new(!success)),
            _ => Err(self.cx.error("an object")),
        }
    }

    fn atom<E: Error>(self, atom: Atom<'_>) -> Result<Envelope<T>, E> {
        let success = if let Atom::Bool(success) = atom { Some(success) } else { None };
        self.other(atom.kind(), success)
    }
}

impl<'de, T: Lenient> Visitor<'de> for EnvelopeSeed<'_, T> {
    type Value = Envelope<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    visit_atoms!(Envelope<T>);

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        self.other("null", Some(true))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let is_empty = list.next_element::<IgnoredAny>()?.is_none();
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.other("an array", is_empty.then_some(true))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (cx, mut envelope) = (self.cx, Envelope::new(false));
        let (mut has_success, mut has_more_flag) = (false, false);
        while let Some(key) = map.next_key_seed(FieldSeed { item: self.item, has_more: self.has_more })? {
            match key {
                Field::Item(key) if matches!(envelope.item, Item::Absent) => {
                    let is_required = self.opening == Opening::Required;
                    envelope.item = cx.at(Step::Key(key), |cx| {
                        read_item(cx, map.next_value_seed(LenientSeed::new(cx))?, is_required)
                    })?;
                }
                Field::HasMore(key) if !has_more_flag => {
                    has_more_flag = true;
                    envelope.has_more = cx.at(Step::Key(key), |cx| {
                        let read = map.next_value_seed(LenientSeed::<bool>::new(cx))?;
                        if matches!(read, Read::Null) {
                            cx.note(bool::EXPECTED, "null");
                        }
                        Ok(read.value())
                    })?;
                }
                Field::Success if !has_success => {
                    has_success = true;
                    envelope.is_failure = cx.at(Step::Key("success"), |cx| Ok(read_success(cx, map.next_value()?)))?;
                }
                Field::Other(key) => {
                    let value: &'de RawValue = map.next_value()?;
                    envelope.has_id |= key == "id";
                    if self.opening != Opening::Probe {
                        cx.note_at(Step::Unknown(&key), NO_SUCH_PROPERTY, kind(value));
                    }
                }
                Field::Item(_) | Field::HasMore(_) | Field::Success => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let is_whole = self.opening != Opening::Probe && !envelope.is_failure;
        if let (Some(key), Item::Absent, true) =
            (self.item, &envelope.item, self.opening == Opening::Required && is_whole)
        {
            cx.note_at(Step::Key(key), T::EXPECTED, "nothing");
        }
        if let (Some(key), false, true) = (self.has_more, has_more_flag, is_whole) {
            cx.note_at(Step::Key(key), bool::EXPECTED, "nothing");
        }
        let has_no_item = self.opening == Opening::Probe && self.item.is_none() && !envelope.is_failure;
        if self.has_success && !has_success && (is_whole || has_no_item) {
            cx.note_at(Step::Key("success"), bool::EXPECTED, "nothing");
        }
        Ok(envelope)
    }
}

fn read_item<T: Lenient, E: Error>(cx: Cx<'_>, read: Read<T>, is_required: bool) -> Result<Item<T>, E> {
    match read {
        Read::Value(item) => Ok(Item::Value(item)),
        Read::Null | Read::Empty => {
            cx.note(T::EXPECTED, "null");
            Ok(Item::Null)
        }
        Read::Misfit if is_required => Err(cx.error(T::EXPECTED)),
        Read::Misfit => Ok(Item::Null),
    }
}

/// Returns whether the flag says that the call failed. An odd flag says nothing.
fn read_success(cx: Cx<'_>, raw: &RawValue) -> bool {
    let text = raw.get();
    if text != "true" && text != "false" {
        cx.note(bool::EXPECTED, kind(raw));
    }
    matches!(text.trim_matches('"'), "false" | "0" | "no" | "0.0")
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

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Field, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for FieldSeed {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Field, E> {
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
pub(super) struct NoItem;

impl Lenient for NoItem {
    const EXPECTED: &'static str = "a value";

    fn read_into<'de, D: Deserializer<'de>>(
        _: Cx<'_>,
        slot: &mut Option<Self>,
        deserializer: D,
    ) -> Result<Outcome, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Read::Value(Self).store(slot))
    }
}

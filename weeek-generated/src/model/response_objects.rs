//! Objects of responses. Each macro call is a type as a table: a row for each property.

/// An object of a response. A property whose type depends on a sibling stands below `by` and the field of the sibling. A former key
/// counts where the present one is missing.
macro_rules! response_object {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$field_about:meta])* pub $field:ident: $ty:ty = $key:literal $($fact:ident)*),* $(,)?
        }
        $(by $tag:ident {
            $($(#[$deferred_about:meta])* pub $deferred:ident: $deferred_ty:ty = $deferred_key:literal $($deferred_fact:ident)*),+ $(,)?
        })*
        $(former {
            $($former:ident = $former_key:literal before $current:ident $($former_fact:ident)*),+ $(,)?
        })?
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_about])* pub $field: $ty,)*
            $($($(#[$deferred_about])* pub $deferred: $deferred_ty,)+)*
            extra: Extra,
        }
        impl_response_object!(
            $name { $($field: $ty = $key $($fact)*),* }
            $($($deferred = $deferred_key by $tag $($deferred_fact)*),+),*
            $($(; $former = $former_key before $current $($former_fact)*)+)?
        );
    };
}

/// An object that is one of several, told apart by a property of its own.
macro_rules! tagged_object {
    (
        $(#[$about:meta])*
        pub enum $name:ident by $tag:literal {
            $($(#[$variant_about:meta])* $variant:ident($ty:ty) = $($value:literal)|+),+ $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_about])* $variant($ty),)+
            /// A variant that this version does not know, kept unchanged.
            Unknown(serde_json::Value),
        }
        $(impl From<$ty> for $name {
            fn from(value: $ty) -> Self {
                Self::$variant(value)
            }
        })+
        impl_tagged_object!($name by $tag { $($($value)|+ => $variant),+ });
    };
}

/// A value whose type depends on a sibling property. On its own, it is the first variant that it fits, and a string in the format of a
/// timestamp is one.
macro_rules! tagged_by_sibling {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $($(#[$variant_about:meta])* $variant:ident($ty:ty) = $tag:literal),+ $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_about])* $variant($ty),)+
            /// A value that does not fit its type, kept unchanged.
            Unknown(serde_json::Value),
        }
        impl_tagged_by_sibling!($name { $($tag => $variant),+ });
    };
}

/// How an object of a response is read and written.
macro_rules! impl_response_object {
    (
        $name:ident { $($field:ident: $ty:ty = $key:literal $($fact:ident)*),* $(,)? }
        $($deferred:ident = $deferred_key:literal by $tag:ident $($deferred_fact:ident)*),*
        $(; $former:ident = $former_key:literal before $current:ident $($former_fact:ident)*)*
    ) => {
        impl $name {
            /// A property of the response that this version does not know.
            #[inline]
            pub fn extra(&self, key: &str) -> Option<&serde_json::Value> {
                self.extra.get(key)
            }

            /// All properties of the response that this version does not know.
            pub fn extras(&self) -> impl Iterator<Item = (&str, &serde_json::Value)> {
                self.extra.iter()
            }
        }
        const _: () = {
            #[allow(non_camel_case_types, reason = "named like the fields")]
            enum Row { $($field,)* $($deferred,)* $($former),* }
            const ROWS: &[Row] = &[$(Row::$field,)* $(Row::$deferred,)* $(Row::$former),*];

            impl crate::response::lenient::Lenient for $name {
                const EXPECTED: &'static str = "an object";
                const PROPERTIES: &'static [crate::model::property::Property] = &[
                    $(crate::model::property::Property::new($key)$(.$fact())*,)*
                    $(crate::model::property::Property::new($deferred_key)$(.$deferred_fact())*,)*
                    $(crate::model::property::Property::new($former_key)$(.$former_fact())*),*
                ];

                #[inline]
                fn index_of(key: &str) -> usize {
                    match key {
                        $($key => Row::$field as usize,)*
                        $($deferred_key => Row::$deferred as usize,)*
                        $($former_key => Row::$former as usize,)*
                        _ => crate::response::lenient::UNKNOWN,
                    }
                }

                impl_response_object!(@identity $($field)*);

                fn from_list<'de, A: serde::de::SeqAccess<'de>>(
                    cx: crate::response::context::Cx<'_>,
                    list: A,
                ) -> Result<Read<Self>, A::Error> {
                    crate::response::object::only_item(cx, list)
                }

                fn from_object<'de, A: serde::de::MapAccess<'de>>(
                    cx: crate::response::context::Cx<'_>,
                    map: A,
                ) -> Result<Read<Self>, A::Error> {
                    let mut object = crate::response::object::ObjectReader::new(cx, map, Self::PROPERTIES, Self::index_of);
                    $(let mut $field: Option<$ty> = None;)*
                    $(let mut $deferred = None;)*
                    $(let mut $former = None;)*
                    while let Some(at) = object.next()? {
                        match ROWS.get(at) {
                            $(Some(Row::$field) => object.property(&mut $field),)*
                            $(Some(Row::$deferred) => object.defer(&mut $deferred),)*
                            $(Some(Row::$former) => object.property(&mut $former),)*
                            _ => object.keep_unknown(),
                        }?;
                    }
                    $(let $current = $current.or($former);)*
                    $(let Some($field) = object.finish($field, Row::$field as usize) else {
                        return Err(object.missing_field(Row::$field as usize));
                    };)*
                    $(let $deferred = object.deferred($deferred, Row::$deferred as usize, |cx, raw| {
                        let tag = crate::response::tagged::Tag::tag(&$tag);
                        crate::response::tagged::TaggedBySibling::read(cx, tag, raw)
                    })?;)*
                    Ok(Read::Value(Self { $($field,)* $($deferred,)* extra: object.into_extra() }))
                }
            }
            impl crate::model::encode::Encode for $name {
                fn encode<S: serde::Serializer>(&self, serializer: S, _: crate::model::encode::Style) -> Result<S::Ok, S::Error> {
                    let properties = <Self as crate::response::lenient::Lenient>::PROPERTIES;
                    let mut object = crate::model::encode::ObjectWriter::new(serializer, properties);
                    $(object.next(&self.$field);)*
                    $(object.next(&self.$deferred);)*
                    object.entries(&self.extra);
                    object.end()
                }
            }
        };
        impl_serialize!($name);
        impl_deserialize!($name);
    };
    (@identity id $($rest:ident)*) => {
        #[inline]
        fn identity(&self) -> Option<u64> {
            Some(crate::response::lenient::hash(&self.id))
        }
    };
    (@identity $first:ident $($rest:ident)*) => { impl_response_object!(@identity $($rest)*); };
    (@identity) => {};
}

macro_rules! impl_tagged_object {
    ($name:ident by $tag:literal { $($($value:literal)|+ => $variant:ident),+ $(,)? }) => {
        impl crate::response::lenient::Lenient for $name {
            const EXPECTED: &'static str = "an object";

            fn read_into<'de, D: serde::Deserializer<'de>>(
                cx: crate::response::context::Cx<'_>,
                slot: &mut Option<Self>,
                deserializer: D,
            ) -> Result<crate::response::lenient::Outcome, D::Error> {
                let raw: &'de serde_json::value::RawValue = serde::Deserialize::deserialize(deserializer)?;
                let known = |tag: &str| match tag {
                    $($($value)|+ => Some(
                        crate::response::lenient::read_raw(cx, raw).map(|read| read.map(Self::$variant))
                    ),)+
                    _ => None,
                };
                let expected = concat!("a known ", stringify!($name));
                let read = crate::response::tagged::read_tagged(cx, raw, $tag, expected, known, Self::Unknown)?;
                Ok(read.store(slot))
            }
        }
        variant_object!($name { $($variant),+ });
        impl_deserialize!($name);
    };
}

macro_rules! impl_tagged_by_sibling {
    ($name:ident { $($tag:literal => $variant:ident),+ $(,)? }) => {
        impl crate::response::tagged::TaggedBySibling for $name {
            fn read<E: serde::de::Error>(
                cx: crate::response::context::Cx<'_>,
                tag: Option<&str>,
                raw: &serde_json::value::RawValue,
            ) -> Result<Read<Self>, E> {
                match tag {
                    $(Some($tag) => crate::response::tagged::read_by_sibling(cx, raw, Self::$variant, Self::Unknown),)+
                    _ => crate::response::tagged::keep_unknown(cx, raw, Self::Unknown),
                }
            }
        }
        impl crate::response::lenient::Lenient for $name {
            const EXPECTED: &'static str = "a value";

            fn read_into<'de, D: serde::Deserializer<'de>>(
                cx: crate::response::context::Cx<'_>,
                slot: &mut Option<Self>,
                deserializer: D,
            ) -> Result<crate::response::lenient::Outcome, D::Error> {
                let raw: &'de serde_json::value::RawValue = serde::Deserialize::deserialize(deserializer)?;
                for has_format in [true, false] {
                    $(if let Some(value) = crate::response::tagged::read_exact(raw, has_format) {
                        *slot = Some(Self::$variant(value));
                        return Ok(crate::response::lenient::Outcome::Value);
                    })+
                }
                Ok(crate::response::tagged::keep_unknown(cx, raw, Self::Unknown)?.store(slot))
            }
        }
        variant_object!($name { $($variant),+ });
        impl_deserialize!($name);
    };
}

/// The writing of a value that is one of several.
macro_rules! variant_object {
    ($name:ident { $($variant:ident),+ $(,)? }) => {
        impl crate::model::encode::Encode for $name {
            fn encode<S: serde::Serializer>(&self, serializer: S, style: crate::model::encode::Style) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => value.encode(serializer, style),)+
                    Self::Unknown(value) => value.encode(serializer, style),
                }
            }
        }
        impl_serialize!($name);
    };
}

/// What every type of a response or request has: serde's traits by the crate's own.
macro_rules! impl_serialize {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::model::encode::Encode::encode(self, serializer, crate::model::encode::Style::Sent)
            }
        }
    };
}

macro_rules! impl_deserialize {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::response::deserialize::deserialize(deserializer)
            }
        }
    };
}

/// The example of a type, from a response of the spec.
macro_rules! example {
    ($name:ident) => {
        #[cfg(feature = "testing")]
        impl $name {
            /// Returns the example of the spec, for tests.
            // Compiled only where it is called.
            #[inline]
            pub fn example() -> Self {
                crate::model::example::decode(stringify!($name))
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the types of the generated code are public")]
mod tests {
    use crate::prelude::*;
    use crate::response::context::Reading;
    use crate::response::lenient::Lenient as _;

    response_object! {
        /// What the generator makes of a schema that contains itself, by a property that was renamed twice.
        pub struct Node {
            pub id: i64 = "id" required,
            pub next: Option<Box<Node>> = "next",
        } former {
            next__ = "child" before next,
            next___ = "son" before next,
        }
    }

    #[test]
    fn a_type_can_contain_itself() {
        let json = r#"{"id":1,"next":{"id":2,"new":true}}"#;
        let node: Node = serde_json::from_str(json).unwrap();
        let next = node.next.as_ref().unwrap();
        assert_eq!((next.id, next.extra("new"), next.extras().count()), (2, Some(&true.into()), 1));
        assert_eq!(serde_json::to_string(&node).unwrap(), json);
        let deep = format!("{}null{}", r#"{"id":1,"next":"#.repeat(5000), "}".repeat(5000));
        assert!(serde_json::from_str::<Node>(&deep).is_err());
    }

    #[test]
    fn a_former_key_counts_where_the_present_one_is_missing() {
        let read = |json: &str| {
            let reading = Reading::watched(json.as_bytes());
            let read = Node::read(reading.root().cx(), &mut serde_json::Deserializer::from_str(json)).unwrap();
            let Read::Value(node) = read else { panic!("{json}") };
            assert_eq!(node.extras().count(), 0, "{json}");
            let drift: Vec<_> = reading.into_mismatches().into_iter().map(|found| found.path).collect();
            (node.next.map_or(0, |next| next.id), drift.join(" "))
        };
        for (json, id, drift) in [
            (r#"{"id":1,"next":{"id":2}}"#, 2, ""),
            (r#"{"id":1,"child":{"id":3}}"#, 3, ""),
            (r#"{"id":1,"son":{"id":4},"child":{"id":3}}"#, 3, ""),
            (r#"{"id":1,"son":{"id":4},"child":{"id":3},"next":{"id":2}}"#, 2, ""),
            (r#"{"id":1,"child":{"id":"3"}}"#, 3, "child.id"),
            (r#"{"id":1,"child":7}"#, 0, "child"),
        ] {
            assert_eq!(read(json), (id, drift.to_owned()), "{json}");
        }
        let node: Node = serde_json::from_str(r#"{"id":1,"son":{"id":4}}"#).unwrap();
        assert_eq!(serde_json::to_string(&node).unwrap(), r#"{"id":1,"next":{"id":4}}"#);
    }
}

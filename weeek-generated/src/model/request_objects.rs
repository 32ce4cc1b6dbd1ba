//! Objects of requests and parameters of lists. Each macro call is a type as a table: a row for each property.

/// An object of a request: what `new` takes, and a setter for every other property. A row without a key is an exclusive choice.
macro_rules! request_object {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $(#[$new_about:meta])*
            new($($required:ident: $required_ty:ty = $required_key:literal $($required_fact:ident)*),+ $(,)?),
            $($rows:tt)*
        }
    ) => {
        request_object!(@object
            [$(#[$about])*] $name
            [$(#[$new_about])*] ($($required: $required_ty = $required_key $($required_fact)*),+)
            { $($rows)* }
        );
    };
    ($(#[$about:meta])* pub struct $name:ident { $($rows:tt)* }) => {
        request_object!(@object
            [$(#[$about])* #[derive(Default)]] $name
            [#[doc = "Creates an empty value."]] ()
            { $($rows)* }
        );
    };
    (@object
        [$(#[$about:meta])*] $name:ident
        [$(#[$new_about:meta])*] ($($required:ident: $required_ty:ty = $required_key:literal $($required_fact:ident)*),*)
        { $($(#[$field_about:meta])* $field:ident: $ty:ty $(= $key:literal $($fact:ident)*)?),* $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[must_use]
        pub struct $name {
            $($required: held!($required_ty; $($required_fact)*),)*
            $($field: Option<held!($ty; $($($fact)*)?)>,)*
        }
        impl $name {
            $(#[$new_about])*
            pub fn new($($required: argument!($required_ty; $($required_fact)*)),*) -> Self {
                Self { $($required: converted!($required; $($required_fact)*),)* $($field: None),* }
            }
            $(setter!($(#[$field_about])* $field: $ty; $($($fact)*)?);)*
        }
        impl_request_object!($name {
            $($required = $required_key $($required_fact)*),*
        } $($field $(= $key $($fact)*)?),*);
    };
}

/// The parameters of a list: all are optional.
macro_rules! query_object {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $($(#[$field_about:meta])* $field:ident: $ty:ty = $key:literal $($fact:ident)*),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[must_use]
        pub struct $name { $($field: Option<held!($ty; $($fact)*)>),* }
        impl $name {
            /// Creates an empty set of parameters.
            pub fn new() -> Self {
                Self::default()
            }
            $(filter!($(#[$field_about])* $field: $ty; $($fact)*);)*
        }
        impl Query for $name {
            #[inline]
            fn write(&self, pairs: &mut QueryPairs) {
                $(if let Some(value) = &self.$field {
                    push!(pairs, $key, value; $($fact)*);
                })*
            }
        }
    };
}

/// Exactly one property, or one group of properties, of several.
macro_rules! exclusive_object {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$variant_about:meta])* $variant:ident($ty:ty) = $key:literal $($fact:ident)*),+ $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_about])* $variant($ty)),+ }
        impl_exclusive_object!($name { $($variant(value = $key $($fact)*)),+ });
    };
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$variant_about:meta])* $variant:ident {
                $($(#[$field_about:meta])* $field:ident: $ty:ty = $key:literal $($fact:ident)*),+ $(,)?
            }),+ $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_about])* $variant { $($(#[$field_about])* $field: $ty),+ }),+ }
        impl_exclusive_object!($name { $($variant { $($field = $key $($fact)*),+ }),+ });
    };
}

/// An object of a request whose keys are data. A `nullable` value can be cleared.
macro_rules! map_object {
    ($(#[$about:meta])* pub struct $name:ident($key:ty => nullable $value:ty);) => {
        map_object!(@map [$(#[$about])*] $name $key => Option<$value>, $value);
        impl $name {
            /// Sets null.
            #[must_use]
            pub fn clear(mut self, key: impl Into<$key>) -> Self {
                self.0.insert(key.into(), None);
                self
            }
        }
    };
    ($(#[$about:meta])* pub struct $name:ident($key:ty => $value:ty);) => {
        map_object!(@map [$(#[$about])*] $name $key => $value, $value);
    };
    (@map [$(#[$about:meta])*] $name:ident $key:ty => $held:ty, $value:ty) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name(std::collections::BTreeMap<$key, $held>);
        impl $name {
            /// Creates an empty value.
            pub fn new() -> Self {
                Self::default()
            }

            /// Sets a value.
            #[must_use]
            pub fn set(mut self, key: impl Into<$key>, value: impl Into<$value>) -> Self {
                let value: $value = value.into();
                self.0.insert(key.into(), value.into());
                self
            }
        }
        impl_map_object!($name);
    };
}

/// What a row holds. A fact other than `dotted` says how an array is sent.
macro_rules! held {
    ($ty:ty; $(dotted)?) => { $ty };
    ($ty:ty; $array:ident) => { Vec<$ty> };
}

/// An argument that accepts what a caller has at hand.
macro_rules! argument {
    ($ty:ty; $(dotted)?) => { impl Into<$ty> };
    ($ty:ty; $array:ident) => { impl IntoIterator<Item = impl Into<$ty>> };
}

macro_rules! converted {
    ($value:ident; $(dotted)?) => {
        $value.into()
    };
    ($value:ident; $array:ident) => {
        $value.into_iter().map(Into::into).collect()
    };
}

macro_rules! setter {
    ($(#[$about:meta])* $field:ident: $ty:ty; $($fact:ident)*) => {
        $(#[$about])*
        pub fn $field(mut self, $field: argument!($ty; $($fact)*)) -> Self {
            self.$field = Some(converted!($field; $($fact)*));
            self
        }
    };
}

/// A setter of a list: arrays as elsewhere, and other values with or without an `Option`.
macro_rules! filter {
    ($(#[$about:meta])* $field:ident: $ty:ty; $(dotted)?) => {
        $(#[$about])*
        pub fn $field<M>(mut self, $field: impl Filter<$ty, M>) -> Self {
            self.$field = $field.into_filter();
            self
        }
    };
    ($(#[$about:meta])* $field:ident: $ty:ty; $($fact:ident)*) => {
        setter!($(#[$about])* $field: $ty; $($fact)*);
    };
}

macro_rules! push {
    ($pairs:ident, $key:literal, $value:ident;) => {
        $pairs.push($key, $value)
    };
    ($pairs:ident, $key:literal, $value:ident; dotted) => {
        $pairs.push($key, &Dotted(*$value))
    };
    ($pairs:ident, $key:literal, $value:ident; list) => {
        $pairs.push_list($key, $value)
    };
    ($pairs:ident, $key:literal, $value:ident; objects) => {
        $pairs.push_objects($key, $value)
    };
}

/// How an object of a request is written and read.
macro_rules! impl_request_object {
    (
        $name:ident { $($required:ident = $required_key:literal $($required_fact:ident)*),* }
        $($field:ident $(= $key:literal $($fact:ident)*)?),*
    ) => {
        impl crate::model::encode::Encode for $name {
            fn encode<S: serde::Serializer>(&self, serializer: S, _: crate::model::encode::Style) -> Result<S::Ok, S::Error> {
                #[allow(unused_mut, reason = "an object can be empty")]
                let mut object = crate::model::encode::ObjectWriter::new(serializer, &[]);
                $(object.property($required_key, written!(&self.$required, $($required_fact)*), true);)*
                $(write_row!(object, &self.$field $(, $key $($fact)*)?);)*
                object.end()
            }
        }
        impl crate::response::lenient::Lenient for $name {
            const EXPECTED: &'static str = "an object";

            fn from_object<'de, A: serde::de::MapAccess<'de>>(
                cx: crate::response::context::Cx<'_>,
                map: A,
            ) -> Result<Read<Self>, A::Error> {
                #[allow(unused_mut, reason = "an object can be empty")]
                let mut properties = crate::response::properties::Properties::read(cx, map)?;
                let value = Self {
                    $($required: properties.required($required_key, is_dotted!($($required_fact)*))?,)*
                    $($field: read_row!(properties $(, $key $($fact)*)?),)*
                };
                properties.finish()?;
                Ok(Read::Value(value))
            }
        }
        impl_serialize!($name);
        impl_deserialize_request!($name);
    };
}

macro_rules! write_row {
    ($object:ident, $value:expr) => { $object.entries($value) };
    ($object:ident, $value:expr, $key:literal $($fact:ident)*) => {
        $object.property($key, written!($value, $($fact)*), false)
    };
}

macro_rules! read_row {
    ($properties:ident) => { crate::response::properties::Choice::from_properties(&mut $properties)? };
    ($properties:ident, $key:literal $($fact:ident)*) => { $properties.optional($key, is_dotted!($($fact)*))? };
}

/// The value as it is written: a dotted date is wrapped.
macro_rules! written {
    ($value:expr, dotted) => {
        &crate::model::encode::DottedDate($value)
    };
    ($value:expr, $(list)?) => {
        $value
    };
}

macro_rules! is_dotted {
    (dotted) => {
        true
    };
    ($(list)?) => {
        false
    };
}

macro_rules! impl_exclusive_object {
    ($name:ident { $($variant:ident($value:ident = $key:literal $($fact:ident)*)),+ }) => {
        impl crate::model::encode::EncodeEntries for $name {
            fn encode_entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                match self {
                    $(Self::$variant($value) => {
                        map.serialize_entry($key, &crate::model::encode::Encoded::sent(written!($value, $($fact)*)))
                    })+
                }
            }
        }
        impl crate::response::properties::Choice for $name {
            const KEYS: &'static [&'static str] = &[$($key),+];

            fn variant<E: serde::de::Error>(
                properties: &mut crate::response::properties::Properties<'_, '_>,
            ) -> Result<Option<Self>, E> {
                $(if properties.has($key) {
                    return properties.required($key, is_dotted!($($fact)*)).map(|value| Some(Self::$variant(value)));
                })+
                Ok(None)
            }
        }
        impl_exclusive_object!(@object $name);
    };
    ($name:ident { $($variant:ident { $($field:ident = $key:literal $($fact:ident)*),+ }),+ }) => {
        impl crate::model::encode::EncodeEntries for $name {
            fn encode_entries<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                match self {
                    $(Self::$variant { $($field),+ } => {
                        $(map.serialize_entry($key, &crate::model::encode::Encoded::sent(written!($field, $($fact)*)))?;)+
                        Ok(())
                    })+
                }
            }
        }
        impl crate::response::properties::Choice for $name {
            const KEYS: &'static [&'static str] = &[$($($key),+),+];

            fn variant<E: serde::de::Error>(
                properties: &mut crate::response::properties::Properties<'_, '_>,
            ) -> Result<Option<Self>, E> {
                $(if $(properties.has($key))||+ {
                    return Ok(Some(Self::$variant {
                        $($field: properties.required($key, is_dotted!($($fact)*))?),+
                    }));
                })+
                Ok(None)
            }
        }
        impl_exclusive_object!(@object $name);
    };
    (@object $name:ident) => {
        impl crate::model::encode::Encode for $name {
            fn encode<S: serde::Serializer>(&self, serializer: S, _: crate::model::encode::Style) -> Result<S::Ok, S::Error> {
                let mut object = crate::model::encode::ObjectWriter::new(serializer, &[]);
                object.entries(self);
                object.end()
            }
        }
        impl crate::response::lenient::Lenient for $name {
            const EXPECTED: &'static str = concat!("the properties of one variant of ", stringify!($name));

            fn from_object<'de, A: serde::de::MapAccess<'de>>(
                cx: crate::response::context::Cx<'_>,
                map: A,
            ) -> Result<Read<Self>, A::Error> {
                let mut properties = crate::response::properties::Properties::read(cx, map)?;
                let value = crate::response::properties::Choice::from_properties(&mut properties)?;
                properties.finish()?;
                if value.is_none() {
                    cx.note(Self::EXPECTED, "none of them");
                }
                Ok(value.into())
            }
        }
        impl_serialize!($name);
        impl_deserialize_request!($name);
    };
}

macro_rules! impl_map_object {
    ($name:ident) => {
        impl crate::model::encode::Encode for $name {
            fn encode<S: serde::Serializer>(
                &self,
                serializer: S,
                style: crate::model::encode::Style,
            ) -> Result<S::Ok, S::Error> {
                self.0.encode(serializer, style)
            }
        }
        impl crate::response::lenient::Lenient for $name {
            const EXPECTED: &'static str = "an object";

            fn read_into<'de, D: serde::Deserializer<'de>>(
                cx: crate::response::context::Cx<'_>,
                slot: &mut Option<Self>,
                deserializer: D,
            ) -> Result<crate::response::lenient::Outcome, D::Error> {
                Ok(crate::response::lenient::Lenient::read(cx, deserializer)?.map(Self).store(slot))
            }
        }
        impl_serialize!($name);
        impl_deserialize_request!($name);
    };
}

macro_rules! impl_deserialize_request {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::response::deserialize::deserialize_request(deserializer)
            }
        }
    };
}

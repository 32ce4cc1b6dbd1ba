//! Values from the examples of the spec.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::generated::examples::{BODIES, TYPES};

/// The JSON of a body; empty for an empty name.
pub(crate) fn body(response: &str) -> &'static str {
    BODIES.iter().find(|(name, _)| *name == response).map_or("", |(_, json)| json)
}

/// The example of a type.
pub(crate) fn decode<T: DeserializeOwned>(ty: &str) -> T {
    let value = TYPES.iter().find(|(name, ..)| *name == ty).and_then(|(_, response, pointer)| find(response, pointer));
    T::deserialize(value.expect("the type has an example")).expect("an example is valid")
}

fn find(response: &str, pointer: &str) -> Option<Value> {
    let mut body: Value = serde_json::from_str(body(response)).ok()?;
    body.pointer_mut(pointer).map(Value::take)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_each_type_is_there() {
        for (name, response, pointer) in TYPES {
            assert!(find(response, pointer).is_some_and(|value| value.is_object()), "{name}");
        }
        assert!(TYPES.len() > 20);
    }
}

//! Odd copies of a response.

use std::collections::BTreeSet;

use serde_json::Value;

/// Copies of the value, each with one part replaced by one of the `others`, or removed. Skips objects with the same properties as an
/// earlier one, because they have the same type.
pub(crate) fn variations(
    value: &Value,
    shapes: &mut BTreeSet<Vec<String>>,
    others: &dyn Fn(&Value) -> Vec<Option<Value>>,
) -> Vec<Value> {
    let mut all = Vec::new();
    let replacements = |part: &Value, shapes: &mut BTreeSet<Vec<String>>| {
        let below = variations(part, shapes, others).into_iter().map(Some);
        below.chain(others(part)).collect::<Vec<_>>()
    };
    match value {
        Value::Object(object) if shapes.insert(object.keys().cloned().collect()) => {
            for (key, part) in object {
                for other in replacements(part, shapes) {
                    let mut object = object.clone();
                    match other {
                        Some(other) => drop(object.insert(key.clone(), other)),
                        None => drop(object.remove(key)),
                    }
                    all.push(Value::Object(object));
                }
            }
        }
        Value::Array(items) => {
            for (at, part) in items.iter().enumerate() {
                for other in replacements(part, shapes).into_iter().flatten() {
                    let mut items = items.clone();
                    items[at] = other;
                    all.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    all
}

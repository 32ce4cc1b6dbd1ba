//! Numbers that serde_json reads as objects.
//!
//! Another crate of the program can turn on its feature `arbitrary_precision`. A number with a fraction is then an object whose one
//! value is the text of the number.

use serde::de::{Error, IgnoredAny, MapAccess};
use serde_json::Number;

const KEY: &str = "$serde_json::private::Number";

/// Reads the number that an object stands for, if `key` says that it is one.
pub(super) fn number<'de, A: MapAccess<'de>>(key: &str, object: &mut A) -> Result<Option<Number>, A::Error> {
    if key != KEY {
        return Ok(None);
    }
    object.next_value::<String>()?.parse().map(Some).map_err(A::Error::custom)
}

/// Skips an object, or reads the number that it stands for.
pub(super) fn skip_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Option<f64>, A::Error> {
    while let Some(key) = object.next_key::<String>()? {
        if let Some(number) = number(&key, &mut object)? {
            return Ok(number.as_f64());
        }
        object.next_value::<IgnoredAny>()?;
    }
    Ok(None)
}

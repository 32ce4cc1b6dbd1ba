//! Requests are data: what is stored is read again as it was, and nothing in it is dropped silently.

use serde::Serialize;
use serde::de::DeserializeOwned;
use weeek_generated::models::*;

/// Reads the JSON and writes it again.
fn reread<T: DeserializeOwned + Serialize>(json: &str) -> Result<String, String> {
    let value: T = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(serde_json::to_string(&value).unwrap())
}

fn check<T: DeserializeOwned + Serialize>(table: &[(&str, Result<&str, &str>)]) {
    for (json, expected) in table {
        assert_eq!(reread::<T>(json), expected.map(str::to_owned).map_err(str::to_owned), "{json}");
    }
}

#[test]
fn a_request_is_read_as_it_was_written() {
    for json in [
        "{}",
        r#"{"title":null,"amount":1.5,"tags":[]}"#,
        r#"{"winStatus":"a value of tomorrow"}"#,
        r#"{"customFields":{"a":null,"b":"text","c":["x","y"],"d":true,"e":5.0}}"#,
    ] {
        assert_eq!(reread::<CreateDeal>(json), Ok(json.to_owned()));
    }
    check::<SetTaskParent>(&[
        (r#"{"parentId":null}"#, Ok(r#"{"parentId":null}"#)),
        (r#"{"after":2,"parentId":1}"#, Ok(r#"{"parentId":1,"after":2}"#)),
    ]);
    check::<CreateDealTask>(&[
        (r#"{"day":"24.11.2026"}"#, Ok(r#"{"day":"24.11.2026"}"#)),
        (r#"{"day":"2026-11-24"}"#, Ok(r#"{"day":"24.11.2026"}"#)),
    ]);
}

#[test]
fn what_a_request_cannot_keep_is_an_error_with_its_location() {
    check::<CreateDeal>(&[
        (r#"{"titel":"A"}"#, Err("at titel: unknown property")),
        (r#"{"title":"A","title":"B"}"#, Err("at title: duplicate field `title`")),
        (r#"{"title":5}"#, Err("at title: expected a string, found an integer")),
        (r#"{"tags":[1,null]}"#, Err("at tags[1]: expected an integer, found null")),
        (r#"{"assignees":null}"#, Err("at assignees: expected an array, found null")),
        ("[]", Err("expected an object, found an array")),
        ("null", Err("expected an object, found null")),
    ]);
    check::<SetTaskParent>(&[
        (r#"{"after":2}"#, Err("missing field `parentId`")),
        (r#"{"parentId":1,"before":2,"after":3}"#, Err("at before: excluded by another property")),
    ]);
    check::<TaskPosition>(&[("{}", Err("expected the properties of one variant of TaskPosition, found none of them"))]);
    check::<CreateTask>(&[
        (
            r#"{"locations":[{"projectId":1,"boardColumnId":2},{"boardColumnId":2}]}"#,
            Err("at locations[1]: missing field `projectId`"),
        ),
        (r#"{"customFields":{"f":1,"f":null}}"#, Err("at customFields.f: expected one value, found two")),
        (r#"{"day":"soon"}"#, Err("at day: expected a date, found a string in another format")),
    ]);
    check::<UpdateTask>(&[(r#"{"dueDate":"2026-11-24"}"#, Err("missing field `startDate`"))]);
}

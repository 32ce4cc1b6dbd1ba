//! Reads any bytes as the body of an error response.

use std::sync::LazyLock;

use reqwest::StatusCode;
use weeek_generated::{Client, Error};

/// The first line of the input is the status, such as `422`. Any other line stands for 400.
pub(crate) fn run(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let status = StatusCode::from_bytes(&input[..end]).ok().filter(|status| !status.is_success());
    let status = status.unwrap_or(StatusCode::BAD_REQUEST);
    let body = input.get(end + 1..).unwrap_or_default();

    let error = read(status, body);
    assert!(error.is_api_error() && !error.is_decode(), "{error:?}");
    assert_eq!((error.status(), error.body()), (Some(status), body));
    assert!(!error.is_not_found() || !error.is_route_not_found());
    check_size(&error, body);
    check_text(&error);

    // What surrounds a JSON value takes nothing away from it.
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() {
        let surrounded = read(status, &[b"\xef\xbb\xbf", body, b" <!-- debug -->"].concat());
        assert_eq!(details(&error), details(&surrounded));
    }
}

fn read(status: StatusCode, body: &[u8]) -> Error {
    // Nothing is sent, and plain HTTP needs no TLS, which the fuzz targets do not have.
    static WEEEK: LazyLock<Client> =
        LazyLock::new(|| Client::builder("t").base_url("http://127.0.0.1").build().expect("a client"));
    match WEEEK.tasks().get(1).decode(status, body.to_vec()) {
        Ok(task) => panic!("HTTP {status} is read as {task:?}"),
        Err(error) => error,
    }
}

fn details(error: &Error) -> String {
    format!("{:?} {:?} {:?} {}", error.code(), error.message(), error.field_errors(), error.is_plan_limit())
}

/// What is read of a body is bounded, and not longer than the body says.
fn check_size(error: &Error, body: &[u8]) {
    let texts = error.field_errors().iter().flat_map(|(field, texts)| texts.iter().chain([field]));
    let (count, longest) = texts.fold((0, 0), |(count, longest), text| (count + 1, text.len().max(longest)));
    assert!(count <= 100 * 21 && longest <= 4 * 2001, "{count} texts of up to {longest} bytes");
    // U+FFFD is three times as long as the byte for which it stands.
    let kept: usize = error.field_errors().values().flatten().map(String::len).sum();
    assert!(kept <= 3 * body.len() + 3 * count, "{kept} bytes of {}", body.len());
}

/// The text of an error is one line of a bounded length.
fn check_text(error: &Error) {
    let text = error.to_string();
    assert!(!text.chars().any(char::is_control), "{text:?}");
    assert!(text.chars().count() < 600 + 1100 * error.field_errors().len(), "{text}");
    assert_eq!(format!("{error:?}"), text);
    assert!(format!("{error:#?}").len() < 4 * text.len() + 20_000);
}

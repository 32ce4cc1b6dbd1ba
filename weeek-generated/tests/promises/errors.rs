//! Errors report their kind and details, in every format of the response.

use std::collections::BTreeMap;

use weeek_generated::{Error, Method};

use super::*;

/// Decodes an error response.
fn error(status: u16, body: &str) -> Error {
    let weeek = Client::builder("t").build().unwrap();
    weeek.tasks().get(1).decode(StatusCode::from_u16(status).unwrap(), body.to_owned()).unwrap_err()
}

#[test]
fn an_error_has_what_the_response_says() {
    let fields = |error: &Error| {
        error.field_errors().iter().map(|(name, messages)| format!("{name}={}", messages.join("+"))).collect::<Vec<_>>()
    };
    let body = r#"{"success":false,"code":"2000000","message":"m","errors":{"tags.0":["bad tag"],"x":"alone"}}"#;
    for status in [422, 200] {
        let error = error(status, body);
        assert!(error.is_api_error() && error.is_validation() == (status == 422), "{status}");
        assert_eq!((error.code(), error.message(), error.body()), (Some(2_000_000), Some("m"), body.as_bytes()));
        assert_eq!(fields(&error), ["tags.0=bad tag", "x=alone"]);
    }
    let trailing = error(422, r#"{"code":7,"errors":{"a":["b"]}} and more"#);
    assert_eq!((trailing.code(), fields(&trailing)), (Some(7), vec!["a=b".to_owned()]));
    for item in [r#""no""#, "false", "[1]", r#"{"id":true}"#] {
        for body in [
            format!(r#"{{"success":false,"task":{item},"tasks":{item},"message":"m"}}"#),
            format!(r#"{{"tasks":{item},"task":{item},"message":"m","success":false}}"#),
        ] {
            assert_eq!((error(200, &body).is_api_error(), error(200, &body).message()), (true, Some("m")), "{body}");
            let list = Client::builder("t").build().unwrap().tasks().list(ListTasks::new());
            assert!(list.decode(StatusCode::OK, body.clone()).unwrap_err().is_api_error(), "{body}");
        }
    }
    let limit = error(200, r#"{"success":false,"reason":"limit"}"#);
    assert!(limit.is_plan_limit() && limit.is_api_error());
    assert_eq!((limit.status().unwrap().as_u16(), limit.message()), (200, Some("limit")));
    assert!(error(401, "{}").is_unauthorized() && error(403, "").is_forbidden() && error(429, "").is_rate_limited());
}

#[test]
fn a_missing_object_is_not_a_missing_route() {
    for (status, body, is_not_found, is_route_not_found) in [
        (400, r#"{"success":false,"code":1000001,"message":"Model not found"}"#, true, false),
        (404, r#"{"message":"Record not found"}"#, true, false),
        (404, "<!DOCTYPE html><title>Not Found</title>", true, false),
        (404, "", true, false),
        (404, r#"{"message":"The route public/v1/x could not be found."}"#, false, true),
        (404, r#"{"success":false,"message":"The route public/v1/x could not be found."}"#, false, true),
        (400, r#"{"code":1}"#, false, false),
        (200, r#"{"success":false,"code":1000001}"#, false, false),
    ] {
        let error = error(status, body);
        assert_eq!((error.is_not_found(), error.is_route_not_found()), (is_not_found, is_route_not_found), "{body}");
    }
}

#[test]
fn an_error_message_has_one_line_and_no_repetition() {
    for (status, body, text) in [
        (
            422,
            r#"{"message":"The title is wrong.","errors":{"title":["The title is wrong."]}}"#,
            "tasks.get: HTTP 422: The title is wrong. [title]",
        ),
        (
            422,
            r#"{"message":"No. (and 1 more error)","errors":{"a":["No."],"b":["Bad."]}}"#,
            "tasks.get: HTTP 422: No. (and 1 more error) [a]; b: Bad.",
        ),
        (400, r#"{"code":7,"message":"a\r\nb\u001b"}"#, "tasks.get: HTTP 400 (code 7): a  b "),
        (
            401,
            r#"{"code":2000000,"message":"Unauthenticated."}"#,
            "tasks.get: HTTP 401 (code 2000000): Unauthenticated; check the token",
        ),
        (
            404,
            r#"{"message":"The route x could not be found."}"#,
            "tasks.get: HTTP 404: The route x could not be found; check the base URL",
        ),
        (400, r#"{"message":"a\u202eb\u2028c\u009b"}"#, "tasks.get: HTTP 400: a b c "),
        (500, "<html>", "tasks.get: HTTP 500"),
        (303, "", "tasks.get: HTTP 303; check the base URL"),
        (
            200,
            " <!doctype html>",
            "tasks.get: cannot decode response: the response is HTML or XML, perhaps of a proxy; check the base URL",
        ),
    ] {
        let error = error(status, body);
        assert_eq!((error.to_string(), format!("{error:?}")), (text.to_owned(), text.to_owned()));
    }
    let call = Client::builder("t").build().unwrap().request(Method::GET, "/x").decode_as::<BTreeMap<String, i32>>();
    let error_of_key = call.decode(StatusCode::OK, r#"{"\u001b[31mred\u202e":true}"#).unwrap_err();
    let text = "raw.get /x: cannot decode response: at  [31mred : invalid type: boolean `true`, expected i32";
    assert_eq!(error_of_key.to_string(), text);
    assert!(error(500, &format!(r#"{{"message":"{}"}}"#, "x".repeat(5000))).to_string().len() < 600);
    let fields: Vec<_> = (10..60).map(|at| format!(r#""f{at}":["{}"]"#, "x".repeat(900))).collect();
    let text = error(422, &format!(r#"{{"errors":{{{}}}}}"#, fields.join(","))).to_string();
    assert!(text.ends_with("…; and 40 more fields") && text.len() < 6_000, "{text}");
}

#[test]
fn a_decode_error_names_its_location_and_keeps_the_body() {
    let weeek = Client::builder("t").build().unwrap();
    for (body, path, reason) in [
        (r#"{"tags":[{"id":1},{"title":"no id"}]}"#, "tags[1]", "missing field `id`"),
        (r#"{"tags":[{"id":1},{"id":null}]}"#, "tags[1].id", "expected an integer, found null"),
        (r#"{"tags":[{"id":1},{"id":2,"title":[]}]}"#, "tags[1].title", "expected a string, found an array"),
        (r#"{"tags":[{"id":1},{"id":2,"title":"broken o"#, "tags[1].title", "EOF while parsing a string"),
        (r#"{"tags":{"a":{"id":1},"b":{}}}"#, "tags[1]", "missing field `id`"),
    ] {
        let error = weeek.tags().list().decode(StatusCode::OK, body).unwrap_err();
        assert!(error.is_decode() && error.body() == body.as_bytes());
        assert_eq!(error.json_path(), Some(path), "{error}");
        assert!(error.message().unwrap().starts_with(reason), "{error}");
    }
}

#[tokio::test]
async fn a_response_over_the_size_limit_is_an_error() {
    let (api, _) = mock(|_| Reply::bytes(vec![b' '; 4000]));
    let weeek = api.builder().max_response_bytes(1000).build().unwrap();
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "tasks.get: cannot decode response: the response has more than 1000 bytes; see ClientBuilder::max_response_bytes"
    );
}

#[tokio::test]
async fn an_error_has_the_id_of_its_request() {
    for (headers, id) in [
        (&[("X-Request-Id", "r-1"), ("CF-Ray", "c-1")][..], Some("r-1")),
        (&[("CF-Ray", "c-1")], Some("c-1")),
        (&[], None),
    ] {
        let add = |reply: Reply, &(name, value): &(&str, &str)| reply.header(name, value);
        let (_, weeek) = mock(move |_| headers.iter().fold(Reply::error(500), add));
        let error = weeek.tasks().get(1).await.unwrap_err();
        assert_eq!(error.request_id(), id);
        assert!(headers.iter().all(|(name, value)| error.headers()[*name] == *value));
    }
}

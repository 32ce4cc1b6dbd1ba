//! The token is sent only to the API, and shown nowhere.

use std::collections::BTreeMap;

use weeek_generated::Method;

use super::*;

#[tokio::test]
async fn the_token_is_never_shown() {
    let (_, weeek) = mock(|_| Reply::error(500));
    let error = weeek.tasks().create(CreateTask::new()).await.unwrap_err();
    let call = weeek.tasks().get(1);
    for text in [format!("{weeek:?}"), format!("{error:?} {error}"), format!("{call:?} {:?}", call.request())] {
        assert!(!text.contains("secret-token"), "{text}");
    }
    let error = Client::builder("secret-token\n!").build().unwrap_err();
    assert!(error.is_builder() && !format!("{error:?}").contains("secret-token"));
}

#[tokio::test]
async fn an_echoed_token_is_shown_nowhere() {
    let echo = json!({"message": "no user has secret-token", "errors": {"secret-token": ["secret-token"]}, "code": 1});
    for status in [401, 200] {
        let mut body = echo.clone();
        body["success"] = json!(false);
        let (_, weeek) = mock(move |_| Reply::json(&body).status(status).header("x-echo", "Bearer secret-token"));
        let error = weeek.tasks().get(1).await.unwrap_err();
        assert!(error.is_api_error() && error.message() == Some("no user has [redacted]"), "{error}");
        let text = format!(
            "{error} {error:#?} {:?} {:?}",
            error.field_errors(),
            (error.headers(), str::from_utf8(error.body()))
        );
        assert!(!text.contains("secret-token"), "{text}");
    }
    let (_, weeek) = mock(|_| Reply::bytes(&b"Bearer secret-token, cut \xd0"[..]).status(400));
    let body = weeek.tasks().get(1).await.unwrap_err();
    assert_eq!(str::from_utf8(body.body()), Ok("Bearer [redacted], cut \u{fffd}"));
    let body = json!({"success": true, "task": {"id": true, "secret-token": 1}});
    let (_, weeek) = mock_json(body);
    let hook = |drift: &weeek_generated::Drift| assert!(!drift.to_string().contains("secret-token"), "{drift}");
    let error = weeek.tasks().get(1).on_drift(hook).await.unwrap_err();
    assert!(error.is_decode() && !format!("{error:#?}").contains("secret-token"));
    let (_, weeek) = mock_json(json!({"success": true, "task": {"id": 1, "secret-token": 1}}));
    weeek.tasks().get(1).on_drift(hook).await.unwrap();
    for body in [json!({"secret-token": "x"}), json!({"a": "secret-token"})] {
        let (_, weeek) = mock_json(body);
        let call = weeek.request(Method::GET, "/x").decode_as::<BTreeMap<String, i32>>();
        let text = format!("{:#?}", call.await.unwrap_err());
        assert!(text.contains("[redacted]") && !text.contains("secret-token"), "{text}");
    }
    let (_, weeek) = mock_json(json!({"success": true, "tasks": [{"id": "secret-token"}], "hasMore": false}));
    let page = weeek.tasks().list(ListTasks::new()).await.unwrap();
    assert_eq!(page.unreadable[0].json, r#"{"id":"[redacted]"}"#);
}

//! Any endpoint can be called, also one that has no function.

use serde::Deserialize;
use weeek_generated::Method;

use super::*;

#[tokio::test]
async fn any_path_can_be_called_with_typed_or_raw_json() -> Result<()> {
    #[derive(Deserialize)]
    struct History {
        entries: Vec<String>,
    }
    let (api, weeek) = mock_json(json!({"success": true, "entries": ["made", "moved"]}));
    let call = weeek
        .request(Method::GET, "/tm/tasks/{task}/history")
        .path_param("a/b")
        .query_param("tags[]", 1)
        .query_param("q", "x y");
    assert_eq!(call.decode_as::<History>().await?.entries, ["made", "moved"]);
    let raw: Value = weeek.request(Method::POST, "/tm/new-thing").json(&json!({"a": [1]})).decode_as().await?;
    assert_eq!(raw["entries"][1], "moved");

    let requests = api.requests();
    assert_eq!((requests[0].path(), requests[0].url.query()), ("/tm/tasks/a%2Fb/history", Some("tags[]=1&q=x%20y")));
    assert_eq!(requests[0].headers["authorization"], "Bearer secret-token");
    assert_eq!(requests[0].headers["accept"], "application/json");
    assert_eq!((requests[1].method.as_str(), &requests[1].body[..]), ("POST", &br#"{"a":[1]}"#[..]));
    Ok(())
}

#[tokio::test]
async fn a_raw_call_fails_like_any_other() {
    let (_, weeek) = mock_json(json!({"success": false, "message": "no"}));
    let error = weeek.request(Method::GET, "/x").decode_as::<Value>().await.unwrap_err();
    assert!(error.is_api_error());
    assert_eq!((error.message(), error.to_string().as_str()), (Some("no"), "raw.get /x: HTTP 200: no"));

    let (api, weeek) = mock(|_| Reply::error(503));
    weeek.request(Method::POST, "/x").decode_as::<Value>().await.unwrap_err();
    assert_eq!(api.requests().len(), 1);

    let (_, weeek) = mock(|_| Reply::bytes("").status(204));
    weeek.request(Method::DELETE, "/x").decode_as::<()>().await.unwrap();
    assert!(weeek.request(Method::DELETE, "/x").decode_as::<i64>().await.unwrap_err().is_decode());
}

#[tokio::test]
async fn a_raw_path_must_be_a_plain_path() {
    let (api, weeek) = mock_json(json!({}));
    for path in ["", "x", "//evil.example.com/x", "/a/../b", "/a?b=c", "/a#b", "/a b", "/%2e%2e/b", "/a/", "/{id}"] {
        assert!(weeek.request(Method::GET, path).decode_as::<Value>().await.unwrap_err().is_builder(), "{path}");
    }
    assert!(weeek.request(Method::GET, "/{id}").path_param("..").decode_as::<Value>().await.unwrap_err().is_builder());
    assert!(weeek.request(Method::GET, "/a").path_param(1).decode_as::<Value>().await.unwrap_err().is_builder());
    assert!(api.requests().is_empty());
}

#[tokio::test]
async fn a_number_that_json_cannot_hold_is_not_sent() {
    #[derive(serde::Serialize)]
    enum Amount {
        Exact { value: f64 },
        Range(f32, Option<f64>),
        Map(std::collections::BTreeMap<String, [f64; 1]>),
    }
    let (api, weeek) = mock_json(json!({"success": true, "task": {"id": 1}}));
    let map = |number| Amount::Map([("a".to_owned(), [number])].into());
    for amount in [
        Amount::Exact { value: f64::NAN },
        Amount::Range(f32::INFINITY, None),
        Amount::Range(1.0, Some(f64::NEG_INFINITY)),
        map(f64::NAN),
    ] {
        let error = weeek.tasks().update(1, UpdateTask::new()).property("amount", &amount).await.unwrap_err();
        assert_eq!(error.to_string(), "tasks.update: invalid request: cannot write amount: not a finite number");
        let error = weeek.request(Method::PUT, "/x").json(&[&amount]).decode_as::<Value>().await.unwrap_err();
        assert_eq!(error.to_string(), "raw.put /x: invalid request: cannot write the body: not a finite number");
    }
    assert!(api.requests().is_empty());
    for amount in [Amount::Exact { value: 1.5 }, Amount::Range(1.0, Some(2.0)), map(0.5)] {
        weeek.tasks().update(1, UpdateTask::new()).property("amount", ("x", 1, &amount)).await.unwrap();
    }
    assert_eq!(api.requests()[2].json()["amount"], json!(["x", 1, {"Map": {"a": [0.5]}}]));
}

#[tokio::test]
async fn a_raw_call_pages() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Sprint {
        id: usize,
    }
    let (api, weeek) = mock(|request| {
        let offset: usize = number(request, "offset").unwrap();
        let limit = number(request, "perPage").or(number(request, "limit")).unwrap();
        let sprints: Vec<_> = (offset..7).take(limit).map(|id| json!({"id": id})).collect();
        let sprints = if sprints.is_empty() { json!({}) } else { json!(sprints) };
        let flag = if number(request, "flag") == Some(1) { "hasMoreSprints" } else { "other" };
        Reply::json(json!({"success": true, "sprints": sprints, flag: offset + limit < 7}))
    });
    let call = |flag| weeek.request(Method::GET, "/tm/sprints").query_param("flag", flag);
    for (call, requests) in [
        (call(1), 1),
        (call(1).query_param("limit", 3), 3),
        (call(1).query_param("perPage", 4), 2),
        (call(0).query_param("limit", 3), 4),
    ] {
        let before = api.requests().len();
        let sprints: Vec<Sprint> = call.items("sprints").try_collect().await.unwrap();
        assert_eq!(sprints.iter().map(|sprint| sprint.id).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(api.requests().len() - before, requests);
    }
    let error = call(1).items::<Value>("entries").try_next().await.unwrap_err();
    assert!(error.is_decode() && error.to_string().ends_with("the response has no `entries`"), "{error}");
    let error = call(1).items::<String>("sprints").try_next().await.unwrap_err();
    assert_eq!((error.json_path(), error.body()), (Some("sprints[0]"), &br#"{"id":0}"#[..]));

    let count = std::sync::atomic::AtomicUsize::new(0);
    let (api, weeek) = mock(move |_| {
        let signature = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Reply::json(json!({"files": [{"id": "a", "url": format!("https://x/?signature={signature}")}]}))
    });
    let files: Vec<Value> = weeek.request(Method::GET, "/files").items("files").try_collect().await.unwrap();
    assert_eq!((files.len(), api.requests().len()), (1, 2), "a path that does not page");
}

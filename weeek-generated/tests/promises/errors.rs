//! Errors answer questions, whatever the shape of the refusal.

use weeek_generated::Upload;

use super::*;

#[tokio::test]
async fn errors_answer_questions_whatever_their_shape() {
    let invalid = json!({"success": false, "errors": {"tags.0": ["bad tag"], "x": "alone"}});
    let (_server, weeek) = answering(ResponseTemplate::new(422).set_body_json(invalid)).await;
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert!(error.is_validation() && error.is_refused());
    assert_eq!(error.field_errors()["tags.0"], ["bad tag"]);
    assert_eq!(error.field_errors()["x"], ["alone"]);

    let (_server, weeek) = json_answer(json!({"success": false, "reason": "limit"})).await;
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert!(error.is_refused());
    assert_eq!((error.status().unwrap().as_u16(), error.message()), (200, Some("limit")));

    for body in ["<html>gone</html>", "", "{\"message\":\"Record not found\"}"] {
        let (_server, weeek) = answering(ResponseTemplate::new(404).set_body_string(body)).await;
        let error = weeek.tasks().delete(1).await.unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.body(), body.as_bytes());
    }

    let body = json!({"success": false, "code": "2000000", "message": "Unauthenticated."});
    let (_server, weeek) = answering(ResponseTemplate::new(401).set_body_json(body)).await;
    let error = weeek.user().get().await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(error.code(), Some(2_000_000));
}

#[tokio::test]
async fn a_decode_error_names_its_place_and_keeps_the_body() {
    let (_server, weeek) = json_answer(json!({"success": true, "tasks": [{"id": 1}, {"title": "no id"}]})).await;
    let error = weeek.tasks().list(ListTasks::new()).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.operation().unwrap().id(), "tasks.list");
    let message = error.message().unwrap();
    assert!(message.contains("tasks[1]") && message.contains("missing field `id`"), "{message}");
    assert!(error.body().starts_with(b"{"));
}

#[test]
fn the_place_of_a_fault_is_told_wherever_it_is() {
    let weeek = Client::builder("t").build().unwrap();
    for (answer, place) in [
        (
            r#"{"tasks":[{"id":1},{"id":2,"timeEntries":[{"id":"a"},{}]}]}"#,
            "at tasks[1].timeEntries[1]: missing field `id`",
        ),
        (
            r#"{"tasks":[{"id":1,"locations":{"4":{"boardId":1}},"customFields":{"7":{}}}]}"#,
            "at tasks[0].customFields.7: missing field `id`",
        ),
        (r#"{"tasks":[{"id":1},{"id":null}]}"#, "at tasks[1].id: null, or a value of another kind"),
        (r#"{"tasks":[{"id":1},{"id":2,"title":"broken o"#, "at tasks[1].title: EOF while parsing a string"),
        (r#"{"tasks":[]} and more"#, "trailing characters at line 1 column 14"),
    ] {
        let error = weeek.tasks().list(ListTasks::new()).decode(StatusCode::OK, answer).unwrap_err();
        assert!(error.is_decode() && error.body() == answer.as_bytes());
        assert!(error.message().unwrap().starts_with(place), "{:?}", error.message());
    }
}

#[tokio::test]
async fn an_answer_of_another_form_is_no_empty_list() -> Result<()> {
    let (_server, weeek) = json_answer(json!({"success": true, "items": [{"id": 1}]})).await;
    for error in [
        weeek.tasks().list(ListTasks::new()).await.unwrap_err(),
        weeek.tags().list().await.unwrap_err(),
        weeek.tasks().upload_attachments(1, [Upload::bytes("x", "y")]).await.unwrap_err(),
    ] {
        assert!(error.is_decode() && error.message().unwrap().starts_with("the answer has no `"), "{error}");
        assert!(error.body().starts_with(b"{"));
    }
    for empty in [json!(null), json!({}), json!([])] {
        let (_server, weeek) = json_answer(json!({"success": true, "tasks": empty, "tags": empty})).await;
        assert!(weeek.tasks().list(ListTasks::new()).await?.items.is_empty());
        assert!(weeek.tags().list().await?.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn not_found_is_known_in_each_of_its_forms() {
    let forms = [
        (400, r#"{"success":false,"code":1000001,"message":"Model not found"}"#),
        (404, r#"{"message":"Record not found"}"#),
        (404, "<!DOCTYPE html><title>Not Found</title>"),
        (404, r#"{"success":false,"message":"The route public/v1/x could not be found."}"#),
    ];
    for (status, body) in forms {
        let (_server, weeek) = answering(ResponseTemplate::new(status).set_body_string(body)).await;
        let error = weeek.tasks().get(1).await.unwrap_err();
        assert!(error.is_not_found() && !error.is_validation(), "{body}");
        assert_eq!((error.status().unwrap().as_u16(), error.body()), (status, body.as_bytes()));
    }
    let (_server, weeek) = answering(ResponseTemplate::new(400).set_body_string("{\"code\":1}")).await;
    assert!(!weeek.tasks().get(1).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn an_answer_that_breaks_off_keeps_what_had_come() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 4096]);
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"success\":true,");
    });
    let weeek = Client::builder("t").base_url(base).retry(RetryPolicy::never()).build().unwrap();
    let error = weeek.tasks().get(1).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("tasks.get: the connection failed: end of file"), "{text}");
    assert_eq!((error.status().unwrap().as_u16(), error.body()), (200, &b"{\"success\":true,"[..]));
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 4000])).mount(&server).await;
    let weeek = Client::builder("t").base_url(server.uri()).answer_limit(1000).build().unwrap();
    let error = weeek.tasks().get(1).await.unwrap_err();
    assert_eq!(error.to_string(), "tasks.get: the answer was not understood: the answer has more than 1000 bytes");
}

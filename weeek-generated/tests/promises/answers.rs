//! Answers are read with forbearance, and what had to be tolerated can be told.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use weeek_generated::Drift;

use super::*;

#[tokio::test]
async fn live_oddities_lose_nothing() -> Result<()> {
    let odd = json!({"success": 1, "task": {
        "id": "17", "title": 5, "isCompleted": 1, "isDeleted": null, "tags": {}, "assignees": null, "type": "dream",
        "priority": 9, "dueDate": "", "startDate": "05.10.2022", "createdAt": "2026-08-30T11:24:15+00:00",
        "updatedAt": "2026-08-30 11:24:15", "locations": {"1": {"projectId": 4}}, "customFields": [
            {"id": "a", "type": "select", "value": null, "config": []},
            {"id": "b", "type": "hologram", "value": {"x": 1}},
            {"id": "c", "type": "text", "value": "hi", "options": null}
        ], "surprise": [1]
    }});
    let (_server, weeek) = json_answer(odd).await;
    let task = weeek.tasks().get(17).await?;
    assert_eq!(task.id, 17);
    assert_eq!(task.title.as_deref(), Some("5"));
    assert!(task.is_completed && task.tags.is_empty() && task.assignees.is_empty());
    assert_eq!(task.kind, Some(TaskKind::Unknown("dream".to_owned())));
    assert_eq!(task.priority, Some(TaskPriority::Unknown(9)));
    assert_eq!((task.due_date, task.start_date.map(jiff::civil::Date::month)), (None, Some(10)));
    assert_eq!(task.created_at, task.updated_at);
    assert_eq!(task.locations[0].project_id, Some(4.into()));
    assert_eq!(task.custom_fields[0].value, None);
    assert_eq!(task.custom_fields[1].value, Some(CustomFieldValue::Unknown(json!({"x": 1}))));
    assert_eq!(task.custom_fields[2].value, Some(CustomFieldValue::Text("hi".to_owned())));
    Ok(())
}

#[tokio::test]
async fn an_upload_may_answer_one_attachment_or_a_list() -> Result<()> {
    let one = json!({"id": "a", "name": "x", "url": "https://example.com/x"});
    for data in [one.clone(), json!([one])] {
        let (_server, weeek) = json_answer(json!({"success": true, "data": data})).await;
        assert_eq!(weeek.attachments().get("a").await?.id.as_str(), "a");
        let file = weeek_generated::Upload::bytes("x", "y");
        assert_eq!(weeek.tasks().upload_attachments(1, [file]).await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn whatever_had_to_be_tolerated_can_be_told() {
    let odd = json!({"success": true, "surprise": 1, "task": {
        "id": "17", "title": "x", "isCompleted": 1, "authorId": null, "tags": {}, "type": "dream", "dueDate": "",
        "createdAt": "2026-08-30 11:24:15", "locations": [{"projectId": 4, "boardId": null}, {"boardId": "none"}],
        "customFields": [{"id": "a", "name": "A", "type": "text", "value": {"no": "text"}}], "novelty": {"deep": [1]}
    }});
    let told = Arc::new(Mutex::new(Vec::new()));
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(odd)).mount(&server).await;
    let hook = {
        let told = Arc::clone(&told);
        move |drift: &Drift| told.lock().unwrap().push(drift.to_string())
    };
    let weeek = Client::builder("t").base_url(server.uri()).on_drift(hook).build().unwrap();
    weeek.tasks().get(17).await.unwrap();
    let told: BTreeSet<_> = told.lock().unwrap().drain(..).collect();
    for line in [
        "at surprise: expected no such property, got a number",
        "at task.id: expected an integer, got a text",
        "at task.isCompleted: expected a boolean, got a number",
        "at task.authorId: expected a value, got null",
        "at task.tags: expected a list, got an object",
        "at task.type: expected a known TaskKind, got another value",
        "at task.dueDate: expected a date, got an empty text",
        "at task.createdAt: expected an instant, got a text of another form",
        "at task.locations[1].projectId: expected a value, got nothing",
        "at task.locations[1].boardId: expected an integer, got a text",
        "at task.customFields[0].value: expected a text, got an object",
        "at task.novelty: expected no such property, got an object",
        "at task.updatedAt: expected a value, got nothing",
    ] {
        assert!(told.contains(&format!("tasks.get: {line}")), "{line}\n{told:#?}");
    }
    let text = format!("{told:?}");
    assert!(!text.contains("dream") && !text.contains("deep"), "values are never told: {text}");
}

#[tokio::test]
async fn a_call_can_have_a_drift_hook_of_its_own() {
    let (_server, weeek) = json_answer(json!({"success": true, "tags": [{"id": 1, "title": "a", "color": 7}]})).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let told = Arc::clone(&told);
        move |drift: &Drift| told.lock().unwrap().push((drift.path.clone(), drift.operation.id(), drift.got))
    };
    weeek.tags().list().on_drift(hook).await.unwrap();
    assert_eq!(*told.lock().unwrap(), [("tags[0].color".to_owned(), "tags.list", "a number")]);
}

#[tokio::test]
async fn an_object_is_read_with_and_without_its_envelope() {
    let board = json!({"id": 9, "name": "Sprint", "projectId": 4, "isPrivate": false});
    for (answer, expected) in [
        (board.clone(), Some(9.into())),
        (json!({"success": true, "board": board}), Some(9.into())),
        (json!({"success": true}), None),
    ] {
        let (_server, weeek) = json_answer(answer).await;
        assert_eq!(weeek.boards().update(9, "Sprint").await.unwrap().map(|board| board.id), expected);
    }
    let (_server, weeek) = json_answer(board).await;
    assert_eq!(weeek.boards().create(CreateBoard::new("Sprint", 4)).await.unwrap().name, "Sprint");
}

fn offline() -> Client {
    Client::builder("t").build().unwrap()
}

#[test]
fn a_list_with_gaps_keeps_its_order() {
    let answer = r#"{"success":true,"tags":{"12":{"id":3},"7":{"id":1},"100":{"id":2}}}"#;
    let tags = offline().tags().list().decode(StatusCode::OK, answer).unwrap();
    assert_eq!(tags.iter().map(|tag| tag.id.get()).collect::<Vec<_>>(), [3, 1, 2]);
    let answer = r#"{"success":true,"tags":{"title":"alone","id":4}}"#;
    let tags = offline().tags().list().decode(StatusCode::OK, answer).unwrap();
    assert_eq!((tags.len(), tags[0].id.get(), tags[0].title.as_str()), (1, 4, "alone"));
}

#[test]
fn a_key_may_be_escaped_and_of_two_alike_the_first_counts() {
    let answer = r#"{"succ\u0065ss":true,"tag":{"\u0069d":1,"id":2,"titl\u0065":"a","title":null}}"#;
    let tag = offline().tags().get(1).decode(StatusCode::OK, answer).unwrap();
    assert_eq!((tag.id.get(), tag.title.as_str()), (1, "a"));
}

#[test]
fn types_read_json_on_their_own_too() {
    let tag: Tag = serde_json::from_str(r#"{"id":"1","title":null,"novelty":[]}"#).unwrap();
    assert_eq!((tag.id.get(), tag.title.as_str()), (1, ""));
    assert!(serde_json::from_str::<Tag>("{}").unwrap_err().to_string().starts_with("missing field `id`"));
}

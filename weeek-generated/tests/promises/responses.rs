//! Responses are decoded leniently, values are never invented, and every mismatch is reported.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use weeek_generated::{Drift, Error, Upload};

use super::*;

/// Decodes a task with these properties. Returns the result and the reported drift.
fn task(properties: &str) -> (Result<Task>, BTreeSet<String>) {
    let body = format!(r#"{{"success":true,"task":{{{properties}}}}}"#);
    decode(|weeek| weeek.tasks().get(1).decode(StatusCode::OK, body))
}

fn decode<T>(run: impl FnOnce(Client) -> Result<T>) -> (Result<T>, BTreeSet<String>) {
    let reported = Arc::new(Mutex::new(BTreeSet::new()));
    let hook = {
        let reported = Arc::clone(&reported);
        move |drift: &Drift| {
            let Drift { json_path, expected, found, .. } = drift;
            reported.lock().unwrap().insert(format!("{json_path}: {expected}, {found}"));
        }
    };
    let result = run(Client::builder("t").on_drift(hook).build().unwrap());
    let reported = std::mem::take(&mut *reported.lock().unwrap());
    (result, reported)
}

fn location(error: &Error) -> &str {
    assert!(error.is_decode(), "{error}");
    error.json_path().unwrap_or_default()
}

#[test]
fn oddities_of_live_responses_lose_no_data() -> Result<()> {
    let odd = json!({"success": 1, "task": {
        "id": "17", "title": 5, "isCompleted": 1, "isDeleted": null, "tags": {}, "assignees": null, "type": "dream",
        "priority": 9, "dueDate": "", "startDate": "05.10.2022", "createdAt": "2026-08-30T11:24:15+00:00",
        "updatedAt": "2026-08-30 11:24:15", "locations": {"1": {"projectId": 4}}, "customFields": [
            {"id": "a", "type": "select", "value": null, "config": []},
            {"id": "b", "type": "hologram", "value": {"x": 1}},
            {"id": "c", "type": "text", "value": "hi", "options": null}
        ], "surprise": [1]
    }});
    let task = offline().tasks().get(17).decode(StatusCode::OK, odd.to_string())?;
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
    assert_eq!(task.extra("surprise"), Some(&json!([1])));
    Ok(())
}

#[test]
fn every_mismatch_is_reported_without_its_value() {
    let odd = json!({"surprise": 1, "task": {
        "id": "17", "title": "x", "isCompleted": 1, "authorId": null, "tags": {}, "type": "dream", "dueDate": "",
        "createdAt": "2026-08-30 11:24:15", "locations": [{"projectId": 4, "boardId": null}, {"boardId": "none"}],
        "customFields": [{"id": "a", "name": "A", "type": "text", "value": {"no": "text"}}], "assignees": ["u", null, ""],
        "novelty": {"deep": [1]}, "day": "31.08.2026"
    }});
    let (task, reported) = decode(|weeek| weeek.tasks().get(17).decode(StatusCode::OK, odd.to_string()));
    assert_eq!(task.unwrap().assignees.len(), 1);
    for line in [
        "success: a boolean, nothing",
        "surprise: no such property, a number",
        "task.id: an integer, a string",
        "task.isCompleted: a boolean, an integer",
        "task.authorId: an id, null",
        "task.tags: an array, an object",
        "task.type: a known TaskKind, an unknown value",
        "task.dueDate: a date, an empty string",
        "task.createdAt: a timestamp, a string in another format",
        "task.locations[1].projectId: an integer, nothing",
        "task.locations[1].boardId: an integer, a string",
        "task.customFields[0].value: a string, an object",
        "task.assignees[1]: an id, null",
        "task.assignees[2]: an id, an empty string",
        "task.novelty: no such property, an object",
        "task.updatedAt: a timestamp, nothing",
    ] {
        assert!(reported.contains(line), "{line}\n{reported:#?}");
    }
    let text = format!("{reported:?}");
    assert!(!text.contains("dream") && !text.contains("deep"), "values are never reported: {text}");
}

#[test]
fn values_are_never_invented() {
    // A required boolean or number that is missing or null has a neutral value, and is reported.
    for properties in [r#""id":1"#, r#""id":1,"isCompleted":null"#] {
        let (task, reported) = task(properties);
        assert!(!task.unwrap().is_completed);
        let found = if properties.contains("null") { "null" } else { "nothing" };
        assert!(reported.contains(&format!("task.isCompleted: a boolean, {found}")), "{reported:#?}");
    }
    // One that cannot be decoded is an error with its location.
    for (properties, path) in [
        (r#""id":1,"isCompleted":"yes""#, "task.isCompleted"),
        (r#""id":1,"isCompleted":2"#, "task.isCompleted"),
        (r#""id":true"#, "task.id"),
        (r#""id":9223372036854775808"#, "task.id"),
        (r#""id":"""#, "task.id"),
        (r#""id":null"#, "task.id"),
        (r#""id":1,"tags":"""#, "task.tags"),
        (r#""id":1,"tags":[1,true]"#, "task.tags[1]"),
        (r#""id":1,"timeEntries":[{"id":"a"},{}]"#, "task.timeEntries[1]"),
        (r#""id":1,"locations":[[{"projectId":1},{"projectId":2}]]"#, "task.locations[0]"),
    ] {
        assert_eq!(location(&task(properties).0.unwrap_err()), path, "{properties}");
    }
    // An optional one is `None`, and is reported.
    let (task, reported) =
        task(r#""id":1,"priority":false,"duration":"soon","parentId":true,"dueDate":"31.08.26","type":true"#);
    let task = task.unwrap();
    assert_eq!(
        (task.priority, task.duration, task.parent_id, task.due_date, task.kind),
        (None, None, None, None, None)
    );
    for line in [
        "task.priority: an integer, a boolean",
        "task.duration: an integer, a string",
        "task.parentId: an integer, a boolean",
    ] {
        assert!(reported.contains(line), "{line}\n{reported:#?}");
    }
}

#[test]
fn an_odd_value_does_not_hide_other_drift() {
    let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    for odd in [
        format!(r#""x":{deep}"#),
        r#""title":"\ud83d""#.to_owned(),
        r#""x":1e400"#.to_owned(),
        r#""title":"ä""#.to_owned(),
    ] {
        let (task, reported) = task(&format!(r#""id":1,"isCompleted":0,{odd}"#));
        assert!(!task.unwrap().is_completed, "{odd}");
        assert!(reported.contains("task.isCompleted: a boolean, an integer"), "{odd}: {reported:#?}");
    }
    let (decoded, _) = task(r#""id":1,"title":"half \ud83d""#);
    assert_eq!(decoded.unwrap().title.as_deref(), Some("half \u{fffd}"));
    let (decoded, reported) = task(r#""id":1,"duration":1e400"#);
    assert_eq!(decoded.unwrap().duration, None);
    assert!(reported.contains("task.duration: an integer, a string"), "{reported:#?}");
}

#[test]
fn an_object_as_a_custom_field_value_overwrites_nothing() {
    let field = r#"{"id":"a","name":"n","type":"contact","options":[],"value":{"id":"c-1"}}"#;
    let (task, reported) = task(&format!(r#""id":1,"customFields":[{field}]"#));
    assert_eq!(task.unwrap().custom_fields[0].value, Some(CustomFieldValue::Unknown(json!({"id": "c-1"}))));
    let of_field: Vec<_> = reported.iter().filter(|line| line.contains("customFields[0]")).collect();
    assert_eq!(of_field, ["task.customFields[0].value: an id, an object"]);
}

#[test]
fn a_call_without_data_accepts_the_empty_responses_of_php() {
    let weeek = offline();
    let delete = |body: &str| weeek.tasks().delete(1).decode(StatusCode::OK, body.to_owned());
    for body in ["", " \n", "{}", "[]", "null", "true", r#"{"success":true}"#, r#"{"success":null}"#, "\u{feff}{}"] {
        delete(body).unwrap_or_else(|error| panic!("{body:?}: {error}"));
    }
    for body in ["OK", "<html>login</html>", "5", "\"x\"", "[1]", "{", "nul"] {
        assert!(delete(body).unwrap_err().is_decode(), "{body:?}");
    }
    for flag in ["false", "0", "\"false\"", "\"0\"", "\"no\""] {
        let error = delete(&format!(r#"{{"message":"why","success":{flag}}}"#)).unwrap_err();
        assert!(error.is_api_error() && error.message() == Some("why"), "{flag}: {error}");
    }
    assert!(delete("false").unwrap_err().is_api_error());
    let (_, reported) = decode(|weeek| weeek.tasks().delete(1).decode(StatusCode::OK, r#"{"success":"maybe"}"#));
    assert!(reported.contains("success: a boolean, a string"), "{reported:#?}");
}

#[test]
fn a_list_in_another_format_keeps_its_items_or_is_an_error() {
    let weeek = offline();
    let tags = |list: &str| {
        let body = format!(r#"{{"success":true,"tags":{list}}}"#);
        let tags = weeek.tags().list().decode(StatusCode::OK, body);
        tags.map(|tags| tags.iter().map(|tag| tag.id.as_i64()).collect::<Vec<_>>())
    };
    for (list, ids) in [
        (r#"{"12":{"id":3},"7":{"id":1},"100":{"id":2}}"#, &[3, 1, 2][..]),
        (r#"{"a":{"id":3},"7":{"id":1}}"#, &[3, 1]),
        (r#"{"title":"alone","id":4}"#, &[4]),
        (r#"[{"id":1},null,[{"id":2}]]"#, &[1, 2]),
        ("{}", &[]),
        ("null", &[]),
        ("[]", &[]),
    ] {
        assert_eq!(tags(list).unwrap(), ids, "{list}");
    }
    for (list, path) in [("\"\"", "tags"), ("false", "tags"), ("5", "tags"), (r#"[[{"id":1},{"id":2}]]"#, "tags[0]")] {
        assert_eq!(location(&tags(list).unwrap_err()), path, "{list}");
    }
    let error = weeek.tags().list().decode(StatusCode::OK, r#"{"success":true,"items":[{"id":1}]}"#).unwrap_err();
    assert!(error.to_string().ends_with("the response has no `tags`"), "{error}");
}

#[test]
fn an_undecodable_item_does_not_lose_the_page() {
    let body = r#"{"success":true,"tasks":[{"id":1},{"title":"no id"},null,[],{"id":4,"isCompleted":"?"},{"id":5}],"hasMore":false}"#;
    let (page, reported) = decode(|weeek| weeek.tasks().list(ListTasks::new()).decode(StatusCode::OK, body));
    let page = page.unwrap();
    assert_eq!(page.items.iter().map(|task| task.id.as_i64()).collect::<Vec<_>>(), [1, 5]);
    let undecodable: Vec<_> = page
        .unreadable
        .iter()
        .map(|item| (item.json_path.as_str(), item.reason.as_str(), item.json.as_str()))
        .collect();
    assert_eq!(
        undecodable,
        [
            ("tasks[1]", "missing field `id`", r#"{"title":"no id"}"#),
            ("tasks[4].isCompleted", "expected a boolean, found a string", r#"{"id":4,"isCompleted":"?"}"#),
        ]
    );
    for line in
        ["tasks[1]: a readable item, an unreadable one", "tasks[2]: an object, null", "tasks[3]: an object, an array"]
    {
        assert!(reported.contains(line), "{line}\n{reported:#?}");
    }
    for list in ["\"\"", "false", "5", "{\"a\":1}"] {
        let body = format!(r#"{{"success":true,"tasks":{list},"hasMore":false}}"#);
        let page = offline().tasks().list(ListTasks::new()).decode(StatusCode::OK, body);
        assert!(page.is_err() || list.starts_with('{'), "{list}: {page:?}");
    }
    let (page, reported) =
        decode(|weeek| weeek.tasks().list(ListTasks::new()).decode(StatusCode::OK, r#"{"success":true,"tasks":null}"#));
    assert!(page.unwrap().items.is_empty());
    assert_eq!(reported.into_iter().collect::<Vec<_>>(), ["hasMore: a boolean, nothing", "tasks: an array, null"]);
}

#[test]
fn a_body_that_is_almost_json_loses_no_data() {
    let weeek = offline();
    let get = |body: &[u8]| weeek.tasks().get(1).decode(StatusCode::OK, body.to_vec());
    let task = r#"{"success":true,"task":{"id":1,"title":"x"}}"#;
    for body in [format!("\u{feff}{task}"), format!("{task} and more"), format!("{task}}}")] {
        assert_eq!(get(body.as_bytes()).unwrap().id, 1, "{body}");
    }
    assert_eq!(get(b"{\"task\":{\"id\":1,\"title\":\"\xff\"}}").unwrap().title.as_deref(), Some("\u{fffd}"));
    let (_, reported) = decode(|weeek| weeek.tasks().get(1).decode(StatusCode::OK, format!("{task} and more")));
    assert!(reported.contains(": one value, more text after it"), "{reported:#?}");
    let error = get(br#"{"success":true,"task":{"id":1,"title":"cut"#).unwrap_err();
    assert!(
        error.to_string().starts_with("tasks.get: cannot decode response: at task.title: EOF while parsing"),
        "{error}"
    );
    let error = get(br#"{"success":true,"ta"#).unwrap_err();
    assert!(error.to_string().starts_with("tasks.get: cannot decode response: EOF while parsing"), "{error}");
}

#[tokio::test]
async fn an_upload_may_return_one_attachment_or_a_list() -> Result<()> {
    let one = json!({"id": "a", "name": "x", "url": "https://example.com/x"});
    for data in [one.clone(), json!([one])] {
        let (_, weeek) = mock_json(json!({"success": true, "data": data}));
        assert_eq!(weeek.attachments().get("a").await?.id.as_str(), "a");
        let file = Upload::bytes("x", "y");
        assert_eq!(weeek.tasks().upload_attachments(1, [file]).await?.len(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_call_can_have_its_own_drift_hook() {
    let (_, weeek) = mock_json(json!({"success": true, "tags": [{"id": 1, "title": "a", "color": 7}]}));
    let reported = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let reported = Arc::clone(&reported);
        move |drift: &Drift| reported.lock().unwrap().push(drift.to_string())
    };
    weeek.tags().list().on_drift(hook).await.unwrap();
    assert_eq!(*reported.lock().unwrap(), ["tags.list: at tags[0].color: expected a string, found an integer"]);
}

#[test]
fn an_object_is_decoded_with_and_without_its_envelope() {
    let board = json!({"id": 9, "name": "Sprint", "projectId": 4, "isPrivate": false});
    for (response, expected) in [
        (board.clone(), Some(9.into())),
        (json!({"success": true, "board": board}), Some(9.into())),
        (json!({"success": true}), None),
    ] {
        let updated = offline().boards().update(9, "Sprint").decode(StatusCode::OK, response.to_string()).unwrap();
        assert_eq!(updated.map(|board| board.id), expected);
    }
    let create =
        |weeek: Client| weeek.boards().create(CreateBoard::new("Sprint", 4)).decode(StatusCode::OK, board.to_string());
    let (created, reported) = decode(create);
    assert_eq!(created.unwrap().name, "Sprint");
    assert_eq!(reported.into_iter().collect::<Vec<_>>(), [": an envelope, an item without one"]);
    let (deleted, reported) = decode(|weeek| weeek.tags().delete(1).decode(StatusCode::OK, r#"{"id":1}"#));
    assert_eq!(deleted.ok(), Some(()));
    assert_eq!(
        reported.into_iter().collect::<Vec<_>>(),
        ["id: no such property, a number", "success: a boolean, nothing"]
    );
}

#[test]
fn keys_may_be_escaped_and_the_first_duplicate_counts() {
    let body = r#"{"succ\u0065ss":true,"tag":{"\u0069d":1,"id":2,"titl\u0065":"a","title":null}}"#;
    let tag = offline().tags().get(1).decode(StatusCode::OK, body).unwrap();
    assert_eq!((tag.id.as_i64(), tag.title.as_str()), (1, "a"));
}

#[test]
fn models_serialize_and_deserialize() {
    let json = json!({"id": 1, "title": "t", "color": "#FFF", "novelty": [1, {"a": null}]});
    let tag: Tag = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&tag).unwrap(), json);
    assert_eq!(tag.extras().collect::<Vec<_>>(), [("novelty", &json!([1, {"a": null}]))]);
    let tag: Tag = serde_json::from_str(r#"{"id":"1","title":null}"#).unwrap();
    assert_eq!((tag.id.as_i64(), tag.title.as_str()), (1, ""));
    assert!(serde_json::from_str::<Tag>("{}").unwrap_err().to_string().starts_with("missing field `id`"));
    let error = serde_json::from_str::<Task>(r#"{"id":1,"tags":[true]}"#).unwrap_err();
    assert!(error.to_string().starts_with("at tags[0]: expected an integer, found a boolean"), "{error}");
}

//! Requests distinguish absent, null and set properties, and decoded values are sent back unchanged.

use weeek_generated::models::CustomFieldValue as FieldValue;

use super::*;

fn body<T>(call: &weeek_generated::Call<T>) -> Value {
    serde_json::from_slice(call.request().json_body().unwrap()).unwrap()
}

#[tokio::test]
async fn empty_changes_non_finite_numbers_and_long_queries_are_not_sent() {
    let (api, weeek) = mock_json(json!({"deal": {"id": "d"}}));
    let nan = CustomFieldValues::new().set("f", f64::NAN);
    for (call, reason) in [
        (weeek.deals().update("d", UpdateDeal::new()), "the change is empty; set at least one property"),
        (weeek.deals().update("d", UpdateDeal::new().amount(f64::NAN)), "cannot write the body: not a finite number"),
        (
            weeek.deals().update("d", UpdateDeal::new().amount(f64::INFINITY)),
            "cannot write the body: not a finite number",
        ),
        (weeek.deals().update("d", UpdateDeal::new().custom_fields(nan)), "cannot write the body: not a finite number"),
    ] {
        let error = call.await.unwrap_err();
        assert!(error.is_builder() && !error.may_have_been_received());
        assert_eq!(error.message(), Some(reason));
    }
    let long = weeek.tasks().list(ListTasks::new().search("x".repeat(70_000))).await.unwrap_err();
    assert!(long.is_builder() && long.to_string().contains("at most 65000 can be sent"), "{long}");
    assert!(api.requests().is_empty());
}

#[test]
fn setters_convert_their_arguments() {
    let weeek = offline();
    let owned = String::from("Offer");
    let date = jiff::civil::date(2026, 11, 24);
    let member = UserId::from("m-1");
    let (project, column) = (ProjectId::from(4), BoardColumnId::from(17_i64));
    for title in [CreateTask::new().title("Offer"), CreateTask::new().title(owned.clone())] {
        let task = title.due_date(date).assignees([&member]).locations([CreateTaskLocation::new(project, column)]);
        let expected = json!({"title": "Offer", "dueDate": "2026-11-24", "assignees": ["m-1"],
            "locations": [{"projectId": 4, "boardColumnId": 17}]});
        assert_eq!(body(&weeek.tasks().create(task)), expected);
    }
    let filter = ListTasks::new().user_id(&member).project_id(4_u32).tags(vec![1, 2]).start_date(date);
    let query = weeek.tasks().list(&filter).request().query();
    assert_eq!(query, "userId=m-1&projectId=4&tags[]=1&tags[]=2&startDate=24.11.2026");
}

#[tokio::test]
async fn custom_fields_are_decoded_as_typed_values_and_sent_as_a_map() {
    let values = json!([
        {"id": "a", "type": "text", "value": "hello"},
        {"id": "b", "type": "boolean", "value": true},
        {"id": "c", "type": "datetime", "value": "2026-11-24T09:30:00Z"},
        {"id": "d", "type": "select", "value": "o-1"},
        {"id": "e", "type": "multiselect", "value": ["o-1", "o-2"]},
        {"id": "f", "type": "member", "value": ["m-1"]},
        {"id": "g", "type": "contact", "value": "c-1"},
        {"id": "h", "type": "link", "value": "https://example.com"},
        {"id": "i", "type": "approval", "value": ["m-1"]},
        {"id": "j", "type": "number", "value": 12.5},
        {"id": "k", "type": "hologram", "value": {"x": [1]}},
        {"id": "l", "type": "text", "value": null}
    ]);
    let response = json!({"success": true, "task": {"id": 1, "customFields": values},
        "deal": {"id": "d", "customFields": values}});
    let (_, weeek) = mock_json(response);
    let task = weeek.tasks().get(1).await.unwrap().custom_fields;
    assert_eq!(task, weeek.deals().get("d").await.unwrap().custom_fields);
    let decoded: Vec<_> = task.iter().map(|field| field.value.clone()).collect();
    assert_eq!(decoded[0], Some(FieldValue::Text("hello".to_owned())));
    assert_eq!(decoded[1], Some(FieldValue::Boolean(true)));
    assert_eq!(decoded[2], Some(FieldValue::DateTime("2026-11-24T09:30:00Z".parse().unwrap())));
    assert_eq!(decoded[3], Some(FieldValue::Select("o-1".into())));
    assert_eq!(decoded[4], Some(FieldValue::MultiSelect(vec!["o-1".into(), "o-2".into()])));
    assert!(matches!(&decoded[5], Some(FieldValue::Member(_))) && matches!(&decoded[6], Some(FieldValue::Contact(_))));
    assert_eq!(decoded[7], Some(FieldValue::Link("https://example.com".to_owned())));
    assert!(matches!(&decoded[8], Some(FieldValue::Approval(_))));
    assert_eq!(decoded[9], Some(FieldValue::Number(12.5)));
    assert_eq!((&decoded[10], &decoded[11]), (&Some(FieldValue::Unknown(json!({"x": [1]}))), &None));

    let set: Vec<_> = task.iter().filter_map(|field| Some((field.id.clone(), field.value.clone()?))).collect();
    let written = set.into_iter().fold(CustomFieldValues::new(), |map, (id, value)| map.set(id, value)).clear("l");
    let expected: serde_json::Map<_, _> = values
        .as_array()
        .unwrap()
        .iter()
        .map(|field| (field["id"].as_str().unwrap().to_owned(), field["value"].clone()))
        .collect();
    let expected = json!({"customFields": expected});
    assert_eq!(body(&weeek.tasks().update(1, UpdateTask::new().custom_fields(written.clone()))), expected);
    assert_eq!(body(&weeek.deals().update("d", UpdateDeal::new().custom_fields(written))), expected);
}

#[test]
fn custom_field_values_convert_from_common_types() {
    let done: jiff::Timestamp = "2026-11-24T09:30:00Z".parse().unwrap();
    let values = CustomFieldValues::new()
        .set("text", "hello")
        .set("link", String::from("https://example.com"))
        .set("boolean", false)
        .set("number", 12.5)
        .set("whole", 12)
        .set("datetime", done)
        .set("select", CustomFieldOptionId::from("o-1"))
        .set("multiselect", vec![CustomFieldOptionId::from("o-1")])
        .set("member", vec![UserId::from("m-1")])
        .set("contact", ContactId::from("c-1"));
    let expected = json!({
        "text": "hello", "link": "https://example.com", "boolean": false, "number": 12.5, "whole": 12.0,
        "datetime": "2026-11-24T09:30:00Z", "select": "o-1", "multiselect": ["o-1"], "member": ["m-1"], "contact": "c-1"
    });
    let call = offline().tasks().update(1, UpdateTask::new().custom_fields(values));
    assert_eq!(body(&call), json!({"customFields": expected}));
}

#[test]
fn debug_output_is_short() {
    let weeek = offline();
    assert_eq!(format!("{:?}", weeek.tasks().get(17)), "Call(tasks.get GET /tm/tasks/17)");
    assert_eq!(format!("{:?} {:?}", TaskId::from(17), WinStatus::Won), "TaskId(17) Won");
    assert_eq!(format!("{:?}", weeek_generated::Upload::bytes("a", vec![0; 9000])).matches("9000 bytes").count(), 1);
    assert!(format!("{:?}", weeek.tasks().list_all(ListTasks::new())).contains("tasks.list"));
}

//! What no example can say: null and omitted properties, the exact query, and responses in other forms.

use jiff::civil::date;
use reqwest::StatusCode;
use serde_json::{Value, json};
use weeek_generated::models::*;
use weeek_generated::{Call, Client};
use xtask::contract::schema::Violations;

use super::ids::*;
use super::{SCHEMAS, SPEC, declared};

fn offline() -> Client {
    Client::builder("secret").build().unwrap()
}

/// Checks what a call sends, and that the spec allows its body.
fn sends<T: Send + 'static>(call: &Call<T>, line: &str, body: Option<Value>) {
    let request = call.request();
    let query = Some(request.query()).filter(|query| !query.is_empty()).map(|query| format!("?{query}"));
    assert_eq!(format!("{} {}{}", request.method(), request.path(), query.unwrap_or_default()), line);
    let sent = request.json_body().map(|body| serde_json::from_slice::<Value>(body).unwrap());
    assert_eq!(sent, body, "{line}");
    if let Some(body) = body {
        let schema = format!("{}/requestBody/content/application~1json/schema", declared(call).pointer);
        assert_eq!(SCHEMAS.check(&schema, &body), Violations::new(), "{line}");
    }
}

fn decode<T: Send + 'static>(call: &Call<T>, response: &Value) -> T {
    call.decode(StatusCode::OK, response.to_string()).unwrap()
}

/// Decodes the example of the spec.
fn example<T: Send + 'static>(call: &Call<T>) -> T {
    decode(call, SPEC.success(declared(call)).unwrap().example.unwrap())
}

#[test]
fn queries_are_encoded_as_the_api_expects() {
    let client = offline();
    let filter = ListTasks::new()
        .day(date(2026, 11, 24))
        .completed(false)
        .priority(TaskPriority::Low)
        .tags([3, 4])
        .search("a&b=c")
        .limit(50)
        .sort(TaskSort::DateDescending)
        .start_date(date(2026, 11, 3))
        .include_deleted(true);
    let line = "GET /tm/tasks?day=24.11.2026&completed=0&priority=0&tags[]=3&tags[]=4&search=a%26b%3Dc&perPage=50\
                &sortBy=-date&startDate=03.11.2026&all=1";
    sends(&client.tasks().list(filter), line, None);
    let filter = ListDeals::new()
        .win_statuses([WinStatus::Won, WinStatus::Lost])
        .custom_fields([CustomFieldFilter::new(SOURCE, "a b"), CustomFieldFilter::new(BUDGET, "5")])
        .offset(20);
    let line = format!(
        "GET /crm/statuses/{STATUS}/deals?winStatuses[]=won&winStatuses[]=lost&customFields[0][id]={SOURCE}\
         &customFields[0][value]=a%20b&customFields[1][id]={BUDGET}&customFields[1][value]=5&offset=20"
    );
    sends(&client.deals().list(STATUS, filter), &line, None);

    // Unknown values are sent unchanged, although the spec does not allow them.
    let unknown = client.deals().list(STATUS, ListDeals::new().win_statuses([WinStatus::from("paused")]));
    assert_eq!(unknown.request().query(), "winStatuses[]=paused");
}

#[test]
fn null_and_omitted_properties_of_tasks_and_fields_differ() {
    let client = offline();
    let (tasks, fields) = (client.tasks(), client.custom_fields());
    let create = CreateTask::new()
        .locations([CreateTaskLocation::new(PROJECT, None)])
        .priority(TaskPriority::Low)
        .custom_fields(CustomFieldValues::new().set(BUDGET, CustomFieldValue::Boolean(true)).clear(SOURCE));
    let body = json!({
        "locations": [{"projectId": PROJECT, "boardColumnId": null}], "priority": 0,
        "customFields": {BUDGET: true, SOURCE: null}
    });
    sends(&tasks.create(create), "POST /tm/tasks", Some(body));
    let due = "2026-11-27T15:04:05.678Z".parse().ok();
    let update = UpdateTask::new()
        .title(None)
        .priority(None)
        .tags(Vec::<TagId>::new())
        .schedule(TaskSchedule::DateTimes { start_date_time: None, due_date_time: due });
    let body = json!({
        "title": null, "priority": null, "tags": [], "startDateTime": null, "dueDateTime": "2026-11-27T15:04:05Z"
    });
    sends(&tasks.update(TASK, update), "PUT /tm/tasks/1501", Some(body));
    let location = AddTaskLocation::new(43).board_column_id(None).position(TaskPosition::Before(NEIGHBOR.into()));
    let body = json!({"projectId": 43, "boardColumnId": null, "before": NEIGHBOR});
    sends(&tasks.add_location(TASK, location), "POST /tm/tasks/1501/locations", Some(body));
    let orphan = tasks.set_parent(TASK, SetTaskParent::new(None));
    sends(&orphan, "POST /tm/tasks/1501/parent", Some(json!({"parentId": null})));

    let create = CreateCustomField::new(CustomFieldKind::Boolean)
        .config(CustomFieldBooleanConfig::new(CustomFieldBooleanStyle::Radio));
    let body = json!({"type": "boolean", "config": {"type": "radio"}});
    sends(&fields.create(create), "POST /tm/custom-fields", Some(body));
    let (field, nameless) = (format!("/tm/custom-fields/{BUDGET}"), UpdateCustomField::new().name(None));
    sends(&fields.update(BUDGET, nameless), &format!("PUT {field}"), Some(json!({"name": null})));
    let before = CustomFieldOptionPosition::Before(OTHER_OPTION.into());
    let line = format!("POST {field}/options/{REFERRAL}/move");
    sends(&fields.move_option(BUDGET, REFERRAL, before), &line, Some(json!({"before": OTHER_OPTION})));
}

#[test]
fn null_and_omitted_properties_of_projects_and_deals_differ() {
    let client = offline();
    let deals = client.deals();
    let bare = CreateProject::new("Website relaunch", true).logo(None);
    let body = json!({"name": "Website relaunch", "isPrivate": true, "logo": null});
    sends(&client.projects().create(bare), "POST /tm/projects", Some(body));
    let (board, column) = (client.boards().move_after(117, None), client.board_columns().move_after(528, None));
    sends(&board, "POST /tm/boards/117/move", Some(json!({"upperBoardId": null})));
    sends(&column, "POST /tm/board-columns/528/move", Some(json!({"upperBoardColumnId": null})));

    let deal = format!("/crm/deals/{DEAL}");
    let change = UpdateDeal::new().amount(None).win_status(None);
    let body = json!({"amount": null, "winStatus": null});
    sends(&deals.update(DEAL, &change), &format!("PUT {deal}"), Some(body));
    let top = MoveDeal::new().previous_deal_id(None);
    let body = json!({"previousDealId": null});
    sends(&deals.move_to(DEAL, top), &format!("POST {deal}/move"), Some(body));
    let (top, body) = (deals.move_task(DEAL, TASK, None), json!({"previousTaskId": null}));
    sends(&top, &format!("POST {deal}/tasks/1501/move"), Some(body));
    let empty = deals.create_task(DEAL, CreateDealTask::new());
    sends(&empty, &format!("POST {deal}/tasks"), Some(json!({})));
    let (call, line) = (
        client.contacts().update(CONTACT, UpdateContact::new().middle_name(None)),
        format!("PUT /crm/contacts/{CONTACT}"),
    );
    sends(&call, &line, Some(json!({"middleName": null})));
}

#[test]
fn responses_in_other_forms_are_decoded() {
    let client = offline();
    let success = json!({"success": true});
    let (projects, update) = (client.projects(), UpdateProject::new("Website relaunch", false, "#003C93"));
    assert!(decode(&projects.update(PROJECT, update), &success).is_none());
    assert!(decode(&client.board_columns().update(528, "In progress"), &success).is_none());
    assert!(decode(&client.deals().patch(DEAL, PatchDeal::new().title("A")), &success).is_none());
    for response in [json!({"success": true, "repeatedTask": null, "repeatType": null}), success] {
        let completion = decode(&client.tasks().complete(TASK), &response);
        assert!(completion.repeated_task.is_none() && completion.repeat_type.is_none());
    }
    // Old documentation has other styles of boolean fields.
    for style in ["checkbox", "checbox", "switch"] {
        let response = json!({"success": true, "data": [{"id": BUDGET, "type": "boolean", "config": {"type": style}}]});
        let config = decode(&client.custom_fields().list(), &response).remove(0).config;
        let expected = CustomFieldBooleanConfig::new(CustomFieldBooleanStyle::from(style));
        assert_eq!(config, Some(CustomFieldConfig::Boolean(expected)), "{style}");
    }
}

#[test]
fn examples_are_decoded_into_the_right_types() {
    let client = offline();
    let page = example(&client.tasks().list(ListTasks::new()));
    let task = &page.items[0];
    assert!(page.has_more.is_some() && task.created_at.is_some() && task.attachments.len() == 1);
    assert_eq!(task.custom_fields[0].value, Some(CustomFieldValue::Select(REFERRAL.into())));
    let budget = CustomFieldCurrencyConfig::new(CustomFieldCurrencyFormat::Currency, 2, 1);
    let fields = example(&client.custom_fields().list());
    assert_eq!((fields[0].config.clone(), fields[1].options.len()), (Some(budget.into()), 1));
    let page = example(&client.organizations().list(ListOrganizations::new()));
    assert_eq!((page.items[0].responsible_id.clone(), page.has_more), (Some(NORA.into()), None));
    let page = example(&client.deals().list(STATUS, ListDeals::new()));
    assert_eq!((page.items[0].win_status.clone(), page.has_more), (Some(WinStatus::Won), Some(true)));
}

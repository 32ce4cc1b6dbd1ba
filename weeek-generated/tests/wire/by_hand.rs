//! What no example can say: null and omitted properties, the exact query, and responses in other forms.

use jiff::civil::date;
use serde_json::json;
use weeek_generated::models::*;

use crate::ids::*;
use crate::wire::Wire;

#[tokio::test]
async fn queries_are_encoded_as_the_api_expects() {
    let wire = Wire::start().await;
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
    wire.sends(wire.client.tasks().list(filter), line, None).await;
    let filter = ListDeals::new()
        .win_statuses([WinStatus::Won, WinStatus::Lost])
        .custom_fields([CustomFieldFilter::new(SOURCE, "a b"), CustomFieldFilter::new(BUDGET, "5")])
        .offset(20);
    let line = format!(
        "GET /crm/statuses/{STATUS}/deals?winStatuses[]=won&winStatuses[]=lost&customFields[0][id]={SOURCE}\
         &customFields[0][value]=a%20b&customFields[1][id]={BUDGET}&customFields[1][value]=5&offset=20"
    );
    wire.sends(wire.client.deals().list(STATUS, filter), &line, None).await;

    // Unknown values are sent unchanged, although the spec does not allow them.
    let unknown = wire.client.deals().list(STATUS, ListDeals::new().win_statuses([WinStatus::from("paused")]));
    assert_eq!(unknown.request().query(), "winStatuses[]=paused");
}

#[tokio::test]
async fn null_and_omitted_properties_of_tasks_and_fields_differ() {
    let wire = Wire::start().await;
    let (tasks, fields) = (wire.client.tasks(), wire.client.custom_fields());
    let create = CreateTask::new()
        .locations([CreateTaskLocation::new(PROJECT, None)])
        .priority(TaskPriority::Low)
        .custom_fields(CustomFieldValues::new().set(BUDGET, CustomFieldValue::Boolean(true)).clear(SOURCE));
    let body = json!({
        "locations": [{"projectId": PROJECT, "boardColumnId": null}], "priority": 0,
        "customFields": {BUDGET: true, SOURCE: null}
    });
    wire.sends(tasks.create(create), "POST /tm/tasks", Some(body)).await;
    let due = "2026-11-27T15:04:05.678Z".parse().ok();
    let update = UpdateTask::new()
        .title(None)
        .priority(None)
        .tags(Vec::<TagId>::new())
        .schedule(TaskSchedule::DateTimes { start_date_time: None, due_date_time: due });
    let body = json!({
        "title": null, "priority": null, "tags": [], "startDateTime": null, "dueDateTime": "2026-11-27T15:04:05Z"
    });
    wire.sends(tasks.update(TASK, update), "PUT /tm/tasks/1501", Some(body)).await;
    let location = AddTaskLocation::new(43).board_column_id(None).position(TaskPosition::Before(NEIGHBOR.into()));
    let body = json!({"projectId": 43, "boardColumnId": null, "before": NEIGHBOR});
    wire.sends(tasks.add_location(TASK, location), "POST /tm/tasks/1501/locations", Some(body)).await;
    let orphan = tasks.set_parent(TASK, SetTaskParent::new(None));
    wire.sends(orphan, "POST /tm/tasks/1501/parent", Some(json!({"parentId": null}))).await;

    let create = CreateCustomField::new(CustomFieldKind::Boolean)
        .config(CustomFieldBooleanConfig::new(CustomFieldBooleanStyle::Radio));
    let body = json!({"type": "boolean", "config": {"type": "radio"}});
    wire.sends(fields.create(create), "POST /tm/custom-fields", Some(body)).await;
    let (field, nameless) = (format!("/tm/custom-fields/{BUDGET}"), UpdateCustomField::new().name(None));
    wire.sends(fields.update(BUDGET, nameless), &format!("PUT {field}"), Some(json!({"name": null}))).await;
    let before = CustomFieldOptionPosition::Before(OTHER_OPTION.into());
    let line = format!("POST {field}/options/{REFERRAL}/move");
    wire.sends(fields.move_option(BUDGET, REFERRAL, before), &line, Some(json!({"before": OTHER_OPTION}))).await;
}

#[tokio::test]
async fn null_and_omitted_properties_of_projects_and_deals_differ() {
    let wire = Wire::start().await;
    let (client, deals) = (&wire.client, wire.client.deals());
    let bare = CreateProject::new("Website relaunch", true).logo(None);
    let body = json!({"name": "Website relaunch", "isPrivate": true, "logo": null});
    wire.sends(client.projects().create(bare), "POST /tm/projects", Some(body)).await;
    let (board, column) = (client.boards().move_after(117, None), client.board_columns().move_after(528, None));
    wire.sends(board, "POST /tm/boards/117/move", Some(json!({"upperBoardId": null}))).await;
    wire.sends(column, "POST /tm/board-columns/528/move", Some(json!({"upperBoardColumnId": null}))).await;

    let deal = format!("/crm/deals/{DEAL}");
    let change = UpdateDeal::new().amount(None).win_status(None);
    let body = json!({"amount": null, "winStatus": null});
    wire.sends(deals.update(DEAL, &change), &format!("PUT {deal}"), Some(body)).await;
    let top = MoveDeal::new().previous_deal_id(None);
    let body = json!({"previousDealId": null});
    wire.sends(deals.move_to(DEAL, top), &format!("POST {deal}/move"), Some(body)).await;
    let (top, body) = (deals.move_task(DEAL, TASK, None), json!({"previousTaskId": null}));
    wire.sends(top, &format!("POST {deal}/tasks/1501/move"), Some(body)).await;
    let empty = deals.create_task(DEAL, CreateDealTask::new());
    wire.sends(empty, &format!("POST {deal}/tasks"), Some(json!({}))).await;
    let (call, line) = (
        client.contacts().update(CONTACT, UpdateContact::new().middle_name(None)),
        format!("PUT /crm/contacts/{CONTACT}"),
    );
    wire.sends(call, &line, Some(json!({"middleName": null}))).await;
}

#[tokio::test]
async fn responses_in_other_forms_are_decoded() {
    let wire = Wire::start().await;
    let client = &wire.client;
    let success = || json!({"success": true});
    let (projects, update) = (client.projects(), UpdateProject::new("Website relaunch", false, "#003C93"));
    assert!(wire.decodes(projects.update(PROJECT, update), success()).await.is_none());
    assert!(wire.decodes(client.board_columns().update(528, "In progress"), success()).await.is_none());
    assert!(wire.decodes(client.deals().patch(DEAL, PatchDeal::new().title("A")), success()).await.is_none());
    let rename = || client.boards().update(117, "Design");
    assert!(wire.decodes(rename(), success()).await.is_none());
    let board = json!({"id": 117, "name": "Design", "projectId": PROJECT, "isPrivate": false});
    for response in [json!({"success": true, "board": board}), board] {
        assert!(wire.decodes(rename(), response).await.is_some());
    }
    for response in [json!({"success": true, "repeatedTask": null, "repeatType": null}), success()] {
        let completion = wire.decodes(client.tasks().complete(TASK), response).await;
        assert!(completion.repeated_task.is_none() && completion.repeat_type.is_none());
    }
    // Old documentation has other styles of boolean fields.
    for style in ["checkbox", "checbox", "switch"] {
        let response = json!({"success": true, "data": [{"id": BUDGET, "type": "boolean", "config": {"type": style}}]});
        let config = wire.decodes(client.custom_fields().list(), response).await.remove(0).config;
        let expected = CustomFieldBooleanConfig::new(CustomFieldBooleanStyle::from(style));
        assert_eq!(config, Some(CustomFieldConfig::Boolean(expected)), "{style}");
    }
}

#[tokio::test]
async fn examples_are_decoded_into_the_right_types() {
    let wire = Wire::start().await;
    let client = &wire.client;
    let page = wire.decodes_example(client.tasks().list(ListTasks::new())).await;
    let task = &page.items[0];
    assert!(page.has_more.is_some() && task.created_at.is_some() && task.attachments.len() == 1);
    assert_eq!(task.custom_fields[0].value, Some(CustomFieldValue::Select(REFERRAL.into())));
    let budget = CustomFieldCurrencyConfig::new(CustomFieldCurrencyFormat::Currency, 2, 1);
    let fields = wire.decodes_example(client.custom_fields().list()).await;
    assert_eq!((fields[0].config.clone(), fields[1].options.len()), (Some(budget.into()), 1));
    let page = wire.decodes_example(client.organizations().list(ListOrganizations::new())).await;
    assert_eq!((page.items[0].responsible_id.clone(), page.has_more), (Some(NORA.into()), None));
    let page = wire.decodes_example(client.deals().list(STATUS, ListDeals::new())).await;
    assert_eq!((page.items[0].win_status.clone(), page.has_more), (Some(WinStatus::Won), Some(true)));
}

use jiff::civil::date;
use serde_json::json;
use weeek_generated::models::*;

use crate::files;
use crate::ids::*;
use crate::wire::Wire;

pub(crate) const TAGS: &[&str] = &["tasks"];

fn source() -> CustomFieldValues {
    CustomFieldValues::new().set(SOURCE, CustomFieldValue::Select(REFERRAL.into()))
}

#[tokio::test]
async fn task_calls_match_the_spec() {
    let (mut wire, weeek) = Wire::start(TAGS).await;
    let tasks = weeek.tasks();
    let filter = ListTasks::new()
        .day(date(2026, 11, 24))
        .user_id(COLLEAGUE)
        .project_id(PROJECT)
        .completed(false)
        .board_id(BOARD)
        .board_column_id(COLUMN)
        .kind(TaskKind::Call)
        .priority(TaskPriority::Low)
        .tags([TAG, 4])
        .search("a&b=c")
        .limit(50)
        .offset(100)
        .sort(TaskSort::DateDescending)
        .start_date(date(2026, 11, 3))
        .end_date(date(2026, 11, 30))
        .completed_at_from(date(2026, 10, 1))
        .completed_at_to(date(2026, 12, 31))
        .include_deleted(true);
    let line = format!(
        "GET /tm/tasks?day=24.11.2026&userId={COLLEAGUE}&projectId=42&completed=0&boardId=117&boardColumnId=528&type=call\
         &priority=0&tags[]=3&tags[]=4&search=a%26b%3Dc&perPage=50&offset=100&sortBy=-date&startDate=03.11.2026\
         &endDate=30.11.2026&completedAtFrom=01.10.2026&completedAtTo=31.12.2026&all=1"
    );
    let page = wire.check(tasks.list(&filter), &line).await;
    let task = &page.items[0];
    assert!(page.has_more.is_some() && task.created_at.is_some() && task.attachments.len() == 1);
    assert_eq!(task.workloads[0].id, task.time_entries[0].id);
    assert_eq!(task.custom_fields[0].value, Some(CustomFieldValue::Select(REFERRAL.into())));

    let create = CreateTask::new()
        .title("Draft the offer")
        .description("<p>Scope and price, two pages at most.</p>")
        .locations([CreateTaskLocation::new(PROJECT, COLUMN)])
        .parent_id(PARENT)
        .assignees([COLLEAGUE])
        .user_id(COLLEAGUE)
        .kind(TaskKind::Action)
        .priority(TaskPriority::High)
        .due_date(date(2026, 11, 27))
        .day(date(2026, 11, 27))
        .custom_fields(source());
    wire.check(tasks.create(create), "POST /tm/tasks").await;
    let create = CreateTask::new()
        .locations([CreateTaskLocation::new(PROJECT, None)])
        .priority(TaskPriority::Low)
        .custom_fields(CustomFieldValues::new().set(BUDGET, CustomFieldValue::Boolean(true)).clear(SOURCE));
    let body = json!({
        "locations": [{"projectId": PROJECT, "boardColumnId": null}], "priority": 0,
        "customFields": {BUDGET: true, SOURCE: null}
    });
    wire.check_body(tasks.create(create), "POST /tm/tasks", body).await;
    wire.check(tasks.get(TASK), "GET /tm/tasks/1501").await;

    let schedule = TaskSchedule::Dates { start_date: Some(date(2026, 11, 24)), due_date: Some(date(2026, 11, 27)) };
    let update = UpdateTask::new()
        .title("Draft the offer")
        .priority(TaskPriority::High)
        .kind(TaskKind::Action)
        .schedule(schedule)
        .duration(90)
        .tags([TAG])
        .custom_fields(source())
        .board_column_id(COLUMN)
        .board_id(BOARD);
    wire.check(tasks.update(TASK, update), "PUT /tm/tasks/1501").await;
    let due = "2026-11-27T15:04:05.678Z".parse().ok();
    let update = UpdateTask::new()
        .title(None)
        .priority(None)
        .tags(Vec::<TagId>::new())
        .schedule(TaskSchedule::DateTimes { start_date_time: None, due_date_time: due });
    let body = json!({
        "title": null, "priority": null, "tags": [], "startDateTime": null, "dueDateTime": "2026-11-27T15:04:05Z"
    });
    wire.check_body(tasks.update(TASK, update), "PUT /tm/tasks/1501", body).await;
    wire.check(tasks.delete(TASK), "DELETE /tm/tasks/1501").await;

    let completion = wire.check(tasks.complete(TASK), "POST /tm/tasks/1501/complete").await;
    assert_eq!(completion.repeated_task.map(|task| task.id), Some(1503.into()));
    for response in [json!({"success": true, "repeatedTask": null, "repeatType": null}), json!({"success": true})] {
        let completion = wire.decode(tasks.complete(TASK), response).await;
        assert!(completion.repeated_task.is_none() && completion.repeat_type.is_none());
    }
    wire.check(tasks.reopen(TASK), "POST /tm/tasks/1501/un-complete").await;
    let placement = wire.check(tasks.move_to_board(TASK, BOARD), "POST /tm/tasks/1501/board").await;
    assert_eq!(placement.board_column_id, Some(COLUMN.into()));
    wire.check(tasks.move_to_board_column(TASK, COLUMN), "POST /tm/tasks/1501/board-column").await;

    let location = AddTaskLocation::new(43).board_column_id(541).position(TaskPosition::After(NEIGHBOR.into()));
    wire.check(tasks.add_location(TASK, location), "POST /tm/tasks/1501/locations").await;
    let location = AddTaskLocation::new(43).board_column_id(None).position(TaskPosition::Before(NEIGHBOR.into()));
    let body = json!({"projectId": 43, "boardColumnId": null, "before": NEIGHBOR});
    wire.check_body(tasks.add_location(TASK, location), "POST /tm/tasks/1501/locations", body).await;
    wire.check(tasks.remove_location(TASK, PROJECT), "DELETE /tm/tasks/1501/locations").await;
    let parent = SetTaskParent::new(PARENT).position(TaskPosition::After(NEIGHBOR.into()));
    wire.check(tasks.set_parent(TASK, parent), "POST /tm/tasks/1501/parent").await;
    let orphan = tasks.set_parent(TASK, SetTaskParent::new(None));
    wire.check_body(orphan, "POST /tm/tasks/1501/parent", json!({"parentId": null})).await;

    assert_eq!(wire.check(tasks.upload_attachments(TASK, files()), "POST /tm/tasks/1501/attachments").await.len(), 1);
    wire.check(tasks.add_watchers(TASK, [COLLEAGUE]), "POST /tm/tasks/1501/watchers").await;
    wire.check(tasks.remove_watchers(TASK, [COLLEAGUE]), "DELETE /tm/tasks/1501/watchers").await;
    wire.check(tasks.add_assignees(TASK, [COLLEAGUE]), "POST /tm/tasks/1501/assignees").await;
    wire.check(tasks.remove_assignees(TASK, [COLLEAGUE]), "DELETE /tm/tasks/1501/assignees").await;

    wire.check(tasks.start_timer(TASK), "POST /tm/tasks/1501/start-timer").await;
    wire.check(tasks.stop_timer(TASK), "POST /tm/tasks/1501/stop-timer").await;
    let entry = CreateTaskTimeEntry::new(COLLEAGUE, false, date(2026, 11, 24), 45);
    wire.check(tasks.create_time_entry(TASK, entry), "POST /tm/tasks/1501/time-entries").await;
    let replacement = UpdateTaskTimeEntry::new(COLLEAGUE, false, date(2026, 11, 24), 45);
    let line = format!("/tm/tasks/1501/time-entries/{TIME_ENTRY}");
    let updated = wire.check(tasks.update_time_entry(TASK, TIME_ENTRY, replacement), &format!("PUT {line}")).await;
    assert_eq!((updated.kind, updated.duration_seconds), (Some(TaskTimeEntryKind::Manual), Some(2700)));
    wire.check(tasks.delete_time_entry(TASK, TIME_ENTRY), &format!("DELETE {line}")).await;

    let comments = tasks.list_comments(TASK, ListTaskComments::new().limit(10).offset(20));
    assert_eq!(wire.check(comments, "GET /tm/tasks/1501/comments?limit=10&offset=20").await.items[0].id, COMMENT);
    let comment = CreateTaskComment::new("The price is **not** final.").parent_id(9000);
    wire.check(tasks.create_comment(TASK, comment), "POST /tm/tasks/1501/comments").await;
    wire.check(tasks.delete_comment(TASK, COMMENT), "DELETE /tm/tasks/1501/comments/9001").await;
    wire.finish();
}

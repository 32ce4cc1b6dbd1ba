//! Every operation on a real socket: the bytes that are sent, and the document's example answers read back.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

use std::collections::BTreeSet;
use std::future::IntoFuture;

use jiff::civil::date;
use serde_json::{Value, json};
use weeek_generated::models::*;
use weeek_generated::{Call, Client, Upload, operations};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

const DEAL: &str = "6p5fXr0hTzB1xE2k";
const STATUS: &str = "Q7mB2kV9xL4tR1sD";
const UUID: &str = "9b1c4e2a-52f0-4d6b-8a37-0f4f6f0f6a11";

struct Wire {
    server: MockServer,
    document: Value,
    seen: BTreeSet<&'static str>,
}

impl Wire {
    /// Sends the call, compares what arrived, and decodes the example that the document has for the answer.
    async fn check<T: std::fmt::Debug + Send + 'static>(
        &mut self,
        call: Call<T>,
        line: &str,
        body: Option<Value>,
    ) -> T {
        let operation = call.operation();
        let (status, example) = self.answer(operation.path(), operation.method().as_str());
        let template = ResponseTemplate::new(status);
        let template = if example.is_null() { template } else { template.set_body_json(example) };
        self.server.reset().await;
        Mock::given(any()).respond_with(template).mount(&self.server).await;
        let value = call.into_future().await.unwrap_or_else(|error| panic!("{line}: {error:?}"));

        let requests = self.server.received_requests().await.unwrap();
        assert_eq!(requests.len(), 1, "{line}");
        let request = &requests[0];
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        assert_eq!(format!("{} {}{query}", request.method, request.url.path()), line);
        let header = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("authorization").as_deref(), Some("Bearer secret"), "{line}");
        assert_eq!(header("accept").as_deref(), Some("application/json"), "{line}");
        match body {
            Some(body) => {
                assert_eq!(header("content-type").as_deref(), Some("application/json"), "{line}");
                assert_eq!(serde_json::from_slice::<Value>(&request.body).unwrap(), body, "{line}");
            }
            None if header("content-type").is_some_and(|kind| kind.starts_with("multipart/form-data")) => {
                let text = String::from_utf8_lossy(&request.body);
                assert!(text.contains("name=\"files[]\"; filename=\"a.txt\"") && text.contains("hello"), "{text}");
                assert_eq!(text.matches("name=\"files[]\"").count(), 2);
            }
            None => assert!(request.body.is_empty() && header("content-type").is_none(), "{line}"),
        }
        self.seen.insert(operation.id());
        value
    }

    /// Status and example of the operation's success answer.
    fn answer(&self, path: &str, method: &str) -> (u16, Value) {
        let responses = &self.document["paths"][path][method.to_lowercase()]["responses"];
        let (status, reference) =
            responses.as_object().unwrap().iter().find(|(status, _)| status.starts_with('2')).unwrap();
        let name = reference["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        let response = &self.document["components"]["responses"][name];
        (status.parse().unwrap(), response["content"]["application/json"]["example"].clone())
    }
}

fn files() -> [Upload; 2] {
    [Upload::bytes("a.txt", "hello"), Upload::bytes("b.png", vec![0, 159]).media_type("image/png")]
}

#[tokio::test]
async fn every_operation_sends_what_the_document_says_and_reads_its_example() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/openapi.yaml")).unwrap();
    let document = serde_yaml::from_str(&text).unwrap();
    let mut wire = Wire { server: MockServer::start().await, document, seen: BTreeSet::new() };
    let weeek = Client::builder("secret").base_url(wire.server.uri()).build().unwrap();

    let profile = wire.check(weeek.user().get(), "GET /user/me", None).await;
    assert_eq!(profile.first_name.as_deref(), Some("Anna"));
    wire.check(weeek.workspace().get(), "GET /ws", None).await;
    assert_eq!(wire.check(weeek.workspace().list_members(), "GET /ws/members", None).await.len(), 1);

    let tags = weeek.tags();
    wire.check(tags.list(), "GET /ws/tags", None).await;
    wire.check(tags.create(CreateTag::new("Urgent")), "POST /ws/tags", Some(json!({"title": "Urgent"}))).await;
    wire.check(tags.get(3), "GET /ws/tags/3", None).await;
    let body = json!({"title": "Urgent", "color": "#FF6AA9"});
    wire.check(tags.update(3, UpdateTag::new("Urgent", "#FF6AA9")), "PUT /ws/tags/3", Some(body)).await;
    wire.check(tags.delete(3), "DELETE /ws/tags/3", None).await;

    tasks(&mut wire, &weeek).await;
    deals(&mut wire, &weeek).await;

    let attachment = wire.check(weeek.attachments().get(UUID), &format!("GET /ws/attachments/{UUID}"), None).await;
    assert!(!attachment.name.is_empty());

    let all: BTreeSet<_> = operations().map(weeek_generated::Operation::id).collect();
    assert_eq!(wire.seen, all, "each operation has its line in this test");
}

async fn tasks(wire: &mut Wire, weeek: &Client) {
    let tasks = weeek.tasks();
    let filter = ListTasks::new()
        .user_id(UUID)
        .project_id(4)
        .completed(false)
        .all(true)
        .kind(TaskType::Call)
        .priority(TaskPriority::Low)
        .tags([1, 2])
        .search("a&b=c")
        .start_date(date(2026, 11, 3))
        .sort_by(TaskSort::DateDescending)
        .per_page(50)
        .offset(100);
    let line = format!(
        "GET /tm/tasks?userId={UUID}&projectId=4&completed=0&type=call&priority=0&tags[]=1&tags[]=2&search=a%26b%3Dc\
         &startDate=03.11.2026&all=1&sortBy=-date&perPage=50&offset=100"
    );
    let page = wire.check(tasks.list(&filter), &line, None).await;
    assert_eq!((page.items.len(), page.has_more), (1, Some(false)));
    let task = &page.items[0];
    assert_eq!(task.priority, Some(TaskPriority::High));
    assert_eq!(task.due_date, Some(date(2026, 11, 27)));
    assert_eq!(task.custom_fields[0].value, Some(CustomFieldContent::Number(1250.5)));

    let create = CreateTask::new()
        .title("Write the offer")
        .locations([TaskPlacement::new(4, None)])
        .assignees([UUID])
        .priority(TaskPriority::Low)
        .due_date(date(2026, 11, 27))
        .custom_fields(CustomFieldValues::new().set(UUID, CustomFieldContent::Boolean(true)).clear("other"));
    let body = json!({
        "title": "Write the offer", "locations": [{"projectId": 4, "boardColumnId": null}], "assignees": [UUID],
        "priority": 0, "dueDate": "2026-11-27", "customFields": {UUID: true, "other": null}
    });
    wire.check(tasks.create(create), "POST /tm/tasks", Some(body)).await;
    wire.check(tasks.get(101), "GET /tm/tasks/101", None).await;
    let due = "2026-11-27T15:04:05.678Z".parse().ok();
    let update = UpdateTask::new()
        .title(None)
        .priority(None)
        .tags(Vec::<TagId>::new())
        .schedule(TaskSchedule::Instants { start_date_time: None, due_date_time: due });
    let body = json!({
        "title": null, "priority": null, "tags": [], "startDateTime": null, "dueDateTime": "2026-11-27T15:04:05Z"
    });
    wire.check(tasks.update(101, update), "PUT /tm/tasks/101", Some(body)).await;
    wire.check(tasks.delete(101), "DELETE /tm/tasks/101", None).await;
    wire.check(tasks.complete(101), "POST /tm/tasks/101/complete", None).await;
    wire.check(tasks.uncomplete(101), "POST /tm/tasks/101/un-complete", None).await;
    let placement =
        wire.check(tasks.move_to_board(101, 9), "POST /tm/tasks/101/board", Some(json!({"boardId": 9}))).await;
    assert_eq!(placement.board_column_id, Some(17.into()));
    let body = Some(json!({"boardColumnId": 17}));
    wire.check(tasks.move_to_board_column(101, 17), "POST /tm/tasks/101/board-column", body).await;
    let location = AddTaskLocation::new(4).board_column_id(None).position(TaskPosition::Before(103.into()));
    let body = json!({"projectId": 4, "boardColumnId": null, "before": 103});
    wire.check(tasks.add_location(101, location), "POST /tm/tasks/101/locations", Some(body)).await;
    wire.check(tasks.remove_location(101, 4), "DELETE /tm/tasks/101/locations", Some(json!({"projectId": 4}))).await;
    let attachments = wire.check(tasks.upload_attachments(101, files()), "POST /tm/tasks/101/attachments", None).await;
    assert!(!attachments.is_empty());
    let watchers = Some(json!({"watchers": [UUID]}));
    wire.check(tasks.add_watchers(101, [UUID]), "POST /tm/tasks/101/watchers", watchers.clone()).await;
    wire.check(tasks.remove_watchers(101, [UUID]), "DELETE /tm/tasks/101/watchers", watchers).await;
    let assignees = Some(json!({"assignees": [UUID]}));
    wire.check(tasks.add_assignees(101, [UUID]), "POST /tm/tasks/101/assignees", assignees.clone()).await;
    wire.check(tasks.remove_assignees(101, [UUID]), "DELETE /tm/tasks/101/assignees", assignees).await;
    wire.check(tasks.start_timer(101), "POST /tm/tasks/101/start-timer", None).await;
    wire.check(tasks.stop_timer(101), "POST /tm/tasks/101/stop-timer", None).await;

    let entry = TaskTimeEntryInput::new(UUID, false, date(2026, 11, 24), 45);
    let body = Some(json!({"userId": UUID, "isOvertime": false, "date": "2026-11-24", "duration": 45}));
    wire.check(tasks.create_time_entry(101, &entry), "POST /tm/tasks/101/time-entries", body.clone()).await;
    let line = format!("/tm/tasks/101/time-entries/{UUID}");
    wire.check(tasks.update_time_entry(101, UUID, &entry), &format!("PUT {line}"), body).await;
    wire.check(tasks.delete_time_entry(101, UUID), &format!("DELETE {line}"), None).await;

    let body = Some(json!({"parentId": null}));
    wire.check(tasks.set_parent(101, SetTaskParent::new(None)), "POST /tm/tasks/101/parent", body).await;
    let comments = tasks.list_comments(101, ListTaskComments::new().limit(10));
    wire.check(comments, "GET /tm/tasks/101/comments?limit=10", None).await;
    let body = Some(json!({"markdown": "Looks good.", "parentId": 55}));
    let comment = CreateTaskComment::new("Looks good.").parent_id(55);
    wire.check(tasks.create_comment(101, comment), "POST /tm/tasks/101/comments", body).await;
    wire.check(tasks.delete_comment(101, 55), "DELETE /tm/tasks/101/comments/55", None).await;
}

async fn deals(wire: &mut Wire, weeek: &Client) {
    let deals = weeek.deals();
    let filter = ListDeals::new()
        .win_statuses([WinStatus::Won, WinStatus::from("paused")])
        .custom_fields([CustomFieldFilter::new(UUID, "a b")])
        .limit(10);
    let line = format!(
        "GET /crm/statuses/{STATUS}/deals?winStatuses[]=won&winStatuses[]=paused&customFields[0][id]={UUID}\
         &customFields[0][value]=a%20b&limit=10"
    );
    wire.check(deals.list(STATUS, filter), &line, None).await;
    let input = DealInput::new().title("Renewal").amount(12.5).contacts([UUID]);
    let body = json!({"title": "Renewal", "amount": 12.5, "contacts": [UUID]});
    let line = format!("POST /crm/statuses/{STATUS}/deals");
    wire.check(deals.create(STATUS, &input), &line, Some(body.clone())).await;
    let deal = format!("/crm/deals/{DEAL}");
    wire.check(deals.get(DEAL), &format!("GET {deal}"), None).await;
    let change = UpdateDeal::new().title("Renewal 2027").win_status(WinStatus::Won).amount(None);
    let expected = json!({"title": "Renewal 2027", "winStatus": "won", "amount": null});
    wire.check(deals.update(DEAL, &change), &format!("PUT {deal}"), Some(expected)).await;
    wire.check(deals.patch(DEAL, &input), &format!("PATCH {deal}"), Some(body)).await;
    wire.check(deals.delete(DEAL), &format!("DELETE {deal}"), None).await;
    let body = Some(json!({"statusId": STATUS, "previousDealId": null}));
    let target = MoveDeal::new().status_id(STATUS).previous_deal_id(None);
    wire.check(deals.move_to(DEAL, target), &format!("POST {deal}/move"), body).await;
    let body = Some(json!({"funnelId": STATUS}));
    wire.check(deals.set_funnel(DEAL, STATUS), &format!("PUT {deal}/funnel"), body).await;
    let body = Some(json!({"statusId": STATUS}));
    wire.check(deals.set_status(DEAL, STATUS), &format!("PUT {deal}/status"), body).await;
    for (call, line, body) in [
        (deals.add_assignee(DEAL, UUID), "POST {}/assignees", json!({"assigneeId": UUID})),
        (deals.remove_assignee(DEAL, UUID), "DELETE {}/assignees", json!({"assigneeId": UUID})),
        (deals.add_contact(DEAL, UUID), "POST {}/contacts", json!({"contactId": UUID})),
        (deals.remove_contact(DEAL, UUID), "DELETE {}/contacts", json!({"contactId": UUID})),
        (deals.add_organization(DEAL, UUID), "POST {}/organizations", json!({"organizationId": UUID})),
        (deals.remove_organization(DEAL, UUID), "DELETE {}/organizations", json!({"organizationId": UUID})),
        (deals.add_tag(DEAL, 3), "POST {}/tags", json!({"tag": 3})),
        (deals.remove_tag(DEAL, 3), "DELETE {}/tags", json!({"tag": 3})),
        (deals.move_task(DEAL, 101, None), "POST {}/tasks/101/move", json!({"previousTaskId": null})),
    ] {
        wire.check(call, &line.replace("{}", &deal), Some(body)).await;
    }
    wire.check(deals.create_task(DEAL), &format!("POST {deal}/tasks"), None).await;
    wire.check(deals.remove_task(DEAL, 101), &format!("DELETE {deal}/tasks/101"), None).await;
    wire.check(deals.upload_attachments(DEAL, files()), &format!("POST {deal}/attachments"), None).await;
}

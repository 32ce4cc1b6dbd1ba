//! Every operation on a real socket: the bytes that are sent, and the document's example answers read back. What is sent and
//! what is answered is held against the document's schemas by a validator of its own.

#![allow(missing_docs)]
#![expect(deprecated, reason = "what Weeek deprecates is still there")]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

#[path = "document/schemas.rs"]
#[expect(dead_code, reason = "the other test reads the document as a whole")]
mod schemas;

use std::collections::BTreeSet;
use std::future::IntoFuture;

use jiff::civil::date;
use schemas::Document;
use serde_json::{Value, json};
use weeek_generated::models::*;
use weeek_generated::{Call, Client, Upload, operations};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

const DEAL: &str = "6p5fXr0hTzB1xE2k";
const STATUS: &str = "Q7mB2kV9xL4tR1sD";
const UUID: &str = "9b1c4e2a-52f0-4d6b-8a37-0f4f6f0f6a11";

struct Wire {
    server: MockServer,
    document: Document,
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
        let node = self.document.operation(operation.path(), operation.method().as_str()).clone();
        let (status, answer) = self.document.success(&node);
        let content = answer["content"]["application/json"].clone();
        let example = content["example"].clone();
        if !content.is_null() {
            self.document.check(&content["schema"], &example, line);
        }
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
        self.check_parameters(&node, &request.url, line);
        let header = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("authorization").as_deref(), Some("Bearer secret"), "{line}");
        assert_eq!(header("accept").as_deref(), Some("application/json"), "{line}");
        match body {
            Some(body) => {
                self.document.check(&node["requestBody"]["content"]["application/json"]["schema"], &body, line);
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

    /// Every parameter that was sent is declared and what its schema says, and every required one was sent.
    fn check_parameters(&self, operation: &Value, url: &reqwest::Url, line: &str) {
        let none = Vec::new();
        let declared = operation["parameters"].as_array().unwrap_or(&none).iter();
        let declared: Vec<_> = declared.map(|parameter| self.document.follow(parameter)).collect();
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        for (name, value) in &pairs {
            let (name, key) = match name.split_once('[').map(|(head, rest)| (head, rest.split(['[', ']']).nth(2))) {
                Some((head, Some(key))) if !key.is_empty() => (head.to_owned(), Some(key)),
                _ => (name.clone(), None),
            };
            let parameter = declared.iter().find(|parameter| parameter["name"] == name.as_str());
            let parameter = parameter.unwrap_or_else(|| panic!("{line}: nothing declares {name}"));
            let mut schema = &parameter["schema"];
            if schema["type"] == "array" {
                assert!(name.ends_with("[]") || key.is_some(), "{line}");
                schema = &schema["items"];
            }
            if let Some(key) = key {
                assert_eq!(parameter["style"], "deepObject", "{line}");
                schema = &self.document.follow(schema)["properties"][key];
            }
            let target = self.document.follow(schema);
            let value = if target["type"] == "integer" { value.parse::<i64>().unwrap().into() } else { json!(value) };
            self.document.check(schema, &value, line);
        }
        for parameter in declared.iter().filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
        {
            assert!(pairs.iter().any(|(name, _)| parameter["name"] == name.as_str()), "{line}: {}", parameter["name"]);
        }
    }
}

fn files() -> [Upload; 2] {
    [Upload::bytes("a.txt", "hello"), Upload::bytes("b.png", vec![0, 159]).media_type("image/png")]
}

#[tokio::test]
async fn every_operation_sends_what_the_document_says_and_reads_its_example() {
    let mut wire = Wire { server: MockServer::start().await, document: Document::read(), seen: BTreeSet::new() };
    let weeek = Client::builder("secret").base_url(wire.server.uri());
    let weeek = weeek.on_drift(|drift| panic!("an example departs from the contract: {drift}")).build().unwrap();

    let profile = wire.check(weeek.user().get(), "GET /user/me", None).await;
    assert!(profile.first_name.is_some() && profile.email.contains('@'));
    wire.check(weeek.workspace().get(), "GET /ws", None).await;
    assert!(!wire.check(weeek.workspace().list_members(), "GET /ws/members", None).await.is_empty());

    let tags = weeek.tags();
    wire.check(tags.list(), "GET /ws/tags", None).await;
    wire.check(tags.create("Urgent"), "POST /ws/tags", Some(json!({"title": "Urgent"}))).await;
    wire.check(tags.get(3), "GET /ws/tags/3", None).await;
    let body = json!({"title": "Urgent", "color": "#FF6AA9"});
    wire.check(tags.update(3, UpdateTag::new("Urgent", "#FF6AA9")), "PUT /ws/tags/3", Some(body)).await;
    wire.check(tags.delete(3), "DELETE /ws/tags/3", None).await;

    tasks(&mut wire, &weeek).await;
    deals(&mut wire, &weeek).await;
    custom_fields(&mut wire, &weeek).await;
    projects_and_boards(&mut wire, &weeek).await;
    funnels(&mut wire, &weeek).await;
    organizations_and_contacts(&mut wire, &weeek).await;

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
         &perPage=50&offset=100&sortBy=-date&startDate=03.11.2026&all=1"
    );
    let page = wire.check(tasks.list(&filter), &line, None).await;
    let task = &page.items[0];
    assert!(page.has_more.is_some() && task.created_at.is_some() && !task.custom_fields.is_empty());

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
    assert!(placement.board_column_id.is_some());
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
        .win_statuses([WinStatus::Won, WinStatus::from("lost")])
        .custom_fields([CustomFieldFilter::new(UUID, "a b")])
        .limit(10);
    let line = format!(
        "GET /crm/statuses/{STATUS}/deals?winStatuses[]=won&winStatuses[]=lost&customFields[0][id]={UUID}\
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

/// The custom fields of one project, board or funnel: the same calls below each of them.
macro_rules! custom_fields {
    ($wire:ident, $api:expr, $id:expr, $base:expr) => {{
        let (api, fields) = ($api, format!("{}/custom-fields", $base));
        let field = format!("{fields}/{UUID}");
        let options = format!("{field}/options");
        let option = format!("{options}/{UUID}");
        let create = CreateCustomField::new(CustomFieldType::Number)
            .name("Budget")
            .config(CustomFieldNumberConfig::new(CustomFieldNumberFormat::Percent, 2));
        let body = json!({"type": "number", "name": "Budget", "config": {"type": "percent", "precision": 2}});
        $wire.check(api.create_custom_field($id, create), &format!("POST {fields}"), Some(body)).await;
        let update = UpdateCustomField::new().name(None);
        let body = Some(json!({"name": null}));
        $wire.check(api.update_custom_field($id, UUID, update), &format!("PUT {field}"), body).await;
        $wire.check(api.delete_custom_field($id, UUID), &format!("DELETE {field}"), None).await;
        let input = CustomFieldOptionInput::new("Hot", CustomFieldOptionColor::LightBlue);
        let body = Some(json!({"name": "Hot", "color": "light_blue"}));
        let call = api.create_custom_field_option($id, UUID, &input);
        $wire.check(call, &format!("POST {options}"), body.clone()).await;
        let call = api.update_custom_field_option($id, UUID, UUID, &input);
        $wire.check(call, &format!("PUT {option}"), body).await;
        let call = api.delete_custom_field_option($id, UUID, UUID);
        $wire.check(call, &format!("DELETE {option}"), None).await;
        let call = api.move_custom_field_option($id, UUID, UUID, CustomFieldOptionPosition::After("other".into()));
        $wire.check(call, &format!("POST {option}/move"), Some(json!({"after": "other"}))).await;
        field
    }};
}

async fn custom_fields(wire: &mut Wire, weeek: &Client) {
    let (api, field) = (weeek.custom_fields(), format!("/tm/custom-fields/{UUID}"));
    wire.check(api.list(), "GET /tm/custom-fields", None).await;
    let create = CreateCustomField::new(CustomFieldType::Boolean)
        .config(CustomFieldBooleanConfig::new(CustomFieldBooleanStyle::Radio));
    let body = Some(json!({"type": "boolean", "config": {"type": "radio"}}));
    wire.check(api.create(create), "POST /tm/custom-fields", body).await;
    let body = Some(json!({"name": "New"}));
    wire.check(api.update(UUID, UpdateCustomField::new().name("New")), &format!("PUT {field}"), body).await;
    wire.check(api.delete(UUID), &format!("DELETE {field}"), None).await;
    let body = Some(json!({"projectId": 4}));
    wire.check(api.transfer_to_project(UUID, 4), &format!("POST {field}/transfer-to-project"), body).await;
    let body = Some(json!({"boardId": 9}));
    wire.check(api.transfer_to_board(UUID, 9), &format!("POST {field}/transfer-to-board"), body).await;
    let (options, option) = (format!("{field}/options"), format!("{field}/options/{UUID}"));
    let input = CustomFieldOptionInput::new("Hot", "blue");
    let body = Some(json!({"name": "Hot", "color": "blue"}));
    wire.check(api.create_option(UUID, &input), &format!("POST {options}"), body.clone()).await;
    wire.check(api.update_option(UUID, UUID, &input), &format!("PUT {option}"), body).await;
    wire.check(api.delete_option(UUID, UUID), &format!("DELETE {option}"), None).await;
    let call = api.move_option(UUID, UUID, CustomFieldOptionPosition::Before("other".into()));
    wire.check(call, &format!("POST {option}/move"), Some(json!({"before": "other"}))).await;
}

async fn projects_and_boards(wire: &mut Wire, weeek: &Client) {
    let portfolios = weeek.portfolios();
    let filter = ListPortfolios::new().search("x").parent_id(2).limit(100).offset(0);
    wire.check(portfolios.list(filter), "GET /tm/portfolios?search=x&parentId=2&limit=100&offset=0", None).await;
    let body = Some(json!({"name": "P", "parentId": 2}));
    wire.check(portfolios.create(CreatePortfolio::new("P").parent_id(2)), "POST /tm/portfolios", body).await;
    wire.check(portfolios.get(1), "GET /tm/portfolios/1", None).await;
    let body = Some(json!({"name": "P"}));
    wire.check(portfolios.update(1, "P"), "PUT /tm/portfolios/1", body).await;
    wire.check(portfolios.delete(1), "DELETE /tm/portfolios/1", None).await;

    let projects = weeek.projects();
    wire.check(projects.list(), "GET /tm/projects", None).await;
    let body = Some(json!({"name": "P", "isPrivate": true}));
    wire.check(projects.create(CreateProject::new("P", true)), "POST /tm/projects", body).await;
    wire.check(projects.get(4), "GET /tm/projects/4", None).await;
    let body = Some(json!({"name": "P", "isPrivate": false, "color": "#003C93"}));
    wire.check(projects.update(4, UpdateProject::new("P", false, "#003C93")), "PUT /tm/projects/4", body).await;
    wire.check(projects.delete(4), "DELETE /tm/projects/4", None).await;
    wire.check(projects.archive(4), "POST /tm/projects/4/archive", None).await;
    wire.check(projects.unarchive(4), "POST /tm/projects/4/un-archive", None).await;
    let field = custom_fields!(wire, projects, 4, "/tm/projects/4");
    let call = projects.transfer_custom_field_to_task_manager(4, UUID);
    wire.check(call, &format!("POST {field}/transfer-to-task-manager"), None).await;
    let call = projects.transfer_custom_field_to_project(4, UUID, 5);
    wire.check(call, &format!("POST {field}/transfer-to-project"), Some(json!({"projectId": 5}))).await;
    let call = projects.transfer_custom_field_to_board(4, UUID, 9);
    wire.check(call, &format!("POST {field}/transfer-to-board"), Some(json!({"boardId": 9}))).await;

    let boards = weeek.boards();
    wire.check(boards.list(4), "GET /tm/boards?projectId=4", None).await;
    let body = Some(json!({"name": "B", "projectId": 4}));
    wire.check(boards.create(CreateBoard::new("B", 4)), "POST /tm/boards", body).await;
    wire.check(boards.update(9, "B"), "PUT /tm/boards/9", Some(json!({"name": "B"}))).await;
    wire.check(boards.delete(9), "DELETE /tm/boards/9", None).await;
    wire.check(boards.move_to(9, None), "POST /tm/boards/9/move", Some(json!({"upperBoardId": null}))).await;
    let field = custom_fields!(wire, boards, 9, "/tm/boards/9");
    let call = boards.transfer_custom_field_to_task_manager(9, UUID);
    wire.check(call, &format!("POST {field}/transfer-to-task-manager"), None).await;
    let call = boards.transfer_custom_field_to_project(9, UUID, 4);
    wire.check(call, &format!("POST {field}/transfer-to-project"), Some(json!({"projectId": 4}))).await;
    let call = boards.transfer_custom_field_to_board(9, UUID, 10);
    wire.check(call, &format!("POST {field}/transfer-to-board"), Some(json!({"boardId": 10}))).await;

    let columns = weeek.board_columns();
    wire.check(columns.list(9), "GET /tm/board-columns?boardId=9", None).await;
    let body = Some(json!({"name": "C", "boardId": 9}));
    wire.check(columns.create(CreateBoardColumn::new("C", 9)), "POST /tm/board-columns", body).await;
    let body = Some(json!({"name": "C"}));
    wire.check(columns.update(17, "C"), "PUT /tm/board-columns/17", body).await;
    wire.check(columns.delete(17), "DELETE /tm/board-columns/17", None).await;
    let body = Some(json!({"upperBoardColumnId": 18}));
    wire.check(columns.move_to(17, 18), "POST /tm/board-columns/17/move", body).await;
}

async fn funnels(wire: &mut Wire, weeek: &Client) {
    let (funnels, base) = (weeek.funnels(), format!("/crm/funnels/{DEAL}"));
    wire.check(weeek.currencies().list(), "GET /crm/currencies", None).await;
    wire.check(funnels.list(), "GET /crm/funnels", None).await;
    let input = FunnelInput::new().name("Sales").currency_id(1).is_private(true);
    let body = Some(json!({"name": "Sales", "currencyId": 1, "isPrivate": true}));
    wire.check(funnels.create(&input), "POST /crm/funnels", body.clone()).await;
    wire.check(funnels.get(DEAL), &format!("GET {base}"), None).await;
    wire.check(funnels.update(DEAL, &input), &format!("PUT {base}"), body).await;
    wire.check(funnels.delete(DEAL), &format!("DELETE {base}"), None).await;
    let field = custom_fields!(wire, funnels, DEAL, base);
    let call = funnels.move_custom_field(DEAL, UUID, CustomFieldPosition::After("other".into()));
    wire.check(call, &format!("POST {field}/move"), Some(json!({"after": "other"}))).await;

    let (statuses, status) = (weeek.funnel_statuses(), format!("/crm/statuses/{STATUS}"));
    wire.check(statuses.list(DEAL), &format!("GET {base}/statuses"), None).await;
    let body = Some(json!({"name": "New"}));
    wire.check(statuses.create(DEAL, "New"), &format!("POST {base}/statuses"), body.clone()).await;
    wire.check(statuses.get(STATUS), &format!("GET {status}"), None).await;
    wire.check(statuses.update(STATUS, "New"), &format!("PUT {status}"), body).await;
    wire.check(statuses.delete(STATUS), &format!("DELETE {status}"), None).await;
}

/// What hangs on organizations and contacts alike.
macro_rules! emails_phones_and_tags {
    ($wire:ident, $api:ident, $base:ident) => {
        let (email, phone) = (Some(json!({"email": "a@example.com"})), Some(json!({"phone": "+1"})));
        let (emails, phones) = (format!("{}/emails", $base), format!("{}/phones", $base));
        $wire.check($api.create_email(UUID, "a@example.com"), &format!("POST {emails}"), email.clone()).await;
        $wire.check($api.update_email(UUID, UUID, "a@example.com"), &format!("PUT {emails}/{UUID}"), email).await;
        $wire.check($api.delete_email(UUID, UUID), &format!("DELETE {emails}/{UUID}"), None).await;
        $wire.check($api.create_phone(UUID, "+1"), &format!("POST {phones}"), phone.clone()).await;
        $wire.check($api.update_phone(UUID, UUID, "+1"), &format!("PUT {phones}/{UUID}"), phone).await;
        $wire.check($api.delete_phone(UUID, UUID), &format!("DELETE {phones}/{UUID}"), None).await;
        let tag = Some(json!({"tagId": 3}));
        $wire.check($api.add_tag(UUID, 3), &format!("POST {}/tags", $base), tag.clone()).await;
        $wire.check($api.remove_tag(UUID, 3), &format!("DELETE {}/tags", $base), tag).await;
    };
}

async fn organizations_and_contacts(wire: &mut Wire, weeek: &Client) {
    let (api, base) = (weeek.organizations(), format!("/crm/organizations/{UUID}"));
    let filter = ListOrganizations::new().search("x").tags([3]).limit(5);
    wire.check(api.list(filter), "GET /crm/organizations?search=x&tags[]=3&limit=5", None).await;
    let body = Some(json!({"name": "O", "emails": ["a@example.com"]}));
    let create = CreateOrganization::new().name("O").emails(["a@example.com"]);
    wire.check(api.create(create), "POST /crm/organizations", body).await;
    wire.check(api.get(UUID), &format!("GET {base}"), None).await;
    let update = UpdateOrganization::new().name("O");
    wire.check(api.update(UUID, update), &format!("PUT {base}"), Some(json!({"name": "O"}))).await;
    wire.check(api.delete(UUID), &format!("DELETE {base}"), None).await;
    let body = Some(json!({"address": "Quay 1"}));
    wire.check(api.create_address(UUID, "Quay 1"), &format!("POST {base}/addresses"), body.clone()).await;
    let line = format!("{base}/addresses/{UUID}");
    wire.check(api.update_address(UUID, UUID, "Quay 1"), &format!("PUT {line}"), body).await;
    wire.check(api.delete_address(UUID, UUID), &format!("DELETE {line}"), None).await;
    for (call, method) in [(api.add_contact(UUID, UUID), "POST"), (api.remove_contact(UUID, UUID), "DELETE")] {
        wire.check(call, &format!("{method} {base}/contacts"), Some(json!({"contactId": UUID}))).await;
    }
    emails_phones_and_tags!(wire, api, base);

    let (api, base) = (weeek.contacts(), format!("/crm/contacts/{UUID}"));
    let filter = ListContacts::new().organizations([UUID]).offset(5);
    wire.check(api.list(filter), &format!("GET /crm/contacts?organizations[]={UUID}&offset=5"), None).await;
    let body = Some(json!({"firstName": "Anna", "phones": ["+1"]}));
    wire.check(api.create(CreateContact::new("Anna").phones(["+1"])), "POST /crm/contacts", body).await;
    wire.check(api.get(UUID), &format!("GET {base}"), None).await;
    let body = Some(json!({"firstName": "Anna", "lastName": null}));
    wire.check(api.update(UUID, UpdateContact::new().first_name("Anna").last_name(None)), &format!("PUT {base}"), body)
        .await;
    wire.check(api.delete(UUID), &format!("DELETE {base}"), None).await;
    emails_phones_and_tags!(wire, api, base);
}

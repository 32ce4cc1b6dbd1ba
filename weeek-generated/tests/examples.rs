//! Runs the examples against a local server with a small workspace.

#![allow(missing_docs, dead_code, unreachable_pub, reason = "`main` of the examples is not called")]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

#[path = "../examples/export.rs"]
mod export;
#[path = "../examples/move_board.rs"]
mod move_board;
#[path = "../examples/overdue.rs"]
mod overdue;
#[path = "../examples/time_report.rs"]
mod time_report;
#[path = "../examples/web_form.rs"]
mod web_form;

use jiff::civil::date;
use serde_json::{Value, json};
use weeek_generated::Client;
use wiremock::matchers::{method, path, path_regex, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const ANNA: &str = "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34";
const BORIS: &str = "7d1e2f30-4b5c-4d6e-8f70-8192a3b4c5d6";

fn reply(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// A server with two members and the given pages of tasks.
async fn workspace(pages: &[Value]) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let members = json!([
        {"id": ANNA, "email": "anna@example.com", "firstName": "Anna", "lastName": "Berg"},
        {"id": BORIS, "email": "boris@example.com"}
    ]);
    mount(&server, "GET", "/ws/members", json!({"success": true, "members": members})).await;
    let mut offset = 0;
    for (at, tasks) in pages.iter().enumerate() {
        let page = json!({"success": true, "tasks": tasks, "hasMore": at + 1 < pages.len()});
        let list = Mock::given(path("/tm/tasks")).and(query_param("offset", offset.to_string()));
        list.respond_with(reply(page)).mount(&server).await;
        offset += tasks.as_array().unwrap().len();
    }
    let client = Client::builder("t").base_url(server.uri()).build().unwrap();
    (server, client)
}

/// Adds a response to the server.
async fn mount(server: &MockServer, verb: &str, route: &str, body: Value) {
    Mock::given(method(verb)).and(path(route)).respond_with(reply(body)).mount(server).await;
}

/// The JSON bodies sent to a route.
async fn sent(server: &MockServer, verb: &str, route: &str) -> Vec<Value> {
    let requests = server.received_requests().await.unwrap();
    let matching = requests.iter().filter(|request| request.method.as_str() == verb && request.url.path() == route);
    matching.map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
}

#[tokio::test]
async fn overdue_counts_the_overdue_tasks_of_each_member() {
    let pages = [
        json!([
            {"id": 1, "title": "Offer", "dueDate": "2026-11-20", "assignees": [ANNA]},
            {"id": 2, "title": "Old", "dueDateTime": "2026-10-01T09:00:00Z", "assignees": [ANNA, BORIS]}
        ]),
        json!([{"id": 3, "dueDate": "2026-12-01", "assignees": [BORIS]}, {"id": 4, "assignees": [BORIS]}]),
    ];
    let (_server, weeek) = workspace(&pages).await;
    let mut out = Vec::new();
    overdue::run(&weeek, date(2026, 11, 24), &mut out).await.unwrap();
    let table = "\
member                    late  since       the oldest
Anna Berg                    2  2026-10-01  Old
boris@example.com            1  2026-10-01  Old
";
    assert_eq!(String::from_utf8(out).unwrap(), table);
}

#[tokio::test]
async fn export_writes_csv_and_json_and_reports_progress() {
    let tasks = |from: i64| -> Value { (from..from + 2).map(|id| json!({"id": id, "title": "a, \"b\""})).collect() };
    let located = json!([{"id": 5, "title": null, "isCompleted": true, "priority": 2, "assignees": [ANNA, BORIS],
        "locations": [{"projectId": 4, "boardColumnId": 17}], "dueDate": "2026-11-20"}, {"id": 1}]);
    let (_server, weeek) = workspace(&[tasks(1), tasks(3), located]).await;
    let (mut out, mut progress) = (Vec::new(), Vec::new());
    assert_eq!(export::run(&weeek, export::Format::Csv, &mut out, &mut progress).await.unwrap(), 5);
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "id,title,done,project,column,assignees,priority,due,created");
    assert_eq!(lines[1], "1,\"a, \"\"b\"\"\",false,,,,,,");
    assert_eq!(lines[5], format!("5,,true,4,17,{ANNA} {BORIS},2,2026-11-20,"));
    assert_eq!(lines.len(), 6, "a repeated task is written once");
    assert_eq!(String::from_utf8(progress).unwrap(), "\r2 tasks\r4 tasks\r5 tasks");

    let mut out = Vec::new();
    export::run(&weeek, export::Format::Json, &mut out, &mut std::io::sink()).await.unwrap();
    let objects: Vec<Value> = String::from_utf8(out).unwrap().lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!((objects.len(), &objects[4]["column"], &objects[0]["title"]), (5, &json!(17), &json!("a, \"b\"")));
}

#[tokio::test]
async fn web_form_creates_a_deal_with_its_contact_and_organization() {
    let (server, weeek) = workspace(&[]).await;
    let organizations = json!([{"id": "o-1", "name": "Northwind Trading"}]);
    let none = json!({"success": true, "organizations": []});
    Mock::given(path("/crm/organizations"))
        .and(query_param("offset", "1"))
        .respond_with(reply(none))
        .mount(&server)
        .await;
    mount(&server, "GET", "/crm/organizations", json!({"success": true, "organizations": organizations})).await;
    mount(&server, "POST", "/crm/organizations", json!({"success": true, "organization": {"id": "o-2"}})).await;
    mount(&server, "GET", "/crm/contacts", json!({"success": true, "contacts": []})).await;
    mount(&server, "POST", "/crm/contacts", json!({"success": true, "contact": {"id": "c-1"}})).await;
    let deal = json!({"success": true, "deal": {"id": "d-1", "title": "Northwind: Chairs"}});
    mount(&server, "POST", "/crm/statuses/s-1/deals", deal).await;
    mount(&server, "POST", "/crm/deals/d-1/attachments", json!({"success": true, "data": []})).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wish.txt");
    std::fs::write(&file, "forty chairs").unwrap();

    let form = web_form::Form {
        status: "s-1".into(),
        first_name: "Clara".to_owned(),
        email: "clara@example.com".to_owned(),
        company: "Northwind".to_owned(),
        wish: "Chairs".to_owned(),
        file: Some(file),
    };
    assert_eq!(web_form::run(&weeek, form).await.unwrap().id.as_str(), "d-1");
    assert_eq!(sent(&server, "POST", "/crm/organizations").await, [json!({"name": "Northwind"})]);
    let contact = json!({"firstName": "Clara", "emails": ["clara@example.com"], "organizations": ["o-2"]});
    assert_eq!(sent(&server, "POST", "/crm/contacts").await, [contact]);
    let deal = json!({"title": "Northwind: Chairs", "organizations": ["o-2"], "contacts": ["c-1"]});
    assert_eq!(sent(&server, "POST", "/crm/statuses/s-1/deals").await, [deal]);
    let requests = server.received_requests().await.unwrap();
    assert!(String::from_utf8_lossy(&requests.last().unwrap().body).contains("forty chairs"));
}

#[tokio::test]
async fn time_report_adds_up_the_hours_of_each_day() {
    let entry = |member, day, minutes| json!({"id": "e", "userId": member, "date": day, "duration": minutes});
    let tasks = json!([
        {"id": 1, "timeEntries": [entry(ANNA, "2026-11-16", 90), entry(ANNA, "2026-11-16", 15), entry(BORIS, "2026-11-22", 60)]},
        {"id": 2, "timeEntries": [entry(ANNA, "2026-11-18", 480), entry(ANNA, "2026-11-23", 600)]}
    ]);
    let (_server, weeek) = workspace(&[tasks]).await;
    let mut out = Vec::new();
    time_report::run(&weeek, date(2026, 11, 16), &mut out).await.unwrap();
    let table = "\
week of 2026-11-16         Mon   Tue   Wed   Thu   Fri   Sat   Sun    all
Anna                      1:45     ·  8:00     ·     ·     ·     ·   9:45
boris@example.com            ·     ·     ·     ·     ·     ·  1:00   1:00
";
    assert_eq!(String::from_utf8(out).unwrap(), table);
}

#[tokio::test]
async fn move_board_copies_the_columns_and_moves_the_tasks() {
    let (server, weeek) = workspace(&[json!([{"id": 101}, {"id": 102}])]).await;
    mount(&server, "GET", "/tm/boards", json!({"success": true, "boards": [{"id": 9, "name": "Sprint"}]})).await;
    mount(&server, "POST", "/tm/boards", json!({"success": true, "board": {"id": 10, "name": "Sprint"}})).await;
    let column = |id: i64, name: &str| json!({"id": id, "name": name});
    let lists = [("9", json!([column(1, "To do"), column(2, "Done")])), ("10", json!([column(3, "To do")]))];
    for (board, columns) in lists {
        let list = Mock::given(path("/tm/board-columns")).and(query_param("boardId", board));
        list.respond_with(reply(json!({"success": true, "boardColumns": columns}))).mount(&server).await;
    }
    mount(&server, "POST", "/tm/board-columns", json!({"success": true, "boardColumn": column(4, "Done")})).await;
    let task = reply(json!({"success": true, "task": {"id": 1}}));
    Mock::given(method("PUT")).and(path_regex("^/tm/tasks/")).respond_with(task).mount(&server).await;

    let mut out = Vec::new();
    move_board::run(&weeek, 9.into(), 4.into(), 5.into(), &mut out).await.unwrap();
    let output = String::from_utf8(out).unwrap();
    assert_eq!(output, "Sprint: board 9 is made anew as 10\nTo do: 2 tasks\nDone: 2 tasks\n");
    assert_eq!(sent(&server, "POST", "/tm/boards").await, [json!({"name": "Sprint", "projectId": 5})]);
    assert_eq!(sent(&server, "POST", "/tm/board-columns").await, [json!({"name": "Done", "boardId": 10})]);
    let moves = [json!({"boardId": 10, "boardColumnId": 3}), json!({"boardId": 10, "boardColumnId": 4})];
    assert_eq!(sent(&server, "PUT", "/tm/tasks/101").await, moves);
}

//! Runs the examples against the stand-in for Weeek. The tests of the bot are in its own file.

use jiff::civil::date;
use serde_json::{Value, json};
use weeek_generated::Client;
use weeek_generated::models::{TaskId, TaskPriority};
use weeek_generated::testing::{MockApi, RecordedRequest, Reply};

use crate::programs::cli::Command;
use crate::programs::{cli, export, move_board, overdue, sync, time_report, web_form};

const ANNA: &str = "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34";
const BORIS: &str = "7d1e2f30-4b5c-4d6e-8f70-8192a3b4c5d6";

/// A workspace with two members and the given pages of tasks.
fn workspace(pages: &[Value]) -> (MockApi, Client) {
    let api = MockApi::new();
    api.on("workspace.listMembers").reply(Reply::items([
        json!({"id": ANNA, "email": "anna@example.com", "firstName": "Anna", "lastName": "Berg"}),
        json!({"id": BORIS, "email": "boris@example.com"}),
    ]));
    let mut offset = 0;
    for (at, tasks) in pages.iter().enumerate() {
        let (page, start) = (json!({"tasks": tasks, "hasMore": at + 1 < pages.len()}), offset.to_string());
        api.on_request(move |request| {
            request.path() == "/tm/tasks" && request.query_param("offset").as_ref() == Some(&start)
        })
        .reply(Reply::json(page));
        offset += tasks.as_array().unwrap().len();
    }
    let client = api.client();
    (api, client)
}

/// The JSON bodies sent to an operation.
fn sent(api: &MockApi, operation: &str) -> Vec<Value> {
    api.requests_to(operation).iter().map(RecordedRequest::json).collect()
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
    let (_, weeek) = workspace(&pages);
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
        "locations": [{"projectId": 4, "boardColumnId": 17}], "dueDate": "2026-11-20"}, {"id": 1}, {"id": "?"}]);
    let (_, weeek) = workspace(&[tasks(1), tasks(3), located]);
    let (mut out, mut progress) = (Vec::new(), Vec::new());
    assert_eq!(export::run(&weeek, export::Format::Csv, &mut out, &mut progress).await.unwrap(), 5);
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "id,title,done,project,column,assignees,priority,due,created");
    assert_eq!(lines[1], "1,\"a, \"\"b\"\"\",false,,,,,,");
    assert_eq!(lines[5], format!("5,,true,4,17,{ANNA} {BORIS},2,2026-11-20,"));
    assert_eq!(lines.len(), 6, "a repeated task is written once");
    let unreadable = "cannot read tasks[2].id: expected an integer, found a string";
    assert_eq!(String::from_utf8(progress).unwrap(), format!("\r2 tasks\r4 tasks\r{unreadable}\n\r5 tasks"));

    let mut out = Vec::new();
    export::run(&weeek, export::Format::Json, &mut out, &mut std::io::sink()).await.unwrap();
    let objects: Vec<Value> = String::from_utf8(out).unwrap().lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!((objects.len(), &objects[4]["column"], &objects[0]["title"]), (5, &json!(17), &json!("a, \"b\"")));
}

#[tokio::test]
async fn web_form_creates_a_deal_with_its_contact_and_organization() {
    let (api, weeek) = workspace(&[]);
    api.on("organizations.list").reply(Reply::items([json!({"id": "o-1", "name": "Northwind Trading"})]));
    api.on("organizations.create").reply(Reply::item(json!({"id": "o-2"})));
    api.on("contacts.list").reply(Reply::items([json!({"id": "c-0"})]));
    api.on("contacts.create").reply(Reply::item(json!({"id": "c-1"})));
    api.on("deals.create").reply(Reply::item(json!({"id": "d-1", "title": "Northwind: Chairs"})));
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
    assert_eq!(sent(&api, "organizations.create"), [json!({"name": "Northwind"})]);
    let contact = json!({"firstName": "Clara", "emails": ["clara@example.com"], "organizations": ["o-2"]});
    assert_eq!(sent(&api, "contacts.create"), [contact]);
    let deal = json!({"title": "Northwind: Chairs", "organizations": ["o-2"], "contacts": ["c-1"]});
    assert_eq!(
        (&sent(&api, "deals.create")[0], api.requests_to("deals.create")[0].path()),
        (&deal, "/crm/statuses/s-1/deals")
    );
    let upload = &api.requests_to("deals.uploadAttachments")[0];
    assert_eq!((upload.path(), &*upload.files()[0].content), ("/crm/deals/d-1/attachments", &b"forty chairs"[..]));
}

#[tokio::test]
async fn time_report_adds_up_the_hours_of_each_day() {
    let entry = |member, day, minutes| json!({"id": "e", "userId": member, "date": day, "duration": minutes});
    let tasks = json!([
        {"id": 1, "timeEntries": [entry(ANNA, "2026-11-16", 90), entry(ANNA, "2026-11-16", 15), entry(BORIS, "2026-11-22", 60)]},
        {"id": 2, "timeEntries": [entry(ANNA, "2026-11-18", 480), entry(ANNA, "2026-11-23", 600)]}
    ]);
    let (_, weeek) = workspace(&[tasks]);
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
    let (api, weeek) = workspace(&[json!([{"id": 101}, {"id": 102}])]);
    api.on("boards.list").reply(Reply::items([json!({"id": 9, "name": "Sprint"})]));
    api.on("boards.create").reply(Reply::item(json!({"id": 10, "name": "Sprint"})));
    api.on("boardColumns.list").reply_with(|request| match request.query_param("boardId").as_deref() {
        Some("9") => Reply::items([json!({"id": 1, "name": "To do"}), json!({"id": 2, "name": "Done"})]),
        _ => Reply::items([json!({"id": 3, "name": "To do"})]),
    });
    api.on("boardColumns.create").reply(Reply::item(json!({"id": 4, "name": "Done"})));

    let mut out = Vec::new();
    move_board::run(&weeek, 9.into(), 4.into(), 5.into(), &mut out).await.unwrap();
    let output = String::from_utf8(out).unwrap();
    assert_eq!(output, "Sprint: board 9 is made anew as 10\nTo do: 2 tasks\nDone: 2 tasks\n");
    assert_eq!(sent(&api, "boards.create"), [json!({"name": "Sprint", "projectId": 5})]);
    assert_eq!(sent(&api, "boardColumns.create"), [json!({"name": "Done", "boardId": 10})]);
    let moves: Vec<_> =
        api.requests_to("tasks.update").iter().map(|sent| (sent.path().to_owned(), sent.json())).collect();
    let to = |column| json!({"boardId": 10, "boardColumnId": column});
    let expected = [3, 3, 4, 4].map(to).into_iter().zip(["/tm/tasks/101", "/tm/tasks/102"].repeat(2));
    assert_eq!(moves, expected.map(|(body, path)| (path.to_owned(), body)).collect::<Vec<_>>());
}

fn tasks(ids: impl IntoIterator<Item = i64>) -> Reply {
    Reply::items(ids.into_iter().map(|id| json!({"id": id, "title": format!("Task {id}"), "newField": id})))
}

#[tokio::test]
async fn sync_goes_on_where_it_stopped_and_removes_what_is_gone() {
    let (api, folder) = (MockApi::new(), tempfile::tempdir().unwrap());
    let (weeek, path) = (api.client(), folder.path().join("tasks.json"));
    api.on("tasks.list").reply(tasks(1..=250));
    api.on_request(|request| request.query_param("offset").as_deref() == Some("200"))
        .reply_in_turn([Reply::error(500)]);
    let error = sync::run(&weeek, &path).await.unwrap_err();
    assert!(error.to_string().contains("HTTP 500"), "{error}");
    assert_eq!(sync::Store::load(&path).unwrap().tasks.len(), 200);

    assert_eq!(sync::run(&weeek, &path).await.unwrap(), (250, 0));
    let offsets: Vec<_> = api.requests().iter().map(|request| request.query_param("offset").unwrap()).collect();
    assert_eq!(offsets, ["0", "100", "200", "200"], "the second run reads the last page only");

    api.on("tasks.list").reply(tasks((1..=247).chain([300])));
    assert_eq!(sync::run(&weeek, &path).await.unwrap(), (248, 3));
    let store = sync::Store::load(&path).unwrap();
    assert_eq!(store.tasks[&TaskId::from(300)].extra("newField"), Some(&json!(300)));
    api.on("tasks.list").reply(Reply::items([json!({"id": 1}), json!({"id": "?"}), json!(null), json!({"id": 2})]));
    assert_eq!(sync::run(&weeek, &path).await.unwrap(), (248, 0), "a task that cannot be read may be any");
    api.on("tasks.list").reply(Reply::error(404));
    sync::run(&weeek, &path).await.unwrap_err();
    assert_eq!(sync::Store::load(&path).unwrap().tasks.len(), 248, "a failure removes nothing");
}

fn parse(arguments: &[&str]) -> Result<(Command, bool), String> {
    let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
    cli::parse(&arguments).map_err(|error| error.to_string())
}

#[test]
fn cli_reads_its_arguments() {
    for (arguments, expected) in [
        (&["list", "42"][..], Ok((Command::List(42.into()), false))),
        (&["--json", "show", "17"], Ok((Command::Show(17.into()), true))),
        (&["priority", "17", "high"], Ok((Command::Priority(17.into(), TaskPriority::High), false))),
        (
            &["priority", "17", "huge"],
            Err("unknown value \"huge\"; known are Low, Medium, High, Hold, and any number".to_owned()),
        ),
        (&["show", "x"], Err("invalid digit found in string".to_owned())),
        (&["drop"], Err("unknown command".to_owned())),
    ] {
        assert_eq!(parse(arguments), expected, "{arguments:?}");
    }
}

#[tokio::test]
async fn cli_prints_lines_for_people_and_json_for_programs() {
    let api = MockApi::new();
    api.on("tasks.list").reply(tasks([1, 2]));
    let output = async |arguments: &[&str]| {
        let ((command, is_json), mut out) = (parse(arguments).unwrap(), Vec::new());
        cli::run(&api.client(), command, is_json, &mut out).await.unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(output(&["show", "1501"]).await, "1501  High    Draft the offer\n");
    assert_eq!(output(&["list", "42"]).await, "1          Task 1\n2          Task 2\n");
    let json: Vec<Value> = output(&["list", "42", "--json"]).await.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!((&json[1]["title"], &json[1]["newField"]), (&json!("Task 2"), &json!(2)));
    output(&["priority", "17", "low"]).await;
    let change = &api.requests_to("tasks.update")[0];
    assert_eq!((change.path(), change.json()), ("/tm/tasks/17", json!({"priority": 0})));
}

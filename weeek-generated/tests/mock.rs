//! The client, the example programs and README's program against the server of `cargo xtask mock`: it checks every request with
//! a validator that shares no code with the generator, and answers by the document alone.

#![allow(missing_docs, dead_code, unreachable_pub, reason = "the programs' own entry points are not called here")]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

#[path = "../examples/export.rs"]
mod export;
#[path = "../examples/move_board.rs"]
mod move_board;
#[path = "../examples/overdue.rs"]
mod overdue;
#[path = "support/readme.rs"]
mod readme;
mod support;
#[path = "../examples/time_report.rs"]
mod time_report;
#[path = "../examples/web_form.rs"]
mod web_form;

use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use jiff::civil::date;
use weeek_generated::models::*;
use weeek_generated::{Client, Operation, RetryPolicy, Upload, operations};
use xtask::document::Document;
use xtask::mock::{Mock, Options};
use xtask::schema::{Faults, Schemas};

const TOKEN: &str = "a-secret-token";

/// A mock with its client and its log.
struct Stage {
    mock: Mock,
    weeek: Client,
    document: Arc<Document>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Stage {
    async fn new(options: Options) -> Self {
        let (document, log) = (Arc::new(Document::load(None).unwrap()), Arc::new(Mutex::new(Vec::new())));
        let lines = log.clone();
        let mock = Mock::start(document.clone(), &options, move |line| lines.lock().unwrap().push(line.to_owned()));
        let mock = mock.await.unwrap();
        let weeek = Client::builder(TOKEN).base_url(mock.url()).retry(RetryPolicy::never()).build().unwrap();
        Self { mock, weeek, document, log }
    }

    async fn with_rows(rows: usize) -> Self {
        Self::new(Options { rows: Some(rows), ..Options::default() }).await
    }

    fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }
}

#[tokio::test]
async fn every_operation_passes_and_every_answer_is_valid() {
    let stage = Stage::new(Options::default()).await;
    let schemas = Schemas::new(stage.document.clone());
    let (seen, weeek) = (Arc::new(Mutex::new(Vec::new())), &stage.weeek);
    for id in operations().map(Operation::id) {
        let answer = support::call(weeek, id).unwrap_or_else(|| panic!("{id} has no call in tests/support")).await;
        answer.unwrap_or_else(|error| panic!("{error}"));
        seen.lock().unwrap().push(id);
    }
    let log = stage.log();
    assert_eq!(log.lines().count(), 157);
    assert!(!log.contains("ignored") && !log.contains(TOKEN), "{log}");

    // What a program sees is what the document says, with every list as long as it gets.
    let http = reqwest::Client::new();
    let many = Stage::with_rows(3).await;
    for operation in stage.document.operations().iter().filter(|operation| operation.method == "GET") {
        let parameters = stage.document.parameters(operation);
        let mut path = operation.template.clone();
        for parameter in parameters.iter().filter(|parameter| parameter.required) {
            let (target, _) = stage.document.resolve(&parameter.schema);
            let node = stage.document.at(&target);
            let uuid = "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34";
            let id = if node["type"] == "integer" {
                "17"
            } else if node["format"] == "uuid" {
                uuid
            } else {
                &uuid[..8].repeat(2)
            };
            let mark = format!("{{{}}}", parameter.name);
            path = if parameter.in_path { path.replace(&mark, id) } else { format!("{path}?{}={id}", parameter.name) };
        }
        let request = http.get(format!("{}/public/v1{path}", many.mock.url())).bearer_auth(TOKEN);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let body = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let schema = stage.document.success(operation).unwrap().schema.unwrap();
        assert_eq!(schemas.check(&schema, &body), Faults::new(), "{path}");
    }
}

#[tokio::test]
async fn what_was_sent_comes_back() {
    let stage = Stage::new(Options::default()).await;
    let weeek = &stage.weeek;
    let change = UpdateTask::new().title("Another").priority(None);
    let task = weeek.tasks().update(7, change).await.unwrap();
    assert_eq!((task.id.get(), task.title.as_deref(), task.priority), (7, Some("Another"), None));
    assert_eq!(task.parent_id, Some(1482.into()), "an id of the path is the task's own alone");
    let board = weeek.boards().create(CreateBoard::new("Sprint", 4)).await.unwrap();
    assert_eq!((board.name.as_str(), board.project_id), ("Sprint", Some(4.into())));
    let files = [Upload::bytes("a.txt", "hello"), Upload::bytes("b.txt", "hello")];
    weeek.tasks().upload_attachments(7, files).await.unwrap();
}

#[tokio::test]
async fn lists_page_as_they_are_said_to() {
    let stage = Stage::with_rows(250).await;
    let weeek = &stage.weeek;
    let tasks: Vec<Task> = weeek.tasks().list_all(ListTasks::new().project_id(4)).try_collect().await.unwrap();
    let ids: std::collections::BTreeSet<_> = tasks.iter().map(|task| task.id).collect();
    assert_eq!((tasks.len(), ids.len(), tasks[249].project_id), (250, 250, Some(4.into())));
    let contacts: Vec<Contact> = weeek.contacts().list_all(ListContacts::new()).try_collect().await.unwrap();
    let deals = weeek.deals().list("Wd5hY1sGc9JtQe4M", ListDeals::new().limit(10).offset(245)).await.unwrap();
    assert_eq!((contacts.len(), deals.items.len(), deals.has_more), (250, 5, Some(false)));
    assert_eq!(stage.log().matches("GET /tm/tasks?").count(), 3);
}

#[tokio::test]
async fn faults_are_answered_the_way_the_client_knows_them() {
    let stage = Stage::new(Options::default()).await;
    let weeek = &stage.weeek;
    let error = weeek.tasks().get(7).header("Prefer", "code=400").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = weeek.tags().update(3, UpdateTag::new("Urgent", "red")).await.unwrap_err();
    assert!(error.is_validation() && error.field_errors().contains_key("color"), "{error}");
    let error = weeek.funnels().get("no-such-id").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");

    let shaky = Stage::new(Options { faults: 0.5, seed: 3, ..Options::default() }).await;
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..40 {
        kinds.insert(match shaky.weeek.user().get().await {
            Ok(_) => "answered",
            Err(error) if error.is_rate_limited() => "429",
            Err(error) if error.is_server_error() => "503",
            Err(error) => {
                assert!(error.status().is_none(), "{error}");
                "dropped"
            }
        });
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["429", "503", "answered", "dropped"]);
}

#[tokio::test]
async fn the_example_programs_run() {
    let stage = Stage::with_rows(120).await;
    let weeek = &stage.weeek;
    let (mut out, mut progress) = (Vec::new(), Vec::new());
    overdue::run(weeek, date(2026, 12, 24), &mut out).await.unwrap();
    time_report::run(weeek, date(2026, 11, 23), &mut out).await.unwrap();
    assert_eq!(export::run(weeek, export::Format::Csv, &mut out, &mut progress).await.unwrap(), 120);
    let stage = Stage::new(Options::default()).await;
    move_board::run(&stage.weeek, 117.into(), 42.into(), 43.into(), &mut out).await.unwrap();
    let said = String::from_utf8(out).unwrap();
    for text in ["member ", "week of 2026-11-23", "Draft the offer", "is made anew as", "In progress: 1 tasks"] {
        assert!(said.contains(text), "{text}: {said}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wish.txt");
    std::fs::write(&file, "forty chairs").unwrap();
    let form = web_form::Form {
        status: "Wd5hY1sGc9JtQe4M".into(),
        first_name: "Clara".to_owned(),
        email: "clara@example.com".to_owned(),
        company: "Northwind".to_owned(),
        wish: "Chairs".to_owned(),
        file: Some(file),
    };
    let deal = web_form::run(&stage.weeek, form).await.unwrap();
    assert_eq!(deal.title.as_deref(), Some("Northwind: Chairs"));
    assert!(!stage.log().contains("ignored"), "{}", stage.log());
}

/// The program reads the environment, so it runs in a process of its own: this test, once more.
#[tokio::test]
async fn the_first_program_runs_as_it_stands_in_the_readme() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let program = include_str!("support/readme.rs").replace("pub(crate) async fn main", "async fn main");
    assert!(text.contains(&program), "tests/support/readme.rs and README.md have to hold the same program");
    let stage = Stage::with_rows(3).await;
    let child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "readme_program", "--ignored", "--nocapture"])
        .env("WEEEK_TOKEN", TOKEN)
        .env("WEEEK_BASE_URL", stage.mock.url())
        .output();
    let output = child.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for text in ["6p5fXr0hTzB1xE2k Some(Won)", "1501 Draft the offer", "1503 Draft the offer", "1 passed"] {
        assert!(said.contains(text), "{text}: {said}");
    }
    let log = stage.log();
    assert!(log.contains("PUT /crm/deals/6p5fXr0hTzB1xE2k  200") && !log.contains("ignored"), "{log}");
}

#[test]
#[ignore = "runs in a process of its own"]
fn readme_program() {
    readme::main().unwrap();
}

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
use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::civil::date;
use serde_json::{Value, json};
use weeek_generated::models::*;
use weeek_generated::{Client, Operation, RetryPolicy, Upload, operations};
use xtask::contract::Spec;
use xtask::contract::schema::{Schemas, Violations};
use xtask::mock::{Mock, Options};

const TOKEN: &str = "a-secret-token";

/// A mock with its client, its log, and what it answered: operation, status and body.
struct Stage {
    mock: Mock,
    weeek: Client,
    document: Arc<Spec>,
    log: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<(String, u16, Value)>>>,
}

impl Stage {
    async fn new(options: Options) -> Self {
        let document = Arc::new(Spec::load(None).unwrap());
        let (log, answers) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (lines, bodies) = (log.clone(), answers.clone());
        let mock = Mock::start(document.clone(), &options, move |exchange| {
            lines.lock().unwrap().push(exchange.to_string());
            if let (Some(operation), Some(status)) = (exchange.operation, exchange.status) {
                bodies.lock().unwrap().push((operation.to_owned(), status, exchange.body.clone()));
            }
        });
        let mock = mock.await.unwrap();
        let weeek = Client::builder(TOKEN).base_url(mock.url()).retry(RetryPolicy::never()).build().unwrap();
        Self { mock, weeek, document, log, answers }
    }

    async fn with_rows(rows: usize) -> Self {
        Self::new(Options { items: Some(rows), ..Options::default() }).await
    }

    fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    /// Holds what was answered so far against the document, and says how many answers there were.
    fn validate(&self, schemas: &Schemas) -> usize {
        let answers = self.answers.lock().unwrap();
        for (id, status, body) in &*answers {
            let declared = self.document.response(self.document.operation(id).unwrap(), *status).unwrap();
            match declared.schema {
                Some(schema) => assert_eq!(schemas.check(&schema, body), Violations::new(), "{id} {status}: {body}"),
                None => assert!(body.is_null(), "{id} {status}: {body}"),
            }
        }
        answers.len()
    }
}

/// The path of an operation with what it needs: ids, and the parameters that are required.
fn path(document: &Spec, operation: &xtask::contract::Operation) -> String {
    let (mut path, mut query) = (operation.template.clone(), String::new());
    for parameter in document.parameters(operation).iter().filter(|parameter| parameter.required) {
        let (target, _) = document.resolve(&parameter.schema);
        let id = match (document.at(&target)["type"].as_str(), document.at(&target)["format"].as_str()) {
            (Some("integer"), _) => "17",
            (_, Some("uuid")) => "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34",
            _ => "Kq3vT8nXb2LmPz7R",
        };
        if parameter.in_path {
            path = path.replace(&format!("{{{}}}", parameter.name), id);
        } else {
            query = format!("?{}={id}", parameter.name);
        }
    }
    path + &query
}

#[tokio::test]
async fn every_operation_passes_and_every_answer_is_valid() {
    let stage = Stage::new(Options::default()).await;
    let schemas = Schemas::new(stage.document.clone());
    for id in operations().map(Operation::id) {
        let answer =
            support::call(&stage.weeek, id).unwrap_or_else(|| panic!("{id} has no call in tests/support")).await;
        answer.unwrap_or_else(|error| panic!("{error}"));
    }
    let log = stage.log();
    assert_eq!((log.lines().count(), stage.validate(&schemas)), (157, 157));
    assert!(!log.contains("ignored") && !log.contains(TOKEN), "{log}");

    // What a program sees is what the document says, with every list as long as it gets.
    let http = reqwest::Client::new();
    let many = Stage::with_rows(3).await;
    for operation in stage.document.operations().iter().filter(|operation| operation.method == "GET") {
        let path = path(&stage.document, operation);
        let request = http.get(format!("{}/public/v1{path}", many.mock.url())).bearer_auth(TOKEN);
        assert_eq!(request.send().await.unwrap().status(), 200, "{path}");
    }
    assert!(many.validate(&schemas) > 25);
}

#[tokio::test]
async fn every_refusal_can_be_asked_for_and_is_valid() {
    let stage = Stage::new(Options::default()).await;
    let schemas = Schemas::new(stage.document.clone());
    let http = reqwest::Client::new();
    for operation in stage.document.operations() {
        for status in stage.document.statuses(operation) {
            let address = format!("{}{}", stage.mock.url(), operation.template.replace(['{', '}'], ""));
            let request = http.request(operation.method.parse().unwrap(), address).bearer_auth(TOKEN);
            let answer = request.header("Prefer", format!("code={status}")).send().await.unwrap();
            assert_eq!(answer.status(), status, "{}", operation.id);
        }
    }
    assert!(stage.validate(&schemas) > 700);
}

/// Each thing that can be wrong with a request of each operation is refused, and named.
#[tokio::test]
async fn every_request_is_checked() {
    let stage = Stage::new(Options::default()).await;
    let (document, http) = (&stage.document, reqwest::Client::new());
    let mut refused = 0;
    for operation in document.operations() {
        let id = &operation.id;
        let address = format!("{}{}", stage.mock.url(), path(document, operation));
        let request = |address: &str| http.request(operation.method.parse().unwrap(), address).bearer_auth(TOKEN);
        let json_of = |body: &serde_json::Map<String, Value>| {
            let request = request(&address).header("Content-Type", "application/json");
            request.body(Value::Object(body.clone()).to_string())
        };
        let bare = http.request(operation.method.parse().unwrap(), &address).send().await.unwrap();
        assert_eq!(bare.status(), 401, "{id}");

        for parameter in document.parameters(operation) {
            let node = document.at(&document.resolve(&parameter.schema).0);
            let is_checked = node["type"] == "integer" || node["enum"].is_array() || node["format"] == "uuid";
            let (bad, name) = if parameter.in_path {
                let template = operation.template.replace(&format!("{{{}}}", parameter.name), "~");
                (format!("{}{}", stage.mock.url(), template.replace(['{', '}'], "")), "")
            } else {
                let mark = if address.contains('?') { '&' } else { '?' };
                (format!("{address}{mark}{}=~", parameter.name), parameter.name.as_str())
            };
            if is_checked && parameter.in_path {
                assert_eq!(request(&bad).send().await.unwrap().status(), 404, "{id} {bad}");
                refused += 1;
            } else if is_checked {
                assert_eq!(errors(request(&bad)).await, [name], "{id} {bad}");
                refused += 1;
            }
        }

        let media = format!("{}/requestBody/content/application~1json", operation.pointer);
        let Some(example) = document.at(&format!("{media}/example")).as_object() else { continue };
        let (schema, _) = document.resolve(&format!("{media}/schema"));
        for name in example.keys() {
            let mut body = example.clone();
            body.insert(name.clone(), json!([{"planted": 1}]));
            let places = errors(json_of(&body)).await;
            let is_named = |place: &String| place == name || place.starts_with(&format!("{name}."));
            assert!(!places.is_empty() && places.iter().all(is_named), "{id} {name}: {places:?}");
            refused += 1;
            if document.at(&schema)["required"].as_array().is_some_and(|all| all.iter().any(|known| known == name)) {
                body.remove(name);
                assert_eq!(errors(json_of(&body)).await, [name.as_str()], "{id} {name}");
                refused += 1;
            }
        }
    }
    assert!(refused > 400, "{refused}");
}

/// The places that a refusal names.
async fn errors(request: reqwest::RequestBuilder) -> Vec<String> {
    let answer = request.send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status.as_u16(), &body["success"]), (422, &json!(false)), "{text}");
    body["errors"].as_object().unwrap_or_else(|| panic!("{text}")).keys().cloned().collect()
}

#[tokio::test]
async fn what_is_uploaded_can_be_downloaded() {
    let stage = Stage::new(Options::default()).await;
    let weeek = &stage.weeek;
    let files = [Upload::bytes("a.txt", "hello"), Upload::bytes("b.txt", vec![0; 3000])];
    let attachments = weeek.tasks().upload_attachments(7, files).await.unwrap();
    let told: Vec<_> = attachments.iter().map(|file| (file.name.as_str(), file.size)).collect();
    assert_eq!(told, [("a.txt", Some(5)), ("b.txt", Some(3000))]);
    for attachment in &attachments {
        let download = weeek.attachments().download(attachment).await.unwrap();
        assert_eq!(download.content_length(), attachment.size.map(|size| size.try_into().unwrap()));
        assert_eq!(download.bytes().await.unwrap().len(), usize::try_from(attachment.size.unwrap()).unwrap());
    }
    // Those of tasks and deals, and a fresh one, lead to files just so.
    let task = weeek.tasks().get(7).await.unwrap();
    let deal = weeek.deals().get("Kq3vT8nXb2LmPz7R").await.unwrap();
    let fresh = weeek.attachments().get(task.attachments[0].id.clone()).await.unwrap();
    for attachment in task.attachments.iter().chain(&deal.attachments).chain([&fresh]) {
        let bytes = weeek.attachments().download(attachment).await.unwrap().bytes().await.unwrap();
        assert_eq!(bytes.len(), usize::try_from(attachment.size.unwrap()).unwrap());
    }
    let log = stage.log();
    assert_eq!(log.matches("  303  to the storage").count(), 5);
    assert_eq!(log.matches("  200  a file").count(), 5, "the token stays away from the storage: {log}");

    // A token that goes along is refused; two signatures are one too many.
    let location = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let location = location.get(&fresh.url).send().await.unwrap().headers()["location"].to_str().unwrap().to_owned();
    assert_ne!(location.split('/').nth(2), fresh.url.split('/').nth(2), "another host");
    let answer = reqwest::Client::new().get(location).bearer_auth(TOKEN).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(stage.log().ends_with("the token was sent to the storage"));
}

#[tokio::test]
async fn an_address_that_has_expired_can_be_rehearsed() {
    let shaky = Stage::new(Options { failure_rate: 0.4, seed: 2, ..Options::default() }).await;
    let patient = RetryPolicy::default().max_attempts(8).initial_backoff(Duration::ZERO).max_backoff(Duration::ZERO);
    let weeek = Client::builder(TOKEN).base_url(shaky.mock.url()).retry(patient).build().unwrap();
    let attachment = weeek.attachments().get("a84d2e6f-1c39-4b75-8f0a-9d6b3c7e5012").await.unwrap();
    for _ in 0..20 {
        let _ = weeek.attachments().download(&attachment).await;
    }
    let log = shaky.log();
    for fault in ["  403  injected failure", "  503  injected failure", "injected failure: connection dropped"] {
        assert!(log.contains(fault), "{fault}: {log}");
    }
    assert!(log.lines().filter(|line| line.starts_with("GET /ws/attachments/")).count() > 1, "renewed: {log}");
}

#[tokio::test]
async fn what_was_sent_comes_back() {
    let stage = Stage::new(Options::default()).await;
    let weeek = &stage.weeek;
    let change = UpdateTask::new().title("Another").priority(None);
    let task = weeek.tasks().update(7, change).await.unwrap();
    assert_eq!((task.id.as_i64(), task.title.as_deref(), task.priority), (7, Some("Another"), None));
    assert_eq!(task.parent_id, Some(1482.into()), "an id of the path is the task's own alone");
    let board = weeek.boards().create(CreateBoard::new("Sprint", 4)).await.unwrap();
    assert_eq!((board.name.as_str(), board.project_id), ("Sprint", Some(4.into())));
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

    let shaky = Stage::new(Options { failure_rate: 0.5, seed: 3, ..Options::default() }).await;
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
    let text = std::fs::read_to_string(xtask::workspace::root().unwrap().join("README.md")).unwrap();
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

//! Tests the client, the examples and the program of the README against `cargo xtask mock`, which validates requests and builds
//! responses from the spec, without code of the generator.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::date;
use serde_json::{Value, json};
use weeek_generated::models::*;
use weeek_generated::{Client, RetryPolicy, Upload};
use xtask::contract::Spec;
use xtask::contract::schema::{Schemas, Violations};
use xtask::mock::{Mock, Options};

use crate::SPEC;
use crate::programs::{export, move_board, overdue, readme, time_report, web_form};

const TOKEN: &str = "a-secret-token";

/// A mock server, a client for it, its log, and its responses: operation, status and body.
struct TestServer {
    mock: Mock,
    weeek: Client,
    spec: Arc<Spec>,
    log: Arc<Mutex<Vec<String>>>,
    responses: Arc<Mutex<Vec<(String, u16, Value)>>>,
}

impl TestServer {
    async fn new(options: Options) -> Self {
        let spec = SPEC.clone();
        let (log, responses) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (lines, bodies) = (log.clone(), responses.clone());
        let mock = Mock::start(spec.clone(), &options, move |exchange| {
            lines.lock().unwrap().push(exchange.to_string());
            if let (Some(operation), Some(status)) = (exchange.operation, exchange.status) {
                bodies.lock().unwrap().push((operation.to_owned(), status, exchange.body.clone()));
            }
        });
        let mock = mock.await.unwrap();
        let weeek = Client::builder(TOKEN).base_url(mock.url()).retry(RetryPolicy::never()).build().unwrap();
        Self { mock, weeek, spec, log, responses }
    }

    async fn with_items(items: usize) -> Self {
        Self::new(Options { items: Some(items), ..Options::default() }).await
    }

    fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    /// Validates the responses so far, and returns their number.
    fn validate(&self, schemas: &Schemas) -> usize {
        let responses = self.responses.lock().unwrap();
        for (id, status, body) in &*responses {
            let declared = self.spec.response(self.spec.operation(id).unwrap(), *status).unwrap();
            match declared.schema {
                Some(schema) => assert_eq!(schemas.check(&schema, body), Violations::new(), "{id} {status}: {body}"),
                None => assert!(body.is_null(), "{id} {status}: {body}"),
            }
        }
        responses.len()
    }
}

/// The path of an operation with ids and required query parameters.
fn path(spec: &Spec, operation: &xtask::contract::Operation) -> String {
    let (mut path, mut query) = (operation.template.clone(), String::new());
    for parameter in spec.parameters(operation).iter().filter(|parameter| parameter.required) {
        let (target, _) = spec.resolve(&parameter.schema);
        let id = match (spec.at(&target)["type"].as_str(), spec.at(&target)["format"].as_str()) {
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
async fn lists_of_several_items_are_valid() {
    let http = reqwest::Client::new();
    let many = TestServer::with_items(3).await;
    for operation in many.spec.operations().iter().filter(|operation| operation.method == "GET") {
        let path = path(&many.spec, operation);
        let request = http.get(format!("{}/public/v1{path}", many.mock.url())).bearer_auth(TOKEN);
        assert_eq!(request.send().await.unwrap().status(), 200, "{path}");
    }
    assert!(many.validate(&Schemas::new(many.spec.clone())) > 25);
    assert!(!many.log().contains(TOKEN));
}

/// Plants each kind of violation in a request of each operation.
#[tokio::test]
async fn every_violation_is_rejected_and_named() {
    let server = TestServer::new(Options::default()).await;
    let (spec, http) = (&server.spec, reqwest::Client::new());
    let mut rejected = 0;
    for operation in spec.operations() {
        let id = &operation.id;
        let url = format!("{}{}", server.mock.url(), path(spec, operation));
        let request = |url: &str| http.request(operation.method.parse().unwrap(), url).bearer_auth(TOKEN);
        let json_of = |body: &serde_json::Map<String, Value>| {
            let request = request(&url).header("Content-Type", "application/json");
            request.body(Value::Object(body.clone()).to_string())
        };
        let bare = http.request(operation.method.parse().unwrap(), &url).send().await.unwrap();
        assert_eq!(bare.status(), 401, "{id}");

        for parameter in spec.parameters(operation) {
            let node = spec.at(&spec.resolve(&parameter.schema).0);
            let is_checked = node["type"] == "integer" || node["enum"].is_array() || node["format"] == "uuid";
            let (bad_url, name) = if parameter.in_path {
                let template = operation.template.replace(&format!("{{{}}}", parameter.name), "~");
                (format!("{}{}", server.mock.url(), template.replace(['{', '}'], "")), "")
            } else {
                let mark = if url.contains('?') { '&' } else { '?' };
                (format!("{url}{mark}{}=~", parameter.name), parameter.name.as_str())
            };
            if is_checked && parameter.in_path {
                assert_eq!(request(&bad_url).send().await.unwrap().status(), 404, "{id} {bad_url}");
                rejected += 1;
            } else if is_checked {
                assert_eq!(errors(request(&bad_url)).await, [name], "{id} {bad_url}");
                rejected += 1;
            }
        }

        let media = format!("{}/requestBody/content/application~1json", operation.pointer);
        let Some(example) = spec.at(&format!("{media}/example")).as_object() else { continue };
        let (schema, _) = spec.resolve(&format!("{media}/schema"));
        for name in example.keys() {
            let mut body = example.clone();
            body.insert(name.clone(), json!([{"planted": 1}]));
            let locations = errors(json_of(&body)).await;
            let is_named = |location: &String| location == name || location.starts_with(&format!("{name}."));
            assert!(!locations.is_empty() && locations.iter().all(is_named), "{id} {name}: {locations:?}");
            rejected += 1;
            if spec.at(&schema)["required"].as_array().is_some_and(|all| all.iter().any(|known| known == name)) {
                body.remove(name);
                assert_eq!(errors(json_of(&body)).await, [name.as_str()], "{id} {name}");
                rejected += 1;
            }
        }
    }
    assert!(rejected > 400, "{rejected}");
}

#[tokio::test]
async fn queries_in_another_form_are_rejected_and_named() {
    let server = TestServer::new(Options::default()).await;
    let (deals, field) = ("/crm/statuses/Wd5hY1sGc9JtQe4M/deals", "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34");
    for (target, name) in [
        ("/tm/tasks?tags=1", "tags"),
        ("/tm/tasks?completed=true", "completed"),
        ("/tm/tasks?startDate=2026-11-03", "startDate"),
        ("/tm/tasks?projectId=0", "projectId"),
        ("/tm/boards", "projectId"),
        (&format!("{deals}?customFields[id]={field}"), "customFields"),
        (&format!("{deals}?customFields[0][id]={field}"), "customFields.0.value"),
    ] {
        let request = reqwest::Client::new().get(format!("{}{target}", server.mock.url())).bearer_auth(TOKEN);
        assert_eq!(errors(request).await, [name], "{target}");
    }
}

/// The locations that a validation error names.
async fn errors(request: reqwest::RequestBuilder) -> Vec<String> {
    let response = request.send().await.unwrap();
    let (status, text) = (response.status(), response.text().await.unwrap());
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status.as_u16(), &body["success"]), (422, &json!(false)), "{text}");
    body["errors"].as_object().unwrap_or_else(|| panic!("{text}")).keys().cloned().collect()
}

#[tokio::test]
async fn uploaded_files_can_be_downloaded() {
    let server = TestServer::new(Options::default()).await;
    let weeek = &server.weeek;
    let files = [Upload::bytes("a.txt", "hello"), Upload::bytes("b.txt", vec![0; 3000])];
    let attachments = weeek.tasks().upload_attachments(7, files).await.unwrap();
    let uploaded: Vec<_> = attachments.iter().map(|file| (file.name.as_str(), file.size)).collect();
    assert_eq!(uploaded, [("a.txt", Some(5)), ("b.txt", Some(3000))]);
    for attachment in &attachments {
        let download = weeek.attachments().download(attachment).await.unwrap();
        assert_eq!(download.content_length(), attachment.size.map(|size| size.try_into().unwrap()));
        assert_eq!(download.bytes().await.unwrap().len(), usize::try_from(attachment.size.unwrap()).unwrap());
    }
    // Attachments of tasks and deals can be downloaded, and one with a new URL.
    let task = weeek.tasks().get(7).await.unwrap();
    let deal = weeek.deals().get("Kq3vT8nXb2LmPz7R").await.unwrap();
    let fresh = weeek.attachments().get(task.attachments[0].id.clone()).await.unwrap();
    for attachment in task.attachments.iter().chain(&deal.attachments).chain([&fresh]) {
        let bytes = weeek.attachments().download(attachment).await.unwrap().bytes().await.unwrap();
        assert_eq!(bytes.len(), usize::try_from(attachment.size.unwrap()).unwrap());
    }
    let log = server.log();
    assert_eq!(log.matches("  303  to the storage").count(), 5);
    assert_eq!(log.matches("  200  a file").count(), 5, "the token stays away from the storage: {log}");

    // The storage rejects a token, because the URL is signed already.
    let location = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let location = location.get(&fresh.url).send().await.unwrap().headers()["location"].to_str().unwrap().to_owned();
    assert_ne!(location.split('/').nth(2), fresh.url.split('/').nth(2), "another host");
    let response = reqwest::Client::new().get(location).bearer_auth(TOKEN).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert!(server.log().ends_with("the token was sent to the storage"));
}

#[tokio::test]
async fn expired_urls_can_be_simulated() {
    let failing = TestServer::new(Options { failure_rate: 0.4, seed: 2, ..Options::default() }).await;
    let retry = RetryPolicy::default().max_attempts(8).initial_backoff(Duration::ZERO).max_backoff(Duration::ZERO);
    let weeek = Client::builder(TOKEN).base_url(failing.mock.url()).retry(retry).build().unwrap();
    let attachment = weeek.attachments().get("a84d2e6f-1c39-4b75-8f0a-9d6b3c7e5012").await.unwrap();
    for _ in 0..20 {
        let _ = weeek.attachments().download(&attachment).await;
    }
    let log = failing.log();
    for failure in ["  403  injected failure", "  503  injected failure", "injected failure: connection dropped"] {
        assert!(log.contains(failure), "{failure}: {log}");
    }
    assert!(log.lines().filter(|line| line.starts_with("GET /ws/attachments/")).count() > 1, "renewed: {log}");
}

#[tokio::test]
async fn responses_contain_the_values_sent() {
    let server = TestServer::new(Options::default()).await;
    let weeek = &server.weeek;
    let change = UpdateTask::new().title("Another").priority(None);
    let task = weeek.tasks().update(7, change).await.unwrap();
    assert_eq!((task.id.as_i64(), task.title.as_deref(), task.priority), (7, Some("Another"), None));
    assert_eq!(task.parent_id, Some(1482.into()), "the id of the path applies to the task only");
    let board = weeek.boards().create(CreateBoard::new("Sprint", 4)).await.unwrap();
    assert_eq!((board.name.as_str(), board.project_id), ("Sprint", Some(4.into())));
}

#[tokio::test]
#[expect(deprecated, reason = "the mock server sets the property with the name of the filter")]
async fn lists_are_paginated_as_declared() {
    let server = TestServer::with_items(250).await;
    let weeek = &server.weeek;
    let tasks: Vec<Task> = weeek.tasks().list_all(ListTasks::new().project_id(4)).try_collect().await.unwrap();
    let ids: std::collections::BTreeSet<_> = tasks.iter().map(|task| task.id).collect();
    assert_eq!((tasks.len(), ids.len(), tasks[249].project_id), (250, 250, Some(4.into())));
    let contacts: Vec<Contact> = weeek.contacts().list_all(ListContacts::new()).try_collect().await.unwrap();
    let deals = weeek.deals().list("Wd5hY1sGc9JtQe4M", ListDeals::new().limit(10).offset(245)).await.unwrap();
    assert_eq!((contacts.len(), deals.items.len(), deals.has_more), (250, 5, Some(false)));
    assert_eq!(server.log().matches("GET /tm/tasks?").count(), 3);
}

#[tokio::test]
async fn the_client_recognizes_simulated_errors() {
    let server = TestServer::new(Options::default()).await;
    let weeek = &server.weeek;
    let error = weeek.tasks().get(7).header("Prefer", "code=400").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = weeek.tags().update(3, UpdateTag::new("Urgent", "red")).await.unwrap_err();
    assert!(error.is_validation() && error.field_errors().contains_key("color"), "{error}");
    let error = weeek.funnels().get("no-such-id").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");

    let failing = TestServer::new(Options { failure_rate: 0.5, seed: 3, ..Options::default() }).await;
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..40 {
        kinds.insert(match failing.weeek.user().get().await {
            Ok(_) => "success",
            Err(error) if error.is_rate_limited() => "429",
            Err(error) if error.is_server_error() => "503",
            Err(error) => {
                assert!(error.status().is_none(), "{error}");
                "dropped"
            }
        });
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["429", "503", "dropped", "success"]);
}

#[tokio::test]
async fn the_examples_run() {
    let server = TestServer::with_items(120).await;
    let weeek = &server.weeek;
    let (mut out, mut progress) = (Vec::new(), Vec::new());
    overdue::run(weeek, date(2026, 12, 24), &mut out).await.unwrap();
    time_report::run(weeek, date(2026, 11, 23), &mut out).await.unwrap();
    assert_eq!(export::run(weeek, export::Format::Csv, &mut out, &mut progress).await.unwrap(), 120);
    let server = TestServer::new(Options::default()).await;
    move_board::run(&server.weeek, 117.into(), 42.into(), 43.into(), &mut out).await.unwrap();
    let output = String::from_utf8(out).unwrap();
    for text in ["member ", "week of 2026-11-23", "Draft the offer", "is made anew as", "In progress: 1 tasks"] {
        assert!(output.contains(text), "{text}: {output}");
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
    let deal = web_form::run(&server.weeek, form).await.unwrap();
    assert_eq!(deal.title.as_deref(), Some("Northwind: Chairs"));
    assert!(!server.log().contains("ignored"), "{}", server.log());
}

/// crates.io shows the page without the repository around it.
#[test]
fn the_readme_has_whole_links_and_every_feature() {
    let folder = xtask::workspace::root().unwrap().join("weeek-generated");
    let read = |name| std::fs::read_to_string(folder.join(name)).unwrap();
    let (page, manifest) = (read("README.md"), read("Cargo.toml"));
    for (_, rest) in page.match_indices("](").map(|(at, mark)| page.split_at(at + mark.len())) {
        assert!(rest.starts_with("https://"), "{}", rest.lines().next().unwrap());
    }
    let features = manifest.split_once("[features]\n").unwrap().1.split("\n\n").next().unwrap();
    let named = features.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    for name in named.filter(|name| *name != "default") {
        assert!(page.contains(&format!("`{name}`")), "README.md does not mention the feature {name}");
    }
}

/// Starts itself as a child process that runs the program, because the program reads the environment.
#[test]
fn the_readme_program_runs() {
    if std::env::var_os("CHILD").is_some() {
        return readme::main().unwrap();
    }
    tokio::runtime::Runtime::new().unwrap().block_on(run_the_readme_program());
}

async fn run_the_readme_program() {
    let text = std::fs::read_to_string(xtask::workspace::root().unwrap().join("weeek-generated/README.md")).unwrap();
    let program = include_str!("../support/readme.rs").replace("pub(crate) async fn main", "async fn main");
    assert!(
        text.contains(&program),
        "tests/support/readme.rs and weeek-generated/README.md must have the same program"
    );
    let server = TestServer::with_items(3).await;
    let child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "mock::the_readme_program_runs", "--nocapture"])
        .env("CHILD", "1")
        .env("WEEEK_TOKEN", TOKEN)
        .env("WEEEK_BASE_URL", server.mock.url())
        .output();
    let output = child.await.unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
    for text in ["6p5fXr0hTzB1xE2k Some(Won)", "1501 Draft the offer", "1503 Draft the offer", "1 passed"] {
        assert!(stdout.contains(text), "{text}: {stdout}");
    }
    let log = server.log();
    assert!(log.contains("PUT /crm/deals/6p5fXr0hTzB1xE2k  200") && !log.contains("ignored"), "{log}");
}

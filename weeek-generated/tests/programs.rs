//! Runs the examples that are tested against the stand-in for Weeek. The tests of the bot are in its own file.

#![allow(missing_docs, dead_code, unreachable_pub, reason = "`main` of the examples is not called")]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

#[path = "../examples/bot.rs"]
mod bot;
#[path = "../examples/cli.rs"]
mod cli;
#[path = "../examples/sync.rs"]
mod sync;

use cli::Command;
use serde_json::{Value, json};
use weeek_generated::models::{TaskId, TaskPriority};
use weeek_generated::testing::{MockApi, Reply};

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
        (&["priority", "17", "huge"], Err("`huge` is no priority".to_owned())),
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
    assert_eq!(output(&["show", "1501"]).await, "1501  high    Draft the offer\n");
    assert_eq!(output(&["list", "42"]).await, "1          Task 1\n2          Task 2\n");
    let json: Vec<Value> = output(&["list", "42", "--json"]).await.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!((&json[1]["title"], &json[1]["newField"]), (&json!("Task 2"), &json!(2)));
    output(&["priority", "17", "low"]).await;
    let change = &api.requests_to("tasks.update")[0];
    assert_eq!((change.path(), change.json()), ("/tm/tasks/17", json!({"priority": 0})));
}

//! A bot that keeps a list of tasks, here in the terminal.
//!
//! The core, [`reply`], knows nothing of a terminal or a chat: it takes a message and returns one. Its tests, at the end of this file,
//! run it against a stand-in for Weeek.
//!
//! ```console
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example bot PROJECT
//! add Draft the offer
//! Added 1501: Draft the offer
//! ```

use std::error::Error;
use std::io::{self, BufRead as _};

use weeek_generated::models::{CreateTask, CreateTaskLocation, ListTasks, ProjectId};
use weeek_generated::{Client, Result};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = std::env::args().nth(1).ok_or("usage: bot PROJECT")?.parse()?;
    let weeek = Client::from_env()?;
    for line in io::stdin().lock().lines() {
        println!("{}", reply(&weeek, project, &line?).await);
    }
    Ok(())
}

/// Replies to a message, also if Weeek cannot be reached.
pub(crate) async fn reply(weeek: &Client, project: ProjectId, message: &str) -> String {
    let (command, rest) = message.trim().split_once(' ').unwrap_or((message.trim(), ""));
    let result = match command {
        "add" if !rest.is_empty() => add(weeek, project, rest).await,
        "done" => done(weeek, rest).await,
        "list" => list(weeek, project).await,
        _ => Ok("Try: add TITLE, done NUMBER, list".to_owned()),
    };
    result.unwrap_or_else(|error| match error {
        error if error.is_unauthorized() => "My token is not accepted any more.".to_owned(),
        error if error.is_validation() => error.message().unwrap_or("That is not valid.").to_owned(),
        // The task may have been created, so another attempt could make two.
        error if error.may_have_been_received() => "I do not know whether that worked. Please look.".to_owned(),
        _ => "Weeek cannot be reached. Please try later.".to_owned(),
    })
}

async fn add(weeek: &Client, project: ProjectId, title: &str) -> Result<String> {
    let task = CreateTask::new().title(title).locations([CreateTaskLocation::new(project, None)]);
    let task = weeek.tasks().create(task).await?;
    Ok(format!("Added {}: {}", task.id, task.title.unwrap_or_default()))
}

async fn done(weeek: &Client, id: &str) -> Result<String> {
    let Ok(id) = id.parse::<i64>() else { return Ok(format!("`{id}` is not a number.")) };
    match weeek.tasks().complete(id).await {
        Ok(_) => Ok(format!("Done: {id}")),
        Err(error) if error.is_not_found() => Ok(format!("There is no task {id}.")),
        Err(error) => Err(error),
    }
}

async fn list(weeek: &Client, project: ProjectId) -> Result<String> {
    let mut open = weeek.tasks().list_all(ListTasks::new().project_id(project).completed(false)).take(10);
    let mut lines = Vec::new();
    while let Some(task) = open.try_next().await? {
        lines.push(format!("{} {}", task.id, task.title.as_deref().unwrap_or("(untitled)")));
    }
    Ok(if lines.is_empty() { "Nothing to do.".to_owned() } else { lines.join("\n") })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use weeek_generated::testing::{MockApi, Reply};

    use super::*;

    async fn ask(api: &MockApi, message: &str) -> String {
        reply(&api.client(), 42.into(), message).await
    }

    #[tokio::test]
    async fn a_task_is_added_to_the_project() {
        let api = MockApi::new();
        api.on("tasks.create").reply_with(|request| Reply::item(json!({"id": 5, "title": request.json()["title"]})));
        assert_eq!(ask(&api, "add Buy milk").await, "Added 5: Buy milk");
        let body = api.requests_to("tasks.create")[0].json();
        assert_eq!(body, json!({"title": "Buy milk", "locations": [{"projectId": 42, "boardColumnId": null}]}));
    }

    #[tokio::test]
    async fn a_list_has_the_first_ten_open_tasks() {
        let api = MockApi::new();
        api.on("tasks.list").reply(Reply::items((1..=60).map(|id| json!({"id": id, "title": format!("Task {id}")}))));
        let text = ask(&api, "list").await;
        assert_eq!((text.lines().count(), text.lines().last()), (10, Some("10 Task 10")));
        let request = &api.requests()[0];
        assert_eq!(
            (request.query_param("projectId"), request.query_param("completed")),
            (Some("42".into()), Some("0".into()))
        );
        api.on("tasks.list").reply(Reply::items([(); 0]));
        assert_eq!(ask(&api, "list").await, "Nothing to do.");
    }

    #[tokio::test]
    async fn failures_are_explained() {
        let api = MockApi::new();
        for (message, failure, text) in [
            ("done 17", Reply::error(400), "There is no task 17."),
            ("done 17", Reply::error(401), "My token is not accepted any more."),
            ("add x", Reply::invalid("title", "The title is too short."), "The title is too short."),
            ("add x", Reply::connection_lost(), "I do not know whether that worked. Please look."),
            ("add x", Reply::connection_refused(), "Weeek cannot be reached. Please try later."),
            ("done x", Reply::error(500), "`x` is not a number."),
            ("hello", Reply::error(500), "Try: add TITLE, done NUMBER, list"),
        ] {
            api.on_request(|_| true).reply(failure);
            assert_eq!(ask(&api, message).await, text);
        }
    }

    #[tokio::test]
    async fn a_short_outage_goes_unnoticed() {
        let api = MockApi::new();
        api.on("tasks.list").reply_in_turn([Reply::error(503), Reply::connection_lost()]);
        assert_eq!(ask(&api, "list").await, "1501 Draft the offer");
    }
}

//! Testing your program, without a server.
//!
//! Enable the feature `testing` for your tests:
//!
//! ```toml
//! [dev-dependencies]
//! weeek-generated = { version = "0.1", features = ["testing"] }
//! ```
//!
//! [`MockApi`] stands in for Weeek. Its clients are real ones: retries, decoding, drift, uploads and streams over pages run as they do
//! in your program, and only the connection is replaced. It opens no port and has no runtime of its own.
//!
//! ```
//! use weeek_generated::models::*;
//! use weeek_generated::testing::{MockApi, Reply};
//! use weeek_generated::{Client, Result};
//!
//! /// The core of a bot: raises the priority of every task of a project that has none.
//! async fn triage(weeek: &Client, project: ProjectId) -> Result<usize> {
//!     let page = weeek.tasks().list(ListTasks::new().project_id(project)).await?;
//!     let mut changed = 0;
//!     for task in page.items.into_iter().filter(|task| task.priority.is_none()) {
//!         match weeek.tasks().update(task.id, UpdateTask::new().priority(TaskPriority::High)).await {
//!             Ok(_) => changed += 1,
//!             Err(error) if error.is_not_found() => {}
//!             Err(error) => return Err(error),
//!         }
//!     }
//!     Ok(changed)
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
//! // #[tokio::test]
//! // async fn a_task_that_is_gone_is_skipped() {
//! let api = MockApi::new();
//! let task = |id: i64, priority| {
//!     let mut task = Task::example();
//!     (task.id, task.priority) = (id.into(), priority);
//!     task
//! };
//! api.on("tasks.list").reply(Reply::items([task(1, None), task(2, Some(TaskPriority::Low)), task(3, None)]));
//! api.on_path("/tm/tasks/1").reply(Reply::error(404));
//! api.on_path("/tm/tasks/3").reply_in_turn([Reply::error(503), Reply::error(503)]); // then as the spec has it
//!
//! assert_eq!(triage(&api.client(), 42.into()).await.unwrap(), 1);
//!
//! assert_eq!(api.operations()[..2], ["tasks.list", "tasks.update"]);
//! let changes = api.requests_to("tasks.update");
//! assert_eq!((changes.len(), changes[3].path()), (4, "/tm/tasks/3"));
//! assert_eq!(changes[3].json(), serde_json::json!({"priority": 2}));
//! assert_eq!(api.requests()[0].query_param("projectId").as_deref(), Some("42"));
//! # });
//! ```
//!
//! # Replies
//!
//! Without a rule, an operation gets the example of its response in the spec. All examples are about the same few objects, so ids
//! match. A rule is for an operation ([`MockApi::on`]), a path ([`MockApi::on_path`]) or what a predicate accepts
//! ([`MockApi::on_request`]). Of the rules that match, the last one added counts. A list is cut into pages by the limit and the offset
//! of the request. A request that is for no operation and that no rule matches is an error that says so.
//!
//! # Values
//!
//! Every object of a response has a function `example`, such as [`Task::example`](crate::models::Task::example); change its public
//! fields. It takes the place of `Default`, which would make up an id. A value with few properties is read from JSON:
//! `serde_json::from_value(json!({"id": 1}))`. [`Error::from_response`](crate::Error::from_response) makes an error.
//!
//! # Time
//!
//! Clients of [`MockApi`] wait a millisecond where others wait half a second. `Retry-After` and [`Reply::delay`] are real time, unless
//! the test runs with tokio's paused time, `#[tokio::test(start_paused = true)]` of its feature `test-util`: all waits are over at
//! once, in the right order.

mod api;
mod reply;
mod request;
mod rule;

pub use api::MockApi;
pub use reply::Reply;
pub use request::{RecordedFile, RecordedRequest};
pub use rule::Rule;

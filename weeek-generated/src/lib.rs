//! Client for the public API of [Weeek](https://weeek.net): tasks, projects, boards, deals and contacts.
//!
//! ```no_run
//! use weeek_generated::{Client, models::*};
//!
//! # async fn run() -> weeek_generated::Result<()> {
//! let weeek = Client::from_env()?; // WEEEK_TOKEN, and WEEEK_BASE_URL where set
//!
//! let change = UpdateDeal::new().title("Renewal 2027").win_status(WinStatus::Won).amount(None);
//! let deal = weeek.deals().update("6p5fXr0hTzB1xE2k", &change).await?;
//! println!("{} {:?}", deal.id, deal.win_status);
//!
//! let mut tasks = weeek.tasks().list_all(ListTasks::new().project_id(4).completed(false));
//! while let Some(task) = tasks.try_next().await? {
//!     println!("{} {}", task.id, task.title.as_deref().unwrap_or("(untitled)"));
//! }
//!
//! match weeek.tasks().get(999_999).await {
//!     Ok(task) => println!("{task:?}"),
//!     Err(error) if error.is_not_found() => println!("no such task"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A function of a handle such as [`Client::tasks`] sends nothing: it returns a [`Call`], and `.await` sends it. Before that, the call
//! can be inspected and changed.
//!
//! # Where to find what
//!
//! - **Types**: [`models`] has them all, by resource and purpose; [`endpoints`] has the functions.
//! - **Runtime**: calls run on tokio, with its time and I/O drivers, as `#[tokio::main]` starts it; [without async](usage#without-async)
//!   they need no runtime of yours.
//! - **Sharing**: a [`Client`] is cheap to clone, and its clones share connections and limits; keep one for the whole program, such as
//!   the [state of a web service](usage#in-a-web-service).
//! - **Paging**: a `list` is one [`Page`], a `list_all` the stream [`Items`] over all pages; [`Items::into_pages`] goes page by page.
//! - **Files**: an [`Upload`] is made from bytes, a path, a reader or a stream, and `weeek.attachments().download(&attachment)`
//!   [saves and resumes](usage#files).
//! - **Raw responses**: [`Call::with_response`] and [`Pages::with_response`] add the status, the headers and the body to the value;
//!   models are [JSON](usage#raw-json) both ways.
//! - **Other paths**: [`Client::request`] calls what has no function, and [`Call::property`] sends what a request has no setter for.
//! - **Inspecting**: [`Call::request`] shows what will be sent, and [`Call::decode`] reads a response that you have already.
//! - **Testing**: see [below](#testing-your-program).
//! - **Dates and time zones**: the re-exported [`jiff`] has both; see [Requests](#requests).
//! - **Rate and concurrency**: [`ClientBuilder::max_requests_per_second`] and [`ClientBuilder::max_concurrent_requests`] limit a client and
//!   its clones, and [many calls](usage#many-calls) run at once.
//! - **Your own HTTP**: [`ClientBuilder::http_client`] takes a client of the re-exported [`reqwest`], and [`ClientBuilder::service`] layers
//!   of tower.
//! - **Examples**: a bot, a sync, a CLI, a web form and more are [whole programs](https://docs.rs/crate/weeek-generated/latest/source/examples/).
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `workspace`, `task-manager`, `crm` | yes | an area of the API: without `crm`, for example, the compiler finds no method `deals` |
//! | `rustls` | yes | TLS by rustls |
//! | `native-tls` | no | TLS by the system |
//! | `time-zones` | yes | the time zone of the system and the zone database, in [`jiff`] |
//! | `blocking` | no | `call_blocking` and `iter_blocking` |
//! | `testing` | no | [`testing::MockApi`], and `example()` of models |
//! | `tracing` | no | [spans and events](usage#tracing) |
//!
//! # Requests
//!
//! Required values are arguments. Optional ones are set on a struct such as [`models::UpdateTask`]: a setter that is not called
//! leaves the property out, `None` writes null where null has a meaning, and everything that converts is accepted. Null mostly clears a
//! value, so `.amount(text.parse().ok())` clears the amount if the text is not a number; return that error instead. Dates are
//! [`jiff::civil::Date`], timestamps [`jiff::Timestamp`]; lists write dates as `24.11.2026`, bodies as `2026-11-24`. "Today" depends
//! on a time zone: `jiff::ZonedDateTime::now().date()` is the local day. A number that is not finite, and a change without any property,
//! are errors before anything is sent. `type` is called `kind`, and `move` is called `move_to`.
//!
//! # Responses
//!
//! - A value is never made up. A value that cannot be read is `None` where the property is optional, and a decode error with its
//!   location where it is not.
//! - A property that is missing or null is `None` or the empty list. Where the spec requires a boolean, number or string, it is
//!   `false`, zero or the empty string.
//! - Known spellings are accepted: 0 and 1 for booleans, numbers in strings, `{}` for an array, `dd.mm.yyyy` for a date.
//! - Enumerations keep values that this version does not know, and objects keep unknown properties: `task.extra("newField")`.
//! - An item of a page that cannot be read does not lose the others: it is in [`Page::unreadable`], and an error of the stream.
//!
//! Everything that does not match the spec is reported to [`ClientBuilder::on_drift`], if it is set, and is a `warn` event with the
//! feature `tracing`.
//!
//! # Errors
//!
//! ```no_run
//! # use weeek_generated::{Client, models::*};
//! # async fn run(weeek: Client) -> weeek_generated::Result<()> {
//! match weeek.tags().update(3, UpdateTag::new("Urgent", "#FF6AA9")).await {
//!     Ok(()) => println!("changed"),
//!     Err(error) if error.is_not_found() => println!("no such tag"),
//!     Err(error) if error.is_validation() => {
//!         for (field, messages) in error.field_errors() {
//!             println!("{field}: {}", messages.join(" "));
//!         }
//!     }
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The page [`usage`] is about calls in a program that runs unattended: retries, timeouts, limits, and what to do after an error.
//!
//! Failed calls are retried, as [`RetryPolicy`] describes. A call that may have reached Weeek is retried only if
//! [`Operation::is_idempotent`]; [`Error::may_have_been_received`] says whether to look before you repeat one yourself.
//!
//! # Testing your program
//!
//! With the feature `testing`, [`testing::MockApi`] stands in for Weeek, without a server.
//!
//! [`jiff`]: https://docs.rs/jiff
//! [`jiff::civil::Date`]: https://docs.rs/jiff/latest/jiff/civil/struct.Date.html
//! [`jiff::Timestamp`]: https://docs.rs/jiff/latest/jiff/struct.Timestamp.html
//! [`reqwest`]: https://docs.rs/reqwest
//!
// docs.rs shows the feature of each item, which takes a nightly compiler.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(feature = "testing"),
    doc = "[`testing::MockApi`]: https://docs.rs/weeek-generated/latest/weeek_generated/testing/struct.MockApi.html"
)]
// Reading order: client.rs, call/mod.rs, transport/mod.rs and retry.rs (sending), request/mod.rs, response/decode.rs and lenient.rs
// (decoding), model/response_objects.rs (what the generated code consists of), error.rs.
// Imports go one way: operation, request/{path, query}, response, response/drift < error < response/*, model, request < transport
// < call < client < generated.
#![cfg_attr(
    not(all(feature = "workspace", feature = "task-manager", feature = "crm")),
    allow(dead_code, unused_macros, reason = "an area that is left out leaves parts of the runtime unused")
)]

#[macro_use]
mod operation;
#[macro_use]
mod model;
mod call;
mod client;
#[cfg(feature = "workspace")]
mod download;
mod error;
#[rustfmt::skip]
#[allow(
    deprecated,
    unused_imports,
    clippy::large_enum_variant,
    clippy::match_same_arms,
    clippy::new_without_default,
    clippy::redundant_field_names,
    clippy::should_implement_trait,
    clippy::too_many_arguments,
    clippy::wildcard_imports,
    reason = "generated files are alike: the same imports on top, every field spelled out"
)]
mod generated;
mod helpers;
#[allow(unused_imports, reason = "the names in use depend on the areas that are compiled in")]
mod prelude;
mod request;
mod response;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
#[cfg(doc)]
#[doc = include_str!("usage.md")]
pub mod usage {}

pub use bytes::Bytes;
pub use call::Call;
pub use call::future::CallFuture;
pub use call::page::Page;
pub use call::pages::{Items, PageResponses, Pages};
pub use call::raw::RawCall;
pub use client::{Client, ClientBuilder};
#[cfg(feature = "workspace")]
pub use download::Download;
pub use error::{Error, Result};
pub use generated::{endpoints, models};
/// Dates and timestamps.
pub use jiff;
pub use model::Nullable;
pub use model::enums::UnknownName;
pub use model::filter::Filter;
pub use operation::{Evidence, Operation, Pagination};
pub use request::Request;
pub use request::upload::Upload;
/// The HTTP client.
pub use reqwest;
pub use reqwest::header::HeaderMap;
pub use reqwest::{Method, StatusCode};
pub use response::Response;
pub use response::decode::UnreadableItem;
pub use response::drift::Drift;
/// The trait of [`ClientBuilder::service`].
pub use tower_service;
pub use transport::retry::RetryPolicy;

/// Returns every operation that is compiled in, resource by resource.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    generated::OPERATIONS.iter().flat_map(|resource| resource.iter().copied())
}

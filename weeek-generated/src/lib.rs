//! Client for the public API of [Weeek](https://weeek.net): tasks, projects, boards, deals and contacts.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
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
//! A function of a handle such as [`Client::tasks`] sends nothing: it returns a [`Call`], which is sent by `.await`.
//! Before that, the call can be looked at and changed.
//!
//! # Requests
//!
//! What is required is an argument; what is not is set on a value such as [`models::UpdateTask`], whose setters can be left out
//! (then the property is not sent), take `None` where null means something, and take whatever converts: texts, numbers, ids.
//! Days are [`jiff::civil::Date`] and instants [`jiff::Timestamp`] of the crate [`jiff`]; how each is written is the client's
//! business: lists take days as `24.11.2026`, bodies as `2026-11-24`. `type` is called `kind`, and `move` is called `move_to`.
//!
//! # Answers
//!
//! A property that is missing or null is `None` or the empty list; only an object's id has to be there. Enumerations keep values
//! that this version does not know. Whatever had to be tolerated goes to [`ClientBuilder::on_drift`], where one is set.
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
//!         for (field, texts) in error.field_errors() {
//!             println!("{field}: {}", texts.join(" "));
//!         }
//!     }
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Calls that failed without harm are repeated as [`RetryPolicy`] says; one that may have arrived is repeated only where
//! [`Operation::is_idempotent`].

#![cfg_attr(
    not(all(feature = "workspace", feature = "task-manager", feature = "crm")),
    allow(dead_code, unused_macros, reason = "an area that is left out leaves parts of the runtime unused")
)]

#[macro_use]
mod operation;
#[macro_use]
mod value;
mod answer;
mod call;
mod client;
mod custom;
#[cfg(feature = "workspace")]
mod download;
mod drift;
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
mod page;
mod path;
#[allow(unused_imports, reason = "which names are used depends on the areas that are compiled in")]
mod prelude;
mod query;
mod request;
mod retry;
mod send;
mod token;
mod tolerant;
mod trace;
mod upload;
mod wire;

pub use answer::Response;
pub use call::Call;
pub use client::{Client, ClientBuilder};
pub use custom::CustomCall;
#[cfg(feature = "workspace")]
pub use download::Download;
pub use drift::Drift;
pub use error::{Error, Result};
pub use generated::{endpoints, models};
/// Days and instants.
pub use jiff;
pub use operation::{Evidence, Method, Operation, Paging, operations};
pub use page::{Page, Pages, Rows};
pub use request::Request;
pub use retry::RetryPolicy;
pub use upload::Upload;
pub use value::Nullable;

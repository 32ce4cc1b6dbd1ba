//! The stand-in for Weeek.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use tower_service::Service;

use super::reply::Reply;
use super::request::RecordedRequest;
use super::rule::{Entry, Rule, lock};
use crate::client::{Client, ClientBuilder};
use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::transport::retry::RetryPolicy;

/// Stands in for Weeek, inside your process. Clones share rules and requests.
///
/// It is a [`Service`][service], so layers of tower can be tested with it too.
///
/// [service]: https://docs.rs/tower-service/latest/tower_service/trait.Service.html
#[derive(Clone, Default)]
pub struct MockApi(Arc<State>);

#[derive(Default)]
struct State {
    rules: Mutex<Vec<Arc<Entry>>>,
    requests: Mutex<Vec<RecordedRequest>>,
}

impl MockApi {
    /// Creates a stand-in that gives each operation the example of the spec.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a client of it.
    pub fn client(&self) -> Client {
        self.builder().build().expect("the configuration is valid")
    }

    /// Returns a builder for clients of it, with the token `test`. Retries wait a millisecond.
    pub fn builder(&self) -> ClientBuilder {
        let policy = RetryPolicy::default().initial_backoff(Duration::from_millis(1));
        Client::builder("test").service(self.clone()).retry(policy)
    }

    /// Starts a rule for an operation, such as `tasks.get`. Panics if there is no such operation.
    pub fn on(&self, operation: &str) -> Rule<'_> {
        let operation = crate::operations()
            .find(|known| known.id() == operation)
            .unwrap_or_else(|| panic!("no operation is called {operation:?}; see `weeek_generated::operations`"));
        self.on_request(move |request| request.operation == Some(operation))
    }

    /// Starts a rule for a path, below the base URL or on another host: `/tm/tasks/17`.
    pub fn on_path(&self, path: impl Into<String>) -> Rule<'_> {
        let path = path.into();
        self.on_request(move |request| request.path() == path)
    }

    /// Starts a rule for the requests that a predicate accepts.
    pub fn on_request(&self, predicate: impl Fn(&RecordedRequest) -> bool + Send + Sync + 'static) -> Rule<'_> {
        Rule::new(&self.0.rules, Box::new(predicate))
    }

    /// Returns all requests so far, each attempt on its own.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.0.requests).clone()
    }

    /// Returns the requests to an operation so far.
    pub fn requests_to(&self, operation: &str) -> Vec<RecordedRequest> {
        let mut requests = self.requests();
        requests.retain(|request| request.operation.is_some_and(|called| called.id() == operation));
        requests
    }

    /// Returns the ids of the operations so far, in the order of the requests.
    pub fn operations(&self) -> Vec<&'static str> {
        self.requests().iter().filter_map(|request| request.operation.map(Operation::id)).collect()
    }

    async fn respond(self, request: reqwest::Request) -> Result<reqwest::Response> {
        let request = RecordedRequest::read(request).await?;
        lock(&self.0.requests).push(request.clone());
        // A rule of a test may use the stand-in itself, so no lock is held while it decides.
        let rules = lock(&self.0.rules).clone();
        let reply = rules.iter().rev().find_map(|rule| rule.reply(&request)).unwrap_or_else(Reply::example);
        reply.send(&request).await
    }
}

impl Service<reqwest::Request> for MockApi {
    type Response = reqwest::Response;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<reqwest::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: reqwest::Request) -> Self::Future {
        Box::pin(self.clone().respond(request))
    }
}

impl fmt::Debug for MockApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockApi").field("requests", &*lock(&self.0.requests)).finish_non_exhaustive()
    }
}

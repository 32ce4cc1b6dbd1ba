//! Fault injection: against a server that violates HTTP, the client returns the right error after the right number of attempts,
//! sends the token nowhere else, and never hangs.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

mod deadlines;
mod load;
mod pace;
mod properties;
mod responses;
mod server;

use std::time::Duration;

use weeek_generated::{Client, RetryPolicy};

use server::{Behavior, Server};

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A client that retries quickly.
fn client(server: &Server) -> Client {
    client_for(server, Duration::from_secs(20))
}

/// A short timeout is only for calls that nothing else ends: on a busy machine, all others can take long.
fn client_for(server: &Server, timeout: Duration) -> Client {
    let retry = RetryPolicy::default().initial_backoff(millis(1)).max_backoff(millis(200));
    let client = Client::builder("secret-token").base_url(server.url()).retry(retry);
    client.attempt_timeout(timeout).max_response_bytes(1 << 20).build().unwrap()
}

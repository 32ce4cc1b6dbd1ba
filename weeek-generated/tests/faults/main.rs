//! A server that misbehaves in every way a network knows: the right error, the right number of attempts, the token nowhere
//! but where it belongs, and nothing hangs.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

mod answers;
mod load;
mod properties;
mod server;

use std::time::Duration;

use weeek_generated::{Client, RetryPolicy};

use server::{Act, Server};

/// A client that is quick to repeat.
fn client(server: &Server) -> Client {
    client_for(server, Duration::from_secs(20))
}

/// Only where nothing else ends a call is it to be given up soon: a busy machine takes its time for any other.
fn client_for(server: &Server, timeout: Duration) -> Client {
    let retry =
        RetryPolicy::default().initial_backoff(Duration::from_millis(1)).max_backoff(Duration::from_millis(200));
    let client = Client::builder("secret-token").base_url(server.url()).retry(retry);
    client.attempt_timeout(timeout).max_response_bytes(1 << 20).build().unwrap()
}

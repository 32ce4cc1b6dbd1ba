//! What the client promises its users, tested over real sockets. Each module covers one topic.

#![allow(missing_docs)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

#[cfg(feature = "blocking")]
mod blocking;
mod calls;
mod errors;
mod files;
mod network;
mod pagination;
mod presence;
mod raw;
mod requests;
mod responses;
mod retries;
mod safety;
mod service;
#[cfg(feature = "tracing")]
mod spans;
mod streams;

use std::time::Duration;

use futures_util::TryStreamExt;
use reqwest::StatusCode;
use serde_json::{Value, json};
use weeek_generated::models::*;
use weeek_generated::{Client, Result, RetryPolicy};
use wiremock::matchers::{any, method};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

fn client(server: &MockServer) -> Client {
    let quick = RetryPolicy::default().initial_backoff(Duration::from_millis(1));
    Client::builder("secret-token").base_url(server.uri()).retry(quick).build().unwrap()
}

/// A server that sends this response to every request, and a client for it.
async fn serve(template: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(template).mount(&server).await;
    let client = client(&server);
    (server, client)
}

async fn serve_json(body: Value) -> (MockServer, Client) {
    serve(ResponseTemplate::new(200).set_body_json(body)).await
}

async fn attempts(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

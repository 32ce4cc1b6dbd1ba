//! What the client promises its users, tested against the stand-in for Weeek, or over sockets where the connection matters. Each module
//! covers one topic.

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
use weeek_generated::testing::{MockApi, RecordedRequest, Reply};
use weeek_generated::{Client, Result, RetryPolicy};
use wiremock::matchers::{any, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn builder() -> weeek_generated::ClientBuilder {
    Client::builder("secret-token").retry(RetryPolicy::default().initial_backoff(Duration::from_millis(1)))
}

/// A client for calls that are not sent.
fn offline() -> Client {
    builder().base_url("http://127.0.0.1:1").build().unwrap()
}

fn client(server: &MockServer) -> Client {
    builder().base_url(server.uri()).build().unwrap()
}

/// A stand-in that makes this reply to every request, and a client for it.
fn mock(reply: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static) -> (MockApi, Client) {
    let api = MockApi::new();
    api.on_request(|_| true).reply_with(reply);
    let client = builder().service(api.clone()).build().unwrap();
    (api, client)
}

/// A query parameter that is a number.
fn number(request: &RecordedRequest, name: &str) -> Option<usize> {
    request.query_param(name)?.parse().ok()
}

fn mock_json(body: Value) -> (MockApi, Client) {
    mock(move |_| Reply::json(&body))
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

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
#[path = "../support/server.rs"]
mod server;
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

use server::Server;

fn builder() -> weeek_generated::ClientBuilder {
    Client::builder("secret-token").retry(RetryPolicy::default().initial_backoff(Duration::from_millis(1)))
}

/// A client for calls that are not sent.
fn offline() -> Client {
    builder().base_url("http://127.0.0.1:1").build().unwrap()
}

fn client(server: &Server) -> Client {
    builder().base_url(server.url()).build().unwrap()
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

/// A server that makes this reply to every request, and a client for it.
fn serve(reply: Reply) -> (Server, Client) {
    let server = Server::start();
    server.on_request(|_| true).reply(reply);
    let client = client(&server);
    (server, client)
}

/// A redirect without a body.
fn redirect(status: u16, url: &str) -> Reply {
    Reply::bytes("").status(status).header("Location", url)
}

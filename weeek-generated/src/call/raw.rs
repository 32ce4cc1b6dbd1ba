//! Calls to paths that this crate has no function for.

use std::fmt::Display;

use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Call;
use crate::operation::{Evidence, Operation};
use crate::request::path::{PathBuilder, check_template};
use crate::request::upload::Upload;
use crate::request::{Request, RequestBuilder};
use crate::response::decode::decode_raw;
use crate::transport::Transport;

/// A call to any path, under construction.
#[derive(Debug)]
#[must_use = "a call does nothing until it is decoded and awaited"]
pub struct RawCall {
    transport: Transport,
    builder: RequestBuilder,
    template: String,
    path_params: Vec<String>,
}

impl RawCall {
    pub(crate) fn new(transport: &Transport, method: Method, template: String) -> Self {
        let (operation, error) = match method {
            Method::GET => (&GET, None),
            Method::POST => (&POST, None),
            Method::PUT => (&PUT, None),
            Method::PATCH => (&PATCH, None),
            Method::DELETE => (&DELETE, None),
            method => (&GET, Some(format!("the method {method} is not supported"))),
        };
        let mut builder = Request::new(operation);
        if let Some(error) = error {
            builder.set_error(error);
        }
        Self { transport: transport.clone(), builder, template, path_params: Vec::new() }
    }

    /// Fills the next placeholder of the path. Any value stays one segment.
    pub fn path_param(mut self, value: impl Display) -> Self {
        self.path_params.push(value.to_string());
        self
    }

    /// Adds a query parameter. Brackets stay as they are: `tags[]`. Weeek expects 0 and 1 for booleans.
    pub fn query_param(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.builder.add_query_param(name.into(), value.to_string());
        self
    }

    /// Sets a JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.builder = self.builder.json(body);
        self
    }

    /// Sets a body of files, each as a part with the name `part`. Weeek expects `files[]`.
    pub fn files(mut self, part: impl Into<String>, files: impl IntoIterator<Item = Upload>) -> Self {
        self.builder = self.builder.files(part.into(), files);
        self
    }

    /// Returns a call that decodes the whole body, envelope included, into `T` or `serde_json::Value`. An empty body is null.
    /// `success: false` is an error here too.
    pub fn decode_as<T: DeserializeOwned>(self) -> Call<T> {
        let path = check_template(&self.template).and_then(|()| {
            let mut path = PathBuilder::new(&self.template);
            self.path_params.iter().try_for_each(|value| path.push_id(value))?;
            path.finish()
        });
        Call::new(&self.transport, self.builder.finish_at(path), decode_raw)
    }
}

const fn raw(id: &'static str, method: Method) -> Operation {
    Operation::new(id, method, "", Evidence::Inferred)
}

static GET: Operation = raw("raw.get", Method::GET).idempotent();
static POST: Operation = raw("raw.post", Method::POST);
static PUT: Operation = raw("raw.put", Method::PUT).idempotent();
static PATCH: Operation = raw("raw.patch", Method::PATCH);
static DELETE: Operation = raw("raw.delete", Method::DELETE).idempotent();

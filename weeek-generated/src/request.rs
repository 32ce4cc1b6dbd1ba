//! A request before it is sent.

use std::borrow::Cow;
use std::fmt::Display;

use bytes::Bytes;
use serde::Serialize;

use crate::answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::operation::{Method, Operation};
use crate::page::Page;
use crate::path;
use crate::query::{Pairs, Query, QueryValue};
use crate::tolerant::Tolerant;
use crate::upload::Upload;

/// A request to the API: operation, path, query and body.
#[derive(Clone, Debug)]
pub struct Request {
    operation: &'static Operation,
    path: String,
    query: Pairs,
    body: Body,
    fault: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    None,
    Json(Bytes),
    Files(Cow<'static, str>, Vec<Upload>),
}

impl Request {
    /// The operation that is asked for.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The HTTP method.
    pub fn method(&self) -> Method {
        self.operation.method
    }

    /// The path below the base URL, encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query, encoded; empty where there is none.
    pub fn query(&self) -> String {
        let mut out = String::new();
        for (name, value) in self.query.iter() {
            if !out.is_empty() {
                out.push('&');
            }
            // Brackets are part of the names and stay readable.
            for part in name.split_inclusive(['[', ']']) {
                let word = part.trim_end_matches(['[', ']']);
                path::encode(&mut out, word);
                out.push_str(&part[word.len()..]);
            }
            out.push('=');
            path::encode(&mut out, value);
        }
        out
    }

    /// The JSON body, where there is one.
    pub fn json(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Json(json) => Some(json),
            Body::None | Body::Files(..) => None,
        }
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    /// Whether every file can still be read from its beginning.
    pub(crate) fn can_repeat(&self) -> bool {
        match &self.body {
            Body::None | Body::Json(_) => true,
            Body::Files(_, files) => files.iter().all(Upload::can_repeat),
        }
    }

    pub(crate) fn check(&self) -> Result<()> {
        self.fault.as_ref().map_or(Ok(()), |fault| Err(Error::request(fault.clone())))
    }

    pub(crate) fn pair(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    pub(crate) fn set_pair(&mut self, name: &'static str, value: usize) {
        self.query.set(name, &value);
    }

    fn fail(&mut self, fault: impl Into<String>) {
        self.fault.get_or_insert(fault.into());
    }
}

/// Puts a request together; the generated functions are written in this.
#[derive(Debug)]
pub(crate) struct Builder {
    request: Request,
    fields: serde_json::Map<String, serde_json::Value>,
}

impl Request {
    #[expect(clippy::new_ret_no_self, reason = "a request is built step by step")]
    pub(crate) fn new(operation: &'static Operation) -> Builder {
        let path = operation.path.to_owned();
        let request = Self { operation, path, query: Pairs::default(), body: Body::None, fault: None };
        Builder { request, fields: serde_json::Map::new() }
    }
}

impl Builder {
    pub(crate) fn path(mut self, ids: &[&dyn Display]) -> Self {
        match path::fill(self.request.operation.path, ids) {
            Ok(path) => self.request.path = path,
            Err(fault) => self.request.fail(fault),
        }
        self
    }

    pub(crate) fn query(mut self, query: &impl Query) -> Self {
        query.write(&mut self.request.query);
        self
    }

    pub(crate) fn pair(mut self, name: &'static str, value: &impl QueryValue) -> Self {
        self.request.query.set(name, value);
        self
    }

    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => self.request.body = Body::Json(json.into()),
            Err(error) => self.request.fail(format!("the body can't be written as JSON: {error}")),
        }
        self
    }

    /// One property of a JSON body.
    pub(crate) fn field(mut self, name: &'static str, value: &impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => {
                self.fields.insert(name.to_owned(), value);
            }
            Err(error) => self.request.fail(format!("`{name}` can't be written as JSON: {error}")),
        }
        self
    }

    pub(crate) fn files(mut self, part: impl Into<Cow<'static, str>>, files: impl IntoIterator<Item = Upload>) -> Self {
        let files: Vec<_> = files.into_iter().collect();
        if files.is_empty() {
            self.request.fail("there is no file to upload");
        }
        self.request.body = Body::Files(part.into(), files);
        self
    }

    pub(crate) fn nothing(self, client: &Client) -> Call<()> {
        self.call(client, answer::nothing)
    }

    pub(crate) fn item<T: Tolerant>(self, client: &Client) -> Call<T> {
        self.call(client, answer::item)
    }

    pub(crate) fn optional_item<T: Tolerant>(self, client: &Client) -> Call<Option<T>> {
        self.call(client, answer::optional_item)
    }

    pub(crate) fn page<T: Tolerant>(self, client: &Client) -> Call<Page<T>> {
        self.call(client, answer::page)
    }

    pub(crate) fn whole<T: Tolerant>(self, client: &Client) -> Call<T> {
        self.call(client, answer::whole)
    }

    pub(crate) fn set_path(&mut self, path: String) {
        self.request.path = path;
    }

    pub(crate) fn add_pair(&mut self, name: String, value: String) {
        self.request.query.add(name, value);
    }

    pub(crate) fn fail(&mut self, fault: String) {
        self.request.fail(fault);
    }

    pub(crate) fn call<T>(mut self, client: &Client, decode: answer::Decode<T>) -> Call<T> {
        if !self.fields.is_empty() {
            let fields = std::mem::take(&mut self.fields);
            self = self.json(&fields);
        }
        Call::new(client, self.request, decode)
    }
}

//! A request before it is sent, and its builder.

mod finite;
pub(crate) mod headers;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod upload;
mod upload_body;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;

use bytes::Bytes;
use reqwest::Method;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::model::encode::{Encode, Encoded};
use crate::operation::Operation;
use path::PathBuilder;
use query::{Query, QueryPairs, QueryValue};
use upload::Upload;

/// A request to the API: operation, path, query and body.
#[derive(Clone, Debug)]
pub struct Request {
    operation: &'static Operation,
    path: String,
    query: QueryPairs,
    body: Body,
    error: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    None,
    Json(Bytes),
    Files(Cow<'static, str>, Vec<Upload>),
}

impl Request {
    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        self.operation.method()
    }

    /// The path below the base URL, percent-encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query string, percent-encoded; empty without parameters.
    pub fn query(&self) -> String {
        self.query.encode()
    }

    /// The JSON body, if there is one.
    pub fn json_body(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Json(json) => Some(json),
            Body::None | Body::Files(..) => None,
        }
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    /// Whether every file can be read from its beginning again.
    pub(crate) fn is_replayable(&self) -> bool {
        match &self.body {
            Body::None | Body::Json(_) => true,
            Body::Files(_, files) => files.iter().all(Upload::is_replayable),
        }
    }

    /// Returns why the request cannot be sent, if it cannot.
    pub(crate) fn validate(&self) -> Result<(), String> {
        // Weeek accepts an empty change and ignores it.
        let is_change = matches!(*self.method(), Method::PUT | Method::PATCH);
        let is_empty = is_change && matches!(&self.body, Body::Json(json) if **json == *b"{}");
        let empty = is_empty.then_some("the change is empty; set at least one property");
        self.error.as_deref().or(self.query.error()).or(empty).map_or(Ok(()), |error| Err(error.to_owned()))
    }

    pub(crate) fn query_param(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    pub(crate) fn set_query_param(&mut self, name: String, value: String) {
        self.query.set(name, value);
    }

    /// Sets a property of the JSON body. The others stay as they are, digit for digit.
    pub(crate) fn set_property(&mut self, name: &str, value: &impl Serialize) {
        let properties = match &self.body {
            Body::None if *self.method() != Method::GET => Some(BTreeMap::new()),
            Body::Json(json) => serde_json::from_slice::<BTreeMap<String, Box<RawValue>>>(json).ok(),
            Body::None | Body::Files(..) => None,
        };
        let Some(mut properties) = properties else {
            return self.set_error(format!("cannot set {name}: the body is not a JSON object"));
        };
        let json = finite::check(value).and_then(|()| to_raw_value(value)).and_then(|value| {
            properties.insert(name.to_owned(), value);
            serde_json::to_vec(&properties)
        });
        match json {
            Ok(json) => self.body = Body::Json(json.into()),
            Err(error) => self.set_error(format!("cannot write {name}: {error}")),
        }
    }

    /// Keeps the first error.
    pub(crate) fn set_error(&mut self, error: String) {
        self.error.get_or_insert(error);
    }
}

/// Builds a request; the generated functions use it.
#[derive(Debug)]
pub(crate) struct RequestBuilder {
    request: Request,
    path: PathBuilder<'static>,
    /// The entries of a JSON object that arguments make, without the brace at its end.
    properties: Vec<u8>,
}

impl Request {
    #[expect(clippy::new_ret_no_self, reason = "a request is built step by step")]
    pub(crate) fn new(operation: &'static Operation) -> RequestBuilder {
        let (path, query) = (String::new(), QueryPairs::default());
        let request = Self { operation, path, query, body: Body::None, error: None };
        RequestBuilder { request, path: PathBuilder::new(operation.path_template()), properties: Vec::new() }
    }
}

impl RequestBuilder {
    /// Fills the next placeholder of the path.
    pub(crate) fn id<I: Display>(mut self, id: impl Into<I>) -> Self {
        if let Err(error) = self.path.push_id(&id.into()) {
            self.set_error(error);
        }
        self
    }

    pub(crate) fn query(mut self, query: &impl Query) -> Self {
        query.write(&mut self.request.query);
        self
    }

    pub(crate) fn query_param(mut self, name: &'static str, value: &impl QueryValue) -> Self {
        self.request.query.push(name, value);
        self
    }

    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => self.request.body = Body::Json(json.into()),
            Err(error) => self.set_error(format!("cannot write the body: {error}")),
        }
        self
    }

    /// Sets a body of a caller's own type.
    pub(crate) fn any_json(mut self, body: &impl Serialize) -> Self {
        match finite::check(body) {
            Ok(()) => self.json(body),
            Err(error) => {
                self.set_error(format!("cannot write the body: {error}"));
                self
            }
        }
    }

    /// Adds a property to the JSON body.
    pub(crate) fn property(mut self, name: &'static str, value: &impl Encode) -> Self {
        let start = if self.properties.is_empty() { b'{' } else { b',' };
        self.properties.push(start);
        let written = serde_json::to_writer(&mut self.properties, name).and_then(|()| {
            self.properties.push(b':');
            serde_json::to_writer(&mut self.properties, &Encoded::sent(value))
        });
        if let Err(error) = written {
            self.set_error(format!("cannot write {name}: {error}"));
        }
        self
    }

    pub(crate) fn files(mut self, part: impl Into<Cow<'static, str>>, files: impl IntoIterator<Item = Upload>) -> Self {
        let files: Vec<_> = files.into_iter().collect();
        if files.is_empty() {
            self.set_error("there are no files to upload".to_owned());
        }
        self.request.body = Body::Files(part.into(), files);
        self
    }

    pub(crate) fn set_query_param(&mut self, name: String, value: String) {
        self.request.query.set(name, value);
    }

    pub(crate) fn set_error(&mut self, error: String) {
        self.request.set_error(error);
    }

    pub(crate) fn finish(self) -> Request {
        let Self { mut request, path, mut properties } = self;
        if !properties.is_empty() {
            properties.push(b'}');
            request.body = Body::Json(properties.into());
        }
        match path.finish() {
            Ok(path) => request.path = path,
            Err(error) => request.set_error(error),
        }
        request
    }

    /// Finishes a request whose path is not that of its operation.
    pub(crate) fn finish_at(mut self, path: Result<String, String>) -> Request {
        self.path = PathBuilder::new("");
        let mut request = self.finish();
        match path {
            Ok(path) => request.path = path,
            Err(error) => request.set_error(error),
        }
        request
    }
}

//! Calls that this crate has no function for.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer;
use crate::call::Call;
use crate::client::Client;
use crate::operation::{Evidence, Method, Operation};
use crate::path;
use crate::request::{Builder, Request};
use crate::upload::Upload;

impl Client {
    /// A call to a path below the base URL, for what this crate has no function for.
    ///
    /// Parts in braces are filled in by [`CustomCall::id`], in order. Token, retries, timeouts and errors are those of any
    /// other call; GET, PUT and DELETE count as harmless to repeat.
    ///
    /// ```no_run
    /// # async fn run(weeek: weeek_generated::Client) -> weeek_generated::Result<()> {
    /// use weeek_generated::Method;
    ///
    /// let call = weeek.request(Method::Get, "/tm/tasks/{task}/history").id(17).query("limit", 5);
    /// let history: serde_json::Value = call.read().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> CustomCall {
        let builder = Request::new(match method {
            Method::Get => &GET,
            Method::Post => &POST,
            Method::Put => &PUT,
            Method::Patch => &PATCH,
            Method::Delete => &DELETE,
        });
        CustomCall { client: self.clone(), builder, template: path.into(), ids: Vec::new() }
    }
}

/// A call in the making, to a path of your own.
#[derive(Debug)]
#[must_use = "a call does nothing until it is read"]
pub struct CustomCall {
    client: Client,
    builder: Builder,
    template: String,
    ids: Vec<String>,
}

impl CustomCall {
    /// Fills the next part in braces; whatever the id is, it stays one segment.
    pub fn id(mut self, id: impl fmt::Display) -> Self {
        self.ids.push(id.to_string());
        self
    }

    /// Adds a query parameter. Brackets stay as they are: `tags[]`. Weeek takes booleans as 0 and 1.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.builder.add_pair(name.into(), value.to_string());
        self
    }

    /// Sends a JSON body.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.builder = self.builder.json(body);
        self
    }

    /// Sends files, each as a part called `part`; Weeek takes them as `files[]`.
    pub fn files(mut self, part: impl Into<String>, files: impl IntoIterator<Item = Upload>) -> Self {
        self.builder = self.builder.files(part.into(), files);
        self
    }

    /// The call, which answers with the whole body, envelope included, as a type of yours or as `serde_json::Value`. An
    /// empty body is read as null. `success: false` is an error here too.
    pub fn read<T: DeserializeOwned>(mut self) -> Call<T> {
        let ids: Vec<&dyn fmt::Display> = self.ids.iter().map(|id| id as _).collect();
        match path::check(&self.template).and_then(|()| path::fill(&self.template, &ids)) {
            Ok(path) => self.builder.set_path(path),
            Err(fault) => self.builder.fail(fault),
        }
        self.builder.call(&self.client, answer::custom)
    }
}

const fn custom(id: &'static str, method: Method) -> Operation {
    Operation::new(id, method, "", Evidence::Inferred)
}

static GET: Operation = custom("custom.get", Method::Get).idempotent();
static POST: Operation = custom("custom.post", Method::Post);
static PUT: Operation = custom("custom.put", Method::Put).idempotent();
static PATCH: Operation = custom("custom.patch", Method::Patch);
static DELETE: Operation = custom("custom.delete", Method::Delete).idempotent();

//! Calls to paths that this crate has no function for.

use std::fmt::Display;

use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::pages::Items;
use super::{Call, page};
use crate::operation::{Evidence, Operation, Pagination};
use crate::request::path::{PathBuilder, check_template};
use crate::request::upload::Upload;
use crate::request::{Request, RequestBuilder};
use crate::response::RawResponse;
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
    #[inline]
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
    #[inline]
    pub fn path_param(mut self, value: impl Display) -> Self {
        self.path_params.push(value.to_string());
        self
    }

    /// Sets a query parameter. A name that ends in `[]` can be set several times: `tags[]`. Weeek expects 0 and 1 for booleans.
    #[inline]
    pub fn query_param(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.builder.set_query_param(name.into(), value.to_string());
        self
    }

    /// Sets a JSON body. A number that is not finite is an error before anything is sent.
    #[inline]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.builder = self.builder.any_json(body);
        self
    }

    /// Sets a body of files, each as a part with the name `part`. Weeek expects `files[]`.
    #[inline]
    pub fn files(mut self, part: impl Into<String>, files: impl IntoIterator<Item = Upload>) -> Self {
        self.builder = self.builder.files(part.into(), files);
        self
    }

    /// Returns a call that decodes the whole body, envelope included, into `T` or `serde_json::Value`. An empty body is null.
    /// `success: false` is an error here too.
    #[inline]
    pub fn decode_as<T: DeserializeOwned>(self) -> Call<T> {
        let (transport, request) = self.finish();
        Call::new(&transport, request, decode_raw)
    }

    /// Returns a stream of the items of all pages, each of which has its items in the property `key`.
    ///
    /// The parameter `offset` is set for each page, and `limit` or `perPage` if it is missing. A property such as `hasMore` says
    /// whether more items follow; without one, an empty page is the last.
    ///
    /// ```no_run
    /// # async fn run(weeek: weeek_generated::Client) -> weeek_generated::Result<()> {
    /// use weeek_generated::Method;
    ///
    /// let call = weeek.request(Method::GET, "/tm/sprints").query_param("projectId", 4);
    /// let sprints: Vec<serde_json::Value> = call.items("sprints").try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn items<T: DeserializeOwned + 'static>(self, key: impl Into<String>) -> Items<T> {
        let ((transport, request), key) = (self.finish(), key.into());
        let limit = if request.query_param("perPage").is_some() { "perPage" } else { "limit" };
        let pagination = Pagination { limit, offset: "offset", has_more: None, page_size: 100 };
        let decode = move |raw: &RawResponse| page::decode_raw(raw, &key);
        Call::with_decoder(&transport, request, decode).items_by(Some(pagination))
    }

    #[inline]
    fn finish(self) -> (Transport, Request) {
        let path = check_template(&self.template).and_then(|()| {
            let mut path = PathBuilder::new(&self.template);
            self.path_params.iter().try_for_each(|value| path.push_id(value))?;
            path.finish()
        });
        (self.transport, self.builder.finish_at(path))
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

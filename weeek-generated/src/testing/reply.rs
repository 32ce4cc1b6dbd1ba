//! Replies to requests.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{ResponseBuilderExt as _, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::request::RecordedRequest;
use crate::error::{Error, Result};
use crate::generated::examples::RESPONSES;
use crate::model::example;
use crate::operation::Operation;

/// What a request gets.
#[derive(Clone, Debug)]
pub struct Reply {
    content: Content,
    status: Option<StatusCode>,
    headers: HeaderMap,
    delay: Duration,
}

#[derive(Clone, Debug)]
enum Content {
    Example,
    Item(Value),
    Items(Vec<Value>),
    Json(Value),
    Bytes(Bytes),
    ConnectionRefused,
    ConnectionLost,
}

impl Reply {
    /// The example of the spec.
    pub fn example() -> Self {
        Self::new(Content::Example)
    }

    /// A value in the envelope of the operation, such as a task for `tasks.get`.
    pub fn item(value: impl Serialize) -> Self {
        Self::new(Content::Item(to_json(value)))
    }

    /// The items of a list. The request gets the page that it asks for.
    pub fn items(values: impl IntoIterator<Item = impl Serialize>) -> Self {
        Self::new(Content::Items(values.into_iter().map(to_json).collect()))
    }

    /// A whole body of JSON.
    pub fn json(body: impl Serialize) -> Self {
        Self::new(Content::Json(to_json(body)))
    }

    /// A body that is not JSON, such as a file.
    pub fn bytes(body: impl Into<Bytes>) -> Self {
        Self::new(Content::Bytes(body.into()))
    }

    /// The error that Weeek sends with a status: 400 for an unknown object, 401, 403, 404, 422, 429, or 500 and above.
    ///
    /// Panics if the number is no status of an error.
    pub fn error(status: u16) -> Self {
        let body = match status {
            400 => json!({"success": false, "code": 1_000_001, "message": "Model not found"}),
            401 => json!({"success": false, "code": 2_000_000, "message": "Unauthenticated."}),
            403 => json!({"success": false, "message": "Forbidden"}),
            404 => json!({"message": "Record not found"}),
            422 => return Self::invalid("title", "The title field is required."),
            429 => json!({"message": "Too Many Attempts."}),
            402.. => json!({"message": "Server Error"}),
            _ => panic!("{status} is no status of an error"),
        };
        Self::json(body).status(status)
    }

    /// The error of a field with an invalid value, HTTP 422.
    pub fn invalid(field: &str, message: &str) -> Self {
        let body = json!({"success": false, "message": message, "errors": {field: [message]}});
        Self::json(body).status(422)
    }

    /// A connection that cannot be made. Weeek receives nothing, so every call is retried.
    pub fn connection_refused() -> Self {
        Self::new(Content::ConnectionRefused)
    }

    /// A connection that is lost after Weeek has received the request.
    pub fn connection_lost() -> Self {
        Self::new(Content::ConnectionLost)
    }

    fn new(content: Content) -> Self {
        Self { content, status: None, headers: HeaderMap::new(), delay: Duration::ZERO }
    }

    /// Sets the status. Panics if it is not from 100 to 999.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(StatusCode::from_u16(status).expect("a status is from 100 to 999"));
        self
    }

    /// Adds a header, such as `Retry-After`. Panics if it is not valid.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a name of a header");
        self.headers.append(name, HeaderValue::try_from(value).expect("a value of a header"));
        self
    }

    /// Waits before the reply.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(super) async fn send(self, request: &RecordedRequest) -> Result<reqwest::Response> {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        let (status, body, is_json) = match self.content {
            Content::Example => example(request)?,
            Content::Item(item) => (200, json_bytes(&envelope(request.operation, item)), true),
            Content::Items(items) => (200, json_bytes(&page(request, items)), true),
            Content::Json(body) => (200, json_bytes(&body), true),
            Content::Bytes(body) => (200, body, false),
            Content::ConnectionRefused => return Err(Error::mock_connect()),
            Content::ConnectionLost => return Err(Error::mock_lost()),
        };
        let status = self.status.map_or(status, |status| status.as_u16());
        let mut response = http::Response::builder().status(status).url(request.url.clone());
        if let Some(headers) = response.headers_mut() {
            if is_json {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            }
            headers.extend(self.headers);
        }
        Ok(response.body(body).expect("status and headers are valid").into())
    }
}

fn to_json(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("the value can be written as JSON")
}

fn json_bytes(value: &Value) -> Bytes {
    value.to_string().into()
}

/// The example of an operation. A list has pages too.
fn example(request: &RecordedRequest) -> Result<(u16, Bytes, bool)> {
    let known = request.operation.and_then(|called| RESPONSES.iter().find(|(id, ..)| *id == called.id()));
    let (Some((_, status, name)), Some(operation)) = (known, request.operation) else {
        let text = format!("no rule for {} {}; add one with `MockApi::on_path`", request.method, request.url);
        return Err(Error::request(text));
    };
    let body = example::body(name);
    if operation.pagination().is_none() {
        return Ok((*status, Bytes::from_static(body.as_bytes()), !body.is_empty()));
    }
    let mut body: Value = serde_json::from_str(body).unwrap_or_default();
    let items = operation.item_key().and_then(|key| body.get_mut(key)).map(Value::take);
    let items = items.and_then(|items| items.as_array().cloned()).unwrap_or_default();
    Ok((*status, json_bytes(&page(request, items)), true))
}

/// The page of a list that a request asks for; the whole list if it has no pages.
fn page(request: &RecordedRequest, mut items: Vec<Value>) -> Value {
    let Some(pagination) = request.operation.and_then(Operation::pagination) else {
        return envelope(request.operation, items.into());
    };
    let number = |name| request.query_param(name).and_then(|value| value.parse::<usize>().ok());
    let start = number(pagination.offset).unwrap_or(0).min(items.len());
    let end = start.saturating_add(number(pagination.limit).unwrap_or(pagination.page_size)).min(items.len());
    let has_more = end < items.len();
    items = items.drain(start..end).collect();
    let mut body = envelope(request.operation, items.into());
    if let (Some(body), Some(key)) = (body.as_object_mut(), pagination.has_more) {
        body.insert(key.to_owned(), has_more.into());
    }
    body
}

/// A value in the envelope of an operation. Without an operation, or without an item, the value is the body.
fn envelope(operation: Option<&'static Operation>, item: Value) -> Value {
    let Some(key) = operation.and_then(Operation::item_key) else { return item };
    let mut body = Map::new();
    if operation.is_some_and(Operation::has_success) {
        body.insert("success".to_owned(), true.into());
    }
    body.insert(key.to_owned(), item);
    body.into()
}

//! A server that returns the examples of the spec, and checks the requests it receives against the spec.

use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use weeek_generated::{Call, Client, Operation, RetryPolicy};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use crate::schema::Strictness;
use crate::spec::{Declared, Pairs, Spec};

pub(crate) struct Wire {
    _server: MockServer,
    pub(crate) client: Client,
    pub(crate) spec: &'static Spec,
    state: Arc<Mutex<State>>,
}

/// The next response, and the requests since the last one was set.
#[derive(Default)]
struct State {
    response: Option<ResponseTemplate>,
    requests: Vec<Request>,
}

impl Wire {
    pub(crate) async fn start() -> Self {
        let server = MockServer::builder().disable_request_recording().start().await;
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let respond = move |request: &Request| {
            let mut state = shared.lock().unwrap();
            state.requests.push(request.clone());
            state.response.clone().unwrap()
        };
        Mock::given(any()).respond_with(respond).mount(&server).await;
        let client = Client::builder("secret").base_url(server.uri()).retry(RetryPolicy::never());
        // A response that equals its example never drifts.
        let client = client.on_drift(|drift| panic!("the example does not match the spec: {drift}")).build().unwrap();
        Self { _server: server, client, spec: Spec::get(), state }
    }

    /// Sends a call, whose body must be the example of the operation and whose query must have every parameter, and decodes the
    /// example response.
    pub(crate) async fn check<T: Send + 'static>(&self, call: Call<T>) -> T {
        let (operation, place) = (call.operation(), call.operation().id());
        let declared = self.declared(operation);
        let example = declared.pointer("/requestBody/content/application~1json/example");
        let (value, request) = self.exchange(place, call, example, None).await;
        assert_eq!(query_names(&request), self.spec.query_names(declared), "{place}");
        value
    }

    /// Sends a call with another body than the example, such as one with null or omitted properties.
    pub(crate) async fn sends<T: Send + 'static>(&self, call: Call<T>, line: &str, body: Option<Value>) {
        let (_, request) = self.exchange(line, call, body.as_ref(), None).await;
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        assert_eq!(format!("{} {}{query}", request.method, request.url.path()), line);
    }

    /// Sends a call, and decodes this response in place of the example.
    pub(crate) async fn decodes<T: Send + 'static>(&self, call: Call<T>, response: Value) -> T {
        let body = call.request().json_body().map(|json| serde_json::from_slice(json).unwrap());
        let call = call.on_drift(|_| {});
        self.exchange(call.operation().id(), call, body.as_ref(), Some(response)).await.0
    }

    /// Sends a call without a body, and decodes the example response.
    pub(crate) async fn decodes_example<T: Send + 'static>(&self, call: Call<T>) -> T {
        self.exchange(call.operation().id(), call, None, None).await.0
    }

    pub(crate) fn declared(&self, operation: &Operation) -> &'static Value {
        self.spec.operation(operation.path_template(), operation.method().as_str())
    }

    /// Sets the next response.
    pub(crate) fn set_response(&self, place: &str, status: u16, declared: Option<&Declared>) {
        let mut template = ResponseTemplate::new(status);
        if let Some((schema, example)) = declared {
            // An error response never has all properties of errors.
            let strictness = if status < 300 { Strictness::Complete } else { Strictness::Closed };
            assert_none(place, &self.spec.violations(schema, strictness, example));
            template = template.set_body_json(example);
        }
        *self.state.lock().unwrap() = State { response: Some(template), requests: Vec::new() };
    }

    /// The only request since then.
    pub(crate) fn request(&self, place: &str) -> Request {
        let requests = std::mem::take(&mut self.state.lock().unwrap().requests);
        let [request] = <[_; 1]>::try_from(requests).unwrap_or_else(|all| panic!("{place}: {} requests", all.len()));
        request
    }

    async fn exchange<T: Send + 'static>(
        &self,
        place: &str,
        call: Call<T>,
        body: Option<&Value>,
        response: Option<Value>,
    ) -> (T, Request) {
        let operation = call.operation();
        let mut responses = self.spec.responses(self.declared(operation)).into_iter();
        let (status, declared) = responses.find(|(status, _)| *status < 300).unwrap();
        self.set_response(place, status, declared.as_ref());
        if let Some(response) = response {
            let template = ResponseTemplate::new(status).set_body_json(response);
            self.state.lock().unwrap().response = Some(template);
        }
        let value = call.into_future().await.unwrap_or_else(|error| panic!("{place}: {error:?}"));
        let request = self.request(place);
        assert_eq!(request.method.as_str(), operation.method().as_str(), "{place}");
        assert_eq!(header(&request, "authorization").as_deref(), Some("Bearer secret"), "{place}");
        assert_eq!(header(&request, "accept").as_deref(), Some("application/json"), "{place}");
        self.check_sent(operation, &request, place, body);
        (value, request)
    }

    fn check_sent(&self, operation: &Operation, request: &Request, place: &str, body: Option<&Value>) {
        let declared = self.declared(operation);
        assert_none(place, &self.spec.path_violations(declared, operation.path_template(), request.url.path()));
        assert_none(place, &self.spec.query_violations(declared, pairs(request)));
        let content = &declared["requestBody"]["content"];
        let kind = header(request, "content-type");
        if let Some(body) = body {
            assert_eq!(kind.as_deref(), Some("application/json"), "{place}");
            let sent: Value = serde_json::from_slice(&request.body).unwrap();
            assert_eq!(sent, *body, "{place}");
            let schema = &content["application/json"]["schema"];
            assert_none(place, &self.spec.violations(schema, Strictness::Closed, &sent));
        } else if content.is_object() {
            let part = self.spec.resolve(&content["multipart/form-data"]["schema"])["properties"].as_object().unwrap();
            let part = part.keys().next().unwrap();
            assert!(kind.is_some_and(|kind| kind.starts_with("multipart/form-data; boundary=")), "{place}");
            let text = String::from_utf8_lossy(&request.body);
            assert!(text.contains(&format!("name=\"{part}\"; filename=\"a.txt\"")) && text.contains("hello"), "{text}");
            assert_eq!(text.matches(&format!("name=\"{part}\"")).count(), 2, "{place}");
        } else {
            assert!(request.body.is_empty() && kind.is_none(), "{place}");
        }
    }
}

fn assert_none(place: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{place}\n{}", violations.join("\n"));
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers.get(name).map(|value| value.to_str().unwrap().to_owned())
}

fn pairs(request: &Request) -> Pairs {
    request.url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// The declared names, without the indices of lists of objects.
fn query_names(request: &Request) -> BTreeSet<String> {
    let declared = |name: String| match name.split_once('[') {
        Some((list, rest)) if rest != "]" => list.to_owned(),
        _ => name,
    };
    pairs(request).into_iter().map(|(name, _)| declared(name)).collect()
}

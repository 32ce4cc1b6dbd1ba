//! A server that returns the examples of the spec, and checks the requests it receives against the spec.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::future::IntoFuture;

use serde_json::Value;
use weeek_generated::{Call, Client, Operation, operations};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use crate::schema::Strictness;
use crate::spec::{Pairs, Spec};

pub(crate) struct Wire {
    server: MockServer,
    spec: &'static Spec,
    tags: &'static [&'static str],
    /// The query parameters that were sent, by operation.
    seen: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Wire {
    /// Starts a server for the operations of these tags.
    pub(crate) async fn start(tags: &'static [&'static str]) -> (Self, Client) {
        let server = MockServer::start().await;
        let client = Client::builder("secret").base_url(server.uri()).build().unwrap();
        (Self { server, spec: Spec::get(), tags, seen: BTreeMap::new() }, client)
    }

    /// Sends a call, whose body must be the example of the operation, and decodes the example response.
    pub(crate) async fn check<T: Debug + Send + 'static>(&mut self, call: Call<T>, line: &str) -> T {
        let example =
            self.declared(call.operation()).pointer("/requestBody/content/application~1json/example").cloned();
        let call = call.on_drift(|drift| panic!("the example does not match the spec: {drift}"));
        let value = self.exchange(call, line, example.as_ref(), None).await;
        self.seen.entry(value.1).or_default().extend(value.2);
        value.0
    }

    /// Sends a call with another body than the example, such as one with null or omitted properties.
    pub(crate) async fn check_body<T: Debug + Send + 'static>(&mut self, call: Call<T>, line: &str, body: Value) -> T {
        self.exchange(call, line, Some(&body), None).await.0
    }

    /// Sends a call, and decodes this response in place of the example.
    pub(crate) async fn decode<T: Debug + Send + 'static>(&mut self, call: Call<T>, response: Value) -> T {
        let line = format!("{} {}", call.request().method().as_str(), call.request().path());
        let body = call.request().json_body().map(|json| serde_json::from_slice(json).unwrap());
        self.exchange(call, &line, body.as_ref(), Some(response)).await.0
    }

    /// Checks that every operation was called, and every query parameter was sent.
    pub(crate) fn finish(self) {
        let own = |operation: &&Operation| self.tags.contains(&operation.id().split('.').next().unwrap());
        for operation in operations().filter(own) {
            let sent = self.seen.get(operation.id()).unwrap_or_else(|| panic!("{} was not called", operation.id()));
            assert_eq!(*sent, self.spec.query_names(self.declared(operation)), "{}", operation.id());
        }
    }

    fn declared(&self, operation: &Operation) -> &Value {
        self.spec.operation(operation.path_template(), operation.method().as_str())
    }

    async fn exchange<T: Debug + Send + 'static>(
        &mut self,
        call: Call<T>,
        line: &str,
        body: Option<&Value>,
        response: Option<Value>,
    ) -> (T, &'static str, BTreeSet<String>) {
        let operation = call.operation();
        let (status, declared) = self.spec.response(self.declared(operation));
        if let Some((schema, example)) = &declared {
            assert_none(line, &self.spec.violations(schema, Strictness::Complete, example));
        }
        let template = ResponseTemplate::new(status);
        let template = match response.or(declared.map(|(_, example)| example)) {
            Some(response) => template.set_body_json(response),
            None => template,
        };
        self.server.reset().await;
        Mock::given(any()).respond_with(template).mount(&self.server).await;
        let value = call.into_future().await.unwrap_or_else(|error| panic!("{line}: {error:?}"));

        let requests = self.server.received_requests().await.unwrap();
        let [request] = requests.as_slice() else { panic!("{line}: {} requests", requests.len()) };
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        assert_eq!(format!("{} {}{query}", request.method, request.url.path()), line);
        assert_eq!(header(request, "authorization").as_deref(), Some("Bearer secret"), "{line}");
        assert_eq!(header(request, "accept").as_deref(), Some("application/json"), "{line}");
        self.check_sent(operation, request, line, body);
        (value, operation.id(), query_names(request))
    }

    fn check_sent(&self, operation: &Operation, request: &Request, line: &str, body: Option<&Value>) {
        let declared = self.declared(operation);
        assert_none(line, &self.spec.path_violations(declared, operation.path_template(), request.url.path()));
        assert_none(line, &self.spec.query_violations(declared, pairs(request)));
        let content = &declared["requestBody"]["content"];
        let kind = header(request, "content-type");
        if let Some(body) = body {
            assert_eq!(kind.as_deref(), Some("application/json"), "{line}");
            let sent: Value = serde_json::from_slice(&request.body).unwrap();
            assert_eq!(sent, *body, "{line}");
            assert_none(line, &self.spec.violations(&content["application/json"]["schema"], Strictness::Closed, &sent));
        } else if content.is_object() {
            let part = self.spec.resolve(&content["multipart/form-data"]["schema"])["properties"].as_object().unwrap();
            let part = part.keys().next().unwrap();
            assert!(kind.is_some_and(|kind| kind.starts_with("multipart/form-data; boundary=")), "{line}");
            let text = String::from_utf8_lossy(&request.body);
            assert!(text.contains(&format!("name=\"{part}\"; filename=\"a.txt\"")) && text.contains("hello"), "{text}");
            assert_eq!(text.matches(&format!("name=\"{part}\"")).count(), 2, "{line}");
        } else {
            assert!(request.body.is_empty() && kind.is_none(), "{line}");
        }
    }
}

fn assert_none(line: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{line}\n{}", violations.join("\n"));
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

//! Calls every operation that reads, with the ids that earlier responses contain.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use clap::Args;
use serde_json::Value;
use tokio::time::sleep;

use super::client::{Client, Received, Target};
use crate::contract::pointer::escape;
use crate::contract::recording::{Body, Recording};
use crate::contract::{Operation, Parameter, Spec};

/// How much the probe reads.
#[derive(Clone, Debug, Args)]
pub struct Limits {
    /// Maximum number of requests, retries included.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = count)]
    pub max_requests: usize,
    /// Maximum number of responses per operation.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = count)]
    pub max_per_operation: usize,
    /// Number of items per page.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = count)]
    pub page_size: usize,
}

fn count(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "must be at least 1".to_owned())
}

/// The maximum number of attempts per request.
const MAX_ATTEMPTS: u32 = 4;

/// The probe stops if the server asks for a longer wait.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// A walk through the API.
pub struct Crawl<'a, P> {
    spec: &'a Spec,
    limits: &'a Limits,
    client: Client<'a>,
    progress: P,
    /// The ids found so far, by the name of their schema, in the order of discovery.
    ids: BTreeMap<String, Vec<String>>,
    /// The responses received so far.
    pub recordings: Vec<Recording>,
}

impl<'a, P: FnMut(&str)> Crawl<'a, P> {
    /// Prepares a crawl. `progress` is called for each request, without private data.
    pub fn new(spec: &'a Spec, limits: &'a Limits, target: &'a Target, progress: P) -> Result<Self, String> {
        let client = Client::new(target, spec.server())?;
        Ok(Self { spec, limits, client, progress, ids: BTreeMap::new(), recordings: Vec::new() })
    }

    /// Calls every operation, and again with each new id, until there are no new ones.
    pub async fn run(&mut self) -> Result<(), String> {
        let mut called = BTreeSet::new();
        loop {
            let before = called.len();
            for operation in self.spec.operations().iter().filter(|operation| operation.method == "GET") {
                for path in self.paths(operation) {
                    let is_enough = self.client.sent >= self.limits.max_requests;
                    let of_this = called.iter().filter(|(id, _)| *id == operation.id).count();
                    if !is_enough
                        && of_this < self.limits.max_per_operation
                        && called.insert((operation.id.clone(), path.clone()))
                    {
                        self.call(operation, &path).await?;
                    }
                }
            }
            if called.len() == before {
                return Ok(());
            }
        }
    }

    /// The paths of an operation with the known ids.
    fn paths(&self, operation: &Operation) -> Vec<String> {
        let mut paths = vec![(operation.template.clone(), Vec::new())];
        for parameter in self.spec.parameters(operation).iter().filter(|parameter| parameter.required) {
            let known = self.known(parameter);
            let fill = |(path, query): (String, Vec<String>)| {
                known.iter().map(move |id| {
                    let (mut path, mut query) = (path.clone(), query.clone());
                    if parameter.in_path {
                        path = path.replace(&format!("{{{}}}", parameter.name), &encode(id));
                    } else {
                        query.push(format!("{}={}", parameter.name, encode(id)));
                    }
                    (path, query)
                })
            };
            paths = paths.into_iter().flat_map(fill).take(self.limits.max_per_operation).collect();
        }
        let pagination = self.spec.pagination(operation);
        let limit = pagination.map(|pagination| format!("{}={}", pagination.limit, self.limits.page_size));
        let finish = |(path, query): (String, Vec<String>)| {
            let query: Vec<_> = query.into_iter().chain(limit.clone()).collect();
            if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
        };
        paths.into_iter().map(finish).collect()
    }

    fn known(&self, parameter: &Parameter) -> &[String] {
        let name = self.spec.schema_name(&parameter.schema);
        name.and_then(|name| self.ids.get(&name)).map_or(&[], Vec::as_slice)
    }

    async fn call(&mut self, operation: &Operation, path: &str) -> Result<(), String> {
        let Received { status, body, .. } = self.get_with_retries(operation, path).await?;
        let count = self.recordings.len() + 1;
        (self.progress)(&format!("{count:>4}  {}  {status}", operation.id));
        if status == 401 {
            return Err("Weeek rejected the token (HTTP 401)".to_owned());
        }
        if status == 429 {
            return Err("Weeek still responds with 429 after waiting; try again later".to_owned());
        }
        let body = Body::read(&body);
        if let (Body::Json(value), true) = (&body, (200..300).contains(&status))
            && let Some(schema) = self.spec.success(operation).and_then(|response| response.schema)
        {
            self.collect_ids(&schema, value);
        }
        self.recordings.push(Recording { method: "GET".to_owned(), path: path.to_owned(), status, body });
        Ok(())
    }

    async fn get_with_retries(&mut self, operation: &Operation, path: &str) -> Result<Received, String> {
        let mut attempt = 1;
        loop {
            let result = self.client.get(path).await;
            let is_last = attempt == MAX_ATTEMPTS || self.client.sent >= self.limits.max_requests;
            let (wait, reason) = match result {
                Ok(received) if received.status == 429 && !is_last => {
                    (received.retry_after.unwrap_or(Duration::from_secs(5)), "rate limited".to_owned())
                }
                Ok(received) => return Ok(received),
                Err(error) if is_last => return Err(format!("{}: {error}", operation.id)),
                Err(error) => (self.client.min_interval() * 4, error),
            };
            if wait > MAX_WAIT {
                return Err(format!("Weeek asks to wait {} seconds; try again then", wait.as_secs()));
            }
            (self.progress)(&format!("      {}  {reason}", operation.id));
            sleep(wait).await;
            attempt += 1;
        }
    }

    /// Collects the values whose schema has the name of an id.
    fn collect_ids(&mut self, schema: &str, value: &Value) {
        if let Some(name) = self.spec.schema_name(schema).filter(|name| name.ends_with("Id")) {
            let id = match value {
                Value::String(text) if !text.is_empty() => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return,
            };
            let known = self.ids.entry(name).or_default();
            if !known.contains(&id) {
                known.push(id);
            }
            return;
        }
        let (target, _) = self.spec.resolve(schema);
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect_ids(&format!("{target}/items"), item)),
            Value::Object(object) => {
                // The object's own id comes before those that it refers to.
                let own = object.get_key_value("id").into_iter();
                for (key, value) in own.chain(object.iter().filter(|(key, _)| *key != "id")) {
                    let property = format!("{target}/properties/{}", escape(key));
                    if !self.spec.at(&property).is_null() {
                        self.collect_ids(&property, value);
                    }
                }
            }
            _ => {}
        }
    }
}

fn encode(id: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    id.bytes().map(letter).collect()
}

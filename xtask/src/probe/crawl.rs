//! Calls every operation that reads, with the ids that earlier responses contain.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use clap::Args;
use serde_json::Value;
use tokio::time::sleep;

use super::client::{Client, Received, Target};
use crate::contract::recording::{Body, Recording};
use crate::contract::{Operation, Parameter, Spec};
use crate::pointer::escape;

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

/// The maximum size of all responses together, which stay in memory.
const MAX_TOTAL_BYTES: usize = 32 << 20;

/// The maximum length of an id. A longer one would not fit into a URL.
const MAX_ID_LENGTH: usize = 128;

/// A walk through the API.
pub struct Crawl<'a, P> {
    spec: &'a Spec,
    limits: &'a Limits,
    client: Client<'a>,
    progress: P,
    ids: Ids,
    received_bytes: usize,
    /// The responses received so far.
    pub recordings: Vec<Recording>,
    /// The responses that could not be kept, with the reason.
    pub skipped: Vec<String>,
}

/// The ids found so far, by the name of their schema, in the order of discovery.
#[derive(Default)]
struct Ids {
    by_name: BTreeMap<String, Vec<String>>,
    seen: BTreeSet<(String, String)>,
}

impl Ids {
    /// Adds an id that can be part of a path.
    fn add(&mut self, name: String, id: String) {
        // A URL parser resolves `.` and `..`, encoded or not: they would lead to another path.
        let is_usable = !id.is_empty() && id != "." && id != ".." && id.len() <= MAX_ID_LENGTH;
        if is_usable && self.seen.insert((name.clone(), id.clone())) {
            self.by_name.entry(name).or_default().push(id);
        }
    }
}

impl<'a, P: FnMut(&str)> Crawl<'a, P> {
    /// Prepares a crawl. `progress` is called for each request, without private data.
    pub fn new(spec: &'a Spec, limits: &'a Limits, target: &'a Target, progress: P) -> Result<Self, String> {
        let client = Client::new(target, spec.server())?;
        let (ids, recordings, skipped) = (Ids::default(), Vec::new(), Vec::new());
        Ok(Self { spec, limits, client, progress, ids, received_bytes: 0, recordings, skipped })
    }

    /// Calls every operation, and again with each new id, until there are no new ones.
    pub async fn run(&mut self) -> Result<(), String> {
        let spec = self.spec;
        let mut called: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        loop {
            let before = self.client.sent;
            for operation in spec.operations().iter().filter(|operation| operation.method == "GET") {
                for path in self.paths(operation) {
                    let called = called.entry(&operation.id).or_default();
                    let is_enough = self.client.sent >= self.limits.max_requests;
                    if !is_enough && called.len() < self.limits.max_per_operation && called.insert(path.clone()) {
                        self.call(operation, &path).await?;
                    }
                }
            }
            if self.client.sent == before {
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
        name.and_then(|name| self.ids.by_name.get(&name)).map_or(&[], Vec::as_slice)
    }

    async fn call(&mut self, operation: &Operation, path: &str) -> Result<(), String> {
        let Received { status, body, size, .. } = self.get_with_retries(operation, path).await?;
        let count = self.recordings.len() + 1;
        (self.progress)(&format!("{count:>4}  {}  {status}", operation.id));
        if status == 401 {
            return Err("Weeek rejected the token (HTTP 401)".to_owned());
        }
        if status == 429 {
            return Err("Weeek still responds with 429 after waiting; try again later".to_owned());
        }
        let Some(body) = body else {
            self.skipped.push(format!("{}: the response is too large", operation.id));
            return Ok(());
        };
        self.received_bytes += size;
        if self.received_bytes > MAX_TOTAL_BYTES {
            return Err(format!("the responses exceed {} MiB", MAX_TOTAL_BYTES >> 20));
        }
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
            match value {
                Value::String(text) => self.ids.add(name, text.clone()),
                Value::Number(number) => self.ids.add(name, number.to_string()),
                _ => {}
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

/// Percent-encodes an id for a path or query.
fn encode(id: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    id.bytes().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ids_are_collected_in_linear_time() {
        let (mut ids, start) = (Ids::default(), std::time::Instant::now());
        for number in 0..200_000 {
            ids.add("DealId".to_owned(), format!("id{}", number / 2));
        }
        assert_eq!(ids.by_name["DealId"].len(), 100_000);
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }
}

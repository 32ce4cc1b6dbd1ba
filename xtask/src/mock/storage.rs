//! Serves files. Their URLs redirect to a second port, which is another host for a client.
//!
//! Nothing is stored: a file has the size that the response states, and repeats one line.

use std::collections::BTreeSet;

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::contract::Spec;
use crate::pointer::escape;

/// Somewhat more than the maximum size of a file.
const MAX_BYTES: usize = 128 << 20;

const LINE: &[u8] = b"a line of a file\n";

/// The URLs of files.
pub(super) struct Storage {
    /// Scheme and host of the server in the spec, which the URLs of examples have.
    documented: String,
    api: String,
    storage: String,
    /// The paths of the files in the examples.
    paths: BTreeSet<String>,
}

impl Storage {
    pub(super) fn new(spec: &Spec, api: &str, storage: &str) -> Self {
        let server = spec.server();
        let documented = server.strip_suffix(spec.base_path()).unwrap_or(server).to_owned();
        let mut files = Self { documented, api: api.to_owned(), storage: storage.to_owned(), paths: BTreeSet::new() };
        let mut paths = BTreeSet::new();
        for response in spec.operations().iter().filter_map(|operation| spec.success(operation)) {
            if let (Some(schema), Some(example)) = (response.schema, response.example) {
                files.each_url(spec, &schema, &mut example.clone(), &mut |_, path, _| {
                    paths.insert(path.split('?').next().unwrap_or_default().to_owned());
                });
            }
        }
        files.paths = paths;
        files
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// The URL of a file at the storage.
    pub(super) fn location(&self, path: &str, query: &str) -> String {
        format!("{}{path}?{query}", self.storage)
    }

    /// Replaces the URLs of files in a response with ones of this server, which contain the size.
    pub(super) fn rewrite_urls(&self, spec: &Spec, schema: &str, body: &mut Value) {
        self.each_url(spec, schema, body, &mut |url, path, size| {
            let mark = if path.contains('?') { '&' } else { '?' };
            *url = json!(format!("{}{path}{mark}size={size}", self.api));
        });
    }

    /// Visits every URL of the server in the spec, with its path and query, and the size of the file.
    fn each_url(&self, spec: &Spec, schema: &str, value: &mut Value, visit: &mut dyn FnMut(&mut Value, &str, u64)) {
        let (target, _) = spec.resolve(schema);
        match value {
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.each_url(spec, &format!("{target}/items"), item, visit));
            }
            Value::Object(object) => {
                let size = object.get("size").and_then(Value::as_u64).unwrap_or(0);
                for (name, value) in object {
                    let property = format!("{target}/properties/{}", escape(name));
                    let is_url = spec.at(&spec.resolve(&property).0)["format"] == "uri";
                    match value.as_str().and_then(|text| text.strip_prefix(&self.documented)).map(str::to_owned) {
                        Some(path) if is_url && path.starts_with('/') => visit(value, &path, size),
                        _ => self.each_url(spec, &property, value, visit),
                    }
                }
            }
            _ => {}
        }
    }
}

/// The bytes of the file with this query.
pub(super) fn bytes(query: &str) -> Bytes {
    let size = query.split('&').find_map(|pair| pair.strip_prefix("size=")?.parse().ok()).unwrap_or(0);
    LINE.iter().copied().cycle().take(size.min(MAX_BYTES)).collect()
}

/// The body of an error of the storage.
pub(super) fn error_body(code: &str, message: &str) -> Bytes {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>\n"
    )
    .into()
}

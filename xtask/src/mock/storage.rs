//! Files: their addresses lead here, and on to a storage that is another host to a client, as those of the API do.
//!
//! Nothing is kept. A file is as long as the answer said that it is, and holds the same line over and over.

use std::collections::BTreeSet;

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::document::{Document, escape};

/// As large as a file may be, and somewhat larger.
const MOST_BYTES: usize = 128 << 20;

const LINE: &[u8] = b"a line of a file\n";

/// Where files are.
pub(super) struct Storage {
    /// The scheme and host of the document's server, which its examples have addresses at.
    documented: String,
    own: String,
    storage: String,
    /// The paths of the files that the examples speak of.
    paths: BTreeSet<String>,
}

impl Storage {
    pub(super) fn new(document: &Document, own: &str, storage: &str) -> Self {
        let server = document.server();
        let documented = server.strip_suffix(document.base_path()).unwrap_or(server).to_owned();
        let mut files = Self { documented, own: own.to_owned(), storage: storage.to_owned(), paths: BTreeSet::new() };
        let mut paths = BTreeSet::new();
        for answer in document.operations().iter().filter_map(|operation| document.success(operation)) {
            if let (Some(schema), Some(example)) = (answer.schema, answer.example) {
                files.each_address(document, &schema, &mut example.clone(), &mut |_, path, _| {
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

    /// Where the file with this path and query really is.
    pub(super) fn location(&self, path: &str, query: &str) -> String {
        format!("{}{path}?{query}", self.storage)
    }

    /// Makes the addresses of files in an answer lead here, and tell how long the file is.
    pub(super) fn lead_here(&self, document: &Document, schema: &str, body: &mut Value) {
        self.each_address(document, schema, body, &mut |address, path, size| {
            let mark = if path.contains('?') { '&' } else { '?' };
            *address = json!(format!("{}{path}{mark}size={size}", self.own));
        });
    }

    /// Visits every address below the document's server: it, its path with the query, and the size of the file.
    fn each_address(
        &self,
        document: &Document,
        schema: &str,
        value: &mut Value,
        visit: &mut dyn FnMut(&mut Value, &str, u64),
    ) {
        let (target, _) = document.resolve(schema);
        match value {
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.each_address(document, &format!("{target}/items"), item, visit));
            }
            Value::Object(object) => {
                let size = object.get("size").and_then(Value::as_u64).unwrap_or(0);
                for (name, value) in object {
                    let property = format!("{target}/properties/{}", escape(name));
                    let is_address = document.at(&document.resolve(&property).0)["format"] == "uri";
                    match value.as_str().and_then(|text| text.strip_prefix(&self.documented)).map(str::to_owned) {
                        Some(path) if is_address && path.starts_with('/') => visit(value, &path, size),
                        _ => self.each_address(document, &property, value, visit),
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
    LINE.iter().copied().cycle().take(size.min(MOST_BYTES)).collect()
}

/// A refusal of the storage.
pub(super) fn refusal(code: &str, message: &str) -> Bytes {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>\n"
    )
    .into()
}

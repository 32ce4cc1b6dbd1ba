//! The examples of successful responses, for the feature `testing`.

use crate::ir::Api;
use crate::source::Source;

/// `examples.rs`
pub(super) fn file(api: &Api) -> (String, String) {
    let mut out = Source::new();
    table(
        &mut out,
        "The examples of bodies, by the names of their responses in the spec.",
        "BODIES: &[(&str, &str)]",
        api.response_examples.iter().map(|(name, json)| format!("({name:?}, {}),", raw_string(json))),
    );
    table(
        &mut out,
        "The successful response of each operation: its status, and the name of its body. An empty name is an empty body.",
        "RESPONSES: &[(&str, u16, &str)]",
        api.resources.iter().flat_map(|resource| &resource.operations).map(|operation| {
            let (id, (status, body)) = (&operation.id, &operation.success);
            format!("({id:?}, {status}, {:?}),", body.as_deref().unwrap_or_default())
        }),
    );
    table(
        &mut out,
        "A value of each type: the name of a body, and the JSON pointer to the value in it.",
        "TYPES: &[(&str, &str, &str)]",
        api.types.values().filter_map(|ty| {
            let (response, pointer) = ty.example.as_ref()?;
            Some(format!("({:?}, {response:?}, {pointer:?}),", ty.name))
        }),
    );
    ("examples.rs".to_owned(), out.into_text())
}

fn table(out: &mut Source, docs: &str, head: &str, rows: impl Iterator<Item = String>) {
    out.blank();
    out.docs(docs);
    out.open(&format!("pub(crate) static {head} = &["));
    rows.for_each(|row| out.line(&row));
    out.close("];");
}

/// A literal that shows JSON without escapes.
fn raw_string(json: &str) -> String {
    let mut hashes = "#".to_owned();
    while json.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{json}\"{hashes}")
}

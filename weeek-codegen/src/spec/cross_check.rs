//! Cross-checks the spec with `openapiv3`.

use std::ops::Range;

use openapiv3::{Components, OpenAPI};
use serde::Deserialize as _;
use serde::de::value::Error;

use super::deserialize::{Part, mapping};
use super::node::Node;
use crate::diagnostic::Diagnostics;
use crate::rules::Rule;

/// What `openapiv3` finds in the spec.
#[derive(Debug)]
pub(crate) struct CrossCheck {
    pub(crate) operations: usize,
    pub(crate) schemas: Vec<String>,
}

impl CrossCheck {
    /// Reads the tree, which is four times as fast as to read the text again; a test compares the tree with that of `serde_yaml`.
    pub(crate) fn read(text: &str, root: &Node) -> Result<Self, Diagnostics> {
        // Only `serde_yaml` has the location of an error.
        Self::of(root).or_else(|_| from_text(text))
    }

    /// The components apart from the rest, because `openapiv3` needs more memory for them than the tree does.
    fn of(root: &Node) -> Result<Self, Error> {
        let rest = root.entries().iter().filter(|(key, _)| key.name != "components");
        let operations = OpenAPI::deserialize(mapping(rest))?.operations().count();
        let components = root.get("components").map(|node| Components::deserialize(Part(node))).transpose()?;
        Ok(Self { operations, schemas: schemas(components) })
    }
}

fn from_text(text: &str) -> Result<CrossCheck, Diagnostics> {
    // serde_yaml reads a byte order mark as a part of the first key.
    let text_without_mark = text.trim_start_matches('\u{feff}');
    let start = text.len() - text_without_mark.len();
    let spec: OpenAPI =
        serde_yaml::from_str(text_without_mark).map_err(|error| diagnostics(&error, start..text.len()))?;
    Ok(CrossCheck { operations: spec.operations().count(), schemas: schemas(spec.components) })
}

fn schemas(components: Option<Components>) -> Vec<String> {
    components.into_iter().flat_map(|components| components.schemas.into_keys()).collect()
}

fn diagnostics(error: &serde_yaml::Error, text: Range<usize>) -> Diagnostics {
    let mut reason = error.to_string();
    let mut at = 0;
    if let Some(location) = error.location() {
        // The diagnostic has its own line and column.
        let suffix = format!(" at line {} column {}", location.line(), location.column());
        reason.truncate(reason.strip_suffix(&suffix).unwrap_or(&reason).len());
        at = location.index();
    }
    let mut diagnostics = Diagnostics::default();
    let message = format!("the openapiv3 crate can't read this: {reason}");
    diagnostics.error(Rule::OpenapiDocument, &((text.start + at).min(text.end)..text.end), message);
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::load;

    #[test]
    fn an_error_has_its_location() {
        let text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /a: {get: {responses: 7}}\n";
        let root = load::tree(text, &mut Diagnostics::default()).unwrap();
        let diagnostics = CrossCheck::read(text, &root).unwrap_err();
        let [error] = diagnostics.iter().as_slice() else { panic!("one error") };
        assert!(text[error.span.clone()].starts_with("/a"), "{error:?}");
        assert!(error.message.starts_with("the openapiv3 crate can't read this: paths"), "{}", error.message);
    }
}

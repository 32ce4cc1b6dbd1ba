//! Parts of the document, found by where they stand and by what refers to them.

use std::collections::BTreeSet;

use super::node::{Key, Node};

/// The entries of a section of `components`.
pub(crate) fn components<'a>(root: &'a Node, section: &str) -> &'a [(Key, Node)] {
    root.get("components").map_or(&[], |components| components.entries_at(section))
}

/// The component called `name`, with its key.
pub(crate) fn component<'a>(root: &'a Node, section: &str, name: &str) -> Option<&'a (Key, Node)> {
    root.get("components")?.get(section)?.entry(name)
}

/// The name at the end of a reference to a component, where `node` is one.
pub(crate) fn reference(node: &Node) -> Option<&str> {
    node.text_at("$ref")?.rsplit('/').next()
}

/// `node` itself, or what it refers to in `section`.
pub(crate) fn follow<'a>(root: &'a Node, section: &str, node: &'a Node) -> &'a Node {
    reference(node).and_then(|name| component(root, section, name)).map_or(node, |(_, target)| target)
}

/// The reference that `node` wraps: `allOf: [{$ref: …}]` adds words to it, `anyOf: [{$ref: …}, {enum: [null]}]` also null.
pub(crate) fn wrapped(node: &Node) -> Option<&Node> {
    let reference = match (node.items_at("allOf"), node.items_at("anyOf")) {
        ([reference], []) => reference,
        ([], [reference, null]) if is_null(null) => reference,
        _ => return None,
    };
    reference.get("$ref").is_some().then_some(reference)
}

/// Whether null is a value beside those of the type, or of the reference that `node` wraps.
pub(crate) fn is_nullable(node: &Node) -> bool {
    node.is_true("nullable") || node.items_at("anyOf").iter().any(is_null)
}

/// The schema of null alone, `{enum: [null]}`. In 3.0, `nullable` has no effect on a reference, wrapped or not.
pub(crate) fn is_null(node: &Node) -> bool {
    matches!(node.entries(), [(key, values)] if key.name == "enum" && matches!(values.items(), [value] if value.is_null()))
}

/// The name of the schema that `node` refers to, wrapped or not.
pub(crate) fn schema_name(node: &Node) -> Option<&str> {
    reference(wrapped(node).unwrap_or(node))
}

/// An operation, with its path and its method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) path: &'a Key,
    pub(crate) method: &'a Key,
    pub(crate) node: &'a Node,
}

/// Every operation, in the order of the document.
pub(crate) fn operations(root: &Node) -> impl Iterator<Item = Place<'_>> {
    let paths = root.entries_at("paths").iter();
    paths.flat_map(|(path, item)| item.entries().iter().map(move |(method, node)| Place { path, method, node }))
}

/// The declared parameters of an operation, each with its entry in the operation.
pub(crate) fn parameters<'a>(root: &'a Node, operation: &'a Node) -> impl Iterator<Item = (&'a Node, &'a Node)> {
    operation.items_at("parameters").iter().map(|entry| (entry, follow(root, "parameters", entry)))
}

/// The media types of a body or an answer.
pub(crate) fn media(node: &Node) -> &[(Key, Node)] {
    node.entries_at("content")
}

/// The names of the schemas that `nodes` refer to, by way of others too.
pub(crate) fn reached<'a>(root: &'a Node, nodes: impl Iterator<Item = &'a Node>) -> BTreeSet<&'a str> {
    let mut waiting: Vec<&Node> = nodes.collect();
    let mut names = BTreeSet::new();
    while let Some(node) = waiting.pop() {
        for (key, inner) in node.entries() {
            match key.name.as_str() {
                "$ref" => {
                    if let Some((key, target)) = reference(node).and_then(|name| component(root, "schemas", name))
                        && names.insert(key.name.as_str())
                    {
                        waiting.push(target);
                    }
                }
                "example" | "default" | "enum" => {}
                _ => waiting.push(inner),
            }
        }
        waiting.extend(node.items());
    }
    names
}

/// Calls `visit` for `schema` and every schema inside it, the outer ones first. References are not followed.
pub(crate) fn each_schema<'a>(schema: &'a Node, visit: &mut impl FnMut(&'a Node)) {
    visit(schema);
    for name in ["items", "additionalProperties"] {
        schema.get(name).into_iter().for_each(|inner| each_schema(inner, visit));
    }
    schema.entries_at("properties").iter().for_each(|(_, inner)| each_schema(inner, visit));
    for name in ["allOf", "oneOf", "anyOf"] {
        schema.items_at(name).iter().for_each(|inner| each_schema(inner, visit));
    }
}

/// Every schema of the document that is not inside another one, with what it belongs to.
pub(crate) fn outer_schemas(root: &Node) -> Vec<&Node> {
    let mut found: Vec<&Node> = components(root, "schemas").iter().map(|(_, node)| node).collect();
    let parameters = components(root, "parameters").iter().map(|(_, node)| node);
    let inline = operations(root).flat_map(|place| place.node.items_at("parameters"));
    found.extend(parameters.chain(inline).filter_map(|parameter| parameter.get("schema")));
    let answers = components(root, "responses").iter().map(|(_, node)| node);
    let inline = operations(root).flat_map(|place| place.node.entries_at("responses").iter().map(|(_, node)| node));
    let bodies = operations(root).filter_map(|place| place.node.get("requestBody"));
    found.extend(answers.chain(inline).chain(bodies).flat_map(media).filter_map(|(_, media)| media.get("schema")));
    found
}

//! Finds parts of the spec by location and by reference.

use std::collections::BTreeSet;

use super::node::{Key, Node};
use super::suggest::closest;

/// The entries of a section of `components`.
pub(crate) fn components<'a>(root: &'a Node, section: &str) -> &'a [(Key, Node)] {
    root.get("components").map_or(&[], |components| components.entries_at(section))
}

/// Whether a key is a misspelling of `name`, which is an error of its own.
pub(crate) fn is_misspelled(node: &Node, name: &str) -> bool {
    node.entries().iter().any(|(key, _)| key.name != name && closest(&key.name, std::iter::once(name)).is_some())
}

/// A component with its key.
pub(crate) fn component<'a>(root: &'a Node, section: &str, name: &str) -> Option<&'a (Key, Node)> {
    root.get("components")?.get(section)?.entry(name)
}

/// The names of the components in a section.
pub(crate) fn names<'a>(root: &'a Node, section: &str) -> impl Iterator<Item = &'a str> + Clone {
    components(root, section).iter().map(|(key, _)| key.name.as_str())
}

/// The section and the name in a reference: `#/components/schemas/Task`.
pub(crate) fn target(reference: &str) -> Option<(&str, &str)> {
    reference.strip_prefix("#/components/")?.split_once('/')
}

/// The name in a reference to a component of `section`. Components of two sections can have the same name.
pub(crate) fn target_in<'a>(section: &str, reference: &'a str) -> Option<&'a str> {
    target(reference).filter(|(of, _)| *of == section).map(|(_, name)| name)
}

/// The name of the component of `section` that `node` refers to, if it is a reference.
pub(crate) fn reference_in<'a>(section: &str, node: &'a Node) -> Option<&'a str> {
    target_in(section, node.text_at("$ref")?)
}

/// The name of the schema that `node` refers to, if it is a reference.
pub(crate) fn reference(node: &Node) -> Option<&str> {
    reference_in("schemas", node)
}

/// The target of a reference, or `node` itself.
pub(crate) fn resolve_ref<'a>(root: &'a Node, section: &str, node: &'a Node) -> &'a Node {
    reference_in(section, node).and_then(|name| component(root, section, name)).map_or(node, |(_, target)| target)
}

/// The reference that `node` wraps: `allOf: [{$ref: …}]` adds a description to it, `anyOf: [{$ref: …}, {enum: [null]}]` null.
pub(crate) fn wrapped_ref(node: &Node) -> Option<&Node> {
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

/// Whether `node` is the schema of null alone, `{enum: [null]}`. In 3.0, `nullable` has no effect on a reference, wrapped or not.
pub(crate) fn is_null(node: &Node) -> bool {
    matches!(node.entries(), [(key, values)] if key.name == "enum" && matches!(values.items(), [value] if value.is_null()))
}

/// The name of the schema that `node` refers to, wrapped or not.
pub(crate) fn schema_name(node: &Node) -> Option<&str> {
    reference(wrapped_ref(node).unwrap_or(node))
}

/// Whether a schema requires what is not a property of it, which is an error of its own.
pub(crate) fn requires_unknown(schema: &Node) -> bool {
    let properties = schema.entries_at("properties");
    schema.texts("required").any(|name| properties.iter().all(|(key, _)| key.name != name))
}

/// An operation with its path and its method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OperationNode<'a> {
    pub(crate) path: &'a Key,
    pub(crate) method: &'a Key,
    pub(crate) node: &'a Node,
}

/// Every operation, in the order of the spec.
pub(crate) fn operations(root: &Node) -> impl Iterator<Item = OperationNode<'_>> {
    let paths = root.entries_at("paths").iter();
    paths.flat_map(|(path, item)| {
        // A misspelled method is an operation too: what it refers to is used.
        let is_method = |name: &str| !matches!(name, "parameters" | "summary" | "description" | "servers" | "$ref");
        let operations = item.entries().iter().filter(move |(method, _)| is_method(&method.name));
        operations.map(move |(method, node)| OperationNode { path, method, node })
    })
}

/// The operations of a path.
pub(crate) fn operations_of<'a>(root: &'a Node, path: &'a Key) -> impl Iterator<Item = OperationNode<'a>> {
    operations(root).filter(|operation| operation.path.span == path.span)
}

/// The parameters of an operation: each entry with its declaration.
pub(crate) fn parameters<'a>(root: &'a Node, operation: &'a Node) -> impl Iterator<Item = (&'a Node, &'a Node)> {
    operation.items_at("parameters").iter().map(|entry| (entry, resolve_ref(root, "parameters", entry)))
}

/// The media types of a body or a response.
pub(crate) fn media(node: &Node) -> &[(Key, Node)] {
    node.entries_at("content")
}

/// Every response that is written out, under `components` or in an operation.
pub(crate) fn responses(root: &Node) -> impl Iterator<Item = &Node> {
    let inline = operations(root).flat_map(|operation| operation.node.entries_at("responses"));
    components(root, "responses").iter().chain(inline).map(|(_, node)| node)
}

/// Every parameter that is written out, under `components` or in an operation.
pub(crate) fn declared_parameters(root: &Node) -> impl Iterator<Item = &Node> {
    let inline = operations(root).flat_map(|operation| operation.node.items_at("parameters"));
    components(root, "parameters").iter().map(|(_, node)| node).chain(inline)
}

pub(crate) fn request_bodies(root: &Node) -> impl Iterator<Item = &Node> {
    operations(root).filter_map(|operation| operation.node.get("requestBody"))
}

/// Whether a request or a response contains a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Request,
    Response,
}

/// The names of the schemas that requests or responses contain.
pub(crate) fn schemas_of(root: &Node, direction: Direction) -> BTreeSet<&str> {
    let mut nodes: Vec<&Node> = Vec::new();
    for operation in operations(root) {
        match direction {
            Direction::Request => {
                nodes.extend(operation.node.get("requestBody"));
                nodes.extend(parameters(root, operation.node).map(|(_, parameter)| parameter));
            }
            Direction::Response => {
                let responses = operation.node.entries_at("responses").iter();
                nodes.extend(responses.map(|(_, response)| resolve_ref(root, "responses", response)));
            }
        }
    }
    reachable_schemas(root, nodes.into_iter())
}

/// The names of the schemas that `nodes` refer to, directly or through other schemas.
pub(crate) fn reachable_schemas<'a>(root: &'a Node, nodes: impl Iterator<Item = &'a Node>) -> BTreeSet<&'a str> {
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

/// Calls `visit` for `schema` and every schema inside it, the outer ones first. References are not resolved.
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

/// Every schema of the spec that is not inside another one.
pub(crate) fn outer_schemas(root: &Node) -> Vec<&Node> {
    let named = components(root, "schemas").iter().map(|(_, node)| node);
    let of_parameters = declared_parameters(root).filter_map(|parameter| parameter.get("schema"));
    let bodies = responses(root).chain(request_bodies(root)).flat_map(media);
    named.chain(of_parameters).chain(bodies.filter_map(|(_, media)| media.get("schema"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::spec::load;

    #[test]
    fn components_of_two_sections_can_have_one_name() {
        let text = "components:\n  schemas: {Task: {$ref: '#/components/schemas/Tag'}, Tag: {}, Page: {}}\n  \
                    parameters: {Page: {name: page}, Task: {name: task}}\nuse:\n  \
                    - {$ref: '#/components/schemas/Task'}\n  - {$ref: '#/components/parameters/Page'}\n";
        let root = load::tree(text, &mut Diagnostics::default()).unwrap();
        let [task, page] = root.items_at("use") else { panic!() };
        assert_eq!(reachable_schemas(&root, [task, page].into_iter()), BTreeSet::from(["Tag", "Task"]));
        assert_eq!((reference(page), reference_in("parameters", page)), (None, Some("Page")));
        assert_eq!(resolve_ref(&root, "schemas", page), page);
        assert_eq!(resolve_ref(&root, "parameters", page).text_at("name"), Some("page"));
    }
}

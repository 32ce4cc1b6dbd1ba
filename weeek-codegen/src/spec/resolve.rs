//! References, followed.

use super::node::{Key, Node};

/// The component called `name`, with its key.
pub(crate) fn component<'a>(root: &'a Node, section: &str, name: &str) -> Option<&'a (Key, Node)> {
    root.get("components")?.get(section)?.entries().iter().find(|(key, _)| key.name == name)
}

/// The name at the end of a reference to a component, where `node` is one.
pub(crate) fn reference(node: &Node) -> Option<&str> {
    node.text_at("$ref")?.rsplit('/').next()
}

/// `node` itself, or what it refers to in `section`.
pub(crate) fn follow<'a>(root: &'a Node, section: &str, node: &'a Node) -> &'a Node {
    reference(node).and_then(|name| component(root, section, name)).map_or(node, |(_, target)| target)
}

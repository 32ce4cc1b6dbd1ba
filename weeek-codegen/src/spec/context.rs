//! The operation or component that contains a location.

use super::node::Node;

/// The operation, component or path that contains a byte.
pub(crate) fn of(root: &Node, at: usize) -> Option<String> {
    let mut path: Vec<&str> = Vec::new();
    let mut node = root;
    while path.len() < 3 {
        let Some((key, child)) =
            node.entries().iter().find(|(key, child)| (key.span.start..=child.span.end).contains(&at))
        else {
            break;
        };
        path.push(&key.name);
        node = child;
    }
    match path[..] {
        [] => None,
        ["paths", route, method] => {
            let id = root.get("paths")?.get(route)?.get(method)?.text_at("operationId");
            Some(format!("{} {route}{}", method.to_uppercase(), id.map(|id| format!(" ({id})")).unwrap_or_default()))
        }
        _ => Some(path.join(".")),
    }
}

//! Finds the operation of a request.

use std::collections::BTreeMap;

use super::spec::{Operation, Spec};
use crate::pointer::decode;

/// The result of looking up a method and path.
#[derive(Debug, PartialEq, Eq)]
pub enum Route<'s> {
    /// The operation, and the decoded values of its path parameters.
    Operation(&'s Operation, BTreeMap<String, String>),
    /// The path exists with these methods only.
    OtherMethods(Vec<&'s str>),
    /// No operation has the path.
    Unknown,
}

impl Spec {
    /// Finds an operation by a path relative to the server, or one with the server's path or host; a query is ignored.
    pub fn route(&self, method: &str, path: &str) -> Route<'_> {
        let path = self.relative_path(path);
        let segments: Vec<String> = path.split('/').map(decode).collect();
        let fits = |template: &str| {
            let parts: Vec<_> = template.split('/').collect();
            let mut ids = BTreeMap::new();
            (parts.len() == segments.len()).then_some(())?;
            for (part, segment) in parts.iter().zip(&segments) {
                match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                    Some(name) if !segment.is_empty() => drop(ids.insert(name.to_owned(), segment.clone())),
                    _ if part == segment => {}
                    _ => return None,
                }
            }
            Some(ids)
        };
        let mut found: Vec<_> =
            self.operations().iter().filter_map(|operation| Some((operation, fits(&operation.template)?))).collect();
        // A literal segment wins over a path parameter.
        let fewest = found.iter().map(|(_, ids)| ids.len()).min();
        found.retain(|(_, ids)| Some(ids.len()) == fewest);
        match found.iter().position(|(operation, _)| operation.method.eq_ignore_ascii_case(method)) {
            Some(at) => {
                let (operation, ids) = found.swap_remove(at);
                Route::Operation(operation, ids)
            }
            None if found.is_empty() => Route::Unknown,
            None => Route::OtherMethods(found.iter().map(|(operation, _)| operation.method.as_str()).collect()),
        }
    }

    /// The path without host, query and the path of the server.
    pub fn relative_path<'p>(&self, path: &'p str) -> &'p str {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = match path.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => path,
        };
        path.strip_prefix(self.base_path()).filter(|rest| rest.starts_with('/')).unwrap_or(path)
    }

    /// The path of the server, `/public/v1`.
    pub fn base_path(&self) -> &str {
        let server = self.server();
        let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
        rest.find('/').map_or("", |at| rest[at..].trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec::SPEC;
    use super::*;

    #[test]
    fn what_does_not_exist_is_not_in_the_spec() {
        let (spec, root) = (&*SPEC, crate::workspace::root().unwrap());
        let page = std::fs::read_to_string(root.join("spec/README.md")).unwrap();
        let (_, section) = page.split_once("\nWhat does not exist").unwrap();
        let paths: Vec<_> = section.split('`').skip(1).step_by(2).filter_map(|code| code.split_once(" /")).collect();
        assert!(paths.len() > 5, "{paths:?}");
        for (method, path) in paths {
            let route = spec.route(method, &format!("/{path}"));
            assert!(!matches!(route, Route::Operation(..)), "{method} /{path} is in the spec now");
        }
    }

    #[test]
    fn paths_lead_to_operations() {
        let spec = &*SPEC;
        let ids = |text: &str| BTreeMap::from([("taskId".to_owned(), text.to_owned())]);
        for path in ["/tm/tasks/17", "/public/v1/tm/tasks/17?x=1", "https://api.weeek.net/public/v1/tm/tasks/17#a"] {
            let Route::Operation(operation, found) = spec.route("get", path) else { panic!("{path}") };
            assert_eq!((operation.id.as_str(), found), ("tasks.get", ids("17")));
        }
        let Route::Operation(_, found) = spec.route("GET", "/tm/tasks/a%2Fb") else { panic!() };
        assert_eq!(found, ids("a/b"));
        assert_eq!(spec.route("PATCH", "/tm/tasks/17"), Route::OtherMethods(vec!["GET", "PUT", "DELETE"]));
        for path in ["/tm/tasks/", "/tm/tasks/17/x", "/public/v1tm/tasks", ""] {
            assert_eq!(spec.route("GET", path), Route::Unknown, "{path}");
        }
    }
}

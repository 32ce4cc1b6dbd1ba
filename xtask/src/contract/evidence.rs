//! Facts that the published spec documents, and that responses confirm.

use std::collections::BTreeSet;

use super::compare::Comparison;
use super::spec::{EVIDENCE, Spec};

/// A documented fact that responses confirm and none contradicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The id of an operation, or the name of a schema or property: `Task.subTasks`.
    pub name: String,
    /// The line of its evidence.
    pub line: usize,
}

/// The confirmed facts in the order of the spec.
pub(super) fn confirmed(spec: &Spec, comparisons: &[Comparison<'_>]) -> Vec<Fact> {
    let contradicted: BTreeSet<_> = comparisons.iter().flat_map(|comparison| &comparison.contradicted).collect();
    let confirmed: BTreeSet<_> = comparisons.iter().flat_map(|comparison| &comparison.confirmed).collect();
    let fact = |pointer: &&String| Fact { name: name(spec, pointer), line: spec.line(&format!("{pointer}{EVIDENCE}")) };
    let mut facts: Vec<_> = confirmed.difference(&contradicted).map(fact).collect();
    facts.sort_by_key(|fact| fact.line);
    facts
}

fn name(spec: &Spec, pointer: &str) -> String {
    let operation = spec.operations().iter().find(|operation| operation.pointer == pointer);
    let schema =
        || pointer.trim_start_matches("/components/schemas/").replace("/properties/", ".").replace("/items", "[]");
    operation.map_or_else(schema, |operation| operation.id.clone())
}

/// Changes the evidence of facts from `documented` to `live` in the text of the spec.
pub fn raise(text: &str, facts: &[Fact]) -> Result<String, String> {
    let lines: BTreeSet<_> = facts.iter().map(|fact| fact.line).collect();
    let (from, to) = ("x-weeek-evidence: documented", "x-weeek-evidence: live");
    let raised = text.split_inclusive('\n').enumerate().map(|(at, line)| match line.matches(from).count() {
        _ if !lines.contains(&(at + 1)) => Ok(line.to_owned()),
        1 => Ok(line.replace(from, to)),
        _ => Err(format!("line {} does not have `{from}` once; change it by hand", at + 1)),
    });
    raised.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::recording::{Body, Recording};
    use super::super::spec::SPEC;
    use super::*;
    use crate::contract::compare;
    use crate::contract::schema::Schemas;
    use crate::workspace::NamedPath;

    fn schemas() -> Schemas {
        Schemas::closed(SPEC.clone())
    }

    fn facts(schemas: &Schemas, responses: &[(&str, &str, u16, Value)]) -> Vec<String> {
        let recordings = responses.iter().map(|(method, path, status, body)| Recording {
            method: (*method).to_owned(),
            path: (*path).to_owned(),
            status: *status,
            body: Body::Json(body.clone()),
        });
        let comparisons: Vec<_> = recordings.map(|recording| compare(schemas, &recording)).collect();
        confirmed(schemas.spec(), &comparisons).into_iter().map(|fact| fact.name).collect()
    }

    #[test]
    fn only_shown_and_never_contradicted_facts_are_confirmed() {
        let schemas = schemas();
        let spec = schemas.spec();
        let operation = spec.operation("portfolios.list").unwrap();
        let example = spec.success(operation).unwrap().example.unwrap().clone();
        let all = ["portfolios.list", "Portfolio"];
        let list = |body: &Value| ("GET", "/tm/portfolios", 200, body.clone());
        assert_eq!(facts(&schemas, &[list(&example)]), all);
        // An empty list shows nothing, and the request of a change is not recorded.
        assert_eq!(facts(&schemas, &[list(&json!({"success": true, "data": [], "hasMore": false}))]), [""; 0]);
        assert_eq!(facts(&schemas, &[("POST", "/tm/portfolios", 200, json!({"success": true}))]), [""; 0]);
        // An error response, a failure and a redirect confirm nothing.
        let (mut drifting, mut failure) = (example.clone(), example.clone());
        failure["success"] = false.into();
        for response in [
            ("GET", "/tm/portfolios", 400, example.clone()),
            ("GET", "/tm/portfolios", 302, example.clone()),
            list(&failure),
        ] {
            assert_eq!(facts(&schemas, &[response]), [""; 0]);
        }
        // One response with drift is enough to keep the evidence.
        drifting["data"][0]["id"] = "x".into();
        assert_eq!(facts(&schemas, &[list(&example), list(&drifting)]), [""; 0]);
    }

    #[test]
    fn every_documented_read_can_be_confirmed_by_its_example() {
        let schemas = schemas();
        let spec = schemas.spec();
        let documented = |operation: &&super::super::spec::Operation| {
            operation.method == "GET" && spec.at(&operation.pointer)["x-weeek-evidence"] == "documented"
        };
        let operations: Vec<_> = spec.operations().iter().filter(documented).collect();
        assert!(!operations.is_empty());
        for operation in operations {
            let path = operation.template.replace(['{', '}'], "");
            let example = spec.success(operation).unwrap().example.unwrap().clone();
            let found = facts(&schemas, &[("GET", &path, 200, example)]);
            assert!(found.contains(&operation.id), "{}: {found:?}", operation.id);
        }
    }

    #[test]
    fn evidence_is_raised_on_its_line_alone() {
        let text = NamedPath::spec(None).unwrap().read().unwrap().replace('\n', "\r\n");
        let line = text.lines().position(|line| line.trim() == "x-weeek-evidence: documented").unwrap() + 1;
        let fact = |line| Fact { name: "x".to_owned(), line };
        let raised = raise(&text, &[fact(line)]).unwrap();
        let changed: Vec<_> = text.split('\n').zip(raised.split('\n')).filter(|(old, new)| old != new).collect();
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].1.trim_start(), "x-weeek-evidence: live\r");
        assert!(raise(&text, &[fact(1)]).unwrap_err().starts_with("line 1 does not have"));
    }
}

//! `cargo xtask coverage`: every operation of the document, and the function that calls it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;
use weeek_codegen::Operation;
use xtask::outcome::Outcome;

use crate::faults::{self, Place};
use crate::format::Format;

/// Lists the operations; a path that is not given is that of this repository.
pub(crate) fn run(spec: Option<&Path>, format: Format) -> Outcome {
    let spec = Place::spec(spec);
    let text = match spec.read() {
        Ok(text) => text,
        Err(error) => return Outcome::failure(&error),
    };
    match weeek_codegen::operations(&text) {
        Ok(operations) => Outcome { out: table(&operations, format), ..Outcome::default() },
        Err(report) => faults::faults(&report, &spec, &text, faults::Format::Text, ""),
    }
}

fn table(operations: &[Operation], format: Format) -> String {
    match format {
        Format::Text => text(operations),
        Format::Markdown => markdown(operations),
        Format::Json => json(operations),
    }
}

/// Things under their name, in the order in which the names come up.
type Named<'a, T> = Vec<(&'a str, T)>;

/// The operations by area and resource.
fn groups(operations: &[Operation]) -> Named<'_, Named<'_, Vec<&Operation>>> {
    let mut areas = Named::new();
    for operation in operations {
        let area: &mut Named<Vec<&Operation>> = group(&mut areas, &operation.area);
        group(area, &operation.resource).push(operation);
    }
    areas
}

fn group<'a, 'v, T: Default>(groups: &'v mut Named<'a, T>, name: &'a str) -> &'v mut T {
    let at = groups.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
        groups.push((name, T::default()));
        groups.len() - 1
    });
    &mut groups[at].1
}

fn text(operations: &[Operation]) -> String {
    let width = |of: fn(&Operation) -> usize| operations.iter().map(of).max().unwrap_or_default();
    let path = width(|operation| operation.path.len());
    let function = width(|operation| function(operation).len());
    let mut out = String::new();
    for (area, resources) in groups(operations) {
        for (resource, operations) in resources {
            let _ = writeln!(out, "{area}, {resource}");
            for operation in operations {
                let (method, evidence) = (&operation.method, &operation.evidence);
                let (template, function_name) = (&operation.path, self::function(operation));
                let _ = writeln!(out, "  {method:<6}  {template:<path$}  {function_name:<function$}  {evidence}");
            }
            out.push('\n');
        }
    }
    for line in totals(operations) {
        let _ = writeln!(out, "{line}");
    }
    out
}

fn markdown(operations: &[Operation]) -> String {
    let mut out = String::new();
    for (area, resources) in groups(operations) {
        let _ = writeln!(out, "## {area}\n");
        for (resource, operations) in resources {
            let _ =
                writeln!(out, "### {resource}\n\n| method | path | function | evidence |\n| --- | --- | --- | --- |");
            for operation in operations {
                let Operation { method, path, evidence, .. } = operation;
                let _ = writeln!(out, "| {method} | `{path}` | `{}` | {evidence} |", function(operation));
            }
            out.push('\n');
        }
    }
    for line in totals(operations) {
        let _ = writeln!(out, "- {line}");
    }
    out
}

fn json(operations: &[Operation]) -> String {
    let rows = operations.iter().map(|operation| {
        json!({
            "id": operation.id,
            "area": operation.area,
            "resource": operation.resource,
            "method": operation.method,
            "path": operation.path,
            "function": operation.function,
            "pages": operation.pages,
            "evidence": operation.evidence,
            "deprecated": operation.deprecated,
        })
    });
    format!("{:#}\n", json!({ "count": operations.len(), "operations": rows.collect::<Vec<_>>() }))
}

fn function(operation: &Operation) -> String {
    match &operation.pages {
        Some(pages) => format!("{}, {}", operation.function, pages.rsplit('.').next().unwrap_or_default()),
        None => operation.function.clone(),
    }
}

fn totals(operations: &[Operation]) -> Vec<String> {
    let count = |of: fn(&Operation) -> &str| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        operations.iter().for_each(|operation| *counts.entry(of(operation)).or_default() += 1);
        let parts: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
        parts.join(", ")
    };
    vec![
        format!("{} operations, each of them a function", operations.len()),
        format!("by area: {}", count(|operation| &operation.area)),
        format!("by evidence: {}", count(|operation| &operation.evidence)),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn the_table_has_all_operations_of_the_document() {
        let document = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/openapi.yaml")).unwrap();
        let ids: BTreeSet<&str> =
            document.lines().filter_map(|line| line.trim_start().strip_prefix("operationId: ")).collect();
        assert_eq!(ids.len(), 157);
        let operations = weeek_codegen::operations(&document).unwrap();
        assert_eq!(operations.iter().map(|operation| operation.id.as_str()).collect::<BTreeSet<_>>(), ids);

        let client = weeek_codegen::generate(&document).unwrap();
        let data: serde_json::Value = serde_json::from_str(&run(None, Format::Json).out).unwrap();
        let rows = data["operations"].as_array().unwrap();
        assert_eq!((data["count"].as_u64(), rows.len()), (Some(157), 157));
        assert!(operations.iter().all(|operation| rows.iter().any(|row| row["function"] == operation.function)));
        for format in [Format::Text, Format::Markdown] {
            let table = run(None, format).out;
            for Operation { function, path, method, .. } in &operations {
                let is_row = |line: &&str| line.contains(function) && line.contains(path) && line.contains(method);
                assert!(table.lines().any(|line| is_row(&line)), "{function} is not in {format:?}");
            }
        }
        for Operation { function, .. } in &operations {
            let (module, function) = function.split_once("().").unwrap();
            let file = client.files.get(&format!("endpoints/{module}.rs")).unwrap();
            let is_function = |signature: &str| file.contains(&format!("pub fn {function}{signature}"));
            assert!(is_function("(") || is_function("<"), "{module} has no {function}");
        }
    }

    #[test]
    fn totals_add_up() {
        let table = run(None, Format::Text).out;
        assert!(table.contains("\n157 operations, each of them a function\n"), "{table}");
        for line in table.lines().filter(|line| line.starts_with("by ")) {
            let numbers = line.split([' ', ',']).filter_map(|word| word.parse::<usize>().ok());
            assert_eq!(numbers.sum::<usize>(), 157, "{line}");
        }
    }
}

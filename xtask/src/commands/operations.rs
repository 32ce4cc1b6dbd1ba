//! `cargo xtask operations`: lists every operation and the function that calls it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use weeek_codegen::Operation;

use super::diagnostics;
use crate::format::Format;
use crate::outcome::Outcome;
use crate::workspace::NamedPath;

/// List every operation, its function, and the evidence for its facts.
///
/// Exit status: 0 listed, 1 errors in the spec, 2 usage or I/O.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// The spec to read.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    let spec = NamedPath::spec(options.spec.as_deref())?;
    let text = spec.read()?;
    Ok(match weeek_codegen::operations(&text) {
        Ok(operations) => Outcome::clean(render(&operations, options.format)),
        Err(diagnostics) => diagnostics::show(&diagnostics, &spec, &text, Format::Text, ""),
    })
}

fn render(operations: &[Operation], format: Format) -> String {
    if format == Format::Json {
        return json(operations);
    }
    let is_page = format == Format::Markdown;
    let width = |of: fn(&Operation) -> usize| operations.iter().map(of).max().unwrap_or_default();
    let (paths, functions) = (width(|operation| operation.path.len()), width(|operation| functions(operation).len()));
    let mut out = String::new();
    for group in operations.chunk_by(|a, b| (&a.area, &a.resource) == (&b.area, &b.resource)) {
        let (area, resource) = (&group[0].area, &group[0].resource);
        let head = "| method | path | function | evidence |\n| --- | --- | --- | --- |";
        let _ = if is_page {
            writeln!(out, "## {area}, {resource}\n\n{head}")
        } else {
            writeln!(out, "{area}, {resource}")
        };
        for operation in group {
            let (Operation { method, path, evidence, .. }, function) = (operation, self::functions(operation));
            let _ = if is_page {
                writeln!(out, "| {method} | `{path}` | `{function}` | {evidence} |")
            } else {
                writeln!(out, "  {method:<6}  {path:<paths$}  {function:<functions$}  {evidence}")
            };
        }
        out.push('\n');
    }
    let bullet = if is_page { "- " } else { "" };
    for (name, counts) in [("area", counts(operations, |it| &it.area)), ("evidence", evidence(operations))] {
        let _ = writeln!(out, "{bullet}by {name}: {counts}");
    }
    let _ = writeln!(out, "{bullet}{} operations, one function each", operations.len());
    out
}

/// `93 documented, 49 live`
pub(super) fn evidence(operations: &[Operation]) -> String {
    counts(operations, |operation| &operation.evidence)
}

fn counts<'o>(operations: &'o [Operation], of: fn(&'o Operation) -> &'o String) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    operations.iter().for_each(|operation| *counts.entry(of(operation)).or_default() += 1);
    counts.iter().map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
}

/// The function, and the one that streams all pages.
fn functions(operation: &Operation) -> String {
    match &operation.pages {
        Some(pages) => format!("{}, {}", operation.function, pages.rsplit('.').next().unwrap_or_default()),
        None => operation.function.clone(),
    }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn list(format: Format) -> Outcome {
        run(&Options { spec: None, format }).unwrap()
    }

    #[test]
    fn the_table_has_all_operations_of_the_spec() {
        let spec = NamedPath::spec(None).unwrap().read().unwrap();
        let ids: BTreeSet<&str> =
            spec.lines().filter_map(|line| line.trim_start().strip_prefix("operationId: ")).collect();
        let operations = weeek_codegen::operations(&spec).unwrap();
        assert_eq!(operations.iter().map(|operation| operation.id.as_str()).collect::<BTreeSet<_>>(), ids);

        let client = weeek_codegen::generate(&spec).unwrap();
        let data: serde_json::Value = serde_json::from_str(&list(Format::Json).out).unwrap();
        let rows = data["operations"].as_array().unwrap();
        assert_eq!((data["count"].as_u64(), rows.len()), (Some(ids.len() as u64), ids.len()));
        assert!(operations.iter().all(|operation| rows.iter().any(|row| row["function"] == operation.function)));
        for format in [Format::Text, Format::Markdown] {
            let table = list(format).out;
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
        let table = list(Format::Text).out;
        let count = weeek_codegen::operations(&NamedPath::spec(None).unwrap().read().unwrap()).unwrap().len();
        assert!(table.ends_with(&format!("\n{count} operations, one function each\n")), "{table}");
        for line in table.lines().filter(|line| line.starts_with("by ")) {
            let numbers = line.split([' ', ',']).filter_map(|word| word.parse::<usize>().ok());
            assert_eq!(numbers.sum::<usize>(), count, "{line}");
        }
    }
}

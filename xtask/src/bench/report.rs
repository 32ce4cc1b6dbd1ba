//! What was measured, as tables.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;

use super::cargo::{Cost, Step};
use crate::format::Format;

/// What one set of features costs.
#[derive(Debug)]
pub(super) struct Build {
    pub(super) features: &'static str,
    pub(super) dependencies: usize,
    /// In the order of [`Step::ALL`].
    pub(super) costs: Vec<Cost>,
    /// In bytes.
    pub(super) rlib: u64,
}

/// How much was generated.
#[derive(Debug)]
pub(super) struct Size {
    pub(super) operations: usize,
    pub(super) files: usize,
    pub(super) lines: usize,
    pub(super) bytes: usize,
}

/// Everything that was measured.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) builds: Vec<Build>,
    /// Stripped programs, in bytes.
    pub(super) programs: Vec<(&'static str, u64)>,
    pub(super) generated: Size,
}

impl Report {
    pub(super) fn render(&self, format: Format) -> String {
        match format {
            Format::Json => format!("{:#}\n", self.json()),
            Format::Text => self.tables(text),
            Format::Markdown => self.tables(markdown),
        }
    }

    fn tables(&self, table: fn(&[Vec<String>]) -> String) -> String {
        let head = ["features", "dependencies", "check", "debug", "release", "rlib"].map(str::to_owned);
        let row = |build: &Build| {
            let name = if build.features.is_empty() { "(none)" } else { build.features };
            let mut row = vec![name.to_owned(), build.dependencies.to_string()];
            row.extend(build.costs.iter().map(cost));
            row.push(bytes(build.rlib));
            row
        };
        let rows: Vec<_> = std::iter::once(head.to_vec()).chain(self.builds.iter().map(row)).collect();
        let mut out = table(&rows);
        out.push_str(
            "\nSeconds of the client alone, its dependencies built before; in brackets those of the processors.\n\n",
        );
        let head = vec!["a small program, stripped".to_owned(), "size".to_owned()];
        let programs = self.programs.iter().map(|(name, size)| vec![(*name).to_owned(), bytes(*size)]);
        out.push_str(&table(&std::iter::once(head).chain(programs).collect::<Vec<_>>()));
        let Size { operations, files, lines, bytes } = self.generated;
        let each = lines / operations.max(1);
        let _ = writeln!(
            out,
            "\n{operations} operations in {files} files of {lines} lines and {bytes} bytes, {each} lines an operation."
        );
        out
    }

    fn json(&self) -> serde_json::Value {
        let seconds = |duration: Duration| duration.as_secs_f64();
        let builds = self.builds.iter().map(|build| {
            let mut row = json!({
                "features": build.features,
                "dependencies": build.dependencies,
                "rlibBytes": build.rlib,
            });
            for (step, cost) in Step::ALL.iter().zip(&build.costs) {
                row[step.name()] = json!({
                    "wallSeconds": seconds(cost.wall),
                    "processorSeconds": cost.processor.map(seconds),
                });
            }
            row
        });
        let programs = self.programs.iter().map(|(name, size)| json!({ "name": name, "bytes": size }));
        let Size { operations, files, lines, bytes } = self.generated;
        json!({
            "builds": builds.collect::<Vec<_>>(),
            "programs": programs.collect::<Vec<_>>(),
            "generated": { "operations": operations, "files": files, "lines": lines, "bytes": bytes },
        })
    }
}

fn cost(cost: &Cost) -> String {
    let wall = format!("{:.2}", cost.wall.as_secs_f64());
    match cost.processor {
        Some(processor) => format!("{wall} ({:.2})", processor.as_secs_f64()),
        None => wall,
    }
}

fn bytes(count: u64) -> String {
    let (whole, tenths) = (count / 1_000_000, count % 1_000_000 / 100_000);
    format!("{whole}.{tenths} MB")
}

fn text(rows: &[Vec<String>]) -> String {
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or_default();
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().enumerate().map(|(column, cell)| format!("{cell:<width$}", width = width(column)));
        let _ = writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    out
}

fn markdown(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let _ = writeln!(out, "| {} |", row.join(" | "));
        if at == 0 {
            let _ = writeln!(out, "|{}", " --- |".repeat(row.len()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let cost = |wall, processor: Option<u64>| Cost {
            wall: Duration::from_millis(wall),
            processor: processor.map(Duration::from_millis),
        };
        let costs = vec![cost(1250, Some(1100)), cost(2000, Some(2500)), cost(9000, None)];
        Report {
            builds: vec![Build { features: "", dependencies: 83, costs, rlib: 4_190_000 }],
            programs: vec![("the client", 5_600_000)],
            generated: Size { operations: 10, files: 4, lines: 505, bytes: 20_000 },
        }
    }

    #[test]
    fn tables_line_up() {
        let expected = "\
features  dependencies  check        debug        release  rlib
(none)    83            1.25 (1.10)  2.00 (2.50)  9.00     4.1 MB

Seconds of the client alone, its dependencies built before; in brackets those of the processors.

a small program, stripped  size
the client                 5.6 MB

10 operations in 4 files of 505 lines and 20000 bytes, 50 lines an operation.
";
        assert_eq!(report().render(Format::Text), expected);
    }

    #[test]
    fn every_format_holds_the_figures() {
        let page = report().render(Format::Markdown);
        assert!(page.contains("| (none) | 83 | 1.25 (1.10) | 2.00 (2.50) | 9.00 | 4.1 MB |\n"), "{page}");
        assert!(page.starts_with("| features | dependencies |") && page.contains("\n| --- | --- |\n"), "{page}");
        let data: serde_json::Value = serde_json::from_str(&report().render(Format::Json)).unwrap();
        assert_eq!(data["builds"][0]["debug"]["processorSeconds"], 2.5);
        assert_eq!(data["builds"][0]["release"]["processorSeconds"], serde_json::Value::Null);
        assert_eq!(data["generated"]["lines"], 505);
    }
}

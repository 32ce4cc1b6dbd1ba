//! Export all tasks of the workspace, including completed ones.
//!
//! Writes CSV or JSON lines to standard output, and the progress to standard error.
//!
//! ```console
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example export csv > tasks.csv
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example export json > tasks.jsonl
//! ```

use std::collections::HashSet;
use std::error::Error;
use std::io::{self, Write};

use serde::Serialize;
use weeek_generated::Client;
use weeek_generated::models::{BoardColumnId, ListTasks, ProjectId, Task, TaskPriority, UserId};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let format = match std::env::args().nth(1).as_deref() {
        None | Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some(other) => return Err(format!("unknown format `{other}`; use csv or json").into()),
    };
    let count = run(&Client::from_env()?, format, &mut io::stdout().lock(), &mut io::stderr()).await?;
    eprintln!("\r{count} tasks");
    Ok(())
}

#[derive(Clone, Copy)]
pub(crate) enum Format {
    Csv,
    Json,
}

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    title: &'a str,
    done: bool,
    project: Option<i64>,
    column: Option<i64>,
    assignees: String,
    priority: Option<i64>,
    due: Option<String>,
    created: Option<String>,
}

/// Writes the tasks to `out`, and returns their number.
pub(crate) async fn run(
    weeek: &Client,
    format: Format,
    out: &mut impl Write,
    progress: &mut impl Write,
) -> Result<usize, Box<dyn Error>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    // Pages are selected by offset: if tasks change meanwhile, the same task can be on two pages.
    let mut seen = HashSet::new();
    let mut pages = weeek.tasks().list_all(ListTasks::new().limit(100)).into_pages();
    while let Some(page) = pages.try_next().await? {
        for task in page.items.iter().filter(|task| seen.insert(task.id)) {
            match format {
                Format::Csv => csv.serialize(row(task))?,
                Format::Json => writeln!(out, "{}", serde_json::to_string(&row(task))?)?,
            }
        }
        for item in &page.unreadable {
            writeln!(progress, "\rcannot read {}: {}", item.json_path, item.reason)?;
        }
        write!(progress, "\r{} tasks", seen.len())?;
        progress.flush()?;
    }
    out.write_all(&csv.into_inner()?)?;
    out.flush()?;
    Ok(seen.len())
}

#[expect(deprecated, reason = "older responses have no locations")]
fn row(task: &Task) -> Row<'_> {
    let location = task.locations.first();
    Row {
        id: task.id.as_i64(),
        title: task.title.as_deref().unwrap_or_default(),
        done: task.is_completed,
        project: location.and_then(|at| at.project_id).or(task.project_id).map(ProjectId::as_i64),
        column: location.and_then(|at| at.board_column_id).or(task.board_column_id).map(BoardColumnId::as_i64),
        assignees: task.assignees.iter().map(UserId::as_str).collect::<Vec<_>>().join(" "),
        priority: task.priority.map(TaskPriority::as_i64),
        due: task.due_date.map(|date| date.to_string()).or_else(|| Some(task.due_date_time?.to_string())),
        created: task.created_at.map(|timestamp| timestamp.to_string()),
    }
}

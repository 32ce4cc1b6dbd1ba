//! A command for tasks, for people or, with `--json`, for other programs.
//!
//! ```console
//! $ export WEEEK_TOKEN=…
//! $ cargo run -p weeek-generated --example cli -- list 42
//! 1501  High    Draft the offer
//! $ cargo run -p weeek-generated --example cli -- show 1501 --json | jq .title
//! "Draft the offer"
//! ```

use std::error::Error;
use std::io::{self, Write};

use weeek_generated::Client;
use weeek_generated::models::{ListTasks, ProjectId, Task, TaskId, TaskPriority, UpdateTask};

const USAGE: &str = "usage: cli list PROJECT | show TASK | priority TASK low|medium|high|hold [--json]";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (command, is_json) = parse(&arguments).map_err(|error| format!("{error}\n{USAGE}"))?;
    run(&Client::from_env()?, command, is_json, &mut io::stdout().lock()).await
}

/// What to do. Ids and enumerations parse, so a parser of arguments such as clap takes them too.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    List(ProjectId),
    Show(TaskId),
    Priority(TaskId, TaskPriority),
}

/// Reads the arguments; `--json` may be anywhere.
pub(crate) fn parse(arguments: &[String]) -> Result<(Command, bool), Box<dyn Error>> {
    let words: Vec<_> = arguments.iter().map(String::as_str).filter(|word| *word != "--json").collect();
    let command = match words[..] {
        ["list", project] => Command::List(project.parse()?),
        ["show", task] => Command::Show(task.parse()?),
        ["priority", task, name] => Command::Priority(task.parse()?, name.parse()?),
        _ => return Err("unknown command".into()),
    };
    Ok((command, words.len() < arguments.len()))
}

pub(crate) async fn run(
    weeek: &Client,
    command: Command,
    is_json: bool,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let print = |out: &mut dyn Write, task: &Task| -> Result<(), Box<dyn Error>> {
        let text = if is_json { serde_json::to_string(task)? } else { line(task) };
        Ok(writeln!(out, "{text}")?)
    };
    match command {
        Command::List(project) => {
            let mut tasks = weeek.tasks().list_all(ListTasks::new().project_id(project));
            while let Some(task) = tasks.try_next().await? {
                print(out, &task)?;
            }
            Ok(())
        }
        Command::Show(id) => print(out, &weeek.tasks().get(id).await?),
        Command::Priority(id, priority) => {
            print(out, &weeek.tasks().update(id, UpdateTask::new().priority(priority)).await?)
        }
    }
}

fn line(task: &Task) -> String {
    let priority = task.priority.map(|priority| priority.to_string()).unwrap_or_default();
    format!("{}  {priority:<6}  {}", task.id, task.title.as_deref().unwrap_or("(untitled)"))
}

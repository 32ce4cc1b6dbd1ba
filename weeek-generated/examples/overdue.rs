//! Print the number of overdue tasks of each member, and the oldest one.
//!
//! A task is overdue if it is due before `DATE`, which defaults to today.
//!
//! ```console
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example overdue [DATE]
//! member                    late  since       the oldest
//! Anna Berg                    2  2026-10-01  Draft the offer
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use weeek_generated::Client;
use weeek_generated::models::{ListTasks, Task, UserId};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let today = match std::env::args().nth(1) {
        Some(date) => date.parse()?,
        // Today in the time zone of this machine.
        None => jiff::ZonedDateTime::now().date(),
    };
    run(&Client::from_env()?, today, &mut io::stdout()).await
}

/// Prints the table of tasks that are due before `today`.
pub(crate) async fn run(weeek: &Client, today: Date, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut late: BTreeMap<UserId, Vec<Task>> = BTreeMap::new();
    let mut open = weeek.tasks().list_all(ListTasks::new().completed(false));
    while let Some(task) = open.try_next().await? {
        if due(&task).is_some_and(|date| date < today) {
            for member in &task.assignees {
                late.entry(member.clone()).or_default().push(task.clone());
            }
        }
    }

    writeln!(out, "{:<24} {:>5}  {:<10}  the oldest", "member", "late", "since")?;
    for member in weeek.workspace().list_members().await? {
        let Some(tasks) = late.get(&member.id) else { continue };
        let Some(oldest) = tasks.iter().min_by_key(|task| due(task)) else { continue };
        let since = due(oldest).map(|date| date.to_string()).unwrap_or_default();
        let title = oldest.title.as_deref().unwrap_or("(untitled)");
        writeln!(out, "{:<24} {:>5}  {since:<10}  {title}", member.display_name(), tasks.len())?;
    }
    Ok(())
}

/// The due date. A task has a due date or a due time.
fn due(task: &Task) -> Option<Date> {
    let local_date = || Some(task.due_date_time?.to_zoned_datetime(TimeZone::system()).date());
    task.due_date.or_else(local_date)
}

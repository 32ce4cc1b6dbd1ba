//! Print the hours that each member logged on each day of a week.
//!
//! `DATE` is any date of the week, and defaults to today. The API cannot list time entries, so the example reads all tasks.
//!
//! ```console
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example time_report [DATE]
//! week of 2026-11-16         Mon   Tue   Wed   Thu   Fri   Sat   Sun    all
//! Anna                      1:45     ·  8:00     ·     ·     ·     ·   9:45
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use weeek_generated::Client;
use weeek_generated::models::{ListTasks, UserId};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let date: Date = match std::env::args().nth(1) {
        Some(date) => date.parse()?,
        // Today in the time zone of this machine.
        None => jiff::ZonedDateTime::now().date(),
    };
    let monday = date.tomorrow()?.nth_weekday(-1, Weekday::Monday)?;
    run(&Client::from_env()?, monday, &mut io::stdout()).await
}

/// Prints the table of the week that starts on `monday`.
pub(crate) async fn run(weeek: &Client, monday: Date, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let week = (0..7).map(|days| monday.checked_add(days.days())).collect::<Result<Vec<_>, _>>()?;
    let mut seconds: BTreeMap<UserId, [i64; 7]> = BTreeMap::new();
    let mut tasks = weeek.tasks().list_all(ListTasks::new());
    while let Some(task) = tasks.try_next().await? {
        for entry in &task.time_entries {
            let day = week.iter().position(|day| Some(*day) == entry.date);
            if let (Some(member), Some(day)) = (&entry.user_id, day) {
                // `duration`, in minutes, is 0 for entries of a timer.
                seconds.entry(member.clone()).or_default()[day] +=
                    entry.duration_seconds.unwrap_or(entry.duration * 60);
            }
        }
    }

    write!(out, "{:<24}", format!("week of {monday}"))?;
    for day in &week {
        write!(out, " {:>5}", day.strftime("%a").to_string())?;
    }
    writeln!(out, " {:>6}", "all")?;
    for member in weeek.workspace().list_members().await? {
        let Some(days) = seconds.get(&member.id) else { continue };
        write!(out, "{:<24}", member.first_name.as_deref().unwrap_or(&member.email))?;
        for day in days {
            write!(out, " {:>5}", hours(*day))?;
        }
        writeln!(out, " {:>6}", hours(days.iter().sum()))?;
    }
    Ok(())
}

/// Formats a duration as hours and minutes.
fn hours(seconds: i64) -> String {
    let minutes = (seconds + 30) / 60;
    if minutes == 0 { "·".to_owned() } else { format!("{}:{:02}", minutes / 60, minutes % 60) }
}

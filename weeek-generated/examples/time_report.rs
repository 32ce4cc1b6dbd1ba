//! The hours that each member logged in a week, by day. There is no list of time entries, so they are read off the tasks.
//!
//! ```console
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example time_report [MONDAY]
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};

use futures_util::TryStreamExt;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use weeek_generated::Client;
use weeek_generated::models::{ListTasks, UserId};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let day: Date = match std::env::args().nth(1) {
        Some(day) => day.parse()?,
        None => jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date(),
    };
    let monday = day.tomorrow()?.nth_weekday(-1, Weekday::Monday)?;
    run(&Client::from_env()?, monday, &mut io::stdout()).await
}

pub(crate) async fn run(weeek: &Client, monday: Date, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let week = (0..7).map(|days| monday.checked_add(days.days())).collect::<Result<Vec<_>, _>>()?;
    let mut minutes: BTreeMap<UserId, [i64; 7]> = BTreeMap::new();
    let mut tasks = weeek.tasks().list_all(ListTasks::new());
    while let Some(task) = tasks.try_next().await? {
        for entry in &task.time_entries {
            let day = week.iter().position(|day| Some(*day) == entry.date);
            if let (Some(member), Some(day)) = (&entry.user_id, day) {
                minutes.entry(member.clone()).or_default()[day] += entry.duration;
            }
        }
    }

    write!(out, "{:<24}", format!("week of {monday}"))?;
    for day in &week {
        write!(out, " {:>5}", day.strftime("%a").to_string())?;
    }
    writeln!(out, " {:>6}", "all")?;
    for member in weeek.workspace().list_members().await? {
        let Some(days) = minutes.get(&member.id) else { continue };
        write!(out, "{:<24}", member.first_name.as_deref().unwrap_or(&member.email))?;
        for day in days {
            write!(out, " {:>5}", hours(*day))?;
        }
        writeln!(out, " {:>6}", hours(days.iter().sum()))?;
    }
    Ok(())
}

fn hours(minutes: i64) -> String {
    if minutes == 0 { "·".to_owned() } else { format!("{}:{:02}", minutes / 60, minutes % 60) }
}

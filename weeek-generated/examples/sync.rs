//! Copy all tasks into a local file, and go on where a broken run stopped.
//!
//! The file is JSON: models are written in the spelling of the API, with the properties that this version does not know, so nothing is
//! lost. It is replaced as a whole after each page, which is quick enough for some ten thousand tasks; a database comes next.
//!
//! ```console
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example sync tasks.json
//! 1204 tasks, 3 removed
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use weeek_generated::Client;
use weeek_generated::models::{ListTasks, Task, TaskId};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: sync FILE")?;
    let (count, removed) = run(&Client::from_env()?, Path::new(&path)).await?;
    println!("{count} tasks, {removed} removed");
    Ok(())
}

/// The local copy, and how far the current run is.
#[derive(Default, Deserialize, Serialize)]
pub(crate) struct Store {
    pub(crate) tasks: BTreeMap<TaskId, Task>,
    /// The number of tasks that this run has received.
    next_offset: i64,
    /// How many of them cannot be read.
    unreadable: usize,
    /// The tasks that this run has read.
    seen: BTreeSet<TaskId>,
}

/// Reads the tasks that the current run lacks. Returns how many there are, and how many are gone since the last run.
pub(crate) async fn run(weeek: &Client, path: &Path) -> Result<(usize, usize), Box<dyn Error>> {
    let mut store = Store::load(path)?;
    let list = ListTasks::new().limit(100).offset(store.next_offset);
    let mut pages = weeek.tasks().list_all(list).into_pages();
    while let Some(page) = pages.try_next().await? {
        store.next_offset += i64::try_from(page.sent)?;
        store.unreadable += page.unreadable.len();
        store.seen.extend(page.items.iter().map(|task| task.id));
        store.tasks.extend(page.items.into_iter().map(|task| (task.id, task)));
        // A run that breaks off later starts after this page.
        store.save(path)?;
    }
    let known = store.tasks.len();
    // Only a run that reached the end, and has read every task, knows what is gone. An error must not empty the copy.
    if store.unreadable == 0 {
        store.tasks.retain(|id, _| store.seen.contains(id));
    }
    store.seen.clear();
    (store.next_offset, store.unreadable) = (0, 0);
    store.save(path)?;
    Ok((store.tasks.len(), known - store.tasks.len()))
}

impl Store {
    pub(crate) fn load(path: &Path) -> Result<Self, Box<dyn Error>> {
        match fs::read(path) {
            Ok(json) => Ok(serde_json::from_slice(&json)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces the file at once, so that it is never half written.
    fn save(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        let temporary = path.with_extension("new");
        fs::write(&temporary, serde_json::to_vec(self)?)?;
        fs::rename(temporary, path)?;
        Ok(())
    }
}

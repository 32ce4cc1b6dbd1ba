use futures_util::TryStreamExt;
use weeek_generated::{Client, models::*};

#[tokio::main]
pub(crate) async fn main() -> weeek_generated::Result<()> {
    let weeek = Client::from_env()?; // WEEEK_TOKEN, and WEEEK_BASE_URL where set

    // What is not set is left out, `None` is null, anything else a value.
    let change = UpdateDeal::new().title("Renewal 2027").win_status(WinStatus::Won).amount(None);
    let deal = weeek.deals().update("6p5fXr0hTzB1xE2k", &change).await?;
    println!("{} {:?}", deal.id, deal.win_status);

    // Every row of every page, as a stream.
    let mut tasks = weeek.tasks().list_all(ListTasks::new().project_id(4).completed(false));
    while let Some(task) = tasks.try_next().await? {
        println!("{} {}", task.id, task.title.as_deref().unwrap_or("(untitled)"));
    }

    // Errors answer questions. This one came as HTTP 400 with a code of Weeek's own.
    match weeek.tasks().get(999_999).await {
        Ok(task) => println!("{task:?}"),
        Err(error) if error.is_not_found() => println!("no such task"),
        Err(error) => return Err(error),
    }
    Ok(())
}

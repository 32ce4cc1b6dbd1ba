use weeek_generated::{Client, models::*};

#[tokio::main]
pub(crate) async fn main() -> weeek_generated::Result<()> {
    let weeek = Client::from_env()?; // WEEEK_TOKEN, and WEEEK_BASE_URL where set

    // A setter that is not called leaves the property out; `None` writes null.
    let change = UpdateDeal::new().title("Renewal 2027").win_status(WinStatus::Won).amount(None);
    let deal = weeek.deals().update("6p5fXr0hTzB1xE2k", &change).await?;
    println!("{} {:?}", deal.id, deal.win_status);

    // A stream of the items of all pages.
    let mut tasks = weeek.tasks().list_all(ListTasks::new().project_id(4).completed(false));
    while let Some(task) = tasks.try_next().await? {
        println!("{} {}", task.id, task.title.as_deref().unwrap_or("(untitled)"));
    }

    // Errors have methods for their kind. Weeek reports this one as HTTP 400 with its own code.
    match weeek.tasks().get(999_999).await {
        Ok(task) => println!("{task:?}"),
        Err(error) if error.is_not_found() => println!("no such task"),
        Err(error) => return Err(error),
    }
    Ok(())
}

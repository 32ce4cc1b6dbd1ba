//! Moves a board to another project. The API has no call for that, so the board is made anew there, column by column, and its
//! tasks follow. The old board stays, empty; whoever is sure deletes it.
//!
//! ```console
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example move_board BOARD FROM_PROJECT TO_PROJECT
//! ```

use std::error::Error;
use std::io::{self, Write};

use futures_util::TryStreamExt;
use weeek_generated::Client;
use weeek_generated::models::{BoardId, CreateBoard, CreateBoardColumn, ListTasks, ProjectId, Task, UpdateTask};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let numbers = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<Vec<i64>, _>>()?;
    let [board, from, to] = numbers[..] else { return Err("usage: move_board BOARD FROM_PROJECT TO_PROJECT".into()) };
    run(&Client::from_env()?, board.into(), from.into(), to.into(), &mut io::stdout()).await
}

pub(crate) async fn run(
    weeek: &Client,
    board: BoardId,
    from: ProjectId,
    to: ProjectId,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let boards = weeek.boards().list(from).await?;
    let old = boards.into_iter().find(|other| other.id == board).ok_or("the project has no such board")?;
    let new = weeek.boards().create(CreateBoard::new(&*old.name, to)).await?;
    writeln!(out, "{}: board {} is made anew as {}", old.name, old.id, new.id)?;

    // A new board may come with columns of its own; the first of them that bears the right name is taken.
    let given = weeek.board_columns().list(new.id).await?;
    for column in weeek.board_columns().list(old.id).await? {
        let there = match given.iter().find(|other| other.name == column.name) {
            Some(there) => there.id,
            None => weeek.board_columns().create(CreateBoardColumn::new(&*column.name, new.id)).await?.id,
        };
        // All are listed before the first is moved: moving shortens the list that is being paged.
        let filter = ListTasks::new().board_column_id(column.id);
        let tasks: Vec<Task> = weeek.tasks().list_all(filter).try_collect().await?;
        for task in &tasks {
            let change = UpdateTask::new().board_id(new.id).board_column_id(there);
            weeek.tasks().update(task.id, change).await?;
        }
        writeln!(out, "{}: {} tasks", column.name, tasks.len())?;
    }
    Ok(())
}

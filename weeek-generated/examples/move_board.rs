//! Move a board to another project.
//!
//! The API cannot move boards, so the example creates a new board with the same columns, and moves the tasks to it. The old board
//! stays, without tasks. Prints the number of tasks of each column.
//!
//! ```console
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example move_board BOARD FROM_PROJECT TO_PROJECT
//! ```

use std::error::Error;
use std::io::{self, Write};

use weeek_generated::Client;
use weeek_generated::models::{BoardId, CreateBoard, CreateBoardColumn, ListTasks, ProjectId, Task, UpdateTask};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let ids = std::env::args().skip(1).map(|id| id.parse()).collect::<Result<Vec<i64>, _>>()?;
    let [board, from, to] = ids[..] else { return Err("usage: move_board BOARD FROM_PROJECT TO_PROJECT".into()) };
    run(&Client::from_env()?, board.into(), from.into(), to.into(), &mut io::stdout()).await
}

/// Moves the board `board` from project `from` to project `to`.
pub(crate) async fn run(
    weeek: &Client,
    board: BoardId,
    from: ProjectId,
    to: ProjectId,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let boards = weeek.boards().list(from).await?;
    let old = boards.into_iter().find(|other| other.id == board).ok_or("no such board in the project")?;
    let new = weeek.boards().create(CreateBoard::new(&*old.name, to)).await?;
    writeln!(out, "{}: board {} is made anew as {}", old.name, old.id, new.id)?;

    // A new board can have columns. Reuse the first one with the same name.
    let existing = weeek.board_columns().list(new.id).await?;
    for column in weeek.board_columns().list(old.id).await? {
        let target = match existing.iter().find(|other| other.name == column.name) {
            Some(column) => column.id,
            None => weeek.board_columns().create(CreateBoardColumn::new(&*column.name, new.id)).await?.id,
        };
        // List all tasks before moving any: moving one shortens the list, and would shift its pages.
        let filter = ListTasks::new().board_column_id(column.id);
        let tasks: Vec<Task> = weeek.tasks().list_all(filter).try_collect().await?;
        for task in &tasks {
            let change = UpdateTask::new().board_id(new.id).board_column_id(target);
            weeek.tasks().update(task.id, change).await?;
        }
        writeln!(out, "{}: {} tasks", column.name, tasks.len())?;
    }
    Ok(())
}

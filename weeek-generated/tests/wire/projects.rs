use serde_json::json;
use weeek_generated::models::*;

use crate::custom_fields::nested;
use crate::ids::*;
use crate::wire::Wire;

pub(crate) const TAGS: &[&str] = &["portfolios", "projects", "boards", "boardColumns"];

#[tokio::test]
async fn portfolio_project_and_board_calls_match_the_spec() {
    let (mut wire, weeek) = Wire::start(TAGS).await;
    let portfolios = weeek.portfolios();
    let filter = ListPortfolios::new().search("client").parent_id(6).limit(100).offset(10);
    let page =
        wire.check(portfolios.list(filter), "GET /tm/portfolios?search=client&parentId=6&limit=100&offset=10").await;
    assert_eq!((page.items[0].id, page.has_more), (PORTFOLIO.into(), Some(false)));
    wire.check(portfolios.create(CreatePortfolio::new("Client work").parent_id(6)), "POST /tm/portfolios").await;
    wire.check(portfolios.get(PORTFOLIO), "GET /tm/portfolios/7").await;
    wire.check(portfolios.update(PORTFOLIO, "Client work"), "PUT /tm/portfolios/7").await;
    wire.check(portfolios.delete(PORTFOLIO), "DELETE /tm/portfolios/7").await;

    let (projects, logo) = (weeek.projects(), "projects/logos/website-relaunch.png");
    assert_eq!(wire.check(projects.list(), "GET /tm/projects").await.len(), 1);
    let create = CreateProject::new("Website relaunch", false)
        .logo(logo)
        .description("Everything for the new site.")
        .portfolio_id(PORTFOLIO);
    wire.check(projects.create(create), "POST /tm/projects").await;
    let bare = CreateProject::new("Website relaunch", true).logo(None);
    let body = json!({"name": "Website relaunch", "isPrivate": true, "logo": null});
    wire.check_body(projects.create(bare), "POST /tm/projects", body).await;
    let project = wire.check(projects.get(PROJECT), "GET /tm/projects/42").await;
    assert_eq!((project.title.as_str(), project.status, project.team.len()), ("Website relaunch", 1, 1));
    let update =
        UpdateProject::new("Website relaunch", false, "#003C93").logo(logo).description("Everything for the new site.");
    assert!(wire.check(projects.update(PROJECT, &update), "PUT /tm/projects/42").await.is_some());
    assert!(wire.decode(projects.update(PROJECT, update), json!({"success": true})).await.is_none());
    wire.check(projects.delete(PROJECT), "DELETE /tm/projects/42").await;
    wire.check(projects.archive(PROJECT), "POST /tm/projects/42/archive").await;
    wire.check(projects.unarchive(PROJECT), "POST /tm/projects/42/un-archive").await;
    let field = nested!(wire, projects, PROJECT, "/tm/projects/42");
    let call = projects.transfer_custom_field_to_task_manager(PROJECT, BUDGET);
    wire.check(call, &format!("POST {field}/transfer-to-task-manager")).await;
    let call = projects.transfer_custom_field_to_project(PROJECT, BUDGET, 43);
    wire.check(call, &format!("POST {field}/transfer-to-project")).await;
    let call = projects.transfer_custom_field_to_board(PROJECT, BUDGET, 118);
    wire.check(call, &format!("POST {field}/transfer-to-board")).await;

    let boards = weeek.boards();
    assert_eq!(wire.check(boards.list(PROJECT), "GET /tm/boards?projectId=42").await[0].id, BOARD);
    wire.check(boards.create(CreateBoard::new("Design", PROJECT)), "POST /tm/boards").await;
    wire.check(boards.update(BOARD, "Design"), "PUT /tm/boards/117").await;
    let board = json!({"id": BOARD, "name": "Design", "projectId": PROJECT, "isPrivate": false});
    for response in [json!({"success": true, "board": board}), board] {
        assert!(wire.decode(boards.update(BOARD, "Design"), response).await.is_some());
    }
    assert!(wire.decode(boards.update(BOARD, "Design"), json!({"success": true})).await.is_none());
    wire.check(boards.delete(BOARD), "DELETE /tm/boards/117").await;
    wire.check(boards.move_after(BOARD, 116), "POST /tm/boards/117/move").await;
    wire.check_body(boards.move_after(BOARD, None), "POST /tm/boards/117/move", json!({"upperBoardId": null})).await;
    let field = nested!(wire, boards, BOARD, "/tm/boards/117");
    let call = boards.transfer_custom_field_to_task_manager(BOARD, BUDGET);
    wire.check(call, &format!("POST {field}/transfer-to-task-manager")).await;
    let call = boards.transfer_custom_field_to_project(BOARD, BUDGET, 43);
    wire.check(call, &format!("POST {field}/transfer-to-project")).await;
    let call = boards.transfer_custom_field_to_board(BOARD, BUDGET, 118);
    wire.check(call, &format!("POST {field}/transfer-to-board")).await;

    let columns = weeek.board_columns();
    assert_eq!(wire.check(columns.list(BOARD), "GET /tm/board-columns?boardId=117").await[0].id, COLUMN);
    wire.check(columns.create(CreateBoardColumn::new("In progress", BOARD)), "POST /tm/board-columns").await;
    assert!(wire.check(columns.update(COLUMN, "In progress"), "PUT /tm/board-columns/528").await.is_some());
    assert!(wire.decode(columns.update(COLUMN, "In progress"), json!({"success": true})).await.is_none());
    wire.check(columns.delete(COLUMN), "DELETE /tm/board-columns/528").await;
    wire.check(columns.move_after(COLUMN, 527), "POST /tm/board-columns/528/move").await;
    let body = json!({"upperBoardColumnId": null});
    wire.check_body(columns.move_after(COLUMN, None), "POST /tm/board-columns/528/move", body).await;
    wire.finish();
}

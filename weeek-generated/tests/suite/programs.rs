//! The example programs.

#[path = "../../examples/bot.rs"]
pub(crate) mod bot;
#[path = "../../examples/cli.rs"]
pub(crate) mod cli;
#[path = "../../examples/export.rs"]
pub(crate) mod export;
#[path = "../../examples/move_board.rs"]
pub(crate) mod move_board;
#[path = "../../examples/overdue.rs"]
pub(crate) mod overdue;
#[path = "../support/readme.rs"]
pub(crate) mod readme;
#[path = "../../examples/sync.rs"]
pub(crate) mod sync;
#[path = "../../examples/time_report.rs"]
pub(crate) mod time_report;
#[path = "../../examples/web_form.rs"]
pub(crate) mod web_form;

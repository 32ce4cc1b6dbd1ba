//! One call of each operation, for tests that call every operation.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use jiff::civil::date;
use weeek_generated::models::*;
use weeek_generated::{Call, Client, Result, Upload};

/// A call that returns the `Debug` output of its value.
pub(crate) type DebugFuture = Pin<Box<dyn Future<Output = Result<String>> + Send>>;

const DEAL: &str = "Kq3vT8nXb2LmPz7R";
const FUNNEL: &str = "Tj7pL3wEi5HyDg9A";
const STATUS: &str = "Wd5hY1sGc9JtQe4M";
const UUID: &str = "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34";

/// A function over calls of any type.
pub(crate) trait CallVisitor {
    type Outcome;

    fn visit<T: Debug + Send + 'static>(self, call: Call<T>) -> Self::Outcome;
}

/// Sends the call.
struct Sender;

impl CallVisitor for Sender {
    type Outcome = DebugFuture;

    fn visit<T: Debug + Send + 'static>(self, call: Call<T>) -> DebugFuture {
        Box::pin(async move { call.await.map(|value| format!("{value:?}")) })
    }
}

/// Calls the operation with this id, if there is one.
pub(crate) fn call(weeek: &Client, id: &str) -> Option<DebugFuture> {
    visit(weeek, id, Sender)
}

macro_rules! calls {
    ($weeek:ident; $($id:literal => $call:expr,)+) => {
        /// Passes the call of the operation with this id to the visitor.
        #[expect(deprecated, reason = "deprecated operations are tested too")]
        pub(crate) fn visit<V: CallVisitor>($weeek: &Client, id: &str, visitor: V) -> Option<V::Outcome> {
            match id {
                $($id => {
                    let call = $call;
                    assert_eq!(call.operation().id(), $id);
                    Some(visitor.visit(call))
                })+
                _ => None,
            }
        }
    };
}

calls! {
    weeek;
    "user.get" => weeek.user().get(),
    "workspace.get" => weeek.workspace().get(),
    "workspace.listMembers" => weeek.workspace().list_members(),
    "tags.list" => weeek.tags().list(),
    "tags.create" => weeek.tags().create("Urgent"),
    "tags.get" => weeek.tags().get(3),
    "tags.update" => weeek.tags().update(3, UpdateTag::new("Urgent", "#FF6AA9")),
    "tags.delete" => weeek.tags().delete(3),
    "customFields.list" => weeek.custom_fields().list(),
    "customFields.create" => weeek.custom_fields().create(field()),
    "customFields.update" => weeek.custom_fields().update(UUID, UpdateCustomField::new().name(None)),
    "customFields.delete" => weeek.custom_fields().delete(UUID),
    "customFields.transferToProject" => weeek.custom_fields().transfer_to_project(UUID, 42),
    "customFields.transferToBoard" => weeek.custom_fields().transfer_to_board(UUID, 117),
    "customFields.createOption" => weeek.custom_fields().create_option(UUID, option()),
    "customFields.updateOption" => weeek.custom_fields().update_option(UUID, UUID, renamed()),
    "customFields.deleteOption" => weeek.custom_fields().delete_option(UUID, UUID),
    "customFields.moveOption" => weeek.custom_fields().move_option(UUID, UUID, after()),
    "portfolios.list" => weeek.portfolios().list(ListPortfolios::new().search("a b").parent_id(6).limit(10)),
    "portfolios.create" => weeek.portfolios().create(CreatePortfolio::new("Client work").parent_id(6)),
    "portfolios.get" => weeek.portfolios().get(7),
    "portfolios.update" => weeek.portfolios().update(7, "Client work"),
    "portfolios.delete" => weeek.portfolios().delete(7),
    "projects.list" => weeek.projects().list(),
    "projects.create" => weeek.projects().create(CreateProject::new("Website", false)),
    "projects.get" => weeek.projects().get(42),
    "projects.update" => weeek.projects().update(42, UpdateProject::new("Website", false, "#003C93")),
    "projects.delete" => weeek.projects().delete(42),
    "projects.archive" => weeek.projects().archive(42),
    "projects.unarchive" => weeek.projects().unarchive(42),
    "projects.createCustomField" => weeek.projects().create_custom_field(42, field()),
    "projects.updateCustomField" => weeek.projects().update_custom_field(42, UUID, UpdateCustomField::new().name("B")),
    "projects.deleteCustomField" => weeek.projects().delete_custom_field(42, UUID),
    "projects.transferCustomFieldToTaskManager" => weeek.projects().transfer_custom_field_to_task_manager(42, UUID),
    "projects.transferCustomFieldToProject" => weeek.projects().transfer_custom_field_to_project(42, UUID, 43),
    "projects.transferCustomFieldToBoard" => weeek.projects().transfer_custom_field_to_board(42, UUID, 118),
    "projects.createCustomFieldOption" => weeek.projects().create_custom_field_option(42, UUID, option()),
    "projects.updateCustomFieldOption" => weeek.projects().update_custom_field_option(42, UUID, UUID, renamed()),
    "projects.deleteCustomFieldOption" => weeek.projects().delete_custom_field_option(42, UUID, UUID),
    "projects.moveCustomFieldOption" => weeek.projects().move_custom_field_option(42, UUID, UUID, after()),
    "boards.list" => weeek.boards().list(42),
    "boards.create" => weeek.boards().create(CreateBoard::new("Design", 42)),
    "boards.update" => weeek.boards().update(117, "Design"),
    "boards.delete" => weeek.boards().delete(117),
    "boards.moveAfter" => weeek.boards().move_after(117, None),
    "boards.createCustomField" => weeek.boards().create_custom_field(117, field()),
    "boards.updateCustomField" => weeek.boards().update_custom_field(117, UUID, UpdateCustomField::new().name("B")),
    "boards.deleteCustomField" => weeek.boards().delete_custom_field(117, UUID),
    "boards.transferCustomFieldToTaskManager" => weeek.boards().transfer_custom_field_to_task_manager(117, UUID),
    "boards.transferCustomFieldToProject" => weeek.boards().transfer_custom_field_to_project(117, UUID, 43),
    "boards.transferCustomFieldToBoard" => weeek.boards().transfer_custom_field_to_board(117, UUID, 118),
    "boards.createCustomFieldOption" => weeek.boards().create_custom_field_option(117, UUID, option()),
    "boards.updateCustomFieldOption" => weeek.boards().update_custom_field_option(117, UUID, UUID, renamed()),
    "boards.deleteCustomFieldOption" => weeek.boards().delete_custom_field_option(117, UUID, UUID),
    "boards.moveCustomFieldOption" => weeek.boards().move_custom_field_option(117, UUID, UUID, after()),
    "boardColumns.list" => weeek.board_columns().list(117),
    "boardColumns.create" => weeek.board_columns().create(CreateBoardColumn::new("Review", 117)),
    "boardColumns.update" => weeek.board_columns().update(528, "Review"),
    "boardColumns.delete" => weeek.board_columns().delete(528),
    "boardColumns.moveAfter" => weeek.board_columns().move_after(528, 527),
    "tasks.list" => weeek.tasks().list(
        ListTasks::new()
            .project_id(42)
            .completed(false)
            .kind(TaskKind::Call)
            .priority(TaskPriority::High)
            .tags([3, 4])
            .start_date(date(2026, 11, 24))
            .sort(TaskSort::DateDescending)
            .limit(50)
            .offset(0),
    ),
    "tasks.create" => weeek.tasks().create(
        CreateTask::new()
            .title("Draft the offer")
            .locations([CreateTaskLocation::new(42, None)])
            .assignees([UUID])
            .priority(TaskPriority::Low)
            .due_date(date(2026, 11, 27))
            .custom_fields(CustomFieldValues::new().set(UUID, CustomFieldValue::Boolean(true)).clear(UUID)),
    ),
    "tasks.get" => weeek.tasks().get(1501),
    "tasks.update" => weeek.tasks().update(1501, UpdateTask::new().title(None).priority(None).tags([3]).board_id(77)),
    "tasks.delete" => weeek.tasks().delete(1501),
    "tasks.complete" => weeek.tasks().complete(1501),
    "tasks.reopen" => weeek.tasks().reopen(1501),
    "tasks.moveToBoard" => weeek.tasks().move_to_board(1501, 77),
    "tasks.moveToBoardColumn" => weeek.tasks().move_to_board_column(1501, 310),
    "tasks.addLocation" => weeek.tasks().add_location(
        1501,
        AddTaskLocation::new(42).board_column_id(310).position(TaskPosition::After(1482.into())),
    ),
    "tasks.removeLocation" => weeek.tasks().remove_location(1501, 42),
    "tasks.uploadAttachments" => weeek.tasks().upload_attachments(1501, [file()]),
    "tasks.addWatchers" => weeek.tasks().add_watchers(1501, [UUID]),
    "tasks.removeWatchers" => weeek.tasks().remove_watchers(1501, [UUID]),
    "tasks.startTimer" => weeek.tasks().start_timer(1501),
    "tasks.stopTimer" => weeek.tasks().stop_timer(1501),
    "tasks.createTimeEntry" => weeek.tasks().create_time_entry(1501, entry()),
    "tasks.updateTimeEntry" => weeek.tasks().update_time_entry(1501, UUID, UpdateTaskTimeEntry::new(UUID, false, date(2026, 11, 24), 45)),
    "tasks.deleteTimeEntry" => weeek.tasks().delete_time_entry(1501, UUID),
    "tasks.addAssignees" => weeek.tasks().add_assignees(1501, [UUID]),
    "tasks.removeAssignees" => weeek.tasks().remove_assignees(1501, [UUID]),
    "tasks.setParent" => weeek.tasks().set_parent(1501, SetTaskParent::new(1482)),
    "tasks.listComments" => weeek.tasks().list_comments(1501, ListTaskComments::new().limit(10)),
    "tasks.createComment" => weeek.tasks().create_comment(1501, CreateTaskComment::new("Good.").parent_id(9000)),
    "tasks.deleteComment" => weeek.tasks().delete_comment(1501, 9001),
    "funnels.list" => weeek.funnels().list(),
    "funnels.create" => weeek.funnels().create(CreateFunnel::new().name("Sales").currency_id(1).is_private(true)),
    "funnels.get" => weeek.funnels().get(FUNNEL),
    "funnels.update" => weeek.funnels().update(FUNNEL, UpdateFunnel::new().name("Sales").currency_id(1).is_private(true)),
    "funnels.delete" => weeek.funnels().delete(FUNNEL),
    "funnels.createCustomField" => weeek.funnels().create_custom_field(FUNNEL, field()),
    "funnels.updateCustomField" => weeek.funnels().update_custom_field(FUNNEL, UUID, UpdateCustomField::new().name("B")),
    "funnels.deleteCustomField" => weeek.funnels().delete_custom_field(FUNNEL, UUID),
    "funnels.moveCustomField" => weeek.funnels().move_custom_field(FUNNEL, UUID, CustomFieldPosition::Before(UUID.into())),
    "funnels.createCustomFieldOption" => weeek.funnels().create_custom_field_option(FUNNEL, UUID, option()),
    "funnels.updateCustomFieldOption" => weeek.funnels().update_custom_field_option(FUNNEL, UUID, UUID, renamed()),
    "funnels.deleteCustomFieldOption" => weeek.funnels().delete_custom_field_option(FUNNEL, UUID, UUID),
    "funnels.moveCustomFieldOption" => weeek.funnels().move_custom_field_option(FUNNEL, UUID, UUID, after()),
    "funnelStatuses.list" => weeek.funnel_statuses().list(FUNNEL),
    "funnelStatuses.create" => weeek.funnel_statuses().create(FUNNEL, "New"),
    "funnelStatuses.get" => weeek.funnel_statuses().get(STATUS),
    "funnelStatuses.update" => weeek.funnel_statuses().update(STATUS, "New"),
    "funnelStatuses.delete" => weeek.funnel_statuses().delete(STATUS),
    "deals.list" => weeek.deals().list(
        STATUS,
        ListDeals::new()
            .win_statuses([WinStatus::Won, WinStatus::Lost])
            .custom_fields([CustomFieldFilter::new(UUID, "a b")])
            .limit(10),
    ),
    "deals.create" => weeek.deals().create(STATUS, deal()),
    "deals.get" => weeek.deals().get(DEAL),
    "deals.update" => weeek.deals().update(DEAL, UpdateDeal::new().win_status(WinStatus::Won).amount(None)),
    "deals.patch" => weeek.deals().patch(DEAL, PatchDeal::new().title("Renewal").amount(None).contacts([UUID])),
    "deals.delete" => weeek.deals().delete(DEAL),
    "deals.move" => weeek.deals().move_to(DEAL, MoveDeal::new().status_id(STATUS).previous_deal_id(None)),
    "deals.setFunnel" => weeek.deals().set_funnel(DEAL, FUNNEL),
    "deals.setStatus" => weeek.deals().set_status(DEAL, STATUS),
    "deals.addAssignee" => weeek.deals().add_assignee(DEAL, UUID),
    "deals.removeAssignee" => weeek.deals().remove_assignee(DEAL, UUID),
    "deals.addContact" => weeek.deals().add_contact(DEAL, UUID),
    "deals.removeContact" => weeek.deals().remove_contact(DEAL, UUID),
    "deals.addOrganization" => weeek.deals().add_organization(DEAL, UUID),
    "deals.removeOrganization" => weeek.deals().remove_organization(DEAL, UUID),
    "deals.addTag" => weeek.deals().add_tag(DEAL, 3),
    "deals.removeTag" => weeek.deals().remove_tag(DEAL, 3),
    "deals.createTask" => weeek.deals().create_task(DEAL, CreateDealTask::new().title("Call back").day(date(2026, 11, 27))),
    "deals.removeTask" => weeek.deals().remove_task(DEAL, 1501),
    "deals.moveTask" => weeek.deals().move_task(DEAL, 1501, None),
    "deals.uploadAttachments" => weeek.deals().upload_attachments(DEAL, [file()]),
    "organizations.list" => weeek.organizations().list(ListOrganizations::new().tags([3]).limit(5)),
    "organizations.create" => weeek.organizations().create(CreateOrganization::new().name("O").emails(["a@example.com"])),
    "organizations.get" => weeek.organizations().get(UUID),
    "organizations.update" => weeek.organizations().update(UUID, UpdateOrganization::new().name("O")),
    "organizations.delete" => weeek.organizations().delete(UUID),
    "organizations.createAddress" => weeek.organizations().create_address(UUID, "12 Mill Lane"),
    "organizations.updateAddress" => weeek.organizations().update_address(UUID, UUID, "12 Mill Lane"),
    "organizations.deleteAddress" => weeek.organizations().delete_address(UUID, UUID),
    "organizations.createEmail" => weeek.organizations().create_email(UUID, "a@example.com"),
    "organizations.updateEmail" => weeek.organizations().update_email(UUID, UUID, "a@example.com"),
    "organizations.deleteEmail" => weeek.organizations().delete_email(UUID, UUID),
    "organizations.createPhone" => weeek.organizations().create_phone(UUID, "+1"),
    "organizations.updatePhone" => weeek.organizations().update_phone(UUID, UUID, "+1"),
    "organizations.deletePhone" => weeek.organizations().delete_phone(UUID, UUID),
    "organizations.addContact" => weeek.organizations().add_contact(UUID, UUID),
    "organizations.removeContact" => weeek.organizations().remove_contact(UUID, UUID),
    "organizations.addTag" => weeek.organizations().add_tag(UUID, 3),
    "organizations.removeTag" => weeek.organizations().remove_tag(UUID, 3),
    "contacts.list" => weeek.contacts().list(ListContacts::new().organizations([UUID]).limit(5)),
    "contacts.create" => weeek.contacts().create(CreateContact::new("Jane").phones(["+1"])),
    "contacts.get" => weeek.contacts().get(UUID),
    "contacts.update" => weeek.contacts().update(UUID, UpdateContact::new().first_name("Jane").last_name(None)),
    "contacts.delete" => weeek.contacts().delete(UUID),
    "contacts.createEmail" => weeek.contacts().create_email(UUID, "a@example.com"),
    "contacts.updateEmail" => weeek.contacts().update_email(UUID, UUID, "a@example.com"),
    "contacts.deleteEmail" => weeek.contacts().delete_email(UUID, UUID),
    "contacts.createPhone" => weeek.contacts().create_phone(UUID, "+1"),
    "contacts.updatePhone" => weeek.contacts().update_phone(UUID, UUID, "+1"),
    "contacts.deletePhone" => weeek.contacts().delete_phone(UUID, UUID),
    "contacts.addTag" => weeek.contacts().add_tag(UUID, 3),
    "contacts.removeTag" => weeek.contacts().remove_tag(UUID, 3),
    "currencies.list" => weeek.currencies().list(),
    "attachments.get" => weeek.attachments().get(UUID),
}

fn field() -> CreateCustomField {
    CreateCustomField::new(CustomFieldKind::Number)
        .name("Budget")
        .config(CustomFieldNumberConfig::new(CustomFieldNumberFormat::Percent, 2))
}

fn option() -> CreateCustomFieldOption {
    CreateCustomFieldOption::new("Referral", CustomFieldOptionColor::LightBlue)
}

fn renamed() -> UpdateCustomFieldOption {
    UpdateCustomFieldOption::new("Referral", CustomFieldOptionColor::LightBlue)
}

fn after() -> CustomFieldOptionPosition {
    CustomFieldOptionPosition::After(UUID.into())
}

fn deal() -> CreateDeal {
    CreateDeal::new().title("Renewal").amount(12.5).contacts([UUID])
}

fn entry() -> CreateTaskTimeEntry {
    CreateTaskTimeEntry::new(UUID, false, date(2026, 11, 24), 45)
}

fn file() -> Upload {
    Upload::bytes("a.txt", "hello")
}

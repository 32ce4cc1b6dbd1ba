//! The document's request examples, written the way a caller writes them.

use jiff::civil::date;
use weeek_generated::models::*;
use weeek_generated::{Call, Client, Operation};

const BORIS: &str = "8d2f6a10-4c7b-4e93-b5d8-1a0c9e3f7b62";
const ANNA: &str = "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34";
const BAKERY: &str = "c2f8a1d6-7b3e-4c90-8e15-6a4d9b0f7e21";
const JANE: &str = "91e4d7b2-0c6a-4a38-b5f9-3e7c1a8d2f60";
const FIELD: &str = "3f9a6c1b-8d27-4e50-a4b3-7c0e5d2f9186";
const OPTION: &str = "e7b13d58-4f62-4c9d-9a07-1b8c6e3f5a24";
const OTHER_OPTION: &str = "b46c0d92-8e17-4a53-9f28-5d0e7c1b3a69";
const DEAL: &str = "Kq3vT8nXb2LmPz7R";
const FUNNEL: &str = "Tj7pL3wEi5HyDg9A";
const STATUS: &str = "Wd5hY1sGc9JtQe4M";

type Sent = (&'static Operation, Vec<u8>);

/// Operation and body of every call with a JSON body.
pub(crate) fn all() -> Vec<Sent> {
    let weeek = Client::new("t").unwrap();
    [tags(&weeek), custom_fields(&weeek), projects(&weeek), boards(&weeek), tasks(&weeek), funnels(&weeek), crm(&weeek)]
        .concat()
}

#[expect(clippy::needless_pass_by_value, reason = "a call is made for this and nothing else")]
fn sent<T>(call: Call<T>) -> Sent {
    (call.operation(), call.request().json().unwrap().to_vec())
}

fn tags(weeek: &Client) -> Vec<Sent> {
    let tags = weeek.tags();
    vec![sent(tags.create("Urgent")), sent(tags.update(3, UpdateTag::new("Urgent", "#FF6AA9")))]
}

fn budget() -> CustomFieldNumberConfig {
    CustomFieldNumberConfig::new(CustomFieldNumberFormat::Currency, 2).currency(1)
}

fn new_field() -> CreateCustomField {
    CreateCustomField::new(CustomFieldType::Number).name("Budget").config(budget())
}

fn field_change() -> UpdateCustomField {
    UpdateCustomField::new().name("Budget").config(CustomFieldConfig::from(budget()))
}

fn referral() -> CustomFieldOptionInput {
    CustomFieldOptionInput::new("Referral", CustomFieldOptionColor::LightBlue)
}

fn after() -> CustomFieldOptionPosition {
    CustomFieldOptionPosition::After(OTHER_OPTION.into())
}

fn values() -> CustomFieldValues {
    CustomFieldValues::new().set(FIELD, CustomFieldContent::Select(OPTION.into()))
}

fn custom_fields(weeek: &Client) -> Vec<Sent> {
    let fields = weeek.custom_fields();
    vec![
        sent(fields.create(new_field())),
        sent(fields.update(FIELD, field_change())),
        sent(fields.transfer_to_project(FIELD, 42)),
        sent(fields.transfer_to_board(FIELD, 117)),
        sent(fields.create_option(FIELD, referral())),
        sent(fields.update_option(FIELD, OPTION, referral())),
        sent(fields.move_option(FIELD, OPTION, after())),
    ]
}

/// The custom fields of a project, board or funnel.
macro_rules! own_custom_fields {
    ($api:ident, $id:expr) => {
        [
            sent($api.create_custom_field($id, new_field())),
            sent($api.update_custom_field($id, FIELD, field_change())),
            sent($api.create_custom_field_option($id, FIELD, referral())),
            sent($api.update_custom_field_option($id, FIELD, OPTION, referral())),
            sent($api.move_custom_field_option($id, FIELD, OPTION, after())),
        ]
    };
}

fn projects(weeek: &Client) -> Vec<Sent> {
    let (portfolios, projects) = (weeek.portfolios(), weeek.projects());
    let (logo, text) = ("projects/logos/website-relaunch.png", "Everything for the new site.");
    let create = CreateProject::new("Website relaunch", false).logo(logo).description(text).portfolio_id(7);
    let update = UpdateProject::new("Website relaunch", false, "#003C93").logo(logo).description(text);
    let mut all = vec![
        sent(portfolios.create(CreatePortfolio::new("Client work").parent_id(6))),
        sent(portfolios.update(7, "Client work")),
        sent(projects.create(create)),
        sent(projects.update(42, update)),
        sent(projects.transfer_custom_field_to_project(42, FIELD, 43)),
        sent(projects.transfer_custom_field_to_board(42, FIELD, 118)),
    ];
    all.extend(own_custom_fields!(projects, 42));
    all
}

fn boards(weeek: &Client) -> Vec<Sent> {
    let (boards, columns) = (weeek.boards(), weeek.board_columns());
    let mut all = vec![
        sent(boards.create(CreateBoard::new("Design", 42))),
        sent(boards.update(117, "Design")),
        sent(boards.move_to(117, 116)),
        sent(boards.transfer_custom_field_to_project(117, FIELD, 43)),
        sent(boards.transfer_custom_field_to_board(117, FIELD, 118)),
        sent(columns.create(CreateBoardColumn::new("In progress", 117))),
        sent(columns.update(528, "In progress")),
        sent(columns.move_to(528, 527)),
    ];
    all.extend(own_custom_fields!(boards, 117));
    all
}

fn tasks(weeek: &Client) -> Vec<Sent> {
    let tasks = weeek.tasks();
    let (start, due) = (date(2026, 11, 24), date(2026, 11, 27));
    let create = CreateTask::new()
        .title("Draft the offer")
        .description("<p>Scope and price, two pages at most.</p>")
        .locations([TaskPlacement::new(42, BoardColumnId::from(528))])
        .parent_id(1482)
        .assignees([BORIS])
        .user_id(BORIS)
        .kind(TaskType::Action)
        .priority(TaskPriority::High)
        .due_date(due)
        .day(due)
        .custom_fields(values());
    let update = UpdateTask::new()
        .title("Draft the offer")
        .priority(TaskPriority::High)
        .kind(TaskType::Action)
        .schedule(TaskSchedule::Days { start_date: Some(start), due_date: Some(due) })
        .duration(90)
        .tags([3])
        .custom_fields(values())
        .board_column_id(528)
        .board_id(117);
    let entry = || TaskTimeEntryInput::new(BORIS, false, start, 45);
    let place = AddTaskLocation::new(43).board_column_id(541).position(TaskPosition::After(1498.into()));
    let comment = CreateTaskComment::new("The price is **not** final.").parent_id(9000);
    vec![
        sent(tasks.create(create)),
        sent(tasks.update(1501, update)),
        sent(tasks.move_to_board(1501, 117)),
        sent(tasks.move_to_board_column(1501, 528)),
        sent(tasks.add_location(1501, place)),
        sent(tasks.remove_location(1501, 42)),
        sent(tasks.add_watchers(1501, [BORIS])),
        sent(tasks.remove_watchers(1501, [BORIS])),
        sent(tasks.create_time_entry(1501, entry())),
        sent(tasks.update_time_entry(1501, "e", entry())),
        sent(tasks.add_assignees(1501, [BORIS])),
        sent(tasks.remove_assignees(1501, [BORIS])),
        sent(tasks.set_parent(1501, SetTaskParent::new(1482).position(TaskPosition::After(1498.into())))),
        sent(tasks.create_comment(1501, comment)),
    ]
}

fn funnels(weeek: &Client) -> Vec<Sent> {
    let (funnels, statuses) = (weeek.funnels(), weeek.funnel_statuses());
    let input = FunnelInput::new().name("Wholesale").currency_id(1).is_private(false);
    let mut all = vec![
        sent(funnels.create(&input)),
        sent(funnels.update(FUNNEL, &input)),
        sent(funnels.move_custom_field(FUNNEL, OPTION, CustomFieldPosition::After(FIELD.into()))),
        sent(statuses.create(FUNNEL, "Negotiation")),
        sent(statuses.update(STATUS, "Negotiation")),
    ];
    all.extend(own_custom_fields!(funnels, FUNNEL));
    all
}

fn crm(weeek: &Client) -> Vec<Sent> {
    let (deals, organizations, contacts) = (weeek.deals(), weeek.organizations(), weeek.contacts());
    let deal = DealInput::new()
        .title("Website relaunch")
        .amount(48500.5)
        .win_status(WinStatus::Won)
        .description("Signed; work starts in December.")
        .assignees([ANNA])
        .organizations([BAKERY])
        .contacts([JANE])
        .tags([3])
        .custom_fields(values());
    let change = UpdateDeal::new().title("Website relaunch").amount(48500.5).win_status(WinStatus::Won);
    let target = MoveDeal::new().status_id("Za6uN0fBk8RxVo2C").previous_deal_id("Mb4cX6rSn1UvFz8K");
    let bakery = CreateOrganization::new()
        .name("Riverside Bakery")
        .addresses(["12 Mill Lane, Springfield"])
        .emails(["office@example.com"])
        .phones(["+1 202 555 0142"])
        .responsibles([ANNA]);
    let renamed = UpdateOrganization::new().name("Riverside Bakery");
    let jane = CreateContact::new("Jane").last_name("Sample").middle_name("Marie").organizations([BAKERY]);
    let changed = UpdateContact::new().last_name("Sample").first_name("Jane").middle_name("Marie");
    vec![
        sent(deals.create(STATUS, &deal)),
        sent(deals.update(DEAL, change.custom_fields(values()))),
        sent(deals.patch(DEAL, &deal)),
        sent(deals.move_to(DEAL, target)),
        sent(deals.set_funnel(DEAL, "Rx2nC8vKd4BsGm6J")),
        sent(deals.set_status(DEAL, "Za6uN0fBk8RxVo2C")),
        sent(deals.add_assignee(DEAL, ANNA)),
        sent(deals.remove_assignee(DEAL, ANNA)),
        sent(deals.add_contact(DEAL, JANE)),
        sent(deals.remove_contact(DEAL, JANE)),
        sent(deals.add_organization(DEAL, BAKERY)),
        sent(deals.remove_organization(DEAL, BAKERY)),
        sent(deals.add_tag(DEAL, 3)),
        sent(deals.remove_tag(DEAL, 3)),
        sent(deals.move_task(DEAL, 1501, 1498)),
        sent(organizations.create(bakery)),
        sent(organizations.update(BAKERY, renamed.addresses(["12 Mill Lane, Springfield"]).responsibles([ANNA]))),
        sent(organizations.create_address(BAKERY, "12 Mill Lane, Springfield")),
        sent(organizations.update_address(BAKERY, "a", "12 Mill Lane, Springfield")),
        sent(organizations.create_email(BAKERY, "office@example.com")),
        sent(organizations.update_email(BAKERY, "e", "office@example.com")),
        sent(organizations.create_phone(BAKERY, "+1 202 555 0142")),
        sent(organizations.update_phone(BAKERY, "p", "+1 202 555 0142")),
        sent(organizations.add_contact(BAKERY, JANE)),
        sent(organizations.remove_contact(BAKERY, JANE)),
        sent(organizations.add_tag(BAKERY, 3)),
        sent(organizations.remove_tag(BAKERY, 3)),
        sent(contacts.create(jane.emails(["jane@example.com"]).phones(["+1 202 555 0187"]).tags([3]))),
        sent(contacts.update(JANE, changed.organizations([BAKERY]).tags([3]))),
        sent(contacts.create_email(JANE, "jane@example.com")),
        sent(contacts.update_email(JANE, "e", "jane@example.com")),
        sent(contacts.create_phone(JANE, "+1 202 555 0187")),
        sent(contacts.update_phone(JANE, "p", "+1 202 555 0187")),
        sent(contacts.add_tag(JANE, 3)),
        sent(contacts.remove_tag(JANE, 3)),
    ]
}

use jiff::civil::date;
use serde_json::json;
use weeek_generated::models::*;

use crate::custom_fields::nested;
use crate::files;
use crate::ids::*;
use crate::wire::Wire;

pub(crate) const TAGS: &[&str] = &["currencies", "funnels", "funnelStatuses", "deals"];

#[tokio::test]
async fn currency_funnel_and_deal_calls_match_the_spec() {
    let (mut wire, weeek) = Wire::start(TAGS).await;
    assert_eq!(wire.check(weeek.currencies().list(), "GET /crm/currencies").await[0].code, "USD");

    let (funnels, base) = (weeek.funnels(), format!("/crm/funnels/{FUNNEL}"));
    assert_eq!(wire.check(funnels.list(), "GET /crm/funnels").await[0].deals_count, 4);
    let input = CreateFunnel::new().name("Wholesale").currency_id(1).is_private(false);
    wire.check(funnels.create(&input), "POST /crm/funnels").await;
    wire.check(funnels.get(FUNNEL), &format!("GET {base}")).await;
    let input = UpdateFunnel::new().name("Wholesale").currency_id(1).is_private(false);
    wire.check(funnels.update(FUNNEL, input), &format!("PUT {base}")).await;
    wire.check(funnels.delete(FUNNEL), &format!("DELETE {base}")).await;
    let field = nested!(wire, funnels, FUNNEL, base);
    let call = funnels.move_custom_field(FUNNEL, BUDGET, CustomFieldPosition::After(SOURCE.into()));
    wire.check(call, &format!("POST {field}/move")).await;

    let (statuses, status) = (weeek.funnel_statuses(), format!("/crm/statuses/{STATUS}"));
    wire.check(statuses.list(FUNNEL), &format!("GET {base}/statuses")).await;
    wire.check(statuses.create(FUNNEL, "Negotiation"), &format!("POST {base}/statuses")).await;
    assert_eq!(wire.check(statuses.get(STATUS), &format!("GET {status}")).await.name, "Negotiation");
    wire.check(statuses.update(STATUS, "Negotiation"), &format!("PUT {status}")).await;
    wire.check(statuses.delete(STATUS), &format!("DELETE {status}")).await;

    let deals = weeek.deals();
    let filter = ListDeals::new()
        .search("site")
        .assignees([NORA])
        .win_statuses([WinStatus::Won, WinStatus::Lost])
        .last_updated([DealLastUpdated::LastWeek])
        .tags([TAG])
        .organizations([ORGANIZATION])
        .contacts([CONTACT])
        .custom_fields([CustomFieldFilter::new(SOURCE, "a b"), CustomFieldFilter::new(BUDGET, "5")])
        .limit(10)
        .offset(20)
        .sort(DealSort::CommentedDescending);
    let line = format!(
        "GET {status}/deals?search=site&assigneeIds[]={NORA}&winStatuses[]=won&winStatuses[]=lost&lastUpdated[]=lastWeek\
         &tags[]=3&organizations[]={ORGANIZATION}&contacts[]={CONTACT}&customFields[0][id]={SOURCE}\
         &customFields[0][value]=a%20b&customFields[1][id]={BUDGET}&customFields[1][value]=5&limit=10&offset=20\
         &sort=-commented"
    );
    let page = wire.check(deals.list(STATUS, filter), &line).await;
    assert_eq!((page.items[0].win_status.clone(), page.has_more), (Some(WinStatus::Won), Some(true)));

    let (deal, source) = (format!("/crm/deals/{DEAL}"), CustomFieldValue::Select(REFERRAL.into()));
    let input = CreateDeal::new()
        .title("Website relaunch")
        .amount(48500.5)
        .win_status(WinStatus::Won)
        .description("Signed; work starts in December.")
        .assignees([NORA])
        .organizations([ORGANIZATION])
        .contacts([CONTACT])
        .tags([TAG])
        .custom_fields(CustomFieldValues::new().set(SOURCE, source.clone()));
    wire.check(deals.create(STATUS, input), &format!("POST {status}/deals")).await;
    wire.check(deals.get(DEAL), &format!("GET {deal}")).await;
    let change = UpdateDeal::new()
        .title("Website relaunch")
        .amount(48500.5)
        .win_status(WinStatus::Won)
        .custom_fields(CustomFieldValues::new().set(SOURCE, source.clone()));
    wire.check(deals.update(DEAL, &change), &format!("PUT {deal}")).await;
    let change = UpdateDeal::new().amount(None).win_status(None);
    let body = json!({"amount": null, "winStatus": null});
    wire.check_body(deals.update(DEAL, &change), &format!("PUT {deal}"), body).await;
    let patch = PatchDeal::new()
        .title("Website relaunch")
        .amount(48500.5)
        .win_status(WinStatus::Won)
        .assignees([NORA])
        .organizations([ORGANIZATION])
        .contacts([CONTACT])
        .tags([TAG])
        .custom_fields(CustomFieldValues::new().set(SOURCE, source));
    assert!(wire.check(deals.patch(DEAL, &patch), &format!("PATCH {deal}")).await.is_some());
    assert!(wire.decode(deals.patch(DEAL, &patch), json!({"success": true})).await.is_none());
    wire.check(deals.delete(DEAL), &format!("DELETE {deal}")).await;

    let target = MoveDeal::new().status_id(OTHER_STATUS).previous_deal_id(OTHER_DEAL);
    wire.check(deals.move_to(DEAL, target), &format!("POST {deal}/move")).await;
    let top = MoveDeal::new().previous_deal_id(None);
    wire.check_body(deals.move_to(DEAL, top), &format!("POST {deal}/move"), json!({"previousDealId": null})).await;
    wire.check(deals.set_funnel(DEAL, OTHER_FUNNEL), &format!("PUT {deal}/funnel")).await;
    wire.check(deals.set_status(DEAL, OTHER_STATUS), &format!("PUT {deal}/status")).await;
    for (call, line) in [
        (deals.add_assignee(DEAL, NORA), "POST {}/assignees"),
        (deals.remove_assignee(DEAL, NORA), "DELETE {}/assignees"),
        (deals.add_contact(DEAL, CONTACT), "POST {}/contacts"),
        (deals.remove_contact(DEAL, CONTACT), "DELETE {}/contacts"),
        (deals.add_organization(DEAL, ORGANIZATION), "POST {}/organizations"),
        (deals.remove_organization(DEAL, ORGANIZATION), "DELETE {}/organizations"),
        (deals.add_tag(DEAL, TAG), "POST {}/tags"),
        (deals.remove_tag(DEAL, TAG), "DELETE {}/tags"),
        (deals.remove_task(DEAL, TASK), "DELETE {}/tasks/1501"),
        (deals.move_task(DEAL, TASK, NEIGHBOR), "POST {}/tasks/1501/move"),
    ] {
        wire.check(call, &line.replace("{}", &deal)).await;
    }
    let top = deals.move_task(DEAL, TASK, None);
    wire.check_body(top, &format!("POST {deal}/tasks/1501/move"), json!({"previousTaskId": null})).await;
    let task = CreateDealTask::new()
        .title("Draft the offer")
        .description("<p>Scope and price, two pages at most.</p>")
        .day(date(2026, 11, 27))
        .parent_id(PARENT)
        .user_id(COLLEAGUE)
        .project_id(PROJECT)
        .board_id(BOARD)
        .board_column_id(COLUMN)
        .kind(TaskKind::Action)
        .priority(TaskPriority::High);
    wire.check(deals.create_task(DEAL, task), &format!("POST {deal}/tasks")).await;
    let call = deals.create_task(DEAL, CreateDealTask::new());
    wire.check_body(call, &format!("POST {deal}/tasks"), json!({})).await;
    wire.check(deals.upload_attachments(DEAL, files()), &format!("POST {deal}/attachments")).await;

    // Unknown values are sent unchanged, although the spec does not allow them.
    let unknown = deals.list(STATUS, ListDeals::new().win_statuses([WinStatus::from("paused")]));
    assert_eq!(unknown.request().query(), "winStatuses[]=paused");
    wire.finish();
}

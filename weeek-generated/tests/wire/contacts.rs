use serde_json::json;
use weeek_generated::models::*;

use crate::ids::*;
use crate::wire::Wire;

pub(crate) const TAGS: &[&str] = &["organizations", "contacts"];

/// Makes the calls that organizations and contacts have in common.
macro_rules! emails_phones_and_tags {
    ($wire:ident, $api:ident, $id:ident, $base:ident, $email:literal, $phone:literal) => {
        let (emails, phones) = (format!("{}/emails", $base), format!("{}/phones", $base));
        assert_eq!($wire.check($api.create_email($id, $email), &format!("POST {emails}")).await.id, EMAIL);
        $wire.check($api.update_email($id, EMAIL, $email), &format!("PUT {emails}/{EMAIL}")).await;
        $wire.check($api.delete_email($id, EMAIL), &format!("DELETE {emails}/{EMAIL}")).await;
        assert_eq!($wire.check($api.create_phone($id, $phone), &format!("POST {phones}")).await.id, PHONE);
        $wire.check($api.update_phone($id, PHONE, $phone), &format!("PUT {phones}/{PHONE}")).await;
        $wire.check($api.delete_phone($id, PHONE), &format!("DELETE {phones}/{PHONE}")).await;
        $wire.check($api.add_tag($id, TAG), &format!("POST {}/tags", $base)).await;
        $wire.check($api.remove_tag($id, TAG), &format!("DELETE {}/tags", $base)).await;
    };
}

#[tokio::test]
async fn organization_calls_match_the_spec() {
    let (mut wire, weeek) = Wire::start(&["organizations"]).await;
    let (api, base) = (weeek.organizations(), format!("/crm/organizations/{ORGANIZATION}"));
    let filter = ListOrganizations::new()
        .search("bakery")
        .responsibles([NORA])
        .contacts([CONTACT])
        .tags([TAG])
        .custom_fields([CustomFieldFilter::new(SOURCE, "x")])
        .limit(5)
        .offset(10)
        .sort(ContactSort::AlphabetDescending);
    let line = format!(
        "GET /crm/organizations?search=bakery&responsible[]={NORA}&contacts[]={CONTACT}&tags[]=3\
         &customFields[0][id]={SOURCE}&customFields[0][value]=x&limit=5&offset=10&sort=-alphabet"
    );
    let page = wire.check(api.list(filter), &line).await;
    assert_eq!((page.items[0].responsible_id.clone(), page.has_more), (Some(NORA.into()), None));
    let create = CreateOrganization::new()
        .name("Riverside Bakery")
        .addresses(["12 Mill Lane, Springfield"])
        .emails(["office@example.com"])
        .phones(["+1 202 555 0142"])
        .responsibles([NORA]);
    wire.check(api.create(create), "POST /crm/organizations").await;
    wire.check(api.get(ORGANIZATION), &format!("GET {base}")).await;
    let update = UpdateOrganization::new()
        .name("Riverside Bakery")
        .addresses(["12 Mill Lane, Springfield"])
        .responsibles([NORA]);
    wire.check(api.update(ORGANIZATION, update), &format!("PUT {base}")).await;
    let update = UpdateOrganization::new().name("Riverside Bakery");
    wire.check_body(api.update(ORGANIZATION, update), &format!("PUT {base}"), json!({"name": "Riverside Bakery"}))
        .await;
    wire.check(api.delete(ORGANIZATION), &format!("DELETE {base}")).await;
    let (address, line) = ("12 Mill Lane, Springfield", format!("{base}/addresses/{ADDRESS}"));
    wire.check(api.create_address(ORGANIZATION, address), &format!("POST {base}/addresses")).await;
    wire.check(api.update_address(ORGANIZATION, ADDRESS, address), &format!("PUT {line}")).await;
    wire.check(api.delete_address(ORGANIZATION, ADDRESS), &format!("DELETE {line}")).await;
    wire.check(api.add_contact(ORGANIZATION, CONTACT), &format!("POST {base}/contacts")).await;
    wire.check(api.remove_contact(ORGANIZATION, CONTACT), &format!("DELETE {base}/contacts")).await;
    emails_phones_and_tags!(wire, api, ORGANIZATION, base, "office@example.com", "+1 202 555 0142");
    wire.finish();
}

#[tokio::test]
async fn contact_calls_match_the_spec() {
    let (mut wire, weeek) = Wire::start(&["contacts"]).await;
    let (api, base) = (weeek.contacts(), format!("/crm/contacts/{CONTACT}"));
    let filter = ListContacts::new()
        .search("jane")
        .organizations([ORGANIZATION])
        .custom_fields([CustomFieldFilter::new(SOURCE, "x")])
        .limit(5)
        .offset(10)
        .sort(ContactSort::UpdatedAt);
    let line = format!(
        "GET /crm/contacts?search=jane&organizations[]={ORGANIZATION}&customFields[0][id]={SOURCE}\
         &customFields[0][value]=x&limit=5&offset=10&sort=updatedAt"
    );
    assert_eq!(wire.check(api.list(filter), &line).await.items[0].id, CONTACT);
    let create = CreateContact::new("Jane")
        .last_name("Sample")
        .middle_name("Marie")
        .organizations([ORGANIZATION])
        .emails(["jane@example.com"])
        .phones(["+1 202 555 0187"])
        .tags([TAG]);
    wire.check(api.create(create), "POST /crm/contacts").await;
    wire.check(api.get(CONTACT), &format!("GET {base}")).await;
    let update = UpdateContact::new()
        .last_name("Sample")
        .first_name("Jane")
        .middle_name("Marie")
        .organizations([ORGANIZATION])
        .tags([TAG]);
    wire.check(api.update(CONTACT, update), &format!("PUT {base}")).await;
    let body = json!({"middleName": null});
    wire.check_body(api.update(CONTACT, UpdateContact::new().middle_name(None)), &format!("PUT {base}"), body).await;
    wire.check(api.delete(CONTACT), &format!("DELETE {base}")).await;
    emails_phones_and_tags!(wire, api, CONTACT, base, "jane@example.com", "+1 202 555 0187");
    wire.finish();
}

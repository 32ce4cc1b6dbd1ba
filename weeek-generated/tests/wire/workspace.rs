use weeek_generated::models::*;

use crate::ids::*;
use crate::wire::Wire;

pub(crate) const TAGS: &[&str] = &["user", "workspace", "tags", "attachments"];

#[tokio::test]
async fn workspace_calls_match_the_spec() {
    let (mut wire, weeek) = Wire::start(TAGS).await;
    let profile = wire.check(weeek.user().get(), "GET /user/me").await;
    assert_eq!((profile.id, profile.first_name.as_deref()), (NORA.into(), Some("Nora")));
    assert_eq!(wire.check(weeek.workspace().get(), "GET /ws").await.title, "Alder Studio");
    assert_eq!(wire.check(weeek.workspace().list_members(), "GET /ws/members").await.len(), 1);

    let tags = weeek.tags();
    assert_eq!(wire.check(tags.list(), "GET /ws/tags").await[0].id, TAG);
    wire.check(tags.create("Urgent"), "POST /ws/tags").await;
    assert_eq!(wire.check(tags.get(TAG), "GET /ws/tags/3").await.title, "Urgent");
    wire.check(tags.update(TAG, UpdateTag::new("Urgent", "#FF6AA9")), "PUT /ws/tags/3").await;
    wire.check(tags.delete(TAG), "DELETE /ws/tags/3").await;

    let file = wire.check(weeek.attachments().get(ATTACHMENT), &format!("GET /ws/attachments/{ATTACHMENT}")).await;
    assert_eq!((file.name.as_str(), file.size), ("offer.pdf", Some(184_320)));
    wire.finish();
}

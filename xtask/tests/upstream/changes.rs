//! Changes planted into the published document, over a copy of the pin: each is reported once, and nothing else is.

use xtask::upstream::model::{Api, Node, keys};

use crate::{Ledger, lines};

/// A change, and what is reported.
type Planted = (&'static str, fn(&mut Api), &'static [&'static str]);

const PLANTED: &[Planted] = &[
    ("nothing", |_| {}, &[]),
    (
        "new family",
        |api| {
            for name in [
                "GET /tm/sprints",
                "POST /tm/sprints",
                "GET /tm/sprints/{}",
                "PUT /tm/sprints/{}",
                "DELETE /tm/sprints/{}",
            ] {
                let operation = api.operations["GET /ws/tags"].clone();
                api.operations.insert(name.to_owned(), operation);
            }
        },
        &[
            "new [additive] DELETE /tm/sprints/{}: added",
            "new [additive] GET /tm/sprints: added",
            "new [additive] GET /tm/sprints/{}: added",
            "new [additive] POST /tm/sprints: added",
            "new [additive] PUT /tm/sprints/{}: added",
        ],
    ),
    (
        "removed operation, with entries inside",
        |api| drop(api.operations.remove("POST /tm/tasks/{}/complete")),
        &["new [breaking] POST /tm/tasks/{}/complete: removed"],
    ),
    (
        "moved operation",
        |api| {
            let operation = api.operations.remove("GET /ws/attachments/{}").unwrap();
            api.operations.insert("GET /files/attachments/{}".to_owned(), operation);
        },
        &["new [behavior] GET /files/attachments/{}: moved, was `GET /ws/attachments/{}`"],
    ),
    (
        "renamed path parameter",
        |api| "/ws/tags/{tag_id}".clone_into(&mut api.operations.get_mut("GET /ws/tags/{}").unwrap().path),
        &[],
    ),
    (
        "deprecated operation",
        |api| set(api, "GET /ws/tags", "deprecated", "true"),
        &["new [additive] GET /ws/tags: deprecated, was no deprecated"],
    ),
    (
        "renamed field",
        |api| rename(api, "Tag", ".title", ".label"),
        &["new [breaking] Tag.label: renamed, was `Tag.title`"],
    ),
    ("type", |api| set(api, "Tag.title", "type", "integer"), &["new [breaking] Tag.title: integer, was string"]),
    (
        "type of items",
        |api| set(api, "Task.tags[]", "type", "string"),
        &["new [breaking] Task.tags[]: string, was integer"],
    ),
    (
        "format",
        |api| set(api, "Task.dueDate", "format", "date-time"),
        &["new [breaking] Task.dueDate: format date-time, was format date"],
    ),
    (
        "new enum value",
        |api| set(api, "AttachmentServiceEnum", "enum", "box, dropbox, google_drive, one_drive, sharepoint, weeek"),
        &[
            "new [additive] AttachmentServiceEnum: one of box, dropbox, google_drive, one_drive, sharepoint, weeek, was one of box, dropbox, google_drive, one_drive, weeek",
        ],
    ),
    (
        "removed enum value",
        |api| set(api, "AttachmentServiceEnum", "enum", "box, weeek"),
        &[
            "new [breaking] AttachmentServiceEnum: one of box, weeek, was one of box, dropbox, google_drive, one_drive, weeek",
        ],
    ),
    (
        "bound",
        |api| set(api, "POST /tm/custom-fields body.name", "maxLength", "100"),
        &["new [docs] POST /tm/custom-fields body.name: maxLength 100, was maxLength 255"],
    ),
    (
        "pattern",
        |api| unset(api, "PUT /ws/tags/{} body.color", "pattern"),
        &["new [docs] PUT /ws/tags/{} body.color: no pattern, was pattern ^#[0-9a-fA-F]{6}$"],
    ),
    (
        "required in a request",
        |api| set(api, "PUT /tm/custom-fields/{} body.name", "required", "true"),
        &["new [breaking] PUT /tm/custom-fields/{} body.name: required, was optional"],
    ),
    (
        "optional in a request",
        |api| unset(api, "POST /ws/tags body.title", "required"),
        &["new [breaking] POST /ws/tags body.title: optional, was required"],
    ),
    (
        "optional in a response",
        |api| unset(api, "Comment.markdown", "required"),
        &["new [breaking] Comment.markdown: optional, was required"],
    ),
    (
        "nullable in a response",
        |api| set(api, "Tag.color", "nullable", "true"),
        &["new [breaking] Tag.color: nullable, was not null"],
    ),
    (
        "not null in a request",
        |api| unset(api, "PUT /tm/tasks/{} body.title", "nullable"),
        &["new [breaking] PUT /tm/tasks/{} body.title: not null, was nullable"],
    ),
    (
        "merged schemas",
        |api| {
            for (owner, old) in [("Contact", "ContactEmail"), ("Organization", "OrganizationEmail")] {
                let schema = api.schemas.remove(old).unwrap();
                api.schemas.insert("Email".to_owned(), schema);
                refer(api, old, "Email");
                assert_eq!(node(api, &format!("{owner}.emails[]")).refers.as_deref(), Some("Email"));
            }
        },
        &["new [docs] Email: schemas merged, were `ContactEmail`, `OrganizationEmail`"],
    ),
    (
        "schema written inline",
        |api| {
            let tag = api.schemas.remove("Tag").unwrap();
            for place in ["GET /ws/tags 200.tags[]", "GET /ws/tags/{} 200.tag", "POST /ws/tags 200.tag"] {
                let inline = Node { facts: node(api, place).facts.clone(), ..tag.clone() };
                *node(api, place) =
                    Node { facts: tag.facts.clone().into_iter().chain(inline.facts).collect(), ..inline };
            }
        },
        &["new [docs] Tag: schema dropped"],
    ),
    (
        "new property",
        |api| add(api, "Tag", ".description", &[("type", "string")]),
        &["new [additive] Tag.description: added: string"],
    ),
    (
        "removed property",
        |api| drop(node(api, "Tag").children.remove(".color")),
        &["new [breaking] Tag.color: removed: string, required"],
    ),
    (
        "new optional parameter",
        |api| add(api, "GET /ws/tags", " query.search", &[("type", "string")]),
        &["new [additive] GET /ws/tags query.search: added: string"],
    ),
    (
        "new required parameter",
        |api| add(api, "GET /ws/tags", " query.search", &[("type", "string"), ("required", "true")]),
        &["new [breaking] GET /ws/tags query.search: added: string, required"],
    ),
    (
        "removed parameter",
        |api| drop(node(api, "GET /tm/portfolios").children.remove(" query.parentId")),
        &["new [breaking] GET /tm/portfolios query.parentId: removed: integer"],
    ),
    (
        "renamed parameter",
        |api| rename(api, "GET /tm/tasks", " query.search", " query.text"),
        &["new [behavior] GET /tm/tasks query.text: renamed, was `GET /tm/tasks query.search`"],
    ),
    (
        "status",
        |api| rename(api, "DELETE /ws/tags/{}", " 200", " 204"),
        &["new [breaking] DELETE /ws/tags/{} 204: renamed, was `DELETE /ws/tags/{} 200`"],
    ),
    (
        "key of the envelope",
        |api| rename(api, "GET /ws/tags 200", ".tags", ".data"),
        &["new [breaking] GET /ws/tags 200.data: renamed, was `GET /ws/tags 200.tags`"],
    ),
    (
        "media type",
        |api| set(api, "POST /ws/tags body", "media", "multipart/form-data"),
        &["new [behavior] POST /ws/tags body: media multipart/form-data, was no media"],
    ),
    (
        "server",
        |api| api.server = Some("https://api.weeek.net/public/v2".to_owned()),
        &["new [behavior] server: https://api.weeek.net/public/v2, was https://api.weeek.net/public/v1"],
    ),
    (
        "an entry that is settled",
        |api| set(api, "UserProfile.language", "nullable", "true"),
        &["settled [none] UserProfile.language: published now: nullable"],
    ),
    (
        "an entry that is settled by a removal",
        |api| drop(node(api, "PUT /crm/organizations/{} body").children.remove(".emails")),
        &["settled [none] PUT /crm/organizations/{} body.emails: published now: absent"],
    ),
    (
        "an entry whose place moved on",
        |api| set(api, "PUT /tm/tasks/{} body.type", "type", "integer"),
        &["moved [none] PUT /tm/tasks/{} body.type: published: integer, nullable; the entry has nullable"],
    ),
];

#[test]
fn each_is_reported_once_and_nothing_else() {
    let ledger = Ledger::read();
    for (name, change, reported) in PLANTED {
        let mut new = ledger.pin.api.clone();
        change(&mut new);
        assert_eq!(lines(&ledger.review(&new)), *reported, "{name}");
    }
}

/// All of them at once, as far as they leave each other alone.
#[test]
fn together_they_are_what_they_are_alone() {
    let ledger = Ledger::read();
    let apart = [
        "new family",
        "moved operation",
        "renamed field",
        "bound",
        "merged schemas",
        "status",
        "server",
        "an entry that is settled",
    ];
    let planted = PLANTED.iter().filter(|(name, ..)| apart.contains(name));
    let mut new = ledger.pin.api.clone();
    let mut reported = Vec::new();
    for (_, change, lines) in planted {
        change(&mut new);
        reported.extend(lines.iter().map(|line| (*line).to_owned()));
    }
    let mut found = lines(&ledger.review(&new));
    found.sort();
    reported.sort();
    assert_eq!(found, reported);
}

fn node<'a>(api: &'a mut Api, place: &str) -> &'a mut Node {
    let root = xtask::upstream::review::root(place).to_owned();
    let rest = &place[root.len()..];
    let start = match api.operations.get_mut(&root) {
        Some(operation) => &mut operation.node,
        None => api.schemas.get_mut(&root).unwrap_or_else(|| panic!("no {root}")),
    };
    let keys = keys(rest);
    keys.iter().fold(start, |node, key| node.children.get_mut(key).unwrap_or_else(|| panic!("no {key:?} of {place}")))
}

fn set(api: &mut Api, place: &str, aspect: &'static str, value: &str) {
    node(api, place).facts.insert(aspect, value.to_owned());
}

fn unset(api: &mut Api, place: &str, aspect: &str) {
    assert!(node(api, place).facts.remove(aspect).is_some(), "{place} has no {aspect}");
}

fn add(api: &mut Api, place: &str, key: &str, facts: &[(&'static str, &str)]) {
    let facts = facts.iter().map(|(aspect, value)| (*aspect, (*value).to_owned())).collect();
    node(api, place).children.insert(key.to_owned(), Node { facts, ..Node::default() });
}

fn rename(api: &mut Api, place: &str, from: &str, to: &str) {
    let parent = node(api, place);
    let child = parent.children.remove(from).unwrap_or_else(|| panic!("no {from} of {place}"));
    parent.children.insert(to.to_owned(), child);
}

/// Makes what refers to one schema refer to another.
fn refer(api: &mut Api, from: &str, to: &str) {
    fn walk(node: &mut Node, from: &str, to: &str) {
        if node.refers.as_deref() == Some(from) {
            node.refers = Some(to.to_owned());
        }
        node.children.values_mut().for_each(|child| walk(child, from, to));
    }
    let operations = api.operations.values_mut().map(|operation| &mut operation.node);
    operations.chain(api.schemas.values_mut()).for_each(|node| walk(node, from, to));
}

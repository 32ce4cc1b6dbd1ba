//! Changes planted into the published document, over a copy of the pin: each is reported once, and nothing else is.

use xtask::upstream::model::{ASPECTS, Api, Node, keys};

use super::{Ledger, lines};

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
        "renamed field",
        |api| rename(api, "Tag", ".title", ".label"),
        &["new [breaking] Tag.label: renamed, was `Tag.title`"],
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
        "server",
        |api| api.server = Some("https://api.weeek.net/public/v2".to_owned()),
        &["new [behavior] server: https://api.weeek.net/public/v2, was https://api.weeek.net/public/v1"],
    ),
    (
        "an entry that is settled by a removal",
        |api| drop(node(api, "PUT /crm/organizations/{} body").children.remove(".emails")),
        &["settled [none] PUT /crm/organizations/{} body.emails: published now: absent"],
    ),
];

/// A place, one of its facts, its new value or none, and how the change is reported.
const FACTS: &str = "\
GET /ws/tags | deprecated | true | new [additive]: deprecated, was no deprecated
Tag.title | type | integer | new [breaking]: integer, was string
Task.tags[] | type | string | new [breaking]: string, was integer
Task.dueDate | format | date-time | new [breaking]: format date-time, was format date
AttachmentServiceEnum | enum | box, dropbox, google_drive, one_drive, sharepoint, weeek | new [additive]: one of box, dropbox, google_drive, one_drive, sharepoint, weeek, was one of box, dropbox, google_drive, one_drive, weeek
AttachmentServiceEnum | enum | box, weeek | new [breaking]: one of box, weeek, was one of box, dropbox, google_drive, one_drive, weeek
POST /tm/custom-fields body.name | maxLength | 100 | new [docs]: maxLength 100, was maxLength 255
PUT /ws/tags/{} body.color | pattern | | new [docs]: no pattern, was pattern ^#[0-9a-fA-F]{6}$
PUT /tm/custom-fields/{} body.name | required | true | new [breaking]: required, was optional
POST /ws/tags body.title | required | | new [breaking]: optional, was required
Comment.markdown | required | | new [breaking]: optional, was required
Tag.color | nullable | true | new [breaking]: nullable, was not null
PUT /tm/tasks/{} body.title | nullable | | new [breaking]: not null, was nullable
POST /ws/tags body | media | multipart/form-data | new [behavior]: media multipart/form-data, was no media
UserProfile.language | nullable | true | settled [none]: published now: nullable
PUT /tm/tasks/{} body.type | type | integer | moved [none]: published: integer, nullable; the entry has nullable
";

#[test]
fn each_is_reported_once_and_nothing_else() {
    let ledger = Ledger::read();
    for (name, change, reported) in PLANTED {
        let mut new = ledger.pin.api.clone();
        change(&mut new);
        assert_eq!(lines(&ledger.review(&new)), *reported, "{name}");
    }
    for fact in FACTS.lines() {
        let mut new = ledger.pin.api.clone();
        let reported = change_fact(&mut new, fact);
        assert_eq!(lines(&ledger.review(&new)), [reported]);
    }
}

/// All of them at once, as far as they leave each other alone.
#[test]
fn together_they_are_what_they_are_alone() {
    let ledger = Ledger::read();
    let apart = ["new family", "moved operation", "renamed field", "merged schemas", "status", "server"];
    let planted = PLANTED.iter().filter(|(name, ..)| apart.contains(name));
    let mut new = ledger.pin.api.clone();
    let mut reported = Vec::new();
    for (_, change, lines) in planted {
        change(&mut new);
        reported.extend(lines.iter().map(|line| (*line).to_owned()));
    }
    for fact in FACTS.lines().filter(|fact| fact.contains("maxLength") || fact.contains("settled")) {
        reported.push(change_fact(&mut new, fact));
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

/// Makes a change of [`FACTS`], and returns how it is reported.
fn change_fact(api: &mut Api, change: &str) -> String {
    let [place, aspect, value, reported] = change.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
        panic!("{change}")
    };
    let (facts, aspect) = (&mut node(api, place).facts, ASPECTS.iter().find(|known| **known == aspect).unwrap());
    let known = if value.is_empty() { facts.remove(aspect) } else { facts.insert(aspect, value.to_owned()) };
    assert!(known.is_some() || !value.is_empty(), "{place} has no {aspect}");
    let (list, text) = reported.split_once(": ").unwrap();
    format!("{list} {place}: {text}")
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

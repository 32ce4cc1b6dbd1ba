//! What Weeek publishes, held against the last review and our spec.

mod changes;
mod documents;
mod weights;

use std::collections::BTreeMap;

use xtask::upstream::adopt;
use xtask::upstream::departures::Departures;
use xtask::upstream::model::{Api, Node, Operation, part, shape};
use xtask::upstream::normal::{self, without_lines};
use xtask::upstream::pin::Pin;
use xtask::upstream::review::{Review, Sides};

const PIN: &str = include_str!("../../../../spec/upstream.yaml");
const DEPARTURES: &str = include_str!("../../../../spec/departures.yaml");
const SPEC: &str = include_str!("../../../../spec/openapi.yaml");
const README: &str = include_str!("../../../../spec/README.md");

/// The files of this repository.
struct Ledger {
    pin: Pin,
    ours: Api,
    departures: Departures,
    functions: BTreeMap<String, String>,
}

impl Ledger {
    fn read() -> Self {
        let ours = normal::read(SPEC).unwrap();
        let ids = ours.operations.iter().filter_map(|(name, operation)| Some((name.clone(), operation.id.clone()?)));
        let functions = ids.collect();
        Self { pin: Pin::read(PIN).unwrap(), ours, departures: Departures::read(DEPARTURES).unwrap(), functions }
    }

    fn review(&self, new: &Api) -> Review {
        let Self { pin, ours, departures, functions } = self;
        Review::of(Sides { pin, new, ours, departures, functions })
    }
}

/// `new ! Tag.title: integer, was string`
fn lines(review: &Review) -> Vec<String> {
    let items = review.lists().into_iter().flat_map(|(name, _, items)| items.iter().map(move |item| (name, item)));
    let weight = |item: &xtask::upstream::review::Item| item.weight.map_or("none", |weight| weight.name());
    items.map(|(name, item)| format!("{name} [{}] {}: {}", weight(item), item.at, item.text)).collect()
}

#[test]
fn every_difference_has_a_reason() {
    let ledger = Ledger::read();
    let review = ledger.review(&ledger.pin.api);
    assert_eq!(lines(&review), Vec::<String>::new(), "`cargo xtask upstream` shows more");
    assert!(review.differences > 1000 && review.remaining >= ledger.departures.entries.len());
    let page = ledger.departures.update_page(README).unwrap();
    assert!(page == README, "the list in spec/README.md is stale: `cargo xtask upstream --write` renews it");
}

#[test]
fn an_operation_that_was_never_published_needs_no_entry() {
    let (mut ledger, place) = (Ledger::read(), "DELETE /ws/tags/{}");
    let published = ledger.pin.api.operations.remove(place).unwrap();
    assert_eq!(lines(&ledger.review(&ledger.pin.api)), Vec::<String>::new());
    let mut new = ledger.pin.api.clone();
    new.operations.insert(place.to_owned(), published);
    assert_eq!(ledger.review(&new).new[0].at, place, "published now");
}

#[test]
fn the_pin_reads_back_as_it_is_written() {
    let pin = Pin::read(PIN).unwrap();
    assert!(pin.write() == PIN, "spec/upstream.yaml is written by `cargo xtask upstream --accept` alone");
    assert!(pin.api.operations.len() > 100);
}

#[test]
fn one_operation_is_added_under_a_name() {
    let published = normal::read(weights::NOTES).unwrap();
    let (before, rest) = weights::NOTES.split_once("  /ws/notes/{noteId}:\n").unwrap();
    let spec = format!("{before}{}", &rest[rest.find("components:\n").unwrap()..]);
    let added = adopt::add(&spec, &published, "DELETE /ws/notes/{id}", "notes.remove").unwrap();
    let operation = "  /ws/notes/{noteId}:\n    delete:\n      tags: [Notes]\n      operationId: notes.remove\n";
    assert!(added.contains(operation), "{added}");
    assert!(normal::read(&added).unwrap().operations.contains_key("DELETE /ws/notes/{}"));
    for (name, error) in
        [("GET /ws/notes", "the spec has `GET /ws/notes` already"), ("GET /x", "`GET /x` is not in the")]
    {
        let found = adopt::add(&added, &published, name, "notes.get").unwrap_err();
        assert!(found.starts_with(error), "{found}");
    }
}

/// A draft adds these properties and operations, and nothing else.
#[test]
fn odd_names_stay_names() {
    const NAMES: [&str; 9] = ["first name", "x]\n  evil: [1", "x: y", "a, b", "#x", "a\"b\\", "-", "null", "é"];
    let ledger = Ledger::read();
    let mut new = ledger.pin.api.clone();
    let mut publish = |path: &str, node: Node| {
        let operation = Operation { path: path.to_owned(), node, ..new.operations["GET /ws/tags"].clone() };
        new.operations.insert(format!("GET {}", shape(path)), operation);
    };
    let facts = [("type", "string".to_owned()), ("required", "true".to_owned())];
    let property = Node { facts: facts.into(), ..Node::default() };
    for (at, name) in NAMES.iter().enumerate() {
        let envelope = Node { children: [(part(name), property.clone())].into(), ..Node::default() };
        let node = Node { children: [(" 200".to_owned(), envelope)].into(), ..Node::default() };
        publish(&format!("/ws/tags/odd{at}"), node);
    }
    for path in ["/ws/tags\n  evil: {}", "/ws/x y", "/ws/{a}b", "/ws/../x"] {
        publish(path, Node::default());
    }
    let tag = new.schemas.get_mut("Tag").unwrap();
    tag.children.extend(NAMES.map(|name| (part(name), property.clone())));

    let spec = adopt::adopt(SPEC, &ledger.pin.api, &new, &ledger.departures).unwrap();
    let mut drafted = normal::read(&spec).unwrap();
    assert_eq!(drafted.operations.len(), ledger.ours.operations.len() + NAMES.len());
    for (at, name) in NAMES.iter().enumerate() {
        let node = &drafted.operations[&format!("GET /ws/tags/odd{at}")].node;
        assert!(node.children[" 200"].children.contains_key(&part(name)), "{name}: {node:?}");
        let added = drafted.schemas.get_mut("Tag").unwrap().children.remove(&part(name)).unwrap();
        assert_eq!(added.facts, property.facts, "{name}");
    }
    for (name, node) in &ledger.ours.schemas {
        assert_eq!(without_lines(&drafted.schemas[name]), without_lines(node));
    }
}

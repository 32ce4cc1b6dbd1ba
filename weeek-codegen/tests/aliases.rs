//! `x-weeek-aliases`: former names stay as deprecated aliases; and `x-weeek-name`.

#![allow(missing_docs)]

mod package;

use std::fs;

use weeek_codegen::diff::Spec;

const BASE: &str = "tests/diff/proof/base.yaml";

fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(fs::read_to_string(package::path(BASE)).unwrap(), |text, (from, to)| {
        assert!(text.contains(from), "the base has no `{from}`");
        text.replacen(from, to, 1)
    })
}

#[test]
fn an_old_name_leads_to_the_new_one() {
    let text = edited(&[
        ("operationId: orders.list\n", "operationId: orders.list\n      x-weeek-aliases: [orders.findAll]\n"),
        ("{name: since,", "{name: since, x-weeek-aliases: [startDate],"),
        ("        amount: {", "        amount: {x-weeek-aliases: [count], "),
        ("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [OrderState, OrderProgress], "),
    ]);
    let files =
        Spec::read(&text).unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render("base", &text, false))).files();
    let (models, calls) = (files.get("models/orders.rs").unwrap(), files.get("endpoints/orders.rs").unwrap());
    for part in [
        "#[deprecated(note = \"renamed to `OrderStatus`\")]\npub type OrderState = OrderStatus;",
        "pub type OrderProgress = OrderStatus;",
        "#[deprecated(note = \"renamed to `ListOrders`\")]\npub type FindOrderAll = ListOrders;",
        "    pub fn start_date(self, since: impl Into<jiff::civil::Date>) -> Self {\n        self.since(since)",
        "    pub fn count(self, amount: impl Into<i64>) -> Self {\n        self.amount(amount)",
    ] {
        assert!(models.contains(part), "{part}\n{models}");
    }
    for part in ["#[deprecated(note = \"renamed to `list`\")]\n    pub fn find_all(", "pub fn find_all_all("] {
        assert!(calls.contains(part), "{part}\n{calls}");
    }
}

#[test]
fn a_given_name_is_the_name_in_rust() {
    let text = edited(&[
        ("{name: since,", "{name: since, x-weeek-name: first_day,"),
        ("        amount: {", "        amount: {x-weeek-name: pieces, "),
    ]);
    let files =
        Spec::read(&text).unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render("base", &text, false))).files();
    let models = files.get("models/orders.rs").unwrap();
    for part in [
        "    pub fn first_day(mut self, first_day: impl Into<jiff::civil::Date>) -> Self {",
        "pairs.push_optional(\"since\", self.first_day",
        "pieces = \"amount\"",
        "    pub fn pieces(mut self, pieces: impl Into<i64>) -> Self {",
    ] {
        assert!(models.contains(part), "{part}\n{models}");
    }
}

/// A replacement, and the error that it causes.
const ERRORS: [(&str, &str, &str); 14] = [
    ("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [Order], ", "the name `Order` is taken"),
    ("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [OrderStatus], ", "the name `OrderStatus` is taken"),
    ("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [Old, Old], ", "the name `Old` is taken"),
    ("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [not one], ", "`not one` is not a valid name in Rust"),
    ("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [], ", "`x-weeek-aliases` is empty"),
    (
        "    LinkOrder:\n",
        "    LinkOrder:\n      x-weeek-aliases: [Link]\n",
        "`LinkOrder` becomes no type: remove `x-weeek-aliases`",
    ),
    (
        "        done: {",
        "        done: {x-weeek-aliases: [ready], ",
        "`done` can't have an alias: responses contain `Order`, and a public field has one name",
    ),
    (
        "      properties:\n        title: {type: string, description: Its title.}\n        count: {type: integer, description: How many things.}\n        note",
        "      properties:\n        title: {type: string, x-weeek-aliases: [name], description: Its title.}\n        count: {type: integer, description: How many things.}\n        note",
        "`title` can't have an alias: it is an argument, and callers do not write the names of arguments",
    ),
    (
        "        instant: {",
        "        instant: {x-weeek-aliases: [moment], ",
        "`instant` can't have an alias: it has no setter",
    ),
    ("        amount: {", "        amount: {x-weeek-aliases: [subject], ", "the name `subject` is taken"),
    ("{name: since,", "{name: since, x-weeek-aliases: [limit],", "the name `limit` is taken"),
    (
        "{name: orderId,",
        "{name: orderId, x-weeek-aliases: [id],",
        "this parameter can't have an alias: it is an argument, and callers do not write the names of arguments",
    ),
    (
        "operationId: orders.get\n",
        "operationId: orders.get\n      x-weeek-aliases: [orders.listAll]\n",
        "the name `list_all` is taken",
    ),
    (
        "operationId: orders.get\n",
        "operationId: orders.get\n      x-weeek-aliases: [shop.get]\n",
        "`shop.get` is not an operation id of this tag",
    ),
];

#[test]
fn impossible_aliases_are_errors() {
    for (from, to, message) in ERRORS {
        let diagnostics = Spec::read(&edited(&[(from, to)])).expect_err(message);
        assert!(diagnostics.iter().any(|error| error.message == message), "{to}: {:#?}", diagnostics.iter());
    }
    let items = edited(&[(
        "{type: array, description: Its tags., items: {",
        "{type: array, description: Its tags., items: {x-weeek-aliases: [x], ",
    )]);
    let diagnostics = Spec::read(&items).unwrap_err();
    assert!(
        diagnostics.iter().as_slice()[0].message.starts_with("`x-weeek-aliases` has no effect here"),
        "{:#?}",
        diagnostics.iter()
    );
}

#[test]
fn a_collision_shows_both_locations() {
    let text = edited(&[("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [Picture], ")]);
    let shown = Spec::read(&text).unwrap_err().render("base.yaml", &text, false);
    for part in [
        "error[alias]: the name `Picture` is taken",
        "OrderStatus: {x-weeek-aliases: [Picture],",
        "    Picture:",
        "`Picture` is defined here",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
}

//! `x-weeek-aliases`: former names stay as deprecated aliases, and as keys of responses; and `x-weeek-name`.

use std::fs;

use weeek_codegen::FileSet;
use weeek_codegen::diff::{Diff, Spec};

use crate::package;

const BASE: &str = "tests/diff/proof/base.yaml";

fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(fs::read_to_string(package::path(BASE)).unwrap(), |text, (from, to)| {
        assert!(text.contains(from), "the base has no `{from}`");
        text.replacen(from, to, 1)
    })
}

fn files(edits: &[(&str, &str)]) -> FileSet {
    let text = edited(edits);
    Spec::read(&text).unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render("base", &text, false))).files()
}

#[test]
fn an_old_name_leads_to_the_new_one() {
    let files = files(&[
        ("operationId: orders.list\n", "operationId: orders.list\n      x-weeek-aliases: [orders.findAll@0.2.0]\n"),
        ("{name: since,", "{name: since, x-weeek-aliases: [startDate],"),
        ("        amount: {", "        amount: {x-weeek-aliases: [count@0.3.0], "),
        ("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [OrderState, 'OrderProgress@0.2.1'], "),
    ]);
    let (models, calls) = (files.get("models/orders.rs").unwrap(), files.get("endpoints/orders.rs").unwrap());
    for part in [
        "#[deprecated(note = \"renamed to `OrderStatus`\")]\npub type OrderState = OrderStatus;",
        "#[deprecated(since = \"0.2.1\", note = \"renamed to `OrderStatus`\")]\npub type OrderProgress = OrderStatus;",
        "#[deprecated(since = \"0.2.0\", note = \"renamed to `ListOrders`\")]\npub type FindOrderAll = ListOrders;",
        "    pub fn start_date<M>(self, since: impl Filter<jiff::civil::Date, M>) -> Self {\n        self.since(since)",
        "#[deprecated(since = \"0.3.0\", note = \"renamed to `amount`\")]\n    pub fn count(self, amount: impl Into<i64>) -> Self {\n        self.amount(amount)",
    ] {
        assert!(models.contains(part), "{part}\n{models}");
    }
    for part in [
        "#[deprecated(since = \"0.2.0\", note = \"renamed to `list`\")]\n    pub fn find_all(",
        "#[deprecated(since = \"0.2.0\", note = \"renamed to `list_all`\")]\n    pub fn find_all_all(",
    ] {
        assert!(calls.contains(part), "{part}\n{calls}");
    }
}

/// Responses contain `Order`, and requests too contain `OrderAddress`.
#[test]
fn a_former_key_is_read() {
    let files = files(&[
        ("        done: {", "        done: {x-weeek-aliases: [isDone@0.2.0, ready], "),
        ("        city: {", "        city: {x-weeek-name: town, x-weeek-aliases: [town, place], "),
    ]);
    let models = files.get("models/orders.rs").unwrap();
    for part in [
        "        done__ = \"isDone\" before done required,\n        done___ = \"ready\" before done required,",
        "        town__ = \"town\" before town,\n        town___ = \"place\" before town,",
        "pub fn place(self, town: ",
    ] {
        assert!(models.contains(part), "{part}\n{models}");
    }
    assert_eq!(models.matches("pub fn town(").count(), 1);
}

#[test]
fn a_release_dates_the_aliases_that_have_no_version() {
    let undated = edited(&[
        ("operationId: orders.list\n", "operationId: orders.list\n      x-weeek-aliases:\n        - orders.all\n"),
        ("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [\"Old\", Older@0.1.0, 'Oldest'], "),
    ]);
    let dated = weeek_codegen::with_version(&undated, "0.2.0".parse().unwrap()).unwrap();
    let expected = undated.replace("- orders.all\n", "- orders.all@0.2.0\n");
    assert_eq!(
        dated,
        expected.replace("[\"Old\", Older@0.1.0, 'Oldest']", "[\"Old@0.2.0\", Older@0.1.0, 'Oldest@0.2.0']")
    );
    assert_eq!(weeek_codegen::with_version(&dated, "0.3.0".parse().unwrap()), None);
    let [undated, dated] = [undated, dated].map(|text| Spec::read(&text).unwrap());
    assert_eq!(Diff::between(&undated, &dated).changes(), []);
}

#[test]
fn a_given_name_is_the_name_in_rust() {
    let files = files(&[
        ("{name: since,", "{name: since, x-weeek-name: first_day,"),
        ("        amount: {", "        amount: {x-weeek-name: pieces, "),
    ]);
    let models = files.get("models/orders.rs").unwrap();
    for part in ["        first_day: jiff::civil::Date = \"since\" dotted,\n", "        pieces: i64 = \"amount\",\n"] {
        assert!(models.contains(part), "{part}\n{models}");
    }
}

/// A replacement, and the error that it causes.
const ERRORS: [(&str, &str, &str); 17] = [
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
    ("        done: {", "        done: {x-weeek-aliases: [title], ", "the name `title` is taken"),
    (
        "        value: {$ref: '#/components/schemas/OrderDetailValue'}",
        "        value: {allOf: [{$ref: '#/components/schemas/OrderDetailValue'}], description: Its value., x-weeek-aliases: [old]}",
        "`value` can't have an alias: its type depends on a sibling",
    ),
    (
        "properties: {change: {",
        "properties: {kind: {type: string, x-weeek-aliases: [way], description: Which.}, change: {",
        "`kind` can't have an alias: its value selects the variant",
    ),
    ("    OrderStatus: {", "    OrderStatus: {x-weeek-aliases: [Old@0.2], ", "`0.2` is not a version such as 1.2.3"),
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

//! Changes of a spec, and how much each breaks.

use weeek_codegen::diff::Impact;

/// A change of the base spec: its name, the replacements, and its impact.
pub(crate) type Case = (&'static str, &'static [(&'static str, &'static str)], Option<Impact>);

pub(crate) const BREAKING: Option<Impact> = Some(Impact::Breaking);
const BEHAVIOR: Option<Impact> = Some(Impact::Behavior);
const ADDITIVE: Option<Impact> = Some(Impact::Additive);
const DOCS: Option<Impact> = Some(Impact::Docs);

pub(crate) const CASES: &[Case] = &[
    // Responses.
    (
        "field",
        &[("        payment: {$ref", "        colour: {type: string, description: New.}\n        payment: {$ref")],
        ADDITIVE,
    ),
    (
        "field nullable",
        &[(
            "title: {type: string, description: Its title.}\n        count: {type: integer, description: How many things.}\n        done",
            "title: {type: string, nullable: true, description: Its title.}\n        count: {type: integer, description: How many things.}\n        done",
        )],
        BREAKING,
    ),
    (
        "date nullable",
        &[(
            "description: The day it is due.}\n        address: {$ref: '#/components/schemas/OrderAddress'}\n        payment",
            "nullable: true, description: The day it is due.}\n        address: {$ref: '#/components/schemas/OrderAddress'}\n        payment",
        )],
        DOCS,
    ),
    ("field optional", &[("[id, title, count, tags, done]", "[id, title, tags, done]")], BREAKING),
    ("list optional", &[("[id, title, count, tags, done]", "[id, title, count, done]")], DOCS),
    (
        "field gone",
        &[
            ("        done: {type: boolean, description: Whether it is done.}\n", ""),
            (", tags, done]", ", tags]"),
            ("              done: false\n", ""),
        ],
        BREAKING,
    ),
    (
        "field type",
        &[(
            "count: {type: integer, description: How many things.}\n        done",
            "count: {type: number, description: How many things.}\n        done",
        )],
        BREAKING,
    ),
    (
        "field renamed",
        &[
            ("        done: {", "        finished: {"),
            (", tags, done]", ", tags, finished]"),
            ("              done: false", "              finished: false"),
        ],
        BREAKING,
    ),
    (
        "key renamed",
        &[
            ("        done: {", "        finished: {x-weeek-name: done, "),
            (", tags, done]", ", tags, finished]"),
            ("              done: false", "              finished: false"),
        ],
        BEHAVIOR,
    ),
    (
        "key renamed, and the old one still read",
        &[
            ("        done: {", "        finished: {x-weeek-name: done, x-weeek-aliases: [done], "),
            (", tags, done]", ", tags, finished]"),
            ("              done: false", "              finished: false"),
        ],
        ADDITIVE,
    ),
    ("item optional", &[("required: [success, order]", "required: [success]")], BREAKING),
    (
        "response type",
        &[(
            "        '200': {$ref: '#/components/responses/Success'}\n        '401': {$ref: '#/components/responses/Unauthenticated'}\n  /orders/{orderId}/links",
            "        '200': {$ref: '#/components/responses/Order'}\n        '401': {$ref: '#/components/responses/Unauthenticated'}\n  /orders/{orderId}/links",
        )],
        BREAKING,
    ),
    // Enumerations.
    ("value", &[("enum: [open, paid]", "enum: [open, paid, sent]")], ADDITIVE),
    ("value gone", &[("enum: [open, paid]", "enum: [open]")], BREAKING),
    ("variant renamed", &[("enum: [open, paid]", "enum: [open, paid], x-enum-varnames: [Open, Settled]")], BREAKING),
    (
        "number",
        &[("enum: [1, 2], x-enum-varnames: [Low, High]", "enum: [1, 2, 3], x-enum-varnames: [Low, High, Top]")],
        ADDITIVE,
    ),
    ("number changed", &[("enum: [1, 2]", "enum: [1, 3]")], BEHAVIOR),
    (
        "form",
        &[
            (
                "{$ref: '#/components/schemas/OrderCashPayment'}]",
                "{$ref: '#/components/schemas/OrderCashPayment'}, {$ref: '#/components/schemas/OrderAddress'}]",
            ),
            (
                "cash: '#/components/schemas/OrderCashPayment'",
                "cash: '#/components/schemas/OrderCashPayment', post: '#/components/schemas/OrderAddress'",
            ),
        ],
        ADDITIVE,
    ),
    (
        "form gone",
        &[
            (", {$ref: '#/components/schemas/OrderCashPayment'}]", "]"),
            (", cash: '#/components/schemas/OrderCashPayment'", ""),
            (
                "    OrderCashPayment:\n      description: In cash.\n      type: object\n      properties: {change: {type: number, description: What was given back.}}\n",
                "",
            ),
        ],
        BREAKING,
    ),
    ("discriminator", &[("propertyName: kind", "propertyName: sort")], BEHAVIOR),
    (
        "content",
        &[(
            "        - {title: number, type: number, description: A number.}",
            "        - {title: number, type: number, description: A number.}\n        - {title: flag, type: boolean, description: A flag.}",
        )],
        ADDITIVE,
    ),
    ("content gone", &[("        - {title: number, type: number, description: A number.}\n", "")], BREAKING),
    // Requests.
    (
        "property",
        &[("        parent: {$ref", "        colour: {type: string, description: New.}\n        parent: {$ref")],
        ADDITIVE,
    ),
    (
        "property required",
        &[
            ("        parent: {$ref", "        colour: {type: string, description: New.}\n        parent: {$ref"),
            ("required: [title]", "required: [title, colour]"),
        ],
        BREAKING,
    ),
    ("becomes optional", &[("      required: [title]\n", "")], BREAKING),
    ("becomes required", &[("required: [title]", "required: [title, count]")], BREAKING),
    (
        "property gone",
        &[("        parent: {$ref: '#/components/schemas/OrderId'}\n", ""), ("              parent: 1\n", "")],
        BREAKING,
    ),
    (
        "date dotted",
        &[(
            "due: {type: string, format: date, description: The day it is due.}\n        tags",
            "due: {type: string, x-weeek-rust-type: date, description: The day it is due.}\n        tags",
        )],
        BEHAVIOR,
    ),
    (
        "number nullable",
        &[(
            "count: {type: integer, description: How many things.}\n        note",
            "count: {type: integer, nullable: true, description: How many things.}\n        note",
        )],
        BREAKING,
    ),
    (
        "id nullable",
        &[(
            "parent: {$ref: '#/components/schemas/OrderId'}",
            "parent: {allOf: [{$ref: '#/components/schemas/OrderId'}], nullable: true}",
        )],
        BREAKING,
    ),
    (
        "never null",
        &[("note: {type: string, nullable: true, description: A note.}", "note: {type: string, description: A note.}")],
        BREAKING,
    ),
    (
        "property type",
        &[
            ("parent: {$ref: '#/components/schemas/OrderId'}", "parent: {$ref: '#/components/schemas/ShopId'}"),
            ("parent: 1", "parent: s"),
        ],
        BREAKING,
    ),
    (
        "required renamed",
        &[
            (
                "required: [title]\n      properties:\n        title:",
                "required: [name]\n      properties:\n        name:",
            ),
            (
                "              title: Books\n              count: 2\n              note",
                "              name: Books\n              count: 2\n              note",
            ),
        ],
        BEHAVIOR,
    ),
    ("setter renamed", &[("        amount: {", "        number: {"), ("amount: 2}", "number: 2}")], BREAKING),
    (
        "setter renamed with alias",
        &[("        amount: {", "        number: {x-weeek-aliases: [amount], "), ("amount: 2}", "number: 2}")],
        BEHAVIOR,
    ),
    (
        "responses contain it too",
        &[(
            "        payment: {$ref",
            "        last: {$ref: '#/components/schemas/UpdateOrder'}\n        payment: {$ref",
        )],
        BREAKING,
    ),
    (
        "requests contain it too",
        &[(
            "        parent: {$ref",
            "        card: {$ref: '#/components/schemas/OrderCardPayment'}\n        parent: {$ref",
        )],
        ADDITIVE,
    ),
    (
        "requests do not contain it any more",
        &[
            ("        address: {$ref: '#/components/schemas/OrderAddress'}\n        prices", "        prices"),
            (
                "              address: {street: High Street 1, city: York}\n              prices",
                "              prices",
            ),
        ],
        BREAKING,
    ),
    // Choices and maps.
    (
        "choice",
        &[
            ("Instant: [instant]", "Instant: [instant], Due: [due]"),
            (
                "              due: '2026-01-31'\n              tags: [a]\n              address: {street: High Street 1, city: York}\n              prices",
                "              tags: [a]\n              address: {street: High Street 1, city: York}\n              prices",
            ),
        ],
        BREAKING,
    ),
    (
        "choice of another",
        &[
            ("Instant: [instant]", "Instant: [instant], Late: [late]"),
            (
                "        instant: {",
                "        late: {type: string, format: date, description: At the latest.}\n        instant: {",
            ),
        ],
        ADDITIVE,
    ),
    (
        "group grows",
        &[
            ("Days: [start, end]", "Days: [start, end, hours]"),
            ("        instant: {", "        hours: {type: integer, description: How many.}\n        instant: {"),
        ],
        BREAKING,
    ),
    (
        "alternative",
        &[(
            "      oneOf:\n        - {type: object, description: Behind",
            "      oneOf:\n        - {type: object, description: To the front., required: [first], properties: {first: {type: boolean, description: First.}}}\n        - {type: object, description: Behind",
        )],
        ADDITIVE,
    ),
    (
        "alternative gone",
        &[(
            "        - {type: object, description: In front of another., required: [before], properties: {before: {$ref: '#/components/schemas/OrderId'}}}\n",
            "",
        )],
        BREAKING,
    ),
    (
        "map never null",
        &[("additionalProperties: {type: number, nullable: true}", "additionalProperties: {type: number}")],
        BREAKING,
    ),
    (
        "map of another",
        &[(
            "additionalProperties: {type: number, nullable: true}",
            "additionalProperties: {type: boolean, nullable: true}",
        )],
        BREAKING,
    ),
    ("map by another", &[("      x-weeek-map-key: ShopId\n", "      x-weeek-map-key: OrderId\n")], BREAKING),
    // Filters.
    (
        "filter",
        &[(
            "        - {name: limit,",
            "        - {name: size, in: query, description: New., schema: {type: integer}}\n        - {name: limit,",
        )],
        ADDITIVE,
    ),
    (
        "filter gone",
        &[(
            "        - {name: since, in: query, description: First day., schema: {type: string, format: date, x-weeek-rust-type: date}}\n",
            "",
        )],
        BREAKING,
    ),
    (
        "filter type",
        &[(
            "description: Rows to skip., schema: {type: integer}",
            "description: Rows to skip., schema: {type: string}",
        )],
        BREAKING,
    ),
    ("filter encoding", &[("format: date, x-weeek-rust-type: date", "format: date")], BEHAVIOR),
    ("filter required", &[("{name: since, in: query,", "{name: since, in: query, required: true,")], BREAKING),
    (
        "filter renamed",
        &[("{name: since, in: query, description: First day.", "{name: from, in: query, description: From.")],
        BREAKING,
    ),
    (
        "filter renamed with alias",
        &[("{name: since, in: query,", "{name: from, in: query, x-weeek-aliases: [since],")],
        BEHAVIOR,
    ),
    (
        "first filter",
        &[(
            "      operationId: orders.get\n      summary: Read an order.\n      x-weeek-evidence: live\n      parameters: [",
            "      operationId: orders.get\n      summary: Read an order.\n      x-weeek-evidence: live\n      parameters: [{name: deep, in: query, description: All of it., schema: {type: boolean}}, ",
        )],
        BREAKING,
    ),
    // Functions.
    ("reworded", &[("summary: Read an order.", "summary: Read one order.")], DOCS),
    ("evidence", &[("x-weeek-evidence: documented", "x-weeek-evidence: live")], DOCS),
    (
        "deprecated",
        &[("      operationId: orders.list\n", "      operationId: orders.list\n      deprecated: true\n")],
        ADDITIVE,
    ),
    (
        "operation",
        &[(
            "  /pictures:\n",
            "  /pictures:\n    get:\n      tags: [Pictures]\n      operationId: pictures.list\n      summary: List pictures.\n      x-weeek-evidence: live\n      responses:\n        '200': {$ref: '#/components/responses/Pictures'}\n        '401': {$ref: '#/components/responses/Unauthenticated'}\n",
        )],
        ADDITIVE,
    ),
    ("operation renamed", &[("operationId: orders.link", "operationId: orders.attach")], BREAKING),
    (
        "operation renamed with alias",
        &[(
            "      operationId: orders.link\n",
            "      operationId: orders.attach\n      x-weeek-aliases: [orders.link]\n",
        )],
        ADDITIVE,
    ),
    (
        "list renamed with alias",
        &[(
            "      operationId: orders.list\n",
            "      operationId: orders.find\n      x-weeek-aliases: [orders.list]\n",
        )],
        ADDITIVE,
    ),
    ("path", &[("  /orders/{orderId}/links:", "  /orders/{orderId}/shops:")], BEHAVIOR),
    ("path parameter renamed", &[("{orderId}", "{id}"), ("{name: orderId,", "{name: id,")], DOCS),
    ("method", &[("  /orders/{orderId}/move:\n    post:", "  /orders/{orderId}/move:\n    put:")], BEHAVIOR),
    (
        "argument renamed",
        &[
            (
                "required: [shopId, note]\n      properties:\n        shopId",
                "required: [storeId, note]\n      properties:\n        storeId",
            ),
            ("example: {shopId: s", "example: {storeId: s"),
        ],
        BEHAVIOR,
    ),
    (
        "argument never null",
        &[
            ("note: {type: string, nullable: true, description: Why.}", "note: {type: string, description: Why.}"),
            ("note: null}", "note: x}"),
        ],
        BREAKING,
    ),
    (
        "no paging",
        &[("      x-weeek-paging: {limit: limit, offset: offset, hasMore: hasMore, pageSize: 50}\n", "")],
        BREAKING,
    ),
    (
        "limit",
        &[(
            "description: Rows to skip., schema: {type: integer}",
            "description: Rows to skip., schema: {type: integer, maximum: 50}",
        )],
        BEHAVIOR,
    ),
    ("page size", &[("pageSize: 50}", "pageSize: 100}")], BEHAVIOR),
    ("part", &[("'files[]'", "'pictures[]'")], BEHAVIOR),
    ("server", &[("shop.example/v1", "shop.example/v2")], BEHAVIOR),
    // Types as a whole.
    (
        "number to text",
        &[(
            "OrderId: {description: An order's id., type: integer}",
            "OrderId: {description: An order's id., type: string}",
        )],
        BREAKING,
    ),
    (
        "text to number",
        &[("ShopId: {description: A shop's id., type: string}", "ShopId: {description: A shop's id., type: integer}")],
        BREAKING,
    ),
    (
        "type renamed",
        &[("schemas/OrderAddress'", "schemas/OrderPlace'"), ("    OrderAddress:\n", "    OrderPlace:\n")],
        BREAKING,
    ),
    (
        "type renamed with alias",
        &[
            ("schemas/OrderAddress'", "schemas/OrderPlace'"),
            ("    OrderAddress:\n", "    OrderPlace:\n      x-weeek-aliases: [OrderAddress]\n"),
        ],
        ADDITIVE,
    ),
    (
        "enumeration renamed with alias",
        &[
            ("schemas/OrderStatus'", "schemas/OrderProgress'"),
            ("    OrderStatus: {", "    OrderProgress: {x-weeek-aliases: [OrderStatus], "),
        ],
        ADDITIVE,
    ),
    // Nothing.
    (
        "another order",
        &[(
            "        subject: {type: string, nullable: true, description: What it is about.}\n        amount: {type: integer, description: How many.}\n",
            "        amount: {type: integer, description: How many.}\n        subject: {type: string, nullable: true, description: What it is about.}\n",
        )],
        None,
    ),
];

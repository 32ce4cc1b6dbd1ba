//! Checks the examples of the spec against its schemas, and tests the validator.

use serde_json::{Value, json};

use crate::schema::Strictness;
use crate::spec::Spec;

#[test]
fn every_example_is_valid_and_complete() {
    let spec = Spec::get();
    let mut count = 0;
    let mut violations = Vec::new();
    walk(&spec.root, "", &mut |location, schema, example| {
        count += 1;
        // An error response never has all properties of errors.
        let is_error = schema["$ref"] == "#/components/schemas/Failure";
        let strictness = if is_error { Strictness::Closed } else { Strictness::Complete };
        let found = spec.violations(schema, strictness, example);
        violations.extend(found.into_iter().map(|violation| format!("{location} {violation}")));
    });
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    assert!(count > 100, "{count} examples");
}

/// Calls `found` with the location, the schema and the example of each node that has an example.
fn walk(node: &Value, location: &str, found: &mut impl FnMut(&str, &Value, &Value)) {
    match node {
        Value::Object(entries) => {
            if let Some(example) = entries.get("example") {
                found(location, entries.get("schema").unwrap_or(node), example);
            }
            for (key, value) in entries.iter().filter(|(key, _)| *key != "example") {
                walk(value, &format!("{location}/{key}"), found);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| walk(item, &format!("{location}/{at}"), found));
        }
        _ => {}
    }
}

#[test]
fn the_validator_rejects_what_the_spec_forbids() {
    let spec = Spec::get();
    let violations = |name: &str, value: Value| {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        spec.violations(&schema, Strictness::Closed, &value).join("; ")
    };
    let entry = |duration: i64| json!({"userId": crate::ids::NORA, "isOvertime": false, "date": "2026-11-24", "duration": duration});
    assert_eq!(violations("CreateTaskTimeEntry", entry(1439)), "");
    for (name, value, expected) in [
        ("CreateTaskTimeEntry", entry(1440), "at `/duration`: 1440 is greater than or equal to the maximum of 1440"),
        ("CreateTaskTimeEntry", entry(1), "at `/duration`: 1 is less than or equal to the minimum of 1"),
        ("TaskComment", json!({}), "\"id\" is a required property"),
        ("CreateTask", json!({"titel": "x"}), "('titel' was unexpected)"),
        ("CreateTask", json!({"title": null}), "at `/title`: null is not of type \"string\""),
        ("CreateTask", json!({"priority": 4}), "at `/priority`: 4 is not one of"),
        ("CreateTask", json!({"dueDate": "24.11.2026"}), "at `/dueDate`: \"24.11.2026\" is not a \"date\""),
        ("UpdateTask", json!({"dueDateTime": "2026-11-24T09:30:00+00:00"}), "does not match"),
        ("UpdateTask", json!({"type": null}), "at `/type`: null is not one of"),
        ("MoveDeal", json!({"previousDealId": "short"}), "at `/previousDealId`"),
        ("CreateTask", json!({"day": "2026-11-27"}), "at `/day`: \"2026-11-27\" does not match"),
        ("CreateDealTask", json!({"day": "2026-11-27"}), "at `/day`: \"2026-11-27\" does not match"),
        ("CreateTaskComment", json!({"markdown": ""}), "at `/markdown`: \"\" is shorter than 1 character"),
        (
            "CustomFieldCurrencyConfig",
            json!({"type": "currency", "precision": 2}),
            "\"currency\" is a required property",
        ),
        (
            "CustomFieldNumberConfig",
            json!({"type": "currency", "precision": 2}),
            "at `/type`: \"currency\" is not one of",
        ),
        ("PatchDeal", json!({"description": "x"}), "('description' was unexpected)"),
        ("DealLastUpdated", json!("week"), "\"week\" is not one of"),
        ("UserId", json!("nora"), "is not a \"uuid\""),
        ("CustomFieldPosition", json!({}), "not valid under any of the schemas"),
        ("TaskWatchersLink", json!({"watchers": []}), "at `/watchers`: [] has less than 1 item"),
    ] {
        let violations = violations(name, value);
        assert!(violations.contains(expected), "{name}: {violations:?}");
    }
    for (name, value) in [
        ("UpdateTask", json!({"title": null, "priority": null})),
        ("MoveDeal", json!({"previousDealId": null})),
        ("CustomFieldPosition", json!({"before": crate::ids::BUDGET})),
    ] {
        assert_eq!(violations(name, value), "", "{name}");
    }
}

#[test]
fn undeclared_paths_and_queries_are_rejected() {
    let spec = Spec::get();
    let tasks = spec.operation("/tm/tasks", "GET");
    let query = |operation: &Value, pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        spec.query_violations(operation, pairs).join("; ")
    };
    assert_eq!(query(tasks, &[("completed", "1"), ("tags[]", "1"), ("tags[]", "2"), ("startDate", "03.11.2026")]), "");
    for (name, value) in [("tags", "1"), ("completed", "true"), ("startDate", "2026-11-03"), ("projectId", "x")] {
        assert_ne!(query(tasks, &[(name, value)]), "", "{name}={value}");
    }
    assert_eq!(query(spec.operation("/tm/boards", "GET"), &[]), "`projectId` is required");
    let deals = spec.operation("/crm/statuses/{funnelStatusId}/deals", "GET");
    let id = ("customFields[0][id]", crate::ids::BUDGET);
    assert_eq!(query(deals, &[id, ("customFields[0][value]", "x")]), "");
    assert_ne!(query(deals, &[id]), "", "the value is missing");
    let (template, task) = ("/tm/tasks/{taskId}", spec.operation("/tm/tasks/{taskId}", "GET"));
    assert!(spec.path_violations(task, template, "/tm/tasks/1501").is_empty());
    for path in ["/tm/tasks/x", "/tm/tasks", "/tm/task/1501", "/tm/tasks/0"] {
        assert!(!spec.path_violations(task, template, path).is_empty(), "{path}");
    }
}

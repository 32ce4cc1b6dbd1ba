//! The examples of the document against its schemas, and the validator against itself.

use serde_json::{Value, json};

use crate::document::Document;
use crate::schema::Rigour;

#[test]
fn every_example_is_true_and_complete() {
    let document = Document::get();
    let mut count = 0;
    let mut faults = Vec::new();
    walk(&document.root, "", &mut |place, schema, example| {
        count += 1;
        // A refusal never has all that refusals can have.
        let refusal = schema["$ref"] == "#/components/schemas/Failure";
        let rigour = if refusal { Rigour::Closed } else { Rigour::Whole };
        faults.extend(document.faults(schema, rigour, example).into_iter().map(|fault| format!("{place} {fault}")));
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 100, "{count} examples");
}

/// Calls `found` with the place, the schema and the example of whatever has one.
fn walk(node: &Value, place: &str, found: &mut impl FnMut(&str, &Value, &Value)) {
    match node {
        Value::Object(entries) => {
            if let Some(example) = entries.get("example") {
                found(place, entries.get("schema").unwrap_or(node), example);
            }
            for (key, value) in entries.iter().filter(|(key, _)| *key != "example") {
                walk(value, &format!("{place}/{key}"), found);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| walk(item, &format!("{place}/{at}"), found));
        }
        _ => {}
    }
}

#[test]
fn the_validator_refuses_what_the_document_forbids() {
    let document = Document::get();
    let faults = |name: &str, value: Value| {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        document.faults(&schema, Rigour::Closed, &value).join("; ")
    };
    let entry = |duration: i64| json!({"userId": crate::cast::NORA, "isOvertime": false, "date": "2026-11-24", "duration": duration});
    assert_eq!(faults("CreateTaskTimeEntry", entry(1439)), "");
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
        let faults = faults(name, value);
        assert!(faults.contains(expected), "{name}: {faults:?}");
    }
    for (name, value) in [
        ("UpdateTask", json!({"title": null, "priority": null})),
        ("MoveDeal", json!({"previousDealId": null})),
        ("CustomFieldPosition", json!({"before": crate::cast::BUDGET})),
    ] {
        assert_eq!(faults(name, value), "", "{name}");
    }
}

#[test]
fn the_oracle_refuses_paths_and_queries_that_are_not_declared() {
    let document = Document::get();
    let tasks = document.operation("/tm/tasks", "GET");
    let query = |operation: &Value, pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        document.query_faults(operation, pairs).join("; ")
    };
    assert_eq!(query(tasks, &[("completed", "1"), ("tags[]", "1"), ("tags[]", "2"), ("startDate", "03.11.2026")]), "");
    for (name, value) in [("tags", "1"), ("completed", "true"), ("startDate", "2026-11-03"), ("projectId", "x")] {
        assert_ne!(query(tasks, &[(name, value)]), "", "{name}={value}");
    }
    assert_eq!(query(document.operation("/tm/boards", "GET"), &[]), "`projectId` is required");
    let deals = document.operation("/crm/statuses/{funnelStatusId}/deals", "GET");
    let id = ("customFields[0][id]", crate::cast::BUDGET);
    assert_eq!(query(deals, &[id, ("customFields[0][value]", "x")]), "");
    assert_ne!(query(deals, &[id]), "", "the value is missing");
    let (template, task) = ("/tm/tasks/{taskId}", document.operation("/tm/tasks/{taskId}", "GET"));
    assert!(document.path_faults(task, template, "/tm/tasks/1501").is_empty());
    for path in ["/tm/tasks/x", "/tm/tasks", "/tm/task/1501", "/tm/tasks/0"] {
        assert!(!document.path_faults(task, template, path).is_empty(), "{path}");
    }
}

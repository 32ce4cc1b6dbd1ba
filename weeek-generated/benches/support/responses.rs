//! Responses in the format of Weeek.

use serde_json::{Value, json};

fn task(id: usize) -> Value {
    json!({
        "id": id, "parentId": null, "title": format!("Draft offer number {id}"),
        "description": "<p>Scope and price, two pages at most.</p><p>Ask Anna for last year's figures.</p>",
        "overdue": 0, "duration": 90, "type": "action", "priority": 2, "isCompleted": false, "isDeleted": false,
        "authorId": "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34", "userId": "8d2f6a10-4c7b-4e93-b5d8-1a0c9e3f7b62",
        "assignees": ["8d2f6a10-4c7b-4e93-b5d8-1a0c9e3f7b62"], "projectId": 42, "boardId": 117, "boardColumnId": 528,
        "locations": [{"projectId": 42, "boardId": 117, "boardColumnId": 528}], "image": null, "isPrivate": false,
        "date": null, "time": null, "dateStart": null, "dateEnd": null, "timeStart": null, "timeEnd": null,
        "startDate": "2026-11-24", "startDateTime": null, "dueDate": "2026-11-27", "dueDateTime": null,
        "createdAt": "2026-11-20T08:15:00Z", "updatedAt": "2026-11-24T09:30:00Z", "completedAt": null, "repeat": null,
        "tags": [3, 8], "subscribers": ["5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34"], "subTasks": [1502], "workloads": [],
        "timeEntries": [{"id": "0d6e3b8f-9a41-4c27-8f5d-72b1e4a9c630", "userId": "8d2f6a10-4c7b-4e93-b5d8-1a0c9e3f7b62",
            "type": 2, "isOvertime": false, "date": "2026-11-24", "duration": 45, "durationSeconds": 2700,
            "comment": "First outline"}],
        "timer": null,
        "customFields": [{"id": "3f9a6c1b-8d27-4e50-a4b3-7c0e5d2f9186", "name": "Source", "type": "text",
            "config": null, "options": [], "value": "Referral"}],
        "attachments": []
    })
}

/// A page of the task list.
pub fn page(tasks: usize) -> Vec<u8> {
    let tasks: Vec<_> = (1..=tasks).map(task).collect();
    serde_json::to_vec(&json!({"success": true, "tasks": tasks, "hasMore": false})).unwrap()
}

/// A small response.
pub fn tag() -> Vec<u8> {
    br##"{"success":true,"tag":{"id":3,"title":"Urgent","color":"#FF6AA9"}}"##.to_vec()
}

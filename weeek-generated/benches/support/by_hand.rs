//! Code without the client, to compare with: strict structs and plain reqwest.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tasks {
    pub success: bool,
    pub tasks: Vec<Task>,
    pub has_more: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub id: i64,
    pub parent_id: Option<i64>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub overdue: i64,
    pub duration: Option<i64>,
    pub r#type: Type,
    pub priority: Option<i64>,
    pub is_completed: bool,
    pub is_deleted: bool,
    pub author_id: String,
    pub user_id: Option<String>,
    pub assignees: Vec<String>,
    pub project_id: Option<i64>,
    pub board_id: Option<i64>,
    pub board_column_id: Option<i64>,
    pub locations: Vec<Location>,
    pub image: Option<String>,
    pub is_private: bool,
    pub date: Option<String>,
    pub time: Option<String>,
    pub date_start: Option<String>,
    pub date_end: Option<String>,
    pub time_start: Option<String>,
    pub time_end: Option<String>,
    pub start_date: Option<Date>,
    pub start_date_time: Option<Timestamp>,
    pub due_date: Option<Date>,
    pub due_date_time: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    pub repeat: Option<Value>,
    pub tags: Vec<i64>,
    pub subscribers: Vec<String>,
    pub sub_tasks: Vec<i64>,
    pub workloads: Vec<Value>,
    pub time_entries: Vec<TimeEntry>,
    pub timer: Option<Value>,
    pub custom_fields: Vec<CustomField>,
    pub attachments: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    Action,
    Meet,
    Call,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    pub project_id: i64,
    pub board_id: Option<i64>,
    pub board_column_id: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeEntry {
    pub id: String,
    pub user_id: String,
    pub r#type: i64,
    pub is_overtime: bool,
    pub date: Date,
    pub duration: i64,
    pub duration_seconds: i64,
    pub comment: Option<String>,
}

#[derive(Deserialize)]
pub struct CustomField {
    pub id: String,
    pub name: Option<String>,
    pub r#type: String,
    pub config: Option<Value>,
    pub options: Vec<Value>,
    pub value: Value,
}

#[derive(Deserialize)]
pub struct TagResponse {
    pub success: bool,
    pub tag: Tag,
}

#[derive(Deserialize)]
pub struct Tag {
    pub id: i64,
    pub title: String,
    pub color: String,
}

/// Gets the body of a response; panics unless the status is a success.
pub async fn get(http: &reqwest::Client, url: &str) -> Vec<u8> {
    let request = http.get(url).bearer_auth("secret").header("accept", "application/json");
    request
        .timeout(std::time::Duration::from_secs(60))
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap()
        .bytes()
        .await
        .unwrap()
        .into()
}

/// The same without async.
#[cfg(feature = "blocking")]
pub fn get_blocking(http: &reqwest::blocking::Client, url: &str) -> Vec<u8> {
    let request = http.get(url).bearer_auth("secret").header("accept", "application/json");
    let response = request.timeout(std::time::Duration::from_secs(60)).send().unwrap();
    response.error_for_status().unwrap().bytes().unwrap().into()
}
